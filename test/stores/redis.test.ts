import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import fc from '../fast-check.js';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { InvalidArgumentError } from '../../src/errors/invalid-argument-error.js';
import type { JsonValue } from '../../src/runtime/json.js';
import { memoryStore } from '../../src/stores/memory.js';
import { redisStore, type IoredisClient, type NodeRedisClient } from '../../src/stores/redis/index.js';
import { updateEntry } from '../../src/stores/records.js';
import type { Store, StoreOperation } from '../../src/stores/store.js';
import { fakeClock } from '../../src/testing/fake-clock.js';
import { storeContract } from '../../src/testing/node/store-contract.js';
import { redisInstalled, redisThere, startRedis, type RedisServer } from './redis/server.js';
import { virtualTime } from './redis/virtual-time.js';

if (!redisThere) console.log('Left out: the tests of redisStore, because there is neither a redis-server on the PATH nor a REDIS_URL.');
else if (!redisInstalled) console.log('Left out: those tests of redisStore that start a redis-server, because there is none on the PATH.');

const long = Boolean(process.env.WA_COEXIST_LONG);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const containing = (text: string): unknown => expect.stringContaining(text);
const digits = (n: number): string => String(n).padStart(6, '0');

type ClientOptions = Omit<RedisOptions, 'replyMapping'>;
const clients = new Set<{ disconnect(): void }>();
/** Returns a client that is closed at the end of the file. */
function connected(url: string, options: ClientOptions = {}): Redis {
  const client = new Redis(url, { retryStrategy: () => 5, ...options });
  client.on('error', () => undefined);
  clients.add(client);
  return client;
}

let shared: RedisServer | undefined;
let url = process.env.REDIS_URL ?? '';
let redis: Redis;
let nodeRedis: NodeRedisClient;
beforeAll(async () => {
  if (!redisThere) return;
  if (redisInstalled) {
    shared = await startRedis();
    url = shared.url;
  }
  redis = connected(url);
  const client = await createClient({ url }).connect();
  clients.add({
    disconnect: () => {
      client.destroy();
    },
  });
  nodeRedis = client;
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await shared?.stop();
});

const testPrefix = `wa-coexist-test-${String(process.pid)}-${String(Date.now())}`;
let prefixes = 0;
const newPrefix = (): string => `${testPrefix}-${String((prefixes += 1))}:`;
afterEach(async () => {
  if (!redisThere) return;
  const names = await redis.keys(`*${testPrefix}*`);
  while (names.length > 0) await redis.unlink(names.splice(0, 1_000));
});

/** Passes each call to the next of several stores over the same data. */
function inTurn(stores: readonly Store[]): Store {
  let calls = 0;
  const next = (): Store => stores[(calls += 1) % stores.length]!;
  return {
    get: (...args) => next().get(...args),
    set: (...args) => next().set(...args),
    setIfAbsent: (...args) => next().setIfAbsent(...args),
    delete: (...args) => next().delete(...args),
    list: (...args) => next().list(...args),
    batch: (...args) => next().batch(...args),
  };
}

/** A node-redis client that returns bytes. */
function asBytes(client: Redis): NodeRedisClient {
  return {
    get: (key) => client.getBuffer(key),
    eval: (script, { keys, arguments: values }) => client.callBuffer('EVAL', script, keys.length, ...keys, ...values),
    evalSha: (sha1, { keys, arguments: values }) => client.callBuffer('EVALSHA', sha1, keys.length, ...keys, ...values),
  };
}

describe.skipIf(!redisThere)('the contract', () => {
  const clock = { advance: (durationMs: number) => virtualTime(redis, testPrefix).advance(durationMs) };
  const contract = (name: string, createStore: () => Store): void => {
    describe(name, () => {
      const cases = storeContract({ createStore: () => virtualTime(redis, testPrefix).of(createStore()), clock });
      for (const { name, run } of cases) test(name, run);
    });
  };
  contract('a store over ioredis', () => redisStore(redis, { prefix: newPrefix() }));
  contract('a store over node-redis', () => redisStore(nodeRedis, { prefix: newPrefix() }));
  contract('a store over a client that hands out bytes', () => redisStore(asBytes(redis), { prefix: newPrefix() }));
  contract('a store over RESP3', () => redisStore(connected(url, { protocol: 3 }), { prefix: newPrefix() }));
  contract('three connections to one store', () => {
    const prefix = newPrefix();
    return inTurn([redis, connected(url), connected(url, { enableAutoPipelining: true })].map((client) => redisStore(client, { prefix })));
  });
});

describe.skipIf(!redisThere)('redisStore and memoryStore', () => {
  /** Few keys, so that steps collide. */
  const keys = fc.constantFrom('', 'a', 'a/', 'a/b', 'é', '\ufffd', '😀', 'a\u0000', '\n', 'a\\*');
  const ttls = fc.option(fc.nat(50), { nil: undefined });
  const values = fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>;
  /** An earlier version, by its age. */
  const versions = fc.option(fc.nat(9), { nil: undefined });
  const operation = fc.record({
    type: fc.constantFrom('set', 'setIfAbsent', 'delete'),
    key: keys,
    value: values,
    ttlMs: ttls,
    ago: versions,
  });
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ step: fc.constant('write' as const), operation }) },
      { weight: 2, arbitrary: fc.record({ step: fc.constant('batch' as const), operations: fc.array(operation, { maxLength: 4 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          step: fc.constant('list' as const),
          prefix: keys,
          after: fc.option(keys, { nil: undefined }),
          limit: fc.nat(5),
        }),
      },
      { weight: 1, arbitrary: fc.record({ step: fc.constant('pass' as const), durationMs: fc.nat(60) }) },
    ),
    { maxLength: 40 },
  );

  test('return the same results for random operations', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const prefix = newPrefix();
        const time = virtualTime(redis, prefix);
        const clock = fakeClock();
        const stores = [memoryStore({ clock }), time.of(redisStore(redis, { prefix }))] as const;
        /** The versions that each of the two stores returned, in the same order. */
        const given = [[] as string[], [] as string[]] as const;
        const both = async <Result>(ask: (store: Store, which: 0 | 1) => Promise<Result>): Promise<[Result, Result]> => [
          await ask(stores[0], 0),
          await ask(stores[1], 1),
        ];
        const operationFor = (
          { type, key, value, ttlMs, ago }: (typeof all)[number] extends infer S ? (S extends { operation: infer O } ? O : never) : never,
          which: 0 | 1,
        ): StoreOperation => {
          const condition = ago === undefined ? {} : { ifVersion: given[which].at(-ago - 1) ?? 'never given' };
          const life = ttlMs === undefined ? {} : { ttlMs };
          if (type === 'delete') return { type, key, ...condition };
          return type === 'set' ? { type, key, value, ...life, ...condition } : { type: 'setIfAbsent', key, value, ...life };
        };
        const remember = async (key: string): Promise<void> => {
          const [left, right] = await both((store) => store.get(key));
          expect(right?.value).toEqual(left?.value);
          if (left && right) [left, right].forEach(({ version }, which) => given[which]?.push(version));
        };
        for (const one of all) {
          if (one.step === 'write') {
            const [left, right] = await both(async (store, which) => {
              const asked = operationFor(one.operation, which);
              if (asked.type === 'set') return (await store.set(asked.key, asked.value, asked)).written;
              if (asked.type === 'setIfAbsent') return (await store.setIfAbsent(asked.key, asked.value, asked)).written;
              return store.delete(asked.key, asked);
            });
            expect(right).toBe(left);
            await remember(one.operation.key);
          } else if (one.step === 'batch') {
            // Each store has its own versions, but both return the same results for the same operations.
            const [left, right] = await both(async (store, which) => {
              const written = await store.batch(one.operations.map((asked) => operationFor(asked, which)));
              return written && written.map((version) => typeof version);
            });
            expect(right).toEqual(left);
            for (const { key } of one.operations) await remember(key);
          } else if (one.step === 'list') {
            const options = { limit: one.limit, ...(one.after !== undefined && { after: one.after }) };
            const [left, right] = await both(async (store) =>
              (await store.list(one.prefix, options)).map(({ key, value }) => ({ key, value })),
            );
            expect(right).toEqual(left);
          } else {
            await clock.advance(one.durationMs);
            await time.advance(one.durationMs);
          }
        }
        // Checked before a list removes them: no removed keys, and only expired keys that are known to expire.
        const entries = (await redis.keys(`${prefix}entry:*`)).map((name) => name.slice(`${prefix}entry:`.length));
        const mortal = new Set(await redis.zrange(`${prefix}expiring`, '0', '-1'));
        const listed = await redis.zrange(`${prefix}keys`, '0', '-1');
        expect(listed.filter((key) => !mortal.has(key) && !entries.includes(key))).toEqual([]);
        expect([...mortal].filter((key) => !listed.includes(key))).toEqual([]);
        for (const key of entries) expect(mortal.has(key), key).toBe((await redis.pttl(`${prefix}entry:${key}`)) > 0);
        const [left, right] = await both(async (store) =>
          (await store.list('', { limit: 1_000 })).map(({ key, value }) => ({ key, value })),
        );
        expect(right).toEqual(left);
      }),
      { numRuns: long ? 3_000 : 400 },
    );
  });
});

describe.skipIf(!redisThere)('redisStore', () => {
  test('leaves the client open, and has nothing to close', async () => {
    const store = redisStore(redis, { prefix: newPrefix() });
    await store.set('key', 1);
    expect(store.close).toBeUndefined();
    expect(await redis.ping()).toBe('PONG');
  });

  test('uses its prefix, also if the client has its own', async () => {
    const prefix = newPrefix();
    const outer = newPrefix();
    const inside = redisStore(connected(url, { keyPrefix: outer }), { prefix });
    const beside = redisStore(redis, { prefix });
    await inside.batch(numbers(3).map((n) => ({ type: 'set', key: `key/${n}`, value: n, ttlMs: 60_000 })));
    await beside.set('key/1', 'beside');
    expect((await inside.list('', { limit: 10 })).map(({ key, value }) => [key, value])).toEqual(numbers(3).map((n) => [`key/${n}`, n]));
    expect((await inside.get('key/1'))?.value).toBe(1);
    expect((await beside.list('', { limit: 10 })).map(({ value }) => value)).toEqual(['beside']);
    const names = (await redis.keys(`${outer}*`)).map((name) => name.replace(/applied:.*/, 'applied'));
    expect(names.sort()).toEqual(
      ['applied', ...numbers(3).map((n) => `entry:key/${n}`), 'expiring', 'keys'].map((name) => `${outer}${prefix}${name}`),
    );
  });

  test('applies calls of one connection in the order of the calls, awaited or not', async () => {
    const store = redisStore(connected(url), { prefix: newPrefix() });
    const [, first, , listed, removed, last] = await Promise.all([
      store.set('key', 1),
      store.get('key'),
      store.set('key', 2),
      store.list('', { limit: 5 }),
      store.delete('key'),
      store.get('key'),
    ]);
    expect([first?.value, listed.map(({ value }) => value), removed, last]).toEqual([1, [2], true, undefined]);
  });

  test('accepts a batch of any length', async () => {
    const store = redisStore(redis, { prefix: newPrefix() });
    expect(await store.batch(numbers(50_000).map((n) => ({ type: 'setIfAbsent', key: digits(n), value: n })))).toHaveLength(50_000);
    expect((await store.list('', { after: digits(49_997), limit: 5 })).map(({ value }) => value)).toEqual([49_998, 49_999]);
  });

  test('stores values of 3 MB, in writes, batches and lists', async () => {
    const store = redisStore(redis, { prefix: newPrefix() });
    await store.list('large/', { limit: 1 });
    const value = { text: 'é'.repeat(1_500_000) };
    expect((await store.set('large/0', value)).written).toBe(true);
    expect(await store.batch(numbers(9).map((n) => ({ type: 'setIfAbsent', key: `large/${n + 1}`, value: { ...value, n } })))).toHaveLength(
      9,
    );
    expect((await store.get('large/0'))?.value).toEqual(value);
    const calls = vi.spyOn(redis, 'evalsha');
    const listed = await store.list('large/', { limit: 8 });
    expect(calls.mock.calls.length).toBeGreaterThan(2);
    calls.mockRestore();
    expect(listed.map(({ key, value }) => [key, Buffer.byteLength(JSON.stringify(value)) > 3_000_000])).toEqual(
      numbers(8).map((n) => [`large/${n}`, true]),
    );
  });

  test('lists more entries than it reads at a time', async () => {
    const store = redisStore(redis, { prefix: newPrefix() });
    await store.batch(numbers(3_500).map((n) => ({ type: 'set', key: digits(n), value: n })));
    expect((await store.list('', { limit: 3_400 })).map(({ value }) => value)).toEqual(numbers(3_400));
    expect((await store.list('', { after: digits(9), limit: Infinity })).map(({ value }) => value)).toEqual(
      numbers(3_490).map((n) => n + 10),
    );
    expect(await store.list('', { limit: 0 })).toEqual([]);
    expect(await store.list('', { limit: -1 })).toEqual([]);
    expect(await store.list('', { limit: 0.9 })).toEqual([]);
  });

  test('expires a key by the time of Redis, whatever the clock of this machine says', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 0 });
    try {
      const prefix = newPrefix();
      const store = redisStore(redis, { prefix });
      const time = async (): Promise<number> => {
        const [seconds, microseconds] = (await redis.time()).map(Number) as [number, number];
        return seconds * 1_000 + microseconds / 1_000;
      };
      await store.set('long', 1, { ttlMs: 8 * 86_400_000 });
      expect(await redis.pttl(`${prefix}entry:long`)).toBeGreaterThan(8 * 86_400_000 - 10_000);
      const from = await time();
      await store.setIfAbsent('short', 1, { ttlMs: 20 });
      const written = await time();
      for (;;) {
        const before = await time();
        const entry = await store.get('short');
        const after = await time();
        if (!entry) {
          expect(after - from).toBeGreaterThanOrEqual(19);
          break;
        }
        expect(before - written).toBeLessThan(22);
      }
      expect((await store.list('', { limit: 5 })).map(({ key }) => key)).toEqual(['long']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('accepts any time to live', async () => {
    const prefix = newPrefix();
    const store = redisStore(redis, { prefix });
    const life = async (ttlMs: number): Promise<number> => {
      expect((await store.set('key', 1, { ttlMs })).written).toBe(true);
      return redis.pttl(`${prefix}entry:key`);
    };
    const [gone, forEver] = [-2, -1];
    expect(await life(Infinity)).toBe(forEver);
    expect(await life(Number.MAX_VALUE)).toBe(forEver);
    expect(await life(1e15)).toBeGreaterThan(9e14);
    expect(await life(60_000.5)).toBeGreaterThan(1_000);
    for (const ttlMs of [0, -1, -0.5, -Infinity]) expect(await life(ttlMs)).toBe(gone);
    await expect(store.set('key', 1, { ttlMs: NaN })).rejects.toThrow(InvalidArgumentError);
    expect(await store.list('', { limit: 5 })).toEqual([]);
  });

  test('removes the names of expired keys without another call', async () => {
    const prefix = newPrefix();
    const time = virtualTime(redis, prefix);
    const store = time.of(redisStore(redis, { prefix }));
    const names = (): Promise<number[]> => Promise.all(['keys', 'expiring'].map((name) => redis.zcard(`${prefix}${name}`)));
    await store.batch(numbers(2_000).map((n) => ({ type: 'set', key: `short/${n}`, value: n, ttlMs: 10 })));
    await store.set('longer', 1, { ttlMs: 1_000 });
    await time.advance(11);
    expect(await names()).toEqual([2_001, 2_001]);
    for (const n of numbers(100)) await store.set('other', n);
    expect(await names()).toEqual([1_802, 1_801]);
    await store.batch(numbers(1_500).map((n) => ({ type: 'delete', key: `none/${n}` })));
    await store.delete('none');
    await store.set('other', 1);
    expect(await names()).toEqual([800, 799]);
    // A list removes the expired keys that it finds.
    expect((await store.list('short/', { limit: 5 })).length).toBe(0);
    expect(await names()).toEqual([2, 1]);
    expect((await store.list('', { limit: 5 })).map(({ key }) => key)).toEqual(['longer', 'other']);
  });

  test('removes the names of expired keys in the background', async () => {
    const prefix = newPrefix();
    const time = virtualTime(redis, prefix);
    const clock = fakeClock();
    const names = (): Promise<number[]> => Promise.all(['keys', 'expiring'].map((name) => redis.zcard(`${prefix}${name}`)));
    await time
      .of(redisStore(redis, { prefix }))
      .batch(numbers(2_500).map((n) => ({ type: 'set', key: `short/${n}`, value: n, ttlMs: 10 })));
    const store = time.of(redisStore(redis, { prefix, clock }));
    await store.set('longer', 1, { ttlMs: 1_000 });
    await time.advance(11);
    // Another process has written the keys. This one only reads.
    await store.get('longer');
    expect(await names()).toEqual([2_501, 2_501]);
    await vi.waitFor(async () => {
      await clock.advance(60_000);
      expect(await names()).toEqual([1, 1]);
    });
    await time.advance(1_000);
    await vi.waitFor(async () => {
      await clock.advance(1_000 * 20_000);
      expect(await names()).toEqual([0, 0]);
    });
  });

  test("rejects values that aren't JSON before it writes anything", async () => {
    const store = redisStore(redis, { prefix: newPrefix() });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const value of [undefined, () => 1, 1n, circular] as unknown as JsonValue[]) {
      const refused = { name: 'StoreError', reason: 'not-json' };
      await expect(store.set('key', value)).rejects.toMatchObject(refused);
      await expect(store.setIfAbsent('key', value)).rejects.toMatchObject(refused);
      await expect(
        store.batch([
          { type: 'set', key: 'good', value: 1 },
          { type: 'set', key: 'key', value },
        ]),
      ).rejects.toMatchObject(refused);
    }
    expect(await store.list('', { limit: 5 })).toEqual([]);
  });

  test('reports entries of other programs without their contents', async () => {
    const prefix = newPrefix();
    const store = redisStore(redis, { prefix });
    await redis.set(`${prefix}entry:theirs`, 'their secret');
    const error = await store.get('theirs').catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ name: 'StoreError', reason: 'failed', message: containing('another prefix') });
    expect(`${(error as Error).stack} ${(error as Error).cause}`).not.toContain('secret');
    await redis.lpush(`${prefix}keys`, 'their list');
    await expect(store.set('key', 1)).rejects.toMatchObject({ reason: 'failed', message: containing('WRONGTYPE') });
    expect(await store.get('key')).toBeUndefined();
  });
});

test("rejects objects that aren't clients, and explains what to pass", () => {
  for (const client of ['redis://localhost', undefined, null, {}, { get: () => 1 }]) {
    expect(() => redisStore(client as unknown as IoredisClient)).toThrow(InvalidArgumentError);
  }
});

describe('an error of the Redis client', () => {
  const failing = (error: unknown): Store => {
    const fails = async (): Promise<never> => {
      throw error;
    };
    return redisStore({ get: fails, eval: fails, evalsha: fails });
  };
  const errorsOf = async (store: Store): Promise<unknown[]> =>
    Promise.all(
      [
        store.set('key', 'their secret'),
        store.setIfAbsent('key', 'their secret'),
        store.delete('key'),
        store.batch([{ type: 'set', key: 'key', value: 'their secret' }]),
        store.get('key'),
        store.list('key', { limit: 1 }),
      ].map((call: Promise<unknown>) => call.catch((error: unknown) => error)),
    );

  test.each([
    ['ERR something', Array(6).fill('failed'), 'ERR something'],
    ['OOM command not allowed', Array(6).fill('failed'), 'maxmemory'],
    ['READONLY You cannot write', Array(6).fill('failed'), 'primary'],
    ['CROSSSLOT Keys in request', Array(6).fill('failed'), 'hash tag'],
    ['LOADING Redis is loading the dataset in memory', Array(6).fill('busy'), 'temporarily unavailable'],
    ['BUSY Redis is busy running a script.', Array(6).fill('busy'), 'temporarily unavailable'],
    ['CLUSTERDOWN The cluster is down', Array(6).fill('busy'), 'temporarily unavailable'],
    ['Connection is closed.', [...Array<string>(4).fill('unknown'), 'failed', 'failed'], 'Connection is closed.'],
    ["ERR unknown command 'EVAL', with args beginning with: 'k' 'their secret'", Array(6).fill('failed'), "ERR unknown command 'EVAL'"],
  ])('%s', async (message, reasons, told) => {
    const error = Object.assign(new Error(message), { command: { name: 'evalsha', args: ['key', 'their secret'] } });
    const errors = await errorsOf(failing(error));
    expect(errors.map((each) => (each as { reason: string }).reason)).toEqual(reasons);
    for (const each of errors) {
      expect(each).toMatchObject({ name: 'StoreError', kind: 'store', message: containing(told) });
      expect(inspect(each, { depth: 9 })).not.toContain('secret');
    }
  });

  test("that isn't an Error is a StoreError", async () => {
    for (const each of await errorsOf(failing('odd'))) expect(each).toMatchObject({ name: 'StoreError', message: containing('odd') });
  });
});

describe.skipIf(!redisInstalled)('a lost response', () => {
  let lose = 0;
  /** Runs after the response was lost and before the connection breaks. */
  let meanwhile: () => Promise<unknown> = () => Promise.resolve();
  let port = 0;
  const sockets = new Set<Socket>();
  /** Forwards everything until it breaks the connection instead of passing on a response. */
  const proxy = createServer((near) => {
    const far = connect(shared!.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => {
      if (lose > 0) {
        lose -= 1;
        void meanwhile().then(() => near.destroy());
      } else near.write(chunk);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    port = (proxy.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  const through = async (options: ClientOptions = {}): Promise<Redis> => {
    const client = connected(`redis://127.0.0.1:${String(port)}`, { enableReadyCheck: false, disableClientInfo: true, ...options });
    await client.ping();
    return client;
  };

  test("doesn't make an applied write look rejected", async () => {
    const prefix = newPrefix();
    const store = redisStore(await through(), { prefix });
    const direct = redisStore(redis, { prefix });
    await store.set('warm', 1);

    lose = 1;
    const claimed = await store.setIfAbsent('claim', 'mine');
    expect(claimed.written).toBe(true);
    expect(await direct.get('claim')).toEqual({ value: 'mine', version: claimed.written && claimed.version });

    lose = 2;
    const version = claimed.written ? claimed.version : '';
    expect((await store.set('claim', 'changed', { ifVersion: version })).written).toBe(true);
    expect(await store.set('claim', 'changed', { ifVersion: version })).toEqual({ written: false });

    await store.set('due', 1);
    lose = 1;
    expect(
      await store.batch([
        { type: 'delete', key: 'due', ifVersion: (await direct.get('due'))!.version },
        { type: 'setIfAbsent', key: 'lease', value: 1, ttlMs: 60_000 },
      ]),
    ).toEqual([undefined, expect.any(String)]);
    expect(await direct.get('due')).toBeUndefined();

    await store.set('gone', 1);
    lose = 1;
    expect(await store.delete('gone')).toBe(true);
    expect(await store.delete('gone')).toBe(false);
    expect(lose).toBe(0);
  });

  test("doesn't apply a write twice, or undo later writes of others", async () => {
    const prefix = newPrefix();
    const client = await through();
    const store = redisStore(client, { prefix });
    const direct = redisStore(redis, { prefix });
    const write = async (): Promise<void> => {
      const entry = (await direct.get('count'))!;
      expect((await store.set('count', Number(entry.value) + 1, { ifVersion: entry.version })).written).toBe(true);
    };
    await store.set('count', 0);
    meanwhile = () => updateEntry(direct, 'count', (count) => Number(count) + 1);
    lose = 1;
    await write();
    expect((await direct.get('count'))?.value).toBe(2);
    lose = 2;
    await write();
    expect((await direct.get('count'))?.value).toBe(5);

    meanwhile = () =>
      direct.batch([
        { type: 'set', key: 'theirs', value: 'theirs' },
        { type: 'delete', key: 'count' },
      ]);
    lose = 1;
    await store.batch([
      { type: 'set', key: 'theirs', value: 'ours' },
      { type: 'set', key: 'count', value: 1 },
    ]);
    expect((await direct.get('theirs'))?.value).toBe('theirs');
    expect(await direct.get('count')).toBeUndefined();
    meanwhile = () => Promise.resolve();
  });

  test('of many concurrent writes applies none of them twice, and Redis remembers each only as long as it may be resent', async () => {
    const prefix = newPrefix();
    const store = redisStore(await through(), { prefix });
    await store.batch(numbers(50).map((n) => ({ type: 'set', key: `job/${n}`, value: n })));
    lose = 1;
    const removed = await Promise.all(numbers(50).map((n) => store.delete(`job/${n}`)));
    expect(removed).toEqual(Array(50).fill(true));
    expect(lose).toBe(0);
    await store.set('last', 1);
    const [applied = '', ...others] = await redis.keys(`${prefix}applied:*`);
    expect(others).toEqual([]);
    expect(await redis.zcard(applied)).toBe(1);
    expect(await redis.pttl(applied)).toBeGreaterThan(3_600_000);
  });

  test("doesn't make a rejected write look applied", async () => {
    const prefix = newPrefix();
    const store = redisStore(await through(), { prefix });
    await redisStore(redis, { prefix }).set('claim', 'theirs');
    lose = 1;
    expect(await store.setIfAbsent('claim', 'mine')).toEqual({ written: false });
    lose = 1;
    expect(
      await store.batch([
        { type: 'setIfAbsent', key: 'claim', value: 1 },
        { type: 'delete', key: 'other' },
      ]),
    ).toBe(false);
    lose = 1;
    expect(await store.delete('other')).toBe(false);
  });

  test("is reported as unknown if the client doesn't resend", async () => {
    const prefix = newPrefix();
    const store = redisStore(await through({ autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }), { prefix });
    await store.set('warm', 1);
    lose = 1;
    await expect(store.set('key', 'their secret')).rejects.toMatchObject({ name: 'StoreError', reason: 'unknown' });
    expect((await redisStore(redis, { prefix }).get('key'))?.value).toBe('their secret');
  });
});

describe.skipIf(!redisInstalled)('a Redis server', () => {
  let server: RedisServer;
  let cluster: Cluster | undefined;
  const start = async (...settings: string[]): Promise<Redis> => {
    server = await startRedis(...settings);
    return connected(server.url);
  };
  afterEach(async () => {
    cluster?.disconnect();
    await server.stop();
  });

  test('that was restarted has all writes of its append-only file, and receives the scripts again', async () => {
    const client = await start('--appendonly', 'yes', '--appendfsync', 'always');
    const store = redisStore(client);
    const version = await store.set('plain', { n: 1 });
    await store.setIfAbsent('seen', true, { ttlMs: 8 * 86_400_000 });
    await store.batch(numbers(500).map((n) => ({ type: 'set', key: `many/${digits(n)}`, value: n })));
    await store.delete('many/000007');
    await server.kill();
    await server.restart();
    expect(await store.get('plain')).toEqual({ value: { n: 1 }, version: version.written && version.version });
    expect((await store.list('many/', { limit: 1_000 })).map(({ value }) => value)).toEqual(numbers(500).filter((n) => n !== 7));
    expect((await store.setIfAbsent('seen', true)).written).toBe(false);
    expect(await client.pttl('{wa-coexist}:entry:seen')).toBeGreaterThan(7 * 86_400_000);
    expect((await store.set('plain', 2, { ifVersion: version.written ? version.version : '' })).written).toBe(true);
  });

  test('that lost the scripts receives them again, without a failed call', async () => {
    const client = await start();
    const store = redisStore(client);
    await store.set('count', 0);
    for (const n of numbers(20)) {
      const writes = numbers(5).map((w) => store.set(`key/${w}`, n));
      await client.script('FLUSH');
      expect((await Promise.all(writes)).every(({ written }) => written)).toBe(true);
      expect(await store.list('key/', { limit: 9 })).toHaveLength(5);
    }
  });

  test('that is full rejects, and contains no partial batch', async () => {
    const client = await start('--maxmemory-policy', 'noeviction');
    const store = redisStore(client);
    await store.set('key', 1);
    await client.config('SET', 'maxmemory', '1');
    const full = { name: 'StoreError', reason: 'failed', message: containing('maxmemory') };
    await expect(store.set('key', 2)).rejects.toMatchObject(full);
    await expect(
      store.batch([
        { type: 'set', key: 'a', value: 1 },
        { type: 'set', key: 'b', value: 1, ttlMs: 1_000 },
      ]),
    ).rejects.toMatchObject(full);
    expect((await store.list('', { limit: 9 })).map(({ key, value }) => [key, value])).toEqual([['key', 1]]);
    expect(await store.delete('key')).toBe(true);
    await client.config('SET', 'maxmemory', '0');
    expect((await store.set('key', 2)).written).toBe(true);
  });

  test('that runs a script of another program is busy', async () => {
    const client = await start('--busy-reply-threshold', '1');
    const store = redisStore(client);
    await store.set('key', 1);
    const endless = connected(server.url)
      .eval('while true do end', 0)
      .catch(() => undefined);
    let error: unknown;
    while (!error) await store.set('key', 2).catch((caught: unknown) => (error = caught));
    expect(error).toMatchObject({ name: 'StoreError', reason: 'busy' });
    await client.script('KILL');
    await endless;
    expect((await store.set('key', 3)).written).toBe(true);
  });

  test('of a cluster stores all keys on one node', { timeout: 60_000 }, async () => {
    const client = await start('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await vi.waitUntil(async () => (await client.cluster('INFO')).includes('cluster_state:ok'), { timeout: 30_000, interval: 10 });
    cluster = new Cluster([{ host: '127.0.0.1', port: server.port }]);
    const store = redisStore(cluster);
    await store.batch(numbers(50).map((n) => ({ type: 'set', key: `{tag ${n}}/${digits(n)}`, value: n, ttlMs: 60_000 })));
    expect(await store.list('{tag 7}', { limit: 9 })).toMatchObject([{ key: '{tag 7}/000007', value: 7 }]);
    expect((await store.get('{tag 7}/000007'))?.value).toBe(7);
    expect(await store.delete('{tag 7}/000007')).toBe(true);
    expect(await store.list('', { limit: 90 })).toHaveLength(49);
    const error = { name: 'StoreError', reason: 'failed', message: containing('prefix with a hash tag') };
    await expect(redisStore(cluster, { prefix: 'no tag:' }).set('key', 1)).rejects.toMatchObject(error);
  });

  describe.each([
    [100_000, true],
    [1_000_000, long],
  ])('a store with %i keys', (size, wanted) => {
    test.runIf(wanted)('lists one prefix without reading the rest', { timeout: 300_000 }, async () => {
      const client = await start();
      const store = redisStore(client);
      const threads = size / 100;
      for (let thread = 0; thread < threads; thread += 10) {
        await store.batch(
          numbers(1_000).map((n) => ({
            type: 'set',
            key: `thread/${digits(thread + Math.floor(n / 100))}/${String(n % 100).padStart(3, '0')}`,
            value: n % 100,
            ...(n % 2 && { ttlMs: 86_400_000 }),
          })),
        );
      }
      const key = `thread/${digits(threads / 2)}/`;
      const list = (): ReturnType<Store['list']> => store.list(key, { after: `${key}009`, limit: 20 });
      await list();
      /** Returns how often Redis ran each command, inside and outside of scripts, and how many keys it looked up. */
      const work = async (run: () => Promise<unknown>): Promise<Record<string, number>> => {
        await client.config('RESETSTAT');
        await run();
        const commands = [...(await client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [
          name,
          Number(calls),
        ]);
        const stats = await client.info('stats');
        const looked = /keyspace_hits:(\d+)\r\nkeyspace_misses:(\d+)/.exec(stats)!;
        const { 'config|resetstat': _config, info: _info, ...rest } = Object.fromEntries(commands) as Record<string, number>;
        return { ...rest, lookups: Number(looked[1]) + Number(looked[2]) };
      };
      expect((await list()).map(({ value }) => value)).toEqual(numbers(20).map((n) => n + 10));
      // 20 entries, and the sorted set that contains their keys.
      expect(await work(list)).toEqual({ evalsha: 1, zrangebylex: 1, get: 20, lookups: 21 });
      expect(await work(() => store.get(`${key}050`))).toEqual({ get: 1, lookups: 1 });
      const write = await work(() => store.set(`${key}050`, 'changed', { ttlMs: 1_000 }));
      expect(write).toEqual({
        ...{ evalsha: 1, time: 1, zscore: 1, zadd: 3, set: 1, pexpireat: 1, pexpire: 1, zremrangebyscore: 1, zrangebyscore: 1 },
        lookups: expect.any(Number) as unknown,
      });
      expect(write.lookups).toBeLessThan(10);
    });
  });
});

describe.runIf(redisInstalled)('a Redis that removes keys when its memory is full', () => {
  test.each(['ioredis', 'node-redis'])('rejects every call of the store, unless an option allows it: %s', async (kind) => {
    const server = await startRedis('--maxmemory', '64mb', '--maxmemory-policy', 'volatile-lru');
    const admin = connected(server.url);
    const nodeClient = await createClient({ url: server.url }).connect();
    const client = kind === 'ioredis' ? admin : nodeClient;
    const store = redisStore(client);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => store.get('key'),
      () => store.set('key', 1),
      () => store.setIfAbsent('key', 1),
      () => store.delete('key'),
      () => store.list('key', { limit: 1 }),
      () => store.batch([{ type: 'set', key: 'key', value: 1 }]),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'StoreError', reason: 'evicting' });
    expect(await admin.dbsize()).toBe(0);
    expect(await redisStore(client, { eviction: 'allow' }).set('allowed', 1)).toMatchObject({ written: true });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await store.set('key', 1)).toMatchObject({ written: true });
    // Without a memory limit, nothing is evicted, whatever the policy is.
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '0');
    expect(await redisStore(client).get('key')).toMatchObject({ value: 1 });
    nodeClient.destroy();
    await server.stop();
  });

  test('a Redis that doesn’t report its settings is accepted', async () => {
    const server = await startRedis('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    const admin = connected(server.url);
    await admin.acl('SETUSER', 'app', 'on', '>pass', '~*', '+@all', '-info');
    const client = connected(server.url, { username: 'app', password: 'pass' });
    expect(await redisStore(client).set('key', 1)).toMatchObject({ written: true });
    await server.stop();
  });
});
