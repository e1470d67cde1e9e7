import type { JsonValue } from '../../runtime/json.js';
import { isRecord } from '../../runtime/json.js';

/** Marks values without a JSON form. A plain object with this key is written as its entries. */
const mark = '$';

/** A value of maps, sets, dates and bytes as JSON. What is `undefined` in an object is left out. */
export function pack(value: unknown): JsonValue {
  if (value instanceof Map) return { [mark]: 'map', of: Array.from(value, ([key, item]) => [pack(key), pack(item)]) };
  if (value instanceof Set) return { [mark]: 'set', of: Array.from(value, pack) };
  if (value instanceof Date) return { [mark]: 'date', of: value.getTime() };
  if (value instanceof Uint8Array) return { [mark]: 'bytes', of: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) };
  if (Array.isArray(value)) return value.map(pack);
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (mark in value) return { [mark]: 'object', of: entries.map(([key, item]) => [key, pack(item)]) };
    return Object.fromEntries(entries.map(([key, item]) => [key, pack(item)]));
  }
  // What is left is a text, a number, a boolean or null: the state of the fake holds nothing else.
  return value as JsonValue;
}

/** The value again. */
export function unpack(packed: unknown): unknown {
  if (Array.isArray(packed)) return packed.map(unpack);
  if (!isRecord(packed)) return packed;
  if (!(mark in packed)) return Object.fromEntries(Object.entries(packed).map(([key, item]) => [key, unpack(item)]));
  const { of } = packed;
  const items = Array.isArray(of) ? of.map(unpack) : [];
  switch (packed[mark]) {
    case 'map':
      return new Map(items as [unknown, unknown][]);
    case 'set':
      return new Set(items);
    case 'object':
      return Object.fromEntries(items as [string, unknown][]);
    case 'date':
      return new Date(Number(of));
    default:
      return Uint8Array.from(atob(String(of)), (character) => character.charCodeAt(0));
  }
}
