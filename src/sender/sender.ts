import type { MessageFor } from '../messages/outgoing/coexistence-message.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { StatusEvent } from '../webhooks/events/messages.js';
import type { CancelResult } from './cancel-result.js';
import type { Campaigns } from './campaigns/campaigns.js';
import type { PlanOptions, SendPlan } from './plan.js';
import type { SendAllOptions, SendAllResult } from './send-all-options.js';
import type { EnqueueOptions, SenderNumber, SendItem, SendOptions } from './send-options.js';
import type { SendResult } from './send-result.js';
import type { SenderEvents } from './sender-events.js';
import type { SenderFleetStats, SenderStats } from './sender-stats.js';

/** Options of {@link Sender.sweep}. */
export interface SenderSweepOptions {
  /** The most unknown sends to report. @defaultValue 1000 */
  readonly limit?: number | undefined;
}

/** What {@link Sender.sweep} found. */
export interface SenderSweepResult {
  /** Messages of processes that died, queued here or reported. */
  readonly recovered: number;
  /** Unknown sends reported as unsettled. */
  readonly unsettled: number;
}

/** Options of {@link Sender.pause}, {@link Sender.resume} and {@link Sender.cancel}. */
export interface SenderNumberOptions {
  /** The number. @defaultValue all numbers; for `cancel`, the client's */
  readonly from?: SenderNumber | undefined;
}

/**
 * Sends messages within Meta's limits, of one number or of many. Made by {@link createSender}, and for many processes by `createBullSender`.
 * Options that an engine can't support (`Unsupported`) are no options of its sends.
 * With a client whose `coexistence` is literally `true`, messages that Meta rejects on such a number do not compile.
 */
export interface Sender<Coexistence extends boolean = boolean, Unsupported extends keyof SendOptions = never>
  extends Subscribable<SenderEvents>, AsyncDisposable {
  /**
   * Queues a message and tells its outcome. Never rejects: whatever happens is one of three outcomes.
   *
   * Messages of the same priority to one recipient keep their order, also if `to` and `recipient` spell the recipient differently. What Meta refuses for its rate, or could not be reached for, waits and
   * goes out again until `expiresAt`; what may have been taken does not.
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
   * Queues a message durably: answers with the id of the send once the store has it, without waiting for Meta. Its outcome is told by the
   * events, in whichever process sends it; `close()` leaves it in the store, for the next start.
   *
   * @throws `InvalidArgumentError` without a store; what refused the message before it was queued, as `InvalidMessageError`, or `NotSentError`
   * where the store failed.
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
   * Sends all messages of a source, taking them only as fast as they go out, so that the source may be endless.
   * What becomes of each is told by the events; with a `key` each, the same source can be run again and sends nobody twice.
   *
   * @throws what the source throws, once the messages taken from it are done.
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
   * Goes through a source without sending anything, and tells how long it would take, what it would use of the messaging limit, and what is
   * outside of open service windows.
   *
   * @throws what the source throws, and the errors of `getPhoneNumber`, where the messaging limit is read.
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
  /** Campaigns by the `campaignId` of their messages. */
  readonly campaigns: Campaigns;
  /** Settles the unknown send that a status webhook is about. Answers whether it was one. Done by itself with `webhooks`. @throws `StoreError` */
  settle(event: StatusEvent): Promise<boolean>;
  /**
   * Looks at what is due in the store, once across processes: goes on with the messages of processes that died, and reports unknown sends for
   * which no status came. A sender with a store does so by itself while it has something to do; a cron job can, too. @throws `StoreError`
   */
  sweep(options?: SenderSweepOptions): Promise<SenderSweepResult>;
  /**
   * Starts no more requests of a number, or of all numbers, until {@link resume}. Requests in flight end. `createSender` pauses this process, and
   * `createBullSender` all processes. Messages can expire and can be cancelled during a pause.
   */
  pause(options?: SenderNumberOptions): Promise<void>;
  /** Ends a pause of a number, or of all numbers. A number that was paused on its own stays paused until you resume it. */
  resume(options?: SenderNumberOptions): Promise<void>;
  /**
   * Cancels a message that still waits, by the ID from {@link enqueue} or by its key. Its outcome is `rejected` by `'cancelled'`, with a
   * `NotSentError` of reason `cancelled`. A message that has left can't be cancelled.
   *
   * @throws `InvalidArgumentError` if the argument is no text; `StoreError`.
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
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>;
  /**
   * Takes nothing more, refuses what waits (`by: 'closed'`), and resolves when what is under way has come to its end. What was enqueued stays
   * in the store.
   */
  close(): Promise<void>;
  /** What this process is doing, and has done. */
  stats(): SenderStats;
  /** What all processes that share the store are doing. @throws `StoreError` */
  fleetStats(): Promise<SenderFleetStats>;
}
