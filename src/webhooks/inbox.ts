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

/** Dependencies of {@link createInbox}. */
export interface InboxOptions extends InboxDeliveriesOptions {
  /** Returns the claim to write together with a new delivery, if it has one event that only one process may handle. */
  readonly reserve: (events: readonly WebhookEvent[]) => ReservedClaim | undefined;
  /**
   * Calls the handlers of the events. `isLast`: emits events without a tenant as `unrouted`. `claims`: replaces the
   * default claims.
   */
  readonly run: (
    events: readonly WebhookEvent[],
    delivery: InboxDelivery,
    isLast: boolean,
    claims: Claims | undefined,
  ) => HandlingResult | Promise<HandlingResult>;
}

/**
 * Durable deliveries. A worker in this process calls the handlers. If the process crashes, a worker of another process
 * on the same store takes over.
 */
export interface Inbox {
  /** Stores a delivery. Resolves when it is durable, with whether it is new. A stored one stays unchanged. */
  take(delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<boolean>;
  /** Starts to process the stored deliveries. */
  start(): void;
  readonly deadLetters: DeadLetters;
  /** Accepts no more work and waits for work in progress. Other deliveries stay in the store. */
  close(): Promise<void>;
}

/**
 * Interval of the search for deliveries of other processes, and for those behind deliveries that wait for a free slot.
 */
const pollMs = 5_000;
/** Number of due entries per read, and maximum per search. */
const pageLength = 64;
const maxSearched = 20_000;

/** Creates an {@link Inbox}. Due deliveries are first in the order of keys, so a search reads nothing else. */
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
  readonly #inProgress = new Map<string, Promise<void>>();
  readonly #scheduler = createScheduler(schedulerLimits.deliveries);
  #isClosed = false;
  /**
   * Customers who may have waiting deliveries in the store. New deliveries of these customers must wait too.
   * `undefined` before the first search.
   */
  #waiting: WaitingKeys | undefined;
  /**
   * Queues of waiting deliveries that are being written, or were written since the last search started. The search may
   * have missed them.
   */
  readonly #queueing = new Set<QueueKey>();
  #queued: QueueKey[] = [];
  #looking: Promise<void> | undefined;
  /** The next search, if one was requested during the current one, which may have missed entries. */
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
    await Promise.allSettled(this.#inProgress.values());
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
        // An incomplete search doesn't postpone the next one.
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
   * Starts due deliveries that have a free slot, oldest first. Returns the time of the next search. A thorough search
   * also reads behind deliveries that wait for a slot. Any other search stops after a full page, and then returns no
   * time.
   */
  async #takeDue(isThorough: boolean): Promise<number | undefined> {
    const passed = createWaitingKeys();
    this.#queued = [];
    let after: string | undefined;
    for (let lookedAt = 0; lookedAt < maxSearched && !this.#isClosed; lookedAt += pageLength) {
      const page: DuePage = await readDue(this.#store, dues, { nowMs: this.#clock.now(), limit: pageLength, after });
      const admitted = page.due.filter((entry) => this.#admits(entry, passed));
      // Acquired together to save commits, but started one after the other, in order.
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

  /** Called after a complete search. Skipped deliveries wait, and so do those that were written in the meantime. */
  #knowWaiting(passed: WaitingKeys): void {
    for (const queueKey of [...this.#queueing, ...this.#queued]) passed.add(queueKey);
    this.#waiting = passed;
  }

  /** Starts entries that have a free slot, in the order of each customer. */
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
    // A delivery in progress here isn't due, unless its renewal was late.
    const isFree = !this.#isClosed && !this.#inProgress.has(id);
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

  /** Acquires a delivery. Releases its slot if that fails. */
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

  /** Handles a delivery that has a slot. */
  #work(loaded: LoadedDelivery): void {
    const { id, delivery, events } = loaded;
    const handle = async (): Promise<'done' | 'open'> =>
      await this.#deliveries.settle(
        loaded,
        await this.#run(events, delivery, delivery.receivedAtMs + this.#parkMs <= this.#clock.now(), loaded.claim),
      );
    const working = handle()
      .catch((error: unknown) => {
        // The lease will expire, and the delivery will be handled again.
        this.#logger.error('webhook.delivery_not_settled', { id, error });
        return 'open' as const;
      })
      .then((progress) => {
        this.#leave(loaded);
        this.#inProgress.delete(id);
        // Most deliveries are done, and no other delivery waits for the slot.
        if (progress !== 'done' || !this.#waiting?.isEmpty()) this.#look();
      });
    this.#inProgress.set(id, working);
  }
}

/** Returns the events of a delivery to handle. */
export function eventsOf(events: readonly WebhookEvent[], only: readonly string[] | undefined): readonly WebhookEvent[] {
  if (!only) return events;
  const keys = new Set(only);
  return events.filter(({ key }) => keys.has(key));
}
