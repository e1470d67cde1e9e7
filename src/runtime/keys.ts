import { fingerprint } from './fingerprint.js';

/** Longer segments are truncated and get a fingerprint. */
const longestSegment = 200;

/** Most IDs are safe without changes. */
const safeSegment = /^[A-Za-z0-9._=+:-]{0,200}$/;

/** Encodes an ID as one segment of a store key: without slashes, of limited length, and unique for each ID. */
export function segment(id: string): string {
  if (safeSegment.test(id)) return id;
  const safe = id.replace(/[^A-Za-z0-9._=+:-]/gu, (character) => `%${(character.codePointAt(0) ?? 0).toString(16)};`);
  return safe.length <= longestSegment ? safe : `${safe.slice(0, longestSegment)}~${fingerprint(id)}`;
}

/**
 * Joins IDs into one key. All keys of stores and caches are built with it. Different lists of IDs never share a key, even if the IDs
 * contain separators: `['1/2', '3']` and `['1', '2/3']` differ, and so do `[undefined, 'x']` and `['', 'x']`.
 */
export function joinKey(...ids: readonly (string | undefined)[]): string {
  let key = '';
  let separator = '';
  for (const id of ids) {
    key += separator + (id === undefined ? '!' : segment(id));
    separator = '/';
  }
  return key;
}

/** Returns a key for data of one number: `wa/number/{phone-number-id}/…`. */
export function numberKey(phoneNumberId: string, ...parts: readonly string[]): string {
  return joinKey('wa', 'number', phoneNumberId, ...parts);
}

/** Returns a key for data that belongs to no single number: `wa/…`. */
export function globalKey(...parts: readonly string[]): string {
  return joinKey('wa', ...parts);
}
