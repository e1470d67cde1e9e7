import { endOfString } from './parse-json.js';

/** Names and indexes from the root of a JSON text to one of its values. */
export type JsonPath = readonly (string | number)[];

/** A position in a text. Lines and columns begin with 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Creates a function that finds values of a JSON text. If a path leads to no value, it returns the position of the last
 * value on the path. It reads each list and each object once.
 *
 * @param text - Valid JSON.
 */
export function createJsonLocator(text: string): (path: JsonPath) => TextPosition {
  const root = skipSpace(text, 0);
  const children = new Map<number, ReadonlyMap<string | number, number>>();
  const lineStarts: number[] = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lineStarts.push(end + 1);
  return (path) => {
    let index = root;
    for (const segment of path) {
      const known = children.get(index) ?? readChildren(text, index);
      children.set(index, known);
      const next = known.get(segment);
      if (next === undefined) break;
      index = next;
    }
    const line = lineOf(lineStarts, index);
    return { line, column: index - (lineStarts[line - 1] ?? 0) + 1 };
  };
}

/** Returns the number of the line that contains an index, from 1. */
function lineOf(lineStarts: readonly number[], index: number): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Formats a path as in JavaScript, for example `screens[0].layout`. */
export function formatJsonPath(path: JsonPath): string {
  return path
    .map((segment, index) => (typeof segment === 'number' ? `[${String(segment)}]` : `${index === 0 ? '' : '.'}${segment}`))
    .join('');
}

/**
 * Returns where the elements of a list, or the members of an object, begin. Of several members with the same name, the
 * last one counts, as in `JSON.parse`.
 */
function readChildren(text: string, start: number): ReadonlyMap<string | number, number> {
  const found = new Map<string | number, number>();
  const open = text.charAt(start);
  if (open !== '[' && open !== '{') return found;
  const close = open === '[' ? ']' : '}';
  let index = skipSpace(text, start + 1);
  for (let element = 0; text.charAt(index) !== close; element += 1) {
    let name: string | number = element;
    if (open === '{') {
      const nameEnd = endOfString(text, index) + 1;
      name = JSON.parse(text.slice(index, nameEnd)) as string;
      index = skipSpace(text, skipSpace(text, nameEnd) + 1);
    }
    found.set(name, index);
    index = skipSpace(text, skipValue(text, index));
    if (text.charAt(index) === ',') index = skipSpace(text, index + 1);
  }
  return found;
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  let index = start;
  for (;;) {
    const character = text.charAt(index);
    if (character === '"') index = endOfString(text, index) + 1;
    else if (character === '{' || character === '[') {
      depth += 1;
      index += 1;
      continue;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      index += 1;
    } else if (depth > 0) {
      index += 1;
      continue;
    } else {
      while (/[^\s,\]}]/.test(text.charAt(index))) index += 1;
    }
    if (depth === 0) return index;
  }
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (/\s/.test(text.charAt(index))) index += 1;
  return index;
}
