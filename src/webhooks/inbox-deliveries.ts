import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { dueKey, type DueEntry } from '../stores/due-index.js';
import { acquireLease, type Lease } from '../stores/lease.js';
import type { BatchResult, ListedEntry, Store, StoreOperation } from '../stores/store.js';
import { describeFailure } from './describe-failure.js';
import type { WebhookEvent } from './fields/registry.js';
import { bodies, bodyOf, deads, dues, progressOf, valueOf, type InboxDelivery, type Progress } from './inbox-records.js';
import type { HandlingResult } from './received-event.js';
import type { ReservedClaim } from './reserved-claim.js';
import { claimLeaseMs } from './store-claims.js';

/** Limits of the retries of an inbox. */
export interface InboxRetryOptions {
  /** Number of attempts until the delivery becomes a dead letter. @defaultValue 12, over about half an hour */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds before the second attempt. The delay doubles with each further attempt. @defaultValue 1000 */
  readonly firstDelayMs?: number | undefined;
  /** Maximum milliseconds between two attempts. @defaultValue 900 000 (15 minutes) */
  readonly maxDelayMs?: number | undefined;
}

/** Options of {@link createInboxDeliveries}. */
export interface InboxDeliveriesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retry: InboxRetryOptions;
  /** Milliseconds for which events without a tenant are retried. */
  readonly parkMs: number;
  /** The events of a delivery. */
  readonly read: (delivery: InboxDelivery) => readonly WebhookEvent[];
}

/**
 * The deliveries of an inbox in the store. All changes are conditional, so only one process has a delivery at a time.
 */
export interface InboxDeliveries {
  /** Returns the key of a delivery that is due at a time. It sorts after earlier keys of this process for this time. */
  dueKey(dueAtMs: number, id: string): string;
  /** Stores a delivery that is due now. Returns whether it is new. */
  add(delivery: InboxDelivery, progress: Progress): Promise<boolean>;
  /**
   * Stores and acquires a delivery, together with the claim of its event. If an earlier delivery contained the event,
   * its existing claim decides. Returns `undefined` if the delivery isn't new.
   */
  addAcquired(delivery: InboxDelivery, progress: Progress, claim: ReservedClaim | undefined): Promise<AcquiredDelivery | undefined>;
  /** Acquires a delivery that is due. Returns `undefined` if another process has acquired it. */
  acquire(entry: DueEntry): Promise<AcquiredDelivery | undefined>;
  /**
   * Reads the body of a delivery. Removes the delivery if the body is gone, and gives it up if the body can't be read.
   */
  load(acquired: AcquiredDelivery): Promise<LoadedDelivery | undefined>;
  /** Records the result of a delivery (done, retry, or dead letter), unless another process has it now. */
  settle(loaded: LoadedDelivery, result: HandlingResult): Promise<'done' | 'open'>;
}

/** A delivery that this process has acquired. */
export interface AcquiredDelivery {
  readonly id: string;
  readonly progress: Progress;
  readonly lease: Lease<Hold>;
  /** Present only if the claim was written together with the lease. */
  readonly claim: ReservedClaim | undefined;
}

/** An acquired delivery with its events. */
export interface LoadedDelivery extends AcquiredDelivery {
  readonly delivery: InboxDelivery;
  readonly events: readonly WebhookEvent[];
}

/** The key of a delivery's lease, and its version while this process has the lease. */
interface Hold extends Pick<ListedEntry, 'key' | 'version'> {
  /** The version of the claim that was written together with the lease, if any. */
  readonly claimVersion?: string | undefined;
}

/** Duration of the lease of a delivery. Equal to that of a reserved claim, because both are renewed together. */
const leaseMs = claimLeaseMs;

/** Creates {@link InboxDeliveries}. */
export function createInboxDeliveries(options: InboxDeliveriesOptions): InboxDeliveries {
  return new LeasedDeliveries(options);
}

class LeasedDeliveries implements InboxDeliveries {
  readonly #options: InboxDeliveriesOptions;
  readonly #store: Store;
  readonly #clock: Clock;
  #written = 0;

  constructor(options: InboxDeliveriesOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#clock = options.clock;
  }

  dueKey(dueAtMs: number, id: string): string {
    return dueKey(dues, dueAtMs, id, this.#written++);
  }

  async add(delivery: InboxDelivery, progress: Progress): Promise<boolean> {
    return (await this.#write(delivery, progress, this.dueKey(this.#clock.now(), delivery.id), [])) !== undefined;
  }

  addAcquired(delivery: InboxDelivery, progress: Progress, claim: ReservedClaim | undefined): Promise<AcquiredDelivery | undefined> {
    const { id } = delivery;
    const key = this.#leaseKey(id);
    const write = async (): Promise<Hold | undefined> =>
      (claim && (await this.#write(delivery, progress, key, [claim.acquire()]))) ?? (await this.#write(delivery, progress, key, []));
    return this.#lease(id, progress, write, claim);
  }

  acquire(entry: DueEntry): Promise<AcquiredDelivery | undefined> {
    const { id } = entry;
    const progress = progressOf(entry.value);
    return this.#lease(id, progress, () => this.#move(entry, this.#leaseKey(id), progress));
  }

  async load(acquired: AcquiredDelivery): Promise<LoadedDelivery | undefined> {
    const { id, progress, lease } = acquired;
    const body = bodyOf(id, (await this.#store.get(bodies + id))?.value);
    if (!body) {
      this.#options.logger.error('webhook.body_lost', { id });
      await lease.release((hold) => this.#store.delete(hold.key, { ifVersion: hold.version }));
      return undefined;
    }
    const delivery = { ...body, ...(progress.only && { only: progress.only }) };
    try {
      return { ...acquired, delivery, events: this.#options.read(delivery) };
    } catch (error) {
      await this.#giveUpOn(acquired, error);
      return undefined;
    }
  }

  async settle(loaded: LoadedDelivery, result: HandlingResult): Promise<'done' | 'open'> {
    const { id, delivery, progress, lease, claim } = loaded;
    const { maxAttempts = 12 } = this.#options.retry;
    const { failures, pending, unrouted } = result;
    if (failures.length + pending + unrouted.length === 0) {
      await this.#remove(loaded);
      return 'done';
    }
    const attempts = progress.attempts + (failures.length > 0 ? 1 : 0);
    if (attempts >= maxAttempts) {
      await this.#giveUpOn({ ...loaded, progress: { ...progress, attempts } }, failures[0]);
      return 'open';
    }
    const dueAtMs = this.#clock.now() + (failures.length > 0 ? this.#retryDelayMs(attempts) : this.#pendingDelayMs(delivery));
    await lease.release(async (hold) => {
      const moved = await this.#move(hold, this.dueKey(dueAtMs, id), { ...progress, attempts }, withClaim(hold, claim?.end));
      return moved !== undefined;
    });
    return 'open';
  }

  #leaseKey(id: string): string {
    return this.dueKey(this.#clock.now() + leaseMs, id);
  }

  /** Writes a new delivery. Returns `undefined` if it is already stored, or if its claim isn't free. */
  async #write(delivery: InboxDelivery, progress: Progress, key: string, ofClaim: readonly StoreOperation[]): Promise<Hold | undefined> {
    const { id, text, receivedAtMs, secretIndex } = delivery;
    const versions = await this.#store.batch([
      { type: 'setIfAbsent', key: bodies + id, value: { text, receivedAtMs, secretIndex } },
      { type: 'set', key, value: valueOf(progress) },
      ...ofClaim,
    ]);
    return holdOf(key, versions);
  }

  async #lease(
    id: string,
    progress: Progress,
    acquire: () => Promise<Hold | undefined>,
    claim?: ReservedClaim,
  ): Promise<AcquiredDelivery | undefined> {
    const lease = await acquireLease({
      clock: this.#clock,
      logger: this.#options.logger,
      durationMs: leaseMs,
      acquire,
      renew: (hold) => this.#move(hold, this.#leaseKey(id), progress, withClaim(hold, claim?.renew)),
      lost: { event: 'webhook.delivery_taken_over', facts: { id } },
      notRenewed: { event: 'webhook.hold_not_renewed', facts: { id } },
    });
    return lease && { id, progress, lease, claim: lease.acquired.claimVersion === undefined ? undefined : claim };
  }

  /** Moves a delivery to another due time. Returns `undefined` if another process has moved it. */
  async #move(from: Hold, key: string, progress: Progress, ofClaim: readonly StoreOperation[] = []): Promise<Hold | undefined> {
    const versions = await this.#store.batch([
      { type: 'delete', key: from.key, ifVersion: from.version },
      { type: 'set', key, value: valueOf(progress) },
      ...ofClaim,
    ]);
    return holdOf(key, versions);
  }

  /**
   * Removes a finished delivery. If that fails, records that the event was handled, so other processes don't handle it
   * again.
   */
  async #remove({ id, lease, claim }: AcquiredDelivery): Promise<void> {
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
  async #giveUpOn({ id, progress, lease, claim }: AcquiredDelivery, error: unknown): Promise<void> {
    const isMoved = await lease.release(async (hold) => {
      const versions = await this.#store.batch([
        { type: 'delete', key: hold.key, ifVersion: hold.version },
        { type: 'set', key: deads + id, value: { ...valueOf(progress), failedAtMs: this.#clock.now(), error: describeFailure(error) } },
        ...withClaim(hold, claim?.end),
      ]);
      return versions !== false;
    });
    if (isMoved) this.#options.logger.error('webhook.dead_lettered', { id, attempts: progress.attempts, error });
  }

  /** Returns the milliseconds until a failed delivery is retried. */
  #retryDelayMs(attempts: number): number {
    const { firstDelayMs = 1_000, maxDelayMs = 900_000 } = this.#options.retry;
    return Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1));
  }

  /**
   * Returns the delay of a delivery that waits for a tenant or another process. Retries start soon, with growing
   * delays, and the last one is at the end of the waiting time.
   */
  #pendingDelayMs({ receivedAtMs }: InboxDelivery): number {
    const { firstDelayMs = 1_000, maxDelayMs = 900_000 } = this.#options.retry;
    const ageMs = this.#clock.now() - receivedAtMs;
    const delayMs = Math.min(maxDelayMs, Math.max(firstDelayMs, ageMs / 4));
    const leftMs = this.#options.parkMs - ageMs;
    return leftMs > 0 ? Math.min(delayMs, leftMs) : delayMs;
  }
}

/**
 * Returns the lease that a batch has written. The second operation of the batch is the due key, and the third one, if
 * any, is the claim.
 */
function holdOf(key: string, versions: BatchResult): Hold | undefined {
  if (!versions) return undefined;
  const [, version, claimVersion] = versions;
  return version === undefined ? undefined : { key, version, claimVersion };
}

/** Returns an operation on the claim that was written together with a lease, if any. */
function withClaim({ claimVersion }: Hold, operation: ((version: string) => StoreOperation) | undefined): readonly StoreOperation[] {
  return operation && claimVersion !== undefined ? [operation(claimVersion)] : [];
}
