import { describe, expect, test } from 'vitest';
import { memoryStore, type Logger, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { rememberedMs, type Claim, type ClaimResult, type Claims } from '../../src/webhooks/claims.js';
import { memoryClaims } from '../../src/webhooks/memory-claims.js';
import { storeClaims } from '../../src/webhooks/store-claims.js';

const mine = (result: ClaimResult): Claim => {
  if (result.state !== 'mine') throw new Error(`The event is ${result.state}.`);
  return result;
};

function recorder() {
  const lines: { readonly text: string; readonly facts: unknown }[] = [];
  const write = (text: string, facts?: unknown): void => void lines.push({ text, facts });
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  return { lines, logger };
}

describe.each<readonly [string, (clock: ReturnType<typeof fakeClock>) => Claims]>([
  ['of one process', (clock) => memoryClaims(clock)],
  ['over a store', (clock) => storeClaims(memoryStore({ clock }), clock, recorder().logger)],
])('claims %s', (_name, claimsOf) => {
  test('an event belongs to one handler until it is done', async () => {
    const clock = fakeClock();
    const claims = claimsOf(clock);
    const first = await claims.claim('a');
    expect(first).toMatchObject({ state: 'mine', attempt: 1 });
    expect(await claims.claim('a')).toEqual({ state: 'running' });
    expect(await claims.claim('b')).toMatchObject({ state: 'mine', attempt: 1 });
    await mine(first).done();
    expect(await claims.claim('a')).toEqual({ state: 'done' });
  });

  test('a released event is acquired again, and attempts are counted', async () => {
    const claims = claimsOf(fakeClock());
    for (const attempt of [1, 2, 3]) {
      const claim = mine(await claims.claim('a'));
      expect(claim.attempt).toBe(attempt);
      await claim.release();
    }
    await mine(await claims.claim('a')).done();
    expect(await claims.claim('a')).toEqual({ state: 'done' });
  });

  test('a handled event is remembered for eight days', async () => {
    const clock = fakeClock();
    const claims = claimsOf(clock);
    await mine(await claims.claim('a')).done();
    await clock.advance(rememberedMs - 1);
    expect(await claims.claim('a')).toEqual({ state: 'done' });
    await clock.advance(1);
    expect(await claims.claim('a')).toMatchObject({ state: 'mine', attempt: 1 });
  });
});

describe('claims in memory', () => {
  /** Claims this many other events, so that expired records are removed. */
  const passBy = (claims: Claims, count: number, prefix: string): void => {
    for (let index = 0; index < count; index += 1) void mine(claims.claim(`${prefix}${String(index)}`) as ClaimResult).done();
  };
  /** The register isn't public, so the test inspects the maps that it creates. */
  function watched(clock: ReturnType<typeof fakeClock>): { readonly claims: Claims; readonly size: () => number } {
    const maps: Map<unknown, unknown>[] = [];
    const original = globalThis.Map;
    globalThis.Map = class<Key, Value> extends original<Key, Value> {
      constructor(entries?: Iterable<readonly [Key, Value]> | null) {
        super(entries);
        maps.push(this);
      }
    };
    try {
      const claims = memoryClaims(clock);
      return { claims, size: () => maps[0]?.size ?? Number.NaN };
    } finally {
      globalThis.Map = original;
    }
  }

  test('forget old finished events after a thousand events', async () => {
    const clock = fakeClock();
    const { claims, size } = watched(clock);
    const running = mine(await claims.claim('running'));
    passBy(claims, 500, 'old-');
    await clock.advance(rememberedMs);
    passBy(claims, 498, 'new-');
    expect(size()).toBe(999);
    passBy(claims, 1, 'last-');
    // 500 were removed. Running and recent ones remained.
    expect(size()).toBe(500);
    expect(await claims.claim('running')).toEqual({ state: 'running' });
    await running.done();
  });

  test('look again after the next thousand, from the oldest', async () => {
    const clock = fakeClock();
    const { claims, size } = watched(clock);
    await mine(await claims.claim('again')).release();
    passBy(claims, 10, 'old-');
    await clock.advance(rememberedMs - 1);
    // Its age starts with its last attempt.
    await mine(await claims.claim('again')).done();
    passBy(claims, 987, 'young-');
    await clock.advance(1);
    expect(size()).toBe(998);
    passBy(claims, 1, 'x-');
    expect(size()).toBe(989);
    passBy(claims, 998, 'y-');
    await clock.advance(rememberedMs);
    expect(size()).toBe(1_987);
    passBy(claims, 2, 'z-');
    expect(size()).toBeLessThan(5);
  });
});

describe('claims in a store', () => {
  const setUp = (change: (store: Store) => Partial<Store> = () => ({})) => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const { lines, logger } = recorder();
    return {
      clock,
      store,
      lines,
      claims: storeClaims({ ...store, ...change(store) }, clock, logger),
      other: storeClaims(store, clock, logger),
    };
  };

  test('of a process without a sign of life end after half a minute', async () => {
    const { clock, store } = setUp();
    // A process without timers, which never renews its claims.
    const silent = storeClaims(store, { ...clock, schedule: () => () => undefined }, recorder().logger);
    const next = storeClaims(store, clock, recorder().logger);
    expect(await silent.claim('a')).toMatchObject({ state: 'mine' });
    await clock.advance(29_999);
    expect(await next.claim('a')).toEqual({ state: 'running' });
    await clock.advance(1);
    expect(await next.claim('a')).toMatchObject({ state: 'mine', attempt: 2 });
  });

  test('are renewed every ten seconds during a slow handler, and not afterwards', async () => {
    let writes = 0;
    const { clock, claims, other } = setUp((store) => ({
      set: (...parameters) => {
        writes += 1;
        return store.set(...parameters);
      },
    }));
    const claim = mine(await claims.claim('a'));
    await clock.advance(9_999);
    expect(writes).toBe(0);
    await clock.advance(1);
    expect(writes).toBe(1);
    await clock.advance(50_000);
    expect(writes).toBe(6);
    expect(await other.claim('a')).toEqual({ state: 'running' });
    await claim.done();
    expect(writes).toBe(7);
    await clock.advance(60_000);
    expect(writes).toBe(7);
    expect(await other.claim('a')).toEqual({ state: 'done' });
  });

  test("wait at their end for a renewal in flight, and don't renew again", async () => {
    let letGo = (): void => undefined;
    const order: unknown[] = [];
    const { clock, claims, other, lines } = setUp((store) => ({
      set: async (key, value, options) => {
        if (order.length === 0) {
          order.push('renewal begins');
          await new Promise<void>((resolve) => {
            letGo = resolve;
          });
        }
        const result = await store.set(key, value, options);
        order.push((value as { state: string }).state);
        return result;
      },
    }));
    const claim = mine(await claims.claim('a'));
    await clock.advance(10_000);
    const ended = claim.done();
    letGo();
    await ended;
    expect(order).toEqual(['renewal begins', 'running', 'done']);
    await clock.advance(60_000);
    expect(order).toHaveLength(3);
    expect(lines).toEqual([]);
    expect(await other.claim('a')).toEqual({ state: 'done' });
  });

  test('log a failed renewal and retry it', async () => {
    let fails = true;
    const { clock, claims, lines, other } = setUp((store) => ({
      set: (...parameters) => (fails ? Promise.reject(new Error('away')) : store.set(...parameters)),
    }));
    await claims.claim('a');
    await clock.advance(10_000);
    expect(lines).toEqual([{ text: 'webhook.claim_not_renewed', facts: { key: 'webhooks/events/a', error: new Error('away') } }]);
    fails = false;
    await clock.advance(29_000);
    expect(await other.claim('a')).toEqual({ state: 'running' });
  });

  test('belong to the process that took them over, and the loss is logged', async () => {
    const { clock, store, claims, other, lines } = setUp((inner) => ({
      set: (key, value, options) => (clock.now() < silentUntilMs ? Promise.reject(new Error('away')) : inner.set(key, value, options)),
    }));
    const silentUntilMs = clock.now() + 30_001;
    const claim = mine(await claims.claim('a'));
    await clock.advance(30_000);
    const taken = mine(await other.claim('a'));
    expect(taken.attempt).toBe(2);
    await clock.advance(2);
    lines.splice(0);
    await claim.done();
    expect(lines).toEqual([
      { text: 'webhook.claim_lost', facts: { key: 'webhooks/events/a', consequence: 'the event may be handled twice' } },
    ]);
    expect(await other.claim('a')).toEqual({ state: 'running' });
    expect((await store.get('webhooks/events/a'))?.value).toMatchObject({ state: 'running', attempt: 2 });
    await taken.done();
    expect(await other.claim('a')).toEqual({ state: 'done' });
  });

  test('are acquired again if a record was removed between two reads, and read again if it was acquired in between', async () => {
    const gone = setUp((store) => ({
      get: async (key) => {
        await store.delete(key);
        return store.get(key);
      },
    }));
    await mine(await gone.other.claim('a')).done();
    expect(await gone.claims.claim('a')).toMatchObject({ state: 'mine', attempt: 1 });

    const taken = setUp((store) => ({
      get: async (key) => {
        const entry = await store.get(key);
        if (entry && (entry.value as { state: string }).state === 'failed') await taken.other.claim('a');
        return entry;
      },
    }));
    await mine(await taken.other.claim('a')).release();
    expect(await taken.claims.claim('a')).toEqual({ state: 'running' });
  });

  test.each([null, 'nonsense', [], { state: 'sleeping', attempt: 'x' }, { state: 'running' }])(
    'count a foreign record as a failed first attempt: %j',
    async (value) => {
      const { store, claims } = setUp();
      await store.set('webhooks/events/a', value);
      const claim = mine(await claims.claim('a'));
      expect(claim.attempt).toBe(2);
      await claim.release();
      expect((await store.get('webhooks/events/a'))?.value).toEqual({ state: 'failed', attempt: 2 });
    },
  );

  test('are removed after eight days', async () => {
    const { clock, store, claims } = setUp();
    await claims.claim('left');
    await mine(await claims.claim('done')).done();
    await mine(await claims.claim('failed')).release();
    await mine(await claims.claim('failed')).release();
    const silent = storeClaims(store, { ...clock, schedule: () => () => undefined }, recorder().logger);
    await silent.claim('silent');
    await clock.advance(31_000);
    await silent.claim('silent');
    expect((await store.list('webhooks/events/', { limit: 10 })).map(({ key }) => key.split('/')[2])).toEqual([
      'done',
      'failed',
      'left',
      'silent',
    ]);
    await clock.advance(rememberedMs);
    // The claim that is still held is renewed indefinitely.
    expect((await store.list('webhooks/events/', { limit: 10 })).map(({ key }) => key.split('/')[2])).toEqual(['left']);
  });
});
