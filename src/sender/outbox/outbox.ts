import type { Clock } from '../../runtime/clock.js';
import { segment } from '../../runtime/keys.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { Rank } from '../queue/lanes.js';
import { createRing } from '../queue/ring.js';
import { createOwnership } from './ownership.js';
import { readQueueEntry, type QueueEntry } from './queue-entry.js';

/*
 *   sender/queue/{part}/{rank}/{number}/{nr}    a message: 0, 1 or 2 for its priority, the Graph id of its number, and its place in the order
 *   sender/queue/{part}/{nr}                    a message of a version before 0.2: all numbers and priorities in one order
 *
 * So the messages of one number and priority can be read on their own: recovery reads the most urgent first, page by page, and each number
 * waits only for itself.
 */

/** The queued messages of this process in the store, and those of processes that died. */
export interface Outbox {
  /** Returns the queue key of the next message. Call {@link ended} or {@link remove} once for each. @throws `StoreError` */
  place(phoneNumberId: string, rank: Rank): Promise<string>;
  /** A message has left its place, or was not put there. */
  ended(): void;
  /** Removes the outcome of a message once its event was emitted: soon, together with others. `onRemoved` is called afterwards. */
  remove(queueKey: string, onRemoved: () => void): void;
  /**
   * Continues with the messages of processes that gave no sign of life for too long. Resolves with their number once all of them are queued
   * here, or wait for room of their number. Never rejects.
   */
  recover(): Promise<number>;
  /** Removes what {@link remove} has collected. */
  flush(): Promise<void>;
  /** Stops the recovery, and leaves open messages to the next process. @throws `StoreError` */
  close(): Promise<void>;
}

/** A message of another process. */
export interface RecoveredEntry {
  readonly entry: QueueEntry;
  readonly queueKey: string;
  readonly version: string;
  /** To be called when it has left the outbox. */
  readonly onEnded: () => void;
}

/** Takes over the messages of other processes. */
export interface Resumption {
  /** How many more messages of a number and rank may be queued here now. */
  room(phoneNumberId: string, rank: Rank): number;
  /** Calls back once there is room. */
  whenRoom(phoneNumberId: string, rank: Rank, onRoom: () => void): void;
  /** Continues with messages, in their order. Resolves when each is queued here or has its outcome. @throws `StoreError` */
  resume(entries: readonly RecoveredEntry[]): Promise<void>;
}

/** What {@link createOutbox} works with. */
export interface OutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Begins the names of this process's parts of the outbox. No other process uses it. */
  readonly name: string;
  readonly takeOverAfterMs: number;
  readonly resumption: Resumption;
}

const queuePrefix = 'sender/queue/';
const pageSize = 250;
const digits = 9;
const ranks: readonly Rank[] = [0, 1, 2];

/** Sorts after every key that begins with the text before it. */
const last = '\u{10ffff}';

/** Outcomes are removed so long after the first of them, as many at once as fit into one batch. */
const removeAfterMs = 100;
const maxBatch = 500;

/** A store that failed is asked again after this time. */
const retryAfterMs = 1_000;

/** A part of the outbox that this process took over. */
interface Part {
  readonly name: string;
  /** How many readers have not reached their end. */
  readers: number;
  /** Messages that are queued here. */
  open: number;
  /** Whether it contains what can't be read. Then this process does not release it, so that nobody finds it again and again. */
  isDamaged: boolean;
}

/** Reads one step of a part. Returns whether to go on: now, when its number has room, or not at all. */
interface Reader {
  readonly part: Part;
  readonly rank: Rank;
  step(): Promise<'more' | 'end' | { readonly roomOf: string }>;
}

/** Makes the outbox of one process, and continues with what others left. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, logger, takeOverAfterMs, resumption } = options;
  const parts = new Map<string, Part>();
  const queues = [createRing<Reader>(), createRing<Reader>(), createRing<Reader>()] as const;
  const timers = new Set<() => void>();
  let number = 0;
  let open = 0;
  let resumed = 0;
  let closed = false;
  const isClosed = (): boolean => closed;
  let recovering: Promise<number> | undefined;
  let working: Promise<void> | undefined;
  let hasLooked = false;
  let removals: { readonly queueKey: string; readonly onRemoved: () => void }[] = [];
  let removing: Promise<void> | undefined;
  let cancelRemoval: (() => void) | undefined;
  const ownership = createOwnership({
    store,
    clock,
    logger,
    name: options.name,
    takeOverAfterMs,
    isBusy: () => open > 0,
    isOpen: (part) => parts.has(part),
    onBeat: () => void recover(),
  });

  /** Runs a function later, unless the outbox is closed before. */
  const later = (run: () => void, delayMs: number): void => {
    const cancel = clock.schedule(() => {
      timers.delete(cancel);
      run();
    }, delayMs);
    timers.add(cancel);
  };
  const add = (reader: Reader): void => {
    reader.part.readers += 1;
    queues[reader.rank].push(reader);
  };
  const endPart = (part: Part): void => {
    if (part.readers > 0 || part.open > 0 || closed || part.isDamaged) return;
    parts.delete(part.name);
    ownership.give(part.name, 'empty').catch((error: unknown) => {
      logger.warn('sender.outbox_release_failed', { part: part.name, error });
    });
  };

  const messageReader = (part: Part, rank: Rank, prefix: string, phoneNumberId: string | undefined): Reader => {
    let after: string | undefined;
    return {
      part,
      rank,
      async step() {
        const room = phoneNumberId === undefined ? pageSize : resumption.room(phoneNumberId, rank);
        if (room <= 0 && phoneNumberId !== undefined) return { roomOf: phoneNumberId };
        const limit = Math.min(pageSize, room);
        const page = await store.list(prefix, { limit, ...(after !== undefined && { after }) });
        const entries: RecoveredEntry[] = [];
        for (const listed of page) {
          const entry = readQueueEntry(listed);
          if (entry) {
            entries.push({ entry, queueKey: listed.key, version: listed.version, onEnded: onEndedOf(part) });
            continue;
          }
          part.isDamaged = true;
          logger.error('sender.outbox_entry_invalid', { key: listed.key });
        }
        if (isClosed()) return 'end';
        part.open += entries.length;
        try {
          await resumption.resume(entries);
        } catch (error) {
          part.open -= entries.length;
          throw error;
        }
        resumed += entries.length;
        after = page.at(-1)?.key ?? after;
        return page.length < limit ? 'end' : 'more';
      },
    };
  };
  const onEndedOf = (part: Part) => (): void => {
    part.open -= 1;
    endPart(part);
  };
  /** Finds the numbers that have messages of a rank in a part, without reading the messages. */
  const numberReader = (part: Part, rank: Rank): Reader => {
    const prefix = `${queuePrefix}${part.name}/${String(rank)}/`;
    let after: string | undefined;
    return {
      part,
      rank,
      async step() {
        for (let found = 0; found < pageSize; found += 1) {
          const [entry] = await store.list(prefix, { limit: 1, ...(after !== undefined && { after }) });
          if (!entry) return 'end';
          const [id = ''] = entry.key.slice(prefix.length).split('/', 1);
          const phoneNumberId = readQueueEntry(entry)?.from.phoneNumberId;
          add(messageReader(part, rank, `${prefix}${id}/`, phoneNumberId));
          after = `${prefix}${id}/${last}`;
        }
        return 'more';
      },
    };
  };
  const readPart = (name: string): void => {
    const part: Part = { name, readers: 0, open: 0, isDamaged: false };
    parts.set(name, part);
    for (const rank of ranks) add(numberReader(part, rank));
    // Messages of versions before 0.2: their numbers begin with zeros.
    add(messageReader(part, 0, `${queuePrefix}${name}/00`, undefined));
  };

  const nextReader = (): Reader | undefined => queues[0].shift() ?? queues[1].shift() ?? queues[2].shift();
  /** Gives the number of readers that are not at their end a turn each, the most urgent first, until all have ended or wait. */
  const work = async (): Promise<void> => {
    for (let reader = nextReader(); reader && !isClosed(); reader = nextReader()) {
      const current = reader;
      const again = (): void => {
        queues[current.rank].push(current);
      };
      const wake = (): void => {
        again();
        void startWork();
      };
      try {
        const next = await current.step();
        if (isClosed()) return;
        if (next === 'more') {
          again();
          // Stores that respond synchronously must not block the event loop while a large part is read.
          await new Promise<void>((resolve) => {
            later(resolve, 0);
          });
        } else if (next === 'end') {
          current.part.readers -= 1;
          endPart(current.part);
        } else resumption.whenRoom(next.roomOf, current.rank, wake);
      } catch (error) {
        logger.error('sender.outbox_read_failed', { part: current.part.name, error });
        if (!isClosed()) later(wake, retryAfterMs);
      }
    }
  };
  const startWork = (): Promise<void> => {
    if (isClosed()) return Promise.resolve();
    working ??= work().finally(() => {
      working = undefined;
      // A reader may have been woken after the last look.
      if (queues.some(({ size }) => size > 0)) void startWork();
    });
    return working;
  };
  const recoverAll = async (): Promise<number> => {
    const before = resumed;
    try {
      const { taken, lookAgainInMs } = await ownership.takeOver();
      if (isClosed()) return 0;
      // Processes that die later are found by the beats of those that live. Those that are dead by now have given their last sign.
      if (lookAgainInMs !== undefined && !hasLooked) later(() => void recover(), lookAgainInMs + 1);
      hasLooked = true;
      for (const part of taken) {
        logger.info('sender.outbox_taken_over', { part });
        readPart(part);
      }
    } catch (error) {
      logger.error('sender.outbox_read_failed', { error });
      if (!isClosed()) later(() => void recover(), Math.max(retryAfterMs, takeOverAfterMs));
    }
    await Promise.race([startWork(), closing]);
    return resumed - before;
  };
  const recover = (): Promise<number> =>
    closed
      ? Promise.resolve(0)
      : (recovering ??= recoverAll().finally(() => {
          recovering = undefined;
        }));
  let onClosing = (): void => undefined;
  const closing = new Promise<void>((resolve) => {
    onClosing = resolve;
  });

  const removeAll = async (): Promise<void> => {
    while (removals.length > 0) {
      const batch = removals.splice(0, maxBatch);
      try {
        await store.batch(batch.map(({ queueKey }) => ({ type: 'delete', key: queueKey })));
      } catch (error) {
        removals = [...batch, ...removals];
        logger.warn('sender.outbox_remove_failed', { error });
        if (!isClosed()) removeSoon(retryAfterMs);
        return;
      }
      for (const { onRemoved } of batch) onRemoved();
    }
  };
  const flush = (): Promise<void> => {
    cancelRemoval?.();
    cancelRemoval = undefined;
    removing ??= removeAll().finally(() => {
      removing = undefined;
    });
    return removing;
  };
  const removeSoon = (delayMs: number): void => {
    cancelRemoval ??= clock.schedule(() => {
      cancelRemoval = undefined;
      void flush();
    }, delayMs);
  };

  return {
    async place(phoneNumberId, rank) {
      open += 1;
      const part = await ownership.own();
      const place = (number += 1).toString(36).padStart(digits, '0');
      return `${queuePrefix}${part}/${String(rank)}/${segment(phoneNumberId)}/${place}`;
    },
    ended() {
      open -= 1;
    },
    remove(queueKey, onRemoved) {
      removals.push({ queueKey, onRemoved });
      if (!removing) removeSoon(removeAfterMs);
    },
    recover,
    flush,
    async close() {
      closed = true;
      onClosing();
      for (const cancel of timers) cancel();
      await flush();
      await flush();
      cancelRemoval?.();
      await ownership.close();
    },
  };
}
