import { createHash } from 'node:crypto';
import { isRecord } from '../runtime/json.js';
import { endOfString, parseJson } from '../runtime/parse-json.js';

/**
 * Maximum nesting of a parsed delivery. Meta's deliveries have about 15 levels. `JSON.stringify`, `structuredClone`,
 * queues and databases fail only at far deeper levels.
 */
const maxDepth = 200;

/**
 * Parses a delivery from its text, with exact digits, and cleans it ({@link cleanBody}).
 *
 * @throws `SyntaxError` if it is not JSON. The error doesn't quote the delivery.
 */
export function parseJsonBody(text: string): unknown {
  const body = parseJson(text);
  // A key can also contain escapes. Meta escapes no characters below U+0080, so this is rare.
  const hasDangerousKeys = /__proto__|"constructor"|\\u00[4-7]/.test(text);
  return hasDangerousKeys || isDeep(text) ? cleanBody(body) : body;
}

/** Whether valid JSON is nested deeper than {@link maxDepth}. Skips its strings, which are most of the text. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index = endOfString(text, index);
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    }
  }
  return false;
}

const [quote, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x7b, 0x7d, 0x5b, 0x5d];

interface Open {
  readonly source: object;
  readonly copy: object;
  readonly depth: number;
}

/**
 * Copies a parsed delivery without hostile content.
 *
 * - Removes keys that can pollute prototypes (`__proto__`, `constructor` with a `prototype`).
 * - Replaces values that are nested deeper than {@link maxDepth} with their digest. Handlers, queues and stores can
 *   then serialize every event, and one hostile item doesn't block the others of its delivery.
 */
export function cleanBody(root: unknown): unknown {
  if (typeof root !== 'object' || root === null) return root;
  // JSON never contains the same object twice, but the value of a caller may contain itself.
  const copies = new Map<object, object>();
  // Doesn't use recursion, because the value may be nested deeper than the call stack.
  const open: Open[] = [];
  const copyOf = (source: object, depth: number): object => {
    const known = copies.get(source);
    if (known) return known;
    const copy = Array.isArray(source) ? [] : {};
    copies.set(source, copy);
    open.push({ source, copy, depth });
    return copy;
  };
  const clean = copyOf(root, 1);
  for (let next = open.pop(); next; next = open.pop()) {
    const { source, copy, depth } = next;
    for (const [name, member] of Object.entries(source) as [string, unknown][]) {
      if (isDangerous(name, member)) continue;
      const isNested = typeof member === 'object' && member !== null;
      const kept = !isNested ? member : depth < maxDepth ? copyOf(member, depth + 1) : `nested too deeply: ${digestOfDeep(member)}`;
      Reflect.set(copy, name, kept);
    }
  }
  return clean;
}

function isDangerous(name: string, member: unknown): boolean {
  return name === '__proto__' || (name === 'constructor' && isRecord(member) && Object.hasOwn(member, 'prototype'));
}

/**
 * Returns a digest of a value that is too deep for `JSON.stringify`, so that items that differ only there don't count
 * as duplicates.
 */
function digestOfDeep(root: object): string {
  const tokens: string[] = [];
  const open: unknown[] = [root];
  const seen = new Set<unknown>();
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) {
      tokens.push(JSON.stringify(value));
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    // With their keys and count, the values in this order describe exactly one object.
    const members = Object.entries(value) as [string, unknown][];
    tokens.push(Array.isArray(value) ? `[${String(members.length)}` : `{${JSON.stringify(members.map(([name]) => name))}`);
    for (const [, member] of members) open.push(member);
  }
  return createHash('sha256').update(tokens.join('\n')).digest('base64url').slice(0, 22);
}
