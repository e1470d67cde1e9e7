import { createHash } from 'node:crypto';

/** What a key may look like as it is: short, and in characters that every database compares alike. */
const plain = /^[\x21-\x7e]{1,300}$/;

/**
 * Joins what tells an event from every other into its key. A key that is long or unusual is replaced by a digest of itself.
 */
export function keyOf(type: string, ...parts: readonly (string | undefined)[]): string {
  const key = `${type}/${parts.map((part) => part ?? '').join('/')}`;
  return plain.test(key) ? key : `${type}/${digestOf(parts)}`;
}

/**
 * 128 bits of SHA-256 over a value's JSON, for items that bring no id. Empty for a value too deep to be printed, which nobody can then
 * tell from another.
 */
export function digestOf(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    return '';
  }
  return createHash('sha256')
    .update(json ?? '')
    .digest('base64url')
    .slice(0, 22);
}

/** What stands for ids in an item that brings none: its digest and its time. Without either, copies cannot be told. */
export function idsFromContent(field: string, raw: unknown, occurredAt: Date | undefined): readonly string[] {
  const digest = digestOf([field, raw]);
  return [digest, digest === '' || occurredAt === undefined ? '@' : `@${String(occurredAt.getTime() / 1000)}`];
}

/**
 * Whether copies of an event can be told by its key. They cannot where Meta sent neither an id nor a time: two disconnections would
 * look the same, and the second must not be taken for a copy of the first.
 */
export function tellsCopies(key: string): boolean {
  return !key.endsWith('/@');
}
