import type { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';

/** What the store calls of a client of `ioredis` (5 or 6): of a `Redis` or a `Cluster`. */
export interface IoredisClient {
  /** `GET`. */
  get(key: string): Promise<unknown>;
  /** `EVAL`. */
  eval(script: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  /** `EVALSHA`. */
  evalsha(sha1: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
}

/** What the store calls of a client of `redis`, known as node-redis (5 or 6): of a client, a pool, a cluster or a sentinel. */
export interface NodeRedisClient {
  /** `GET`. */
  get(key: string): Promise<unknown>;
  /** `EVAL`. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** `EVALSHA`. */
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A script in Lua, which Redis runs as one step. */
export interface RedisScript {
  readonly source: string;
  /** The name by which Redis knows it once it has run. */
  readonly sha1: string;
}

/** The two commands of the store, whichever client they go through. */
export interface RedisCommands {
  get(key: string): Promise<unknown>;
  run(script: RedisScript, keys: readonly string[], values: readonly string[]): Promise<unknown>;
}

/** The text of a reply: clients hand out bytes if they were told to, and numbers as text. */
export function textOf(reply: unknown): string {
  // Nothing else is in the replies to the commands of the store.
  const text = reply as string | number | Buffer;
  return String(text);
}

/** The store's commands through a client of either kind. @throws `InvalidArgumentError` if it is a client of neither. */
export function redisCommands(client: IoredisClient | NodeRedisClient): RedisCommands {
  const call = scriptCalls(client);
  const sent = new Set<RedisScript>();
  return {
    get: (key) => client.get(key),
    async run(script, keys, values) {
      // The first call brings the source: those that follow on the same connection, even before its answer, find it there and keep their order.
      if (!sent.has(script)) {
        sent.add(script);
        return call.bySource(script.source, keys, values);
      }
      try {
        return await call.byName(script.sha1, keys, values);
      } catch (error) {
        // The server was started anew, or another one answers: nothing ran.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return call.bySource(script.source, keys, values);
      }
    },
  };
}

type ScriptCall = (script: string, keys: readonly string[], values: readonly string[]) => Promise<unknown>;

function scriptCalls(client: IoredisClient | NodeRedisClient): { readonly bySource: ScriptCall; readonly byName: ScriptCall } {
  // Callers without types may pass anything, as the address of a server.
  const methods = Object(client) as Partial<Record<string, unknown>>;
  if (typeof methods.evalSha === 'function') {
    // The method by which node-redis is told from ioredis is there.
    const nodeRedis = client as NodeRedisClient;
    return {
      bySource: (source, keys, values) => nodeRedis.eval(source, { keys: [...keys], arguments: [...values] }),
      byName: (sha1, keys, values) => nodeRedis.evalSha(sha1, { keys: [...keys], arguments: [...values] }),
    };
  }
  if (typeof methods.evalsha === 'function') {
    // The same method as ioredis writes it.
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
