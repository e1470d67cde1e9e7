import { createHash } from 'node:crypto';
import { isRecord } from '../runtime/json.js';
import { endOfString, parseJson } from '../runtime/parse-json.js';

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
  const body = parseJson(text);
  // A key can be written with escapes, too. Meta escapes nothing below U+0080, so this is rare.
  const hasDangerousKeys = /__proto__|"constructor"|\\u00[4-7]/.test(text);
  if (hasDangerousKeys || isDeep(text)) clean(body);
  return body;
}

/** Whether a JSON text is nested deeper than {@link maxDepth}. Jumps over its strings, which are most of it. */
function isDeep(text: string): boolean {
  if (text.length <= 2 * maxDepth) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') {
      index = endOfString(text, index);
    } else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return false;
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
