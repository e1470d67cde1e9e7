import type { Client } from '../../client/client.js';
import { AbortedError, InvalidResponseError } from '../../errors/connection-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { sendMessage, type SentMessage } from '../../messages/send-message.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Instrument } from '../../runtime/instrument.js';
import { isRecord } from '../../runtime/json.js';
import type { MessageStatus } from '../../webhooks/fields/messages.js';
import { sealCallbackData } from './callback-data.js';
import { faultOf } from './check-send.js';
import { responseOf, type SendRecords } from '../outbox/job-records.js';
import type { Job } from '../queue/job.js';
import { verdictOn, type AttemptEnd } from './outcome.js';
import type { SendResult } from '../send-result.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { Settlement } from '../settlement/settlement.js';

/** Options of {@link createAttempts}. */
export interface AttemptsOptions {
  readonly client: Client;
  readonly instrument: Instrument;
  readonly records: SendRecords;
  /** Returns the IDs of a message in the ledger and in its statuses. */
  readonly sendOf: (job: Job) => LedgerSend;
  /** Settles unknown sends. @defaultValue the caller settles them */
  readonly settlement: Settlement | undefined;
  /** Whether a message may still be sent. If not, it already has its outcome. */
  readonly maySend: (job: Job) => boolean;
  /** Whether all guards let a message pass. If not, the message is delayed or already has its outcome. */
  readonly passesGuards: (job: Job) => boolean | Promise<boolean>;
  /** The check of a message while it is in progress. Some checks are loaded on first use. */
  readonly checkOf: (job: Job) => Promise<void> | undefined;
  /** Whether a message with an unknown outcome is sent again, although it could arrive twice. */
  readonly resends: (job: Job) => boolean;
  /** Whether a message that Meta rejected is delayed, for example because its template is paused. */
  readonly waits: (job: Job, error: WhatsAppError) => boolean;
  /** Receives the outcome of a message. */
  readonly finish: (job: Job, result: SendResult) => void;
  /** Receives unknown sends whose status arrived earlier, in this process or in another one. */
  readonly onSettled: (early: SettledEarly) => void;
}

/** An unknown send whose status arrived before the send became unknown. */
export interface SettledEarly {
  readonly job: Job;
  readonly messageId: string;
  /** Absent if another process received it. */
  readonly status: MessageStatus | undefined;
}

/** Milliseconds before a message with an unknown outcome is sent again. Each further attempt waits twice as long. */
const resendAfterMs = 1_000;

/** Milliseconds to wait for a store that could not record an attempt. */
const storeWaitMs = 1_000;

const notSent: AttemptEnd = { type: 'not-sent' };
const wasAccepted: AttemptEnd = { type: 'accepted' };

/** Sends messages and judges the responses. */
export interface Attempts {
  /**
   * Makes one attempt: records the message, sends it and judges the response. Calls `leaves` immediately before the
   * request. The attempt ends before its outcome is recorded, so a slow store doesn't slow the number down. `finish`
   * then receives the outcome. Never rejects.
   */
  attempt(job: Job, leaves: () => void): Promise<AttemptEnd>;
  /** Requests in flight. */
  readonly requests: number;
  /** Records that the outcome of a message is unknown, and reports it. */
  concludeUnknown(job: Job, error: Error): Promise<void>;
}

/** Creates the attempts of a number. */
export function createAttempts(options: AttemptsOptions): Attempts {
  return new MessageAttempts(options);
}

class MessageAttempts implements Attempts {
  readonly #options: AttemptsOptions;
  readonly #client: Client;
  readonly #records: SendRecords;
  readonly #sendOf: AttemptsOptions['sendOf'];
  readonly #settlement: Settlement | undefined;
  readonly #finish: AttemptsOptions['finish'];
  readonly #maySend: AttemptsOptions['maySend'];
  #requests = 0;

  constructor(options: AttemptsOptions) {
    this.#options = options;
    const { client, records, sendOf, settlement, finish, maySend } = options;
    this.#client = client;
    this.#records = records;
    this.#sendOf = sendOf;
    this.#settlement = settlement;
    this.#finish = finish;
    this.#maySend = maySend;
  }

  get requests(): number {
    return this.#requests;
  }

  async attempt(job: Job, leaves: () => void): Promise<AttemptEnd> {
    // Even if there is no check, the await lets the caller of `submit` receive the job before anything happens to it.
    await this.#options.checkOf(job);
    // Most messages have no pending write, and each await takes time.
    const writing = job.extras?.writing;
    if (writing) await writing;
    if (!this.#maySend(job)) return notSent;
    const passing = this.#options.passesGuards(job);
    if (!(typeof passing === 'boolean' ? passing : await passing) || !this.#maySend(job)) return notSent;
    const leaving = this.#records.leave(job);
    const leave = leaving instanceof Promise ? await leaving : leaving;
    if (typeof leave === 'object') return { type: 'again', scope: 'store', waitMs: storeWaitMs, error: leave.storeError };
    if (leave === 'may-not') return notSent;
    if (!this.#maySend(job)) {
      if (isOver(job) && job.extras?.isLeftInStore !== true) await this.#records.ledger?.release(job);
      else this.#records.back(job);
      return notSent;
    }
    const { id } = this.#sendOf(job);
    const status = this.#settlement?.earlyStatusOf(id);
    if (status) {
      this.#accepted(job, id, responseOf(job.message, status.id));
      return notSent;
    }
    job.state = 'left';
    job.tries += 1;
    leaves();
    this.#settlement?.started(id);
    return this.#judge(job, id, await this.#exchange(job.message, id));
  }

  async concludeUnknown(job: Job, error: Error): Promise<void> {
    const send = this.#sendOf(job);
    if (!this.#settlement) {
      this.#finish(job, { outcome: 'unknown', error, settled: Promise.resolve({ outcome: 'unsettled' }) });
      return;
    }
    const record = this.#settlement.unknown(send);
    const recording = this.#records.ledger?.unknown(job, error) ?? noRecord;
    record.recorded = recording;
    /** The wamid, if another process received a status. */
    const elsewhere = await recording;
    if (elsewhere !== undefined) this.#settlement.end(send.id, { outcome: 'accepted', messageId: elsewhere });
    this.#finish(job, { outcome: 'unknown', error, settled: record.settled });
    const messageId = record.earlyStatus?.id ?? elsewhere;
    if (messageId !== undefined) this.#options.onSettled({ job, messageId, status: record.earlyStatus });
  }

  async #exchange(message: OutgoingMessage, sendId: string): Promise<{ readonly response: SentMessage } | { readonly error: unknown }> {
    let sealed: OutgoingMessage;
    try {
      sealed = { ...message, biz_opaque_callback_data: sealCallbackData(sendId, message.biz_opaque_callback_data) };
    } catch (error) {
      return { error: faultOf('send', error) };
    }
    this.#requests += 1;
    try {
      const response = await this.#options.instrument('sender.send', () =>
        sendMessage(this.#client, sealed, { maxRetries: 0, validate: false }),
      );
      if (hasMessageId(response)) return { response };
      return { error: new InvalidResponseError("Meta's response to the send contains no message ID.", 200, '') };
    } catch (error) {
      return { error };
    } finally {
      this.#requests -= 1;
    }
  }

  #accepted(job: Job, sendId: string, response: SentMessage): void {
    this.#settlement?.known(sendId);
    const result: SendResult = { outcome: 'accepted', messageId: response.messages[0].id, response };
    this.#afterRecording(this.#records.ledger?.accepted(job, response), job, result);
  }

  #judge(job: Job, sendId: string, answer: { readonly response: SentMessage } | { readonly error: unknown }): AttemptEnd {
    if ('response' in answer) {
      this.#accepted(job, sendId, answer.response);
      return wasAccepted;
    }
    const verdict = verdictOn(answer.error);
    if (verdict.type === 'unknown') {
      const { error } = verdict;
      if (error instanceof WhatsAppError && this.#options.resends(job))
        return { type: 'again', scope: 'message', waitMs: resendAfterMs * 2 ** (job.tries - 1), error };
      void this.concludeUnknown(job, error);
      return verdict;
    }
    this.#settlement?.known(sendId);
    if (verdict.type === 'again') this.#records.back(job);
    else if (verdict.type === 'not-sent') {
      this.#finish(job, { outcome: 'rejected', by: verdict.error instanceof AbortedError ? 'aborted' : 'guard', error: verdict.error });
    } else if (this.#options.waits(job, verdict.error)) this.#records.back(job);
    else {
      const result: SendResult = { outcome: 'rejected', by: 'meta', error: verdict.error };
      this.#afterRecording(this.#records.ledger?.rejected(job, verdict.error), job, result);
    }
    return verdict;
  }

  /** Reports an outcome as soon as it is recorded. Without a ledger, the attempt still ends first. */
  #afterRecording(recording: Promise<void> | undefined, job: Job, result: SendResult): void {
    void (recording ?? noRecord).then(() => {
      this.#finish(job, result);
    });
  }
}

/** The record of a message without a ledger. */
const noRecord: Promise<undefined> = /* @__PURE__ */ Promise.resolve(undefined);

/**
 * Responses aren't validated field by field, but a response without a wamid doesn't confirm that the message was
 * accepted.
 */
function hasMessageId(response: unknown): boolean {
  const messages: unknown = isRecord(response) ? response.messages : undefined;
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
  return isRecord(first) && typeof first.id === 'string' && first.id !== '';
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}
