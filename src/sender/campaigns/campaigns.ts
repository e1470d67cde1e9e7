import type { RejectedBy } from '../send-result.js';
import type { EqualRejections } from './rejection-streak.js';

/**
 * The state of a campaign over all processes that share the store.
 *
 * - `running`: messages are open, or a `sendAll` is still reading its source.
 * - `done`: neither, so the counts are final unless more messages follow. Further messages make the campaign `running` again.
 * - `paused`: {@link Campaigns.pause} was called.
 * - `cancelled`: {@link Campaigns.cancel} was called.
 * - `stopped`: Meta rejected too many messages in a row with the same code. See `maxEqualRejections` of the sender.
 *
 * Another process's change shows within two seconds. A process that dies counts as running for up to 15 seconds.
 */
export type CampaignState = 'running' | 'done' | 'paused' | 'cancelled' | 'stopped';

/** How far a campaign is, over all processes that share the store. */
export interface CampaignReport {
  readonly campaignId: string;
  readonly state: CampaignState;
  /** Messages that wait or are in flight. Figures of other processes are up to two seconds old. */
  readonly open: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** The rejected ones by who refused them. */
  readonly rejectedBy: Readonly<Record<RejectedBy, number>>;
  /** The messages that Meta rejected, by its error code. For example, `{ 132000: 5 }`. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The rejections after which the campaign stopped, if its state is `stopped`. */
  readonly stopped?: EqualRejections;
}

/**
 * Campaigns by the `campaignId` of their messages. What is said holds in every process that shares the store, there within two seconds.
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
  /** Holds the campaign's messages until {@link resume}; what is under way comes to its end. @throws `StoreError` */
  pause(campaignId: string): Promise<void>;
  /** Ends a pause. A cancelled or stopped campaign runs again, too: with keys nobody gets anything twice. @throws `StoreError` */
  resume(campaignId: string): Promise<void>;
  /** Refuses what waits (`by: 'guard'`, reason `cancelled`) and ends its `sendAll`. @throws `StoreError` */
  cancel(campaignId: string): Promise<void>;
  /** The outcomes so far. Outcomes that were on record of an earlier run are not counted again. @throws `StoreError` */
  report(campaignId: string): Promise<CampaignReport>;
}
