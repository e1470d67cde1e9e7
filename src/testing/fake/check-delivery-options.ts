import { checkNumber, checkNumbers, checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { parseUrl } from '../../runtime/parse-url.js';
import type { FakeDeliveryOptions } from './fake-delivery.js';

/** Checks how webhooks are to be delivered. @throws `InvalidArgumentError` */
export function checkDeliveryOptions(owner: string, options: FakeDeliveryOptions): void {
  checkObject(owner, 'delivery', options);
  checkNumbers(owner, options, { batch: {}, concurrency: {} });
  const { duplicateShare, delayMs, callbackUrl } = options;
  if (callbackUrl !== undefined && parseUrl(callbackUrl) === undefined)
    throw new InvalidArgumentError(owner, 'callbackUrl', 'must be an absolute URL');
  // A share is no whole number.
  if (duplicateShare !== undefined && !(typeof duplicateShare === 'number' && duplicateShare >= 0 && duplicateShare <= 1))
    throw new InvalidArgumentError(owner, 'duplicateShare', 'must be a number from 0 to 1');
  if (delayMs === undefined || typeof delayMs === 'number') {
    checkNumber(owner, 'delayMs', delayMs, { min: 0, unit: 'ms' });
    return;
  }
  const range: unknown = delayMs;
  if (!Array.isArray(range) || range.length !== 2) throw new InvalidArgumentError(owner, 'delayMs', 'must be a number or two numbers');
  const [least, most] = range as readonly unknown[];
  for (const value of [least, most]) checkNumber(owner, 'delayMs', value ?? Number.NaN, { min: 0, unit: 'ms' });
  if (Number(least) > Number(most)) throw new InvalidArgumentError(owner, 'delayMs', 'must have the smaller number first');
}
