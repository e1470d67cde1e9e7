import { createHash } from 'node:crypto';

/**
 * An ID that a key can contain unchanged: characters that every database compares in the same way, without `/`, and not
 * starting with `@`.
 */
const plainId = /^(?!@)[\x21-\x2e\x30-\x7e]+$/;
const maxKeyLength = 300;

/** Marks the last part of a content-based key, which is the time. It is empty if Meta sent no time. */
const timeMark = '@';

/**
 * Creates the key of an event from its distinguishing parts: `{type}/{owner}/{id}/…`. An absent owner or ID is an empty
 * part. If a part is long or unusual (contains `/`, whitespace or non-ASCII characters, is empty, or begins with `@`),
 * a digest of all parts replaces them: `{type}/{digest}`. Different lists of IDs therefore never share a key.
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
 * Creates the key of an item without an ID from its content and time: `{type}/{owner}/{digest}/@{seconds}`. Without a
 * time or a digest, the key ends with `/@`, and duplicates can't be detected.
 */
export function contentKeyOf(type: string, owner: string | undefined, field: string, raw: unknown, occurredAt: Date | undefined): string {
  const digest = digestOf([field, raw]);
  const seconds = occurredAt && digest !== '' ? String(occurredAt.getTime() / 1000) : '';
  const key = `${type}/${owner ?? ''}/${digest}/${timeMark}${seconds}`;
  if ((owner === undefined || plainId.test(owner)) && key.length <= maxKeyLength) return key;
  return `${type}/${digestOf([[owner], digest, seconds])}/${timeMark}${seconds}`;
}

/**
 * Returns whether the key of an event identifies duplicates. It doesn't if Meta sent neither an ID nor a time. Two
 * disconnections would then look the same, and the second must not be skipped as a duplicate.
 */
export function identifiesDuplicates(key: string): boolean {
  return !key.endsWith(`/${timeMark}`);
}

/** Returns 128 bits of SHA-256 over the JSON of a value. Empty if the value is nested too deeply for JSON. */
export function digestOf(value: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return '';
  }
  return createHash('sha256').update(json).digest('base64url').slice(0, 22);
}
