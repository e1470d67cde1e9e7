import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { dueKey, readDue, type DueEntry, type DuePage } from '../stores/due-index.js';
import { acquireLease, acquireTogether, type Lease } from '../stores/lease.js';
import type { BatchResult, ListedEntry, Store, StoreOperation } from '../stores/store.js';
import type { Claims } from './claims.js';
import { deadLetters, type DeadLetters } from './dead-letters.js';
import { describeFailure } from './describe-failure.js';
import type { WebhookEvent } from './fields/registry.js';
import { bodies, bodyOf, deads, dues, progressOf, valueOf, type InboxDelivery, type Progress } from './inbox-records.js';
import { deliveryQueueKey, type QueueKey } from './queue-key.js';
import type { HandlingResult } from './received-event.js';
import type { ReservedClaim } from './reserved-claim.js';
import { createScheduler, createWaitingKeys, schedulerLimits, type WaitingKeys } from './scheduler.js';
import { claimLeaseMs } from './store-claims.js';

/** How patient the inbox is. */
export interface InboxRetryOptions {
  /** Tries after which a delivery is given up on. @defaultValue 12, over about half an hour */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds before the second try; they double with each further one. @defaultValue 1000 */
  readonly firstDelayMs?: number | undefined;
  /** The most milliseconds between two tries. @defaultValue 900 000 (15 minutes) */
  readonly maxDelayMs?: number | undefined;
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

/** Duration of the lease of a delivery. A reserved claim is renewed together with it, so it has the same duration. */
const leaseMs = claimLeaseMs;
/** Interval of the search for deliveries of other processes, and for those behind deliveries that wait for a free place. */
const pollMs = 5_000;
/** How much of what is due is read at a time, and at most in one look. */
const pageLength = 64;
const mostLookedAt = 20_000;

/** The key of the lease of a delivery, and its version as long as this process has the lease. */
interface Hold extends Pick<ListedEntry, 'key' | 'version'> {
  /** The version of the claim that was written together with the lease, if there is one. */
  readonly claimVersion?: string | undefined;
}

/** A delivery that this process has acquired. */
interface Acquired {
  readonly id: string;
  readonly progress: Progress;
  readonly lease: Lease<Hold>;
  /** Absent unless the claim was written together with the lease. */
  readonly claim: ReservedClaim | undefined;
}

/** An acquired delivery with its events. */
interface Ready extends Acquired {
  readonly delivery: InboxDelivery;
  readonly events: readonly WebhookEvent[];
}

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
  readonly #read: InboxOptions['read'];
  readonly #reserve: InboxOptions['reserve'];
  readonly #run: InboxOptions['run'];
  readonly #maxAttempts: number;
  readonly #firstDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #scheduler = createScheduler(schedulerLimits.deliveries);
  #isClosed = false;
  /** Customers for whom something may wait in the store: then nothing new of theirs goes ahead of it. Unknown before the first look. */
  #waiting: WaitingKeys | undefined;
  /** Queues of deliveries that are being written to wait, and of those written since the last look began, which may have missed them. */
  readonly #queueing = new Set<QueueKey>();
  #queued: QueueKey[] = [];
  #written = 0;
  #looking: Promise<void> | undefined;
  /** A search that was requested during another one, which may have missed its entries. */
  #nextLook: 'none' | 'quick' | 'thorough' = 'none';
  #cancelTimer: (() => void) | undefined;

  constructor({ store, clock, logger, retry, parkMs, read, reserve, run }: InboxOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#parkMs = parkMs;
    this.#read = read;
    this.#reserve = reserve;
    this.#run = run;
    const { maxAttempts = 12, firstDelayMs = 1_000, maxDelayMs = 900_000 } = retry;
    this.#maxAttempts = maxAttempts;
    this.#firstDelayMs = firstDelayMs;
    this.#maxDelayMs = maxDelayMs;
    this.deadLetters = deadLetters({
      store,
      clock,
      due: (dueAtMs, id) => this.#due(dueAtMs, id),
      look: () => {
        this.#look();
      },
    });
  }

  async take(delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<boolean> {
    const { id, text, receivedAtMs, secretIndex, only } = delivery;
    const queueKey = deliveryQueueKey(events);
    const progress: Progress = { attempts: 0, queueKey, ...(only && { only }) };
    const goesAhead =
      !this.#isClosed && this.#waiting !== undefined && !this.#waiting.blocks(queueKey) && this.#scheduler.hasSlot(queueKey);
    const key = this.#due(this.#clock.now() + (goesAhead ? leaseMs : 0), id);
    const write = async (ofClaim: readonly StoreOperation[]): Promise<Hold | undefined> => {
      const versions = await this.#store.batch([
        { type: 'setIfAbsent', key: bodies + id, value: { text, receivedAtMs, secretIndex } },
        { type: 'set', key, value: valueOf(progress) },
        ...ofClaim,
      ]);
      return holdOf(key, versions);
    };
    if (goesAhead) {
      this.#scheduler.takeSlot(queueKey);
      const claim = this.#reserve(events);
      // If another delivery contained the event, its usual claim decides.
      const writeBoth = async (): Promise<Hold | undefined> => (claim && (await write([claim.acquire()]))) ?? (await write([]));
      const acquired = await this.#acquire(id, progress, writeBoth, claim);
      if (acquired) this.#work({ ...acquired, delivery, events });
      return acquired !== undefined;
    }
    this.#waiting?.add(queueKey);
    this.#queueing.add(queueKey);
    try {
      return (await write([])) !== undefined;
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

  #due(dueAtMs: number, id: string): string {
    return dueKey(dues, dueAtMs, id, this.#written++);
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
      for (const ready of acquired) this.#work(ready);
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

  async #acquire(
    id: string,
    progress: Progress,
    write: () => Promise<Hold | undefined>,
    claim?: ReservedClaim,
  ): Promise<Acquired | undefined> {
    let lease: Lease<Hold> | undefined;
    try {
      lease = await acquireLease({
        clock: this.#clock,
        logger: this.#logger,
        durationMs: leaseMs,
        acquire: write,
        renew: (hold) => this.#moveHold(hold, this.#due(this.#clock.now() + leaseMs, id), progress, withClaim(hold, claim?.renew)),
        lost: { event: 'webhook.delivery_taken_over', facts: { id } },
        notRenewed: { event: 'webhook.hold_not_renewed', facts: { id } },
      });
    } finally {
      if (!lease) this.#scheduler.releaseSlot(progress.queueKey);
    }
    return lease && { id, progress, lease, claim: lease.acquired.claimVersion === undefined ? undefined : claim };
  }

  async #acquireDue(entry: DueEntry): Promise<Ready | undefined> {
    const { id } = entry;
    const progress = progressOf(entry.value);
    const acquired = await this.#acquire(id, progress, () =>
      // What this process holds is due only where it came too late to renew.
      this.#isClosed || this.#inHand.has(id)
        ? Promise.resolve(undefined)
        : this.#moveHold(entry, this.#due(this.#clock.now() + leaseMs, id), progress),
    );
    if (!acquired) return undefined;
    let ready: Ready | undefined;
    try {
      ready = await this.#prepare(acquired);
      return ready;
    } finally {
      if (!ready) this.#leave(acquired);
    }
  }

  /** Reads the body of a delivery. Removes one whose body is gone, and gives up on one that can't be read. */
  async #prepare(acquired: Acquired): Promise<Ready | undefined> {
    const { id, progress, lease } = acquired;
    const body = bodyOf(id, (await this.#store.get(bodies + id))?.value);
    if (!body) {
      this.#logger.error('webhook.body_lost', { id });
      await lease.release((hold) => this.#store.delete(hold.key, { ifVersion: hold.version }));
      return undefined;
    }
    const delivery = { ...body, ...(progress.only && { only: progress.only }) };
    try {
      return { ...acquired, delivery, events: this.#read(delivery) };
    } catch (error) {
      await this.#giveUpOn(acquired, error);
      return undefined;
    }
  }

  #leave({ progress, lease }: Acquired): void {
    lease.abandon();
    this.#scheduler.releaseSlot(progress.queueKey);
  }

  /** Moves a delivery to another due time. Returns `undefined` if another process did so. */
  async #moveHold(from: Hold, key: string, progress: Progress, ofClaim: readonly StoreOperation[] = []): Promise<Hold | undefined> {
    const versions = await this.#store.batch([
      { type: 'delete', key: from.key, ifVersion: from.version },
      { type: 'set', key, value: valueOf(progress) },
      ...ofClaim,
    ]);
    return holdOf(key, versions);
  }

  /** Handles a delivery that has a place. */
  #work(ready: Ready): void {
    const { id, delivery, events } = ready;
    const handle = async (): Promise<'done' | 'open'> =>
      await this.#settle(ready, await this.#run(events, delivery, delivery.receivedAtMs + this.#parkMs <= this.#clock.now(), ready.claim));
    const working = handle()
      .catch((error: unknown) => {
        // The lease expires, and the delivery is handled again.
        this.#logger.error('webhook.delivery_not_settled', { id, error });
        return 'open' as const;
      })
      .then((progress) => {
        this.#leave(ready);
        this.#inHand.delete(id);
        // Most deliveries are done, and nothing waits for their place.
        if (progress !== 'done' || !this.#waiting?.isEmpty()) this.#look();
      });
    this.#inHand.set(id, working);
  }

  /** Records the result of a delivery unless another process has it now: done, retry, or dead letter. */
  async #settle(ready: Ready, result: HandlingResult): Promise<'done' | 'open'> {
    const { id, delivery, progress, lease, claim } = ready;
    const { failures, pending, unrouted } = result;
    if (failures.length + pending + unrouted.length === 0) {
      await this.#remove(ready);
      return 'done';
    }
    const attempts = progress.attempts + (failures.length > 0 ? 1 : 0);
    if (attempts >= this.#maxAttempts) {
      await this.#giveUpOn({ ...ready, progress: { ...progress, attempts } }, failures[0]);
      return 'open';
    }
    const delayMs = failures.length > 0 ? Math.min(this.#maxDelayMs, this.#firstDelayMs * 2 ** (attempts - 1)) : this.#patienceMs(delivery);
    await lease.release(async (hold) =>
      Boolean(
        await this.#moveHold(hold, this.#due(this.#clock.now() + delayMs, id), { ...progress, attempts }, withClaim(hold, claim?.end)),
      ),
    );
    return 'open';
  }

  /** Removes a delivery that is done. If that fails, a record of the handled event keeps others from handling it again. */
  async #remove({ id, lease, claim }: Acquired): Promise<void> {
    let isRemoved = false;
    try {
      isRemoved = await lease.release(async (hold) => {
        const versions = await this.#store.batch([
          { type: 'delete', key: hold.key, ifVersion: hold.version },
          { type: 'delete', key: bodies + id },
          ...withClaim(hold, claim?.end),
        ]);
        return versions !== false;
      });
    } finally {
      const handled = isRemoved ? undefined : claim?.handled();
      if (handled) await this.#store.batch([handled]);
    }
  }

  /** Moves a delivery to the dead letters. */
  async #giveUpOn({ id, progress, lease, claim }: Acquired, error: unknown): Promise<void> {
    const isMoved = await lease.release(async (hold) => {
      const versions = await this.#store.batch([
        { type: 'delete', key: hold.key, ifVersion: hold.version },
        { type: 'set', key: deads + id, value: { ...valueOf(progress), failedAtMs: this.#clock.now(), error: describeFailure(error) } },
        ...withClaim(hold, claim?.end),
      ]);
      return versions !== false;
    });
    if (isMoved) this.#logger.error('webhook.dead_lettered', { id, attempts: progress.attempts, error });
  }

  /** Deliveries that wait for a tenant or another process are retried soon, then with growing delays, and one more time when their time ends. */
  #patienceMs({ receivedAtMs }: InboxDelivery): number {
    const ageMs = this.#clock.now() - receivedAtMs;
    const delayMs = Math.min(this.#maxDelayMs, Math.max(this.#firstDelayMs, ageMs / 4));
    const leftMs = this.#parkMs - ageMs;
    return leftMs > 0 ? Math.min(delayMs, leftMs) : delayMs;
  }
}

/** Returns the lease that a batch has written. Its second operation is the due key, and the third one is a claim. */
function holdOf(key: string, versions: BatchResult): Hold | undefined {
  if (!versions) return undefined;
  const [, version, claimVersion] = versions;
  return version === undefined ? undefined : { key, version, claimVersion };
}

/** Returns the operation of a claim that was written together with a lease. */
function withClaim({ claimVersion }: Hold, operation: ((version: string) => StoreOperation) | undefined): readonly StoreOperation[] {
  return operation && claimVersion !== undefined ? [operation(claimVersion)] : [];
}

/** Returns the events of a delivery to handle. */
export function eventsOf(events: readonly WebhookEvent[], only: readonly string[] | undefined): readonly WebhookEvent[] {
  if (!only) return events;
  const keys = new Set(only);
  return events.filter(({ key }) => keys.has(key));
}
