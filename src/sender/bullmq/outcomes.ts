import { defined } from '../../runtime/json.js';
import { joinKey } from '../../runtime/keys.js';
import type { StatusEvent } from '../../webhooks/fields/messages.js';
import { callbackDataOf, sendIdOf } from '../attempts/callback-data.js';
import type { SenderMessageEvent } from '../sender-events.js';
import type { SenderParts } from '../sender-parts.js';
import type { SendResult } from '../send-result.js';
import type { PendingResults } from './pending-results.js';
import type { NumberTarget } from './job-id.js';
import { unknownTtlMs } from './message-queues.js';
import type { JobOutcome } from './session-port.js';
import type { SharedRedis } from './open-redis.js';
import type { MessageJob, WakeData } from './queues.js';
import type { Store } from '../../stores/store.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Reporting } from '../reporting.js';
import type { CampaignsShell } from '../campaigns/create-campaigns.js';

/** Reports outcomes and settlements to all processes. */
export interface Outcomes {
  /** A message has its outcome. BullMQ has recorded it, or the message was removed. */
  concluded(from: NumberTarget, job: MessageJob, tries: number, outcome: JobOutcome, isRemoved?: 'removed'): void;
  /**
   * Records the result of a message, from its status or from a response that arrived after the message was lost to
   * another process.
   */
  hear(phoneNumberId: string, id: string, messageId: string, event?: StatusEvent): Promise<boolean>;
  /** Settles the unknown send of a status. Resolves with whether there was one. */
  settle(event: StatusEvent): Promise<boolean>;
  /** Reports an unknown send that received no status. Resolves with whether there was one. */
  reportUnsettled(data: WakeData): Promise<boolean>;
  /** Reports the unknown sends that are due. Resolves with their number. */
  reportDue(limit: number): Promise<number>;
}

/** Dependencies of {@link createOutcomes}. */
export interface OutcomesOptions {
  readonly redis: SharedRedis;
  readonly parts: SenderParts;
  readonly pendingResults: PendingResults;
  /** Milliseconds to wait for the status of an unknown send before it is reported. */
  readonly unsettledAfterMs: number;
}

/** Maximum number of delayed jobs in which due reports are searched. */
const maxLookedAt = 10_000;

/** The name of the job that reports an unknown send. */
export const unsettledJob = 'unsettled';

/** The members of events about a queued message. */
export function aboutMessage(phoneNumberId: string, { id, data }: MessageJob, tries: number): SenderMessageEvent {
  const { message, key, campaignId } = data;
  return { message, phoneNumberId, tries, ...defined({ id, key, campaignId }) };
}

/** Creates the outcome reports of one process. */
export function createOutcomes(options: OutcomesOptions): Outcomes {
  return new QueueOutcomes(options);
}

class QueueOutcomes implements Outcomes {
  readonly #redis: SharedRedis;
  readonly #pendingResults: PendingResults;
  readonly #unsettledAfterMs: number;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #reporting: Reporting;
  readonly #campaigns: CampaignsShell;

  constructor({ redis, parts, pendingResults, unsettledAfterMs }: OutcomesOptions) {
    this.#redis = redis;
    this.#pendingResults = pendingResults;
    this.#unsettledAfterMs = unsettledAfterMs;
    const { store, clock, logger, reporting, campaigns } = parts;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#reporting = reporting;
    this.#campaigns = campaigns;
  }

  concluded(from: NumberTarget, job: MessageJob, tries: number, outcome: JobOutcome, isRemoved?: 'removed'): void {
    const { phoneNumberId } = from;
    const result: SendResult =
      outcome.outcome === 'unknown' ? { ...outcome, settled: this.#pendingResults.settlement(phoneNumberId, job.id ?? '') } : outcome;
    this.#reporting.outcome(() => aboutMessage(phoneNumberId, job, tries), result);
    const { campaignId } = job.data;
    if (campaignId !== undefined) this.#campaigns.ended(campaignId, result, false);
    this.#tellOutcome(from, job, outcome, isRemoved).catch((error: unknown) => {
      this.#logger.error('the outcome of a send could not be reported', { phoneNumberId, error });
    });
  }

  async hear(phoneNumberId: string, id: string, messageId: string, event?: StatusEvent): Promise<boolean> {
    const job = await this.#redis.messages(phoneNumberId).getJob(id);
    if (!job || job.data.heard !== undefined || job.progress !== 'left') return false;
    const state = await job.getState();
    if (state !== 'failed' && state !== 'active' && state !== 'waiting') return false;
    await job.updateData({ ...job.data, heard: messageId });
    // A message in flight reports its outcome itself. If the outcome is unknown, it finds the result on record.
    if (state !== 'failed' && (await job.getState()) !== 'failed') return false;
    await this.#settled(phoneNumberId, job, messageId, event);
    return true;
  }

  async settle(event: StatusEvent): Promise<boolean> {
    const id = sendIdOf(event.status.biz_opaque_callback_data);
    const { phoneNumberId } = event;
    return id !== undefined && phoneNumberId !== undefined && this.hear(phoneNumberId, id, event.status.id, event);
  }

  async reportUnsettled({ from: { phoneNumberId }, unknownId: id = '' }: WakeData): Promise<boolean> {
    const job = await this.#redis.messages(phoneNumberId).getJob(id);
    if (!job || job.data.heard !== undefined || job.data.unsettled) return false;
    await job.updateData({ ...job.data, unsettled: true });
    const { key, campaignId } = job.data;
    this.#reporting.settled({ outcome: 'unsettled', phoneNumberId, id, ...defined({ key, campaignId }) });
    await this.#redis.publish({ type: 'unsettled', phoneNumberId, id });
    return true;
  }

  async reportDue(limit: number): Promise<number> {
    let reported = 0;
    for (const job of await this.#redis.numbers.getJobs(['wait', 'delayed'], 0, maxLookedAt, true)) {
      if (reported >= limit) break;
      if (job.name !== unsettledJob || job.timestamp + job.delay > this.#clock.now()) continue;
      // A job that a worker has taken in the meantime can't be removed.
      const isTaken = await job.remove().then(
        () => false,
        () => true,
      );
      if (!isTaken && (await this.reportUnsettled(job.data))) reported += 1;
    }
    return reported;
  }

  async #tellOutcome(from: NumberTarget, job: MessageJob, outcome: JobOutcome, isRemoved?: 'removed'): Promise<void> {
    const { phoneNumberId } = from;
    const { id = '', data } = job;
    if (data.awaited) await this.#redis.publish({ type: 'outcome', phoneNumberId, id });
    if (outcome.outcome === 'unknown') {
      await this.#redis.numbers.add(
        unsettledJob,
        { from, unknownId: id },
        { jobId: `unsettled-${id}`, delay: this.#unsettledAfterMs, removeOnComplete: true, removeOnFail: true },
      );
      // A status may have arrived before the outcome.
      const now = await this.#redis.messages(phoneNumberId).getJob(id);
      if (now?.data.heard !== undefined) await this.#settled(phoneNumberId, now, now.data.heard);
    } else if (outcome.outcome === 'rejected' && outcome.by !== 'meta' && data.key !== undefined && !isRemoved) {
      // The message wasn't sent, so its key becomes free after the callers have read the outcome.
      await this.#pendingResults.afterReading(async () => {
        await job.remove();
      });
    }
  }

  /** Records that a settlement is reported. Returns `false` if it was reported before. */
  async #recordSettled(phoneNumberId: string, id: string): Promise<boolean> {
    try {
      // If a status arrives while the outcome is being recorded, both find it. Only the first one reports it.
      return (await this.#store.setIfAbsent(joinKey('sender', phoneNumberId, 'settled', id), true, { ttlMs: unknownTtlMs })).written;
    } catch (error) {
      // The job already has the status, so a redelivery would not report it. Two events are better than none.
      this.#logger.warn('sender.settled_not_recorded', { phoneNumberId, id, error });
      return true;
    }
  }

  async #settled(phoneNumberId: string, job: MessageJob, messageId: string, event?: StatusEvent): Promise<void> {
    const callbackData = event ? callbackDataOf(event.status.biz_opaque_callback_data) : job.data.message.biz_opaque_callback_data;
    const { key, campaignId } = job.data;
    if (!(await this.#recordSettled(phoneNumberId, job.id ?? ''))) return;
    this.#reporting.settled({
      outcome: 'accepted',
      phoneNumberId,
      id: job.id ?? '',
      messageId,
      ...defined({ key, campaignId, callbackData }),
      ...(event && { status: event.status }),
    });
    await this.#redis.publish({ type: 'settled', phoneNumberId, id: job.id ?? '', messageId });
  }
}
