import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { ListedEntry, Store } from '../stores/store.js';
import { deadLetters, type DeadLetters } from './dead-letters.js';
import { describeFailure } from './describe-failure.js';
import type { DispatchResult } from './dispatcher.js';
import type { WebhookEvent } from './events/event.js';
import { inboxPlaceOf, inboxRooms, waitingPlaces, type InboxPlace } from './inbox-places.js';
import { bodies, bodyOf, deads, dueKey, dueOf, dues, progressOf, valueOf, type InboxDelivery, type Progress } from './inbox-records.js';

/** How patient the inbox is. */
export interface InboxRetryOptions {
  /** Tries after which a delivery is given up on. @defaultValue 12, over about half an hour */
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
  /** The events of a delivery. */
  readonly read: (delivery: InboxDelivery) => readonly WebhookEvent[];
  /** Hands a delivery's events to the handlers. `isLast`: what is still unrouted is told as such. */
  readonly run: (events: readonly WebhookEvent[], delivery: InboxDelivery, isLast: boolean) => Promise<DispatchResult>;
}

/** Durable deliveries, handed to the handlers by a worker in this process, or by another on the same store if this one dies. */
export interface Inbox {
  /** Resolves once the delivery is durable. One that lies there already is left as it is; answers whether this one is new. */
  take(delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<boolean>;
  /** Begins with what lies there from before. */
  start(): void;
  readonly deadLetters: DeadLetters;
  /** Takes nothing more in hand and waits for what is; the rest stays in the store. */
  close(): Promise<void>;
}

/** How long a process that fell silent keeps a delivery from the others, and how often one that lives renews its hold. */
const leaseMs = 30_000;
const renewEveryMs = 10_000;
/** How often the store is looked through for what another process left behind, and for what lies behind deliveries that wait for room. */
const pollMs = 5_000;
/** How much of what is due is read at a time, and at most in one look. */
const pageLength = 64;
const mostLookedAt = 20_000;

/** The key that holds a delivery for this process, and the version that it has as long as nobody else took the delivery over. */
interface Hold {
  readonly key: string;
  readonly version: string;
}

/** Makes an {@link Inbox}. What is due comes first in the order of keys, so looking for work reads nothing else. */
export function createInbox({ store, clock, logger, retry, parkMs, read, run }: InboxOptions): Inbox {
  const { maxAttempts = 12, firstDelayMs = 1_000, maxDelayMs = 900_000 } = retry;
  const inHand = new Map<string, Promise<void>>();
  const rooms = inboxRooms();
  let isClosed = false;
  /** Customers for whom something may wait in the store: then nothing new of theirs goes ahead of it. Unknown before the first look. */
  let waiting: ReturnType<typeof waitingPlaces> | undefined;
  /** Places of deliveries that are being written to wait, and of those written since the last look began, which may have missed them. */
  const queueing = new Set<InboxPlace>();
  let queued: InboxPlace[] = [];
  let written = 0;
  const due = (dueAtMs: number, id: string): string => dueKey(dueAtMs, written++, id);
  let looking: Promise<void> | undefined;
  /** What was asked for while a look was under way, which may have missed what it was asked for. */
  let nextLook: 'none' | 'quick' | 'thorough' = 'none';
  let cancelTimer: (() => void) | undefined;

  const lookLater = (delayMs: number): void => {
    cancelTimer?.();
    cancelTimer = isClosed
      ? undefined
      : clock.schedule(() => {
          cancelTimer = undefined;
          look('thorough');
        }, delayMs);
  };
  const look = (kind: 'quick' | 'thorough' = 'quick'): void => {
    if (isClosed) return;
    if (looking) {
      if (nextLook !== 'thorough') nextLook = kind;
      return;
    }
    looking = takeDue(kind === 'thorough' || waiting === undefined)
      .catch((error: unknown) => {
        logger.error('webhook.inbox_unreadable', { error });
        return pollMs;
      })
      .then((delayMs) => {
        looking = undefined;
        // A look that did not see everything puts off none that will.
        if (delayMs !== undefined || !cancelTimer) lookLater(delayMs ?? pollMs);
        const next = nextLook;
        nextLook = 'none';
        if (next !== 'none') look(next);
      });
  };

  /**
   * Takes in hand what is due and has room, oldest first, and tells when to look again. A thorough look reads on behind deliveries that wait
   * for room; any other ends where a whole page does, and tells nothing then.
   */
  const takeDue = async (isThorough: boolean): Promise<number | undefined> => {
    const passed = waitingPlaces();
    queued = [];
    let after: string | undefined;
    for (let lookedAt = 0; lookedAt < mostLookedAt && !isClosed; lookedAt += pageLength) {
      const page = await store.list(dues, { limit: pageLength, ...(after !== undefined && { after }) });
      let isFull = page.length > 0;
      for (const entry of page) {
        const waitMs = dueOf(entry.key).dueAtMs - clock.now();
        if (waitMs > 0) {
          knowWaiting(passed);
          return Math.min(waitMs, pollMs);
        }
        const { place } = progressOf(entry.value);
        if (passed.blocks(place) || !rooms.hasRoom(place)) {
          passed.add(place);
        } else {
          isFull = false;
          await takeInHand(entry);
        }
      }
      if (page.length < pageLength) {
        knowWaiting(passed);
        return pollMs;
      }
      after = page.at(-1)?.key;
      if (isFull && !isThorough) return undefined;
    }
    return pollMs;
  };
  /** Everything that is due has been seen: what was passed over waits, and what was written meanwhile. */
  const knowWaiting = (passed: ReturnType<typeof waitingPlaces>): void => {
    for (const place of [...queueing, ...queued]) passed.add(place);
    waiting = passed;
  };

  const takeInHand = async (entry: ListedEntry): Promise<void> => {
    const { id } = dueOf(entry.key);
    // What this process holds is due only where it came too late to renew.
    if (isClosed || inHand.has(id)) return;
    const progress = progressOf(entry.value);
    const hold = await moveHold(entry, due(clock.now() + leaseMs, id), progress);
    if (!hold) return;
    const body = bodyOf(id, (await store.get(bodies + id))?.value);
    if (!body) {
      logger.error('webhook.body_lost', { id });
      await store.delete(hold.key, { ifVersion: hold.version });
      return;
    }
    const delivery = { ...body, ...(progress.only && { only: progress.only }) };
    let events: readonly WebhookEvent[];
    try {
      events = read(delivery);
    } catch (error) {
      await giveUpOn(delivery, progress, hold, error);
      return;
    }
    rooms.enter(progress.place);
    work(delivery, events, progress, hold);
  };

  /** Moves a delivery to another due time; `undefined` if somebody else has done so. */
  const moveHold = async (from: Hold, key: string, progress: Progress): Promise<Hold | undefined> => {
    const versions = await store.batch([
      { type: 'delete', key: from.key, ifVersion: from.version },
      { type: 'set', key, value: valueOf(progress) },
    ]);
    const version = versions && versions[1];
    return version ? { key, version } : undefined;
  };

  /** Hands over a delivery that has entered its room, and looks after its hold until that is done. */
  const work = (delivery: InboxDelivery, events: readonly WebhookEvent[], progress: Progress, firstHold: Hold): void => {
    const { id } = delivery;
    let hold: Hold | undefined = firstHold;
    let isOver = false;
    let renewal: Promise<void> = Promise.resolve();
    let cancelRenewal: () => void = () => undefined;
    const renewLater = (): void => {
      cancelRenewal = clock.schedule(() => {
        renewal = renew();
      }, renewEveryMs);
    };
    const renew = async (): Promise<void> => {
      try {
        hold = hold && (await moveHold(hold, due(clock.now() + leaseMs, id), progress));
      } catch (error) {
        logger.warn('webhook.hold_not_renewed', { id, error });
      }
      if (!hold) logger.warn('webhook.delivery_taken_over', { id });
      else if (!isOver) renewLater();
    };
    renewLater();
    const working = run(events, delivery, delivery.receivedAtMs + parkMs <= clock.now())
      .then(async (result) => {
        isOver = true;
        cancelRenewal();
        await renewal;
        // Another process that took it over runs the handlers and records the result.
        if (hold) await settle(delivery, progress, hold, result);
      })
      .catch((error: unknown) => {
        // The hold runs out by itself, and the delivery is taken up again.
        logger.error('webhook.delivery_not_settled', { id, error });
      })
      .finally(() => {
        isOver = true;
        cancelRenewal();
        rooms.leave(progress.place);
        inHand.delete(id);
        look();
      });
    inHand.set(id, working);
  };

  /** Writes down what became of a delivery, unless somebody else holds it by now: done, to be tried again, or given up on. */
  const settle = async (delivery: InboxDelivery, progress: Progress, hold: Hold, result: DispatchResult): Promise<void> => {
    const { id } = delivery;
    const { failures, pending, unrouted } = result;
    const letGo = { type: 'delete', key: hold.key, ifVersion: hold.version } as const;
    if (failures.length + pending + unrouted.length === 0) {
      await store.batch([letGo, { type: 'delete', key: bodies + id }]);
      return;
    }
    const attempts = progress.attempts + (failures.length > 0 ? 1 : 0);
    if (attempts >= maxAttempts) {
      await giveUpOn(delivery, { ...progress, attempts }, hold, failures[0]);
      return;
    }
    const delayMs = failures.length > 0 ? Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1)) : patienceMs(delivery);
    await moveHold(hold, due(clock.now() + delayMs, id), { ...progress, attempts });
  };

  /** Moves a delivery to the dead letters. */
  const giveUpOn = async ({ id }: InboxDelivery, progress: Progress, hold: Hold, error: unknown): Promise<void> => {
    const isMoved = await store.batch([
      { type: 'delete', key: hold.key, ifVersion: hold.version },
      { type: 'set', key: deads + id, value: { ...valueOf(progress), failedAtMs: clock.now(), error: describeFailure(error) } },
    ]);
    if (isMoved) logger.error('webhook.dead_lettered', { id, attempts: progress.attempts, error });
  };

  /** What waits for a tenant or for another process is asked for at once, then ever more rarely, and once more when its time is up. */
  const patienceMs = ({ receivedAtMs }: InboxDelivery): number => {
    const ageMs = clock.now() - receivedAtMs;
    const delayMs = Math.min(maxDelayMs, Math.max(firstDelayMs, ageMs / 4));
    const leftMs = parkMs - ageMs;
    return leftMs > 0 ? Math.min(delayMs, leftMs) : delayMs;
  };

  return {
    async take(delivery, events) {
      const { id, text, receivedAtMs, secretIndex, only } = delivery;
      const place = inboxPlaceOf(events);
      const progress: Progress = { attempts: 0, place, ...(only && { only }) };
      const goesAhead = !isClosed && waiting !== undefined && !waiting.blocks(place) && rooms.hasRoom(place);
      const key = due(clock.now() + (goesAhead ? leaseMs : 0), id);
      const write = () =>
        store.batch([
          { type: 'setIfAbsent', key: bodies + id, value: { text, receivedAtMs, secretIndex } },
          { type: 'set', key, value: valueOf(progress) },
        ]);
      if (goesAhead) {
        rooms.enter(place);
        let version: string | false | undefined;
        try {
          const versions = await write();
          version = versions && versions[1];
        } finally {
          if (!version) rooms.leave(place);
        }
        if (version) work(delivery, events, progress, { key, version });
        return Boolean(version);
      }
      waiting?.add(place);
      queueing.add(place);
      try {
        return (await write()) !== false;
      } finally {
        queueing.delete(place);
        queued.push(place);
        look();
      }
    },
    start: look,
    deadLetters: deadLetters({ store, clock, due, look }),
    async close() {
      isClosed = true;
      cancelTimer?.();
      await looking;
      await Promise.allSettled(inHand.values());
    },
  };
}

/** The events of a delivery that are to be handed over. */
export function eventsOf(events: readonly WebhookEvent[], only: readonly string[] | undefined): readonly WebhookEvent[] {
  if (!only) return events;
  const keys = new Set(only);
  return events.filter(({ key }) => keys.has(key));
}
