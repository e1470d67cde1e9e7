import { argumentError, checkFunction, checkOneOf, describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { SendItem, SendOptions } from '../send-options.js';

/** A call that was checked. One with a `fault` must not be sent. */
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

/** Members of a message. Beside a message they would be ignored. */
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

/** What a misspelled option is recognized by: `expires_at`, `campaignID`, … */
const optionOfSpelling: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ...sendOptions.map((name) => [name.toLowerCase(), name] as const),
  ['idempotencykey', 'key'] as const,
  ['sendkey', 'key'] as const,
]);

/** Stands for a message that is none, in events. */
const noMessage: OutgoingMessage = { to: '', text: { body: '' } };

/**
 * Checks what callers without types may pass to a sender, before anything is counted or queued. Never throws: what is wrong is the `fault`.
 * Reads each option once, so that the rest of the sender works with plain values. Options in `notStored` are rejected.
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
  // Its members are checked below, by the message checks and by Meta.
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

/** Checks a campaign ID of a caller's. @throws `InvalidArgumentError` */
export function checkCampaignId(action: string, campaignId: unknown): void {
  checkText(action, 'campaignId', campaignId);
}

/** Checks a number that sends, as callers pass it. An empty ID counts as missing. @throws `InvalidArgumentError` */
export function checkFrom(action: string, from: unknown): void {
  if (from === undefined || typeof from === 'string') return;
  if (isRecord(from) && typeof from.phoneNumberId === 'string') return;
  throw new InvalidArgumentError(action, 'from', `must be a phone number ID or { phoneNumberId }, but is ${describeValue(from)}`);
}

/** Checks a signal of a caller's. @throws `InvalidArgumentError` */
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

/** Checks what sends and sources have in common. @throws `InvalidArgumentError` */
export function checkCommon(action: string, { from, priority, category, campaignId, signal }: SendOptions): void {
  checkFrom(action, from);
  checkOneOf(action, 'priority', priority, priorities);
  checkOneOf(action, 'category', category, categories);
  if (campaignId !== undefined) checkCampaignId(action, campaignId);
  checkSignal(action, signal);
}

/** What keeps a message out. Errors of getters and proxies are the caller's own, and become one of the library's. */
export function faultOf(action: string, error: unknown): WhatsAppError {
  return argumentError(action, 'options', error);
}

function readOptions(action: SendAction, options: unknown, notStored: readonly (keyof SendOptions)[]): CheckedSendOptions {
  if (options === undefined) return {};
  if (!isRecord(options)) throw new InvalidArgumentError(action, 'options', `must be an object, but is ${describeValue(options)}`);
  // Read once: the values that are checked are the values that are used. Their types are what is checked.
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

/** Checks what the sender itself reads of a message. */
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

/** Reads a time that callers pass as a `Date`, also one of another realm, or as milliseconds. @throws `InvalidArgumentError` */
function readTime(action: string, name: string, value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const isTime = typeof value === 'number' || Object.prototype.toString.call(value) === '[object Date]';
  const timeMs = isTime ? Number(value) : NaN;
  if (Math.abs(timeMs) <= maxTimeMs) return new Date(timeMs);
  throw new InvalidArgumentError(action, name, `must be a valid Date or milliseconds since 1970, but is ${describeValue(value)}`);
}
