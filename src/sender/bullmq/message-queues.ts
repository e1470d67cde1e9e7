import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { MissingTargetError } from '../../errors/usage-errors.js';
import { defined } from '../../runtime/json.js';
import type { CheckedSend } from '../attempts/check-send.js';
import type { OnUnknown } from '../send-options.js';
import type { SenderNumber } from '../send-options.js';
import type { SenderParts, WhichMessages } from '../sender-parts.js';
import type { NumberTarget } from './job-id.js';
import type { NumberRegistry } from './number-registry.js';
import type { SharedRedis } from './open-redis.js';
import { bullPriorityOf, type MessageData, type MessageJob } from './queues.js';
import type { Client } from '../../client/client.js';
import type { Clock } from '../../runtime/clock.js';
import type { CampaignsShell } from '../campaigns/create-campaigns.js';

/** Adds messages to the queues of their numbers, and wakes up processes for the numbers. */
export interface MessageQueues {
  /** Returns the sending number. @throws `MissingTargetError`, `InvalidArgumentError` */
  targetOf(from: SenderNumber | undefined, action: string): NumberTarget;
  /** Queues a message. @throws the errors of Redis */
  add(send: CheckedSend, from: NumberTarget, id: string, isAwaited: boolean): Promise<void>;
  /** Makes a process start to send from a number. */
  wake(from: NumberTarget): Promise<void>;
  /** Wakes up a number at a given time. */
  wakeLater(from: NumberTarget, atMs: number): Promise<void>;
  /** Number of messages without an outcome, over all numbers. */
  count(): Promise<number>;
  /** Number of messages of one number without an outcome. */
  countOf(phoneNumberId: string): Promise<number>;
  /** Returns messages that a guard delays to their queues, if they match. */
  releaseHeld(which: WhichMessages): Promise<void>;
}

/** Dependencies of {@link createMessageQueues}. */
export interface MessageQueuesOptions {
  readonly redis: SharedRedis;
  readonly registry: NumberRegistry;
  readonly parts: SenderParts;
  /** What to do with messages with an unknown outcome that have no `onUnknown` option. */
  readonly onUnknown: OnUnknown;
}

/**
 * How long BullMQ keeps jobs: those with keys, those of unknown sends (Meta delivers webhooks for up to 7 days), and
 * all others.
 */
const daySeconds = 86_400;
const keptSeconds = { key: 30 * daySeconds, unknown: 8 * daySeconds, other: 3_600 };

/** How long the store keeps data of unknown sends. */
export const unknownTtlMs: number = keptSeconds.unknown * 1_000;

/** BullMQ limits delays. Messages that are scheduled for later are delayed again. */
const maxDelayMs = 365 * daySeconds * 1_000;

/** Batch sizes for reading numbers and delayed messages. */
const numbersPerBatch = 50;
const pageSize = 500;

/** Opens the queues of all numbers. */
export function createMessageQueues(options: MessageQueuesOptions): MessageQueues {
  return new OpenQueues(options);
}

class OpenQueues implements MessageQueues {
  readonly #redis: SharedRedis;
  readonly #registry: NumberRegistry;
  readonly #onUnknown: OnUnknown;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #campaigns: CampaignsShell;
  #place = 0;

  constructor({ redis, registry, parts, onUnknown }: MessageQueuesOptions) {
    this.#redis = redis;
    this.#registry = registry;
    this.#onUnknown = onUnknown;
    const { client, clock, campaigns } = parts;
    this.#client = client;
    this.#clock = clock;
    this.#campaigns = campaigns;
  }

  targetOf(from: SenderNumber | undefined, action: string): NumberTarget {
    const target = typeof from === 'string' ? { phoneNumberId: from } : from;
    if (target) {
      if (target.phoneNumberId === '') throw new MissingTargetError(action, 'phoneNumberId');
      // The number names its queue, and BullMQ separates the names in Redis with colons.
      if (target.phoneNumberId.includes(':')) throw new InvalidArgumentError(action, 'from', 'must be a phone number ID, without a colon');
      return target;
    }
    const { phoneNumberId, ...own } = this.#client.target;
    if (phoneNumberId === undefined || phoneNumberId === '') throw new MissingTargetError(action, 'phoneNumberId');
    return { ...own, phoneNumberId };
  }

  async add({ message, options }: CheckedSend, from: NumberTarget, id: string, isAwaited: boolean): Promise<void> {
    await this.#redis.ready();
    await this.#registry.record(from);
    const { key, priority = 'normal', campaignId, category, expiresAt, notBefore } = options;
    const isResent = (options.onUnknown ?? this.#onUnknown) === 'resend';
    const notBeforeMs = notBefore && notBefore.getTime() > this.#clock.now() ? notBefore.getTime() : undefined;
    const heldUntilMs = notBeforeMs === undefined ? undefined : Math.min(notBeforeMs, this.#clock.now() + maxDelayMs);
    const data: MessageData = {
      message,
      priority,
      place: (this.#place += 1),
      ...defined({ key, campaignId, category, expiresAtMs: expiresAt?.getTime(), notBeforeMs, heldUntilMs }),
      ...(isResent && { onUnknown: 'resend' }),
      ...((isAwaited || key !== undefined) && { awaited: true }),
    };
    const queue = this.#redis.messages(from.phoneNumberId);
    // A key that was used before already has a message. The read starts before the write and isn't awaited, so calls
    // keep their order.
    const known = campaignId === undefined || key === undefined ? undefined : queue.getJob(id);
    await queue.add('message', data, {
      jobId: id,
      priority: bullPriorityOf[priority],
      ...(heldUntilMs !== undefined && { delay: Math.max(1, heldUntilMs - this.#clock.now()) }),
      removeOnComplete: { age: key === undefined ? keptSeconds.other : keptSeconds.key },
      removeOnFail: { age: key === undefined ? keptSeconds.unknown : keptSeconds.key },
    });
    if (campaignId !== undefined && !(await known)) this.#campaigns.queued(campaignId);
    await this.wake(from);
  }

  async wake(from: NumberTarget): Promise<void> {
    // If a job is added while a process sends from the number, BullMQ runs it afterwards.
    const deduplication = { id: from.phoneNumberId, keepLastIfActive: true };
    await this.#redis.numbers.add('wake', { from }, { removeOnComplete: true, removeOnFail: true, deduplication });
  }

  async wakeLater(from: NumberTarget, atMs: number): Promise<void> {
    // The delayed job doesn't send messages itself, because two sending jobs of one number would be two senders.
    const deduplication = { id: `${from.phoneNumberId}@${String(atMs)}` };
    const delay = Math.max(1, atMs - this.#clock.now());
    await this.#redis.numbers.add('later', { from }, { removeOnComplete: true, removeOnFail: true, delay, deduplication });
  }

  async count(): Promise<number> {
    let total = 0;
    await this.#forNumbers(async ({ phoneNumberId }) => {
      const count = await this.countOf(phoneNumberId);
      total += count;
    });
    return total;
  }

  async countOf(phoneNumberId: string): Promise<number> {
    return totalOf(await this.#redis.messages(phoneNumberId).getJobCounts('wait', 'prioritized', 'delayed', 'active'));
  }

  releaseHeld(which: WhichMessages): Promise<void> {
    return this.#forNumbers((target) => this.#releaseOf(target, which));
  }

  /** Calls `work` for all numbers, in batches. */
  async #forNumbers(work: (target: NumberTarget) => Promise<void>): Promise<void> {
    const targets = await this.#registry.all();
    for (let start = 0; start < targets.length; start += numbersPerBatch) {
      await Promise.all(targets.slice(start, start + numbersPerBatch).map(work));
    }
  }

  async #releaseOf(target: NumberTarget, which: WhichMessages): Promise<void> {
    const queue = this.#redis.messages(target.phoneNumberId);
    const released: MessageJob[] = [];
    for (let start = 0; ; start += pageSize) {
      const page = await queue.getDelayed(start, start + pageSize - 1);
      released.push(...page.filter((job) => isHeld(job.data, this.#clock.now()) && which(job.data.message, job.data.campaignId)));
      if (page.length < pageSize) break;
    }
    for (const job of released) {
      // Another process may have released it.
      await job.promote().catch(() => undefined);
    }
    if (released.length > 0) await this.wake(target);
  }
}

/** Whether a guard delays the message. Other delayed messages wait for their `notBefore`. */
function isHeld({ notBeforeMs = 0 }: MessageData, nowMs: number): boolean {
  return notBeforeMs <= nowMs;
}

/** Adds up counts. */
export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
