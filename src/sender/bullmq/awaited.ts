import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { SendResult, Settlement } from '../send-result.js';
import type { News, SharedRedis } from './open-redis.js';
import { resultOf, unknownErrorOf } from './result-record.js';

/** What this process waits to hear of sends, whichever process makes them. */
export interface Awaited {
  /** Sends whose outcome is awaited. */
  readonly size: number;
  /** Queues a message by `add`, and resolves with its outcome. @throws what `add` throws. */
  outcomeOf(phoneNumberId: string, id: string, add: () => Promise<void>): Promise<SendResult>;
  /** Resolves when a status settles an unknown send. */
  settlement(id: string): Promise<Settlement>;
  /** Runs once whoever waits for an outcome that was just told has had the time to read it. */
  afterReading(action: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

interface OpenSend {
  readonly phoneNumberId: string;
  readonly resolves: ((result: SendResult) => void)[];
}

/** News can be missed while Redis is away: what is awaited is looked up again this often, so many at a time. */
const lookUpEveryMs = 10_000;
const lookedUpAtOnce = 200;

/** How long an outcome stays to be read before a key is free again. */
const readingMs = 2_000;

/** Waits for outcomes by the news of other processes, and reads them from the jobs. Listens from the first that is awaited on. */
export function createAwaited({
  redis,
  clock,
  logger,
}: {
  readonly redis: SharedRedis;
  readonly clock: Clock;
  readonly logger: Logger;
}): Awaited {
  const open = new Map<string, OpenSend>();
  const settlements = new Map<string, { readonly promise: Promise<Settlement>; readonly resolve: (settlement: Settlement) => void }>();
  const reading = new Set<() => void>();
  let listening: ReturnType<SharedRedis['listen']> | undefined;
  let cancelLookUp = (): void => undefined;

  const onError = (error: unknown): void => {
    logger.warn('the outcome of a send could not be read; it is looked up again', { error });
  };
  /** Reads the outcome of a send, if it is known by now. */
  const read = async (id: string): Promise<void> => {
    const entry = open.get(id);
    if (!entry) return;
    const job = await redis.messages(entry.phoneNumberId).getJob(id);
    if (job?.finishedOn === undefined || !open.delete(id)) return;
    const result: SendResult = resultOf(job.returnvalue) ?? {
      outcome: 'unknown',
      error: unknownErrorOf(job.failedReason),
      settled: settlement(id, job.data.heard),
    };
    for (const resolve of entry.resolves) resolve(result);
  };
  const onNews = (news: News): void => {
    if (news.type === 'outcome') read(news.id).catch(onError);
    else {
      settlements.get(news.id)?.resolve({ outcome: 'accepted', messageId: news.messageId });
      settlements.delete(news.id);
    }
  };
  const lookUp = async (): Promise<void> => {
    for (const id of [...open.keys()].slice(0, lookedUpAtOnce)) {
      await read(id);
      const entry = open.get(id);
      // The others have their turn next time.
      if (entry && open.delete(id)) open.set(id, entry);
    }
  };
  const scheduleLookUp = (): void => {
    cancelLookUp();
    cancelLookUp = clock.schedule(() => {
      if (open.size > 0) lookUp().catch(onError).finally(scheduleLookUp);
    }, lookUpEveryMs);
  };
  const settlement = (id: string, messageId?: string): Promise<Settlement> => {
    if (messageId !== undefined) return Promise.resolve({ outcome: 'accepted', messageId });
    const known = settlements.get(id);
    if (known) return known.promise;
    const { promise, resolve } = deferred<Settlement>();
    settlements.set(id, { promise, resolve });
    return promise;
  };

  return {
    get size() {
      return open.size;
    },
    async outcomeOf(phoneNumberId, id, add) {
      await (listening ??= redis.listen(onNews));
      const { promise, resolve } = deferred<SendResult>();
      const known = open.get(id);
      if (known) known.resolves.push(resolve);
      else open.set(id, { phoneNumberId, resolves: [resolve] });
      if (open.size === 1) scheduleLookUp();
      try {
        await add();
      } catch (error) {
        if (!known) open.delete(id);
        throw error;
      }
      // A key may have its outcome already.
      if (id.startsWith('k')) await read(id);
      return promise;
    },
    settlement: (id) => settlement(id),
    afterReading: (action) =>
      new Promise((resolve, reject) => {
        const run = (): void => {
          cancel();
          reading.delete(run);
          action().then(resolve, reject);
        };
        const cancel = clock.schedule(run, readingMs);
        reading.add(run);
      }),
    async close() {
      cancelLookUp();
      for (const run of [...reading]) run();
      for (const { resolve } of settlements.values()) resolve({ outcome: 'unsettled' });
      settlements.clear();
      await (await listening)?.close();
    },
  };
}

function deferred<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
