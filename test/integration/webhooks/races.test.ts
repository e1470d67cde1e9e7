import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../../fast-check.js';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore, type Store } from 'wa-coexist';
import { redisStore } from 'wa-coexist/redis';
import { sqliteStore } from 'wa-coexist/sqlite';
import { redisInstalled, startRedis, type RedisServer } from '../../stores/redis/server.js';
import { messages, textMessage } from '../../webhooks/fixtures/delivery.js';
import { deliver, receiver } from '../../webhooks/fixtures/receive.js';

if (!redisInstalled) console.log('Left out: races of receivers on Redis, because there is no redis-server on the PATH.');

const long = Boolean(process.env.WA_COEXIST_LONG);
const schedules = long ? 1_000 : 200;
const mostReceivers = 5;
/** After this many attempts, a delivery is given up, which would be a loss here. The races contain fewer failures. */
const maxAttempts = 12;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
/** Less than the interval between two searches of an idle inbox. Available work must not wait for the next search. */
const promptMs = 4_000;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store whose calls wait before they act and before they return, in an order that the scheduler chooses. */
function scheduled(store: Store, scheduler: fc.Scheduler, dawdle: () => Promise<void>): Store {
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const call = target[name] as ((...parameters: unknown[]) => Promise<unknown>) | undefined;
      return async (...parameters: unknown[]) => {
        await dawdle();
        await scheduler.schedule(Promise.resolve(), `${name} asked`);
        const result = await call?.apply(target, parameters);
        await scheduler.schedule(Promise.resolve(), `${name} answered`);
        return result;
      };
    },
  });
}

interface Race {
  readonly scheduler: fc.Scheduler;
  readonly mode: 'handle' | 'inbox';
  readonly copies: number;
  readonly receivers: number;
  /** The customers of the messages in the delivery. */
  readonly customers: readonly string[];
  /** Whether each call of a handler fails, in order. Further calls succeed. */
  readonly failures: readonly boolean[];
  /** The number of turns of the event loop for handlers and store calls, in order and repeated. */
  readonly turns: readonly number[];
}

const races: fc.Arbitrary<Race> = fc.record({
  scheduler: fc.scheduler(),
  mode: fc.constantFrom('handle', 'inbox'),
  copies: fc.integer({ min: 2, max: 5 }),
  receivers: fc.integer({ min: 1, max: mostReceivers }),
  customers: fc.array(fc.constantFrom('15550100987', '15550100986'), { minLength: 1, maxLength: 3 }),
  failures: fc.array(fc.boolean(), { maxLength: 5 }),
  turns: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 20 }),
});

let deliveries = 0;

/**
 * Sends duplicates concurrently until all are acknowledged and no work is left. Each receiver has its own store over
 * the same data.
 */
async function run(stores: readonly Store[], { scheduler, mode, copies, receivers, customers, failures, turns }: Race): Promise<void> {
  deliveries += 1;
  const ids = customers.map((_, index) => `wamid.EXAMPLE-${String(deliveries)}-${String(index)}`);
  const body = messages(...customers.map((from, index) => textMessage(ids[index] ?? '', 'Hello', from)));
  const outcomes = [...failures];
  let pauses = 0;
  /**
   * The scheduler orders concurrent calls. Databases also respond at different times. Without these delays, few calls
   * would be reordered.
   */
  const dawdle = async (): Promise<void> => {
    for (let left = turns[(pauses += 1) % turns.length] ?? 0; left > 0; left -= 1) await nextTurn();
  };
  const running = new Set<string>();
  const handled: string[] = [];
  const overlaps: string[] = [];
  const webhooks = numbers(receivers).map((index) => {
    const store = stores[index % stores.length];
    if (!store) throw new Error('A race needs a store.');
    const one = receiver({ store: scheduled(store, scheduler, dawdle), mode, retry: { firstDelayMs: 1, maxDelayMs: 1, maxAttempts } });
    one.on('message', async ({ message: { id } }) => {
      if (running.has(id)) overlaps.push(id);
      running.add(id);
      await dawdle();
      await scheduler.schedule(Promise.resolve(), 'handler');
      running.delete(id);
      if (outcomes.shift() === true) throw new Error('failed');
      handled.push(id);
    });
    return one;
  });
  const deliverCopies = async (): Promise<void> => {
    const answers = await Promise.all(numbers(copies).map((copy) => deliver(webhooks[copy % receivers]!, body)));
    const refused = answers.filter((status) => status !== 200);
    if (mode === 'inbox') expect(refused).toEqual([]);
    else {
      expect(refused.every((status) => status === 500)).toBe(true);
      // A 200 response proves that all events were handled.
      if (refused.length < copies) expect(new Set(handled).size).toBe(ids.length);
    }
    if (refused.length > 0) await deliverCopies();
  };
  const [first] = stores;
  const settle = async (): Promise<void> => {
    const end = Date.now() + promptMs;
    while (((await first?.list('webhooks/inbox/', { limit: 1 })) ?? []).length > 0) {
      if (Date.now() > end) throw new Error('The inbox holds what nobody takes in hand.');
      await nextTurn();
    }
    await Promise.all(webhooks.map((one) => one.close()));
  };
  try {
    await scheduler.waitFor(deliverCopies().then(settle));
  } finally {
    const left = (await first?.list('webhooks/', { limit: 1_000 })) ?? [];
    await first?.batch(left.map(({ key }) => ({ type: 'delete', key })));
  }
  expect(overlaps).toEqual([]);
  expect(handled.sort()).toEqual(ids);
}

const check = (stores: () => readonly Store[], numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(races, (race) => run(stores(), race)),
    { numRuns, interruptAfterTimeLimit: 280_000, markInterruptAsFailure: true },
  );

describe('2 to 5 simultaneous duplicates at 1 to 5 receivers, with handlers that fail: each event succeeds once, and none is lost', () => {
  test('in memory', { timeout: 300_000 }, () => check(() => [memoryStore()], schedules));

  test('on SQLite, each receiver with its own connection', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhooks-races-'));
    const stores = numbers(mostReceivers).map(() => sqliteStore(join(folder, 'races.db')));
    try {
      await check(() => stores, schedules);
    } finally {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    }
  });

  describe.skipIf(!redisInstalled)('on Redis', () => {
    let server: RedisServer;
    let clients: readonly Redis[];
    beforeAll(async () => {
      server = await startRedis();
      clients = numbers(mostReceivers).map(() => new Redis(server.url));
    });
    afterAll(async () => {
      for (const client of clients) client.disconnect();
      await server.stop();
    });

    test('each receiver with its own connection', { timeout: 300_000 }, async () => {
      const stores = clients.map((client) => redisStore(client));
      await check(() => stores, schedules);
    });
  });
});
