import { isRecord } from '../runtime/json.js';

/**
 * Parses a delivery, from its bytes or their text. Keys that poison careless copies (`__proto__`, `constructor` with a `prototype`) are taken out, so that
 * nothing behind a handler can stumble over them.
 *
 * @throws `SyntaxError` if it is no JSON.
 */
export function parseJsonBody(delivery: Uint8Array | string): unknown {
  const text = typeof delivery === 'string' ? delivery : new TextDecoder().decode(delivery);
  const body: unknown = JSON.parse(text);
  // A key can be written with escapes, too. Meta escapes nothing below U+0080, so this is rare.
  if (/__proto__|"constructor"|\\u00[4-7]/.test(text)) removeDangerousKeys(body);
  return body;
}

/** Walks with a list of its own, as JSON may be nested deeper than calls can be. */
function removeDangerousKeys(root: unknown): void {
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (isRecord(value)) {
      Reflect.deleteProperty(value, '__proto__');
      if (Object.hasOwn(value, 'constructor') && isRecord(value.constructor) && Object.hasOwn(value.constructor, 'prototype')) {
        Reflect.deleteProperty(value, 'constructor');
      }
    }
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
}
