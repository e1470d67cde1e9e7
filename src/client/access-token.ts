import { AbortedError } from '../errors/connection-errors.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { MissingCredentialsError } from '../errors/usage-errors.js';
import { systemClock } from '../runtime/clock.js';
import { joinKey } from '../runtime/keys.js';
import { within, type Within } from '../runtime/within.js';
import type { AccessTokenProvider, AccessTokenSource, RequestTarget } from './client.js';
import { credentialProblem } from './credentials.js';
import { redactError, redactor } from './redact.js';

/** A call that needs an access token. */
export interface TokenCall {
  readonly operation: string;
  /** Milliseconds to wait for the caller's function. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Finds the access token of a target. Simultaneous calls share one call of the caller's function. */
export interface AccessTokens {
  of(target: RequestTarget, call: TokenCall): Promise<string>;
  /**
   * Forgets `token` after Meta reported it as expired, unless a newer one is already stored. Returns whether a new
   * lookup makes sense.
   */
  expire(target: RequestTarget, token: string): boolean;
}

/** Maximum number of targets with cached tokens. The cache evicts the oldest entry first. */
const maxTargets = 10_000;

/**
 * Creates the token cache of one client.
 *
 * @param source - The `accessToken` option of `createClient`.
 * @throws `InvalidArgumentError` if the token is malformed.
 */
export function accessTokens(source: AccessTokenSource | undefined): AccessTokens {
  if (isProvider(source)) return providedTokens(source);
  if (typeof source !== 'function') {
    const problem = source === undefined ? undefined : credentialProblem(source);
    if (problem !== undefined) throw new InvalidArgumentError('createClient', 'accessToken', problem);
    return {
      of: (_target, { operation }) =>
        source === undefined ? Promise.reject(new MissingCredentialsError(operation, 'accessToken')) : Promise.resolve(source),
      expire: () => false,
    };
  }
  return cachedTokens(source);
}

function isProvider(source: AccessTokenSource | undefined): source is AccessTokenProvider {
  try {
    // Callers without TypeScript can pass null, or an object whose getters throw.
    return typeof source === 'object' && typeof Reflect.get(source, 'getToken') === 'function';
  } catch {
    return false;
  }
}

/** Tokens of a provider, which caches them itself. */
function providedTokens(provider: AccessTokenProvider): AccessTokens {
  return {
    of: (target, call) =>
      awaitToken(
        findToken((of) => provider.getToken(of), target),
        target,
        call,
      ),
    expire(target, token) {
      try {
        provider.expireToken?.(target, token);
      } catch {
        // The next attempt shows whether the provider has a different token.
      }
      return true;
    },
  };
}

/** Tokens of a function, which the client caches by target. */
function cachedTokens(source: (target: RequestTarget) => unknown): AccessTokens {
  interface Known {
    readonly promise: Promise<string>;
    token?: string;
  }
  const known = new Map<string, Known>();
  const keyOf = (target: RequestTarget): string => joinKey(target.wabaId, target.phoneNumberId);
  const forget = (key: string, entry: Known): void => {
    if (known.get(key) === entry) known.delete(key);
  };
  const ask = (target: RequestTarget, key: string): Known => {
    const entry: Known = { promise: findToken(source, target) };
    known.set(key, entry);
    entry.promise.then(
      (token) => {
        entry.token = token;
      },
      () => {
        forget(key, entry);
      },
    );
    if (known.size > maxTargets) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return entry;
  };
  return {
    async of(target, call) {
      const key = keyOf(target);
      const entry = known.get(key) ?? ask(target, key);
      if (entry.token !== undefined) return entry.token;
      return awaitToken(entry.promise, target, call, () => {
        // The function hangs. The next call runs it again.
        forget(key, entry);
      });
    },
    expire(target, token) {
      const key = keyOf(target);
      if (known.get(key)?.token === token) known.delete(key);
      return true;
    },
  };
}

/** Calls the caller's function, and checks its result. */
async function findToken(source: (target: RequestTarget) => unknown, target: RequestTarget): Promise<string> {
  // Errors of the function become rejections.
  const token: unknown = await Promise.resolve().then(() => source(target));
  const problem = credentialProblem(token);
  if (typeof token === 'string' && problem === undefined) return token;
  throw new UnusableToken(`a token for ${describeTarget(target)} that ${String(problem)}`);
}

/** @throws `MissingCredentialsError` if the caller's function fails or times out. */
async function awaitToken(
  promise: Promise<string>,
  target: RequestTarget,
  { operation, timeoutMs, signal }: TokenCall,
  onLate?: () => void,
): Promise<string> {
  const failure = (problem: string, cause?: unknown): MissingCredentialsError =>
    new MissingCredentialsError(
      operation,
      'accessToken',
      `the accessToken function ${problem}`,
      cause === undefined ? undefined : { cause },
    );
  let found: Within<string>;
  try {
    // Uses real time, like the request, because the caller's function waits for a database or a vault.
    found = await within(systemClock, timeoutMs, () => orAbort(promise, operation, signal));
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    if (error instanceof UnusableToken) throw failure(`returned ${error.message}`);
    throw failure(`failed for ${describeTarget(target)}`, redactError(error, redactor([])));
  }
  if (found.type === 'done') return found.value;
  onLate?.();
  throw failure(`returned no token for ${describeTarget(target)} within ${String(timeoutMs)} ms (timeoutMs)`);
}

/** The caller's function returned a value that isn't a token. */
class UnusableToken extends Error {}

function describeTarget({ wabaId, phoneNumberId }: RequestTarget): string {
  const parts = [wabaId && `WABA ${wabaId}`, phoneNumberId && `phone number ${phoneNumberId}`].filter(Boolean);
  return parts.length === 0 ? 'a call without WABA and phone number' : parts.join(', ');
}

/** Resolves with the promise, or rejects if the caller aborts first. Removes its listener. */
async function orAbort<Result>(promise: Promise<Result>, operation: string, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new AbortedError(`${operation} was aborted while waiting for its access token.`, 'not-sent', { cause: signal.reason }));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
