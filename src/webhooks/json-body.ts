import { createHash } from 'node:crypto';
import { isRecord } from '../runtime/json.js';
import { endOfString, quoteLongIntegers } from '../runtime/parse-json.js';

/**
 * How deep the values of a parsed delivery are nested at most. Meta's are about 15 deep. Far below the depth at which `JSON.stringify`,
 * `structuredClone`, queues and databases fail.
 */
export const maxDepth = 200;

/**
 * Parses a delivery from its bytes or text, with exact digits.
 *
 * - Removes keys that pollute careless copies (`__proto__`, `constructor` with a `prototype`).
 * - Replaces values that are nested deeper than {@link maxDepth} with a digest of theirs. So handlers, queues and stores can print every event, and one
 *   hostile item does not block the others of its delivery.
 *
 * @throws `SyntaxError` if it is not JSON.
 */
export function parseJsonBody(delivery: Uint8Array | string): unknown {
  const text = typeof delivery === 'string' ? delivery : new TextDecoder().decode(delivery);
  const plain: unknown = JSON.parse(text);
  const { isDeep, hasLongInteger } = inspect(text);
  const body: unknown = hasLongInteger ? JSON.parse(quoteLongIntegers(text)) : plain;
  // A key can be written with escapes, too. Meta escapes nothing below U+0080, so this is rare.
  const hasDangerousKeys = /__proto__|"constructor"|\\u00[4-7]/.test(text);
  if (hasDangerousKeys || isDeep) clean(body);
  return body;
}

/** Characters of the least integer that a number may not store exactly. */
const longDigits = 16;

/**
 * Finds whether valid JSON is nested deeper than {@link maxDepth}, and whether it contains an integer that a number may not store exactly. Jumps
 * over its strings, which are most of it.
 */
function inspect(text: string): { readonly isDeep: boolean; readonly hasLongInteger: boolean } {
  let depth = 0;
  let isDeep = false;
  let hasLongInteger = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index = endOfString(text, index);
    } else if (isDigit(code)) {
      const start = index;
      while (isDigit(text.charCodeAt(index + 1))) index += 1;
      if (index - start >= longDigits - 1) hasLongInteger = true;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > maxDepth) isDeep = true;
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    }
  }
  return { isDeep, hasLongInteger };
}

const [quote, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x7b, 0x7d, 0x5b, 0x5d];

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

interface Open {
  readonly value: object;
  readonly depth: number;
}

/** Walks without recursion, as the nesting may be deeper than the call stack. */
function clean(root: unknown): void {
  const open: Open[] = typeof root === 'object' && root !== null ? [{ value: root, depth: 1 }] : [];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (isRecord(value)) {
      Reflect.deleteProperty(value, '__proto__');
      if (Object.hasOwn(value, 'constructor') && isRecord(value.constructor) && Object.hasOwn(value.constructor, 'prototype')) {
        Reflect.deleteProperty(value, 'constructor');
      }
    }
    for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
      if (typeof inner !== 'object' || inner === null) continue;
      if (depth < maxDepth) open.push({ value: inner, depth: depth + 1 });
      else Reflect.set(value, name, `nested too deeply: ${digestOfDeep(inner)}`);
    }
  }
}

/** A digest of a value that is too deep for `JSON.stringify`, so that items that differ only there are not taken for duplicates. */
function digestOfDeep(root: object): string {
  const tokens: string[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) {
      tokens.push(JSON.stringify(value));
      continue;
    }
    // With their keys and count, the values that follow in this order describe exactly one object.
    const members = Object.entries(value) as [string, unknown][];
    tokens.push(Array.isArray(value) ? `[${String(members.length)}` : `{${JSON.stringify(members.map(([name]) => name))}`);
    for (const [, member] of members) open.push(member);
  }
  return createHash('sha256').update(tokens.join('\n')).digest('base64url').slice(0, 22);
}
