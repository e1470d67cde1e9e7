import { describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Clock } from '../runtime/clock.js';
import { within } from '../runtime/within.js';
import { parseJsonBody } from './json-body.js';
import { parseWebhook } from './parsing/parse-webhook.js';
import { CallbackTimeoutError } from './webhook-errors.js';

/**
 * A verify token or an app secret: a value, a list, or a function that returns them for a request. The function receives the URL and the
 * headers of the request, without its body, and the WABAs of the delivery. Return `undefined` or an empty list if the request belongs to none
 * of your apps.
 *
 * The receiver calls the function only for complete handshakes and for deliveries with a well-formed signature. Anyone can send any URL, host
 * and headers, so use them to find a secret, not as proof of the sender.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const shops = new Map([['/shop-7', { secret: 'app-secret', token: 'verify-token' }]]);
 * createWebhooks({
 *   appSecret: (request) => shops.get(new URL(request.url).pathname)?.secret,
 *   verifyToken: (request) => shops.get(new URL(request.url).pathname)?.token,
 * });
 * ```
 */
export type WebhookCredential = string | readonly string[] | WebhookCredentialLookup;

/** Facts about a delivery before its signature is verified. Use them to find a secret, not as proof of the sender. */
export interface UnverifiedDelivery {
  /**
   * The WABAs of its events without duplicates, and `undefined` for events without one. Reading them parses the body. Empty for a
   * handshake and for a body without events.
   */
  readonly wabaIds: readonly (string | undefined)[];
}

/** Returns the verify tokens or app secrets for a request. */
export type WebhookCredentialLookup = (
  request: Request,
  delivery: UnverifiedDelivery,
) => string | readonly string[] | undefined | Promise<string | readonly string[] | undefined>;

/** Returns the credentials for a request. Rejects if the caller's function fails or times out. */
export type CredentialSource = (request: () => Request, bytes?: Uint8Array) => Promise<readonly string[]> | readonly string[];

const owner = 'createWebhooks';

/**
 * Checks a credential option.
 *
 * @param variable - The environment variable that usually contains it, for the error message.
 * @throws `InvalidArgumentError` if the value isn't a string, a list of strings, or a function. The most common cause
 * is a missing environment variable.
 */
export function checkCredential(name: string, value: unknown, variable: string): WebhookCredential {
  if (typeof value === 'function') return value as WebhookCredentialLookup;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new InvalidArgumentError(owner, name, 'must not be an empty list');
  return values.map((one) => {
    if (typeof one === 'string' && one.trim() !== '') return one;
    const found = typeof one === 'string' ? 'an empty string' : describeValue(one);
    const rule = `must be a non-empty string, a list of them or a function, but is ${found}`;
    throw new InvalidArgumentError(owner, name, `${rule} (is the environment variable set, for example ${variable}?)`);
  });
}

/** Creates the source of a checked option. A function has `timeoutMs` milliseconds. */
export function credentialSource(name: string, option: WebhookCredential, clock: Clock, timeoutMs: number): CredentialSource {
  if (typeof option !== 'function') {
    const list = typeof option === 'string' ? [option] : option;
    return () => list;
  }
  return async (request, bytes) => {
    const { url, method, headers } = request();
    const result = await within(clock, timeoutMs, () => option(new Request(url, { method, headers }), unverifiedDelivery(bytes)));
    if (result.type === 'late') throw new CallbackTimeoutError(`The ${name} function`, timeoutMs);
    const found: unknown = result.value;
    if (found === undefined || found === null) return [];
    const values: readonly unknown[] = Array.isArray(found) ? found : [found];
    return values.map((value) => {
      if (typeof value === 'string') return value;
      throw new InvalidArgumentError(owner, name, `must return a string or a list of strings, but returned ${describeValue(value)}`);
    });
  };
}

function unverifiedDelivery(bytes: Uint8Array | undefined): UnverifiedDelivery {
  let wabaIds: readonly (string | undefined)[] | undefined;
  return {
    get wabaIds() {
      return (wabaIds ??= bytes ? wabaIdsOf(bytes) : []);
    },
  };
}

/** The IDs that `route` receives later. */
function wabaIdsOf(bytes: Uint8Array): readonly (string | undefined)[] {
  try {
    return [...new Set(parseWebhook(parseJsonBody(new TextDecoder().decode(bytes))).map((event) => event.wabaId))];
  } catch {
    // Not JSON. A body with a valid signature then gets the status 400.
    return [];
  }
}
