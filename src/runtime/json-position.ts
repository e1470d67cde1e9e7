import { endOfString } from './parse-json.js';

/** Names and indexes from the root of a JSON text to one of its values. */
export type JsonPath = readonly (string | number)[];

/** A position in a text. Lines and columns begin with 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds a value of a JSON text. If the path leads to no value, it returns the position of the last value on the path.
 *
 * @param text - Valid JSON.
 * @param path - The path of the value.
 */
export function locateInJson(text: string, path: JsonPath): TextPosition {
  let index = skipSpace(text, 0);
  for (const segment of path) {
    const next = typeof segment === 'number' ? findElement(text, index, segment) : findMember(text, index, segment);
    if (next === undefined) break;
    index = next;
  }
  return positionAt(text, index);
}

/** Formats a path as in JavaScript, for example `screens[0].layout`. */
export function formatJsonPath(path: JsonPath): string {
  return path
    .map((segment, index) => (typeof segment === 'number' ? `[${String(segment)}]` : `${index === 0 ? '' : '.'}${segment}`))
    .join('');
}

/** Returns the line and the column of an index in a text. */
export function positionAt(text: string, index: number): TextPosition {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}

function findElement(text: string, start: number, wanted: number): number | undefined {
  if (text.charAt(start) !== '[') return undefined;
  let index = skipSpace(text, start + 1);
  for (let element = 0; text.charAt(index) !== ']'; element += 1) {
    if (element === wanted) return index;
    index = skipSpace(text, skipValue(text, index));
    if (text.charAt(index) === ',') index = skipSpace(text, index + 1);
  }
  return undefined;
}

/** The last of several members with the same name counts, as in `JSON.parse`. */
function findMember(text: string, start: number, wanted: string): number | undefined {
  if (text.charAt(start) !== '{') return undefined;
  let found: number | undefined;
  let index = skipSpace(text, start + 1);
  while (text.charAt(index) !== '}') {
    const nameEnd = endOfString(text, index) + 1;
    const name: unknown = JSON.parse(text.slice(index, nameEnd));
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (name === wanted) found = value;
    index = skipSpace(text, skipValue(text, value));
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
