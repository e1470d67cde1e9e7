import { TimeoutError } from '../errors/connection-errors.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { Clock } from '../runtime/clock.js';
import { isRecord } from '../runtime/json.js';
import { within } from '../runtime/within.js';
import type { SendPriority } from './queue/priority.js';

/** Information about a message that a guard receives along with the message. */
export interface SendGuardContext {
  /** ID of the number that sends the message. */
  readonly phoneNumberId: string;
  /** The caller's key of the send. */
  readonly key?: string;
  /** The campaign that it belongs to. */
  readonly campaignId?: string;
  readonly priority: SendPriority;
  /** Category of the template, if the caller set it. */
  readonly category?: MessageCategory;
}

/**
 * Category of a template message. Customers can opt out of marketing messages. The sender treats a template as marketing if it belongs to a
 * campaign or has this category, and treats all others as not marketing. An explicit `category` always wins.
 */
export type MessageCategory = 'marketing' | 'utility' | 'authentication';

/**
 * The decision of a guard about a message.
 *
 * - `pass`: the sender sends the message.
 * - `hold`: the sender delays the message without delaying others, and calls the guard again at `until`, but after one second at the earliest.
 * - `reject`: the sender doesn't send the message. Its outcome is `rejected` by `'guard'`, with this error.
 */
export type GuardVerdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'hold'; /** For people and logs. */ readonly reason: string; readonly until: Date }
  | { readonly verdict: 'reject'; readonly error: WhatsAppError };

/**
 * Decides whether the sender may send a message. The sender calls it immediately before each request for the message.
 *
 * If a guard throws, rejects, returns no verdict, or doesn't decide within `guardTimeoutMs`, the sender doesn't send the message. Its outcome
 * is `rejected` by `'guard'`, with a `NotSentError` whose reason is `guard-failed` and whose `cause` is the error of the guard.
 *
 * @example
 * ```ts
 * import { createClient, createSender, type SendGuard } from 'wa-coexist';
 *
 * const quietAtNight: SendGuard = (_message, { priority }) => {
 *   const now = new Date();
 *   if (priority !== 'low' || now.getUTCHours() >= 8) return { verdict: 'pass' };
 *   return { verdict: 'hold', reason: 'it is night', until: new Date(now.setUTCHours(8, 0, 0, 0)) };
 * };
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sender = createSender({ client, throughput: 'coexistence', guards: [quietAtNight] });
 * ```
 */
export interface SendGuard {
  (message: OutgoingMessage, context: SendGuardContext): GuardVerdict | Promise<GuardVerdict>;
  /**
   * Whether `sender.plan()` calls the guard for each message of a campaign. Set it for guards that only check the
   * content, such as the one of `createTemplateCatalog`.
   * @defaultValue `false`
   */
  readonly inPlans?: boolean | undefined;
}

/** Time limit for guards. */
export interface GuardDeadline {
  readonly timeoutMs: number;
  /** Called when the sender closes and stops waiting for guards. */
  readonly onClosed: Set<() => void>;
}

/**
 * The decision of all guards: a verdict that stops the message, `undefined` if all let it pass, or `closed` if the
 * sender was closed in the meantime.
 */
export type GuardsVerdict = Exclude<GuardVerdict, { verdict: 'pass' }> | 'closed' | undefined;

/** Minimum time until the guards check a held message again. */
export const minHoldMs = 1_000;

/** Default time limit for guards. */
export const defaultGuardTimeoutMs = 10_000;

/**
 * Calls one guard after the other until one doesn't let the message pass. Returns no promise if all guards decide
 * synchronously.
 *
 * @throws the error of a guard, `TimeoutError` if a guard doesn't decide in time, `InvalidArgumentError` if its result
 * is no verdict.
 */
export function askGuards(
  guards: readonly SendGuard[],
  message: OutgoingMessage,
  context: SendGuardContext,
  clock: Clock,
  deadline?: GuardDeadline,
): GuardsVerdict | Promise<GuardsVerdict> {
  for (const [index, guard] of guards.entries()) {
    const asked: unknown = guard(message, context);
    if (isThenable(asked)) {
      const askOthers = (): GuardsVerdict | Promise<GuardsVerdict> => askGuards(guards.slice(index + 1), message, context, clock, deadline);
      return awaitGuard(asked, askOthers, clock, deadline);
    }
    const verdict = checkVerdict(asked, clock);
    if (verdict) return verdict;
  }
  return undefined;
}

async function awaitGuard(
  asked: PromiseLike<unknown>,
  askOthers: () => GuardsVerdict | Promise<GuardsVerdict>,
  clock: Clock,
  deadline: GuardDeadline | undefined,
): Promise<GuardsVerdict> {
  const decided = deadline ? await inTime(asked, clock, deadline) : { value: await asked };
  return decided === 'closed' ? 'closed' : (checkVerdict(decided.value, clock) ?? askOthers());
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

async function inTime(
  asked: PromiseLike<unknown>,
  clock: Clock,
  { timeoutMs, onClosed }: GuardDeadline,
): Promise<{ readonly value: unknown } | 'closed'> {
  let close = (): void => undefined;
  const closed = new Promise<'closed'>((resolve) => {
    close = () => {
      resolve('closed');
    };
  });
  onClosed.add(close);
  try {
    const answered = await within<unknown>(clock, timeoutMs, () => Promise.race([asked, closed]));
    if (answered.type === 'done') return answered.value === 'closed' ? 'closed' : answered;
  } finally {
    onClosed.delete(close);
  }
  throw new TimeoutError(`A guard did not decide within ${String(timeoutMs)} ms. Raise guardTimeoutMs if it may take longer.`, timeoutMs);
}

/**
 * Checks the result of a guard, because callers without types can return anything. Returns `undefined` if the message
 * may pass.
 */
function checkVerdict(given: unknown, clock: Clock): Exclude<GuardVerdict, { verdict: 'pass' }> | undefined {
  if (isRecord(given)) {
    const { verdict } = given;
    if (verdict === 'pass') return undefined;
    if (verdict === 'reject') {
      const { error } = given;
      return { verdict, error: error instanceof WhatsAppError ? error : new NotSentError('guard-failed', { cause: error }) };
    }
    const until = given.until instanceof Date ? given.until.getTime() : NaN;
    if (verdict === 'hold' && !Number.isNaN(until)) {
      const reason = typeof given.reason === 'string' ? given.reason : 'a guard holds the message';
      return { verdict, reason, until: new Date(Math.max(until, clock.now() + minHoldMs)) };
    }
  }
  const rule = "must be { verdict: 'pass' }, { verdict: 'hold', reason, until } with a valid Date, or { verdict: 'reject', error }";
  throw new InvalidArgumentError('guard', 'verdict', rule);
}
