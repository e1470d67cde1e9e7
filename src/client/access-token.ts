import { AbortedError } from '../errors/connection-errors.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { MissingCredentialsError } from '../errors/usage-errors.js';
import { systemClock } from '../runtime/clock.js';
import { joinKey } from '../runtime/keys.js';
import { within } from '../runtime/within.js';
import type { AccessTokenSource, RequestTarget } from './client.js';
import { credentialProblem } from './credentials.js';
import { redactError, redactor } from './redact.js';

/** The call that needs a token. */
export interface TokenCall {
  readonly operation: string;
  /** Milliseconds that it waits for the caller's function. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Finds the token of a target, asking the caller's function once for many simultaneous calls. */
export interface AccessTokens {
  of(target: RequestTarget, call: TokenCall): Promise<string>;
  /** Meta said that `token` is no longer good: forget it, unless a newer one is there already. Answers whether asking again makes sense. */
  expire(target: RequestTarget, token: string): boolean;
}

/** The most targets whose tokens are kept; the one asked for longest ago goes first. */
const mostTargets = 10_000;

/** @throws `InvalidArgumentError` for a token that can't be one. */
export function accessTokens(source: AccessTokenSource | undefined): AccessTokens {
  if (typeof source !== 'function') {
    const problem = source === undefined ? undefined : credentialProblem(source);
    if (problem !== undefined) throw new InvalidArgumentError('createClient', 'accessToken', problem);
    return {
      of: (_target, { operation }) =>
        source === undefined ? Promise.reject(new MissingCredentialsError(operation, 'accessToken')) : Promise.resolve(source),
      expire: () => false,
    };
  }
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
    const entry: Known = {
      promise: Promise.resolve().then(async () => {
        const token: unknown = await source(target);
        const problem = credentialProblem(token);
        if (typeof token === 'string' && problem === undefined) return token;
        throw new UnusableToken(`a token for ${describeTarget(target)} that ${String(problem)}`);
      }),
    };
    known.set(key, entry);
    entry.promise.then(
      (token) => {
        entry.token = token;
      },
      () => {
        forget(key, entry);
      },
    );
    if (known.size > mostTargets) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return entry;
  };
  return {
    async of(target, { operation, timeoutMs, signal }) {
      const key = keyOf(target);
      const entry = known.get(key) ?? ask(target, key);
      if (entry.token !== undefined) return entry.token;
      // Real time, as for the request itself: the caller's function waits for a database or a vault.
      let found;
      try {
        found = await within(systemClock, timeoutMs, () => orAbort(entry.promise, operation, signal));
      } catch (error) {
        if (error instanceof AbortedError) throw error;
        const problem = error instanceof UnusableToken ? `returned ${error.message}` : `failed for ${describeTarget(target)}`;
        const cause = error instanceof UnusableToken ? undefined : redactError(error, redactor([]));
        throw new MissingCredentialsError(operation, 'accessToken', `the accessToken function ${problem}`, cause && { cause });
      }
      if (found.type === 'done') return found.value;
      // A function that hangs is asked again by the next call.
      forget(key, entry);
      const problem = `the accessToken function returned nothing for ${describeTarget(target)} within ${String(timeoutMs)} ms (timeoutMs)`;
      throw new MissingCredentialsError(operation, 'accessToken', problem);
    },
    expire(target, token) {
      const key = keyOf(target);
      if (known.get(key)?.token === token) known.delete(key);
      return true;
    },
  };
}

/** The caller's function returned something that is no token. */
class UnusableToken extends Error {}

function describeTarget({ wabaId, phoneNumberId }: RequestTarget): string {
  const parts = [wabaId && `WABA ${wabaId}`, phoneNumberId && `phone number ${phoneNumberId}`].filter(Boolean);
  return parts.length === 0 ? 'a call without WABA and phone number' : parts.join(', ');
}

/** The promise, or the caller's abort if that is earlier. Leaves no listener behind. */
async function orAbort<Result>(promise: Promise<Result>, operation: string, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new AbortedError(`${operation} was aborted while it waited for its access token.`, 'not-sent', { cause: signal.reason }));
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
