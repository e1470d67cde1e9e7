import { isRecord } from '../../runtime/json.js';
import { findField } from '../fields/registry.js';
import { sharedMembers } from './scope.js';
import type { Lists } from './webhook-field.js';

/** How to split an object. */
interface Shape {
  /** The lists of items, and the lists inside each item. */
  readonly lists: Lists;
  /** A member that is an object with its own lists. */
  readonly inside?: { readonly name: string; readonly shape: Shape };
  /** Whether a member that isn't split is copied into every part. */
  readonly isShared: (name: string, member: unknown) => boolean;
}

/** The shape of an object whose members are all shared, except for the lists. */
function shapeOf(lists: Lists): Shape {
  return { lists, isShared: (name) => !Object.hasOwn(lists, name) };
}

const body = shapeOf({ entry: { changes: {} } });

/** Whether all items share a member. Other objects and lists in a value are items. */
function isSharedInValue(name: string, member: unknown): boolean {
  return typeof member !== 'object' || member === null || sharedMembers.includes(name);
}

/** The shape of a change, with the lists of its field. */
function shapeOfChange(change: unknown): Shape {
  const { lists, inner } = (isRecord(change) && typeof change.field === 'string' && findField(change.field)) || {};
  if (!lists) return shapeOf({});
  const shape: Shape = { lists, isShared: isSharedInValue };
  const value: Shape = inner === undefined ? shape : { lists: {}, inside: { name: inner, shape }, isShared: isSharedInValue };
  return { ...shapeOf({}), inside: { name: 'value', shape: value } };
}

/**
 * Splits a delivery into deliveries whose JSON has at most `maxBytes` bytes, for queues with a size limit (SQS: 256
 * kB). Each part has the envelope of its items. Every item is in exactly one part, even if its list is unknown. A
 * single item that is too large isn't split.
 *
 * @param delivery - Meta's JSON, from `parseJsonBody`, which limits its depth.
 * @param maxBytes - `undefined`: returns the delivery unchanged.
 */
export function splitDelivery(delivery: unknown, maxBytes: number | undefined): readonly unknown[] {
  return maxBytes === undefined ? [delivery] : cut(delivery, maxBytes);
}

/** Halves the longest list until every part fits. */
function cut(value: unknown, maxBytes: number): readonly unknown[] {
  if (sizeOf(value) <= maxBytes) return [value];
  const longest = longestList(value, body, []);
  if (!longest) return [value];
  const { path, length } = longest;
  const middle = Math.ceil(length / 2);
  return [...cut(withPart(value, path, 0, middle), maxBytes), ...cut(withPart(value, path, middle, length), maxBytes)];
}

/** One step to a list: the name of a member and the shape of its owner, or the element of a list of one. */
type Step = { readonly name: string; readonly shape: Shape } | 'only';

interface FoundList {
  readonly path: readonly Step[];
  readonly length: number;
}

/** Finds the longest of the outermost lists with more than one element. Searches inside lists of one. */
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
  for (const [name, itemLists] of Object.entries(shape.lists)) {
    const list = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!Array.isArray(list)) continue;
    const toList = [...path, { name, shape }];
    if (list.length > 1) {
      consider({ path: toList, length: list.length });
    } else {
      const [only] = list as readonly unknown[];
      consider(longestList(only, name === 'changes' ? shapeOfChange(only) : shapeOf(itemLists), [...toList, 'only']));
    }
  }
  return best;
}

/**
 * Copies a value with the elements from `start` to `end` of one list. Only the first part contains values that aren't
 * shared.
 */
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
