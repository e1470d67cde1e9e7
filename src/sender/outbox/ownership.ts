import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { isRecord } from '../../runtime/json.js';
import { acquireLease, type Lease } from '../../stores/lease.js';
import { listEntries, writeIfUnchanged } from '../../stores/records.js';
import type { ListedEntry, Store } from '../../stores/store.js';

/*
 * Each process has its own part of the outbox for its queued messages, and a sign of life beside it:
 *
 *   sender/owner/{part}       { untilMs, termMs }: until when its owner counts as alive
 *   sender/queue/{part}/…     its messages (outbox.ts)
 *
 * Another process can take over a part whose sign has expired, or a part with messages and without a sign. That decides who continues, not
 * who may send: each message is acquired before it leaves (ledger.ts), so a process that was only slow causes no duplicates.
 */

/** Who owns which part of the outbox. */
export interface Ownership {
  /** The part of this process, with a sign of life. @throws `StoreError` */
  own(): Promise<string>;
  /** Releases a part: `empty` if it contains no message. Otherwise another process can take it over immediately. @throws `StoreError` */
  give(part: string, left: 'empty' | 'messages'): Promise<void>;
  /**
   * Takes over the parts of processes that gave no sign of life. `lookAgainInMs` says when all signs of the others will have expired, unless
   * they are renewed. @throws `StoreError`
   */
  takeOver(): Promise<{ readonly taken: readonly string[]; readonly lookAgainInMs: number | undefined }>;
  /** Ends the signs of life: another process can take over the remaining messages immediately. @throws `StoreError` */
  close(): Promise<void>;
}

/** What {@link createOwnership} works with. */
export interface OwnershipOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Begins the names of this process's parts. */
  readonly name: string;
  /** A process without a sign of life for so long counts as dead. */
  readonly takeOverAfterMs: number;
  /** Whether anything is open in this process's own parts. */
  readonly isBusy: () => boolean;
  /** Whether messages of a part that this process lost are still open here. */
  readonly isOpen: (part: string) => boolean;
  /** Called regularly while there is a part: other processes may have died. */
  readonly onBeat: () => void;
}

const prefix = 'sender/owner/';
const queuePrefix = 'sender/queue/';

/** Sorts after every key that begins with the text before it. */
const last = '\u{10ffff}';

/** Begins without a part. */
export function createOwnership(options: OwnershipOptions): Ownership {
  const { store, clock, logger, name, takeOverAfterMs } = options;
  const leases = new Map<string, Lease<string>>();
  /** Signs of others that end too far in the future, and since when this process has seen them unchanged, by the monotonic clock. */
  const observed = new Map<string, { readonly version: string; readonly sinceMs: number }>();
  let own: Promise<string> | undefined;
  let ownPart: string | undefined;
  let made = 0;
  let giving: Promise<void> | undefined;
  let isClosed = false;

  const sign = (part: string, version: string | undefined): Promise<string | undefined> =>
    writeIfUnchanged(store, prefix + part, version, { untilMs: clock.now() + takeOverAfterMs, termMs: takeOverAfterMs });
  /** Acquires a part whose sign has this version, or none. Returns whether no other process was faster. */
  const acquire = async (part: string, version?: string): Promise<boolean> => {
    const lease = await acquireLease<string>({
      clock,
      logger,
      durationMs: takeOverAfterMs,
      acquire: () => sign(part, version),
      renew: (held) => sign(part, held),
      lost: { event: 'sender.outbox_lost', facts: { part, takeOverAfterMs } },
      notRenewed: { event: 'sender.outbox_sign_failed' },
      onRenewal: (result) => {
        if (result === 'lost') forget(part);
        else if (part === ownPart && !options.isBusy()) giving = giveIdle(part);
        else options.onBeat();
      },
    });
    if (!lease) return false;
    leases.set(part, lease);
    if (isClosed) await give(part, 'messages');
    return true;
  };
  const begin = async (): Promise<string> => {
    const part = `${name}${(made += 1).toString(36)}`;
    await acquire(part);
    ownPart = part;
    return part;
  };
  const forget = (part: string): void => {
    leases.delete(part);
    if (part !== ownPart) return;
    own = undefined;
    ownPart = undefined;
  };
  const give: Ownership['give'] = async (part, left) => {
    const lease = leases.get(part);
    forget(part);
    await lease?.release((ifVersion) =>
      left === 'empty'
        ? store.delete(prefix + part, { ifVersion })
        : store.set(prefix + part, { untilMs: 0 }, { ifVersion }).then(({ written }) => written),
    );
  };
  const giveIdle = (part: string): Promise<void> =>
    give(part, 'empty').catch((error: unknown) => {
      logger.warn('sender.outbox_sign_failed', { error });
    });
  /** Whether a part may be taken by this process, by its own state: its open messages must not get a second job here. */
  const isFree = (part: string): boolean =>
    !isClosed && !leases.has(part) && !options.isOpen(part) && !(part.startsWith(name) && options.isBusy());
  /** How long a sign lasts. One that ends later than its term allows was written by another clock, so this process watches it for a term. */
  const lastsMs = (part: string, { value, version }: ListedEntry): number => {
    const facts = isRecord(value) ? value : {};
    const leftMs = (Number(facts.untilMs) || 0) - clock.now();
    const termMs = typeof facts.termMs === 'number' && facts.termMs > 0 ? facts.termMs : takeOverAfterMs;
    if (leftMs <= termMs) return Math.max(0, leftMs);
    const seen = observed.get(part);
    const sinceMs = seen?.version === version ? seen.sinceMs : clock.monotonic();
    observed.set(part, { version, sinceMs });
    return Math.max(0, sinceMs + termMs - clock.monotonic());
  };
  /** Parts with messages and without a sign of life: their owner released them too early, or the store lost the sign. */
  const takeOrphans = async (known: ReadonlySet<string>): Promise<string[]> => {
    const taken: string[] = [];
    for (let after: string | undefined; !isClosed;) {
      const [entry] = await store.list(queuePrefix, { limit: 1, ...(after !== undefined && { after }) });
      if (!entry) break;
      const [part = ''] = entry.key.slice(queuePrefix.length).split('/', 1);
      after = `${queuePrefix}${part}/${last}`;
      if (known.has(part) || !isFree(part)) continue;
      if (await acquire(part)) taken.push(part);
    }
    return taken;
  };

  return {
    own: () =>
      (own ??= begin().catch((error: unknown) => {
        own = undefined;
        throw error;
      })),
    give,
    async takeOver() {
      const taken: string[] = [];
      const known = new Set<string>();
      let lookAgainInMs: number | undefined;
      for await (const entry of listEntries(store, prefix)) {
        const part = entry.key.slice(prefix.length);
        known.add(part);
        if (!isFree(part)) continue;
        const leftMs = lastsMs(part, entry);
        if (leftMs <= 0 && (await acquire(part, entry.version))) taken.push(part);
        else lookAgainInMs = Math.max(leftMs, lookAgainInMs ?? 0);
      }
      for (const part of observed.keys()) if (!known.has(part)) observed.delete(part);
      return { taken: [...taken, ...(await takeOrphans(known))], lookAgainInMs };
    },
    async close() {
      isClosed = true;
      await giving;
      for (const part of [...leases.keys()]) await give(part, part === ownPart && !options.isBusy() ? 'empty' : 'messages');
    },
  };
}
