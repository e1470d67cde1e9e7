import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import { createOwnership } from './ownership.js';
import { readQueueEntry, type QueueEntry } from './queue-entry.js';

/** The queued messages of this process in the store, and those of processes that died. */
export interface Outbox {
  /** Where the next message goes; {@link ended} is to be called once for each. @throws `StoreError` */
  place(): Promise<string>;
  /** A message has left its place, or was not put there. */
  ended(): void;
  /** Goes on with the messages of processes that gave no sign of life for too long. Answers with how many, once each is queued here. */
  recover(): Promise<number>;
  /** Takes no more over, and leaves what is open to whoever comes next. */
  close(): Promise<void>;
}

/** What {@link createOutbox} works with. */
export interface OutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Begins the names of this process's parts of the outbox; no other process's does. */
  readonly name: string;
  readonly takeOverAfterMs: number;
  /**
   * Goes on with a message that another process had queued. Resolves when it has its outcome or there is room for the next; `ended` is to be
   * called when it has its outcome.
   */
  readonly resume: (entry: QueueEntry, queueKey: string, ended: () => void) => Promise<void>;
}

const queuePrefix = 'sender/queue/';
const pageSize = 100;
const digits = 9;

/** Makes the outbox of one process, and goes on with what others left. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, logger, takeOverAfterMs } = options;
  let number = 0;
  let open = 0;
  let closed = false;
  const isClosed = (): boolean => closed;
  let recovering: Promise<number> | undefined;
  let cancelLook: (() => void) | undefined;
  let hasLooked = false;
  const ownership = createOwnership({
    store,
    clock,
    logger,
    name: options.name,
    takeOverAfterMs,
    isBusy: () => open > 0,
    onBeat: () => void recover(),
  });

  /** Goes on with the messages of a part, page by page. Answers with how many. */
  const recoverPart = async (part: string): Promise<number> => {
    const prefix = `${queuePrefix}${part}/`;
    let resumed = 0;
    let ended = 0;
    let read = false;
    const giveIfEmpty = (): void => {
      if (!read || ended < resumed || closed) return;
      ownership.give(part, 'empty').catch((error: unknown) => {
        logger.warn('an empty part of the outbox could not be given up', { part, error });
      });
    };
    for (let after: string | undefined; !closed;) {
      const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
      for (const listed of page) {
        if (isClosed()) return resumed;
        const entry = readQueueEntry(listed);
        if (!entry) {
          logger.error('a message in the outbox cannot be read, and is not sent', { key: listed.key });
          continue;
        }
        resumed += 1;
        await options.resume(entry, listed.key, () => {
          ended += 1;
          giveIfEmpty();
        });
      }
      after = page.at(-1)?.key;
      if (after === undefined || page.length < pageSize) break;
    }
    read = true;
    giveIfEmpty();
    return resumed;
  };
  const recoverAll = async (): Promise<number> => {
    let resumed = 0;
    try {
      const { taken, othersUntilMs } = await ownership.takeOver();
      // Whoever dies later is found by the beats of those that live; who is dead by now has given its last sign.
      if (othersUntilMs !== undefined && !hasLooked && !closed)
        cancelLook = clock.schedule(() => void recover(), Math.max(0, othersUntilMs - clock.now()) + 1);
      hasLooked = true;
      for (const part of taken) {
        logger.info('going on with the queued messages of a process that is gone', { part });
        resumed += await recoverPart(part);
      }
    } catch (error) {
      logger.error('the outbox could not be read', { error });
    } finally {
      recovering = undefined;
    }
    return resumed;
  };
  const recover = (): Promise<number> => (closed ? Promise.resolve(0) : (recovering ??= recoverAll()));

  return {
    async place() {
      open += 1;
      const part = await ownership.own();
      return `${queuePrefix}${part}/${(number += 1).toString(36).padStart(digits, '0')}`;
    },
    ended() {
      open -= 1;
    },
    recover,
    async close() {
      closed = true;
      cancelLook?.();
      await ownership.close();
    },
  };
}
