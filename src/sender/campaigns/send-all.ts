import { checkedCopy, checkFunction, checkNumbers, describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { checkCommon, checkItem, type CheckedSend } from '../attempts/check-send.js';
import { createRateMeter } from '../pacing/rate-meter.js';
import type { SendAllOptions, SendAllResult, SendProgress } from './send-all-options.js';
import type { SendEngine, Submitted } from '../send-engine.js';
import type { SendItem, SendOptions } from '../send-options.js';
import {
  countRejection,
  createRejectionStreak,
  type EqualRejections,
  type RejectionsByCode,
  type RejectionStreak,
} from './rejection-streak.js';
import { noRejections } from './no-rejections.js';
import type { SendResult } from '../send-result.js';

/** The messages to send. */
type SendSource = Iterable<SendItem> | AsyncIterable<SendItem>;
type SendIterator = Iterator<SendItem, unknown> | AsyncIterator<SendItem, unknown>;

/** The sender, as {@link runSendAll} uses it. */
export interface SendAllHost {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default for the maximum number of open messages. */
  readonly defaultConcurrency: number;
  readonly submit: SendEngine['submit'];
  /** Options that items may not have. */
  readonly notStored: readonly (keyof SendOptions)[];
  /** Whether the sender, or the campaign, accepts no more messages. */
  isClosed(): boolean;
  endOf(campaignId: string): 'cancelled' | 'stopped' | undefined;
  /** Equal rejections in a row after which the run stops. */
  readonly maxEqualRejections: number;
  /** Stops a campaign after equal rejections. */
  stopCampaign(campaignId: string, rejections: EqualRejections): void;
  /** Registers a source with messages of a campaign. Returns a function that removes it. */
  sourceOpened(campaignId: string): () => void;
  /** Calls `look` whenever there may be a reason to stop. Returns a function that unsubscribes. */
  onStop(look: () => void): () => void;
}

/** If all messages are rejected immediately, yields to timers and connections after this many. */
const rejectedInRow = 1_000;

/** Minimum time between two reports of the progress. */
const progressEveryMs = 100;

/** Sends all messages of a source with back-pressure. Reads the next message when there is room for it. */
export async function runSendAll(host: SendAllHost, source: SendSource, given: SendAllOptions): Promise<SendAllResult> {
  checkSource('sendAll', source);
  return new SendAllRun(host, source, checkedCopy('sendAll', given, checkSendAll)).run();
}

class SendAllRun {
  readonly #host: SendAllHost;
  readonly #source: SendSource;
  readonly #options: SendAllOptions;
  readonly #common: CheckedSend['options'];
  readonly #count: Tally;
  readonly #streak: RejectionStreak;
  readonly #open = new Set<Submitted>();
  readonly #failures: unknown[] = [];
  readonly #stopping = new AbortController();
  #wake: () => void = () => undefined;

  constructor(host: SendAllHost, source: SendSource, options: SendAllOptions) {
    const { from, campaignId, category, priority = 'low' } = options;
    this.#host = host;
    this.#source = source;
    this.#options = options;
    this.#common = { priority, ...defined({ from, campaignId, category }) };
    this.#count = createTally(host, totalOf(source, options), options.onProgress);
    this.#streak = createRejectionStreak(host.maxEqualRejections);
  }

  async run(): Promise<SendAllResult> {
    const { signal, campaignId } = this.#options;
    const onAbort = (): void => {
      if (signal) for (const submitted of [...this.#open]) submitted.abort(signal);
      this.#wake();
    };
    signal?.addEventListener('abort', onAbort);
    const stopLooking = this.#host.onStop(() => {
      this.#wake();
    });
    const closeSource = campaignId === undefined ? undefined : this.#host.sourceOpened(campaignId);
    try {
      await this.#readSource();
    } finally {
      await this.#atMostOpen(0);
      signal?.removeEventListener('abort', onAbort);
      stopLooking();
      closeSource?.();
    }
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#count.result(this.#stoppedBy());
  }

  async #readSource(): Promise<void> {
    const { concurrency = this.#host.defaultConcurrency } = this.#options;
    const iterator = iteratorOf(this.#source);
    let immediate = 0;
    try {
      while (!this.#mustStop()) {
        const next = await this.#nextItem(iterator);
        if (next === undefined || next.done === true) return;
        const openBefore = this.#open.size;
        this.#submit(next.value);
        immediate = this.#open.size > openBefore ? 0 : immediate + 1;
        if (immediate >= rejectedInRow) {
          immediate = 0;
          await new Promise<void>((resolve) => systemClock.schedule(resolve, 0));
        }
        await this.#atMostOpen(concurrency - 1);
      }
    } finally {
      // The source isn't awaited, because it may hang. Ending a source that has already ended has no effect.
      if (this.#mustStop()) endIterator(iterator);
    }
  }

  /**
   * The next item of the source, or `undefined` as soon as there is a reason to stop, because a source can wait
   * indefinitely.
   */
  #nextItem(iterator: SendIterator): Promise<IteratorResult<SendItem, unknown> | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        if (this.#mustStop()) resolve(undefined);
      };
      Promise.resolve(iterator.next()).then((result) => {
        // Iterators of callers without types can return any value.
        if (isRecord(result)) resolve(result);
        else
          reject(
            new InvalidArgumentError('sendAll', 'source', `must yield iterator results, but its next() returned ${describeValue(result)}`),
          );
      }, reject);
    });
  }

  #submit(item: SendItem): void {
    const checked = checkItem('sendAll', item, this.#host.notStored);
    this.#count.taken();
    // A message may end before it is submitted.
    const place: { submitted: Submitted | undefined } = { submitted: undefined };
    const end = (countEnd: () => void): void => {
      if (place.submitted) this.#open.delete(place.submitted);
      countEnd();
      this.#wake();
    };
    const submitted = this.#host.submit(
      { ...checked, options: { ...this.#common, ...checked.options } },
      {
        onResult: (result) => {
          end(() => {
            this.#count.done(result);
            const rejections = this.#streak.count(result);
            if (rejections) this.#stopAfter(rejections);
          });
        },
        onError: (error) => {
          this.#failures.push(error);
          end(() => {
            this.#count.failed();
          });
        },
      },
    );
    // A message that was rejected immediately, or that has the key of an open message, isn't in the queue.
    if (submitted?.isOpen !== true) return;
    place.submitted = submitted;
    this.#open.add(submitted);
  }

  /** After equal rejections, the campaign's guard rejects its messages. Messages without a campaign are cancelled. */
  #stopAfter(rejections: EqualRejections): void {
    const { campaignId } = this.#options;
    this.#stopping.abort();
    if (campaignId !== undefined) this.#host.stopCampaign(campaignId, rejections);
    else for (const submitted of [...this.#open]) submitted.abort(this.#stopping.signal);
  }

  #stoppedBy(): SendAllResult['stoppedBy'] {
    const { signal, campaignId } = this.#options;
    if (signal?.aborted) return 'aborted';
    const end = campaignId === undefined ? undefined : this.#host.endOf(campaignId);
    if (end === 'cancelled') return 'cancelled';
    if (end === 'stopped' || this.#stopping.signal.aborted) return 'rejections';
    return this.#host.isClosed() ? 'closed' : undefined;
  }

  #mustStop(): boolean {
    return this.#failures.length > 0 || this.#stoppedBy() !== undefined;
  }

  async #atMostOpen(most: number): Promise<void> {
    while (this.#count.open() > most) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
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

function iteratorOf(source: SendSource): SendIterator {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const given: unknown = iterator;
  if (typeof given === 'object' && given !== null && 'next' in given && typeof given.next === 'function') return iterator;
  throw new InvalidArgumentError('sendAll', 'source', `must return an iterator, but returned ${describeValue(given)}`);
}

/** Ends a source. Ignores errors and rejections. */
function endIterator(iterator: SendIterator): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  } catch {
    // For this run, the source has ended.
  }
}

function totalOf(source: object, { total }: SendAllOptions): number | undefined {
  if (total !== undefined) return total;
  if ('length' in source && typeof source.length === 'number') return source.length;
  return 'size' in source && typeof source.size === 'number' ? source.size : undefined;
}

/** Counts outcomes and reports the progress to the caller. */
interface Tally {
  taken(): void;
  done(result: SendResult): void;
  /** Counts a message that could not be queued. */
  failed(): void;
  /** Number of messages without an outcome. */
  open(): number;
  /** Reports the progress a last time and returns the final counts. */
  result(stoppedBy: SendAllResult['stoppedBy']): SendAllResult;
}

function createTally({ clock, logger }: SendAllHost, total: number | undefined, onProgress: SendAllOptions['onProgress']): Tally {
  const startedAtMs = clock.monotonic();
  const meter = createRateMeter(startedAtMs);
  const counts = { accepted: 0, rejected: 0, unknown: 0 };
  const rejectedBy = noRejections();
  const byCode: RejectionsByCode = {};
  let taken = 0;
  let done = 0;
  let reportedAtMs = startedAtMs;

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
  const report = (nowMs: number): void => {
    reportedAtMs = nowMs;
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
      countRejection(byCode, result);
      meter.count(nowMs);
      if (onProgress && nowMs - reportedAtMs >= progressEveryMs) report(nowMs);
    },
    failed() {
      taken -= 1;
    },
    open: () => taken - done,
    result(stoppedBy) {
      const nowMs = clock.monotonic();
      report(nowMs);
      const { perSecond: _perSecond, leftMs: _leftMs, ...counted } = progress(nowMs);
      return { ...counted, rejectedBy, byCode, ...(stoppedBy && { stoppedBy }) };
    },
  };
}
