import { MissingCredentialsError } from '../errors/usage-errors.js';
import type { AccessTokenSource, Target } from './client.js';

/** Finds the token of a target, asking the caller's function once for many simultaneous calls. */
export interface AccessTokens {
  of(target: Target, operation: string): Promise<string>;
  /** Meta said that `token` is no longer good: forget it, unless a newer one is there already. Answers whether asking again makes sense. */
  expire(target: Target, token: string): boolean;
}

/** The most targets whose tokens are kept; the one asked for longest ago goes first. */
const mostTargets = 10_000;

export function accessTokens(source: AccessTokenSource | undefined): AccessTokens {
  if (typeof source !== 'function') {
    return {
      of: (_target, operation) =>
        source === undefined ? Promise.reject(new MissingCredentialsError(operation, 'accessToken')) : Promise.resolve(source),
      expire: () => false,
    };
  }
  interface Known {
    readonly promise: Promise<string>;
    token?: string;
  }
  const known = new Map<string, Known>();
  const keyOf = (target: Target): string => `${target.wabaId ?? ''}/${target.phoneNumberId ?? ''}`;
  const ask = (target: Target, key: string): Known => {
    const entry: Known = {
      promise: Promise.resolve().then(async () => {
        const token = await source(target);
        if (!token) throw new Error('The accessToken function returned no token. Store a token for this number or WABA.');
        return token;
      }),
    };
    known.set(key, entry);
    entry.promise.then(
      (token) => {
        entry.token = token;
      },
      () => {
        if (known.get(key) === entry) known.delete(key);
      },
    );
    if (known.size > mostTargets) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return entry;
  };
  return {
    async of(target, operation) {
      const key = keyOf(target);
      try {
        return await (known.get(key) ?? ask(target, key)).promise;
      } catch (cause) {
        throw new MissingCredentialsError(operation, 'accessToken', { cause });
      }
    },
    expire(target, token) {
      const key = keyOf(target);
      if (known.get(key)?.token === token) known.delete(key);
      return true;
    },
  };
}
