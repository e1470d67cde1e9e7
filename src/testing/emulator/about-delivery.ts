import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { parseWebhook } from '../../webhooks/parsing/parse-webhook.js';

/** Maximum size of a body that is read. Larger ones, such as a history of thousands of messages, are described by their size. */
const mostCharacters = 20_000;

/** What a webhook request holds, in a few words: its events, as the library names them. */
export function aboutDelivery(body: string): string {
  if (body.length > mostCharacters) return `${String(Math.round(body.length / 1024))} kB`;
  const counts = new Map<string, number>();
  for (const event of parseWebhook(JSON.parse(body))) {
    const words = wordsOf(event);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return Array.from(counts, ([words, count]) => (count === 1 ? words : `${String(count)} × ${words}`)).join(', ');
}

function wordsOf(event: WebhookEvent): string {
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
