import type { WebhookEvent } from '../../../webhooks/fields/registry.js';
import { parseWebhook } from '../../../webhooks/parsing/parse-webhook.js';
import type { FakeDelivery } from '../../fake/fake-delivery.js';

/** Maximum size of a body that is read. Larger ones, such as a history of thousands of messages, are described by their size. */
const maxCharacters = 20_000;
/** Descriptions of deliveries that were shown before. */
const known = new WeakMap<object, string>();

/** Describes a webhook request in a few words: its events, with the names of the library. */
export function aboutDelivery(delivery: Pick<FakeDelivery, 'body'>): string {
  const text = known.get(delivery) ?? describeBody(delivery.body);
  known.set(delivery, text);
  return text;
}

/** Describes the events of a webhook body. */
export function describeBody(body: string): string {
  if (body.length > maxCharacters) return `${String(Math.round(body.length / 1024))} kB`;
  const counts = new Map<string, number>();
  for (const event of parseWebhook(JSON.parse(body))) {
    const words = describeEvent(event);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return Array.from(counts, ([words, count]) => (count === 1 ? words : `${String(count)} × ${words}`)).join(', ');
}

function describeEvent(event: WebhookEvent): string {
  switch (event.type) {
    case 'message':
    case 'echo':
      return `${event.type} ${event.message.type}`;
    case 'status':
      return `status ${event.status.status}`;
    default:
      return event.type;
  }
}
