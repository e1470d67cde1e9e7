import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { MissingTargetError } from '../errors/usage-errors.js';
import { within } from '../runtime/within.js';
import type { CancelResult } from './cancel-result.js';
import type { CheckedSend } from './attempts/check-send.js';
import { createJob, type Job, type OnResult, type SubmitOptions } from './queue/job.js';
import { createJobRecords } from './outbox/job-records.js';
import type { NumberListener, NumberSender } from './queue/number-port.js';
import { createNumberSenders, type NumberSenders } from './queue/number-senders.js';
import type { Ledger } from './outbox/ledger.js';
import { cancelQueued } from './outbox/cancel-queued.js';
import type { Outbox } from './outbox/outbox.js';
import { aboutJob, type Reporting } from './reporting.js';
import type { EngineActivity, SendEngine, Submitted, SubmitCallbacks, PlannedNumber } from './send-engine.js';
import type { SenderNumber } from './send-options.js';
import type { SenderOptions } from './sender-options.js';
import type { SenderParts } from './sender-parts.js';
import type { SenderStats } from './sender-stats.js';
import type { Settlement } from './settlement/settlement.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';

/** Dependencies of {@link createLocalEngine}. */
export interface LocalEngineOptions {
  readonly options: SenderOptions;
  readonly parts: SenderParts;
  readonly ledger: Ledger;
  /** Records queued messages, if there is a store. */
  readonly outbox: Outbox | undefined;
  readonly settlement: Settlement;
  readonly unsettledAfterMs: number;
  /** Called when this process has messages. */
  readonly onBusy: () => void;
  /** The last step of closing. */
  readonly onClosed: () => Promise<void>;
}

/** The engine of one process, and its numbers. */
export interface LocalEngine extends SendEngine {
  readonly numbers: NumberSenders;
  /** Returns the sender of a number, or `undefined` after the engine was closed. */
  numberOf(from: SenderNumber | undefined): NumberSender | undefined;
}

/** Time limit for each step of closing that uses the store. */
const closeStepMs = 5_000;
/** The time limit after one of the steps took too long. */
const lateStepMs = 100;

/** Creates the engine that sends from this process. */
export function createLocalEngine(given: LocalEngineOptions): LocalEngine {
  return new ProcessEngine(given);
}

class ProcessEngine implements LocalEngine {
  readonly #given: LocalEngineOptions;
  readonly #parts: SenderParts;
  readonly #outbox: Outbox | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #reporting: Reporting;
  readonly #drains: (() => void)[] = [];
  #closed = false;
  #closing: Promise<void> | undefined;
  readonly numbers: NumberSenders;

  constructor(given: LocalEngineOptions) {
    this.#given = given;
    const { parts, outbox } = given;
    this.#parts = parts;
    this.#outbox = outbox;
    const { clock, logger, reporting } = parts;
    this.#clock = clock;
    this.#logger = logger;
    this.#reporting = reporting;
    this.numbers = openNumbers(given, () => {
      this.#onIdle();
    });
  }

  numberOf(from: SenderNumber | undefined): NumberSender | undefined {
    return this.#closed ? undefined : this.numbers.of(from);
  }

  submit(send: CheckedSend, { onResult }: SubmitCallbacks): Submitted | undefined {
    return this.#submitJob(send, onResult);
  }

  enqueue(send: CheckedSend): Promise<string> {
    if (!this.#outbox) {
      const rule = 'is required: pass a durable store to createSender, for example sqliteStore';
      return Promise.reject(new InvalidArgumentError('enqueue', 'store', rule));
    }
    return new Promise((resolve, reject) => {
      const onResult: OnResult = (result, job) => {
        if (result.outcome === 'rejected' && result.by !== 'meta') reject(result.error);
        else resolve(job.sendId ?? '');
      };
      const onDurable = (job: Job): void => {
        resolve(job.sendId ?? '');
      };
      this.#submitJob({ ...send, options: { ...send.options, durable: true, onDurable } }, onResult);
    });
  }

  async cancel(idOrKey: string, from: SenderNumber | undefined): Promise<CancelResult> {
    const own = from === undefined ? undefined : this.numbers.find(phoneNumberIdOf(from));
    for (const number of own ? [own] : this.numbers.all()) {
      const job = number.findById(idOrKey);
      if (job) return number.cancel(job) ? 'cancelled' : 'already-sent';
    }
    const number = this.numberOf(from);
    const job = number?.find(idOrKey);
    if (number && job) return number.cancel(job) ? 'cancelled' : 'already-sent';
    return cancelQueued(this.#parts.store, number?.phoneNumberId ?? '', idOrKey);
  }

  activity(): EngineActivity {
    return this.numbers.activity();
  }

  setPaused(isPaused: boolean, from: SenderNumber | undefined): Promise<void> {
    const phoneNumberId = from === undefined ? undefined : phoneNumberIdOf(from);
    if (this.numbers.setPaused(isPaused, phoneNumberId)) {
      const about = phoneNumberId === undefined ? {} : { phoneNumberId };
      this.#reporting.notify(isPaused ? 'paused' : 'resumed', () => ({ ...this.#stats(), ...about }));
    }
    return Promise.resolve();
  }

  planned(from: SenderNumber | undefined): Promise<PlannedNumber | undefined> {
    const number = this.numbers.of(from);
    if (!number) return Promise.resolve(undefined);
    const { ceiling, queued } = number.activity();
    const { client, phoneNumberId } = number;
    return Promise.resolve({ client, phoneNumberId, perSecond: ceiling, queued });
  }

  async drain(): Promise<void> {
    if (this.numbers.open > 0) {
      await new Promise<void>((resolve) => {
        this.#drains.push(resolve);
      });
    }
    // Outcomes whose events were emitted.
    const outbox = this.#outbox;
    if (outbox) await within(this.#clock, closeStepMs, () => outbox.flush());
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#closing ??= closeEngine(this.#given, this.numbers, () => {
      this.#endDrains();
    });
    return this.#closing;
  }

  #stats(): SenderStats {
    return { ...this.activity(), ...this.#reporting.counts() };
  }

  #endDrains(): void {
    for (const resolve of this.#drains.splice(0)) resolve();
  }

  #onIdle(): void {
    if (this.numbers.open > 0) return;
    void this.#outbox?.flush();
    this.#reporting.notify('idle', () => this.#stats());
    this.#endDrains();
  }

  #submitJob({ message, options: sendOptions, fault }: CheckedSubmit, onResult: OnResult): SubmittedJob | undefined {
    const { from } = sendOptions;
    const submitted: SubmitOptions = fault ? { ...sendOptions, fault } : sendOptions;
    if (fault) this.#logger.warn('sender.message_rejected', { error: fault });
    const number = this.numberOf(from);
    this.#given.onBusy();
    if (number) {
      const job = number.submit(message, submitted, onResult);
      return job && new SubmittedJob(job, number);
    }
    const by = this.#closed ? 'closed' : 'guard';
    const error = this.#closed ? new NotSentError('closed') : (fault ?? new MissingTargetError('send', 'phoneNumberId'));
    const job = createJob(message, 'normal', onResult, submitted);
    job.state = 'over';
    onResult({ outcome: 'rejected', by, error }, job);
    return undefined;
  }
}

/** A checked call, or a message that goes through the outbox. */
type CheckedSubmit = Omit<CheckedSend, 'options'> & { readonly options: SubmitOptions & CheckedSend['options'] };

/** A submitted message. One is created for each call, so it is an object without closures. */
class SubmittedJob implements Submitted {
  readonly #job: Job;
  readonly #number: NumberSender;

  constructor(job: Job, number: NumberSender) {
    this.#job = job;
    this.#number = number;
  }

  get isOpen(): boolean {
    return this.#job.state !== 'over';
  }

  abort(signal: AbortSignal): void {
    this.#number.abort(this.#job, signal);
  }
}

/** A durable message that wasn't sent before the sender was closed. */
interface UnsentJob {
  readonly job: Job;
  readonly number: NumberSender;
}

function phoneNumberIdOf(from: SenderNumber): string {
  return typeof from === 'string' ? from : from.phoneNumberId;
}

function openNumbers(
  { options, parts, ledger, outbox, settlement, unsettledAfterMs }: LocalEngineOptions,
  onIdle: () => void,
): NumberSenders {
  const { client, reporting, campaigns, optOuts, templates } = parts;
  const listenerOf = (phoneNumberId: string): NumberListener => ({
    queued: ({ extras }) => {
      if (extras?.campaignId !== undefined) campaigns.queued(extras.campaignId);
    },
    joined: ({ extras }) => {
      if (extras?.campaignId !== undefined) campaigns.joined(extras.campaignId);
    },
    outcome: (job, result, replay) => {
      if (!replay) reporting.outcome(() => aboutJob(job, phoneNumberId), result);
      if (job.extras?.campaignId !== undefined) campaigns.ended(job.extras.campaignId, result, replay);
    },
    again: (job, verdict, waitMs) => {
      reporting.again(() => aboutJob(job, phoneNumberId), phoneNumberId, verdict, waitMs);
    },
    delayed: (_job, reason, until) => {
      reporting.delayed(phoneNumberId, reason, until);
    },
    rejected: ({ message }, error) => {
      optOuts.rejected(message, phoneNumberId, error);
      return templates.rejected(message, phoneNumberId, error);
    },
    settledBefore: ({ job, messageId, status }) => {
      const { message, tries: _tries, id = '', ...about } = aboutJob(job, phoneNumberId);
      const callbackData = message.biz_opaque_callback_data;
      reporting.settled({
        ...about,
        ...(status && { status }),
        ...(callbackData !== undefined && { callbackData }),
        id,
        messageId,
        outcome: 'accepted',
      });
    },
    idle: onIdle,
  });
  const { cap, policy, clock, logger, people, instrument, ids, guards, guardTimeoutMs } = parts;
  const recordsAll = options.store !== undefined;
  return createNumberSenders({
    client,
    settings: {
      ...{ cap, policy, clock, logger, people, instrument, ids, guards, guardTimeoutMs, settlement },
      recordsOf: ({ target, ...host }) =>
        createJobRecords({ ...host, ...{ ledger, outbox, ids, settlement, unsettledAfterMs, clock, logger, recordsAll }, from: target }),
      hasIds: recordsAll,
      pacing: options.pacing ?? 'even',
      concurrency: options.concurrency,
      onUnknown: options.onUnknown ?? 'report',
    },
    onOpen: (number) => parts.readings?.read(number),
    listenerOf,
  });
}

async function closeEngine(
  { parts, outbox, settlement, onClosed }: LocalEngineOptions,
  numbers: NumberSenders,
  endDrains: () => void,
): Promise<void> {
  const { clock, logger, campaigns } = parts;
  let stepMs = closeStepMs;
  /** Uses the store while the sender closes. Returns whether that succeeded in time. */
  const withinDeadline = async (work: () => Promise<void>): Promise<boolean> => {
    const waitMs = stepMs;
    try {
      if ((await within(clock, waitMs, work)).type === 'done') return true;
      logger.warn('sender.close_incomplete', { waitedMs: waitMs });
      stepMs = lateStepMs;
    } catch (error) {
      logger.warn('sender.close_incomplete', { error });
    }
    return false;
  };
  parts.unwire();
  const left: UnsentJob[] = [];
  await numbers.close((job, number) => {
    if (outbox && job.extras?.durable) left.push({ job, number });
    else number.reject(job, 'closed', new NotSentError('closed'));
  });
  const written = await withinDeadline(async () => {
    for (const { job } of left) await job.extras?.writing;
  });
  for (const { job, number } of left) {
    if (written) number.leaveInStore(job);
    else number.reject(job, 'closed', new NotSentError('closed'));
  }
  endDrains();
  if (outbox) await withinDeadline(() => outbox.close());
  await withinDeadline(() => campaigns.close());
  await withinDeadline(onClosed);
  settlement.close();
}
