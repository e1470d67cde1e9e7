import { isRecord } from '../../runtime/json.js';
import { findField, type WebhookEvent } from '../fields/registry.js';
import { listOf, recordOf } from './loose.js';
import { createScope, originOf } from './scope.js';

/**
 * Turns a delivery of Meta's into events: one for each item, in the order in which they stand.
 *
 * The field decides first, so that nothing that comes in `history` or `smb_message_echoes` is ever taken for a live message. Nothing
 * throws and nothing is lost: an item of an unknown kind, or without what its kind needs, is an event whose `raw` holds it, and it does
 * not touch its neighbours. A body that has no `entry[]` gives no events. The signature is not checked here: see `verifySignature`.
 *
 * Source: Meta, Webhooks reference (Oct 2025 to Sep 2026).
 *
 * @param body - The delivery's JSON, parsed. Parse it with {@link parseJson}: `JSON.parse` rounds long IDs.
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

/** The field decides, before anything in the value is looked at. */
function readChange(entry: Readonly<Record<string, unknown>>, change: unknown, events: WebhookEvent[]): void {
  const { field, value } = recordOf(change);
  const name = typeof field === 'string' ? field : '';
  // It adds only events of the field, as the reader can emit no others.
  const scope = createScope(originOf(name, entry, recordOf(value)), recordOf(value), events);
  const before = events.length;
  const known = isRecord(value) && findField(name);
  if (known) {
    known.read(scope);
    if (known.lists) scope.emitLeftovers();
  }
  // An empty change is an event, too: it may be a new format.
  if (events.length === before) scope.emit('unknown', name === '' || value === undefined ? change : value, {});
}
