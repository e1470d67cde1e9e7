import { checkFunction, checkMethods, checkNumbers, checkOneOf, checkPolicy, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { storeMethods } from '../stores/store.js';
import type { SenderOptions } from './sender-options.js';

/** The options of both kinds of senders. */
type CommonOptions = Pick<
  SenderOptions,
  | 'client'
  | 'guards'
  | 'guardTimeoutMs'
  | 'pacing'
  | 'concurrency'
  | 'policy'
  | 'instrument'
  | 'webhooks'
  | 'maxEqualRejections'
  | 'optOutKeywords'
>;

/** Checks the options of both kinds of senders. @throws `InvalidArgumentError` */
export function checkCommonOptions(owner: string, options: CommonOptions): void {
  const { client, guards, pacing, policy, instrument, webhooks, optOutKeywords } = options;
  const given: unknown = client;
  const isClient = typeof given === 'object' && given !== null && 'target' in given && 'for' in given && typeof given.for === 'function';
  if (!isClient) throw new InvalidArgumentError(owner, 'client', `must be made with createClient, but is ${describeValue(client)}`);
  checkNumbers<CommonOptions>(owner, options, { guardTimeoutMs: { unit: 'ms' }, concurrency: {} });
  if (options.maxEqualRejections !== false) checkNumbers<CommonOptions>(owner, options, { maxEqualRejections: { min: 0 } });
  checkPolicy(owner, policy);
  checkOneOf(owner, 'pacing', pacing, ['even', 'ack']);
  checkFunction(owner, 'instrument', instrument);
  if (guards !== undefined) {
    if (!Array.isArray(guards)) throw new InvalidArgumentError(owner, 'guards', `must be an array, but is ${describeValue(guards)}`);
    for (const guard of guards as readonly unknown[]) {
      if (typeof guard !== 'function')
        throw new InvalidArgumentError(owner, 'guards', `must contain functions, but has ${describeValue(guard)}`);
    }
  }
  if (optOutKeywords !== undefined) checkMethods(owner, 'optOutKeywords', optOutKeywords, ['match']);
  if (webhooks === undefined) return;
  checkMethods(owner, 'webhooks', webhooks, ['on', 'off']);
}

/** Checks the options of `createSender`. @throws `InvalidArgumentError` */
export function checkSenderOptions(options: SenderOptions): void {
  const owner = 'createSender';
  checkCommonOptions(owner, options);
  checkNumbers<SenderOptions>(owner, options, { takeOverAfterMs: { unit: 'ms' }, unsettledAfterMs: { unit: 'ms' } });
  checkOneOf(owner, 'onUnknown', options.onUnknown, ['report', 'resend']);
  if (options.store === undefined) return;
  checkMethods(owner, 'store', options.store, storeMethods);
}

/** Checks a listener that a caller registers. @throws `InvalidArgumentError` */
export function checkListener(handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError('on', 'handler', `must be a function, but is ${describeValue(handler)}`);
}
