import type { Clock } from '../runtime/clock.js';
import { isRecord, type JsonValue } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { ListedEntry, Store } from '../stores/store.js';
import type { DispatchResult } from './dispatcher.js';
import type { WebhookEvent } from './events/event.js';

/** A delivery as it lies in the inbox. */
export interface InboxDelivery {
  readonly id: string;
  /** Meta's JSON, as text. */
  readonly text: string;
  readonly receivedAtMs: number;
  readonly secretIndex: number;
  /** Keys of the events to hand over. @defaultValue all */
  readonly only?: readonly string[];
}

/** A delivery that was given up on. */
export interface DeadLetter {
  readonly id: string;
  readonly receivedAt: Date;
  readonly failedAt: Date;
  /** How often its events were tried. */
  readonly attempts: number;
  /** What the last try failed with. */
  readonly error: string;
  /** Meta's JSON, parsed. */
  readonly body: unknown;
}

/** Deliveries that were given up on: to be looked at, tried again, or thrown away. */
export interface DeadLetters {
  /** In the order of their ids. */
  list(): AsyncIterable<DeadLetter>;
  /** Puts one back into the inbox, as if it had just arrived. Answers whether it was there. */
  retry(id: string): Promise<boolean>;
  /** Throws one away. Answers whether it was there. */
  delete(id: string): Promise<boolean>;
}

/** How patient the inbox is. */
export interface InboxRetryOptions {
  /** Tries after which a delivery is given up on. @defaultValue 12, over about an hour */
  readonly maxAttempts?: number;
  /** Milliseconds before the second try; they double with each further one. @defaultValue 1000 */
  readonly firstDelayMs?: number;
  /** The most milliseconds between two tries. @defaultValue 900 000 (15 minutes) */
  readonly maxDelayMs?: number;
}

/** What an inbox works with. */
export interface InboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retry: InboxRetryOptions;
  /** Milliseconds for which events without a tenant are tried again. */
  readonly parkMs: number;
  /** Hands a delivery's events to the handlers. `isLast`: what is still unrouted is told as such. */
  readonly run: (delivery: InboxDelivery, isLast: boolean) => Promise<DispatchResult>;
}

/** Durable deliveries, handed to the handlers by a worker in this process, or by another on the same store if this one dies. */
export interface Inbox {
  /** Resolves once the delivery is durable. One that lies there already is left as it is. */
  take(delivery: InboxDelivery): Promise<void>;
  /** Begins with what lies there from before. */
  start(): void;
  readonly deadLetters: DeadLetters;
  /** Takes nothing more in hand and waits for what is; the rest stays in the store. */
  close(): Promise<void>;
}

const bodies = 'webhooks/inbox/';
const dues = 'webhooks/due/';
const deads = 'webhooks/dead/';

/** How long a process that fell silent keeps a delivery from the others, and how often one that lives renews its hold. */
const leaseMs = 30_000;
const renewEveryMs = 10_000;
/** How often the store is looked at for what another process left behind. */
const pollMs = 5_000;
/** The most deliveries that are in hand at once; the rest waits in the store, not in memory. */
const mostInHand = 128;

/** What stands beside a delivery: how far it is. Small, because it is listed and rewritten; the body is neither. */
interface Progress {
  readonly attempts: number;
  readonly only?: readonly string[];
}

/** Makes an {@link Inbox}. What is due comes first in the order of keys, so looking for work reads nothing else. */
export function createInbox({ store, clock, logger, retry, parkMs, run }: InboxOptions): Inbox {
  const { maxAttempts = 12, firstDelayMs = 1_000, maxDelayMs = 900_000 } = retry;
  const inHand = new Set<Promise<void>>();
  let isClosed = false;
  /** Whether something may wait in the store that came before what comes now: then nothing new goes ahead of it. */
  let hasBacklog = true;
  /** Deliveries that are being written to wait: what comes meanwhile must not go ahead of them. */
  let queueing = 0;
  let written = 0;
  const due = (dueAtMs: number, id: string): string => dueKey(dueAtMs, written++, id);
  let looking: Promise<void> | undefined;
  /** Whether something was put there during a look, which may have missed it. */
  let looksAgain = false;
  let cancelTimer: () => void = () => undefined;

  const lookLater = (delayMs: number): void => {
    cancelTimer();
    if (!isClosed) cancelTimer = clock.schedule(look, delayMs);
  };
  const look = (): void => {
    if (isClosed) return;
    if (looking) {
      looksAgain = true;
      return;
    }
    looksAgain = false;
    looking = takeDue()
      .catch((error: unknown) => {
        logger.error('the webhook inbox could not be read; trying again', { error });
        return pollMs;
      })
      .then((delayMs) => {
        looking = undefined;
        if (inHand.size >= mostInHand) return;
        if (looksAgain) look();
        else lookLater(delayMs);
      });
  };

  /** Takes in hand what is due, oldest first, and tells when to look again. */
  const takeDue = async (): Promise<number> => {
    while (!isClosed && inHand.size < mostInHand) {
      const page = await store.list(dues, { limit: mostInHand - inHand.size });
      for (const entry of page) {
        const waitMs = dueOf(entry.key).dueAtMs - clock.now();
        if (waitMs > 0) {
          hasBacklog = looksAgain || queueing > 0;
          return Math.min(waitMs, pollMs);
        }
        await takeInHand(entry);
      }
      if (page.length === 0) {
        hasBacklog = looksAgain || queueing > 0;
        return pollMs;
      }
    }
    return pollMs;
  };

  const takeInHand = async (entry: ListedEntry): Promise<void> => {
    if (isClosed) return;
    const { id } = dueOf(entry.key);
    const progress = progressOf(entry.value);
    const held = due(clock.now() + leaseMs, id);
    const isOurs = await store.batch([
      { type: 'delete', key: entry.key, ifVersion: entry.version },
      { type: 'set', key: held, value: entry.value },
    ]);
    if (!isOurs) return;
    const body = bodyOf(id, (await store.get(bodies + id))?.value);
    if (body) work({ ...body, ...(progress.only && { only: progress.only }) }, progress, held);
    else await store.delete(held);
  };

  /** Hands a delivery over, and looks after its hold until that is done. */
  const work = (delivery: InboxDelivery, progress: Progress, firstHeld: string): void => {
    let held = firstHeld;
    let isOver = false;
    let renewal: Promise<void> = Promise.resolve();
    let cancelRenewal: () => void = () => undefined;
    const renewLater = (): void => {
      cancelRenewal = clock.schedule(() => {
        renewal = renew().catch((error: unknown) => {
          logger.warn('the hold on a webhook delivery could not be renewed', { id: delivery.id, error });
        });
      }, renewEveryMs);
    };
    const renew = async (): Promise<void> => {
      const next = due(clock.now() + leaseMs, delivery.id);
      await store.batch([
        { type: 'delete', key: held },
        { type: 'set', key: next, value: valueOf(progress) },
      ]);
      held = next;
      if (!isOver) renewLater();
    };
    renewLater();
    const working = run(delivery, delivery.receivedAtMs + parkMs <= clock.now())
      .then(async (result) => {
        isOver = true;
        cancelRenewal();
        await renewal;
        await settle(delivery, progress, held, result);
      })
      .catch((error: unknown) => {
        // The hold runs out by itself, and the delivery is taken up again.
        logger.error('a webhook delivery could not be settled; it is taken up again', { id: delivery.id, error });
      })
      .finally(() => {
        isOver = true;
        cancelRenewal();
        inHand.delete(working);
        look();
      });
    inHand.add(working);
  };

  /** Writes down what became of a delivery: done, to be tried again, or given up on. */
  const settle = async (delivery: InboxDelivery, progress: Progress, held: string, result: DispatchResult): Promise<void> => {
    const { id } = delivery;
    const { failures, pending, unrouted } = result;
    if (failures.length + pending + unrouted.length === 0) {
      await store.batch([
        { type: 'delete', key: held },
        { type: 'delete', key: bodies + id },
      ]);
      return;
    }
    const attempts = progress.attempts + (failures.length > 0 ? 1 : 0);
    if (attempts >= maxAttempts) {
      logger.error('a webhook delivery was given up on; it lies among the dead letters', { id, attempts, error: failures[0] });
      const value = { attempts, failedAtMs: clock.now(), error: String(failures[0]), ...(progress.only && { only: progress.only }) };
      await store.batch([
        { type: 'delete', key: held },
        { type: 'set', key: deads + id, value },
      ]);
      return;
    }
    const tries = Math.max(1, attempts);
    const delayMs = failures.length > 0 ? Math.min(maxDelayMs, firstDelayMs * 2 ** (tries - 1)) : firstDelayMs;
    await store.batch([
      { type: 'delete', key: held },
      { type: 'set', key: due(clock.now() + delayMs, id), value: valueOf({ ...progress, attempts }) },
    ]);
  };

  return {
    async take(delivery) {
      const goesAhead = !isClosed && !hasBacklog && inHand.size < mostInHand;
      const progress: Progress = { attempts: 0, ...(delivery.only && { only: delivery.only }) };
      const key = due(clock.now() + (goesAhead ? leaseMs : 0), delivery.id);
      const { text, receivedAtMs, secretIndex } = delivery;
      if (!goesAhead) queueing += 1;
      try {
        const isNew = await store.batch([
          { type: 'setIfAbsent', key: bodies + delivery.id, value: { text, receivedAtMs, secretIndex } },
          { type: 'set', key, value: valueOf(progress) },
        ]);
        if (isNew && goesAhead) work(delivery, progress, key);
      } finally {
        if (!goesAhead) {
          queueing -= 1;
          hasBacklog = true;
          look();
        }
      }
    },
    start: look,
    deadLetters: {
      async *list() {
        for (let after: string | undefined; ;) {
          const page = await store.list(deads, { limit: 100, ...(after !== undefined && { after }) });
          for (const { key, value } of page) {
            const id = key.slice(deads.length);
            const body = bodyOf(id, (await store.get(bodies + id))?.value);
            if (body) yield deadLetterOf(body, value);
          }
          after = page.at(-1)?.key;
          if (after === undefined) return;
        }
      },
      async retry(id) {
        const entry = await store.get(deads + id);
        if (!entry) return false;
        const { only } = progressOf(entry.value);
        const isBack = await store.batch([
          { type: 'delete', key: deads + id, ifVersion: entry.version },
          { type: 'set', key: due(clock.now(), id), value: valueOf({ attempts: 0, ...(only && { only }) }) },
        ]);
        look();
        return isBack;
      },
      async delete(id) {
        const entry = await store.get(deads + id);
        return (
          entry !== undefined &&
          store.batch([
            { type: 'delete', key: deads + id, ifVersion: entry.version },
            { type: 'delete', key: bodies + id },
          ])
        );
      },
    },
    async close() {
      isClosed = true;
      cancelTimer();
      await looking;
      await Promise.allSettled(inHand);
    },
  };
}

/** The events of a delivery that are to be handed over. */
export function eventsOf(events: readonly WebhookEvent[], only: readonly string[] | undefined): readonly WebhookEvent[] {
  if (!only) return events;
  const keys = new Set(only);
  return events.filter(({ key }) => keys.has(key));
}

/** Sorts by time, then by the order in which a process wrote what is due at the same millisecond. */
function dueKey(dueAtMs: number, sequence: number, id: string): string {
  return `${dues}${String(Math.max(0, Math.ceil(dueAtMs))).padStart(15, '0')}-${String(sequence).padStart(12, '0')}/${id}`;
}

function dueOf(key: string): { readonly dueAtMs: number; readonly id: string } {
  const rest = key.slice(dues.length);
  return { dueAtMs: Number(rest.slice(0, 15)), id: rest.slice(rest.indexOf('/') + 1) };
}

function valueOf({ attempts, only }: Progress): JsonValue {
  return { attempts, ...(only && { only }) };
}

function progressOf(value: JsonValue): Progress {
  const record = isRecord(value) ? value : {};
  const only = Array.isArray(record.only) ? record.only.filter((key) => typeof key === 'string') : undefined;
  return { attempts: typeof record.attempts === 'number' ? record.attempts : 0, ...(only && { only }) };
}

function bodyOf(id: string, value: JsonValue | undefined): InboxDelivery | undefined {
  if (!isRecord(value) || typeof value.text !== 'string') return undefined;
  const { text, receivedAtMs, secretIndex } = value;
  return {
    id,
    text,
    receivedAtMs: typeof receivedAtMs === 'number' ? receivedAtMs : 0,
    secretIndex: typeof secretIndex === 'number' ? secretIndex : 0,
  };
}

function deadLetterOf({ id, text, receivedAtMs }: InboxDelivery, value: JsonValue): DeadLetter {
  const record = isRecord(value) ? value : {};
  return {
    id,
    receivedAt: new Date(receivedAtMs),
    failedAt: new Date(typeof record.failedAtMs === 'number' ? record.failedAtMs : 0),
    attempts: typeof record.attempts === 'number' ? record.attempts : 0,
    error: typeof record.error === 'string' ? record.error : '',
    body: JSON.parse(text) as unknown,
  };
}
