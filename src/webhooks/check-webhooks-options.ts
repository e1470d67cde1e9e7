import { checkFunction, checkMethods, checkNumbers, checkObject, checkOneOf, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { storeMethods } from '../stores/store.js';
import { checkCredential, type WebhookCredential } from './credential-source.js';

const owner = 'createWebhooks';

/** The options, with the types that callers without TypeScript can pass. */
interface UncheckedOptions {
  readonly appSecret?: unknown;
  readonly verifyToken?: unknown;
  readonly mode?: unknown;
  readonly enqueue?: unknown;
  readonly route?: unknown;
  readonly archive?: unknown;
  readonly instrument?: unknown;
  readonly retry?: unknown;
  readonly store?: unknown;
  readonly clock?: unknown;
  readonly logger?: unknown;
  readonly parkMs?: unknown;
  readonly maxBytes?: unknown;
  readonly maxItemBytes?: unknown;
  readonly uploadTimeoutMs?: unknown;
  readonly handlerTimeoutMs?: unknown;
  readonly storeTimeoutMs?: unknown;
  readonly closeTimeoutMs?: unknown;
}

/**
 * Checks the options of `createWebhooks`.
 *
 * @returns the app secret and the verify token, as values, lists or functions.
 * @throws `InvalidArgumentError` with the name of the option.
 */
export function checkWebhooksOptions(options: UncheckedOptions): {
  readonly appSecret: WebhookCredential;
  readonly verifyToken: WebhookCredential;
} {
  const appSecret = checkCredential('appSecret', options.appSecret, 'WHATSAPP_APP_SECRET');
  const verifyToken = checkCredential('verifyToken', options.verifyToken, 'WHATSAPP_VERIFY_TOKEN');
  checkOneOf(owner, 'mode', options.mode, ['handle', 'inbox', 'enqueue']);
  if (options.mode === 'enqueue' && typeof options.enqueue !== 'function') {
    throw new InvalidArgumentError(owner, 'enqueue', `must be a function in mode 'enqueue', but is ${describeValue(options.enqueue)}`);
  }
  for (const name of ['enqueue', 'route', 'archive', 'instrument'] as const) checkFunction(owner, name, options[name]);
  for (const name of ['retry', 'clock', 'logger'] as const) {
    if (options[name] !== undefined) checkObject(owner, name, options[name]);
  }
  if (options.store !== undefined) checkMethods(owner, 'store', options.store, storeMethods);
  checkNumbers(owner, options, {
    parkMs: { min: 0, unit: 'ms' },
    maxBytes: { unit: 'bytes' },
    maxItemBytes: { unit: 'bytes' },
    uploadTimeoutMs: { unit: 'ms' },
    handlerTimeoutMs: { unit: 'ms' },
    storeTimeoutMs: { unit: 'ms' },
    closeTimeoutMs: { min: 0, unit: 'ms' },
  });
  const retry: object = options.retry ?? {};
  checkNumbers<{ maxAttempts?: number; firstDelayMs?: number; maxDelayMs?: number }>(owner, retry, {
    maxAttempts: {},
    firstDelayMs: { min: 0, unit: 'ms' },
    maxDelayMs: { min: 0, unit: 'ms' },
  });
  return { appSecret, verifyToken };
}
