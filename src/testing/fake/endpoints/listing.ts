import { invalidParameter, refuse } from '../refusal.js';
import { optionalText, type Call } from './call.js';

type Item = Readonly<Record<string, unknown>>;

const usualLimit = 25;

/** One page of a list, with Meta's cursors. */
export function pageOf(call: Call, items: readonly Item[]): Item {
  const limit = Number(call.fields.limit ?? usualLimit);
  if (!Number.isInteger(limit) || limit < 1) throw invalidParameter('Param limit must be a positive integer');
  const after = optionalText(call, 'after');
  const before = optionalText(call, 'before');
  const end = before === undefined ? undefined : positionOf(before);
  const start = end === undefined ? (after === undefined ? 0 : positionOf(after) + 1) : Math.max(0, end - limit);
  const data = items.slice(start, end ?? start + limit);
  if (data.length === 0) return { data };
  const last = start + data.length - 1;
  return {
    data,
    paging: {
      cursors: { before: cursorOf(start), after: cursorOf(last) },
      ...(last < items.length - 1 && { next: linkTo(call, 'after', cursorOf(last)) }),
      ...(start > 0 && { previous: linkTo(call, 'before', cursorOf(start)) }),
    },
  };
}

/** A field that was asked for, with its parameters: `analytics.start(1).end(2)`. */
export interface AskedField {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The fields that were asked for. */
export function fieldsOf(call: Call): readonly AskedField[] {
  return split(optionalText(call, 'fields') ?? '').map((field) => ({
    // `name{sub}` and `name.parameter(…)` ask for `name`.
    name: /^[^.{(]*/.exec(field)?.[0] ?? field,
    parameters: Object.fromEntries(
      [...field.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, name = '', value = '']) => [name, parameterOf(value)]),
    ),
  }));
}

/** The fields of an object that were asked for, or its usual ones. `id` is always there; what has no value is left out. */
export function pickFields(call: Call, type: string, item: Item, usual: readonly string[], known: ReadonlySet<string>): Item {
  const fields = fieldsOf(call).map(({ name }) => name);
  const asked = fields.length > 0 ? fields : usual;
  const unknown = asked.find((field) => !known.has(field));
  if (unknown !== undefined) throw invalidParameter(`Tried accessing nonexisting field (${unknown}) on node type (${type})`);
  return Object.fromEntries(
    [...new Set([...asked, 'id'])].filter((field) => item[field] !== undefined).map((field) => [field, item[field]]),
  );
}

/** Parts between commas, but not those within brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const character of `${text},`) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character !== ',' || depth > 0) part += character;
    else {
      parts.push(part.trim());
      part = '';
    }
  }
  return parts.filter((name) => name !== '');
}

function parameterOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function linkTo(call: Call, direction: string, cursor: string): string {
  const link = new URL(call.path, call.origin);
  for (const [name, value] of Object.entries(call.fields)) {
    if (typeof value === 'string' && !['after', 'before', 'access_token'].includes(name)) link.searchParams.set(name, value);
  }
  link.searchParams.set(direction, cursor);
  return link.href;
}

/** Cursors are opaque; these hold a position. */
function cursorOf(position: number): string {
  return btoa(`at:${String(position)}`);
}

function positionOf(cursor: string): number {
  const position = /^at:(\d+)$/.exec(decode(cursor))?.[1];
  if (position === undefined) throw refuse(131059, 'The cursor is invalid or has expired.');
  return Number(position);
}

function decode(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return '';
  }
}
