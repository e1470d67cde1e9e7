import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { checkOneOf, describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { StoreError } from '../../errors/store-error.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import type { JsonValue } from '../../runtime/json.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { checkKey, checkLimit, checkTtl } from '../check-operation.js';
import { decode, encode } from '../entry-table.js';
import { expirySweep, type SweepStep } from '../expiry-sweep.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from '../store.js';
import { evictionError, redisEvictions, type RedisEviction } from './eviction.js';
import { redisCommands, textOf, type IoredisClient, type NodeRedisClient } from './redis-client.js';
import { redisError } from './redis-error.js';
import { redisScripts } from './redis-scripts.js';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * The prefix of all names in Redis. Stores with different prefixes are independent. A Redis Cluster needs a part of
   * the prefix in braces, which puts the store on one node.
   * @defaultValue `{wa-coexist}:`
   */
  readonly prefix?: string | undefined;
  /**
   * The behavior if Redis evicts keys when its memory is full (`maxmemory` is set, and `maxmemory-policy` isn't
   * `noeviction`). `'reject'`: all methods reject with a `StoreError` with reason `evicting`. The store checks the
   * setting with the first call.
   * @defaultValue `'reject'`
   */
  readonly eviction?: RedisEviction | undefined;
  /**
   * Decides when the names of expired keys are removed in the background. Keys expire by the clock of Redis.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
}

/** Size after which a list reads the next part. Redis serves no other client while it reads one part. */
const bytesPerCall = 8_388_608;
/** About 30,000 years. Longer times count as unlimited because numbers can't represent them to the millisecond. */
const maxTtlMs = 1e15;

/**
 * Creates a store in Redis (5 or later) or Valkey, for any number of processes and machines. It uses your `ioredis` (5
 * or 6) or `redis` (5 or 6) client and doesn't open or close it.
 *
 * - **Atomicity.** Each write and each batch is one Lua script. Keys expire by the clock of Redis, so the clocks of
 *   your processes don't have to agree.
 * - **Expiry.** Redis removes expired entries. The store removes their names from its index in the background. The
 *   timer doesn't keep the process alive.
 * - **Lists.** A list costs only the entries that it returns. Redis reads up to 1,000 entries and 8 MB at once. Longer
 *   lists are read in parts.
 * - **Durability.** It depends on the settings of Redis. With `appendonly yes` and `appendfsync always`, all
 *   acknowledged writes survive a crash. With `everysec`, the last one or two seconds may be lost. After a failover,
 *   writes that the failed primary acknowledged may be missing.
 * - **Eviction.** The store rejects calls if Redis has a `maxmemory` and a `maxmemory-policy` other than `noeviction`,
 *   because evicted entries are lost.
 * - **Access.** The client must read from the primary only. The store contains received messages, so restrict access to
 *   it.
 *
 * If a connection breaks before the response, a client may resend the command, as `ioredis` does by default. Redis
 * remembers each write for a day. It applies the write once and reports it as written. If the client doesn't resend the
 * command, the method rejects with `unknown`.
 *
 * @param client - Your client.
 * @param options - The prefix and the eviction setting. See {@link RedisStoreOptions}.
 * @throws `InvalidArgumentError` if the client isn't supported. Methods reject with a `StoreError`: `busy` while Redis
 *   starts, fails over or runs another script, `unknown` if the connection was lost, `evicting`, `not-json` or
 *   `failed`.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { redisStore } from 'wa-coexist/redis';
 *
 * const redis = new Redis('redis://localhost:6379');
 * const store = redisStore(redis, { prefix: '{shop}:' });
 * await store.setIfAbsent('seen/wamid.1', true, { ttlMs: 8 * 86_400_000 });
 * await redis.quit();
 * ```
 */
export function redisStore(client: IoredisClient | NodeRedisClient, options: RedisStoreOptions = {}): Store {
  const { prefix: namespace = '{wa-coexist}:', eviction = 'reject', clock: given } = readOptions('redisStore', options, (copy) => copy);
  if (typeof namespace !== 'string')
    throw new InvalidArgumentError('redisStore', 'prefix', `must be a string, but is ${describeValue(namespace)}`);
  checkOneOf('redisStore', 'eviction', eviction, redisEvictions);
  const clock = given === undefined ? systemClock : resolveClock(given, resolveLogger(undefined));
  const commands = redisCommands(client);
  const scripts = redisScripts();
  // Unique across all processes and stores.
  const writer = randomBytes(9).toString('base64url');
  const listNames: readonly string[] = [`${namespace}keys`, `${namespace}expiring`];
  const writeNames: readonly string[] = [...listNames, `${namespace}applied:${writer}`];
  const entryOf = (key: string): string => `${namespace}entry:${key}`;
  let lastVersion = 0;
  const newVersion = (): string => `${writer}.${(lastVersion += 1).toString(36)}`;
  let lastCall = 0;
  /** The numbers of the pending writes, oldest first. */
  const waiting = new Set<number>();

  let checking: Promise<void> | undefined;
  let isChecked = eviction === 'allow';
  /** Checks once whether Redis evicts keys. If the check fails, the call itself reports the error. */
  const check = async (): Promise<void> => {
    let info: string;
    try {
      info = textOf(await commands.run(scripts.memory, listNames, []));
    } catch (error) {
      // Redis rejected the command, for example because of an access list, so its settings are unknown.
      isChecked = error instanceof Error && /^(?:ERR|NOPERM|NOAUTH|WRONGPASS) /.test(error.message);
      checking = undefined;
      return;
    }
    const error = evictionError(info);
    // Checked again with the next call, to detect a changed setting.
    checking = undefined;
    if (error) throw error;
    isChecked = true;
  };
  const ready = (): Promise<void> => (checking ??= check());
  const removeExpired = async (): Promise<SweepStep> => {
    try {
      const next = await commands.run(scripts.sweep, listNames, []);
      if (next === null || next === undefined) return undefined;
      return textOf(next) === 'more' ? 'more' : clock.now() + Number(textOf(next));
    } catch {
      // The connection may be closed permanently. The next write with an expiry starts the sweep again.
      return undefined;
    }
  };
  const sweep = expirySweep({ clock, removeExpired });
  let isSweeping = false;
  /** Starts with the first call, because another process may have left expired keys. */
  const startSweep = (): void => {
    if (isSweeping) return;
    isSweeping = true;
    sweep.expiresAt(clock.now());
  };

  const write = async (operations: readonly EncodedOperation[]): Promise<boolean> => {
    if (!isChecked) await ready();
    startSweep();
    for (const { ttl } of operations) if (ttl !== '') sweep.expiresAt(clock.now() + Number(ttl));
    const call = (lastCall += 1);
    waiting.add(call);
    const [oldest = call] = waiting;
    const entries = operations.map(({ key }) => entryOf(key));
    const values = operations.flatMap(({ condition, ttl, stored }) => [condition, ttl, stored]);
    try {
      return textOf(await commands.run(scripts.write, [...writeNames, ...entries], [String(call), String(oldest), ...values])) === '1';
    } catch (error) {
      throw redisError(error, 'write');
    } finally {
      waiting.delete(call);
    }
  };
  const writeIf = async (operation: Exclude<StoreOperation, { type: 'delete' }>): Promise<WriteResult> => {
    const version = newVersion();
    return (await write([encoded(operation, version)])) ? { written: true, version } : { written: false };
  };
  const read = async <Result>(command: () => Promise<Result>): Promise<Result> => {
    if (!isChecked) await ready();
    startSweep();
    try {
      return await command();
    } catch (error) {
      throw redisError(error, 'read');
    }
  };

  return {
    async get(key) {
      checkKey('key', key);
      const stored = await read(() => commands.get(entryOf(key)));
      return stored === null || stored === undefined ? undefined : decoded(stored);
    },
    set: (key, value, setOptions) => writeIf({ ...setOptions, type: 'set', key, value }),
    setIfAbsent: (key, value, setOptions) => writeIf({ ...setOptions, type: 'setIfAbsent', key, value }),
    async delete(key, { ifVersion } = {}) {
      checkKey('key', key);
      return write([{ key, condition: ifVersion === undefined ? 'present' : versionCondition(ifVersion), ttl: '', stored: '' }]);
    },
    async list(prefix, { after, limit }) {
      checkKey('prefix', prefix);
      if (after !== undefined) checkKey('after', after);
      checkLimit(limit);
      const found: ListedEntry[] = [];
      let from: string | undefined = startOf(prefix, after);
      while (from !== undefined && found.length < Math.floor(limit)) {
        const wanted = Math.min(Math.floor(limit) - found.length, Number.MAX_SAFE_INTEGER);
        const values = [from, prefix, String(wanted), String(bytesPerCall)];
        // The reply of the script. Clients convert false to null, and may return bytes.
        const [next, page] = (await read(() => commands.run(scripts.list, listNames, values))) as [unknown, readonly unknown[]];
        for (let index = 0; index < page.length; index += 2) found.push({ key: textOf(page[index]), ...decoded(page[index + 1]) });
        from = next === null || next === undefined ? undefined : textOf(next);
      }
      return found;
    },
    async batch(operations) {
      const versions = operations.map(({ type }) => (type === 'delete' ? undefined : newVersion()));
      const all = operations.map((operation, index) => encoded(operation, versions[index] ?? ''));
      return (all.length === 0 || (await write(all))) && versions;
    },
  };
}

/** An operation in the format of the script. */
interface EncodedOperation {
  readonly key: string;
  readonly condition: string;
  readonly ttl: string;
  readonly stored: string;
}

function encoded(operation: StoreOperation, version: string): EncodedOperation {
  const { key } = operation;
  checkKey('key', key);
  const condition =
    operation.type === 'setIfAbsent' ? 'absent' : operation.ifVersion === undefined ? '' : versionCondition(operation.ifVersion);
  if (operation.type === 'delete') return { key, condition, ttl: '', stored: '' };
  return { key, condition, ttl: ttlOf(operation.ttlMs), stored: `${version}\n${encode(operation.value)}` };
}

function versionCondition(version: string): string {
  return `${version}\n`;
}

/** Returns whole milliseconds. `0` removes the key immediately, and an empty string means no expiry. */
function ttlOf(ttlMs: number | undefined): string {
  checkTtl(ttlMs);
  if (ttlMs === undefined || ttlMs > maxTtlMs) return '';
  return ttlMs > 0 ? String(Math.ceil(ttlMs)) : '0';
}

function decoded(reply: unknown): StoreEntry {
  const stored = textOf(reply);
  const end = stored.indexOf('\n');
  let value: JsonValue;
  try {
    value = decode(stored.slice(end + 1));
  } catch {
    // The parser's own message contains the text.
    throw new StoreError('Another program wrote an entry under the prefix of the store. Use another prefix.', 'failed');
  }
  return { value, version: stored.slice(0, end) };
}

/** Returns the start of a list in the format of Redis: `[` includes the key, and `(` excludes it. */
function startOf(prefix: string, after: string | undefined): string {
  const isLater = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0;
  return isLater ? `(${after}` : `[${prefix}`;
}
