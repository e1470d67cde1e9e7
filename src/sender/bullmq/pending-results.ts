import { NetworkError } from '../../errors/connection-errors.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { StoreError } from '../../errors/store-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { SendResult, SendSettlement } from '../send-result.js';
import type { SharedRedis } from './open-redis.js';
import type { MessageData, ProcessEvent } from './queues.js';
import { resultOf, unknownErrorOf } from './result-record.js';

/** The sends whose results this process waits for. Any process can send them. */
export interface PendingResults {
  /** Queues a message with `add` and resolves with its outcome. @throws the error of `add`. */
  outcomeOf(phoneNumberId: string, id: string, add: () => Promise<void>): Promise<SendResult>;
  /** Resolves when a status settles an unknown send, or when Redis no longer stores it. */
  settlement(phoneNumberId: string, id: string): Promise<SendSettlement>;
  /** Runs `action` after the callers that wait for a reported outcome have had time to read it. */
  afterReading(action: () => Promise<void>): Promise<void>;
  /** Stops waiting. Messages without an outcome stay in the queue. */
  close(): void;
}

/** Options of {@link createPendingResults}. */
export interface PendingResultsOptions {
  readonly redis: SharedRedis;
  /** Whether a message that is no longer in Redis was cancelled. */
  readonly wasCancelled: (phoneNumberId: string, id: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
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
 * Redis stores a limited number of events for a process that is disconnected. Pending sends are therefore looked up at
 * this interval, a limited number at a time.
 */
const lookUpEveryMs = 10_000;
const lookedUpAtOnce = 200;

/** How long an outcome can be read before its key becomes free again. */
const readingMs = 2_000;

/**
 * Creates a registry of pending sends. It learns about outcomes from events of other processes and reads them from the
 * jobs. It starts to listen with the first pending send.
 */
export function createPendingResults(options: PendingResultsOptions): PendingResults {
  return new ResultWaiters(options);
}

class ResultWaiters implements PendingResults {
  readonly #redis: SharedRedis;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #wasCancelled: PendingResultsOptions['wasCancelled'];
  readonly #open = new Map<string, OpenSend>();
  readonly #settlements = new Map<string, OpenSettlement>();
  readonly #reading = new Set<() => void>();
  #cancelLookUp = (): void => undefined;
  #isLookingUp = false;
  #closed = false;

  constructor({ redis, clock, logger, wasCancelled }: PendingResultsOptions) {
    this.#redis = redis;
    this.#clock = clock;
    this.#logger = logger;
    this.#wasCancelled = wasCancelled;
    redis.subscribe((event) => {
      this.#onProcessEvent(event);
    });
  }

  async outcomeOf(phoneNumberId: string, id: string, add: () => Promise<void>): Promise<SendResult> {
    await this.#redis.listen();
    const { promise, resolve } = deferred<SendResult>();
    const known = this.#open.get(id);
    if (known) known.resolves.push(resolve);
    else this.#open.set(id, { phoneNumberId, isAdded: false, resolves: [resolve] });
    this.#scheduleLookUp();
    try {
      await add();
    } catch (error) {
      if (!known) this.#open.delete(id);
      throw error;
    }
    const entry = this.#open.get(id);
    if (entry) entry.isAdded = true;
    // The key may already have an outcome.
    if (id.startsWith('k')) await this.#read(id);
    return promise;
  }

  settlement(phoneNumberId: string, id: string, data?: MessageData): Promise<SendSettlement> {
    if (data?.heard !== undefined) return Promise.resolve({ outcome: 'accepted', messageId: data.heard });
    if (data?.unsettled) return Promise.resolve({ outcome: 'unsettled' });
    const known = this.#settlements.get(id);
    if (known) return known.promise;
    const { promise, resolve } = deferred<SendSettlement>();
    this.#settlements.set(id, { phoneNumberId, promise, resolve });
    this.#scheduleLookUp();
    return promise;
  }

  afterReading(action: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        cancel();
        this.#reading.delete(run);
        action().then(resolve, reject);
      };
      const cancel = this.#clock.schedule(run, readingMs);
      this.#reading.add(run);
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelLookUp();
    for (const run of [...this.#reading]) run();
    for (const id of [...this.#settlements.keys()]) this.#end(id, { outcome: 'unsettled' });
    const left: SendResult = {
      outcome: 'unknown',
      error: new NetworkError(leftText, 'unknown'),
      settled: Promise.resolve({ outcome: 'unsettled' }),
    };
    for (const [id, { resolves }] of this.#open) {
      this.#open.delete(id);
      for (const resolve of resolves) resolve(left);
    }
  }

  /** Logs read errors. The next look-up repeats the read. */
  async #attempt(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#logger.warn('the outcome of a send could not be read; it is looked up again', { error });
    }
  }

  /** Reads the outcome of a send, if there is one. */
  async #read(id: string): Promise<void> {
    const entry = this.#open.get(id);
    if (!entry) return;
    const { isAdded } = entry;
    const job = await this.#redis.messages(entry.phoneNumberId).getJob(id);
    const isGone = isAdded && !job;
    const isCancelled = isGone && (await this.#wasCancelled(entry.phoneNumberId, id));
    if ((job?.finishedOn === undefined && !isGone) || !this.#open.delete(id)) return;
    const result: SendResult = job
      ? (resultOf(job.returnvalue) ?? {
          outcome: 'unknown',
          error: unknownErrorOf(job.failedReason),
          settled: this.settlement(entry.phoneNumberId, id, job.data),
        })
      : isCancelled
        ? { outcome: 'rejected', by: 'cancelled', error: new NotSentError('cancelled') }
        : { outcome: 'unknown', error: lostError(), settled: Promise.resolve({ outcome: 'unsettled' }) };
    for (const resolve of entry.resolves) resolve(result);
  }

  #onProcessEvent(event: ProcessEvent): void {
    if (event.type === 'outcome') void this.#attempt(() => this.#read(event.id));
    else if (event.type === 'settled') this.#end(event.id, { outcome: 'accepted', messageId: event.messageId });
    else if (event.type === 'unsettled') this.#end(event.id, { outcome: 'unsettled' });
  }

  #end(id: string, settlement: SendSettlement): void {
    this.#settlements.get(id)?.resolve(settlement);
    this.#settlements.delete(id);
  }

  /** Checks whether a send has been settled. */
  async #readSettlement(id: string): Promise<void> {
    const entry = this.#settlements.get(id);
    if (!entry) return;
    const job = await this.#redis.messages(entry.phoneNumberId).getJob(id);
    if (job?.data.heard !== undefined) this.#end(id, { outcome: 'accepted', messageId: job.data.heard });
    else if (!job || job.data.unsettled) this.#end(id, { outcome: 'unsettled' });
  }

  async #lookUp(): Promise<void> {
    for (const id of firstOf(this.#open)) await this.#read(id);
    for (const id of firstOf(this.#settlements)) await this.#readSettlement(id);
  }

  /** Schedules look-ups while sends are pending. */
  #scheduleLookUp(): void {
    if (this.#isLookingUp) return;
    this.#isLookingUp = true;
    this.#cancelLookUp = this.#clock.schedule(() => {
      void this.#attempt(() => this.#lookUp()).then(() => {
        this.#isLookingUp = false;
        if (!this.#closed && this.#open.size + this.#settlements.size > 0) this.#scheduleLookUp();
      });
    }, lookUpEveryMs);
  }
}

const leftText = 'The sender was closed before the outcome was known. A message that was not sent stays in the queue for other processes.';

/** Redis lost a message that it had accepted. It may have been sent. */
function lostError(): StoreError {
  return new StoreError(
    'Redis no longer has the message: it removes keys (maxmemory-policy), was flushed, or restarted without an append-only file. The message may have been sent.',
    'missing',
  );
}

/** Returns the first IDs and moves them to the end, so that the next call returns others. */
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
