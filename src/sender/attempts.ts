import type { Client } from '../client/client.js';
import { AbortedError, InvalidResponseError } from '../errors/connection-errors.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { sendMessage, type SentMessage } from '../messages/send-message.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import { isRecord } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { MessageStatus } from '../webhooks/events/messages.js';
import { sealCallbackData } from './callback-data.js';
import type { TryEnd } from './dispatcher.js';
import { extrasOf, type Job } from './job.js';
import type { Ledger, LedgerSend, Recorded } from './ledger.js';
import { verdictOn } from './outcome.js';
import type { SendResult } from './send-result.js';
import type { Settlements } from './settlements.js';

/** What {@link createAttempts} works with. */
export interface AttemptsOptions {
  readonly client: Client;
  readonly phoneNumberId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  readonly ledger: Ledger;
  /** Whether sends without a key are recorded, too. */
  readonly recordsAll: boolean;
  readonly settlements: Settlements;
  /** Whether a message may still leave; one that may not has its outcome afterwards. */
  readonly mayLeave: (job: Job) => boolean;
  /** Whether no guard keeps a message here; one that is kept is held, or has its outcome afterwards. */
  readonly passesGuards: (job: Job) => Promise<boolean>;
  /** The check of a message, while it is under way: some checks are loaded when they are first needed. */
  readonly checkOf: (job: Job) => Promise<void> | undefined;
  /** Tells the outcome of a message; a `replay` is one that was on record. */
  readonly finish: (job: Job, result: SendResult, replay?: 'replay') => void;
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

/** Makes the tries of messages. */
export interface Attempts {
  /**
   * Makes one try: records the message, sends it, and judges the answer. The outcome is told once it is on record; the try has ended
   * before, so that the store does not slow the number down. `leaves` is called just before the request leaves. Never rejects.
   */
  attempt(job: Job, leaves: () => void): Promise<TryEnd>;
  /** Takes the record of a message back that certainly did not go out, if there is one. Never rejects. */
  release(job: Job): Promise<void>;
}

/** See {@link Attempts}. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const { client, phoneNumberId, ledger, settlements, finish, mayLeave } = options;
  const nextSendId = createSendIds();

  return {
    async attempt(job, leaves) {
      await options.checkOf(job);
      if (!mayLeave(job) || !(await options.passesGuards(job)) || !mayLeave(job)) return { type: 'not-sent' };
      const extras = extrasOf(job);
      const send: LedgerSend = { id: (extras.sendId ??= nextSendId()), phoneNumberId, key: extras.key };
      if (!extras.recorded && (options.recordsAll || send.key !== undefined)) {
        if (!(await claim(job, send))) return { type: 'not-sent' };
        extras.recorded = true;
        if (!mayLeave(job)) {
          await release(job);
          return { type: 'not-sent' };
        }
      }
      job.state = 'left';
      job.tries += 1;
      leaves();
      settlements.left(send.id);
      return judge(job, send, await exchange(job.message, send.id));
    },
    release,
  };

  /** Records a send before it is made. Where that is not possible, or its key was used before, the message has its outcome afterwards. */
  async function claim(job: Job, send: LedgerSend): Promise<boolean> {
    try {
      const recorded = await ledger.claim(send, options.clock.now());
      if (recorded) finish(job, resultOf(recorded, job.message, send.key), 'replay');
      return recorded === undefined;
    } catch (cause) {
      finish(job, { outcome: 'rejected', by: 'guard', error: new NotSentError('not-recorded', { cause }) });
      return false;
    }
  }

  async function exchange(
    message: OutgoingMessage,
    sendId: string,
  ): Promise<{ readonly response: SentMessage } | { readonly error: unknown }> {
    const sealed: OutgoingMessage = { ...message, biz_opaque_callback_data: sealCallbackData(sendId, message.biz_opaque_callback_data) };
    try {
      const response = await options.instrument('sender.send', () => sendMessage(client, sealed, { maxRetries: 0, validate: false }));
      if (hasMessageId(response)) return { response };
      return { error: new InvalidResponseError('Meta answered a send without the id of a message.', 200, '') };
    } catch (error) {
      return { error };
    }
  }

  function judge(job: Job, send: LedgerSend, answer: { readonly response: SentMessage } | { readonly error: unknown }): TryEnd {
    if ('response' in answer) {
      const { response } = answer;
      settlements.known(send.id);
      void record(job, () => ledger.accepted(send, response)).then(() => {
        finish(job, { outcome: 'accepted', messageId: response.messages[0].id, response });
      });
      return { type: 'accepted' };
    }
    const verdict = verdictOn(answer.error);
    if (verdict.type === 'unknown') {
      void concludeUnknown(job, send, verdict.error);
      return verdict;
    }
    settlements.known(send.id);
    if (verdict.type === 'not-sent') {
      finish(job, { outcome: 'rejected', by: verdict.error instanceof AbortedError ? 'aborted' : 'guard', error: verdict.error });
    } else if (verdict.type === 'refused') {
      void record(job, () => ledger.rejected(send, verdict.error)).then(() => {
        finish(job, { outcome: 'rejected', by: 'meta', error: verdict.error });
      });
    }
    return verdict;
  }

  async function concludeUnknown(job: Job, send: LedgerSend, error: Error): Promise<void> {
    const open = settlements.unknown(send.id, send.key);
    const recorded = record(job, () => ledger.unknown(send, error));
    open.recorded = recorded;
    const elsewhere = await recorded;
    if (elsewhere !== undefined) settlements.settle(send.id, elsewhere);
    finish(job, { outcome: 'unknown', error, settled: open.settled });
    const messageId = open.heard?.id ?? elsewhere;
    if (messageId !== undefined) options.onSettled({ job, messageId, status: open.heard });
  }

  /** Writes what a recorded send came to. If that fails, the outcome stands all the same, and the record says that it is not known. */
  async function record<Result>(job: Job, write: () => Promise<Result>): Promise<Result | undefined> {
    if (job.extras?.recorded !== true) return undefined;
    try {
      return await write();
    } catch (error) {
      options.logger.error('the outcome of a send could not be recorded', { sendId: job.extras.sendId, error });
      return undefined;
    }
  }

  async function release({ extras }: Job): Promise<void> {
    if (extras?.sendId === undefined || !extras.recorded) return;
    extras.recorded = false;
    try {
      await ledger.release({ id: extras.sendId, phoneNumberId, key: extras.key });
    } catch (error) {
      options.logger.error('the record of a send that was not made could not be removed', { sendId: extras.sendId, error });
    }
  }

  function resultOf(recorded: Recorded, message: OutgoingMessage, key: string | undefined): SendResult {
    switch (recorded.state) {
      case 'accepted':
        return { outcome: 'accepted', messageId: recorded.messageId, response: recorded.response ?? answerOf(message, recorded.messageId) };
      case 'rejected':
        return { outcome: 'rejected', by: 'meta', error: recorded.error };
      case 'unknown':
        return { outcome: 'unknown', error: recorded.error, settled: settlements.unknown(recorded.id, key).settled };
    }
  }
}

/** Meta's answer as far as a status tells it: the answer itself was lost. */
function answerOf({ to, recipient }: OutgoingMessage, messageId: string): SentMessage {
  return { messaging_product: 'whatsapp', contacts: [{ input: to ?? recipient ?? '' }], messages: [{ id: messageId }] };
}

/** Meta's answers are not checked field by field, but without a wamid nothing is accepted. */
function hasMessageId(response: unknown): boolean {
  const messages: unknown = isRecord(response) ? response.messages : undefined;
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
  return isRecord(first) && typeof first.id === 'string' && first.id !== '';
}

/** Ids that no other sender makes: a random beginning, and a number. At most 23 characters, none of them a colon. */
function createSendIds(): () => string {
  const random = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
  const prefix = random.replaceAll('+', '-').replaceAll('/', '_');
  let number = 0;
  return () => prefix + (number += 1).toString(36);
}
