import { StoreError } from '../errors/store-error.js';
import { isRecord } from '../runtime/json.js';
import type { Clock } from '../runtime/clock.js';
import { sharedTimeout } from '../runtime/shared-timeout.js';
import type { Store } from './store.js';

/**
 * Wraps the `store` option of a `create…` function. Each call ends within `timeoutMs`. Calls that hang, throw
 * synchronously or return an invalid result reject with an error.
 *
 * @param store - The caller's store.
 * @param clock - Measures the time limit.
 * @param timeoutMs - The time limit of a call.
 */
export function guardStore(store: Store, clock: Clock, timeoutMs: number): Store {
  const expireAfter = sharedTimeout(clock, timeoutMs);
  const call = <Result>(method: string, isValid: (result: unknown) => boolean, work: () => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const settled = expireAfter(() => {
        reject(
          new StoreError(`The store did not finish ${method} within ${String(timeoutMs)} ms. The call may still take effect.`, 'unknown'),
        );
      });
      const fail = (error: unknown): void => {
        settled();
        // The store's own error, of any type.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error);
      };
      try {
        Promise.resolve(work()).then((result) => {
          settled();
          if (isValid(result)) resolve(result);
          else reject(new StoreError(`The store returned an invalid result of ${method}.`, 'failed'));
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  return {
    get: (key) => call('get', isEntryOrAbsent, () => store.get(key)),
    set: (key, value, options) => call('set', isWriteResult, () => store.set(key, value, options)),
    setIfAbsent: (key, value, options) => call('setIfAbsent', isWriteResult, () => store.setIfAbsent(key, value, options)),
    delete: (key, options) =>
      call(
        'delete',
        (isGone) => typeof isGone === 'boolean',
        () => store.delete(key, options),
      ),
    list: (prefix, options) => call('list', isListing, () => store.list(prefix, options)),
    batch: (operations) =>
      call(
        'batch',
        (result) => result === false || (Array.isArray(result) && result.length === operations.length),
        () => store.batch(operations),
      ),
  };
}

function isEntryOrAbsent(entry: unknown): boolean {
  return entry === undefined || isEntry(entry);
}

function isEntry(entry: unknown): boolean {
  return isRecord(entry) && typeof entry.version === 'string' && entry.value !== undefined;
}

function isWriteResult(result: unknown): boolean {
  return isRecord(result) && (result.written === false || (result.written === true && typeof result.version === 'string'));
}

function isListing(entries: unknown): boolean {
  return Array.isArray(entries) && entries.every((entry) => isEntry(entry) && isRecord(entry) && typeof entry.key === 'string');
}
