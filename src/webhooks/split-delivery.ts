import { isRecord } from '../runtime/json.js';
import { fieldLists, isListField, sharedMembers } from './fields/lists.js';

/** How an object can be cut. */
interface Shape {
  /** Its lists of items, and how an item can be cut in turn. */
  readonly lists: ReadonlyMap<string, Shape>;
  /** A member that is an object with lists of its own. */
  readonly inside?: { readonly name: string; readonly shape: Shape };
  /** Whether a member that is not cut is copied into every part. */
  readonly isShared: (name: string, member: unknown) => boolean;
}

const item: Shape = { lists: new Map(), isShared: () => true };
const thread: Shape = { lists: new Map([['messages', item]]), isShared: () => true };
const chunkLists = new Map([
  ['threads', thread],
  ['errors', item],
]);
const chunk: Shape = { lists: chunkLists, isShared: (name) => !chunkLists.has(name) };

/** How the value of a field can be cut; `undefined` if it is one item. */
function shapeOfValue(field: unknown): Shape | undefined {
  if (typeof field !== 'string' || !isListField(field)) return undefined;
  const lists = new Map(fieldLists[field].map((name): [string, Shape] => [name, name === 'history' ? chunk : item]));
  const isShared = (name: string, member: unknown): boolean =>
    typeof member !== 'object' || member === null || sharedMembers.includes(name);
  const shape: Shape = { lists, isShared };
  return field === 'standby' ? { lists: new Map(), inside: { name: 'standby', shape }, isShared } : shape;
}

function shapeOfChange(change: unknown): Shape {
  const shape = isRecord(change) ? shapeOfValue(change.field) : undefined;
  return shape ? { ...item, inside: { name: 'value', shape } } : item;
}

const entry: Shape = { lists: new Map([['changes', item]]), isShared: () => true };
const body: Shape = { lists: new Map([['entry', entry]]), isShared: () => true };

/**
 * Cuts a delivery into deliveries whose JSON has at most `maxBytes` bytes, for queues with a limit (SQS: 256 kB). Each part has the
 * envelope of its items. Every item is in exactly one part, whether its list is known or not. A single item that is larger stays whole.
 *
 * @param delivery - Meta's JSON, from `parseJsonBody`, which bounds its depth.
 * @param maxBytes - `undefined`: returns the delivery as it is.
 */
export function splitDelivery(delivery: unknown, maxBytes: number | undefined): readonly unknown[] {
  return maxBytes === undefined ? [delivery] : cut(delivery, maxBytes);
}

/** Halves the longest list in reach until every part fits. */
function cut(value: unknown, maxBytes: number): readonly unknown[] {
  if (sizeOf(value) <= maxBytes) return [value];
  const longest = longestList(value, body, []);
  if (!longest) return [value];
  const { path, length } = longest;
  const middle = Math.ceil(length / 2);
  return [...cut(withPart(value, path, 0, middle), maxBytes), ...cut(withPart(value, path, middle, length), maxBytes)];
}

/** One step down to a list: a member's name and the shape of its owner, or the place in a list of one. */
type Step = { readonly name: string; readonly shape: Shape } | 'only';

interface FoundList {
  readonly path: readonly Step[];
  readonly length: number;
}

/** Finds the longest of the outermost lists with more than one element; searches the element of a list of one. */
function longestList(value: unknown, shape: Shape, path: readonly Step[]): FoundList | undefined {
  if (!isRecord(value)) return undefined;
  let best: FoundList | undefined;
  const consider = (found: FoundList | undefined): void => {
    if (found && (!best || found.length > best.length)) best = found;
  };
  const { inside } = shape;
  if (inside && Object.hasOwn(value, inside.name)) {
    consider(longestList(value[inside.name], inside.shape, [...path, { name: inside.name, shape }]));
  }
  for (const [name, itemShape] of shape.lists) {
    const list = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!Array.isArray(list)) continue;
    const toList = [...path, { name, shape }];
    if (list.length > 1) {
      consider({ path: toList, length: list.length });
    } else {
      const [only] = list as readonly unknown[];
      consider(longestList(only, name === 'changes' ? shapeOfChange(only) : itemShape, [...toList, 'only']));
    }
  }
  return best;
}

/** Copies a value with the elements from `start` to `end` of one list. Only the first part contains the other values. */
function withPart(value: unknown, path: readonly Step[], start: number, end: number): unknown {
  const [step, ...rest] = path;
  if (Array.isArray(value)) {
    return step === 'only' ? value.map((element: unknown) => withPart(element, rest, start, end)) : value.slice(start, end);
  }
  if (!isRecord(value) || step === undefined || step === 'only') return value;
  const { name: cutName, shape } = step;
  const members = Object.entries(value).filter(([name, member]) => name === cutName || start === 0 || shape.isShared(name, member));
  return Object.fromEntries(members.map(([name, member]) => [name, name === cutName ? withPart(member, rest, start, end) : member]));
}

function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
