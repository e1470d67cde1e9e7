import { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';

/**
 * Encodes a position in a list as an opaque string.
 *
 * @param timeMs - The time of the last item.
 * @param place - The position within its second.
 * @param id - The ID of the last item.
 */
export function encodeCursor(timeMs: number, place: number, id: string): string {
  return Buffer.from(JSON.stringify([timeMs, place, id])).toString('base64url');
}

/**
 * Decodes a cursor.
 *
 * @param caller - The mirror for the error message.
 * @param cursor - The result of {@link encodeCursor}.
 * @throws `InvalidArgumentError` if it isn't a cursor of this list
 */
export function decodeCursor(caller: string, cursor: string): readonly [timeMs: number, place: number, id: string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) {
      const [timeMs, place, id] = parts as readonly unknown[];
      if (typeof timeMs === 'number' && typeof place === 'number' && typeof id === 'string') return [timeMs, place, id];
    }
  } catch {
    // The error below reports it.
  }
  throw new InvalidArgumentError(caller, 'after', 'must be the `next` of a page of this listing');
}
