import type { Target } from '../client/client.js';
import { NotSentError } from '../errors/not-sent-error.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { SentMessage } from '../messages/send-message.js';
import type { Clock } from '../runtime/clock.js';
import { defined } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import { extrasOf, type Job } from './job.js';
import type { Ledger, LedgerSend, Recorded } from './outbox/ledger.js';
import type { Outbox } from './outbox/outbox.js';
import { queueEntryOf } from './outbox/queue-entry.js';
import type { SendIds } from './send-ids.js';
import type { SendResult } from './send-result.js';
import type { Settlements } from './settlements.js';

/** What {@link createJobRecords} works with. */
export interface JobRecordsOptions {
  readonly ledger: Ledger;
  /** Where queued messages are kept. @defaultValue a message is recorded only when it leaves */
  readonly outbox: Outbox | undefined;
  /** Whether messages without a key are recorded, too. */
  readonly recordsAll: boolean;
  readonly ids: SendIds;
  readonly from: Target & { readonly phoneNumberId: string };
  readonly settlements: Settlements;
  /** How long an unknown send waits for a status before that is reported. */
  readonly unsettledAfterMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells the outcome of a message that was on record, or could not be recorded. */
  readonly finish: (job: Job, result: SendResult, replay?: 'replay') => void;
}

/** Whether a message may leave now. */
export type Leave = 'may-leave' | 'may-not' | { readonly storeError: NotSentError };

/** Keeps the records of messages, from the queue to their outcome. Nothing here rejects. */
export interface JobRecords {
  sendOf(job: Job): LedgerSend;
  /** Records a message that was just queued, where there is an outbox. */
  queued(job: Job): void;
  /** Records that a message is about to leave. One that may not has its outcome afterwards. */
  leave(job: Job): Promise<Leave>;
  /** A message that was about to leave, or that Meta certainly refused for now, waits again. */
  back(job: Job): void;
  /** Takes the record of a message back that certainly did not go out. */
  release(job: Job): Promise<void>;
  accepted(job: Job, response: SentMessage): Promise<void>;
  rejected(job: Job, error: WhatsAppError): Promise<void>;
  /** Answers the wamid if another process has heard it meanwhile. */
  unknown(job: Job, error: Error): Promise<string | undefined>;
}

/** Makes the records of one number. */
export function createJobRecords(options: JobRecordsOptions): JobRecords {
  const { ledger, outbox, ids, from, settlements, clock, logger, finish } = options;
  const { phoneNumberId } = from;

  const sendOf = (job: Job): LedgerSend => {
    const id = (job.sendId ??= ids.next());
    if (!job.extras) return { id, phoneNumberId };
    const { key, campaignId, queueKey } = job.extras;
    return { id, phoneNumberId, ...defined({ key, campaignId, queueKey }) };
  };
  const notRecorded = (cause: unknown): NotSentError => new NotSentError('not-recorded', { cause });
  const replay = (job: Job, recorded: Recorded): void => {
    // Nothing of this job is on record: it is the record of another.
    extrasOf(job).record = undefined;
    if (recorded.id !== '') job.sendId = recorded.id;
    finish(job, resultOf(recorded, job.message, sendOf(job), settlements), 'replay');
  };
  const queue = async (store: Outbox, job: Job): Promise<void> => {
    const extras = extrasOf(job);
    try {
      if (!(await putInto(store, job))) store.ended();
      else if (isOver(job)) await release(job);
    } catch (cause) {
      store.ended();
      finish(job, { outcome: 'rejected', by: 'guard', error: notRecorded(cause) });
      // Whether the write took place may not be known; a message that was told to be rejected must not be found later.
      if (extras.queueKey !== undefined) await ledger.release(sendOf(job)).catch(() => undefined);
    }
  };
  /** Puts a message into the outbox. Answers whether it is there; if not, it has its outcome. */
  const putInto = async (store: Outbox, job: Job): Promise<boolean> => {
    const extras = extrasOf(job);
    const queueKey = await store.place();
    if (isOver(job)) return false;
    extras.queueKey = queueKey;
    const send = sendOf(job);
    const queued = await ledger.queue({ ...send, queueKey }, queueEntryOf(job, send.id, from));
    if (queued.type === 'on-record') {
      extras.queueKey = undefined;
      replay(job, queued.recorded);
      return false;
    }
    extras.queueVersion = queued.version;
    extras.record = 'queued';
    return true;
  };
  /** Writes what a send came to. If that fails, the outcome stands all the same, and the record says that it is not known. */
  const end = async <Result>(job: Job, write: (send: LedgerSend) => Promise<Result>): Promise<Result | undefined> => {
    const { extras } = job;
    if (extras?.record === undefined) return undefined;
    const send = sendOf(job);
    forget(job);
    try {
      return await write(send);
    } catch (error) {
      logger.error('the outcome of a send could not be recorded', { sendId: send.id, error });
      return undefined;
    }
  };
  const forget = (job: Job): void => {
    const extras = extrasOf(job);
    extras.record = undefined;
    if (extras.queueKey === undefined) return;
    if (extras.onUnqueued) extras.onUnqueued();
    else outbox?.ended();
  };
  const release = async (job: Job): Promise<void> => {
    await end(job, (send) => ledger.release(send));
  };

  return {
    sendOf,
    queued(job) {
      if (outbox && job.extras?.record === undefined) extrasOf(job).writing = queue(outbox, job);
    },
    async leave(job) {
      if (!outbox && !options.recordsAll && job.extras?.key === undefined) return 'may-leave';
      const extras = extrasOf(job);
      if (extras.record === 'sending') return 'may-leave';
      try {
        const send = sendOf(job);
        const queued =
          extras.queueKey === undefined ? undefined : { value: queueEntryOf(job, send.id, from), version: extras.queueVersion };
        const recorded = await ledger.leave(send, ids.prefix, clock.now(), queued);
        if (!recorded) {
          extras.record = 'sending';
          return 'may-leave';
        }
        if (outbox) forget(job);
        replay(job, recorded);
        return 'may-not';
      } catch (cause) {
        if (extras.record === 'queued') return { storeError: notRecorded(cause) };
        finish(job, { outcome: 'rejected', by: 'guard', error: notRecorded(cause) });
        return 'may-not';
      }
    },
    back(job) {
      const { extras } = job;
      if (!outbox || extras?.record !== 'sending') return;
      extras.record = 'queued';
      extras.queueVersion = undefined;
      extras.writing = ledger.back(sendOf(job)).catch((error: unknown) => {
        logger.warn('a send that Meta refused for now stays on record as made', { sendId: job.sendId, error });
        extras.record = 'sending';
      });
    },
    release,
    async accepted(job, response) {
      await end(job, (send) => ledger.accepted(send, response));
    },
    async rejected(job, error) {
      await end(job, (send) => ledger.rejected(send, error));
    },
    unknown: (job, error) => end(job, (send) => ledger.unknown(send, error, clock.now() + options.unsettledAfterMs)),
  };
}

/** The result of a send by what is on record of it. */
export function resultOf(recorded: Recorded, message: OutgoingMessage, send: LedgerSend, settlements: Settlements): SendResult {
  switch (recorded.state) {
    case 'accepted':
      return { outcome: 'accepted', messageId: recorded.messageId, response: recorded.response ?? answerOf(message, recorded.messageId) };
    case 'rejected':
      return { outcome: 'rejected', by: 'meta', error: recorded.error };
    case 'unknown': {
      const { settled } = settlements.unknown({ ...send, id: recorded.id });
      return { outcome: 'unknown', error: recorded.error, settled };
    }
  }
}

/** Meta's answer as far as a status tells it: the answer itself was lost. */
export function answerOf({ to, recipient }: OutgoingMessage, messageId: string): SentMessage {
  return { messaging_product: 'whatsapp', contacts: [{ input: to ?? recipient ?? '' }], messages: [{ id: messageId }] };
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}
