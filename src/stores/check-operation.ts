import { describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/**
 * Checks a key or prefix, for callers without TypeScript.
 *
 * @param name - The name for the error message.
 * @param value - The value to check.
 * @throws `InvalidArgumentError` without the value
 */
export function checkKey(name: 'key' | 'prefix' | 'after', value: unknown): void {
  if (typeof value !== 'string') throw new InvalidArgumentError('The store', name, `must be a string, but is ${describeValue(value)}`);
}

/**
 * Checks a time to live. All numbers except NaN are valid, including negative and infinite ones.
 *
 * @param ttlMs - The value to check.
 * @throws `InvalidArgumentError`
 */
export function checkTtl(ttlMs: unknown): void {
  if (ttlMs !== undefined) checkAmount('ttlMs', ttlMs);
}

/**
 * Checks a number of entries.
 *
 * @param limit - The value to check.
 * @throws `InvalidArgumentError`
 */
export function checkLimit(limit: unknown): void {
  checkAmount('limit', limit);
}

function checkAmount(name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return;
  throw new InvalidArgumentError('The store', name, `must be a number, but is ${describeValue(value)}`);
}
