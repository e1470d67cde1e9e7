import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { checkOneOf, describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { StoreError } from '../../errors/store-error.js';
import type { JsonValue } from '../../runtime/json.js';
import { checkKey, checkLimit, checkTtl } from '../check-operation.js';
import { decode, encode } from '../entry-table.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from '../store.js';
import { evictionError, redisEvictions, type RedisEviction } from './eviction.js';
import { redisCommands, textOf, type IoredisClient, type NodeRedisClient } from './redis-client.js';
import { redisError } from './redis-error.js';
import { redisScripts } from './redis-scripts.js';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * Begins the name of everything that the store has in Redis; stores with different prefixes know nothing of each other.
   * A Redis Cluster needs a part of it in braces, which keeps the store on one node.
   * @defaultValue `{wa-coexist}:`
   */
  readonly prefix?: string | undefined;
  /**
   * What the store does if Redis removes keys when its memory is full (`maxmemory` with another `maxmemory-policy` than `noeviction`). `'reject'`:
   * every method rejects with a `StoreError` of reason `evicting`. Redis is asked with the first call.
   * @defaultValue `'reject'`
   */
  readonly eviction?: RedisEviction | undefined;
}

/** A listing ends a part with the entry that takes it past so many bytes: Redis serves nobody else while it makes one. */
const bytesPerCall = 8_388_608;
/** About 30,000 years: beyond it there is no end, which numbers would not tell to the millisecond. */
const longestTtlMs = 1e15;

/**
 * A store in Redis (5 or later) or Valkey, for any number of processes and machines. It works through a client of the caller's, made with
 * `ioredis` (5 or 6) or `redis` (5 or 6), and neither opens nor closes it.
 *
 * Every write, batches too, is one step of Redis (a script in Lua), and keys expire by the clock of Redis: the clocks of the processes need
 * not agree. A listing costs what it returns, however much else is stored; up to 1,000 entries and 8 MB are read at one moment, the rest of
 * a longer one in further parts. A write outlives a crash of Redis as far as Redis is set up for it: `appendonly yes` with
 * `appendfsync always` for every write that was acknowledged, with `everysec` for all but the last second or two; what is acknowledged by a
 * primary that fails may be missing on the replica that follows it. The store rejects calls if Redis has a
 * `maxmemory` and another `maxmemory-policy` than `noeviction`, because evicted entries are lost. Let the client read from the primary only. The store holds received messages: let nobody in who may not read them.
 *
 * When a connection breaks before the answer comes, a client may send the command again, as `ioredis` does by default. Redis knows each
 * write again for a day: it is applied once, and told as written. Where the client does not send it again, the method rejects with `unknown`.
 *
 * @throws `InvalidArgumentError` if the client is none of those. Methods reject with `StoreError`: `busy` while Redis starts, fails over or runs another
 * script, `unknown` if the connection was lost, `not-json` or `failed`.
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
  const { prefix: namespace = '{wa-coexist}:', eviction = 'reject' } = readOptions('redisStore', options, (copy) => copy);
  if (typeof namespace !== 'string')
    throw new InvalidArgumentError('redisStore', 'prefix', `must be a string, but is ${describeValue(namespace)}`);
  checkOneOf('redisStore', 'eviction', eviction, redisEvictions);
  const commands = redisCommands(client);
  const scripts = redisScripts();
  // Unlike that of every other process and of every other store.
  const writer = randomBytes(9).toString('base64url');
  const listNames: readonly string[] = [`${namespace}keys`, `${namespace}expiring`];
  const writeNames: readonly string[] = [...listNames, `${namespace}applied:${writer}`];
  const entryOf = (key: string): string => `${namespace}entry:${key}`;
  let lastVersion = 0;
  const newVersion = (): string => `${writer}.${(lastVersion += 1).toString(36)}`;
  let lastCall = 0;
  /** The numbers of the writes that have no answer yet, the oldest first. */
  const waiting = new Set<number>();

  let checking: Promise<void> | undefined;
  let isChecked = eviction === 'allow';
  /** Asks Redis one time whether it removes keys. If it can't be asked, the call itself reports that. */
  const check = async (): Promise<void> => {
    let info: string;
    try {
      info = textOf(await commands.run(scripts.memory, listNames, []));
    } catch (error) {
      // A refusal, for example by an access list: Redis doesn't report its settings.
      isChecked = error instanceof Error && /^(?:ERR|NOPERM|NOAUTH|WRONGPASS) /.test(error.message);
      checking = undefined;
      return;
    }
    const error = evictionError(info);
    // Asked again with the next call, so that a change of the setting is noticed.
    checking = undefined;
    if (error) throw error;
    isChecked = true;
  };
  const ready = (): Promise<void> => (checking ??= check());

  const write = async (operations: readonly EncodedOperation[]): Promise<boolean> => {
    if (!isChecked) await ready();
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
        // As the script has it; clients give nothing as null, and bytes if they were told to.
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

/** An operation as the script takes it. */
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

/** Whole milliseconds; `0` where the key is gone at once, and nothing where it stays. */
function ttlOf(ttlMs: number | undefined): string {
  checkTtl(ttlMs);
  if (ttlMs === undefined || ttlMs > longestTtlMs) return '';
  return ttlMs > 0 ? String(Math.ceil(ttlMs)) : '0';
}

function decoded(reply: unknown): StoreEntry {
  const stored = textOf(reply);
  const end = stored.indexOf('\n');
  let value: JsonValue;
  try {
    value = decode(stored.slice(end + 1));
  } catch {
    // The parser's own message repeats what it read.
    throw new StoreError('An entry under the prefix of the store was not written by it: give the store another prefix.', 'failed');
  }
  return { value, version: stored.slice(0, end) };
}

/** The first key of a listing, as Redis takes it: with `[` the key itself counts, with `(` those after it. */
function startOf(prefix: string, after: string | undefined): string {
  const isLater = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0;
  return isLater ? `(${after}` : `[${prefix}`;
}
