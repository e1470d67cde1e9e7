import { readFields, type AskedField } from '../graph/asked-fields.js';
import { invalidParameter, refuse } from '../refusal.js';
import { optionalText, type Call } from './call.js';

type Item = Readonly<Record<string, unknown>>;

const usualLimit = 25;

/** One page of a list, with Meta's cursors, and the totals that `summary` requests. */
export function pageOf(call: Call, items: readonly Item[], totals: Item = {}): Item {
  return { ...cutPage(call, items), ...summaryOf(call, { total_count: items.length, ...totals }) };
}

/** `summary` names totals. `true` means all of them. */
function summaryOf(call: Call, totals: Item): Item {
  const asked = optionalText(call, 'summary')?.split(',') ?? [];
  if (asked.length === 0 || asked.includes('false')) return {};
  const shown = Object.entries(totals).filter(([name]) => asked.includes(name) || asked.includes('true') || asked.includes('1'));
  return { summary: Object.fromEntries(shown) };
}

function cutPage(call: Call, items: readonly Item[]): Item {
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

/** The requested fields. */
export function fieldsOf(call: Call): readonly AskedField[] {
  return readFields(optionalText(call, 'fields') ?? '');
}

/** The requested fields of an object, or its default fields. `id` is always included. Fields without a value are omitted. */
export function pickFields(call: Call, type: string, item: Item, usual: readonly string[], known: ReadonlySet<string>): Item {
  const fields = fieldsOf(call).map(({ name }) => name);
  const asked = fields.length > 0 ? fields : usual;
  const unknown = asked.find((field) => !known.has(field));
  if (unknown !== undefined) throw invalidParameter(`Tried accessing nonexisting field (${unknown}) on node type (${type})`);
  return Object.fromEntries(
    [...new Set([...asked, 'id'])].filter((field) => item[field] !== undefined).map((field) => [field, item[field]]),
  );
}

function linkTo(call: Call, direction: string, cursor: string): string {
  const link = new URL(call.path, call.origin);
  for (const [name, value] of Object.entries(call.fields)) {
    if (['after', 'before', 'access_token'].includes(name)) continue;
    link.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
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
