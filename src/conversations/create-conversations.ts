import {
  checkFunction,
  checkMethods,
  checkNumber,
  checkNumbers,
  checkObject,
  describeValue,
  readOptions,
} from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { idsAfter } from '../identity/claim.js';
import { personKeys, samePerson, type PersonIds } from '../identity/person.js';
import type { Clock } from '../runtime/clock.js';
import { resolveClock } from '../runtime/clock-guard.js';
import type { Logger } from '../runtime/logger.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { memoryStore } from '../stores/memory.js';
import { storeMethods } from '../stores/store.js';
import type { MessageEvent } from '../webhooks/fields/messages.js';
import { messageMatcher, type AnyMatch } from '../webhooks/filters/message-filter.js';
import type {
  Conversation,
  Conversations,
  ConversationsOptions,
  ExpectedReply,
  OnReplyOptions,
  WaitOptions,
  WaitResult,
} from './conversations.js';
import { createExpectedReplies, type QuestionHandler } from './expected-replies.js';

/** A checked conversation. */
interface Target {
  readonly phoneNumberId: string;
  readonly customer: PersonIds;
}

/** A wait of this process. */
interface Waiter {
  readonly phoneNumberId: string;
  customer: PersonIds;
  readonly match: (event: MessageEvent) => Promise<AnyMatch | undefined>;
  readonly end: (result: WaitResult) => void;
}

/**
 * Creates a module that waits for replies of customers. A reply is recognized by person: also if the customer's phone
 * number or user ID changes in between.
 *
 * - `waitFor` waits in this process. Use it in scripts and background jobs.
 * - `onReply` and `expectReply` store the question. With a `store`, they survive restarts.
 *
 * Other handlers of `message` receive the replies as well.
 *
 * @param options - The webhooks and the store. See {@link ConversationsOptions}.
 * @throws `InvalidArgumentError` with the name of an invalid option
 *
 * @example
 * ```ts
 * import { createClient, memoryStore, reply } from 'wa-coexist';
 * import { createConversations } from 'wa-coexist/conversations';
 * import { buttons, defineCallback, text } from 'wa-coexist/messages';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * const conversations = createConversations({ webhooks, store: memoryStore() }); // or sqliteStore, redisStore
 * const confirm = defineCallback({ name: 'confirm', fields: { order: 'string' } });
 *
 * conversations.onReply('confirm', { button: confirm }, async ({ event, match }) => {
 *   await reply(client, event, text(`Order ${match.data.order} is confirmed.`));
 * });
 * webhooks.on('message', { text: 'order' }, async (event) => {
 *   await conversations.expectReply(event, 'confirm', { timeoutMs: 3_600_000 });
 *   await reply(client, event, buttons('Is that right?', [{ id: confirm.id({ order: '4711' }), title: 'Yes' }]));
 * });
 * ```
 */
export function createConversations(options: ConversationsOptions): Conversations {
  return readOptions('createConversations', options, buildConversations);
}

function buildConversations(options: ConversationsOptions): Conversations {
  const { webhooks, sweepIntervalMs = 30_000 } = options;
  checkMethods('createConversations', 'webhooks', webhooks, ['on', 'off']);
  if (options.store !== undefined) checkMethods('createConversations', 'store', options.store, storeMethods);
  checkNumbers('createConversations', options, { sweepIntervalMs: { unit: 'ms' } });
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock, logger);
  const waiters = new Waiters(clock);
  const handlers = new Map<string, QuestionHandler>();
  const expected = createExpectedReplies(options.store ?? memoryStore({ clock }), handlers, { clock, logger });
  const timer = new SweepTimer(clock, logger, sweepIntervalMs, () => expected.sweep());

  const observe = async (event: MessageEvent): Promise<void> => {
    if ((await waiters.observe(event)) === 'open' && handlers.size > 0) await expected.observe(event);
  };
  webhooks.on('message', observe);
  const close = (): Promise<void> => {
    timer.close();
    webhooks.off('message', observe);
    waiters.close();
    return Promise.resolve();
  };

  return {
    waitFor: (conversation, filter, waitOptions) => {
      const target = readConversation('waitFor', conversation);
      checkObject('waitFor', 'options', waitOptions);
      checkTimeout('waitFor', waitOptions.timeoutMs);
      const match = matcherOf('waitFor', filter, logger);
      return new Promise((resolve) => {
        waiters.add(target, match, waitOptions, (result) => {
          // The matcher was made from the filter, so that the match has its type.
          resolve(result as WaitResult<typeof filter>);
        });
      });
    },
    onReply: (name, filter, handler, { onTimeout }: OnReplyOptions = {}) => {
      checkName('onReply', name);
      checkFunction('onReply', 'handler', handler, 'required');
      checkFunction('onReply', 'onTimeout', onTimeout);
      if (handlers.has(name)) throw new InvalidArgumentError('onReply', 'name', 'has a handler already: use one name for each question');
      handlers.set(name, {
        match: matcherOf('onReply', filter, logger),
        // The matcher was made from the filter, so that the match has its type.
        answer: async (event, match, stored) => handler({ event, match, state: stored } as ExpectedReply<typeof filter>),
        missed: async (missed) => onTimeout?.(missed),
      });
      timer.start();
      return () => {
        handlers.delete(name);
      };
    },
    expectReply: async (conversation, name, expectOptions) => {
      const { phoneNumberId, customer } = readConversation('expectReply', conversation);
      checkName('expectReply', name);
      checkObject('expectReply', 'options', expectOptions);
      const { timeoutMs, state: stored } = expectOptions;
      checkTimeout('expectReply', timeoutMs);
      await expected.expect(phoneNumberId, customer, { name, timeoutMs, state: stored });
    },
    cancelReply: async (conversation) => {
      const { phoneNumberId, customer } = readConversation('cancelReply', conversation);
      await expected.cancel(phoneNumberId, customer);
    },
    sweep: () => expected.sweep(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The waits of this process. */
class Waiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ phoneNumberId, customer }: Target, match: Waiter['match'], { timeoutMs, signal }: WaitOptions, resolve: Waiter['end']): void {
    const end = (result: WaitResult): void => {
      if (!this.#waiters.delete(waiter)) return;
      cancel();
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => {
      end({ type: 'closed' });
    };
    const waiter: Waiter = { phoneNumberId, customer, match, end };
    const cancel = this.#clock.schedule(() => {
      end({ type: 'timed-out' });
    }, timeoutMs);
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true || this.#isClosed) onAbort();
  }

  /** Ends the first wait that a message answers. */
  async observe(event: MessageEvent): Promise<'answered' | 'open'> {
    const { phoneNumberId, customer } = event;
    for (const waiter of this.#waiters) {
      if (waiter.phoneNumberId === phoneNumberId) waiter.customer = idsAfter(waiter.customer, event);
    }
    for (const waiter of this.#waiters) {
      if (!customer || waiter.phoneNumberId !== phoneNumberId || !samePerson(waiter.customer, customer)) continue;
      const match = await waiter.match(event);
      // It may have ended while an asynchronous schema ran.
      if (match === undefined || !this.#waiters.has(waiter)) continue;
      // The matcher was made from the filter, so that the match has its type.
      waiter.end({ type: 'answered', event, match: match as never });
      return 'answered';
    }
    return 'open';
  }

  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters) waiter.end({ type: 'closed' });
  }
}

/** Sweeps one time after the other. The timer doesn't keep the process alive. */
class SweepTimer {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #intervalMs: number;
  readonly #sweep: () => Promise<void>;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: Clock, logger: Logger, intervalMs: number, sweep: () => Promise<void>) {
    this.#clock = clock;
    this.#logger = logger;
    this.#intervalMs = intervalMs;
    this.#sweep = sweep;
  }

  start(): void {
    if (!this.#cancel) this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #arm(): void {
    if (!this.#isClosed) this.#cancel = this.#clock.schedule(() => void this.#run(), this.#intervalMs, { background: true });
  }

  async #run(): Promise<void> {
    await this.#sweep().catch((error: unknown) => {
      this.#logger.error('conversations.sweep_failed', { error });
    });
    this.#arm();
  }
}

/** Prepares a filter. A parser or schema of the caller that throws counts as no match. */
function matcherOf(action: string, filter: unknown, logger: Logger): Waiter['match'] {
  const match = messageMatcher(filter);
  if (!match) throw new InvalidArgumentError(action, 'filter', "must be 'reply', 'text', 'button', 'list', 'flow', or conditions");
  return async (event) => {
    try {
      return await match(event.message);
    } catch (error) {
      logger.error('conversations.filter_failed', { key: event.key, error });
      return undefined;
    }
  };
}

function readConversation(action: string, conversation: Conversation): Target {
  checkObject(action, 'conversation', conversation);
  const { phoneNumberId, customer } = conversation;
  if (typeof phoneNumberId !== 'string' || phoneNumberId === '') {
    throw new InvalidArgumentError(action, 'conversation.phoneNumberId', 'is missing');
  }
  if (!customer || personKeys(customer).length === 0) {
    throw new InvalidArgumentError(action, 'conversation.customer', 'must have a phone number or a user ID');
  }
  return { phoneNumberId, customer };
}

function checkTimeout(action: string, timeoutMs: unknown): void {
  if (timeoutMs === undefined) throw new InvalidArgumentError(action, 'timeoutMs', 'is missing');
  checkNumber(action, 'timeoutMs', timeoutMs, { unit: 'ms' });
}

function checkName(action: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new InvalidArgumentError(action, 'name', `must be the name of a question, but is ${describeValue(name)}`);
}
