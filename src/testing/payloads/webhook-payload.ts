import { fieldExamples, type FieldExamples, type WebhookEvent } from '../../webhooks/fields/registry.js';
import type { Change } from '../fake/webhook-values.js';
import { accountFactories } from './account-factories.js';
import type { Factories } from './factories.js';
import { liveFactories } from './live-factories.js';
import { pastFactories } from './past-factories.js';
import type { WebhookPayloadOverrides } from './payload-overrides.js';
import { hasExample, valueChange } from './value-payload.js';
import { envelopeOf, type WebhookEnvelope } from './webhook-envelope.js';

/** Types of events that are not in the registry's examples. Leaving one out does not compile. */
type FactoryType = Exclude<WebhookEvent['type'], keyof FieldExamples>;
const factories: Factories<FactoryType> = { ...liveFactories, ...pastFactories, ...accountFactories };

/**
 * Creates the JSON of a delivery with one event, for tests of your handlers. Sign it with {@link signWebhook}, and
 * combine several with {@link webhookEnvelope}.
 *
 * Overrides have the names of the event, and content has Meta's shape. The function invents all other values. Each
 * payload has new IDs. An event without an ID, for example `account.offboarded`, is identified by its second. Pass
 * different times for two of them, or the receiver skips the second one as a duplicate.
 *
 * @param type - The type of the event, as in `webhooks.on(type)`.
 * @param overrides - The values that your test needs. See {@link WebhookPayloadOverrides}.
 * @returns the JSON of the delivery.
 *
 * @example
 * ```ts
 * import { signWebhook, webhookPayload } from 'wa-coexist/testing';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', (event) => {
 *   console.log(event.customer?.waId, 'sent', event.message.type);
 * });
 *
 * const body = JSON.stringify(webhookPayload('message', { message: 'Hello', customer: { waId: '15550100988' } }));
 * const headers = { 'x-hub-signature-256': signWebhook(body, 'app-secret') };
 * const response = await webhooks.fetch(new Request('https://shop.example/webhooks', { method: 'POST', headers, body }));
 * console.log(response.status);
 *
 * webhookPayload('message', { message: { type: 'image', image: { caption: 'Front window' } } });
 * webhookPayload('message_template_status_update', { value: { event: 'REJECTED', reason: 'INVALID_FORMAT' } });
 * webhookPayload('account.disconnected', { reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' });
 * ```
 */
export function webhookPayload<Type extends WebhookEvent['type']>(
  type: Type,
  overrides: WebhookPayloadOverrides[Type] = {},
): WebhookEnvelope {
  return envelopeOf([changeFor(type, overrides)]);
}

/** Returns the types of events that {@link webhookPayload} creates. */
export function payloadTypes(): readonly WebhookEvent['type'][] {
  // The keys are those of the types.
  return [...Object.keys(factories), ...Object.keys(fieldExamples)] as WebhookEvent['type'][];
}

/** The change that becomes one event. */
export function changeFor<Type extends WebhookEvent['type']>(type: Type, overrides: WebhookPayloadOverrides[Type]): Change;
export function changeFor(type: WebhookEvent['type'], overrides: WebhookPayloadOverrides[FactoryType]): Change {
  if (hasExample(type)) return valueChange(type, overrides);
  // The overrides are those of the type, by the signature.
  const factory: (overrides: never) => Change = factories[type];
  return factory(overrides as never);
}
