import { emitWarning } from 'node:process';
import type { Redis } from 'ioredis';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { Logger } from '../../runtime/logger.js';
import { evictionError, type RedisEviction } from '../../stores/redis/eviction.js';
import {
  messagesQueue,
  numbersQueue,
  Queue,
  QueueEvents,
  QueueEventsProducer,
  type MessageJob,
  type MessageQueue,
  type News,
  type NewsListener,
  type WakeJob,
} from './queues.js';

/** The queues in Redis, over one connection besides those that wait. */
export interface SharedRedis {
  readonly connection: Redis;
  readonly numbers: Queue<WakeJob>;
  /** @throws `StoreError` (`evicting`) if Redis removes keys when its memory is full, and that isn't allowed. */
  ready(): Promise<void>;
  /** The queue of a number. */
  messages(phoneNumberId: string): MessageQueue;
  tell(news: News): Promise<void>;
  /** Calls `onNews` with what processes tell, once {@link listen} was called. */
  subscribe(onNews: (news: News) => void): void;
  /** Listens, by a connection of its own. Resolves once nothing more can be missed. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** The most news that are kept for processes that were away. */
const mostNews = 10_000;

/** What is done by this sender. */
export interface OpenRedisOptions {
  readonly connection: Redis;
  readonly prefix: string;
  readonly eviction: RedisEviction;
  readonly logger: Logger;
  /** The connection broke. */
  readonly onDisconnected: () => void;
}

/** Opens the queues, and looks whether Redis would remember them. */
export function openRedis({ connection, prefix, eviction, logger, onDisconnected }: OpenRedisOptions): SharedRedis {
  if (connection.options.maxRetriesPerRequest !== null) {
    const rule = 'must be created with maxRetriesPerRequest: null, so that messages in flight wait until Redis is available again';
    throw new InvalidArgumentError('createBullSender', 'connection', rule);
  }
  // Every queue listens to it.
  connection.setMaxListeners(0);
  const numbers = new Queue<WakeJob>(numbersQueue, { connection, prefix });
  const producer = new QueueEventsProducer(numbersQueue, { connection, prefix });
  const byNumber = new Map<string, MessageQueue>();
  const onError = (error: Error): void => {
    logger.warn('Redis reports an error', { error });
  };
  numbers.on('error', onError);
  producer.on('error', onError);
  connection.on('close', onDisconnected);
  void warnIfForgetful(connection, logger);

  let isReady = eviction === 'allow';
  const subscribers = new Set<(news: News) => void>();
  let listening: Promise<QueueEvents> | undefined;
  const listen = async (): Promise<QueueEvents> => {
    // From now on by Redis's clock: without a place to begin at, what comes between two readings is missed.
    const [seconds, microseconds] = await connection.time();
    const lastEventId = String(Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000) - 1);
    const events = new QueueEvents(numbersQueue, { connection, prefix, lastEventId });
    events.on('error', onError);
    const emit = (news: News): void => {
      for (const onNews of subscribers) onNews(news);
    };
    events.on<NewsListener, 'outcome'>('outcome', (facts) => {
      emit({ type: 'outcome', ...facts });
    });
    events.on<NewsListener, 'settled'>('settled', (facts) => {
      emit({ type: 'settled', ...facts });
    });
    events.on<NewsListener, 'unsettled'>('unsettled', (facts) => {
      emit({ type: 'unsettled', ...facts });
    });
    events.on<NewsListener, 'cancel'>('cancel', (facts) => {
      emit({ type: 'cancel', ...facts });
    });
    events.on<NewsListener, 'pause'>('pause', (facts) => {
      emit({ type: 'pause', ...facts });
    });
    events.on<NewsListener, 'campaign'>('campaign', (facts) => {
      emit({ type: 'campaign', ...facts });
    });
    events.on<NewsListener, 'account'>('account', (facts) => {
      emit({ type: 'account', ...facts });
    });
    events.on<NewsListener, 'inbound'>('inbound', (facts) => {
      emit({ type: 'inbound', ...facts });
    });
    await events.waitUntilReady();
    return events;
  };

  return {
    connection,
    numbers,
    async ready() {
      if (isReady) return;
      let info: string;
      try {
        info = await connection.info('memory');
      } catch (error) {
        logger.debug("Redis doesn't report whether it evicts keys", { error });
        // A refusal stays one, for example of an access list.
        isReady = error instanceof Error && error.name === 'ReplyError';
        return;
      }
      const error = evictionError(info);
      if (error) throw error;
      isReady = true;
    },
    messages(phoneNumberId) {
      let queue = byNumber.get(phoneNumberId);
      if (!queue) {
        queue = new Queue<MessageJob>(messagesQueue(phoneNumberId), { connection, prefix });
        queue.on('error', onError);
        byNumber.set(phoneNumberId, queue);
      }
      return queue;
    },
    async tell({ type, ...facts }) {
      await producer.publishEvent({ eventName: type, ...facts }, mostNews);
    },
    subscribe(onNews) {
      subscribers.add(onNews);
    },
    async listen() {
      listening ??= listen();
      await listening;
    },
    async close() {
      connection.off('close', onDisconnected);
      // Not waited for: that would be for ever while the connection is being made again.
      void listening
        ?.then((events) => events.close())
        .catch((error: unknown) => {
          logger.debug('listening did not end in order', { error });
        });
      await Promise.all([numbers.close(), producer.close(), ...[...byNumber.values()].map((queue) => queue.close())]);
    },
  };
}

/**
 * Without an append-only file a restart of Redis forgets. Where Redis does not tell (managed ones may not), nothing is
 * said.
 */
async function warnIfForgetful(connection: Redis, logger: Logger): Promise<void> {
  try {
    const [, appendOnly] = await connection.config('GET', 'appendonly');
    if (appendOnly !== 'no') return;
  } catch (error) {
    logger.debug("Redis doesn't report whether it has an append-only file", { error });
    return;
  }
  const text =
    'Redis has no append-only file (appendonly no). If Redis restarts, queued messages are lost, and messages that were sent may be sent again. Set appendonly to yes.';
  logger.warn(text);
  emitWarning(text, { code: 'WA_COEXIST_REDIS_FORGETS' });
}
