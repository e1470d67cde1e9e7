import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { isRecord } from '../../runtime/json.js';
import { acquireLease, type Lease } from '../../stores/lease.js';
import { listEntries, writeIfUnchanged } from '../../stores/records.js';
import type { ListedEntry, Store } from '../../stores/store.js';

/*
 * Each process has its own part of the outbox for its queued messages, and a heartbeat for the part:
 *
 *   sender/owner/{part}       { untilMs, termMs }: how long its owner counts as alive
 *   sender/queue/{part}/…     its messages (outbox.ts)
 *
 * Another process can take over a part whose heartbeat has expired, or a part with messages but without a heartbeat.
 * This only decides which process continues. Each message is also acquired before it is sent (ledger.ts), so a process
 * that was merely slow causes no duplicates.
 */

/** Tracks which process owns which part of the outbox. */
export interface Ownership {
  /** Returns the part of this process, which has a heartbeat. @throws `StoreError` */
  own(): Promise<string>;
  /** Releases a part: `empty` if it contains no message. Otherwise another process can take it over immediately. @throws `StoreError` */
  release(part: string, left: 'empty' | 'messages'): Promise<void>;
  /**
   * Takes over the parts of processes without a recent heartbeat. `lookAgainInMs` is the time until all other
   * heartbeats expire, unless they are renewed. @throws `StoreError`
   */
  takeOver(): Promise<{ readonly taken: readonly string[]; readonly lookAgainInMs: number | undefined }>;
  /** Ends the heartbeats. Another process can take over the remaining messages immediately. @throws `StoreError` */
  close(): Promise<void>;
}

/** Dependencies of {@link createOwnership}. */
export interface OwnershipOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Prefix of the names of this process's parts. */
  readonly name: string;
  /** A process without a heartbeat for this time counts as crashed. */
  readonly takeOverAfterMs: number;
  /** Whether this process has open messages in its own parts. */
  readonly isBusy: () => boolean;
  /** Whether messages of a part that this process lost are still open here. */
  readonly isOpen: (part: string) => boolean;
  /** Called regularly while this process owns a part, to look for crashed processes. */
  readonly onBeat: () => void;
}

const prefix = 'sender/owner/';
const queuePrefix = 'sender/queue/';

/** Sorts after every key that starts with the same text. */
const last = '\u{10ffff}';

/** Creates the ownership of one process, without a part. */
export function createOwnership(options: OwnershipOptions): Ownership {
  return new PartOwnership(options);
}

class PartOwnership implements Ownership {
  readonly #options: OwnershipOptions;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #name: string;
  readonly #takeOverAfterMs: number;
  readonly #leases = new Map<string, Lease<string>>();
  /**
   * Heartbeats of other processes that end too far in the future, with the monotonic time since which this process has
   * seen them unchanged.
   */
  readonly #observed = new Map<string, { readonly version: string; readonly sinceMs: number }>();
  #own: Promise<string> | undefined;
  #ownPart: string | undefined;
  #made = 0;
  #giving: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    const { store, clock, logger, name, takeOverAfterMs } = options;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#name = name;
    this.#takeOverAfterMs = takeOverAfterMs;
  }

  own(): Promise<string> {
    return (this.#own ??= this.#begin().catch((error: unknown) => {
      this.#own = undefined;
      throw error;
    }));
  }

  async release(part: string, left: 'empty' | 'messages'): Promise<void> {
    const lease = this.#leases.get(part);
    this.#forget(part);
    await lease?.release((ifVersion) =>
      left === 'empty'
        ? this.#store.delete(prefix + part, { ifVersion })
        : this.#store.set(prefix + part, { untilMs: 0 }, { ifVersion }).then(({ written }) => written),
    );
  }

  async takeOver(): Promise<{ readonly taken: readonly string[]; readonly lookAgainInMs: number | undefined }> {
    const taken: string[] = [];
    const known = new Set<string>();
    let lookAgainInMs: number | undefined;
    for await (const entry of listEntries(this.#store, prefix)) {
      const part = entry.key.slice(prefix.length);
      known.add(part);
      if (!this.#isFree(part)) continue;
      const leftMs = this.#lastsMs(part, entry);
      if (leftMs <= 0 && (await this.#acquire(part, entry.version))) taken.push(part);
      else lookAgainInMs = Math.max(leftMs, lookAgainInMs ?? 0);
    }
    for (const part of this.#observed.keys()) if (!known.has(part)) this.#observed.delete(part);
    return { taken: [...taken, ...(await this.#takeOrphans(known))], lookAgainInMs };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#giving;
    for (const part of [...this.#leases.keys()])
      await this.release(part, part === this.#ownPart && !this.#options.isBusy() ? 'empty' : 'messages');
  }

  #sign(part: string, version: string | undefined): Promise<string | undefined> {
    return writeIfUnchanged(this.#store, prefix + part, version, {
      untilMs: this.#clock.now() + this.#takeOverAfterMs,
      termMs: this.#takeOverAfterMs,
    });
  }

  /**
   * Acquires a part whose heartbeat has this version, or that has no heartbeat. Returns whether it succeeded before
   * other processes.
   */
  async #acquire(part: string, version?: string): Promise<boolean> {
    const lease = await acquireLease<string>({
      clock: this.#clock,
      logger: this.#logger,
      durationMs: this.#takeOverAfterMs,
      acquire: () => this.#sign(part, version),
      renew: (held) => this.#sign(part, held),
      lost: { event: 'sender.outbox_lost', facts: { part, takeOverAfterMs: this.#takeOverAfterMs } },
      notRenewed: { event: 'sender.outbox_sign_failed' },
      onRenewal: (result) => {
        if (result === 'lost') this.#forget(part);
        else if (part === this.#ownPart && !this.#options.isBusy()) this.#giving = this.#giveIdle(part);
        else this.#options.onBeat();
      },
    });
    if (!lease) return false;
    this.#leases.set(part, lease);
    if (this.#isClosed) await this.release(part, 'messages');
    return true;
  }

  async #begin(): Promise<string> {
    const part = `${this.#name}${(this.#made += 1).toString(36)}`;
    await this.#acquire(part);
    this.#ownPart = part;
    return part;
  }

  #forget(part: string): void {
    this.#leases.delete(part);
    if (part !== this.#ownPart) return;
    this.#own = undefined;
    this.#ownPart = undefined;
  }

  #giveIdle(part: string): Promise<void> {
    return this.release(part, 'empty').catch((error: unknown) => {
      this.#logger.warn('sender.outbox_sign_failed', { error });
    });
  }

  /**
   * Whether the state of this process allows it to take a part. Messages that are still open here must not get a second
   * job.
   */
  #isFree(part: string): boolean {
    return (
      !this.#isClosed && !this.#leases.has(part) && !this.#options.isOpen(part) && !(part.startsWith(this.#name) && this.#options.isBusy())
    );
  }

  /**
   * Returns how long a heartbeat is valid. If it ends later than its term allows, it is from another clock, and this
   * process observes it for one term.
   */
  #lastsMs(part: string, { value, version }: ListedEntry): number {
    const facts = isRecord(value) ? value : {};
    const leftMs = (Number(facts.untilMs) || 0) - this.#clock.now();
    const termMs = typeof facts.termMs === 'number' && facts.termMs > 0 ? facts.termMs : this.#takeOverAfterMs;
    if (leftMs <= termMs) return Math.max(0, leftMs);
    const seen = this.#observed.get(part);
    const sinceMs = seen?.version === version ? seen.sinceMs : this.#clock.monotonic();
    this.#observed.set(part, { version, sinceMs });
    return Math.max(0, sinceMs + termMs - this.#clock.monotonic());
  }

  /**
   * Takes parts that have messages but no heartbeat: their owner released them too early, or the store lost the
   * heartbeat.
   */
  async #takeOrphans(known: ReadonlySet<string>): Promise<string[]> {
    const taken: string[] = [];
    for (let after: string | undefined; !this.#isClosed;) {
      const [entry] = await this.#store.list(queuePrefix, { limit: 1, ...(after !== undefined && { after }) });
      if (!entry) break;
      const [part = ''] = entry.key.slice(queuePrefix.length).split('/', 1);
      after = `${queuePrefix}${part}/${last}`;
      if (known.has(part) || !this.#isFree(part)) continue;
      if (await this.#acquire(part)) taken.push(part);
    }
    return taken;
  }
}
