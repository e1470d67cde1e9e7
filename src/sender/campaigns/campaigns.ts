import type { RejectedBy } from '../send-result.js';
import type { EqualRejections } from './rejection-streak.js';

/**
 * The state of a campaign over all processes that share the store.
 *
 * - `running`: messages are open, or a `sendAll` is still reading its source.
 * - `done`: all messages have an outcome. If you send more messages, the campaign is `running` again.
 * - `paused`: {@link Campaigns.pause} was called.
 * - `cancelled`: {@link Campaigns.cancel} was called.
 * - `stopped`: Meta rejected too many messages in a row with the same code. See `maxEqualRejections` of the sender.
 *
 * A change that another process makes is visible within two seconds. If a process crashes, its campaigns count as
 * running for up to 15 seconds.
 */
export type CampaignState = 'running' | 'done' | 'paused' | 'cancelled' | 'stopped';

/** The progress of a campaign in all processes that share the store. */
export interface CampaignReport {
  readonly campaignId: string;
  readonly state: CampaignState;
  /** Messages that wait or are in flight. Figures of other processes are up to two seconds old. */
  readonly open: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Rejected messages by who rejected them. */
  readonly rejectedBy: Readonly<Record<RejectedBy, number>>;
  /** The messages that Meta rejected, by its error code. For example, `{ 132000: 5 }`. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The rejections after which the campaign stopped, if its state is `stopped`. */
  readonly stopped?: EqualRejections;
}

/**
 * Controls campaigns by their `campaignId`. Changes apply in every process that shares the store, within two seconds.
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 * import { sqliteStore } from 'wa-coexist/sqlite';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sender = createSender({ client, throughput: 'coexistence', store: sqliteStore('whatsapp.db') });
 * const customers = [{ id: 1, phone: '15550100987' }];
 * const source = customers.map(({ id, phone }) => ({ key: `spring-${String(id)}`, message: { to: phone, ...template('spring', 'en_US') } }));
 * const running = sender.sendAll(source, { campaignId: 'spring' });
 * await sender.campaigns.pause('spring');
 * console.log(await sender.campaigns.report('spring'));
 * await sender.campaigns.resume('spring');
 * await running;
 * ```
 */
export interface Campaigns {
  /** Delays the campaign's messages until {@link resume}. Requests in flight still finish. @throws `StoreError` */
  pause(campaignId: string): Promise<void>;
  /** Ends a pause. Also restarts a cancelled or stopped campaign. If messages have keys, none is sent twice. @throws `StoreError` */
  resume(campaignId: string): Promise<void>;
  /** Rejects waiting messages (`by: 'guard'`, reason `cancelled`) and ends the campaign's `sendAll`. @throws `StoreError` */
  cancel(campaignId: string): Promise<void>;
  /** Returns the outcomes so far. Doesn't count outcomes of an earlier run again. @throws `StoreError` */
  report(campaignId: string): Promise<CampaignReport>;
}
