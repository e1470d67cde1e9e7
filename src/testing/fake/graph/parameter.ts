import { isRecord } from '../../../runtime/json.js';
import { invalidParameter } from '../refusal.js';

/** What Graph reads a parameter as. */
export type Parameter =
  | { readonly type: 'text' | 'number' | 'flag' | 'json' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'list'; readonly of: Parameter }
  | { readonly type: 'object'; readonly members: Parameters };

/** Parameters by name. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** A text. Numbers and flags become texts. */
export const text: Parameter = { type: 'text' };
/** A number. Texts of digits become numbers. */
export const number: Parameter = { type: 'number' };
/** True or false, also as text or as 1 and 0. */
export const flag: Parameter = { type: 'flag' };
/** Anything, also as the JSON of it. */
export const json: Parameter = { type: 'json' };
/** One of several words, in capitals or not. The fake returns it as it is spelled here. */
export const oneOf = (...values: readonly string[]): Parameter => ({ type: 'enum', values });
/** An array, its JSON, names with commas between them, or fields of a form with brackets. */
export const listOf = (of: Parameter): Parameter => ({ type: 'list', of });
/** An object or its JSON. Members that are not declared stay as they are. */
export const object = (members: Parameters): Parameter => ({ type: 'object', members });

/**
 * Reads the parameters of a request as Graph does: each spelling of a value gives the same value. Parameters that are not declared stay as they
 * are, apart from the JSON of objects and arrays.
 *
 * @throws `Refusal` 100 if a value can't be read.
 */
export function readParameters(fields: Readonly<Record<string, unknown>>, declared: Parameters): Readonly<Record<string, unknown>> {
  return readMembers(fields, declared, (name) => name, json);
}

function readMembers(
  fields: Readonly<Record<string, unknown>>,
  declared: Parameters,
  labelOf: (name: string) => string,
  other: Parameter | undefined,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const parameter = Object.hasOwn(declared, name) ? declared[name] : other;
    if (value === undefined || value === null) return [];
    return [[name, parameter ? readValue(value, parameter, labelOf(name)) : value]];
  });
  return Object.fromEntries(entries);
}

function readValue(value: unknown, parameter: Parameter, label: string): unknown {
  switch (parameter.type) {
    case 'text':
      return readText(value, label);
    case 'number':
      return typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
    case 'flag':
      return readFlag(value, label);
    case 'enum':
      return readEnum(value, parameter.values, label);
    case 'json':
      return parsedJson(value);
    case 'list':
      return itemsOf(value).map((item, index) => readValue(item, parameter.of, `${label}[${String(index)}]`));
    case 'object':
      return readObject(value, parameter.members, label);
  }
}

/** Seen in chatwoot/chatwoot#13159 (29 Dec 2025): an object in the place of a text is an error, not a missing parameter. */
function readText(value: unknown, label: string): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object') throw invalidParameter(`Param ${label} must be a string.`);
  return value;
}

function readFlag(value: unknown, label: string): unknown {
  if (value === '' || value === '0' || value === 0) return false;
  if (value === '1' || value === 1) return true;
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw invalidParameter(`Param ${label} must be a boolean.`);
  return word === 'true';
}

/** The error names all words. Seen in shridarpatil/frappe_whatsapp#188 (26 Jan 2026). */
function readEnum(value: unknown, values: readonly string[], label: string): unknown {
  if (value === '') return value;
  const known = typeof value === 'string' ? values.find((word) => word.toLowerCase() === value.trim().toLowerCase()) : undefined;
  if (known === undefined) {
    throw invalidParameter(`Param ${label} must be one of {${values.join(', ').toUpperCase()}} - got ${JSON.stringify(value)}.`);
  }
  return known;
}

/** The elements of a list in any spelling. An object whose keys are positions is a list of a form. */
function itemsOf(value: unknown): readonly unknown[] {
  const data = parsedJson(value);
  if (Array.isArray(data)) return data;
  if (isRecord(data)) {
    const keys = Object.keys(data);
    return keys.length > 0 && keys.every((key) => /^\d+$/.test(key)) ? Object.values(data) : [data];
  }
  if (typeof data !== 'string') return [data];
  return data
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function readObject(value: unknown, members: Parameters, label: string): unknown {
  const data = parsedJson(value);
  return isRecord(data) ? readMembers(data, members, (name) => `${label}['${name}']`, undefined) : data;
}

/** The object or array that a text contains as JSON. Any other value stays as it is. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
