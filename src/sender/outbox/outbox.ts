import type { Clock } from '../../runtime/clock.js';
import { segment } from '../../runtime/keys.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { Rank } from '../queue/recipient-queues.js';
import { createDeque } from '../queue/deque.js';
import { createOwnership, type Ownership } from './ownership.js';
import { readQueueEntry, type QueueEntry } from './queue-entry.js';

/*
 *   sender/queue/{part}/{rank}/{number}/{nr}    a message: its priority (0, 1 or 2), phone number ID, and position
 *   sender/queue/{part}/{nr}                    a message of a version before 0.2: one order for all numbers and priorities
 *
 * The messages of one number and priority can therefore be read separately. Recovery reads the most urgent ones first,
 * page by page, and numbers don't wait for each other.
 */

/** The queued messages of this process in the store, and those of crashed processes. */
export interface Outbox {
  /**
   * Returns the queue key of the next message. Call {@link ended} or {@link remove} once for each key. @throws
   * `StoreError`
   */
  place(phoneNumberId: string, rank: Rank): Promise<string>;
  /** Called when a message was removed, or couldn't be written. */
  ended(): void;
  /**
   * Removes the outcome of a message after its event was emitted. Removals are batched. Calls `onRemoved` afterwards.
   */
  remove(queueKey: string, onRemoved: () => void): void;
  /**
   * Continues with the messages of processes without a recent heartbeat. Resolves with their number when all of them
   * are queued here, or wait for room. Never rejects.
   */
  recover(): Promise<number>;
  /** Removes the outcomes that {@link remove} has collected. */
  flush(): Promise<void>;
  /** Stops the recovery, and leaves open messages to the next process. @throws `StoreError` */
  close(): Promise<void>;
}

/** A message that another process stored. */
export interface RecoveredEntry {
  readonly entry: QueueEntry;
  readonly queueKey: string;
  readonly version: string;
  /** Called when the message is no longer in the outbox. */
  readonly onEnded: () => void;
}

/** Takes over the messages of other processes. */
export interface Resumption {
  /** How many more messages of a number and rank can be queued here now. */
  room(phoneNumberId: string, rank: Rank): number;
  /** Calls `onRoom` when there is room. */
  whenRoom(phoneNumberId: string, rank: Rank, onRoom: () => void): void;
  /** Continues with messages, in order. Resolves when each is queued here or has its outcome. @throws `StoreError` */
  resume(entries: readonly RecoveredEntry[]): Promise<void>;
}

/** Dependencies of {@link createOutbox}. */
export interface OutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Prefix of the names of this process's parts. Unique per process. */
  readonly name: string;
  readonly takeOverAfterMs: number;
  readonly resumption: Resumption;
}

const queuePrefix = 'sender/queue/';
const pageSize = 250;
const digits = 9;
const ranks: readonly Rank[] = [0, 1, 2];

/** Sorts after every key that starts with the same text. */
const last = '\u{10ffff}';

/** Delay after the first outcome until a batch of outcomes is removed. */
const removeAfterMs = 100;
const maxBatch = 500;

/** Delay before the next read after the store failed. */
const retryAfterMs = 1_000;

/** A part of the outbox that this process took over. */
interface Part {
  readonly name: string;
  /** Number of readers that haven't finished. */
  readers: number;
  /** Messages that are queued here. */
  open: number;
  /**
   * Whether it contains unreadable entries. If so, this process doesn't release it, because other processes would take
   * it over repeatedly.
   */
  isDamaged: boolean;
}

/** Reads one step of a part. Returns when to continue: now, when its number has room, or never. */
interface Reader {
  readonly part: Part;
  readonly rank: Rank;
  step(): Promise<'more' | 'end' | { readonly roomOf: string }>;
}

/** Creates the outbox of one process, which continues with the messages of crashed processes. */
export function createOutbox(options: OutboxOptions): Outbox {
  return new StoreOutbox(options);
}

class StoreOutbox implements Outbox {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #takeOverAfterMs: number;
  readonly #resumption: Resumption;
  readonly #parts = new Map<string, Part>();
  readonly #queues = [createDeque<Reader>(), createDeque<Reader>(), createDeque<Reader>()] as const;
  readonly #timers = new Set<() => void>();
  #number = 0;
  #open = 0;
  #resumed = 0;
  #closed = false;
  #recovering: Promise<number> | undefined;
  #working: Promise<void> | undefined;
  #hasLooked = false;
  #removals: { readonly queueKey: string; readonly onRemoved: () => void }[] = [];
  #removing: Promise<void> | undefined;
  #cancelRemoval: (() => void) | undefined;
  readonly #ownership: Ownership;
  #onClosing = (): void => undefined;
  readonly #closing: Promise<void>;

  constructor(options: OutboxOptions) {
    const { store, clock, logger, takeOverAfterMs, resumption } = options;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#takeOverAfterMs = takeOverAfterMs;
    this.#resumption = resumption;
    this.#ownership = createOwnership({
      store,
      clock,
      logger,
      name: options.name,
      takeOverAfterMs,
      isBusy: () => this.#open > 0,
      isOpen: (part) => this.#parts.has(part),
      onBeat: () => void this.recover(),
    });
    this.#closing = new Promise<void>((resolve) => {
      this.#onClosing = resolve;
    });
  }

  async place(phoneNumberId: string, rank: Rank): Promise<string> {
    this.#open += 1;
    const part = await this.#ownership.own();
    const place = (this.#number += 1).toString(36).padStart(digits, '0');
    return `${queuePrefix}${part}/${String(rank)}/${segment(phoneNumberId)}/${place}`;
  }

  ended(): void {
    this.#open -= 1;
  }

  remove(queueKey: string, onRemoved: () => void): void {
    this.#removals.push({ queueKey, onRemoved });
    if (!this.#removing) this.#removeSoon(removeAfterMs);
  }

  recover(): Promise<number> {
    return this.#closed
      ? Promise.resolve(0)
      : (this.#recovering ??= this.#recoverAll().finally(() => {
          this.#recovering = undefined;
        }));
  }

  flush(): Promise<void> {
    this.#cancelRemoval?.();
    this.#cancelRemoval = undefined;
    this.#removing ??= this.#removeAll().finally(() => {
      this.#removing = undefined;
    });
    return this.#removing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#onClosing();
    for (const cancel of this.#timers) cancel();
    await this.flush();
    await this.flush();
    this.#cancelRemoval?.();
    await this.#ownership.close();
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  /** Runs a function later, unless the outbox is closed first. */
  #later(run: () => void, delayMs: number): void {
    const cancel = this.#clock.schedule(() => {
      this.#timers.delete(cancel);
      run();
    }, delayMs);
    this.#timers.add(cancel);
  }

  #add(reader: Reader): void {
    reader.part.readers += 1;
    this.#queues[reader.rank].push(reader);
  }

  #endPart(part: Part): void {
    if (part.readers > 0 || part.open > 0 || this.#closed || part.isDamaged) return;
    this.#parts.delete(part.name);
    this.#ownership.release(part.name, 'empty').catch((error: unknown) => {
      this.#logger.warn('sender.outbox_release_failed', { part: part.name, error });
    });
  }

  #messageReader(part: Part, rank: Rank, prefix: string, phoneNumberId: string | undefined): Reader {
    let after: string | undefined;
    return {
      part,
      rank,
      step: async () => {
        const room = phoneNumberId === undefined ? pageSize : this.#resumption.room(phoneNumberId, rank);
        if (room <= 0 && phoneNumberId !== undefined) return { roomOf: phoneNumberId };
        const limit = Math.min(pageSize, room);
        const page = await this.#store.list(prefix, { limit, ...(after !== undefined && { after }) });
        const entries: RecoveredEntry[] = [];
        for (const listed of page) {
          const entry = readQueueEntry(listed);
          if (entry) {
            entries.push({ entry, queueKey: listed.key, version: listed.version, onEnded: this.#onEndedOf(part) });
            continue;
          }
          part.isDamaged = true;
          this.#logger.error('sender.outbox_entry_invalid', { key: listed.key });
        }
        if (this.#isClosed()) return 'end';
        part.open += entries.length;
        try {
          await this.#resumption.resume(entries);
        } catch (error) {
          part.open -= entries.length;
          throw error;
        }
        this.#resumed += entries.length;
        after = page.at(-1)?.key ?? after;
        return page.length < limit ? 'end' : 'more';
      },
    };
  }

  #onEndedOf(part: Part) {
    return (): void => {
      part.open -= 1;
      this.#endPart(part);
    };
  }

  /** Finds the numbers that have messages of a rank in a part, without reading the messages. */
  #numberReader(part: Part, rank: Rank): Reader {
    const prefix = `${queuePrefix}${part.name}/${String(rank)}/`;
    let after: string | undefined;
    return {
      part,
      rank,
      step: async () => {
        for (let found = 0; found < pageSize; found += 1) {
          const [entry] = await this.#store.list(prefix, { limit: 1, ...(after !== undefined && { after }) });
          if (!entry) return 'end';
          const [id = ''] = entry.key.slice(prefix.length).split('/', 1);
          const phoneNumberId = readQueueEntry(entry)?.from.phoneNumberId;
          this.#add(this.#messageReader(part, rank, `${prefix}${id}/`, phoneNumberId));
          after = `${prefix}${id}/${last}`;
        }
        return 'more';
      },
    };
  }

  #readPart(name: string): void {
    const part: Part = { name, readers: 0, open: 0, isDamaged: false };
    this.#parts.set(name, part);
    for (const rank of ranks) this.#add(this.#numberReader(part, rank));
    // Messages of versions before 0.2: their numbers begin with zeros.
    this.#add(this.#messageReader(part, 0, `${queuePrefix}${name}/00`, undefined));
  }

  #nextReader(): Reader | undefined {
    return this.#queues[0].shift() ?? this.#queues[1].shift() ?? this.#queues[2].shift();
  }

  /** Runs the unfinished readers in turn, the most urgent first, until all have finished or wait. */
  async #work(): Promise<void> {
    for (let reader = this.#nextReader(); reader && !this.#isClosed(); reader = this.#nextReader()) {
      const current = reader;
      const again = (): void => {
        this.#queues[current.rank].push(current);
      };
      const wake = (): void => {
        again();
        void this.#startWork();
      };
      try {
        const next = await current.step();
        if (this.#isClosed()) return;
        if (next === 'more') {
          again();
          // Stores that respond synchronously must not block the event loop during the read of a large part.
          await new Promise<void>((resolve) => {
            this.#later(resolve, 0);
          });
        } else if (next === 'end') {
          current.part.readers -= 1;
          this.#endPart(current.part);
        } else this.#resumption.whenRoom(next.roomOf, current.rank, wake);
      } catch (error) {
        this.#logger.error('sender.outbox_read_failed', { part: current.part.name, error });
        if (!this.#isClosed()) this.#later(wake, retryAfterMs);
      }
    }
  }

  #startWork(): Promise<void> {
    if (this.#isClosed()) return Promise.resolve();
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      // A reader may have been resumed after the last check.
      if (this.#queues.some(({ size }) => size > 0)) void this.#startWork();
    });
    return this.#working;
  }

  async #recoverAll(): Promise<number> {
    const before = this.#resumed;
    try {
      const { taken, lookAgainInMs } = await this.#ownership.takeOver();
      if (this.#isClosed()) return 0;
      // Processes that crash later are found by the heartbeats of others. Those that have crashed already send no
      // further heartbeat.
      if (lookAgainInMs !== undefined && !this.#hasLooked) this.#later(() => void this.recover(), lookAgainInMs + 1);
      this.#hasLooked = true;
      for (const part of taken) {
        this.#logger.info('sender.outbox_taken_over', { part });
        this.#readPart(part);
      }
    } catch (error) {
      this.#logger.error('sender.outbox_read_failed', { error });
      if (!this.#isClosed()) this.#later(() => void this.recover(), Math.max(retryAfterMs, this.#takeOverAfterMs));
    }
    await Promise.race([this.#startWork(), this.#closing]);
    return this.#resumed - before;
  }

  async #removeAll(): Promise<void> {
    while (this.#removals.length > 0) {
      const batch = this.#removals.splice(0, maxBatch);
      try {
        await this.#store.batch(batch.map(({ queueKey }) => ({ type: 'delete', key: queueKey })));
      } catch (error) {
        this.#removals = [...batch, ...this.#removals];
        this.#logger.warn('sender.outbox_remove_failed', { error });
        if (!this.#isClosed()) this.#removeSoon(retryAfterMs);
        return;
      }
      for (const { onRemoved } of batch) onRemoved();
    }
  }

  #removeSoon(delayMs: number): void {
    this.#cancelRemoval ??= this.#clock.schedule(() => {
      this.#cancelRemoval = undefined;
      void this.flush();
    }, delayMs);
  }
}
