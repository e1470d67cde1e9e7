import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { Clock } from '../runtime/clock.js';
import { defined } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
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
  submit(message: OutgoingMessage, options: SendOptions, onResult: OnResult): Queued | undefined;
  /** Whether the sender takes no more, or no more of a campaign. */
  isClosed(): boolean;
  isCancelled(campaignId: string): boolean;
}

/** A message that waits, and where. */
export interface Queued {
  readonly job: Job;
  readonly number: NumberSender;
}

/** The caller is told of progress at most once in this time. */
const progressEveryMs = 100;

/** Sends all messages of a source with back-pressure: one is taken from it only when there is room. */
export async function runSendAll(
  host: SendAllHost,
  source: Iterable<SendItem> | AsyncIterable<SendItem>,
  options: SendAllOptions,
): Promise<SendAllResult> {
  const { signal, from, campaignId, category, priority = 'low', concurrency = host.defaultConcurrency } = options;
  const common: SendOptions = { priority, ...defined({ from, campaignId, category }) };
  const open = new Map<Job, NumberSender>();
  const count = createTally(host, totalOf(source, options), options.onProgress);
  let wake = (): void => undefined;

  const submit = (item: SendItem): void => {
    const { message, ...own } = 'message' in item ? item : { message: item };
    count.taken();
    const queued = host.submit(message, { ...common, ...own }, (result, settled) => {
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
      Promise.resolve(iterator.next()).then(resolve, reject);
    });

  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  try {
    while (!stoppedBy()) {
      const next = await nextItem();
      if (next === undefined || next.done === true) break;
      submit(next.value);
      await atMostOpen(concurrency - 1);
    }
  } finally {
    // The rest of a source is not waited for: it may be what hangs. Ending one that has ended does nothing.
    if (stoppedBy()) void Promise.resolve(iterator.return?.()).catch(() => undefined);
    await atMostOpen(0);
    signal?.removeEventListener('abort', onAbort);
  }
  return count.result(stoppedBy());
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
    try {
      onProgress?.(progress(nowMs));
    } catch (error) {
      logger.error('onProgress of sendAll failed', { error });
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
