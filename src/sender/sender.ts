import type { MessageFor } from '../messages/outgoing/coexistence-message.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { StatusEvent } from '../webhooks/fields/messages.js';
import type { CancelResult } from './cancel-result.js';
import type { Campaigns } from './campaigns/campaigns.js';
import type { PlanOptions, SendPlan } from './campaigns/plan.js';
import type { SendAllOptions, SendAllResult } from './campaigns/send-all-options.js';
import type { EnqueueOptions, SenderNumber, SendItem, SendOptions } from './send-options.js';
import type { SendResult } from './send-result.js';
import type { SenderEvents } from './sender-events.js';
import type { SenderFleetStats, SenderStats } from './sender-stats.js';

/** Options of {@link Sender.sweep}. */
export interface SenderSweepOptions {
  /** Maximum number of unknown sends to report. @defaultValue 1000 */
  readonly limit?: number | undefined;
}

/** Result of {@link Sender.sweep}. */
export interface SenderSweepResult {
  /** Number of messages of crashed processes that this process queued or reported. */
  readonly recovered: number;
  /** Number of unknown sends that were reported as unsettled. */
  readonly unsettled: number;
}

/** Options of {@link Sender.pause}, {@link Sender.resume} and {@link Sender.cancel}. */
export interface SenderNumberOptions {
  /** The number. @defaultValue all numbers; for `cancel`, the client's */
  readonly from?: SenderNumber | undefined;
}

/**
 * Sends messages of one or many numbers within Meta's limits. {@link createSender} creates a sender for one process, and `createBullSender` one
 * for many processes. The type excludes options that an engine can't support (`Unsupported`). If the client's `coexistence` is the literal
 * `true`, messages that Meta rejects on a coexistence number don't compile.
 */
export interface Sender<Coexistence extends boolean = boolean, Unsupported extends keyof SendOptions = never>
  extends Subscribable<SenderEvents>, AsyncDisposable {
  /**
   * Queues a message and returns its outcome. The promise never rejects.
   *
   * Messages of the same priority to one recipient stay in order, even if `to` and `recipient` spell the recipient differently. The sender
   * retries rate-limit errors and failed connections until `expiresAt`. It doesn't retry a message that Meta may have accepted.
   *
   * @example
   * ```ts
   * import { createClient, createSender } from 'wa-coexist';
   * import { text } from 'wa-coexist/messages';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence' });
   * const result = await sender.send({ to: '15550100987', ...text('Your code is 123456') }, { expiresAt: new Date(Date.now() + 120_000) });
   * if (result.outcome === 'rejected') console.log(result.by, result.error.message);
   * ```
   */
  send(message: MessageFor<Coexistence>, options?: Omit<SendOptions, Unsupported>): Promise<SendResult>;
  /**
   * Queues a message durably, and returns the ID of the send when the store contains it. The process that sends the message emits its outcome
   * as an event. `close()` leaves the message in the store for the next start.
   *
   * @throws `InvalidArgumentError` without a store, `InvalidMessageError` if the message breaks a rule, and `NotSentError` if the store failed.
   *
   * @example
   * ```ts
   * import { createClient, createSender } from 'wa-coexist';
   * import { text } from 'wa-coexist/messages';
   * import { sqliteStore } from 'wa-coexist/sqlite';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence', store: sqliteStore('whatsapp.db') });
   * sender.on('sent', ({ id, messageId }) => console.log(id, messageId));
   * const id = await sender.enqueue({ to: '15550100987', ...text('Your parcel is on its way') }, { key: 'parcel-4711' });
   * ```
   */
  enqueue(message: MessageFor<Coexistence>, options?: EnqueueOptions): Promise<string>;
  /**
   * Sends all messages of a source. It reads the source only as fast as it sends, so the source can be endless. Events report the outcome of
   * each message. If each message has a `key`, you can run the same source again, and the sender skips messages that it already sent.
   *
   * @throws the error of the source, after the messages that were read have their outcome.
   *
   * @example
   * ```ts
   * import { createClient, createSender } from 'wa-coexist';
   * import { template } from 'wa-coexist/messages';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence' });
   * const customers = [{ id: 1, phone: '15550100987' }];
   * const campaign = customers.map(({ id, phone }) => ({ key: `spring-${String(id)}`, message: { to: phone, ...template('spring', 'en_US') } }));
   * const result = await sender.sendAll(campaign, {
   *   onProgress: ({ done, total, leftMs }) => console.log(done, total, leftMs),
   * });
   * console.log(result.accepted, result.rejectedBy);
   * ```
   */
  sendAll(source: Iterable<SendItem<Coexistence>> | AsyncIterable<SendItem<Coexistence>>, options?: SendAllOptions): Promise<SendAllResult>;
  /**
   * Reads a source without sending it. Returns the duration, the share of the messaging limit, and the messages outside of service windows.
   *
   * @throws the error of the source, and the errors of `getPhoneNumber`, which reads the messaging limit.
   *
   * @example
   * ```ts
   * import { createClient, createSender } from 'wa-coexist';
   * import { template } from 'wa-coexist/messages';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence' });
   * const plan = await sender.plan([{ to: '15550100987', ...template('spring', 'en_US') }]);
   * console.log(plan.durationMs, plan.messagingLimit.beyond);
   * ```
   */
  plan(source: Iterable<SendItem<Coexistence>> | AsyncIterable<SendItem<Coexistence>>, options?: PlanOptions): Promise<SendPlan>;
  /** Controls campaigns by the `campaignId` of their messages. */
  readonly campaigns: Campaigns;
  /**
   * Settles the unknown send that a status webhook names. Returns `false` if the status is about another message. The option `webhooks` does
   * this automatically. @throws `StoreError`
   */
  settle(event: StatusEvent): Promise<boolean>;
  /**
   * Continues with the messages of crashed processes, and reports unknown sends without a status. Several processes
   * share this work. A sender with a store sweeps automatically while it has messages. You can also call it in a cron
   * job. @throws `StoreError`
   */
  sweep(options?: SenderSweepOptions): Promise<SenderSweepResult>;
  /**
   * Pauses the requests of a number, or of all numbers, until {@link resume}. Requests in flight end normally. `createSender` pauses this
   * process, and `createBullSender` all processes. Messages can expire and can be cancelled during a pause.
   */
  pause(options?: SenderNumberOptions): Promise<void>;
  /** Ends a pause of a number, or of all numbers. A number that was paused on its own stays paused until you resume it. */
  resume(options?: SenderNumberOptions): Promise<void>;
  /**
   * Cancels a waiting message by the ID from {@link enqueue} or by its key. Its outcome is `rejected` by `'cancelled'`, with a
   * `NotSentError` of reason `cancelled`. You can't cancel a message in flight.
   *
   * @throws `InvalidArgumentError` if the argument isn't a string, and `StoreError`.
   *
   * @example
   * ```ts
   * import { createClient, createSender } from 'wa-coexist';
   * import { text } from 'wa-coexist/messages';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client });
   * const reminder = { to: '15550100987', ...text('Your table is ready at 8') };
   * const sending = sender.send(reminder, { key: 'reminder-7', notBefore: Date.now() + 3_600_000 });
   * console.log(await sender.cancel('reminder-7'), (await sending).outcome);
   * ```
   */
  cancel(idOrKey: string, options?: SenderNumberOptions): Promise<CancelResult>;
  /** Resolves when no message is waiting or in flight. */
  drain(): Promise<void>;
  /**
   * Accepts no more messages and rejects waiting ones (`by: 'closed'`). Resolves when the requests in flight have ended. Messages of
   * {@link enqueue} stay in the store.
   */
  close(): Promise<void>;
  /** Returns the figures of this process. */
  stats(): SenderStats;
  /** Returns the figures of all processes that share the store. @throws `StoreError` */
  fleetStats(): Promise<SenderFleetStats>;
}
