import { argumentError, checkFunction, checkOneOf, describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { SendItem, SendOptions } from '../send-options.js';

/** A checked call. If it has a `fault`, the message must not be sent. */
export interface CheckedSend {
  readonly message: OutgoingMessage;
  readonly options: CheckedSendOptions;
  readonly fault?: WhatsAppError;
}

/** Options with times as dates. */
export type CheckedSendOptions = Omit<SendOptions, 'expiresAt' | 'notBefore'> & { readonly expiresAt?: Date; readonly notBefore?: Date };

type SendAction = 'send' | 'sendAll' | 'enqueue' | 'plan';

const priorities: readonly string[] = ['high', 'normal', 'low'];
const categories: readonly string[] = ['marketing', 'utility', 'authentication'];

/** Members of a message. They would be ignored if they were next to `message` instead of inside it. */
const messageMembers: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'to',
  'recipient',
  'recipient_type',
  'type',
  'text',
  'template',
  'interactive',
  'image',
  'biz_opaque_callback_data',
]);

const sendOptions: readonly (keyof SendOptions)[] = [
  'from',
  'key',
  'priority',
  'expiresAt',
  'notBefore',
  'signal',
  'campaignId',
  'category',
  'guard',
  'onUnknown',
];
const optionNames: ReadonlySet<string> = /* @__PURE__ */ new Set(sendOptions);

/** Correct option names by normalized spelling, to detect misspelled options such as `expires_at` or `campaignID`. */
const optionOfSpelling: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ...sendOptions.map((name) => [name.toLowerCase(), name] as const),
  ['idempotencykey', 'key'] as const,
  ['sendkey', 'key'] as const,
]);

/** Placeholder in events for a value that is no message. */
const noMessage: OutgoingMessage = { to: '', text: { body: '' } };

/**
 * Checks the values that callers without types may pass to a sender, before anything is counted or queued. Never
 * throws, but returns the error as `fault`. Reads each option once, so the rest of the sender works with plain values.
 * Rejects options in `notStored`.
 */
export function checkSend(
  action: SendAction,
  message: unknown,
  options: unknown,
  notStored: readonly (keyof SendOptions)[] = [],
): CheckedSend {
  if (!isRecord(message)) {
    const fault = new InvalidArgumentError(action, 'message', `must be an object, but is ${describeValue(message)}`);
    return { message: noMessage, options: {}, fault };
  }
  // The message checks and Meta check its members.
  const given = message as unknown as OutgoingMessage;
  try {
    checkMessageMembers(action, message);
    return { message: given, options: readOptions(action, options, notStored) };
  } catch (error) {
    return { message: given, options: {}, fault: faultOf(action, error) };
  }
}

/** Checks an item of a source: a message, or a message with options. */
export function checkItem(action: SendAction, item: SendItem, notStored: readonly (keyof SendOptions)[] = []): CheckedSend {
  try {
    const given: unknown = item;
    if (!isRecord(given)) {
      throw new InvalidArgumentError(action, 'item', `must be a message or { message, … }, but is ${describeValue(given)}`);
    }
    if (!('message' in given)) return checkSend(action, given, undefined);
    for (const name of Object.keys(given)) {
      if (name === 'options') {
        const rule = 'is not a property of an item: write its properties next to message, as in { message, key }';
        throw new InvalidArgumentError(action, 'options', rule);
      }
      if (messageMembers.has(name)) {
        throw new InvalidArgumentError(action, name, `belongs in message: write { message: { ${name}, … } }`);
      }
    }
    const { message, ...options } = given;
    return checkSend(action, message, options, notStored);
  } catch (error) {
    return { message: noMessage, options: {}, fault: faultOf(action, error) };
  }
}

/** Checks the campaign ID of a caller. @throws `InvalidArgumentError` */
export function checkCampaignId(action: string, campaignId: unknown): void {
  checkText(action, 'campaignId', campaignId);
}

/** Checks the sending number of a caller. An empty ID counts as missing. @throws `InvalidArgumentError` */
export function checkFrom(action: string, from: unknown): void {
  if (from === undefined || typeof from === 'string') return;
  if (isRecord(from) && typeof from.phoneNumberId === 'string') return;
  throw new InvalidArgumentError(action, 'from', `must be a phone number ID or { phoneNumberId }, but is ${describeValue(from)}`);
}

/** Checks the signal of a caller. @throws `InvalidArgumentError` */
export function checkSignal(action: string, signal: unknown): void {
  if (signal === undefined) return;
  const isSignal =
    typeof signal === 'object' &&
    signal !== null &&
    'aborted' in signal &&
    'addEventListener' in signal &&
    typeof signal.addEventListener === 'function';
  if (!isSignal) throw new InvalidArgumentError(action, 'signal', `must be an AbortSignal, but is ${describeValue(signal)}`);
}

/** Checks the options that single messages and sources share. @throws `InvalidArgumentError` */
export function checkCommon(action: string, { from, priority, category, campaignId, signal }: SendOptions): void {
  checkFrom(action, from);
  checkOneOf(action, 'priority', priority, priorities);
  checkOneOf(action, 'category', category, categories);
  if (campaignId !== undefined) checkCampaignId(action, campaignId);
  checkSignal(action, signal);
}

/**
 * Returns the error that rejects a message. Getters and proxies can throw any value, which becomes a `WhatsAppError`.
 */
export function faultOf(action: string, error: unknown): WhatsAppError {
  return argumentError(action, 'options', error);
}

function readOptions(action: SendAction, options: unknown, notStored: readonly (keyof SendOptions)[]): CheckedSendOptions {
  if (options === undefined) return {};
  if (!isRecord(options)) throw new InvalidArgumentError(action, 'options', `must be an object, but is ${describeValue(options)}`);
  // Each option is read once, so the checked values are the ones that are used. Their types aren't trusted yet.
  const { from, key, priority, signal, campaignId, category, guard, onUnknown, ...times } = options as SendOptions;
  const { expiresAt, notBefore } = times;
  for (const name of Object.keys(options)) {
    if (optionNames.has(name)) continue;
    const meant = optionOfSpelling.get(name.toLowerCase().replaceAll(/[_-]/g, ''));
    if (meant !== undefined) throw new InvalidArgumentError(action, name, `is no option: write ${meant}`);
    if (name === 'options' || name === 'message' || messageMembers.has(name)) {
      const rule = `is not an option: pass the message and its options to ${action} as two arguments`;
      throw new InvalidArgumentError(action, name, rule);
    }
  }
  const read: CheckedSendOptions = defined({
    ...{ from, key, priority, signal, campaignId, category, guard, onUnknown },
    expiresAt: readTime(action, 'expiresAt', expiresAt),
    notBefore: readTime(action, 'notBefore', notBefore),
  });
  checkCommon(action, read);
  if (key !== undefined) checkText(action, 'key', key);
  if (read.notBefore && read.expiresAt && read.notBefore >= read.expiresAt) {
    throw new InvalidArgumentError(action, 'notBefore', 'must be before expiresAt');
  }
  checkFunction(action, 'guard', guard);
  checkOneOf(action, 'onUnknown', onUnknown, ['report', 'resend']);
  for (const name of notStored) {
    if (read[name] !== undefined) throw new InvalidArgumentError(action, name, 'is not an option here, because it cannot be stored');
  }
  return read;
}

/** Checks the members of a message that the sender reads. */
function checkMessageMembers(action: SendAction, message: Readonly<Record<string, unknown>>): void {
  for (const name of ['to', 'recipient', 'biz_opaque_callback_data']) {
    const value = message[name];
    if (value !== undefined && typeof value !== 'string') {
      throw new InvalidArgumentError(action, name, `must be a string, but is ${describeValue(value)}`);
    }
  }
  for (const name of Object.keys(message)) {
    // Messages have their own category.
    if (name === 'message' || name === 'options' || (optionNames.has(name) && name !== 'category')) {
      const rule =
        action === 'sendAll' || action === 'plan'
          ? `does not belong to a message: write { message: { … }, ${name} }`
          : `does not belong to a message: pass it in the second argument of ${action}`;
      throw new InvalidArgumentError(action, name, rule);
    }
  }
}

function checkText(action: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new InvalidArgumentError(action, name, `must be a non-empty string, but is ${describeValue(value)}`);
}

/** The latest time of a `Date`. */
const maxTimeMs = 8.64e15;

/**
 * Reads a time that the caller passes in milliseconds or as a `Date`, including a `Date` of another realm. @throws
 * `InvalidArgumentError`
 */
function readTime(action: string, name: string, value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const isTime = typeof value === 'number' || Object.prototype.toString.call(value) === '[object Date]';
  const timeMs = isTime ? Number(value) : NaN;
  if (Math.abs(timeMs) <= maxTimeMs) return new Date(timeMs);
  throw new InvalidArgumentError(action, name, `must be a valid Date or milliseconds since 1970, but is ${describeValue(value)}`);
}
