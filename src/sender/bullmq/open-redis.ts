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
  type ProcessEvent,
  type ProcessEventListener,
  type WakeJob,
} from './queues.js';

/** The queues in Redis, over one connection in addition to the blocking ones. */
export interface SharedRedis {
  readonly connection: Redis;
  readonly numbers: Queue<WakeJob>;
  /**
   * @throws `StoreError` (`evicting`) if Redis evicts keys when its memory is full, and the options don't allow that.
   */
  ready(): Promise<void>;
  /** Returns the queue of a number. */
  messages(phoneNumberId: string): MessageQueue;
  publish(event: ProcessEvent): Promise<void>;
  /** Calls `onProcessEvent` with the events of other processes, after {@link listen} was called. */
  subscribe(onProcessEvent: (event: ProcessEvent) => void): void;
  /** Listens on a separate connection. Resolves as soon as no event can be missed. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Maximum number of events that Redis stores for disconnected processes. */
const maxStoredEvents = 10_000;

/** Options of {@link openRedis}. */
export interface OpenRedisOptions {
  readonly connection: Redis;
  readonly prefix: string;
  readonly eviction: RedisEviction;
  readonly logger: Logger;
  /** Called when the connection is lost. */
  readonly onDisconnected: () => void;
}

/** Opens the queues, and checks whether Redis is configured to keep them. */
export function openRedis(options: OpenRedisOptions): SharedRedis {
  return new SharedConnection(options);
}

class SharedConnection implements SharedRedis {
  readonly connection: Redis;
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #onDisconnected: OpenRedisOptions['onDisconnected'];
  readonly numbers: Queue<WakeJob>;
  readonly #producer: QueueEventsProducer;
  readonly #byNumber = new Map<string, MessageQueue>();
  #isReady: boolean;
  readonly #subscribers = new Set<(event: ProcessEvent) => void>();
  #listening: Promise<QueueEvents> | undefined;

  constructor({ connection, prefix, eviction, logger, onDisconnected }: OpenRedisOptions) {
    this.connection = connection;
    this.#prefix = prefix;
    this.#logger = logger;
    this.#onDisconnected = onDisconnected;
    if (connection.options.maxRetriesPerRequest !== null) {
      const rule = 'must be made with maxRetriesPerRequest: null, so that messages in flight wait for Redis to come back';
      throw new InvalidArgumentError('createBullSender', 'connection', rule);
    }
    // Every queue adds listeners to the connection.
    connection.setMaxListeners(0);
    this.numbers = new Queue<WakeJob>(numbersQueue, { connection, prefix });
    this.#producer = new QueueEventsProducer(numbersQueue, { connection, prefix });
    this.numbers.on('error', (error) => {
      this.#onError(error);
    });
    this.#producer.on('error', (error: Error) => {
      this.#onError(error);
    });
    connection.on('close', onDisconnected);
    void warnIfNotPersistent(connection, logger);
    this.#isReady = eviction === 'allow';
  }

  async ready(): Promise<void> {
    if (this.#isReady) return;
    let info: string;
    try {
      info = await this.connection.info('memory');
    } catch (error) {
      this.#logger.debug('Redis does not report whether it removes keys', { error });
      // Redis rejected the command, for example because of an access list. A retry doesn't help.
      this.#isReady = error instanceof Error && error.name === 'ReplyError';
      return;
    }
    const error = evictionError(info);
    if (error) throw error;
    this.#isReady = true;
  }

  messages(phoneNumberId: string): MessageQueue {
    let queue = this.#byNumber.get(phoneNumberId);
    if (!queue) {
      queue = new Queue<MessageJob>(messagesQueue(phoneNumberId), { connection: this.connection, prefix: this.#prefix });
      queue.on('error', (error: Error) => {
        this.#onError(error);
      });
      this.#byNumber.set(phoneNumberId, queue);
    }
    return queue;
  }

  async publish({ type, ...facts }: ProcessEvent): Promise<void> {
    await this.#producer.publishEvent({ eventName: type, ...facts }, maxStoredEvents);
  }

  subscribe(onProcessEvent: (event: ProcessEvent) => void): void {
    this.#subscribers.add(onProcessEvent);
  }

  async listen(): Promise<void> {
    this.#listening ??= this.#listen();
    await this.#listening;
  }

  async close(): Promise<void> {
    this.connection.off('close', this.#onDisconnected);
    // Not awaited, because it doesn't resolve while the connection is being re-established.
    void this.#listening
      ?.then((events) => events.close())
      .catch((error: unknown) => {
        this.#logger.debug('listening did not end in order', { error });
      });
    await Promise.all([this.numbers.close(), this.#producer.close(), ...[...this.#byNumber.values()].map((queue) => queue.close())]);
  }

  #onError(error: Error): void {
    this.#logger.warn('Redis reports an error', { error });
  }

  async #listen(): Promise<QueueEvents> {
    // Starts at the current time of Redis. Without a start ID, events between two reads would be missed.
    const [seconds, microseconds] = await this.connection.time();
    const lastEventId = String(Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000) - 1);
    const events = new QueueEvents(numbersQueue, { connection: this.connection, prefix: this.#prefix, lastEventId });
    events.on('error', (error) => {
      this.#onError(error);
    });
    this.#forward(events);
    await events.waitUntilReady();
    return events;
  }

  /** Passes events of other processes to the subscribers. */
  #forward(events: QueueEvents): void {
    const emit = (event: ProcessEvent): void => {
      for (const onProcessEvent of this.#subscribers) onProcessEvent(event);
    };
    events.on<ProcessEventListener, 'outcome'>('outcome', (facts) => {
      emit({ type: 'outcome', ...facts });
    });
    events.on<ProcessEventListener, 'settled'>('settled', (facts) => {
      emit({ type: 'settled', ...facts });
    });
    events.on<ProcessEventListener, 'unsettled'>('unsettled', (facts) => {
      emit({ type: 'unsettled', ...facts });
    });
    events.on<ProcessEventListener, 'cancel'>('cancel', (facts) => {
      emit({ type: 'cancel', ...facts });
    });
    events.on<ProcessEventListener, 'pause'>('pause', (facts) => {
      emit({ type: 'pause', ...facts });
    });
    events.on<ProcessEventListener, 'campaign'>('campaign', (facts) => {
      emit({ type: 'campaign', ...facts });
    });
    events.on<ProcessEventListener, 'account'>('account', (facts) => {
      emit({ type: 'account', ...facts });
    });
    events.on<ProcessEventListener, 'inbound'>('inbound', (facts) => {
      emit({ type: 'inbound', ...facts });
    });
  }
}

/**
 * Warns if Redis has no append-only file, because a restart then loses data. Does nothing if Redis doesn't report the
 * setting, as some managed services.
 */
async function warnIfNotPersistent(connection: Redis, logger: Logger): Promise<void> {
  try {
    const [, appendOnly] = await connection.config('GET', 'appendonly');
    if (appendOnly !== 'no') return;
  } catch (error) {
    logger.debug('Redis does not report whether it has an append-only file', { error });
    return;
  }
  const text =
    'Redis keeps no append-only file (appendonly no): if it restarts, queued messages are lost, and a message that was sent may be sent again. Set appendonly to yes.';
  logger.warn(text);
  emitWarning(text, { code: 'WA_COEXIST_REDIS_FORGETS' });
}
