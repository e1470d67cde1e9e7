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

/** How long a process that fell silent keeps a delivery from the others, and how often one that lives renews its hold. */
const leaseMs = 30_000;
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
export function createInbox({ store, clock, logger, retry, parkMs, read, reserve, run }: InboxOptions): Inbox {
  const { maxAttempts = 12, firstDelayMs = 1_000, maxDelayMs = 900_000 } = retry;
  const inHand = new Map<string, Promise<void>>();
  const scheduler = createScheduler(schedulerLimits.deliveries);
  let isClosed = false;
  /** Customers for whom something may wait in the store: then nothing new of theirs goes ahead of it. Unknown before the first look. */
  let waiting: WaitingKeys | undefined;
  /** Queues of deliveries that are being written to wait, and of those written since the last look began, which may have missed them. */
  const queueing = new Set<QueueKey>();
  let queued: QueueKey[] = [];
  let written = 0;
  const due = (dueAtMs: number, id: string): string => dueKey(dues, dueAtMs, id, written++);
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
   * Starts due deliveries with a free place, oldest first, and returns the time of the next search. A thorough search
   * also reads behind deliveries that wait for a place. Any other search ends with a full page and returns no time then.
   */
  const takeDue = async (isThorough: boolean): Promise<number | undefined> => {
    const passed = createWaitingKeys();
    queued = [];
    let after: string | undefined;
    for (let lookedAt = 0; lookedAt < mostLookedAt && !isClosed; lookedAt += pageLength) {
      const page: DuePage = await readDue(store, dues, { nowMs: clock.now(), limit: pageLength, after });
      const admitted = page.due.filter(admits(passed));
      // Together, so that they cost one commit; begun one after the other, in their order.
      const acquired = await acquireTogether(admitted.map(acquireDue), leave);
      acquired.forEach(work);
      ({ after } = page);
      if (after === undefined) {
        knowWaiting(passed);
        return page.nextDueAtMs === undefined ? pollMs : Math.min(page.nextDueAtMs - clock.now(), pollMs);
      }
      if (admitted.length === 0 && !isThorough) return undefined;
    }
    return pollMs;
  };
  /** Everything that is due has been seen: what was passed over waits, and what was written meanwhile. */
  const knowWaiting = (passed: WaitingKeys): void => {
    for (const queueKey of [...queueing, ...queued]) passed.add(queueKey);
    waiting = passed;
  };

  /** Starts entries with a free place, in the order of each customer. */
  const admits =
    (passed: WaitingKeys) =>
    ({ value }: DueEntry): boolean => {
      const { queueKey } = progressOf(value);
      const isAdmitted = !passed.blocks(queueKey) && scheduler.hasSlot(queueKey);
      if (isAdmitted) scheduler.takeSlot(queueKey);
      else passed.add(queueKey);
      return isAdmitted;
    };
  const acquire = async (
    id: string,
    progress: Progress,
    write: () => Promise<Hold | undefined>,
    claim?: ReservedClaim,
  ): Promise<Acquired | undefined> => {
    let lease: Lease<Hold> | undefined;
    try {
      lease = await acquireLease({
        clock,
        logger,
        durationMs: leaseMs,
        acquire: write,
        renew: (hold) => moveHold(hold, due(clock.now() + leaseMs, id), progress, withClaim(hold, claim?.renew)),
        lost: { event: 'webhook.delivery_taken_over', facts: { id } },
        notRenewed: { event: 'webhook.hold_not_renewed', facts: { id } },
      });
    } finally {
      if (!lease) scheduler.releaseSlot(progress.queueKey);
    }
    return lease && { id, progress, lease, claim: lease.acquired.claimVersion === undefined ? undefined : claim };
  };
  const acquireDue = async (entry: DueEntry): Promise<Ready | undefined> => {
    const { id } = entry;
    const progress = progressOf(entry.value);
    const acquired = await acquire(id, progress, () =>
      // What this process holds is due only where it came too late to renew.
      isClosed || inHand.has(id) ? Promise.resolve(undefined) : moveHold(entry, due(clock.now() + leaseMs, id), progress),
    );
    if (!acquired) return undefined;
    let ready: Ready | undefined;
    try {
      ready = await prepare(acquired);
      return ready;
    } finally {
      if (!ready) leave(acquired);
    }
  };
  /** Reads the body of a delivery. Removes one whose body is gone, and gives up on one that can't be read. */
  const prepare = async (acquired: Acquired): Promise<Ready | undefined> => {
    const { id, progress, lease } = acquired;
    const body = bodyOf(id, (await store.get(bodies + id))?.value);
    if (!body) {
      logger.error('webhook.body_lost', { id });
      await lease.release((hold) => store.delete(hold.key, { ifVersion: hold.version }));
      return undefined;
    }
    const delivery = { ...body, ...(progress.only && { only: progress.only }) };
    try {
      return { ...acquired, delivery, events: read(delivery) };
    } catch (error) {
      await giveUpOn(acquired, error);
      return undefined;
    }
  };
  const leave = ({ progress, lease }: Acquired): void => {
    lease.abandon();
    scheduler.releaseSlot(progress.queueKey);
  };

  /** Moves a delivery to another due time. Returns `undefined` if another process did so. */
  const moveHold = async (
    from: Hold,
    key: string,
    progress: Progress,
    ofClaim: readonly StoreOperation[] = [],
  ): Promise<Hold | undefined> => {
    const versions = await store.batch([
      { type: 'delete', key: from.key, ifVersion: from.version },
      { type: 'set', key, value: valueOf(progress) },
      ...ofClaim,
    ]);
    return holdOf(key, versions);
  };

  /** Handles a delivery that has a place. */
  const work = (ready: Ready): void => {
    const { id, delivery, events } = ready;
    const handle = async (): Promise<'done' | 'open'> =>
      await settle(ready, await run(events, delivery, delivery.receivedAtMs + parkMs <= clock.now(), ready.claim));
    const working = handle()
      .catch((error: unknown) => {
        // The lease expires, and the delivery is handled again.
        logger.error('webhook.delivery_not_settled', { id, error });
        return 'open' as const;
      })
      .then((progress) => {
        leave(ready);
        inHand.delete(id);
        // Most deliveries are done, and nothing waits for their place.
        if (progress !== 'done' || !waiting?.isEmpty()) look();
      });
    inHand.set(id, working);
  };

  /** Records the result of a delivery unless another process has it now: done, retry, or dead letter. */
  const settle = async (ready: Ready, result: HandlingResult): Promise<'done' | 'open'> => {
    const { id, delivery, progress, lease, claim } = ready;
    const { failures, pending, unrouted } = result;
    if (failures.length + pending + unrouted.length === 0) {
      await lease.release(async (hold) => {
        const versions = await store.batch([
          { type: 'delete', key: hold.key, ifVersion: hold.version },
          { type: 'delete', key: bodies + id },
          ...withClaim(hold, claim?.end),
        ]);
        return versions !== false;
      });
      return 'done';
    }
    const attempts = progress.attempts + (failures.length > 0 ? 1 : 0);
    if (attempts >= maxAttempts) {
      await giveUpOn({ ...ready, progress: { ...progress, attempts } }, failures[0]);
      return 'open';
    }
    const delayMs = failures.length > 0 ? Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1)) : patienceMs(delivery);
    await lease.release(async (hold) =>
      Boolean(await moveHold(hold, due(clock.now() + delayMs, id), { ...progress, attempts }, withClaim(hold, claim?.end))),
    );
    return 'open';
  };

  /** Moves a delivery to the dead letters. */
  const giveUpOn = async ({ id, progress, lease, claim }: Acquired, error: unknown): Promise<void> => {
    const isMoved = await lease.release(async (hold) => {
      const versions = await store.batch([
        { type: 'delete', key: hold.key, ifVersion: hold.version },
        { type: 'set', key: deads + id, value: { ...valueOf(progress), failedAtMs: clock.now(), error: describeFailure(error) } },
        ...withClaim(hold, claim?.end),
      ]);
      return versions !== false;
    });
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
      const queueKey = deliveryQueueKey(events);
      const progress: Progress = { attempts: 0, queueKey, ...(only && { only }) };
      const goesAhead = !isClosed && waiting !== undefined && !waiting.blocks(queueKey) && scheduler.hasSlot(queueKey);
      const key = due(clock.now() + (goesAhead ? leaseMs : 0), id);
      const write = async (ofClaim: readonly StoreOperation[]): Promise<Hold | undefined> => {
        const versions = await store.batch([
          { type: 'setIfAbsent', key: bodies + id, value: { text, receivedAtMs, secretIndex } },
          { type: 'set', key, value: valueOf(progress) },
          ...ofClaim,
        ]);
        return holdOf(key, versions);
      };
      if (goesAhead) {
        scheduler.takeSlot(queueKey);
        const claim = reserve(events);
        // If another delivery contained the event, its usual claim decides.
        const writeBoth = async (): Promise<Hold | undefined> => (claim && (await write([claim.acquire()]))) ?? (await write([]));
        const acquired = await acquire(id, progress, writeBoth, claim);
        if (acquired) work({ ...acquired, delivery, events });
        return acquired !== undefined;
      }
      waiting?.add(queueKey);
      queueing.add(queueKey);
      try {
        return (await write([])) !== undefined;
      } finally {
        queueing.delete(queueKey);
        queued.push(queueKey);
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
