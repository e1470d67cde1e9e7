import { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';

/** A place in a listing as a text that callers hand back. */
export function encodeCursor(timeMs: number, place: number, id: string): string {
  return Buffer.from(JSON.stringify([timeMs, place, id])).toString('base64url');
}

/** @throws `InvalidArgumentError` for a text that is none of ours. */
export function decodeCursor(cursor: string): readonly [timeMs: number, place: number, id: string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) {
      const [timeMs, place, id] = parts as readonly unknown[];
      if (typeof timeMs === 'number' && typeof place === 'number' && typeof id === 'string') return [timeMs, place, id];
    }
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('sqliteMirror', 'after', 'must be the `next` of a page of this listing');
}
