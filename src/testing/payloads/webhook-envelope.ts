import { entriesOf, type Change, type WebhookEntry } from '../fake/webhook-values.js';

export type { WebhookEntry };

/** The JSON of a delivery. */
export interface WebhookEnvelope {
  readonly object: 'whatsapp_business_account';
  readonly entry: readonly WebhookEntry[];
}

/**
 * Combines several payloads of {@link webhookPayload} into one delivery, as Meta does. Changes of the same WABA and time
 * share an entry.
 *
 * @param payloads - The payloads, in order.
 * @returns the JSON of the delivery.
 *
 * @example
 * ```ts
 * import { webhookEnvelope, webhookPayload } from 'wa-coexist/testing';
 * import { parseWebhook } from 'wa-coexist/webhooks';
 *
 * const payload = webhookEnvelope([webhookPayload('message', { message: 'Hello' }), webhookPayload('echo', { message: 'We open at nine' })]);
 * console.log(parseWebhook(payload).map((event) => event.type));
 * ```
 */
export function webhookEnvelope(payloads: readonly WebhookEnvelope[]): WebhookEnvelope {
  const entries = payloads.flatMap(({ entry }) => entry);
  return envelopeOf(
    entries.flatMap(({ id: entryId, changes, ...time }) => changes.map(({ field, value }) => ({ entryId, field, value, ...time }))),
  );
}

/** Creates the envelope of changes. */
export function envelopeOf(changes: readonly Change[]): WebhookEnvelope {
  return { object: 'whatsapp_business_account', entry: entriesOf(changes) };
}
