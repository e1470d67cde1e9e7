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
import { expirySweep, type ExpirySweep, type SweepStep } from '../expiry-sweep.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from '../store.js';
import { evictionError, redisEvictions, type RedisEviction } from './eviction.js';
import { redisCommands, textOf, type IoredisClient, type NodeRedisClient, type RedisCommands } from './redis-client.js';
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
  const { prefix = '{wa-coexist}:', eviction = 'reject', clock: given } = readOptions('redisStore', options, (copy) => copy);
  if (typeof prefix !== 'string') {
    throw new InvalidArgumentError('redisStore', 'prefix', `must be a string, but is ${describeValue(prefix)}`);
  }
  checkOneOf('redisStore', 'eviction', eviction, redisEvictions);
  const clock = given === undefined ? systemClock : resolveClock(given, resolveLogger(undefined));
  const redis = new RedisEntries(redisCommands(client), prefix, eviction, clock);

  return {
    async get(key) {
      checkKey('key', key);
      return redis.get(key);
    },
    set: (key, value, setOptions) => redis.writeIf({ ...setOptions, type: 'set', key, value }),
    setIfAbsent: (key, value, setOptions) => redis.writeIf({ ...setOptions, type: 'setIfAbsent', key, value }),
    async delete(key, { ifVersion } = {}) {
      checkKey('key', key);
      return redis.write([{ key, condition: ifVersion === undefined ? 'present' : versionCondition(ifVersion), ttl: '', stored: '' }]);
    },
    async list(listPrefix, { after, limit }) {
      checkKey('prefix', listPrefix);
      if (after !== undefined) checkKey('after', after);
      checkLimit(limit);
      return redis.list(listPrefix, after, Math.floor(limit));
    },
    async batch(operations) {
      const versions = operations.map(({ type }) => (type === 'delete' ? undefined : redis.newVersion()));
      const all = operations.map((operation, index) => encoded(operation, versions[index] ?? ''));
      return (all.length === 0 || (await redis.write(all))) && versions;
    },
  };
}

/** The entries under one prefix. */
class RedisEntries {
  readonly #commands: RedisCommands;
  readonly #scripts = redisScripts();
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #sweep: ExpirySweep;
  /** Unique across all processes and stores. */
  readonly #writer = randomBytes(9).toString('base64url');
  readonly #listNames: readonly string[];
  readonly #writeNames: readonly string[];
  /** The numbers of the pending writes, oldest first. */
  readonly #waiting = new Set<number>();
  #lastVersion = 0;
  #lastCall = 0;
  #isSweeping = false;
  #isChecked: boolean;
  #checking: Promise<void> | undefined;

  constructor(commands: RedisCommands, prefix: string, eviction: RedisEviction, clock: Clock) {
    this.#commands = commands;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#sweep = expirySweep({ clock, removeExpired: () => this.#removeExpired() });
    this.#listNames = [`${prefix}keys`, `${prefix}expiring`];
    this.#writeNames = [...this.#listNames, `${prefix}applied:${this.#writer}`];
    this.#isChecked = eviction === 'allow';
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    const stored = await this.#read(() => this.#commands.get(this.#entryName(key)));
    return stored === null || stored === undefined ? undefined : decoded(stored);
  }

  async list(prefix: string, after: string | undefined, limit: number): Promise<readonly ListedEntry[]> {
    const found: ListedEntry[] = [];
    let from: string | undefined = startOf(prefix, after);
    while (from !== undefined && found.length < limit) {
      const wanted = Math.min(limit - found.length, Number.MAX_SAFE_INTEGER);
      const values = [from, prefix, String(wanted), String(bytesPerCall)];
      const reply = await this.#read(() => this.#commands.run(this.#scripts.list, this.#listNames, values));
      // The reply of the script. Clients convert false to null, and may return bytes.
      const [next, page] = reply as [unknown, readonly unknown[]];
      for (let index = 0; index < page.length; index += 2) found.push({ key: textOf(page[index]), ...decoded(page[index + 1]) });
      from = next === null || next === undefined ? undefined : textOf(next);
    }
    return found;
  }

  /** Applies all operations, or none if a condition fails. */
  async write(operations: readonly EncodedOperation[]): Promise<boolean> {
    if (!this.#isChecked) await (this.#checking ??= this.#check());
    this.#startSweep();
    for (const { ttl } of operations) if (ttl !== '') this.#sweep.expiresAt(this.#clock.now() + Number(ttl));
    const call = (this.#lastCall += 1);
    this.#waiting.add(call);
    const [oldest = call] = this.#waiting;
    const names = [...this.#writeNames, ...operations.map(({ key }) => this.#entryName(key))];
    const values = operations.flatMap(({ condition, ttl, stored }) => [condition, ttl, stored]);
    try {
      return textOf(await this.#commands.run(this.#scripts.write, names, [String(call), String(oldest), ...values])) === '1';
    } catch (error) {
      throw redisError(error, 'write');
    } finally {
      this.#waiting.delete(call);
    }
  }

  async writeIf(operation: Exclude<StoreOperation, { type: 'delete' }>): Promise<WriteResult> {
    const version = this.newVersion();
    return (await this.write([encoded(operation, version)])) ? { written: true, version } : { written: false };
  }

  newVersion(): string {
    return `${this.#writer}.${(this.#lastVersion += 1).toString(36)}`;
  }

  #entryName(key: string): string {
    return `${this.#prefix}entry:${key}`;
  }

  async #read<Result>(command: () => Promise<Result>): Promise<Result> {
    if (!this.#isChecked) await (this.#checking ??= this.#check());
    this.#startSweep();
    try {
      return await command();
    } catch (error) {
      throw redisError(error, 'read');
    }
  }

  /** Starts with the first call, because another process may have left expired keys. */
  #startSweep(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#sweep.expiresAt(this.#clock.now());
  }

  /** Checks once whether Redis evicts keys. If the check fails, the call itself reports the error. */
  async #check(): Promise<void> {
    let info: string;
    try {
      info = textOf(await this.#commands.run(this.#scripts.memory, this.#listNames, []));
    } catch (error) {
      // Redis rejected the command, for example because of an access list, so its settings are unknown.
      this.#isChecked = error instanceof Error && /^(?:ERR|NOPERM|NOAUTH|WRONGPASS) /.test(error.message);
      this.#checking = undefined;
      return;
    }
    const error = evictionError(info);
    // Checked again with the next call, to detect a changed setting.
    this.#checking = undefined;
    if (error) throw error;
    this.#isChecked = true;
  }

  async #removeExpired(): Promise<SweepStep> {
    try {
      const next = await this.#commands.run(this.#scripts.sweep, this.#listNames, []);
      if (next === null || next === undefined) return undefined;
      return textOf(next) === 'more' ? 'more' : this.#clock.now() + Number(textOf(next));
    } catch {
      // The connection may be closed permanently. The next write with an expiry starts the sweep again.
      return undefined;
    }
  }
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
