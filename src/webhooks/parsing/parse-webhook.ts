import { isRecord } from '../../runtime/json.js';
import { findField, type WebhookEvent } from '../fields/registry.js';
import { listOf, recordOf } from './loose.js';
import { createScope, originOf } from './scope.js';

/**
 * Parses a webhook delivery into events: one for each item, in the order of the delivery.
 *
 * The webhook field decides the type of an event, so messages of `history` and `smb_message_echoes` never become live messages. The function
 * never throws and drops nothing. An item that is malformed or has an unknown type becomes an event with the item in `raw`, and doesn't affect
 * other items. A body without `entry[]` has no events. The function doesn't verify the signature (see `verifySignature`).
 *
 * Source: Meta, Webhooks reference (Oct 2025 to Sep 2026).
 *
 * @param body - The parsed JSON of the delivery. Parse it with {@link parseJson}, because `JSON.parse` rounds long IDs.
 * @returns the events. See {@link WebhookEvent}.
 *
 * @example
 * ```ts
 * import { parseJson, parseWebhook } from 'wa-coexist/webhooks';
 *
 * for (const event of parseWebhook(parseJson('{"entry":[]}'))) {
 *   if (event.type === 'message' && event.message.type === 'text') console.log(event.customer?.waId, event.message.text.body);
 *   if (event.type === 'echo') console.log('typed in the app');
 * }
 * ```
 */
export function parseWebhook(body: unknown): readonly WebhookEvent[] {
  const events: WebhookEvent[] = [];
  for (const entry of listOf(recordOf(body).entry)) {
    if (isRecord(entry) && Array.isArray(entry.changes)) {
      for (const change of listOf(entry.changes)) readChange(entry, change, events);
    } else {
      createScope(originOf('', recordOf(entry), {}), {}, events).emit('unknown', entry, {});
    }
  }
  return events;
}

/** Reads a change by its field, without looking at the value first. */
function readChange(entry: Readonly<Record<string, unknown>>, change: unknown, events: WebhookEvent[]): void {
  const { field, value } = recordOf(change);
  const name = typeof field === 'string' ? field : '';
  // The reader can emit only events of the field.
  const scope = createScope(originOf(name, entry, recordOf(value)), recordOf(value), events);
  const before = events.length;
  const known = isRecord(value) && findField(name);
  if (known) {
    known.read(scope);
    if (known.lists) scope.emitLeftovers();
  }
  // An empty change also becomes an event, because it may have a new format.
  if (events.length === before) scope.emit('unknown', name === '' || value === undefined ? change : value, {});
}
