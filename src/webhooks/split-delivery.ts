import { isRecord } from '../runtime/json.js';

/** The lists in a change's value that can be cut, each element an item of its own; threads of history hold messages in turn. */
const lists: readonly string[] = [
  'messages',
  'statuses',
  'message_echoes',
  'smb_message_echoes',
  'state_sync',
  'history',
  'threads',
  'calls',
  'user_preferences',
  'user_id_update',
  'user_actions',
  'automatic_events',
  'groups',
  'errors',
];

/** How deep lists of items lie in lists of items: entries, changes, history, threads, messages. */
const deepest = 6;

/**
 * Cuts a delivery into deliveries whose JSON has at most `maxBytes` bytes, for queues that take no larger ones (SQS: 256 kB). Every item is in
 * exactly one part, with the envelope around it. An item that is larger by itself stays whole.
 */
export function splitDelivery(body: unknown, maxBytes: number): readonly unknown[] {
  return cut(body, maxBytes, ['entry', 'changes', 'value', ...lists], deepest);
}

/** Halves the longest list in reach until every part fits. */
function cut(value: unknown, maxBytes: number, names: readonly string[], depth: number): readonly unknown[] {
  if (sizeOf(value) <= maxBytes) return [value];
  const place = longestList(value, names, depth, []);
  if (!place) return [value];
  const { path, length } = place;
  const middle = Math.ceil(length / 2);
  return [
    ...cut(withPart(value, path, 0, middle), maxBytes, names, depth),
    ...cut(withPart(value, path, middle, length), maxBytes, names, depth),
  ];
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly length: number;
}

/** Where the outermost list of more than one element is; inside a list of one, what that one holds. */
function longestList(value: unknown, names: readonly string[], depth: number, path: readonly (string | number)[]): Place | undefined {
  if (depth < 0 || !isRecord(value)) return undefined;
  let best: Place | undefined;
  for (const name of names) {
    const inner = Object.hasOwn(value, name) ? value[name] : undefined;
    if (Array.isArray(inner)) {
      const [only] = inner as readonly unknown[];
      const place =
        inner.length > 1 ? { path: [...path, name], length: inner.length } : longestList(only, names, depth - 1, [...path, name, 0]);
      if (place && (!best || place.length > best.length)) best = place;
    } else if (name === 'value') {
      const place = longestList(inner, names, depth - 1, [...path, name]);
      if (place && (!best || place.length > best.length)) best = place;
    }
  }
  return best;
}

/** A copy in which the list at a path holds only the elements from `start` to `end`, and the lists beside it only in the first part. */
function withPart(value: unknown, path: readonly (string | number)[], start: number, end: number): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return Array.isArray(value) ? value.slice(start, end) : value;
  if (Array.isArray(value))
    return (value as readonly unknown[]).map((element, index) => (index === step ? withPart(element, rest, start, end) : element));
  if (!isRecord(value)) return value;
  const others = start === 0 ? Object.entries(value) : Object.entries(value).filter(([name]) => name === step || !lists.includes(name));
  return Object.fromEntries(others.map(([name, inner]) => [name, name === step ? withPart(inner, rest, start, end) : inner]));
}

function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
