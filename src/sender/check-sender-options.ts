import { checkFunction, checkNumbers, checkObject, checkOneOf, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { SenderOptions } from './sender-options.js';

/** The options that both kinds of senders have. */
type CommonOptions = Pick<SenderOptions, 'client' | 'guards' | 'guardTimeoutMs' | 'pacing' | 'concurrency' | 'instrument' | 'webhooks'>;

/** Checks the options that both kinds of senders have. @throws `InvalidArgumentError` */
export function checkCommonOptions(owner: string, options: CommonOptions): void {
  const { client, guards, pacing, instrument, webhooks } = options;
  const given: unknown = client;
  const isClient = typeof given === 'object' && given !== null && 'target' in given && 'for' in given && typeof given.for === 'function';
  if (!isClient) throw new InvalidArgumentError(owner, 'client', `must be made with createClient, but is ${describeValue(client)}`);
  checkNumbers<CommonOptions>(owner, options, { guardTimeoutMs: { unit: 'ms' }, concurrency: {} });
  checkOneOf(owner, 'pacing', pacing, ['even', 'ack']);
  checkFunction(owner, 'instrument', instrument);
  if (guards !== undefined) {
    if (!Array.isArray(guards)) throw new InvalidArgumentError(owner, 'guards', `must be an array, but is ${describeValue(guards)}`);
    for (const guard of guards as readonly unknown[]) {
      if (typeof guard !== 'function')
        throw new InvalidArgumentError(owner, 'guards', `must contain functions, but has ${describeValue(guard)}`);
    }
  }
  if (webhooks === undefined) return;
  checkObject(owner, 'webhooks', webhooks);
  for (const name of ['on', 'off'] as const) {
    const method: unknown = webhooks[name];
    if (typeof method !== 'function') throw new InvalidArgumentError(owner, 'webhooks', `must have a function named ${name}`);
  }
}

/** Checks the options of `createSender`. @throws `InvalidArgumentError` */
export function checkSenderOptions(options: SenderOptions): void {
  const owner = 'createSender';
  checkCommonOptions(owner, options);
  checkNumbers<SenderOptions>(owner, options, { takeOverAfterMs: { unit: 'ms' }, unsettledAfterMs: { unit: 'ms' } });
  checkOneOf(owner, 'onUnknown', options.onUnknown, ['report', 'resend']);
  if (options.store === undefined) return;
  checkObject(owner, 'store', options.store);
  for (const name of ['get', 'set', 'setIfAbsent', 'delete', 'list', 'batch'] as const) {
    const method: unknown = Reflect.get(options.store, name);
    if (typeof method !== 'function') throw new InvalidArgumentError(owner, 'store', `must have a function named ${name}`);
  }
}

/** Checks a listener that a caller registers. @throws `InvalidArgumentError` */
export function checkListener(handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError('on', 'handler', `must be a function, but is ${describeValue(handler)}`);
}
