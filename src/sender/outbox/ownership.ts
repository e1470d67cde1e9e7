import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { isRecord } from '../../runtime/json.js';
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
const beatsPerTerm = 3;
const pageSize = 100;

/** Sorts after every key that begins with the text before it. */
const last = '\u{10ffff}';

/** Begins without a part. */
export function createOwnership(options: OwnershipOptions): Ownership {
  const { store, clock, logger, name, takeOverAfterMs } = options;
  /** Versions of the signs of life, by part. */
  const held = new Map<string, string>();
  /** Signs of others that end too far in the future, and since when this process has seen them unchanged, by the monotonic clock. */
  const observed = new Map<string, { readonly version: string; readonly sinceMs: number }>();
  let own: Promise<string> | undefined;
  let ownPart: string | undefined;
  let made = 0;
  let cancelBeat: (() => void) | undefined;
  let beating: Promise<void> | undefined;
  let isClosed = false;

  const sign = (): { readonly untilMs: number; readonly termMs: number } => ({
    untilMs: clock.now() + takeOverAfterMs,
    termMs: takeOverAfterMs,
  });
  const beatSoon = (): void => {
    if (isClosed) return;
    cancelBeat ??= clock.schedule(() => {
      cancelBeat = undefined;
      beating = beat();
    }, takeOverAfterMs / beatsPerTerm);
  };
  const begin = async (): Promise<string> => {
    const part = `${name}${(made += 1).toString(36)}`;
    const written = await store.set(prefix + part, sign());
    if (written.written) held.set(part, written.version);
    ownPart = part;
    beatSoon();
    return part;
  };
  const lose = (part: string): void => {
    held.delete(part);
    if (part !== ownPart) return;
    own = undefined;
    ownPart = undefined;
  };
  const give: Ownership['give'] = async (part, left) => {
    const ifVersion = held.get(part);
    if (ifVersion === undefined) return;
    lose(part);
    if (left === 'empty') await store.delete(prefix + part, { ifVersion });
    else await store.set(prefix + part, { untilMs: 0 }, { ifVersion });
  };
  const renew = async (part: string, ifVersion: string): Promise<void> => {
    const written = await store.set(prefix + part, sign(), { ifVersion });
    if (held.get(part) !== ifVersion) return;
    if (written.written) held.set(part, written.version);
    else {
      logger.warn('sender.outbox_lost', { part, takeOverAfterMs });
      lose(part);
    }
  };
  const beat = async (): Promise<void> => {
    try {
      if (ownPart !== undefined && !options.isBusy()) await give(ownPart, 'empty');
      for (const [part, version] of [...held]) await renew(part, version);
    } catch (error) {
      logger.warn('sender.outbox_sign_failed', { error });
    }
    if (held.size === 0) return;
    beatSoon();
    options.onBeat();
  };
  /** Whether a part may be taken by this process, by its own state: its open messages must not get a second job here. */
  const isFree = (part: string): boolean =>
    !isClosed && !held.has(part) && !options.isOpen(part) && !(part.startsWith(name) && options.isBusy());
  const hold = (part: string, version: string): string => {
    held.set(part, version);
    beatSoon();
    return part;
  };
  const take = async ({ key, version }: ListedEntry): Promise<string | undefined> => {
    const written = await store.set(key, sign(), { ifVersion: version });
    return written.written ? hold(key.slice(prefix.length), written.version) : undefined;
  };
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
      const written = await store.setIfAbsent(prefix + part, sign());
      if (written.written) taken.push(hold(part, written.version));
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
      for (let after: string | undefined; ;) {
        const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
        for (const entry of page) {
          const part = entry.key.slice(prefix.length);
          known.add(part);
          if (!isFree(part)) continue;
          const leftMs = lastsMs(part, entry);
          const took = leftMs > 0 ? undefined : await take(entry);
          if (took === undefined) lookAgainInMs = Math.max(leftMs, lookAgainInMs ?? 0);
          else taken.push(took);
        }
        after = page.at(-1)?.key;
        if (after === undefined || page.length < pageSize) break;
      }
      for (const part of observed.keys()) if (!known.has(part)) observed.delete(part);
      return { taken: [...taken, ...(await takeOrphans(known))], lookAgainInMs };
    },
    async close() {
      cancelBeat?.();
      isClosed = true;
      // A sign that is being renewed gets another version.
      await beating;
      for (const part of [...held.keys()]) await give(part, part === ownPart && !options.isBusy() ? 'empty' : 'messages');
    },
  };
}
