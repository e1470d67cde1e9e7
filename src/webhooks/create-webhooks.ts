import { systemClock, type Clock } from '../runtime/clock.js';
import { createEmitter, type Subscribable } from '../runtime/emitter.js';
import { noInstrument, type Instrument } from '../runtime/instrument.js';
import { silentLogger, type Logger } from '../runtime/logger.js';
import { memoryStore } from '../stores/memory.js';
import type { Store } from '../stores/store.js';
import { createDispatcher } from './dispatcher.js';
import { parseWebhook } from './parse.js';
import { createReceiver } from './receiver.js';
import type { WebhookEvents } from './received-event.js';
import { createCounters, statsOf, type WebhookStats } from './stats.js';

/** Options of {@link createWebhooks}. */
export interface WebhooksOptions {
  /** The Meta app's secret, which signs deliveries; during a rotation several, newest first. */
  readonly appSecret: string | readonly string[];
  /** The word that you gave Meta for the handshake. */
  readonly verifyToken: string;
  /**
   * Remembers for 8 days which events were handled, so that copies are not handled again. Processes that share a store share that memory.
   * @defaultValue `memoryStore()`: this process's memory
   */
  readonly store?: Store;
  /** The most bytes of a delivery; Meta's limit is 3 MB. @defaultValue 3 MiB */
  readonly maxBytes?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Is told of handlers that fail. @defaultValue writes nothing */
  readonly logger?: Logger;
  /** Wraps the handling of each event (`webhooks.handle`). @defaultValue runs it */
  readonly instrument?: Instrument;
}

/** A delivery whose signature was checked before, as a queue hands it over. */
export interface WebhookDelivery {
  /** Meta's JSON, parsed. */
  readonly body: unknown;
  /** Names it in its events. @defaultValue a random one */
  readonly id?: string;
  /** When it arrived. @defaultValue now */
  readonly receivedAt?: Date;
  /** Which app secret it was signed with. @defaultValue 0 */
  readonly secretIndex?: number;
}

/**
 * Receives webhooks and hands their events to handlers.
 *
 * Each event reaches its handlers at least once, and once per success: copies are told by `event.key`. Events of one customer are handled
 * in the order in which they arrived, customers side by side, and what is live never waits for history or contacts.
 */
export interface Webhooks extends Subscribable<WebhookEvents>, AsyncDisposable {
  /**
   * Answers a request of Meta's; for every framework that speaks `Request` and `Response`. May be passed around by itself.
   *
   * 200 once every event is handled; 500 if a handler failed, and then Meta delivers again, for up to 7 days with falling frequency, and
   * only the failed event is handled again; 401 for a wrong or missing signature; 413 beyond `maxBytes`, before reading on; 400 for what is
   * no JSON; 403 for a handshake with another token; 405 for other methods; 503 once closed. Never rejects.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Handles a delivery that was received elsewhere, as by a worker of your own queue. Its signature must have been checked.
   * @throws `DeliveryNotHandledError` if some of its events must be handed over again: let the queue repeat the delivery.
   */
  process(delivery: WebhookDelivery): Promise<void>;
  /** What became of everything so far. */
  stats(): WebhookStats;
  /** The most bytes of a delivery. */
  readonly maxBytes: number;
  /** Takes no more deliveries (503) and waits for the handlers that are running. The store stays open. */
  close(): Promise<void>;
}

/** A little above Meta's limit of 3 MB. Source: Meta, Webhooks overview (Nov 2025). */
const defaultMaxBytes = 3 * 1024 * 1024;

/**
 * Makes a receiver of Meta's webhooks: one endpoint, however many numbers and WABAs.
 *
 * @throws `TypeError` if `appSecret` or `verifyToken` is empty, as when an environment variable is missing.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', (event) => {
 *   if (event.message.type === 'text') console.log(event.customer?.waId, 'wrote', event.message.text.body);
 * });
 * webhooks.on('echo', (event) => {
 *   console.log('somebody answered in the app', event.message.id);
 * });
 * export default { fetch: webhooks.fetch };
 * ```
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { verifyToken, maxBytes = defaultMaxBytes, clock = systemClock, logger = silentLogger, instrument = noInstrument } = options;
  const secrets = typeof options.appSecret === 'string' ? [options.appSecret] : [...options.appSecret];
  // Typed as strings, but an environment variable that is not set gets past that.
  if (secrets.length === 0 || secrets.some((secret) => !secret)) throw new TypeError('createWebhooks: appSecret is empty.');
  if (!verifyToken) throw new TypeError('createWebhooks: verifyToken is empty.');

  const emitter = createEmitter<WebhookEvents>();
  const counters = createCounters();
  const store = options.store ?? memoryStore({ clock });
  const dispatcher = createDispatcher({ emitter, store, clock, logger, instrument, counters });
  const receive = createReceiver({
    secrets,
    verifyToken,
    maxBytes,
    clock,
    logger,
    counters,
    take: (body, delivery) => dispatcher.handle(parseWebhook(body), delivery),
  });

  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  const track = async <Result>(work: Promise<Result>): Promise<Result> => {
    running.add(work);
    try {
      return await work;
    } finally {
      running.delete(work);
    }
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    await Promise.allSettled(running);
  };

  return {
    on: (name, handler) => {
      emitter.on(name, handler);
    },
    once: (name, handler) => {
      emitter.once(name, handler);
    },
    off: (name, handler) => {
      emitter.off(name, handler);
    },
    fetch: (request) => (isClosed ? Promise.resolve(new Response(null, { status: 503 })) : track(receive(request))),
    process: ({ body, id = crypto.randomUUID(), receivedAt = new Date(clock.now()), secretIndex = 0 }) => {
      counters.deliveries += 1;
      return track(dispatcher.handle(parseWebhook(body), { id, receivedAt, secretIndex }));
    },
    stats: () => statsOf(counters),
    maxBytes,
    close,
    [Symbol.asyncDispose]: close,
  };
}
