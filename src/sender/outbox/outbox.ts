import type { Clock } from '../../runtime/clock.js';
import { segment } from '../../runtime/keys.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { Rank } from '../queue/lanes.js';
import { createDeque } from '../queue/deque.js';
import { createOwnership, type Ownership } from './ownership.js';
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

/** A failed store is read again after this time. */
const retryAfterMs = 1_000;

/** A part of the outbox that this process took over. */
interface Part {
  readonly name: string;
  /** How many readers have not reached their end. */
  readers: number;
  /** Messages that are queued here. */
  open: number;
  /** Whether it contains what can't be read. Then this process does not release it, so that other processes don't take it over repeatedly. */
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

  /** Runs a function later, unless the outbox is closed before. */
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
    this.#ownership.give(part.name, 'empty').catch((error: unknown) => {
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

  /** Gives the number of readers that are not at their end a turn each, the most urgent first, until all have ended or wait. */
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
          // Stores that respond synchronously must not block the event loop while a large part is read.
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
      // A reader may have been woken after the last look.
      if (this.#queues.some(({ size }) => size > 0)) void this.#startWork();
    });
    return this.#working;
  }

  async #recoverAll(): Promise<number> {
    const before = this.#resumed;
    try {
      const { taken, lookAgainInMs } = await this.#ownership.takeOver();
      if (this.#isClosed()) return 0;
      // Processes that die later are found by the beats of those that live. Those that are dead by now have given their last sign.
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
