import type { WebhookEvent } from '../../../webhooks/fields/registry.js';
import { parseWebhook } from '../../../webhooks/parsing/parse-webhook.js';
import type { FakeDelivery } from '../../fake/fake-delivery.js';

/** Maximum size of a body that is read. Larger ones, such as a history of thousands of messages, are described by their size. */
const maxCharacters = 20_000;
const maxExcerpt = 60;

/** What the log shows of a delivery. */
export interface DeliverySummary {
  /** Its events, with the names of the library. */
  readonly about: string;
  /** The customer and the text of its message, if it contains only one event. */
  readonly excerpt?: string;
}

/** Summaries of deliveries that were shown before. */
const known = new WeakMap<object, DeliverySummary>();

/** Describes a webhook request in a few words. */
export function summarizeDelivery(delivery: Pick<FakeDelivery, 'body'>): DeliverySummary {
  const summary = known.get(delivery) ?? summarizeBody(delivery.body);
  known.set(delivery, summary);
  return summary;
}

/** Describes the events of a webhook body. */
export function summarizeBody(body: string): DeliverySummary {
  if (body.length > maxCharacters) return { about: `${String(Math.round(body.length / 1024))} kB` };
  const events = [...parseWebhook(JSON.parse(body))];
  const counts = new Map<string, number>();
  for (const event of events) {
    const words = describeEvent(event);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const about = Array.from(counts, ([words, count]) => (count === 1 ? words : `${String(count)} × ${words}`)).join(', ');
  const [first, second] = events;
  const excerpt = first && !second ? excerptOf(first) : '';
  return { about, ...(excerpt !== '' && { excerpt }) };
}

/** The customer of an event, and the text of its message. */
function excerptOf(event: WebhookEvent): string {
  if (!('customer' in event)) return '';
  const { name, waId, userId } = event.customer;
  const message = 'message' in event ? event.message : undefined;
  const text = message?.type === 'text' && 'text' in message ? message.text.body.replace(/\s+/g, ' ') : '';
  const shown = text.length > maxExcerpt ? `${text.slice(0, maxExcerpt)}…` : text;
  return [name ?? waId ?? userId, shown].filter((part) => part !== undefined && part !== '').join(': ');
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
