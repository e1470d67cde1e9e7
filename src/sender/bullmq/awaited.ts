import { NetworkError } from '../../errors/connection-errors.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { StoreError } from '../../errors/store-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { SendResult, SendSettlement } from '../send-result.js';
import type { SharedRedis } from './open-redis.js';
import type { MessageData, News } from './queues.js';
import { resultOf, unknownErrorOf } from './result-record.js';

/** What this process waits to hear of sends, whichever process makes them. */
export interface Awaited {
  /** Queues a message by `add`, and resolves with its outcome. @throws what `add` throws. */
  outcomeOf(phoneNumberId: string, id: string, add: () => Promise<void>): Promise<SendResult>;
  /** Resolves when a status settles an unknown send, or when Redis keeps it no more. */
  settlement(phoneNumberId: string, id: string): Promise<SendSettlement>;
  /** Runs once whoever waits for an outcome that was just told has had the time to read it. */
  afterReading(action: () => Promise<void>): Promise<void>;
  /** Ends all waiting: a message without an outcome stays in the queue. */
  close(): void;
}

interface OpenSend {
  readonly phoneNumberId: string;
  /** Whether Redis has accepted the message. */
  isAdded: boolean;
  readonly resolves: ((result: SendResult) => void)[];
}

interface OpenSettlement {
  readonly phoneNumberId: string;
  readonly promise: Promise<SendSettlement>;
  readonly resolve: (settlement: SendSettlement) => void;
}

/**
 * Redis keeps only so much news for a process that is away: what is awaited is looked up again this often, so many at a
 * time.
 */
const lookUpEveryMs = 10_000;
const lookedUpAtOnce = 200;

/** How long an outcome stays to be read before a key is free again. */
const readingMs = 2_000;

/**
 * Waits for outcomes by the news of other processes, and reads them from the jobs. Listens from the first that is
 * awaited on.
 */
export function createAwaited({
  redis,
  clock,
  logger,
  wasCancelled,
}: {
  readonly redis: SharedRedis;
  /** Whether a message that Redis no longer has was cancelled. */
  readonly wasCancelled: (phoneNumberId: string, id: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Awaited {
  const open = new Map<string, OpenSend>();
  const settlements = new Map<string, OpenSettlement>();
  const reading = new Set<() => void>();
  let cancelLookUp = (): void => undefined;
  let isLookingUp = false;
  let closed = false;

  const onError = (error: unknown): void => {
    logger.warn('the outcome of a send could not be read, and will be read again', { error });
  };
  /** Reads the outcome of a send, if it is known by now. */
  const read = async (id: string): Promise<void> => {
    const entry = open.get(id);
    if (!entry) return;
    const { isAdded } = entry;
    const job = await redis.messages(entry.phoneNumberId).getJob(id);
    const isGone = isAdded && !job;
    const isCancelled = isGone && (await wasCancelled(entry.phoneNumberId, id));
    if ((job?.finishedOn === undefined && !isGone) || !open.delete(id)) return;
    const result: SendResult = job
      ? (resultOf(job.returnvalue) ?? {
          outcome: 'unknown',
          error: unknownErrorOf(job.failedReason),
          settled: settlement(entry.phoneNumberId, id, job.data),
        })
      : isCancelled
        ? { outcome: 'rejected', by: 'cancelled', error: new NotSentError('cancelled') }
        : { outcome: 'unknown', error: lostError(), settled: Promise.resolve({ outcome: 'unsettled' }) };
    for (const resolve of entry.resolves) resolve(result);
  };
  const onNews = (news: News): void => {
    if (news.type === 'outcome') read(news.id).catch(onError);
    else if (news.type === 'settled') end(news.id, { outcome: 'accepted', messageId: news.messageId });
    else if (news.type === 'unsettled') end(news.id, { outcome: 'unsettled' });
  };
  redis.subscribe(onNews);
  const end = (id: string, settlement: SendSettlement): void => {
    settlements.get(id)?.resolve(settlement);
    settlements.delete(id);
  };
  /** Reads whether a send was settled meanwhile. */
  const readSettlement = async (id: string): Promise<void> => {
    const entry = settlements.get(id);
    if (!entry) return;
    const job = await redis.messages(entry.phoneNumberId).getJob(id);
    if (job?.data.heard !== undefined) end(id, { outcome: 'accepted', messageId: job.data.heard });
    else if (!job || job.data.unsettled) end(id, { outcome: 'unsettled' });
  };
  const lookUp = async (): Promise<void> => {
    for (const id of firstOf(open)) await read(id);
    for (const id of firstOf(settlements)) await readSettlement(id);
  };
  /** Looks up again for as long as anything is awaited. */
  const scheduleLookUp = (): void => {
    if (isLookingUp) return;
    isLookingUp = true;
    cancelLookUp = clock.schedule(() => {
      lookUp()
        .catch(onError)
        .finally(() => {
          isLookingUp = false;
          if (!closed && open.size + settlements.size > 0) scheduleLookUp();
        });
    }, lookUpEveryMs);
  };
  const settlement = (phoneNumberId: string, id: string, data?: MessageData): Promise<SendSettlement> => {
    if (data?.heard !== undefined) return Promise.resolve({ outcome: 'accepted', messageId: data.heard });
    if (data?.unsettled) return Promise.resolve({ outcome: 'unsettled' });
    const known = settlements.get(id);
    if (known) return known.promise;
    const { promise, resolve } = deferred<SendSettlement>();
    settlements.set(id, { phoneNumberId, promise, resolve });
    scheduleLookUp();
    return promise;
  };

  return {
    async outcomeOf(phoneNumberId, id, add) {
      await redis.listen();
      const { promise, resolve } = deferred<SendResult>();
      const known = open.get(id);
      if (known) known.resolves.push(resolve);
      else open.set(id, { phoneNumberId, isAdded: false, resolves: [resolve] });
      scheduleLookUp();
      try {
        await add();
      } catch (error) {
        if (!known) open.delete(id);
        throw error;
      }
      const entry = open.get(id);
      if (entry) entry.isAdded = true;
      // A key may have its outcome already.
      if (id.startsWith('k')) await read(id);
      return promise;
    },
    settlement: (phoneNumberId, id) => settlement(phoneNumberId, id),
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
    close() {
      closed = true;
      cancelLookUp();
      for (const run of [...reading]) run();
      for (const id of [...settlements.keys()]) end(id, { outcome: 'unsettled' });
      const left: SendResult = {
        outcome: 'unknown',
        error: new NetworkError(leftText, 'unknown'),
        settled: Promise.resolve({ outcome: 'unsettled' }),
      };
      for (const [id, { resolves }] of open) {
        open.delete(id);
        for (const resolve of resolves) resolve(left);
      }
    },
  };
}

const leftText =
  'The sender was closed before the outcome was known. If the message was not sent, it stays in the queue, and another process sends it.';

/** Redis has lost a message that it had accepted. Whether it was sent before isn't known. */
function lostError(): StoreError {
  return new StoreError(
    'Redis lost the message: it evicted keys (maxmemory-policy), was flushed, or restarted without an append-only file. The message may have been sent.',
    'missing',
  );
}

/** The first so many ids, which become the last: the others have their turn next time. */
function firstOf<Entry>(entries: Map<string, Entry>): readonly string[] {
  const first = [...entries].slice(0, lookedUpAtOnce);
  for (const [id, entry] of first) {
    entries.delete(id);
    entries.set(id, entry);
  }
  return first.map(([id]) => id);
}

function deferred<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
