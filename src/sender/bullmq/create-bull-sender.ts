import { checkMethods, checkNumbers, checkObject, checkOneOf, describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { InvalidMessageError, MissingTargetError } from '../../errors/usage-errors.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { coexistencePolicy } from '../../policy/policy.js';
import { createEmitter } from '../../runtime/emitter.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import { resolveInstrument } from '../../runtime/instrument-guard.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { defined } from '../../runtime/json.js';
import { memoryStore } from '../../stores/memory.js';
import { redisStore } from '../../stores/redis/redis-store.js';
import type { StatusEvent } from '../../webhooks/events/messages.js';
import { callbackDataOf, sendIdOf } from '../callback-data.js';
import { checkSend } from '../check-send.js';
import { joinKey } from '../../runtime/keys.js';
import { redisEvictions } from '../../stores/redis/eviction.js';
import { storeMethods } from '../../stores/store.js';
import { checkCommonOptions, checkListener } from '../check-sender-options.js';
import { defaultGuardTimeoutMs } from '../guard.js';
import { createLedger } from '../outbox/ledger.js';
import { createSendIds } from '../send-ids.js';
import { createNumberSender } from '../number-sender.js';
import type { SenderMessageEvent } from '../sender-events.js';
import { createPeople } from '../people.js';
import { createSettlements } from '../settlements.js';
import { createOptOuts } from '../stops/opt-outs.js';
import { createTemplateStops } from '../stops/template-stops.js';
import { capOf } from '../throughput.js';
import { wireWebhooks } from '../webhook-wiring.js';
import { createAwaited } from './awaited.js';
import type { BullSender, BullSenderEvents, BullSenderOptions, BullSendOptions } from './bull-sender.js';
import { openNumberSession, type JobOutcome, type NumberSession, type SessionEnd } from './number-session.js';
import { openRedis } from './open-redis.js';
import {
  anyStalls,
  bullPriorityOf,
  lockMs,
  numberCheckMs,
  numbersQueue,
  WaitingError,
  Worker,
  type MessageData,
  type MessageJob,
  type WakeData,
} from './queues.js';
import { messageIdOf, type NumberTarget } from './message-id.js';

/** How long the jobs of messages are kept: those of keys, of unknown sends (Meta delivers webhooks for up to 7 days), and of all others. */
const daySeconds = 86_400;
const keptSeconds = { key: 30 * daySeconds, unknown: 8 * daySeconds, other: 3_600 };

/** Messages taken ahead of their turn for each number: at least so many, or so many seconds of the throughput. */
const leastAhead = 1_000;
const aheadSeconds = 2;

/** Options of a send that another process could not know. */
const notStored = ['guard', 'signal', 'onUnknown'] as const;

/** A message with a paused template is asked about again after this time, in whichever process: Meta may have ended the pause. */
const templateHoldMs = 300_000;

/** How long a number waits that could not be sent from. */
const againMs = 1_000;

/** How many numbers a process sends from at once, where the caller does not say. */
const numbersOfProcess = 100;

/**
 * Makes a sender for many processes on BullMQ and Redis. Every process makes one with the same options; each may queue messages of any number,
 * and BullMQ's lock makes one process that number's only sender for as long as there is work. So lanes, pace and pair rate are those of one
 * process, and the connections to Redis grow with the numbers that are sending.
 *
 * A process that dies is noticed, and its numbers are taken over, within 12 seconds (a lock of 6 s, looked for every 3 s, and the messages that it
 * had taken). What it may have sent is `unknown` and never sent again; a status webhook settles it, in any process. What had not left goes on.
 *
 * Opt-outs and stopped templates are recorded in Redis, so that every process knows them: see `webhooks`.
 *
 * @throws `InvalidArgumentError` if an option is not valid, for example a connection that gives up commands.
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
  const { client, prefix = 'wa-coexist', eviction = 'reject', guardTimeoutMs = defaultGuardTimeoutMs } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const cap = capOf('createBullSender', options.throughput, policy);
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const instrument = resolveInstrument(options.instrument, clock, logger);
  const emitter = createEmitter<BullSenderEvents>();
  /** One a number, but while one whose number was lost comes to its end beside the next. */
  const sessions = new Set<NumberSession>();
  const redis = openRedis({
    connection: options.connection,
    prefix,
    eviction,
    logger,
    onDisconnected: () => {
      stopAll('disconnected');
    },
  });
  const store = options.store ?? redisStore(options.connection, { prefix: `{${prefix}}:`, eviction });
  /** The numbers that this process has sent from, with their WABA. */
  const targets = new Map<string, NumberTarget>();
  const people = createPeople({
    store,
    isShared: true,
    clock,
    logger,
    onJoined: (phoneNumberId, from, to) => {
      for (const session of sessions) if (session.phoneNumberId === phoneNumberId) session.join(from, to);
    },
    onLearned: (...learned) => optOuts.learned(...learned),
  });
  const optOuts = createOptOuts({ store, clock, logger }, people);
  const templates = createTemplateStops({
    store,
    clock,
    logger,
    own: client.target,
    wabaOf: (phoneNumberId) => targets.get(phoneNumberId)?.wabaId,
    holdMs: templateHoldMs,
    // What is held is in the queue, for any process.
    askAgain: () => undefined,
  });
  const guards = [templates.guard, optOuts.guard, ...(options.guards ?? [])];
  const awaited = createAwaited({ redis, clock, logger });
  const ids = createSendIds();
  let place = 0;
  let closing: Promise<void> | undefined;

  const notify = <Name extends keyof BullSenderEvents>(name: Name, event: () => BullSenderEvents[Name]): void => {
    if (emitter.count(name) === 0) return;
    emitter.dispatch(name, event()).catch((error: unknown) => {
      logger.error('sender.listener_failed', { event: name, error });
    });
  };
  const about = (phoneNumberId: string, { id, data: { message, key, campaignId } }: MessageJob, tries: number): SenderMessageEvent => ({
    message,
    phoneNumberId,
    tries,
    ...defined({ id, key, campaignId }),
  });
  const targetOf = (from: BullSendOptions['from'], action: string): NumberTarget => {
    const target = typeof from === 'string' ? { phoneNumberId: from } : from;
    if (target) {
      if (target.phoneNumberId === '') throw new MissingTargetError(action, 'phoneNumberId');
      // The number names its queue, and BullMQ separates the names in Redis with colons.
      if (target.phoneNumberId.includes(':')) throw new InvalidArgumentError(action, 'from', 'must be a phone number ID, without a colon');
      return target;
    }
    const { phoneNumberId, ...own } = client.target;
    if (phoneNumberId === undefined || phoneNumberId === '') throw new MissingTargetError(action, 'phoneNumberId');
    return { ...own, phoneNumberId };
  };

  const wake = async (from: NumberTarget): Promise<void> => {
    // One that comes while the number is being sent from runs once more afterwards.
    await redis.numbers.add(
      'wake',
      { from },
      { removeOnComplete: true, removeOnFail: true, deduplication: { id: from.phoneNumberId, keepLastIfActive: true } },
    );
  };
  const wakeLater = async (from: NumberTarget, atMs: number): Promise<void> => {
    // It does not send: two jobs of one number would be two senders.
    await redis.numbers.add(
      'later',
      { from },
      {
        removeOnComplete: true,
        removeOnFail: true,
        delay: Math.max(1, atMs - clock.now()),
        deduplication: { id: `${from.phoneNumberId}@${String(atMs)}` },
      },
    );
  };
  const add = async (
    message: OutgoingMessage,
    sendOptions: BullSendOptions,
    from: NumberTarget,
    isAwaited: boolean,
    id: string,
  ): Promise<void> => {
    await redis.ready();
    const { key, priority = 'normal', campaignId, category, expiresAt } = sendOptions;
    const data: MessageData = {
      message,
      priority,
      place: (place += 1),
      ...defined({ key, campaignId, category, expiresAtMs: expiresAt?.getTime(), awaited: isAwaited || key !== undefined || undefined }),
    };
    await redis.messages(from.phoneNumberId).add('message', data, {
      jobId: id,
      priority: bullPriorityOf[priority],
      removeOnComplete: { age: key === undefined ? keptSeconds.other : keptSeconds.key },
      removeOnFail: { age: key === undefined ? keptSeconds.unknown : keptSeconds.key },
    });
    await wake(from);
  };

  const onOutcome = (from: NumberTarget, job: MessageJob, tries: number, outcome: JobOutcome): void => {
    const { phoneNumberId } = from;
    const event = about(phoneNumberId, job, tries);
    if (outcome.outcome === 'accepted') notify('sent', () => ({ ...event, messageId: outcome.messageId, response: outcome.response }));
    else if (outcome.outcome === 'rejected') notify('rejected', () => ({ ...event, by: outcome.by, error: outcome.error }));
    else notify('unknown', () => ({ ...event, error: outcome.error, settled: awaited.settlement(phoneNumberId, job.id ?? '') }));
    void concluded(phoneNumberId, job, outcome).catch((error: unknown) => {
      logger.error('the outcome of a send could not be told', { phoneNumberId, error });
    });
  };
  const concluded = async (phoneNumberId: string, job: MessageJob, outcome: JobOutcome): Promise<void> => {
    const { id = '', data } = job;
    if (data.awaited) await redis.tell({ type: 'outcome', phoneNumberId, id });
    if (outcome.outcome === 'unknown') {
      // A status may have come before the outcome.
      const now = await redis.messages(phoneNumberId).getJob(id);
      if (now?.data.heard !== undefined) await settled(phoneNumberId, now, now.data.heard);
    } else if (outcome.outcome === 'rejected' && outcome.by !== 'meta' && data.key !== undefined) {
      // It never left: its key is free again, once whoever waits has read it.
      await awaited.afterReading(async () => {
        await job.remove();
      });
    }
  };
  /** Records that a settlement is reported. Returns `false` if it was reported before. */
  const recordSettled = async (phoneNumberId: string, id: string): Promise<boolean> => {
    try {
      // A status that arrives while the outcome is recorded is found by both: only the first one reports it.
      const ttlMs = keptSeconds.unknown * 1_000;
      return (await store.setIfAbsent(joinKey('sender', phoneNumberId, 'settled', id), true, { ttlMs })).written;
    } catch (error) {
      // The job names the status by now, so that a redelivery would not report it. Two events are better than none.
      logger.warn('sender.settled_not_recorded', { phoneNumberId, id, error });
      return true;
    }
  };
  const settled = async (phoneNumberId: string, job: MessageJob, messageId: string, event?: StatusEvent): Promise<void> => {
    const callbackData = event ? callbackDataOf(event.status.biz_opaque_callback_data) : job.data.message.biz_opaque_callback_data;
    const { key, campaignId } = job.data;
    if (!(await recordSettled(phoneNumberId, job.id ?? ''))) return;
    notify('settled', () => ({
      outcome: 'accepted',
      phoneNumberId,
      id: job.id ?? '',
      messageId,
      ...defined({ key, campaignId, callbackData }),
      ...(event && { status: event.status }),
    }));
    await redis.tell({ type: 'settled', phoneNumberId, id: job.id ?? '', messageId });
  };
  /** What became of a message is heard: by its status, or by an answer that came after the message was lost to another process. */
  const hear = async (phoneNumberId: string, id: string, messageId: string, event?: StatusEvent): Promise<boolean> => {
    const job = await redis.messages(phoneNumberId).getJob(id);
    if (!job || job.data.heard !== undefined || job.progress !== 'left') return false;
    const state = await job.getState();
    if (state !== 'failed' && state !== 'active' && state !== 'waiting') return false;
    await job.updateData({ ...job.data, heard: messageId });
    // One under way tells its outcome itself; if that is unknown, it finds what was heard.
    if (state !== 'failed' && (await job.getState()) !== 'failed') return false;
    await settled(phoneNumberId, job, messageId, event);
    return true;
  };
  const settle = async (event: StatusEvent): Promise<boolean> => {
    const id = sendIdOf(event.status.biz_opaque_callback_data);
    const { phoneNumberId } = event;
    return id !== undefined && phoneNumberId !== undefined && hear(phoneNumberId, id, event.status.id, event);
  };

  const openSession = (from: NumberTarget, keepNumber: () => Promise<boolean>): NumberSession => {
    const { phoneNumberId } = from;
    targets.set(phoneNumberId, from);
    // What is unknown is settled by the job, in any process: nothing is to be remembered here.
    const settlements = createSettlements({ clock, unsettledAfterMs: keptSeconds.unknown * 1_000, check: () => undefined });
    const session = openNumberSession({
      phoneNumberId,
      queue: redis.messages(phoneNumberId),
      connection: redis.connection,
      prefix,
      keepNumber,
      ahead: Math.max(leastAhead, aheadSeconds * cap),
      guards,
      guardTimeoutMs,
      refused: (message, error) => {
        optOuts.refused(message, phoneNumberId, error);
        return templates.refused(message, phoneNumberId, error);
      },
      clock,
      logger,
      openEngine: (listener) =>
        createNumberSender({
          client: client.for(from),
          ids,
          outbox: undefined,
          onUnknown: 'report',
          unsettledAfterMs: keptSeconds.unknown * 1_000,
          phoneNumberId,
          cap,
          pacing: options.pacing ?? 'even',
          concurrency: options.concurrency,
          policy,
          clock,
          logger,
          people,
          instrument,
          ledger: createLedger(memoryStore({ clock })),
          recordsAll: false,
          settlements,
          guards: [],
          // The session's guard watches the caller's guards, and waits for Redis.
          guardTimeoutMs: undefined,
          listener,
        }),
      onOutcome: (job, tries, outcome) => {
        onOutcome(from, job, tries, outcome);
      },
      onLate: (job, messageId) => {
        hear(phoneNumberId, job.id ?? '', messageId).catch((error: unknown) => {
          logger.error('an answer that came late could not be recorded', { phoneNumberId, error });
        });
      },
      onAgain: (job, tries, { scope, error }, waitMs) => {
        if (scope !== 'connection') notify('throttled', () => ({ phoneNumberId, error, scope: scope === 'pair' ? 'recipient' : 'number' }));
        notify('retry', () => ({ ...about(phoneNumberId, job, tries), error, waitMs }));
      },
    });
    const forget = (): void => {
      settlements.close();
    };
    session.ended.then(forget, forget);
    return session;
  };
  /** Whether a number has nothing to send now; one whose messages are held is woken when the first of them is due. */
  const rests = async (from: NumberTarget): Promise<boolean> => {
    const queue = redis.messages(from.phoneNumberId);
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    if (Object.values(counts).some((count) => count > 0)) return false;
    const [held] = await queue.getDelayed(0, 0);
    if (!held) return true;
    const { heldUntilMs = 0 } = held.data;
    if (heldUntilMs <= clock.now()) return false;
    await wakeLater(from, heldUntilMs);
    return true;
  };
  /** Sends from a number for as long as there is work; after Redis was away, or anything else went wrong, begun afresh, if the number is this process's still. */
  const sendFrom = async (from: NumberTarget, keepNumber: () => Promise<boolean>): Promise<SessionEnd> => {
    for (;;) {
      if (closing) return 'closing';
      try {
        if (!(await keepNumber())) return 'lost';
        if (await rests(from)) return 'drained';
        const session = openSession(from, keepNumber);
        sessions.add(session);
        const end = await session.ended.finally(() => sessions.delete(session));
        if (end === 'closing' || end === 'lost') return end;
      } catch (error) {
        logger.error('a number cannot be sent from, and is tried again', { phoneNumberId: from.phoneNumberId, error });
        await new Promise<void>((resolve) => clock.schedule(resolve, againMs));
      }
    }
  };
  const stopAll = (why: 'closing' | 'disconnected'): void => {
    for (const session of sessions) session.stop(why);
  };
  const openWorker = (concurrency: number): Worker<WakeData> => {
    const worker = new Worker<WakeData>(
      numbersQueue,
      async (job, token = '') => {
        if (job.name === 'later') {
          await wake(job.data.from);
          return;
        }
        const keepNumber = async (): Promise<boolean> => (await job.extendLock(token, lockMs)) === 1;
        if ((await sendFrom(job.data.from, keepNumber)) === 'drained') return;
        try {
          await job.moveToWait(token);
        } catch (error) {
          logger.debug('a number could not be given back, as another process has it, or takes it when its lock is over', { error });
        }
        throw new WaitingError();
      },
      {
        connection: redis.connection,
        prefix,
        concurrency,
        lockDuration: lockMs,
        // By hand: BullMQ knows one token a job, and a process may take a number again that it has lost and not left yet.
        skipLockRenewal: true,
        stalledInterval: numberCheckMs,
        maxStalledCount: anyStalls,
      },
    );
    worker.on('error', (error) => {
      logger.warn('the queue of numbers reports an error', { error });
    });
    return worker;
  };
  const numbers = options.numbers ?? numbersOfProcess;
  let worker: Worker<WakeData> | undefined;
  /** A process takes numbers as soon as Redis is known not to remove keys, so that another one that may send is not kept from it. */
  const openWorkerWhenReady = async (): Promise<void> => {
    for (let attempt = 0; !closing; attempt += 1) {
      try {
        await redis.ready();
        break;
      } catch (error) {
        if (attempt === 0) logger.error('sender.redis_evicts', { error });
        await new Promise<void>((resolve) => clock.schedule(resolve, againMs));
      }
    }
    if (!closing) worker = openWorker(numbers);
  };
  if (numbers > 0) void openWorkerWhenReady();
  const unwire =
    options.webhooks &&
    wireWebhooks(options.webhooks, {
      identity: people.learn,
      status: async (event) => {
        await optOuts.failed(event);
        await settle(event);
      },
      template: templates.observe,
      preference: optOuts.observe,
      inbound: undefined,
      throughput: undefined,
    });
  /** Errors of Redis are the caller's to see. A message that is no JSON never gets there. */
  const addErrorOf = (error: unknown, message: OutgoingMessage): unknown => {
    try {
      JSON.stringify(message);
      return error;
    } catch {
      return new InvalidMessageError('message', 'cannot be written as JSON');
    }
  };
  const end = async (): Promise<void> => {
    unwire?.();
    stopAll('closing');
    // BullMQ would wait for ever for the end of a connection that is just being made again.
    await worker?.backend.reconnectBlocking();
    await worker?.close();
    await awaited.close();
    await redis.close();
  };
  const close = (): Promise<void> => (closing ??= Promise.resolve().then(end));

  return {
    on: (name, handler) => {
      checkListener(handler);
      return emitter.on(name, handler);
    },
    once: (name, handler) => {
      checkListener(handler);
      return emitter.once(name, handler);
    },
    off: (name, handler) => {
      emitter.off(name, handler);
    },
    async send(given, givenOptions) {
      const { message, options: sendOptions, fault } = checkSend('send', given, givenOptions, notStored);
      if (fault) return { outcome: 'rejected', by: 'guard', error: fault };
      const from = targetOf(sendOptions.from, 'send');
      const id = messageIdOf(from, sendOptions.key);
      try {
        return await awaited.outcomeOf(from.phoneNumberId, id, () => add(message, sendOptions, from, true, id));
      } catch (error) {
        const failure = addErrorOf(error, message);
        if (failure instanceof InvalidMessageError) return { outcome: 'rejected', by: 'guard', error: failure };
        throw failure;
      }
    },
    async enqueue(given, givenOptions) {
      const { message, options: sendOptions, fault } = checkSend('enqueue', given, givenOptions, notStored);
      if (fault) throw fault;
      const from = targetOf(sendOptions.from, 'enqueue');
      const id = messageIdOf(from, sendOptions.key);
      try {
        await add(message, sendOptions, from, false, id);
      } catch (error) {
        throw addErrorOf(error, message);
      }
      return id;
    },
    settle,
    stats: () => {
      const activities = [...sessions].map((session) => session.activity());
      return {
        numbers: [...new Set([...sessions].map(({ phoneNumberId }) => phoneNumberId))],
        queued: activities.reduce((total, { queued }) => total + queued, 0),
        inFlight: activities.reduce((total, { inFlight }) => total + inFlight, 0),
        awaited: awaited.size,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkOptions(options: BullSenderOptions): void {
  const owner = 'createBullSender';
  checkCommonOptions(owner, options);
  checkNumbers<BullSenderOptions>(owner, options, { numbers: { min: 0 } });
  const { prefix, connection, store, eviction } = options;
  checkObject(owner, 'connection', connection);
  const settings: unknown = connection.options;
  if (typeof settings !== 'object' || settings === null) {
    throw new InvalidArgumentError(owner, 'connection', 'must be an ioredis client');
  }
  const name: unknown = prefix;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new InvalidArgumentError(owner, 'prefix', `must be a string that is not empty, but is ${describeValue(name)}`);
  }
  checkOneOf(owner, 'eviction', eviction, redisEvictions);
  if (store !== undefined) checkMethods(owner, 'store', store, storeMethods);
}
