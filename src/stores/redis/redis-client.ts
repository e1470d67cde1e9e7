import type { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';

/** The methods of an `ioredis` client (5 or 6) that the store uses: of a `Redis` or a `Cluster`. */
export interface IoredisClient {
  /** Sends `GET`. */
  get(key: string): Promise<unknown>;
  /** Sends `EVAL`. */
  eval(script: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  /** Sends `EVALSHA`. */
  evalsha(sha1: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
}

/**
 * The methods of a `redis` client (node-redis 5 or 6) that the store uses: of a client, a pool, a cluster or a
 * sentinel.
 */
export interface NodeRedisClient {
  /** Sends `GET`. */
  get(key: string): Promise<unknown>;
  /** Sends `EVAL`. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Sends `EVALSHA`. */
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A Lua script, which Redis runs atomically. */
export interface RedisScript {
  readonly source: string;
  /** The SHA-1 of the script. Redis knows the script by it after the first run. */
  readonly sha1: string;
}

/** The two commands of the store, for either client. */
export interface RedisCommands {
  get(key: string): Promise<unknown>;
  run(script: RedisScript, keys: readonly string[], values: readonly string[]): Promise<unknown>;
}

/**
 * Returns the text of a reply. Clients may return bytes, and return numbers as text.
 *
 * @param reply - The reply of a client.
 */
export function textOf(reply: unknown): string {
  // The store's commands have no other replies.
  const text = reply as string | number | Buffer;
  return String(text);
}

/**
 * Creates the store's commands for either client.
 *
 * @param client - The client.
 * @throws `InvalidArgumentError` if it isn't a supported client
 */
export function redisCommands(client: IoredisClient | NodeRedisClient): RedisCommands {
  const call = scriptCalls(client);
  const sent = new Set<RedisScript>();
  return {
    get: (key) => client.get(key),
    async run(script, keys, values) {
      // The first call sends the source. Later calls on the same connection find the script, even before the response,
      // and stay in order.
      if (!sent.has(script)) {
        sent.add(script);
        return call.bySource(script.source, keys, values);
      }
      try {
        return await call.byName(script.sha1, keys, values);
      } catch (error) {
        // The server was restarted, or another server responded. The script didn't run.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return call.bySource(script.source, keys, values);
      }
    },
  };
}

type ScriptCall = (script: string, keys: readonly string[], values: readonly string[]) => Promise<unknown>;

function scriptCalls(client: IoredisClient | NodeRedisClient): { readonly bySource: ScriptCall; readonly byName: ScriptCall } {
  // Callers without TypeScript may pass other values, for example the address of a server.
  const methods = Object(client) as Partial<Record<string, unknown>>;
  if (typeof methods.evalSha === 'function') {
    // This method identifies node-redis.
    const nodeRedis = client as NodeRedisClient;
    return {
      bySource: (source, keys, values) => nodeRedis.eval(source, { keys: [...keys], arguments: [...values] }),
      byName: (sha1, keys, values) => nodeRedis.evalSha(sha1, { keys: [...keys], arguments: [...values] }),
    };
  }
  if (typeof methods.evalsha === 'function') {
    // This method identifies ioredis.
    const ioredis = client as IoredisClient;
    return {
      bySource: (source, keys, values) => ioredis.eval(source, keys.length, [...keys, ...values]),
      byName: (sha1, keys, values) => ioredis.evalsha(sha1, keys.length, [...keys, ...values]),
    };
  }
  throw new InvalidArgumentError(
    'redisStore',
    'client',
    'must be a client of ioredis or of redis (node-redis), as new Redis(url) or createClient({ url })',
  );
}
