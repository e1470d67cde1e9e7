import { createHash } from 'node:crypto';

/** What a key may look like as it is: short, and in characters that every database compares alike. */
const plain = /^[\x21-\x7e]{1,300}$/;

/** Stands at the end of a key where there is no time to put there. */
const withoutTime = '@';

/** Joins what tells an event from every other of its type and owner into its key. Parts that are long or unusual are replaced by a digest of all. */
export function keyOf(type: string, owner: string | undefined, ids: readonly (string | undefined)[]): string {
  let key = `${type}/${owner ?? ''}`;
  for (const id of ids) key += `/${id ?? ''}`;
  if (plain.test(key)) return key;
  return `${type}/${digestOf([owner, ...ids])}${ids.at(-1) === withoutTime ? `/${withoutTime}` : ''}`;
}

/** What stands for ids in an item that brings none: its digest and its time. Without either, copies cannot be told. */
export function idsFromContent(field: string, raw: unknown, occurredAt: Date | undefined): readonly string[] {
  const digest = digestOf([field, raw]);
  const seconds = occurredAt && digest !== '' ? String(occurredAt.getTime() / 1000) : '';
  return [digest, `${withoutTime}${seconds}`];
}

/**
 * Whether copies of an event can be told by its key. They cannot where Meta sent neither an id nor a time: two disconnections would
 * look the same, and the second must not be taken for a copy of the first.
 */
export function tellsCopies(key: string): boolean {
  return !key.endsWith(`/${withoutTime}`);
}

/** 128 bits of SHA-256 over a value's JSON. Empty for a value too deep to be printed, which nobody can then tell from another. */
export function digestOf(value: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return '';
  }
  return createHash('sha256').update(json).digest('base64url').slice(0, 22);
}
