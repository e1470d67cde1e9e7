import { Buffer } from 'node:buffer';

/** A place in a listing as a text that callers hand back. */
export function encodeCursor(timeMs: number, place: number, id: string): string {
  return Buffer.from(JSON.stringify([timeMs, place, id])).toString('base64url');
}

/** @throws `RangeError` for a text that is none of ours. */
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
  throw new RangeError('The option `after` is not the `next` of a page of this listing.');
}
