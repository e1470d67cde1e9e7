import { createHash } from 'node:crypto';

/** An ID that may stand in a key as it is: characters that every database compares alike, without `/`, and no `@` in front. */
const plainId = /^(?!@)[\x21-\x2e\x30-\x7e]+$/;
const maxKeyLength = 300;

/** Begins the last part of a key that was made from content, which is the time. Nothing follows if Meta sent no time. */
const timeMark = '@';

/**
 * Joins what distinguishes an event from all others into its key: `{type}/{owner}/{id}/…`. An absent owner or ID is an empty part. If a
 * part is long or unusual (contains `/`, whitespace or non-ASCII characters, is empty, or begins with `@`), a digest of all parts replaces
 * them: `{type}/{digest}`. So different lists of IDs never share a key.
 */
export function keyOf(type: string, owner: string | undefined, ids: readonly (string | undefined)[]): string {
  let key = `${type}/${owner ?? ''}`;
  let isPlain = ids.length > 0 && (owner === undefined || plainId.test(owner));
  for (const id of ids) {
    if (id !== undefined && !plainId.test(id)) isPlain = false;
    key += `/${id ?? ''}`;
  }
  return isPlain && key.length <= maxKeyLength ? key : `${type}/${digestOf([owner ?? null, ...ids.map((id) => id ?? null)])}`;
}

/**
 * Makes the key of an item without an ID from its content and time: `{type}/{owner}/{digest}/@{seconds}`. Without a time, or without a
 * digest, the key ends in `/@` and duplicates can't be detected.
 */
export function contentKeyOf(type: string, owner: string | undefined, field: string, raw: unknown, occurredAt: Date | undefined): string {
  const digest = digestOf([field, raw]);
  const seconds = occurredAt && digest !== '' ? String(occurredAt.getTime() / 1000) : '';
  const key = `${type}/${owner ?? ''}/${digest}/${timeMark}${seconds}`;
  if ((owner === undefined || plainId.test(owner)) && key.length <= maxKeyLength) return key;
  return `${type}/${digestOf([[owner], digest, seconds])}/${timeMark}${seconds}`;
}

/**
 * Returns whether duplicates of an event can be detected by its key. They can't if Meta sent neither an ID nor a time: two disconnections would
 * look the same, and the second must not be skipped as a duplicate of the first.
 */
export function tellsCopies(key: string): boolean {
  return !key.endsWith(`/${timeMark}`);
}

/** 128 bits of SHA-256 over a value's JSON. Empty for a value that is nested too deeply to be printed. */
export function digestOf(value: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return '';
  }
  return createHash('sha256').update(json).digest('base64url').slice(0, 22);
}
