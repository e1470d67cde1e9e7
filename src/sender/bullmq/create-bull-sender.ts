import { checkMethods, checkNumbers, checkObject, checkOneOf, describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { redisEvictions } from '../../stores/redis/eviction.js';
import { redisStore } from '../../stores/redis/redis-store.js';
import { storeMethods } from '../../stores/store.js';
import { checkCommonOptions } from '../check-sender-options.js';
import { createFleet } from '../fleet.js';
import { createSenderParts, type SenderParts } from '../sender-parts.js';
import { createSenderSurface, senderFor } from '../sender-surface.js';
import { createPendingResults } from './pending-results.js';
import { cancelledKey, createBullEngine, type BullEngine } from './bull-engine.js';
import { createBullHost, applyProcessEvent, listenLater } from './bull-host.js';
import type { BullSender, BullSenderOptions } from './bull-sender.js';
import { createMessageQueues, totalOf, unknownTtlMs } from './message-queues.js';
import { createNumberRegistry } from './number-registry.js';
import { openNumberWorker, type NumberWorker } from './number-worker.js';
import { openRedis, type SharedRedis } from './open-redis.js';
import { createOutcomes } from './outcomes.js';

/** A message with a paused template is checked again after this time, in any process. Meta may have ended the pause. */
const templateHoldMs = 300_000;

/** Default number of phone numbers that a process sends from at the same time. */
const numbersOfProcess = 100;

const defaultUnsettledAfterMs = 3_600_000;

/** Events about all processes. */
const sharedEvents: ReadonlySet<string> = /* @__PURE__ */ new Set(['paused', 'resumed', 'throughput']);

/** Default number of unknown sends that one sweep reports. */
const defaultSweepLimit = 1_000;

/**
 * Creates a sender for many processes on BullMQ and Redis. Create one with the same options in each process. Every
 * process can queue messages from any number. While a number has messages, a lock ensures that only one process sends
 * them, so its rate, pair rate and order are the same as in one process. The number of Redis connections grows with the
 * numbers that are sending.
 *
 * If a process dies, another one takes over its numbers within about 10 seconds. Messages that were in flight are `unknown`, and the sender
 * doesn't send them again. A status webhook settles them in any process. Messages that were not sent yet are sent by the other process.
 *
 * The sender stores opt-outs and stopped templates in Redis, so they apply in every process. See `webhooks`.
 *
 * @throws `InvalidArgumentError` if an option is not valid, for example a connection without `maxRetriesPerRequest: null`.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createClient } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 * import { createBullSender } from 'wa-coexist/bullmq';
 *
 * const connection = new Redis({ maxRetriesPerRequest: null });
 * const client = createClient({ accessToken: ({ phoneNumberId }) => `token of ${phoneNumberId ?? ''}` });
 * const sender = createBullSender({ client, throughput: 'coexistence', connection });
 * const result = await sender.send({ to: '15550100987', ...text('Hello') }, { from: '106540352242922', key: 'order-7-shipped' });
 * if (result.outcome === 'accepted') console.log(result.messageId);
 * await sender.close();
 * await connection.quit();
 * ```
 */
export function createBullSender<Coexistence extends boolean>(given: BullSenderOptions<Coexistence>): BullSender<Coexistence> {
  return readOptions('createBullSender', given, (options) => {
    checkOptions(options);
    return buildBullSender(options);
  });
}

function buildBullSender<Coexistence extends boolean>(options: BullSenderOptions<Coexistence>): BullSender<Coexistence> {
  const { prefix = 'wa-coexist', eviction = 'reject', onUnknown = 'report' } = options;
  const store = options.store ?? redisStore(options.connection, { prefix: `{${prefix}}:`, eviction });
  const parts: SenderParts = createSenderParts({
    owner: 'createBullSender',
    ...{ options, store, templateHoldMs },
    // A process that died may not have counted its last outcomes.
    sharedBacklog: async (counted) => (counted > 0 && (await queues.count()) > 0 ? counted : 0),
    host: createBullHost(() => ({ parts, redis, registry, queues, outcomes, worker })),
  });
  const { clock, logger, reporting } = parts;
  const redis: SharedRedis = openRedis({
    connection: options.connection,
    ...{ prefix, eviction, logger },
    onDisconnected: () => {
      worker.stop('disconnected');
    },
  });
  const registry = createNumberRegistry(store, clock);
  const queues = createMessageQueues({ redis, registry, parts, onUnknown });
  const pendingResults = createPendingResults({
    ...{ redis, clock, logger },
    wasCancelled: async (phoneNumberId, id) => (await store.get(cancelledKey(phoneNumberId, id))) !== undefined,
  });
  const outcomes = createOutcomes({
    ...{ redis, parts, pendingResults },
    unsettledAfterMs: Math.min(options.unsettledAfterMs ?? defaultUnsettledAfterMs, unknownTtlMs),
  });
  const worker: NumberWorker = openNumberWorker({
    ...{ redis, prefix, parts, registry, queues, outcomes, onUnknown },
    numbers: options.numbers ?? numbersOfProcess,
    pacing: options.pacing ?? 'even',
    concurrency: options.concurrency,
    onSession: (session, state) => {
      fleet.touch();
      if (state === 'open') parts.readings?.read(session);
      else if (engine.activity().numbers === 0) reporting.notify('idle', stats);
    },
  });
  const stats = (): ReturnType<BullSender['stats']> => ({ ...engine.activity(), ...reporting.counts() });
  const fleet = createFleet({ ...{ store, clock, logger, stats }, isShared: true, owner: parts.ids.prefix, queued: () => queues.count() });
  const engine: BullEngine = createBullEngine({
    ...{ redis, parts, registry, queues, pendingResults, outcomes, worker },
    onClosed: () => fleet.close(),
  });
  redis.subscribe((event) => {
    applyProcessEvent(event, parts, worker, engine);
  });
  const sender = createSenderSurface({
    ...{ engine, parts, fleet },
    unsupported: ['guard'],
    settle: (event) => outcomes.settle(event),
    async sweep(limit = defaultSweepLimit) {
      let recovered = 0;
      for (const target of await registry.all()) {
        // A number with messages has a job that wakes up a process for it.
        if ((await redis.numbers.getDeduplicationJobId(target.phoneNumberId)) !== null) continue;
        const waiting = totalOf(await redis.messages(target.phoneNumberId).getJobCounts('wait', 'prioritized', 'active'));
        if (waiting > 0) await queues.wake(target);
        recovered += waiting;
      }
      return { recovered, unsettled: await outcomes.reportDue(limit) };
    },
  });
  return senderFor<Coexistence>({
    ...sender,
    on: (name, handler) => {
      if (sharedEvents.has(name)) listenLater(redis, logger);
      return sender.on(name, handler);
    },
    once: (name, handler) => {
      if (sharedEvents.has(name)) listenLater(redis, logger);
      return sender.once(name, handler);
    },
  });
}

function checkOptions(options: BullSenderOptions): void {
  const owner = 'createBullSender';
  checkCommonOptions(owner, options);
  checkNumbers<BullSenderOptions>(owner, options, { numbers: { min: 0 }, unsettledAfterMs: { unit: 'ms' } });
  checkOneOf(owner, 'onUnknown', options.onUnknown, ['report', 'resend']);
  const { prefix, connection, store, eviction } = options;
  checkObject(owner, 'connection', connection);
  const settings: unknown = connection.options;
  if (typeof settings !== 'object' || settings === null) {
    throw new InvalidArgumentError(owner, 'connection', 'must be an ioredis client');
  }
  const name: unknown = prefix;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new InvalidArgumentError(owner, 'prefix', `must be a non-empty string, but is ${describeValue(name)}`);
  }
  checkOneOf(owner, 'eviction', eviction, redisEvictions);
  if (store !== undefined) checkMethods(owner, 'store', store, storeMethods);
}
