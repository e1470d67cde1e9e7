import { checkFunction, checkNumber, checkNumbers, checkObject, checkOneOf, checkPolicy, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { ClientOptions, GraphRequest, RequestOptions, RequestTarget } from './client.js';
import { credentialProblem } from './credentials.js';
import { operationOf } from './operation.js';
import { readParameters } from './parameters.js';
import { parseUrl } from '../runtime/parse-url.js';

const owner = 'createClient';

/** Limits the retries of one call. A higher number would hide an outage for hours. */
const retriesRule = { min: 0, max: 100 } as const;
const timeoutRule = { unit: 'ms' } as const;

/**
 * Checks the options of `createClient`, except `accessToken` and `baseUrl`.
 *
 * @throws `InvalidArgumentError` without the values.
 */
export function checkClientOptions(options: ClientOptions): void {
  checkObject(owner, 'options', options);
  checkTarget(owner, options);
  checkNumbers(owner, options, { timeoutMs: timeoutRule, maxRetries: retriesRule, maxResponseBytes: { unit: 'bytes' } });
  for (const name of ['appId', 'appSecret'] as const) {
    const problem = options[name] === undefined ? undefined : credentialProblem(options[name]);
    if (problem !== undefined) throw new InvalidArgumentError(owner, name, problem);
  }
  for (const name of ['fetch', 'instrument'] as const) checkFunction(owner, name, options[name]);
  for (const name of ['dispatcher', 'clock', 'logger'] as const) {
    if (options[name] !== undefined) checkObject(owner, name, options[name]);
  }
  checkPolicy(owner, options.policy);
  const { version, mediaHosts } = options;
  if (version !== undefined && !(typeof version === 'string' && /^v\d+\.\d+$/.test(version))) {
    throw new InvalidArgumentError(owner, 'version', "must be a version of the Graph API, such as 'v26.0'");
  }
  if (mediaHosts !== undefined && !(Array.isArray(mediaHosts) && mediaHosts.every((host) => typeof host === 'string'))) {
    throw new InvalidArgumentError(owner, 'mediaHosts', 'must be an array of host names');
  }
}

/**
 * Checks the IDs of a target, for callers without TypeScript.
 *
 * @throws `InvalidArgumentError`
 */
export function checkTarget(action: string, target: { readonly [Name in keyof RequestTarget]: RequestTarget[Name] | undefined }): void {
  checkObject(action, 'target', target);
  for (const name of ['phoneNumberId', 'wabaId'] as const) {
    const id: unknown = target[name];
    if (id === undefined || typeof id === 'string') continue;
    throw new InvalidArgumentError(action, name, `must be a string, but is ${describeValue(id)}`);
  }
}

/**
 * Reads the base URL of the Graph API and removes slashes at its end.
 *
 * @throws `InvalidArgumentError` unless it is an http or https URL without credentials, query and fragment. The error
 * never quotes the value, because it may contain a password.
 */
export function parseBaseUrl(baseUrl: string): string {
  const url = typeof baseUrl === 'string' ? parseUrl(baseUrl) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new InvalidArgumentError(owner, 'baseUrl', "must begin with http:// or https://, for example 'http://localhost:4004'");
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError(owner, 'baseUrl', 'must not contain a user name or a password: add the header in your own fetch');
  }
  if (/[?#]/.test(baseUrl)) throw new InvalidArgumentError(owner, 'baseUrl', 'must not contain a query or a fragment');
  return url.href.replace(/\/+$/, '');
}

/**
 * Copies and checks a request, so that later code doesn't read the caller's object again.
 *
 * @throws `InvalidArgumentError`
 */
export function checkRequest(request: GraphRequest, options: RequestOptions): GraphRequest {
  return readParameters('client.request', request, options, () => {
    const { method, path, scheme, host, auth } = request;
    if (!Array.isArray(path)) throw new InvalidArgumentError('client.request', 'path', 'must be an array of segments');
    const name = operationOf(request);
    checkOneOf(name, 'method', method, ['GET', 'POST', 'DELETE']);
    checkOneOf(name, 'scheme', scheme, ['Bearer', 'OAuth']);
    checkOneOf(name, 'host', host, ['api.facebook.com']);
    if (typeof auth === 'object') {
      const problem = credentialProblem(auth.token);
      if (problem !== undefined) throw new InvalidArgumentError(name, 'auth.token', problem);
    } else {
      checkOneOf(name, 'auth', auth, ['target', 'app', 'app-credentials']);
    }
    return { ...request, ...(request.query && { query: { ...request.query } }) };
  });
}

/**
 * Copies and checks the options of one call.
 *
 * @throws `InvalidArgumentError`
 */
export function checkRequestOptions(operation: string, options: RequestOptions): RequestOptions {
  return readParameters(operation, options, options, () => {
    const copy = { ...options };
    checkNumber(operation, 'timeoutMs', copy.timeoutMs, timeoutRule);
    checkNumber(operation, 'maxRetries', copy.maxRetries, retriesRule);
    const signal: unknown = copy.signal;
    if (signal !== undefined && !isSignal(signal)) {
      throw new InvalidArgumentError(operation, 'signal', `must be an AbortSignal, but is ${describeValue(signal)}`);
    }
    return copy;
  });
}

/** Also accepts signals of other realms, for example from a test environment. */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}
