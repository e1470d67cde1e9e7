import type { Client } from '../../client/client.js';
import { AbortedError, InvalidResponseError } from '../../errors/connection-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { sendMessage, type SentMessage } from '../../messages/send-message.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Instrument } from '../../runtime/instrument.js';
import { isRecord } from '../../runtime/json.js';
import type { MessageStatus } from '../../webhooks/events/messages.js';
import { sealCallbackData } from './callback-data.js';
import { faultOf } from './check-send.js';
import type { TryEnd } from '../queue/dispatcher.js';
import { answerOf, type SendRecords } from '../outbox/job-records.js';
import type { Job } from '../queue/job.js';
import { verdictOn } from './outcome.js';
import type { SendResult } from '../send-result.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { Settlements } from '../settlement/settlements.js';

/** What {@link createAttempts} works with. */
export interface AttemptsOptions {
  readonly client: Client;
  readonly instrument: Instrument;
  readonly records: SendRecords;
  /** Names a message in its statuses. */
  readonly sendOf: (job: Job) => LedgerSend;
  /** Brings statuses and unknown sends together. @defaultValue the caller does */
  readonly settlements: Settlements | undefined;
  /** Whether a message may still leave; one that may not has its outcome afterwards. */
  readonly mayLeave: (job: Job) => boolean;
  /** Whether no guard keeps a message here; one that is kept is held, or has its outcome afterwards. */
  readonly passesGuards: (job: Job) => Promise<boolean>;
  /** The check of a message, while it is under way: some checks are loaded when they are first needed. */
  readonly checkOf: (job: Job) => Promise<void> | undefined;
  /** Whether a message whose outcome is unknown goes out again, at the risk that it arrives twice. */
  readonly resends: (job: Job) => boolean;
  /** Whether a message that Meta refused waits with others for what it was refused for, as a template that is paused. */
  readonly waits: (job: Job, error: WhatsAppError) => boolean;
  /** Tells the outcome of a message. */
  readonly finish: (job: Job, result: SendResult) => void;
  /** An unknown send is settled by what was heard before it was known to be one, here or in another process. */
  readonly onSettled: (heard: HeardBefore) => void;
}

/** What was heard of a send before it was known to be unknown. */
export interface HeardBefore {
  readonly job: Job;
  readonly messageId: string;
  /** Absent where another process heard it. */
  readonly status: MessageStatus | undefined;
}

/** How long a message waits that goes out again although it may have been taken; twice as long each further time. */
const resendAfterMs = 1_000;

/** How long a message waits for a store that could not record that it leaves. */
const storeWaitMs = 1_000;

/** Makes the tries of messages. */
export interface Attempts {
  /**
   * Makes one try: records the message, sends it, and judges the answer. The outcome is told once it is on record; the try has ended
   * before, so that the store does not slow the number down. `leaves` is called just before the request leaves. Never rejects.
   */
  attempt(job: Job, leaves: () => void): Promise<TryEnd>;
  /** Requests in flight. */
  readonly requests: number;
  /** Tells that the outcome of a message is unknown, and records it. */
  concludeUnknown(job: Job, error: Error): Promise<void>;
}

/** See {@link Attempts}. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const { client, records, sendOf, settlements, finish, mayLeave } = options;
  let requests = 0;

  return {
    get requests() {
      return requests;
    },
    async attempt(job, leaves) {
      await options.checkOf(job);
      await job.extras?.writing;
      if (!mayLeave(job) || !(await options.passesGuards(job)) || !mayLeave(job)) return { type: 'not-sent' };
      const leave = await records.leave(job);
      if (typeof leave === 'object') return { type: 'again', scope: 'store', waitMs: storeWaitMs, error: leave.storeError };
      if (leave === 'may-not') return { type: 'not-sent' };
      if (!mayLeave(job)) {
        if (isOver(job) && job.extras?.isLeftInStore !== true) await records.ledger?.release(job);
        else records.back(job);
        return { type: 'not-sent' };
      }
      const { id } = sendOf(job);
      const heard = settlements?.heardOf(id);
      if (heard) {
        accepted(job, id, answerOf(job.message, heard.id));
        return { type: 'not-sent' };
      }
      job.state = 'left';
      job.tries += 1;
      leaves();
      settlements?.left(id);
      return judge(job, id, await exchange(job.message, id));
    },
    concludeUnknown,
  };

  async function exchange(
    message: OutgoingMessage,
    sendId: string,
  ): Promise<{ readonly response: SentMessage } | { readonly error: unknown }> {
    let sealed: OutgoingMessage;
    try {
      sealed = { ...message, biz_opaque_callback_data: sealCallbackData(sendId, message.biz_opaque_callback_data) };
    } catch (error) {
      return { error: faultOf('send', error) };
    }
    requests += 1;
    try {
      const response = await options.instrument('sender.send', () => sendMessage(client, sealed, { maxRetries: 0, validate: false }));
      if (hasMessageId(response)) return { response };
      return { error: new InvalidResponseError('Meta answered a send without the id of a message.', 200, '') };
    } catch (error) {
      return { error };
    } finally {
      requests -= 1;
    }
  }

  function accepted(job: Job, sendId: string, response: SentMessage): void {
    settlements?.known(sendId);
    void recorded(records.ledger?.accepted(job, response)).then(() => {
      finish(job, { outcome: 'accepted', messageId: response.messages[0].id, response });
    });
  }

  function judge(job: Job, sendId: string, answer: { readonly response: SentMessage } | { readonly error: unknown }): TryEnd {
    if ('response' in answer) {
      accepted(job, sendId, answer.response);
      return { type: 'accepted' };
    }
    const verdict = verdictOn(answer.error);
    if (verdict.type === 'unknown') {
      const { error } = verdict;
      if (error instanceof WhatsAppError && options.resends(job))
        return { type: 'again', scope: 'message', waitMs: resendAfterMs * 2 ** (job.tries - 1), error };
      void concludeUnknown(job, error);
      return verdict;
    }
    settlements?.known(sendId);
    if (verdict.type === 'again') records.back(job);
    else if (verdict.type === 'not-sent') {
      finish(job, { outcome: 'rejected', by: verdict.error instanceof AbortedError ? 'aborted' : 'guard', error: verdict.error });
    } else if (options.waits(job, verdict.error)) records.back(job);
    else {
      void recorded(records.ledger?.rejected(job, verdict.error)).then(() => {
        finish(job, { outcome: 'rejected', by: 'meta', error: verdict.error });
      });
    }
    return verdict;
  }

  async function concludeUnknown(job: Job, error: Error): Promise<void> {
    const send = sendOf(job);
    if (!settlements) {
      finish(job, { outcome: 'unknown', error, settled: Promise.resolve({ outcome: 'unsettled' }) });
      return;
    }
    const open = settlements.unknown(send);
    const recording = recorded(records.ledger?.unknown(job, error));
    open.recorded = recording;
    const elsewhere = await recording;
    if (elsewhere !== undefined) settlements.settle(send.id, { outcome: 'accepted', messageId: elsewhere });
    finish(job, { outcome: 'unknown', error, settled: open.settled });
    const messageId = open.heard?.id ?? elsewhere;
    if (messageId !== undefined) options.onSettled({ job, messageId, status: open.heard });
  }
}

/** Waits for a record, if there is a ledger. */
async function recorded<Result>(recording: Promise<Result> | undefined): Promise<Result | undefined> {
  return recording;
}

/** Meta's answers are not checked field by field, but without a wamid nothing is accepted. */
function hasMessageId(response: unknown): boolean {
  const messages: unknown = isRecord(response) ? response.messages : undefined;
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
  return isRecord(first) && typeof first.id === 'string' && first.id !== '';
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}
