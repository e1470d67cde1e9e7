import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { readDue, type DueEntry, type DuePage } from '../stores/due-index.js';
import { acquireTogether } from '../stores/lease.js';
import type { Store } from '../stores/store.js';
import type { Claims } from './claims.js';
import { deadLetters, type DeadLetters } from './dead-letters.js';
import type { WebhookEvent } from './fields/registry.js';
import {
  createInboxDeliveries,
  type AcquiredDelivery,
  type InboxDeliveries,
  type InboxDeliveriesOptions,
  type LoadedDelivery,
} from './inbox-deliveries.js';
import { dues, progressOf, type InboxDelivery, type Progress } from './inbox-records.js';
import { deliveryQueueKey, type QueueKey } from './queue-key.js';
import type { HandlingResult } from './received-event.js';
import type { ReservedClaim } from './reserved-claim.js';
import { createScheduler, createWaitingKeys, schedulerLimits, type WaitingKeys } from './scheduler.js';

/** What an inbox works with. */
export interface InboxOptions extends InboxDeliveriesOptions {
  /** The claim to write together with a new delivery, if it has one event that only one process may handle. */
  readonly reserve: (events: readonly WebhookEvent[]) => ReservedClaim | undefined;
  /** Calls the handlers of a delivery's events. `isLast`: emits events without a tenant as `unrouted`. `claims`: instead of the usual ones. */
  readonly run: (
    events: readonly WebhookEvent[],
    delivery: InboxDelivery,
    isLast: boolean,
    claims: Claims | undefined,
  ) => HandlingResult | Promise<HandlingResult>;
}

/** Durable deliveries. A worker in this process calls the handlers, or a worker of another process on the store if this one dies. */
export interface Inbox {
  /** Resolves after the delivery is durable. Returns whether it is new. A stored one stays unchanged. */
  take(delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<boolean>;
  /** Starts with the stored deliveries. */
  start(): void;
  readonly deadLetters: DeadLetters;
  /** Takes nothing more in hand and waits for what is; the rest stays in the store. */
  close(): Promise<void>;
}

/** Interval of the search for deliveries of other processes, and for those behind deliveries that wait for a free place. */
const pollMs = 5_000;
/** How much of what is due is read at a time, and at most in one look. */
const pageLength = 64;
const mostLookedAt = 20_000;

/** Makes an {@link Inbox}. What is due comes first in the order of keys, so looking for work reads nothing else. */
export function createInbox(options: InboxOptions): Inbox {
  return new StoreInbox(options);
}

class StoreInbox implements Inbox {
  readonly deadLetters: DeadLetters;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #parkMs: number;
  readonly #reserve: InboxOptions['reserve'];
  readonly #run: InboxOptions['run'];
  readonly #deliveries: InboxDeliveries;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #scheduler = createScheduler(schedulerLimits.deliveries);
  #isClosed = false;
  /** Customers for whom something may wait in the store: then nothing new of theirs goes ahead of it. Unknown before the first look. */
  #waiting: WaitingKeys | undefined;
  /** Queues of deliveries that are being written to wait, and of those written since the last look began, which may have missed them. */
  readonly #queueing = new Set<QueueKey>();
  #queued: QueueKey[] = [];
  #looking: Promise<void> | undefined;
  /** A search that was requested during another one, which may have missed its entries. */
  #nextLook: 'none' | 'quick' | 'thorough' = 'none';
  #cancelTimer: (() => void) | undefined;

  constructor(options: InboxOptions) {
    const { store, clock, logger, parkMs, reserve, run } = options;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#parkMs = parkMs;
    this.#reserve = reserve;
    this.#run = run;
    this.#deliveries = createInboxDeliveries(options);
    this.deadLetters = deadLetters({
      store,
      clock,
      due: (dueAtMs, id) => this.#deliveries.dueKey(dueAtMs, id),
      look: () => {
        this.#look();
      },
    });
  }

  async take(delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<boolean> {
    const { only } = delivery;
    const queueKey = deliveryQueueKey(events);
    const progress: Progress = { attempts: 0, queueKey, ...(only && { only }) };
    const goesAhead =
      !this.#isClosed && this.#waiting !== undefined && !this.#waiting.blocks(queueKey) && this.#scheduler.hasSlot(queueKey);
    if (goesAhead) {
      this.#scheduler.takeSlot(queueKey);
      const acquired = await this.#acquireForSlot(queueKey, () => this.#deliveries.addAcquired(delivery, progress, this.#reserve(events)));
      if (acquired) this.#work({ ...acquired, delivery, events });
      return acquired !== undefined;
    }
    this.#waiting?.add(queueKey);
    this.#queueing.add(queueKey);
    try {
      return await this.#deliveries.add(delivery, progress);
    } finally {
      this.#queueing.delete(queueKey);
      this.#queued.push(queueKey);
      this.#look();
    }
  }

  start(): void {
    this.#look();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#looking;
    await Promise.allSettled(this.#inHand.values());
  }

  #look(kind: 'quick' | 'thorough' = 'quick'): void {
    if (this.#isClosed) return;
    if (this.#looking) {
      if (this.#nextLook !== 'thorough') this.#nextLook = kind;
      return;
    }
    this.#looking = this.#takeDue(kind === 'thorough' || this.#waiting === undefined)
      .catch((error: unknown) => {
        this.#logger.error('webhook.inbox_unreadable', { error });
        return pollMs;
      })
      .then((delayMs) => {
        this.#looking = undefined;
        // A look that did not see everything puts off none that will.
        if (delayMs !== undefined || !this.#cancelTimer) this.#lookLater(delayMs ?? pollMs);
        const next = this.#nextLook;
        this.#nextLook = 'none';
        if (next !== 'none') this.#look(next);
      });
  }

  #lookLater(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#isClosed
      ? undefined
      : this.#clock.schedule(() => {
          this.#cancelTimer = undefined;
          this.#look('thorough');
        }, delayMs);
  }

  /**
   * Starts due deliveries with a free place, oldest first, and returns the time of the next search. A thorough search
   * also reads behind deliveries that wait for a place. Any other search ends with a full page and returns no time then.
   */
  async #takeDue(isThorough: boolean): Promise<number | undefined> {
    const passed = createWaitingKeys();
    this.#queued = [];
    let after: string | undefined;
    for (let lookedAt = 0; lookedAt < mostLookedAt && !this.#isClosed; lookedAt += pageLength) {
      const page: DuePage = await readDue(this.#store, dues, { nowMs: this.#clock.now(), limit: pageLength, after });
      const admitted = page.due.filter((entry) => this.#admits(entry, passed));
      // Together, so that they cost one commit; begun one after the other, in their order.
      const acquired = await acquireTogether(
        admitted.map((entry) => this.#acquireDue(entry)),
        (each) => {
          this.#leave(each);
        },
      );
      for (const loaded of acquired) this.#work(loaded);
      ({ after } = page);
      if (after === undefined) {
        this.#knowWaiting(passed);
        return page.nextDueAtMs === undefined ? pollMs : Math.min(page.nextDueAtMs - this.#clock.now(), pollMs);
      }
      if (admitted.length === 0 && !isThorough) return undefined;
    }
    return pollMs;
  }

  /** Everything that is due has been seen: what was passed over waits, and what was written meanwhile. */
  #knowWaiting(passed: WaitingKeys): void {
    for (const queueKey of [...this.#queueing, ...this.#queued]) passed.add(queueKey);
    this.#waiting = passed;
  }

  /** Starts entries with a free place, in the order of each customer. */
  #admits({ value }: DueEntry, passed: WaitingKeys): boolean {
    const { queueKey } = progressOf(value);
    const isAdmitted = !passed.blocks(queueKey) && this.#scheduler.hasSlot(queueKey);
    if (isAdmitted) this.#scheduler.takeSlot(queueKey);
    else passed.add(queueKey);
    return isAdmitted;
  }

  async #acquireDue(entry: DueEntry): Promise<LoadedDelivery | undefined> {
    const { id } = entry;
    const { queueKey } = progressOf(entry.value);
    // Unless its renewal was late, a delivery in progress here isn't due.
    const isFree = !this.#isClosed && !this.#inHand.has(id);
    const acquired = await this.#acquireForSlot(queueKey, () => (isFree ? this.#deliveries.acquire(entry) : Promise.resolve(undefined)));
    if (!acquired) return undefined;
    let loaded: LoadedDelivery | undefined;
    try {
      loaded = await this.#deliveries.load(acquired);
      return loaded;
    } finally {
      if (!loaded) this.#leave(acquired);
    }
  }

  /** Acquires a delivery, or releases the slot that was taken for it. */
  async #acquireForSlot(queueKey: QueueKey, acquire: () => Promise<AcquiredDelivery | undefined>): Promise<AcquiredDelivery | undefined> {
    let acquired: AcquiredDelivery | undefined;
    try {
      acquired = await acquire();
      return acquired;
    } finally {
      if (!acquired) this.#scheduler.releaseSlot(queueKey);
    }
  }

  #leave({ progress, lease }: AcquiredDelivery): void {
    lease.abandon();
    this.#scheduler.releaseSlot(progress.queueKey);
  }

  /** Handles a delivery that has a place. */
  #work(loaded: LoadedDelivery): void {
    const { id, delivery, events } = loaded;
    const handle = async (): Promise<'done' | 'open'> =>
      await this.#deliveries.settle(
        loaded,
        await this.#run(events, delivery, delivery.receivedAtMs + this.#parkMs <= this.#clock.now(), loaded.claim),
      );
    const working = handle()
      .catch((error: unknown) => {
        // The lease expires, and the delivery is handled again.
        this.#logger.error('webhook.delivery_not_settled', { id, error });
        return 'open' as const;
      })
      .then((progress) => {
        this.#leave(loaded);
        this.#inHand.delete(id);
        // Most deliveries are done, and nothing waits for their place.
        if (progress !== 'done' || !this.#waiting?.isEmpty()) this.#look();
      });
    this.#inHand.set(id, working);
  }
}

/** Returns the events of a delivery to handle. */
export function eventsOf(events: readonly WebhookEvent[], only: readonly string[] | undefined): readonly WebhookEvent[] {
  if (!only) return events;
  const keys = new Set(only);
  return events.filter(({ key }) => keys.has(key));
}
