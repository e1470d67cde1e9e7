import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { isRecord } from '../../runtime/json.js';
import type { ListedEntry, Store } from '../../stores/store.js';

/*
 * Each process keeps its queued messages in a part of the outbox of its own, and a sign of life beside it:
 *
 *   sender/owner/{part}          until when its owner is to be taken for alive
 *   sender/queue/{part}/{nr}     its messages, in their order
 *
 * A sign that is out of date lets another process take the part over. That decides who goes on, not who may send: a message that leaves is
 * claimed one by one (ledger.ts), so that a process that was only slow harms nobody.
 */

/** Who owns which part of the outbox. */
export interface Ownership {
  /** The part of this process, with a sign of life. @throws `StoreError` */
  own(): Promise<string>;
  /** Gives up a part: `empty` if nothing is left in it; otherwise anybody may take it over at once. @throws `StoreError` */
  give(part: string, left: 'empty' | 'messages'): Promise<void>;
  /**
   * Takes over the parts of processes that give no sign of life; of the others it tells until when their signs last. @throws `StoreError`
   */
  takeOver(): Promise<{ readonly taken: readonly string[]; readonly othersUntilMs: number | undefined }>;
  /** Ends the signs of life: what is left may be taken over at once. @throws `StoreError` */
  close(): Promise<void>;
}

/** What {@link createOwnership} works with. */
export interface OwnershipOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Begins the names of this process's parts. */
  readonly name: string;
  /** A process that gave no sign for so long is taken for dead. */
  readonly takeOverAfterMs: number;
  /** Whether anything is open in this process's own part. */
  readonly isBusy: () => boolean;
  /** Called now and then while there is a part: others may have died. */
  readonly onBeat: () => void;
}

const prefix = 'sender/owner/';
const beatsPerTerm = 3;
const pageSize = 100;

/** Begins without a part. */
export function createOwnership(options: OwnershipOptions): Ownership {
  const { store, clock, logger, name, takeOverAfterMs } = options;
  /** Versions of the signs of life, by part. */
  const held = new Map<string, string>();
  let own: Promise<string> | undefined;
  let ownPart: string | undefined;
  let made = 0;
  let cancelBeat: (() => void) | undefined;
  let isClosed = false;

  const sign = (): { readonly untilMs: number } => ({ untilMs: clock.now() + takeOverAfterMs });
  const beatSoon = (): void => {
    if (isClosed) return;
    cancelBeat ??= clock.schedule(() => {
      cancelBeat = undefined;
      void beat();
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
    if (written.written) held.set(part, written.version);
    else {
      logger.warn('another process took over the queued messages of this one, which gave no sign of life for too long', { part });
      lose(part);
    }
  };
  const beat = async (): Promise<void> => {
    try {
      if (ownPart !== undefined && !options.isBusy()) await give(ownPart, 'empty');
      for (const [part, version] of [...held]) await renew(part, version);
    } catch (error) {
      logger.warn('the sign of life of the outbox could not be written', { error });
    }
    if (held.size === 0) return;
    beatSoon();
    options.onBeat();
  };
  const take = async ({ key, version }: ListedEntry): Promise<string | undefined> => {
    if (isClosed) return undefined;
    const part = key.slice(prefix.length);
    const written = await store.set(key, sign(), { ifVersion: version });
    if (!written.written) return undefined;
    held.set(part, written.version);
    beatSoon();
    return part;
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
      let othersUntilMs: number | undefined;
      for (let after: string | undefined; ;) {
        const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
        for (const entry of page) {
          const untilMs = isRecord(entry.value) ? Number(entry.value.untilMs) : 0;
          if (held.has(entry.key.slice(prefix.length))) continue;
          const part = untilMs > clock.now() ? undefined : await take(entry);
          if (part === undefined) othersUntilMs = Math.max(untilMs, othersUntilMs ?? 0);
          else taken.push(part);
        }
        after = page.at(-1)?.key;
        if (after === undefined || page.length < pageSize) return { taken, othersUntilMs };
      }
    },
    async close() {
      cancelBeat?.();
      isClosed = true;
      for (const part of [...held.keys()]) await give(part, part === ownPart && !options.isBusy() ? 'empty' : 'messages');
    },
  };
}
