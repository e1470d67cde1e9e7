import type { Client } from '../../client/client.js';
import { AbortedError, NetworkError } from '../../errors/connection-errors.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { within } from '../../runtime/within.js';
import { createAttempts, type Attempts } from '../attempts/attempts.js';
import { faultOf } from '../attempts/check-send.js';
import { createMessageChecks, type MessageChecks } from '../attempts/message-checks.js';
import { restrictionGuard } from '../attempts/restriction-guard.js';
import { askGuards, type GuardDeadline, type GuardsVerdict, type SendGuard } from '../guard.js';
import { createSendNames, responseOf, resultOf, type SendRecords } from '../outbox/job-records.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { EndedSend } from '../outbox/queue-entry.js';
import type { PaceRecord } from '../pacing/pace-record.js';
import { createPacer, type Pacer } from '../pacing/pacer.js';
import type { RejectedBy, SendResult, SendSettlement } from '../send-result.js';
import { callBack, createOpenMessages, joinCallers, joinTo, type OpenMessages } from '../settlement/open-messages.js';
import { createDispatcher, type Dispatcher } from './dispatcher.js';
import { contextOf, createJob, extrasOf, type Job, type OnResult, type SubmitOptions } from './job.js';
import type { Rank } from './recipient-queues.js';
import type { Hold, NumberActivity, NumberListener, NumberSender, NumberSenderOptions } from './number-port.js';
import { createWaitingMessages, type WaitingMessages } from './waiting-messages.js';

/*
 * The engine of one number: recipient queues, pacing, pair rate, guards, attempts and outcomes. `createSender` opens
 * one for each number that it sends from. `createBullSender` opens one while the process has the lock of the number:
 *
 *   const engine = createNumberSender({ client: client.for({ phoneNumberId }), cap: 20, recordsOf: () => ({ leave, back }), … , listener });
 *   engine.submit(message, { id, key, priority, expiresAt }, (result) => …);     // called once; statuses contain `id`
 *   await engine.drain();
 *   await engine.close((job) => …);                                              // receives each message that was not sent
 *
 * It serves one number in one process. The ledger records messages, and the listener reports events.
 */

/** Bounds of the default for the maximum number of requests in flight. The default is the throughput. */
const minConcurrency = 8;
const maxConcurrency = 500;

/** Maximum number of attempts of a message whose attempts all have an unknown outcome. */
const maxAttemptsInDoubt = 6;

const cutOffText =
  'The process that sent the message ended before the response arrived. The message is not sent again, because it could arrive twice.';

const leftText = 'The sender was closed before it sent the message. The message stays in the outbox, and the next process sends it.';
const abandonedText = 'The sender was closed before the outcome of the message could be recorded.';

/** Time limit of closing for a store that doesn't respond, and for requests, which also have their own deadlines. */
const storeDeadlineMs = 5_000;
const lateDeadlineMs = 100;
const maxCloseMs = 60_000;

/** How long an idle number stays open, in addition to the longest pair rate debt. */
const keptMs = 60_000;

/** Creates the sender of one number. */
export function createNumberSender(options: NumberSenderOptions): NumberSender {
  return new NumberEngine(options);
}

class NumberEngine implements NumberSender {
  readonly phoneNumberId: string;
  readonly client: Client;
  readonly #options: NumberSenderOptions;
  readonly #listener: NumberListener;
  readonly #guards: readonly SendGuard[];
  readonly #guardDeadline: GuardDeadline;
  readonly #pairMemoryMs: number;
  readonly #pacer: Pacer;
  readonly #messages: OpenMessages;
  readonly #checks: MessageChecks;
  readonly #waiting: WaitingMessages;
  readonly #sendOf: (job: Job) => LedgerSend;
  readonly #records: SendRecords;
  readonly #attempts: Attempts;
  readonly #dispatcher: Dispatcher;
  /** Messages with an attempt or a write in progress. */
  readonly #active = new Set<Job>();
  #isClosed = false;
  /** Pending removals of records. */
  #releases: Promise<unknown> = Promise.resolve();
  /** Receives the unsent messages after closing. */
  #onUnsent: (job: Job) => void = () => undefined;

  constructor(options: NumberSenderOptions) {
    const { client, phoneNumberId, clock, policy, listener } = options;
    this.#options = options;
    this.#listener = listener;
    this.client = client;
    this.phoneNumberId = phoneNumberId;
    this.#guards = [restrictionGuard(client, policy), ...options.guards];
    this.#guardDeadline = { timeoutMs: options.guardTimeoutMs, onClosed: new Set() };
    this.#pairMemoryMs = policy.limits.pairBurst * policy.limits.pairIntervalSeconds * 1_000;
    this.#pacer = createPacer(options.cap, options.pacing);
    this.#messages = createOpenMessages(clock, () => listener.idle?.());
    this.#checks = createMessageChecks(client.validate, (job, fault) => {
      this.reject(job, 'guard', fault);
    });
    this.#waiting = createWaitingMessages({
      clock,
      onReady: (job) => {
        this.#dispatcher.add(job);
      },
      onAbort: (job, signal) => {
        this.abort(job, signal);
      },
      onExpired: (job) => {
        this.#expire(job);
      },
    });
    this.#sendOf = createSendNames(phoneNumberId, options.ids);
    const finish = this.#finish.bind(this);
    this.#records = options.recordsOf({
      target: { ...client.target, phoneNumberId },
      sendOf: this.#sendOf,
      finish,
      join: (job, sendId) => this.#joinRecovered(job, sendId),
    });
    this.#attempts = this.#createAttempts(finish);
    this.#dispatcher = this.#createDispatcher();
  }

  get open(): number {
    return this.#messages.count;
  }

  submit(message: OutgoingMessage, submitted: SubmitOptions, onResult: OnResult): Job | undefined {
    const { key } = submitted;
    const known = key === undefined ? undefined : this.#messages.byKey(key);
    // A recovered message is already in the outbox, so it replaces one that is still being written.
    if (known && !submitted.recovered) {
      joinTo(known, onResult, submitted);
      return undefined;
    }
    const job = this.#begin(message, submitted, onResult);
    try {
      this.#queue(job, submitted);
    } catch (error) {
      // Values of callers without types can throw, for example in a getter. The message must not stay open.
      this.reject(job, 'guard', faultOf('send', error));
    }
    return job;
  }

  find(key: string): Job | undefined {
    return this.#messages.byKey(key);
  }

  findById(id: string): Job | undefined {
    return this.#messages.byId(id);
  }

  cancel(job: Job): boolean {
    if (!isWaiting(job)) return false;
    const isInDoubt = job.extras?.doubt !== undefined;
    this.reject(job, 'cancelled', new NotSentError('cancelled'));
    return !isInDoubt;
  }

  abort(job: Job, signal: AbortSignal): void {
    const text = 'The message was not sent: its signal was aborted first.';
    this.reject(job, 'aborted', new AbortedError(text, 'not-sent', { cause: signal.reason }));
  }

  reject(job: Job, by: RejectedBy, error: WhatsAppError): void {
    if (job.state !== 'waiting') return;
    const doubt = job.extras?.doubt;
    if (!doubt) {
      this.#finish(job, { outcome: 'rejected', by, error });
      return;
    }
    job.state = 'left';
    void this.#attempts.concludeUnknown(job, doubt);
  }

  async cutOff(message: OutgoingMessage, submitted: SubmitOptions, messageId: string | undefined): Promise<void> {
    const job = this.#begin(message, submitted, () => undefined);
    job.state = 'left';
    job.tries = 1;
    extrasOf(job).record = 'sending';
    if (messageId === undefined) {
      await this.#attempts.concludeUnknown(job, new NetworkError(cutOffText, 'unknown'));
      return;
    }
    const response = responseOf(message, messageId);
    await this.#records.ledger?.accepted(job, response);
    this.#finish(job, { outcome: 'accepted', messageId, response });
  }

  replay(message: OutgoingMessage, submitted: SubmitOptions, { recorded, tries }: EndedSend): void {
    const job = this.#begin(message, submitted, () => undefined);
    job.tries = tries;
    const extras = extrasOf(job);
    extras.record = undefined;
    extras.ended = true;
    extras.replayed = true;
    this.#finish(
      job,
      resultOf(recorded, message, () => this.#settlementOf(job)),
    );
  }

  join(from: string, to: string): void {
    this.#dispatcher.join(from, to);
  }

  ready(rank: Rank): number {
    return this.#dispatcher.ready(rank);
  }

  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void {
    this.#dispatcher.whenReadyBelow(rank, limit, onBelow);
  }

  changeCap(cap: number): void {
    this.#pacer.changeCap(cap);
  }

  charge(): void {
    this.#pacer.charge(this.#options.clock.monotonic());
  }

  rerunGuards(which: (job: Job) => boolean): void {
    this.#waiting.delayed.release(which);
  }

  pause(): void {
    this.#dispatcher.pause();
  }

  resume(): void {
    this.#dispatcher.resume();
  }

  drain(): Promise<void> {
    return this.#messages.drain();
  }

  async close(onUnsent: (job: Job) => void): Promise<void> {
    const { clock, logger } = this.#options;
    this.#isClosed = true;
    for (const stopAsking of this.#guardDeadline.onClosed) stopAsking();
    this.#onUnsent = onUnsent;
    for (const job of [...this.#dispatcher.close(), ...this.#waiting.clear()]) if (isWaiting(job)) this.#passOn(job);
    const ended = this.#messages.settled();
    // Requests have their own deadlines.
    for (let waitedMs = 0; waitedMs < maxCloseMs && (await within(clock, storeDeadlineMs, () => ended)).type === 'late';) {
      waitedMs += storeDeadlineMs;
      if (this.#attempts.requests === 0) break;
    }
    const isLate = !this.#messages.isSettled;
    for (const job of [...this.#active]) this.#abandon(job);
    this.#waiting.close();
    const { ledger } = this.#records;
    const settled = await within(clock, isLate ? lateDeadlineMs : storeDeadlineMs, async () => {
      await this.#releases;
      ledger?.close();
      await ledger?.settled();
    });
    if (settled.type === 'late') logger.warn('sender.close_incomplete', { phoneNumberId: this.phoneNumberId });
  }

  leaveInStore(job: Job): void {
    if (!isWaiting(job)) return;
    job.state = 'over';
    const extras = extrasOf(job);
    extras.isLeftInStore = true;
    const { onDurable, onUnqueued, joined } = extras;
    // Callers of `enqueue` know that the message is durable.
    if ((onDurable ?? onUnqueued) && !joined) return;
    callBack(job, { outcome: 'unknown', error: new NetworkError(leftText, 'unknown'), settled: this.#settlementOf(job) });
  }

  activity(): NumberActivity {
    const { inFlight, waitingRecipients } = this.#dispatcher;
    return {
      queued: Math.max(0, this.#messages.count - inFlight),
      held: this.#waiting.delayed.size,
      inFlight,
      waitingRecipients,
      ceiling: this.#pacer.ceiling,
    };
  }

  paceRecord(): PaceRecord {
    return this.#dispatcher.paceRecord();
  }

  restorePace(record: PaceRecord): void {
    this.#dispatcher.restorePace(record);
  }

  forgettable(): boolean {
    return this.#messages.count === 0 && this.#options.clock.monotonic() - this.#messages.lastAtMs > keptMs + this.#pairMemoryMs;
  }

  #createAttempts(finish: (job: Job, result: SendResult) => void): Attempts {
    const options = this.#options;
    return createAttempts({
      // The sender's policy overrides that of the client.
      client: { ...this.client, policy: options.policy },
      instrument: options.instrument,
      records: this.#records,
      sendOf: this.#sendOf,
      settlement: options.settlement,
      maySend: (job) => this.#maySend(job),
      passesGuards: (job) => this.#passesGuards(job),
      checkOf: (job) => this.#checks.pending(job),
      resends: (job) => (job.extras?.onUnknown ?? options.onUnknown) === 'resend' && job.tries < maxAttemptsInDoubt,
      waits: (job, error) => this.#waitsAfter(job, error),
      finish,
      onSettled: (early) => {
        this.#listener.settledBefore?.(early);
      },
    });
  }

  #createDispatcher(): Dispatcher {
    const { clock, policy, cap, concurrency, people } = this.#options;
    const { phoneNumberId } = this;
    return createDispatcher({
      clock,
      pacer: this.#pacer,
      pairRule: { intervalMs: policy.limits.pairIntervalSeconds * 1_000, burst: policy.limits.pairBurst },
      maxWaitMs: policy.limits.maxServerWaitMs,
      concurrency: concurrency ?? Math.min(maxConcurrency, Math.max(minConcurrency, cap)),
      queueName: ({ message }) => people.queueName(phoneNumberId, message),
      identify: ({ message }) => people.identify(phoneNumberId, message),
      attempt: async (job, leaves) => {
        this.#active.add(job);
        const end = await this.#attempts.attempt(job, leaves);
        if (isWaiting(job)) {
          this.#active.delete(job);
          if (this.#isClosed && end.type === 'not-sent') this.#passOn(job);
        }
        return end;
      },
      onAgain: (job, verdict, waitMs) => {
        this.#listener.again(job, verdict, waitMs);
        job.state = 'waiting';
        if (job.extras?.expiresAtMs !== undefined) job.extras.lastError = verdict.error;
        if (verdict.scope === 'message') extrasOf(job).doubt = verdict.error;
        if (!this.#maySend(job) && isWaiting(job)) this.#passOn(job);
      },
    });
  }

  /** Creates an open message. */
  #begin(message: OutgoingMessage, submitted: SubmitOptions, onResult: OnResult): Job {
    const job = createJob(message, submitted.priority ?? 'normal', onResult, submitted);
    this.#messages.begin();
    this.#listener.queued?.(job);
    return job;
  }

  #queue(job: Job, { fault, key }: SubmitOptions): void {
    if (fault) this.reject(job, 'guard', fault);
    else this.#checks.check(job);
    if (isOver(job)) return;
    if (this.#isClosed) this.reject(job, 'closed', new NotSentError('closed'));
    if (!this.#maySend(job)) return;
    this.#records.ledger?.queued(job);
    this.#messages.name(job, key, this.#options.hasIds ? this.#sendOf(job).id : undefined);
    if (!this.#waiting.add(job)) this.#dispatcher.add(job);
  }

  #expire(job: Job): void {
    this.reject(job, 'expired', new NotSentError('expired', { cause: job.extras?.lastError }));
  }

  /** Whether a message may still be sent. If not (`signal`, `expiresAt`), ends it. */
  #maySend(job: Job): boolean {
    const { extras } = job;
    if (extras) {
      const { signal, expiresAtMs } = extras;
      if (signal?.aborted) this.abort(job, signal);
      else if (expiresAtMs !== undefined && expiresAtMs <= this.#options.clock.now()) this.#expire(job);
    }
    return isWaiting(job) && !this.#isClosed;
  }

  #delay(job: Job, { reason, until }: Hold): void {
    this.#waiting.delayed.add(job, until.getTime());
    this.#listener.delayed(job, reason, until);
  }

  /** Whether all guards let a message pass. Most guards decide synchronously. */
  #passesGuards(job: Job): boolean | Promise<boolean> {
    const own = job.extras?.guard;
    try {
      const guards = own ? [...this.#guards, own] : this.#guards;
      const verdict = askGuards(guards, job.message, contextOf(job, this.phoneNumberId), this.#options.clock, this.#guardDeadline);
      if (!(verdict instanceof Promise)) return this.#passes(job, verdict);
      return verdict.then(
        (decided) => this.#passes(job, decided),
        (error: unknown) => this.#guardFailed(job, error),
      );
    } catch (error) {
      return this.#guardFailed(job, error);
    }
  }

  #passes(job: Job, verdict: GuardsVerdict): boolean {
    if (!verdict) return true;
    if (verdict === 'closed') return false;
    if (verdict.verdict === 'reject') this.reject(job, 'guard', verdict.error);
    else if (this.#maySend(job)) this.#delay(job, verdict);
    return false;
  }

  #guardFailed(job: Job, cause: unknown): false {
    this.#options.logger.error('sender.guard_failed', { phoneNumberId: this.phoneNumberId, key: job.extras?.key, error: cause });
    this.reject(job, 'guard', new NotSentError('guard-failed', { cause }));
    return false;
  }

  /** Whether a rejected message is delayed, for example until its template is no longer paused. */
  #waitsAfter(job: Job, error: WhatsAppError): boolean {
    const hold = this.#listener.rejected(job, error);
    if (!hold) return false;
    job.state = 'waiting';
    if (this.#maySend(job)) this.#delay(job, hold);
    else if (this.#isClosed && isWaiting(job)) this.#passOn(job);
    return true;
  }

  /** Joins a message to the recovered one with the same key, which was already in the outbox. */
  #joinRecovered(job: Job, sendId: string): boolean {
    const { extras } = job;
    const known = extras?.key === undefined ? undefined : this.#messages.byKey(extras.key);
    if (!known || known === job || known.sendId !== sendId) return false;
    job.state = 'over';
    this.#messages.forget(job);
    job.sendId = sendId;
    this.#waiting.remove(job);
    joinCallers(job, known);
    this.#listener.joined?.(job);
    this.#messages.remove(job);
    this.#messages.ended();
    return true;
  }

  #finish(job: Job, result: SendResult, replay?: 'replay'): void {
    if (job.state === 'over') return;
    job.state = 'over';
    this.#waiting.remove(job);
    const { ledger } = this.#records;
    const { extras } = job;
    if (extras) {
      this.#messages.forget(job);
      extras.forClosing = result.outcome === 'rejected' && result.by === 'closed';
      const isUnsent = result.outcome === 'rejected' && result.by !== 'meta';
      if (extras.record && isUnsent) this.#releases = Promise.all([this.#releases, ledger?.release(job)]);
    }
    this.#listener.outcome?.(job, result, replay !== undefined);
    ledger?.emitted(job);
    this.#active.delete(job);
    this.#messages.remove(job);
    callBack(job, result);
    this.#messages.ended();
  }

  #settlementOf(job: Job): Promise<SendSettlement> {
    return this.#options.settlement?.unknown(this.#sendOf(job)).settled ?? Promise.resolve({ outcome: 'unsettled' });
  }

  /** Ends a message whose store or guard doesn't respond before the deadline of closing. */
  #abandon(job: Job): void {
    if (isWaiting(job)) this.#passOn(job);
    else if (!isOver(job)) {
      this.#finish(job, { outcome: 'unknown', error: new NetworkError(abandonedText, 'unknown'), settled: this.#settlementOf(job) });
    }
  }

  /** Returns an unsent message after closing. */
  #passOn(job: Job): void {
    this.#onUnsent(job);
    this.#messages.leave(job);
  }
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}

function isWaiting({ state }: Job): boolean {
  return state === 'waiting';
}
