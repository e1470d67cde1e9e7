import type { SenderWebhooks } from 'wa-coexist';
import type { WebhookEvent } from 'wa-coexist/webhooks';

/** A webhook source for a sender. */
export function webhookSource() {
  const handlers = new Map<string, Set<(event: never) => void | Promise<void>>>();
  const of = (name: string) => {
    const found = handlers.get(name) ?? new Set();
    handlers.set(name, found);
    return found;
  };
  const source: SenderWebhooks = {
    on: (name: string, handler: (event: never) => void | Promise<void>) => void of(name).add(handler),
    off: (name: string, handler: (event: never) => void | Promise<void>) => void of(name).delete(handler),
  };
  return {
    source,
    count: () => [...handlers.values()].reduce((sum, { size }) => sum + size, 0),
    /** Passes an event to its handlers, and waits for them. */
    deliver: (event: WebhookEvent) =>
      // Each handler was registered under the name of its events.
      Promise.all([...of(event.type)].map(async (handler) => handler(event as never))),
  };
}
