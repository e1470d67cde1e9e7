import { checkedCopy, checkFunction, checkNumbers, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { defined, isRecord } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import { checkCommon, checkItem, type CheckedSend } from './check-send.js';
import type { Job, OnResult } from './job.js';
import type { NumberSender } from './number-sender.js';
import { createRateMeter } from './rate-meter.js';
import type { SendAllOptions, SendAllResult, SendProgress } from './send-all-options.js';
import type { SendItem, SendOptions } from './send-options.js';
import type { RejectedBy, SendResult } from './send-result.js';

/** What {@link runSendAll} needs of its sender. */
export interface SendAllHost {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many messages may be open where the caller does not say. */
  readonly defaultConcurrency: number;
  /** Queues a message. */
  submit(send: CheckedSend, onResult: OnResult): Queued | undefined;
  /** Whether the sender takes no more, or no more of a campaign. */
  isClosed(): boolean;
  isCancelled(campaignId: string): boolean;
  /** A source with messages of a campaign is being read. Returns a function that ends that. */
  sourceOpened(campaignId: string): () => void;
  /** Calls `look` whenever there may be a reason to stop. Returns a function that ends that. */
  onStop(look: () => void): () => void;
}

/** A message that waits, and where. */
export interface Queued {
  readonly job: Job;
  readonly number: NumberSender;
}

/** A source whose messages are all rejected immediately must not keep timers and connections waiting: after so many it lets them run. */
const rejectedInRow = 1_000;

/** The caller is told of progress at most once in this time. */
const progressEveryMs = 100;

/** Sends all messages of a source with back-pressure: one is taken from it only when there is room. */
export async function runSendAll(
  host: SendAllHost,
  source: Iterable<SendItem> | AsyncIterable<SendItem>,
  given: SendAllOptions,
): Promise<SendAllResult> {
  checkSource('sendAll', source);
  const options = checkedCopy('sendAll', given, checkSendAll);
  const { signal, from, campaignId, category, priority = 'low', concurrency = host.defaultConcurrency } = options;
  const common: SendOptions = { priority, ...defined({ from, campaignId, category }) };
  const open = new Map<Job, NumberSender>();
  const count = createTally(host, totalOf(source, options), options.onProgress);
  let wake = (): void => undefined;

  const submit = (item: SendItem): void => {
    const checked = checkItem('sendAll', item);
    count.taken();
    const queued = host.submit({ ...checked, options: { ...common, ...checked.options } }, (result, settled) => {
      open.delete(settled);
      count.done(result);
      wake();
    });
    // A message refused at once, or with the key of one that is open, has no place of its own in the queue.
    if (queued && queued.job.state !== 'over') open.set(queued.job, queued.number);
  };
  const onAbort = (): void => {
    if (signal) for (const [job, number] of [...open]) number.abort(job, signal);
    wake();
  };
  signal?.addEventListener('abort', onAbort);
  const stopLooking = host.onStop(() => {
    wake();
  });
  const closeSource = campaignId === undefined ? undefined : host.sourceOpened(campaignId);
  const stoppedBy = (): SendAllResult['stoppedBy'] => {
    if (signal?.aborted) return 'aborted';
    if (campaignId !== undefined && host.isCancelled(campaignId)) return 'cancelled';
    return host.isClosed() ? 'closed' : undefined;
  };
  const atMostOpen = async (most: number): Promise<void> => {
    while (count.open() > most) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  /** The next of the source, or `undefined` as soon as there is a reason to stop: a source may let wait for ever. */
  const nextItem = (): Promise<IteratorResult<SendItem, unknown> | undefined> =>
    new Promise((resolve, reject) => {
      wake = () => {
        if (stoppedBy()) resolve(undefined);
      };
      Promise.resolve(iterator?.next()).then((result: unknown) => {
        if (isRecord(result)) resolve(result as unknown as IteratorResult<SendItem, unknown>);
        else
          reject(
            new InvalidArgumentError('sendAll', 'source', `must yield iterator results, but its next() returned ${describeValue(result)}`),
          );
      }, reject);
    });

  let iterator: Iterator<SendItem, unknown> | AsyncIterator<SendItem, unknown> | undefined;
  let immediate = 0;
  try {
    iterator = iteratorOf(source);
    while (!stoppedBy()) {
      const next = await nextItem();
      if (next === undefined || next.done === true) break;
      const openBefore = open.size;
      submit(next.value);
      immediate = open.size > openBefore ? 0 : immediate + 1;
      if (immediate >= rejectedInRow) {
        immediate = 0;
        await new Promise<void>((resolve) => systemClock.schedule(resolve, 0));
      }
      await atMostOpen(concurrency - 1);
    }
  } finally {
    // The rest of a source is not waited for: it may be what hangs. Ending one that has ended does nothing.
    if (iterator && stoppedBy()) endIterator(iterator);
    await atMostOpen(0);
    signal?.removeEventListener('abort', onAbort);
    stopLooking();
    closeSource?.();
  }
  return count.result(stoppedBy());
}

/** Checks what callers without types may pass. @throws `InvalidArgumentError` */
function checkSendAll(options: SendAllOptions): void {
  checkNumbers('sendAll', options, { concurrency: {}, total: { min: 0, max: Number.MAX_SAFE_INTEGER } });
  checkCommon('sendAll', options);
  checkFunction('sendAll', 'onProgress', options.onProgress);
}

/** Checks that a source can be iterated. @throws `InvalidArgumentError` */
export function checkSource(action: string, source: unknown): void {
  const isObject = typeof source === 'object' && source !== null;
  if (isObject && (Symbol.asyncIterator in source || Symbol.iterator in source)) return;
  throw new InvalidArgumentError(action, 'source', `must be an iterable or an async iterable of messages, but is ${describeValue(source)}`);
}

function iteratorOf(source: Iterable<SendItem> | AsyncIterable<SendItem>): Iterator<SendItem, unknown> | AsyncIterator<SendItem, unknown> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const given: unknown = iterator;
  if (typeof given === 'object' && given !== null && 'next' in given && typeof given.next === 'function') return iterator;
  throw new InvalidArgumentError('sendAll', 'source', `must return an iterator, but returned ${describeValue(given)}`);
}

/** Ends a source. What that throws, or rejects with, changes nothing. */
function endIterator(iterator: Iterator<SendItem, unknown> | AsyncIterator<SendItem, unknown>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  } catch {
    // It has ended as far as this side is concerned.
  }
}

function totalOf(source: object, { total }: SendAllOptions): number | undefined {
  if (total !== undefined) return total;
  if ('length' in source && typeof source.length === 'number') return source.length;
  return 'size' in source && typeof source.size === 'number' ? source.size : undefined;
}

/** Counts, and tells the caller now and then. */
interface Tally {
  taken(): void;
  done(result: SendResult): void;
  /** Messages without an outcome. */
  open(): number;
  /** The final counts; tells the caller, too. */
  result(stoppedBy: SendAllResult['stoppedBy']): SendAllResult;
}

function createTally({ clock, logger }: SendAllHost, total: number | undefined, onProgress: SendAllOptions['onProgress']): Tally {
  const startedAtMs = clock.monotonic();
  const meter = createRateMeter(startedAtMs);
  const counts = { accepted: 0, rejected: 0, unknown: 0 };
  const rejectedBy: Record<RejectedBy, number> = { meta: 0, guard: 0, expired: 0, aborted: 0, closed: 0 };
  let taken = 0;
  let done = 0;
  let toldAtMs = startedAtMs;

  const progress = (nowMs: number): SendProgress => {
    const perSecond = meter.perSecond(nowMs);
    return {
      ...(total !== undefined && { total }),
      taken,
      done,
      ...counts,
      perSecond,
      elapsedMs: nowMs - startedAtMs,
      ...(total !== undefined && perSecond > 0 && { leftMs: Math.max(0, ((total - done) / perSecond) * 1_000) }),
    };
  };
  const tell = (nowMs: number): void => {
    toldAtMs = nowMs;
    const failed = (error: unknown): void => {
      logger.error('sender.listener_failed', { event: 'onProgress', error });
    };
    try {
      const result: unknown = onProgress?.(progress(nowMs));
      // Typed as `void`, but async functions return promises.
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
  return {
    taken() {
      taken += 1;
    },
    done(result) {
      const nowMs = clock.monotonic();
      done += 1;
      counts[result.outcome] += 1;
      if (result.outcome === 'rejected') rejectedBy[result.by] += 1;
      meter.count(nowMs);
      if (onProgress && nowMs - toldAtMs >= progressEveryMs) tell(nowMs);
    },
    open: () => taken - done,
    result(stoppedBy) {
      const nowMs = clock.monotonic();
      tell(nowMs);
      const { perSecond: _perSecond, leftMs: _leftMs, ...counted } = progress(nowMs);
      return { ...counted, rejectedBy, ...(stoppedBy && { stoppedBy }) };
    },
  };
}
