import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeTypedContent } from '../fake/fake-content.js';
import { hasExample } from './value-payload.js';
import { payloadTypes } from './webhook-payload.js';

/** An event with sample values. */
export interface SampleEvent {
  readonly type: WebhookEvent['type'];
  /** Overrides of `webhookPayload`. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

const contents: Readonly<Record<string, object>> = {
  text: { body: 'Do you have rye bread today?' },
  image: { caption: 'Front window' },
  video: { caption: 'The queue outside' },
  audio: { voice: true },
  document: { filename: 'order.pdf' },
  sticker: { animated: false },
  location: { latitude: 59.3293, longitude: 18.0686, name: 'Old Town' },
  contacts: [{ name: { formatted_name: 'Jonas Weber', first_name: 'Jonas' }, phones: [{ phone: '+1 555 010 0988' }] }],
  button: { text: 'Yes', payload: 'yes' },
  interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } },
  reaction: { message_id: 'wamid.HBgLMTU1NTAxMDA5ODcVAgARGBI1RTdBM0QyQjRGMTZDOEUwOTEA', emoji: '👍' },
  order: { catalog_id: '1', product_items: [{ product_retailer_id: 'rye', quantity: 2, item_price: 6.5, currency: 'EUR' }] },
};
const statuses: readonly string[] = ['sent', 'delivered', 'read', 'played', 'failed'];
const variants: Readonly<Record<string, readonly string[]>> = {
  message: Object.keys(contents),
  echo: Object.keys(contents).filter((type) => type !== 'button' && type !== 'interactive'),
  status: statuses,
};

/** Returns the content of the sample message of an event, for example of `message.image`. It is a text if the event doesn't name a type. */
export function sampleContent(name: string): FakeTypedContent {
  const variant = name.slice(name.lastIndexOf('.') + 1);
  const type = Object.hasOwn(contents, variant) ? variant : 'text';
  return { type, [type]: contents[type] };
}

/** All names that {@link sampleEvent} knows, for example `message.image`. */
export function sampleEventNames(): readonly string[] {
  return payloadTypes().flatMap((type) => [type, ...(variants[type] ?? []).map((variant) => `${type}.${variant}`)]);
}

/**
 * Returns a sample of an event by its name: a type of event, or a type with the kind of message or status.
 *
 * @throws `InvalidArgumentError` if there is no such event
 */
export function sampleEvent(name: string): SampleEvent {
  const types = payloadTypes();
  const exact = types.find((type) => type === name);
  if (exact) return { type: exact, overrides: {} };
  const dot = name.lastIndexOf('.');
  const type = types.find((known) => known === name.slice(0, dot));
  const variant = name.slice(dot + 1);
  if (!type || hasExample(type) || !variants[type]?.includes(variant))
    throw new InvalidArgumentError(
      'sampleEvent',
      'event',
      `is unknown: ${JSON.stringify(name)}. Known events: ${sampleEventNames().join(', ')}`,
    );
  if (type === 'status') {
    const errors = [{ code: 131026, title: 'Message undeliverable', message: 'Message undeliverable' }];
    return { type, overrides: { status: { status: variant, ...(variant === 'failed' && { errors }) } } };
  }
  return { type, overrides: { message: { type: variant, [variant]: contents[variant] } } };
}
