import type { RequestTarget } from '../../client/client.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { SentMessage } from '../../messages/send-message.js';
import type { Clock } from '../../runtime/clock.js';
import { defined, type JsonObject } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { extrasOf, type Job } from '../queue/job.js';
import type { Ledger, LedgerSend, Recorded } from './ledger.js';
import type { Outbox } from './outbox.js';
import { endedEntryOf, queueEntryOf } from './queue-entry.js';
import type { SendIds } from '../send-ids.js';
import type { SendResult, SendSettlement } from '../send-result.js';
import type { Settlement } from '../settlement/settlement.js';

/** Options of {@link createJobRecords}. */
export interface JobRecordsOptions {
  readonly ledger: Ledger;
  /** Stores queued messages. @defaultValue a message is recorded just before it is sent */
  readonly outbox: Outbox | undefined;
  /** Whether messages without a key are also recorded. */
  readonly recordsAll: boolean;
  readonly ids: SendIds;
  /** Returns the IDs of a message in the ledger. */
  readonly sendOf: (job: Job) => LedgerSend;
  readonly from: RequestTarget & { readonly phoneNumberId: string };
  readonly settlement: Settlement;
  /** Milliseconds for which an unknown send waits for a status. */
  readonly unsettledAfterMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reports the outcome of a message that was recorded already, or could not be recorded. */
  readonly finish: (job: Job, result: SendResult, replay?: 'replay') => void;
  /**
   * Joins a message to the open message of this process that has the same key, by send ID. Returns whether there is
   * one.
   */
  readonly join: (job: Job, sendId: string) => boolean;
}

/** Whether a message may be sent now. */
export type Leave = 'may-send' | 'may-not' | { readonly storeError: NotSentError };

/** Records the messages of a number's sender. Its functions never reject. */
export interface SendRecords {
  /** Records that a message is about to be sent. If it may not be sent, it already has its outcome. */
  leave(job: Job): Leave | Promise<Leave>;
  /** Records that a message waits again: it wasn't sent, or Meta rejected it for now. */
  back(job: Job): void;
  /** Records of a ledger. @defaultValue the caller records outcomes */
  readonly ledger?: LedgerRecords;
}

/** Records messages in a ledger, from queueing to their outcome. Its functions never reject. */
export interface LedgerRecords {
  /** Records a message that was just queued, if there is an outbox. */
  queued(job: Job): void;
  /** Removes the record of a message that certainly wasn't sent. */
  release(job: Job): Promise<void>;
  /** The event of an outcome was emitted, so the outbox no longer needs it. */
  emitted(job: Job): void;
  /** Resolves when the failed writes have been retried successfully. */
  settled(): Promise<void>;
  /** Retries each failed write one last time. */
  close(): void;
  accepted(job: Job, response: SentMessage): Promise<void>;
  rejected(job: Job, error: WhatsAppError): Promise<void>;
  /** Resolves with the wamid if another process received a status meanwhile. */
  unknown(job: Job, error: Error): Promise<string | undefined>;
}

/** Delays between the attempts of a failed write. */
const firstRetryMs = 100;
const maxRetryMs = 10_000;

/** Creates the records of one number. */
export function createJobRecords(options: JobRecordsOptions): SendRecords {
  return new JobRecords(options);
}

class JobRecords implements SendRecords {
  readonly ledger: LedgerRecords;
  readonly #options: JobRecordsOptions;
  readonly #ledger: Ledger;
  readonly #outbox: Outbox | undefined;
  readonly #ids: SendIds;
  readonly #sendOf: JobRecordsOptions['sendOf'];
  readonly #from: JobRecordsOptions['from'];
  readonly #settlement: Settlement;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #finish: JobRecordsOptions['finish'];
  readonly #phoneNumberId: string;
  /** Failed writes that are being retried, and the delays between their attempts. */
  readonly #retries = new Set<Promise<void>>();
  readonly #pauses = new Set<() => void>();
  /** Messages that are being removed from the store, by send ID. */
  readonly #removals = new Map<string, Promise<void>>();
  readonly #onClose = new Set<() => void>();
  #closed = false;

  constructor(options: JobRecordsOptions) {
    this.#options = options;
    const { ledger, outbox, ids, sendOf, from, settlement, clock, logger, finish } = options;
    this.#ledger = ledger;
    this.#outbox = outbox;
    this.#ids = ids;
    this.#sendOf = sendOf;
    this.#from = from;
    this.#settlement = settlement;
    this.#clock = clock;
    this.#logger = logger;
    this.#finish = finish;
    this.#phoneNumberId = from.phoneNumberId;
    this.ledger = {
      queued: (job) => {
        if (outbox && job.extras?.record === undefined) extrasOf(job).writing = this.#queue(outbox, job);
      },
      release: (job) => this.#release(job),
      emitted: (job) => {
        this.#emitted(job);
      },
      settled: async () => {
        while (this.#retries.size > 0) await Promise.all(this.#retries);
      },
      close: () => {
        this.#closed = true;
        for (const end of [...this.#pauses, ...this.#onClose]) end();
      },
      accepted: async (job, response) => {
        await this.#end(job, (send, ended) => ledger.accepted(send, response, ended));
      },
      rejected: async (job, error) => {
        await this.#end(job, (send, ended) => ledger.rejected(send, error, ended));
      },
      unknown: (job, error) => this.#end(job, (send, ended) => ledger.unknown(send, error, clock.now() + options.unsettledAfterMs, ended)),
    };
  }

  leave(job: Job): Leave | Promise<Leave> {
    return !this.#outbox && !this.#options.recordsAll && job.extras?.key === undefined ? 'may-send' : this.#recordSending(job);
  }

  back(job: Job): void {
    const { extras } = job;
    if (!this.#outbox || extras?.record !== 'sending') return;
    extras.record = 'queued';
    extras.writing = this.#ledger.back(this.#sendOf(job)).catch((error: unknown) => {
      this.#logger.warn('a send that Meta rejected for now is still recorded as sent', { sendId: job.sendId, error });
      extras.record = 'sending';
    });
  }

  #replay(job: Job, recorded: Recorded): void {
    // This job has no record. The record belongs to another job.
    extrasOf(job).record = undefined;
    if (recorded.id !== '') job.sendId = recorded.id;
    const settled = (): Promise<SendSettlement> => this.#settlement.unknown({ ...this.#sendOf(job), id: recorded.id }).settled;
    this.#finish(job, resultOf(recorded, job.message, settled), 'replay');
  }

  /** Ends a message that another process cancelled. The cancellation replaced the message in the outbox. */
  #endCancelled(job: Job, recorded: Recorded): void {
    const extras = extrasOf(job);
    extras.record = undefined;
    extras.ended = true;
    this.#finish(
      job,
      resultOf(recorded, job.message, () => this.#settlement.unknown(this.#sendOf(job)).settled),
    );
  }

  async #queue(store: Outbox, job: Job): Promise<void> {
    const extras = extrasOf(job);
    try {
      if (!(await this.#putInto(store, job))) store.ended();
      else if (isOver(job)) await this.#release(job);
      else for (const onDurable of extras.onDurable?.splice(0) ?? []) onDurable(job);
    } catch (cause) {
      // The write may have succeeded anyway. A rejected message must not be found later.
      if (extras.queueKey === undefined) store.ended();
      else {
        extras.queueVersion = undefined;
        await this.#remove(job);
      }
      this.#finish(job, { outcome: 'rejected', by: 'guard', error: notRecorded(cause) });
    }
  }

  /**
   * Adds a message to the outbox. Returns whether it was added. If not, it has its outcome, or that of another message.
   */
  async #putInto(store: Outbox, job: Job): Promise<boolean> {
    const extras = extrasOf(job);
    const queueKey = await store.place(this.#phoneNumberId, job.rank);
    if (isOver(job)) return false;
    const send = this.#sendOf(job);
    for (;;) {
      extras.queueKey = queueKey;
      const { durable } = extras;
      const queued = await this.#ledger.queue({ ...send, queueKey, durable }, queueEntryOf(job, send.id, this.#from));
      if (queued.type === 'queued') {
        extras.queueVersion = queued.version;
        extras.record = 'queued';
        return true;
      }
      extras.queueKey = undefined;
      if (isOver(job)) return false;
      // Another call has enqueued it in the meantime, so it must be recorded as durable.
      if (extras.durable !== durable) continue;
      const removal = this.#removals.get(queued.recorded.id);
      if (!removal) {
        if (!this.#options.join(job, queued.recorded.id)) this.#replay(job, queued.recorded);
        return false;
      }
      // The key is about to become free.
      await removal;
      if (this.#closed || isOver(job)) throw new Error('The sender was closed before the key was free.');
    }
  }

  /**
   * Makes a write that must eventually succeed. If the store fails, the caller continues, and the write is retried
   * until it succeeds or the sender is closed.
   */
  async #persist<Result>(job: Job, write: (send: LedgerSend) => Promise<Result>, onDone: () => void): Promise<Result | undefined> {
    const send = this.#sendOf(job);
    try {
      const result = await write(send);
      onDone();
      return result;
    } catch (error) {
      this.#logger.error('sender.record_failed', { sendId: send.id, phoneNumberId: this.#phoneNumberId, error });
    }
    const retried = this.#retry(async () => {
      await write(send);
      onDone();
    }).finally(() => this.#retries.delete(retried));
    this.#retries.add(retried);
    return undefined;
  }

  async #retry(write: () => Promise<void>): Promise<void> {
    for (let waitMs = firstRetryMs; !this.#closed; waitMs = Math.min(maxRetryMs, waitMs * 2)) {
      await this.#pause(waitMs);
      try {
        await write();
        return;
      } catch (error) {
        this.#logger.debug('sender.record_retry_failed', { phoneNumberId: this.#phoneNumberId, error });
      }
    }
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        cancel();
        this.#pauses.delete(resume);
        resolve();
      };
      const cancel = this.#clock.schedule(resume, durationMs);
      this.#pauses.add(resume);
    });
  }

  /** Removes a message from the store. Resolves after the first attempt. */
  async #remove(job: Job): Promise<void> {
    const { id } = this.#sendOf(job);
    let onRemoved = (): void => undefined;
    const removal = new Promise<void>((resolve) => {
      onRemoved = resolve;
    });
    this.#removals.set(id, removal);
    this.#onClose.add(onRemoved);
    await this.#persist(
      job,
      (send) => this.#ledger.release(send, job.extras?.queueVersion, job.extras?.forClosing),
      () => {
        this.#removals.delete(id);
        this.#onClose.delete(onRemoved);
        this.#forget(job);
        onRemoved();
      },
    );
  }

  /** Records the outcome of a message. Its event can be emitted even if the write fails. */
  async #end<Result>(job: Job, write: (send: LedgerSend, ended: JsonObject) => Promise<Result>): Promise<Result | undefined> {
    const { extras } = job;
    if (extras?.record === undefined) return undefined;
    extras.record = undefined;
    const ended = endedEntryOf(job, this.#sendOf(job).id, this.#from);
    return this.#persist(
      job,
      (send) => write(send, ended),
      () => {
        extras.ended = true;
        if (isOver(job)) this.#emitted(job);
      },
    );
  }

  #emitted(job: Job): void {
    const { extras } = job;
    if (!extras?.ended || extras.queueKey === undefined) return;
    extras.ended = false;
    const { onUnqueued } = extras;
    const outbox = this.#outbox;
    outbox?.remove(extras.queueKey, () => {
      if (onUnqueued) onUnqueued();
      else outbox.ended();
    });
  }

  /** Called when a message is no longer in the outbox. */
  #forget(job: Job): void {
    const extras = extrasOf(job);
    extras.record = undefined;
    if (extras.queueKey === undefined) return;
    if (extras.onUnqueued) extras.onUnqueued();
    else this.#outbox?.ended();
  }

  async #release(job: Job): Promise<void> {
    const { extras } = job;
    if (extras?.record === undefined) return;
    extras.record = undefined;
    await this.#remove(job);
  }

  async #recordSending(job: Job): Promise<Leave> {
    const extras = extrasOf(job);
    if (extras.record === 'sending') return 'may-send';
    try {
      const send = this.#sendOf(job);
      const queued =
        extras.queueKey === undefined ? undefined : { value: queueEntryOf(job, send.id, this.#from), version: extras.queueVersion };
      const departure = await this.#ledger.leave(send, this.#ids.prefix, this.#clock.now(), queued);
      if (departure.type === 'may-send') {
        extras.record = 'sending';
        extras.queueVersion = departure.version;
        return 'may-send';
      }
      if (departure.recorded.state === 'cancelled') {
        this.#endCancelled(job, departure.recorded);
        return 'may-not';
      }
      if (this.#outbox) this.#forget(job);
      this.#replay(job, departure.recorded);
      return 'may-not';
    } catch (cause) {
      // The write may have succeeded anyway.
      extras.queueVersion = undefined;
      if (extras.record === 'queued') return { storeError: notRecorded(cause) };
      this.#finish(job, { outcome: 'rejected', by: 'guard', error: notRecorded(cause) });
      return 'may-not';
    }
  }
}

function notRecorded(cause: unknown): NotSentError {
  return new NotSentError('not-recorded', { cause });
}

/** Creates a function that returns the IDs of a number's messages in the ledger and in their statuses. */
export function createSendNames(phoneNumberId: string, ids: SendIds): (job: Job) => LedgerSend {
  return (job) => {
    const id = (job.sendId ??= ids.next());
    if (!job.extras) return { id, phoneNumberId };
    const { key, campaignId, queueKey } = job.extras;
    return { id, phoneNumberId, ...defined({ key, campaignId, queueKey }) };
  };
}

/** Converts the record of a send to its result. */
export function resultOf(recorded: Recorded, message: OutgoingMessage, settled: () => Promise<SendSettlement>): SendResult {
  switch (recorded.state) {
    case 'accepted':
      return { outcome: 'accepted', messageId: recorded.messageId, response: recorded.response ?? responseOf(message, recorded.messageId) };
    case 'rejected':
      return { outcome: 'rejected', by: 'meta', error: recorded.error };
    case 'cancelled':
      return { outcome: 'rejected', by: 'cancelled', error: new NotSentError('cancelled') };
    case 'unknown':
      return { outcome: 'unknown', error: recorded.error, settled: settled() };
  }
}

/** Builds Meta's response from a status, because the response was lost. */
export function responseOf({ to, recipient }: OutgoingMessage, messageId: string): SentMessage {
  return { messaging_product: 'whatsapp', contacts: [{ input: to ?? recipient ?? '' }], messages: [{ id: messageId }] };
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}
