import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import { memoryStore, silentLogger, type Store } from 'wa-coexist';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { createModule, type Module } from '../../../src/coexistence/module.js';
import { sweepSchedule } from '../../../src/coexistence/schedule.js';
import { createWork, type RunWork } from '../../../src/coexistence/unit-of-work.js';
import { crashingStore, unevenStore } from './faulty-store.js';

const numRuns = process.env.WA_COEXIST_LONG === '1' ? 5_000 : 100;

/** A counter that only grows. Each increment is a fact. */
type Counter = { readonly count: number };
type CounterFact = { readonly count: number };
type CounterModule = Module<Counter, number, CounterFact>;

interface Process {
  readonly module: CounterModule;
  readonly run: RunWork;
  readonly store: Store;
}

function processOf(store: Store, clock: FakeClock, emit: (fact: CounterFact, state: Counter) => Promise<void>): Process {
  const run = createWork(store);
  const module = createModule<Counter, number, CounterFact>(
    {
      kind: 'counter',
      reduce: (state = { count: 0 }, count) => (count > state.count ? { state: { count }, facts: [{ count }] } : { state, facts: [] }),
      hasListeners: () => true,
      emit: (fact, _subject, state) => emit(fact, state),
    },
    run,
    clock,
  );
  return { module, run, store };
}

const apply = ({ run, module }: Process, count: number): Promise<Counter | undefined> =>
  run((scope) => module.apply(scope, 'number', count));
const read = ({ run, module }: Process): Promise<Counter | undefined> => run((scope) => module.read(scope, 'number'));
const sweep = ({ store, module }: Process, clock: FakeClock): Promise<unknown> =>
  sweepSchedule({
    store,
    handlers: new Map([[module.kind, module]]),
    logger: silentLogger,
    clock,
    nowMs: clock.now(),
    limit: 100,
  });

describe('a module', () => {
  test('emits each fact at least once, wherever its process ends', async () => {
    const point = fc.record({ operation: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') });
    await fc.assert(
      fc.asyncProperty(fc.array(point, { maxLength: 6 }), async (crashes) => {
        const clock = fakeClock();
        const store = memoryStore({ clock });
        const emitted = new Set<number>();
        const seen: number[] = [];
        const emit = (fact: CounterFact, state: Counter): Promise<void> => {
          emitted.add(fact.count);
          // A listener always receives a state that contains its fact.
          expect(state.count).toBeGreaterThanOrEqual(fact.count);
          return Promise.resolve();
        };
        const stored = new Set<number>();
        for (const [index, crash] of crashes.entries()) {
          const ending = processOf(crashingStore(store, crash), clock, emit);
          await apply(ending, index + 1).catch(() => undefined);
          const { count } = (await read(processOf(store, clock, emit))) ?? { count: 0 };
          seen.push(count);
          if (count === index + 1) stored.add(count);
          await clock.advance(30_000);
        }
        const survivor = processOf(store, clock, emit);
        for (let round = 0; round < 4; round += 1) {
          await clock.advance(130_000);
          await sweep(survivor, clock);
        }
        expect([...emitted].sort()).toEqual([...stored].sort());
        expect(seen).toEqual([...seen].sort((left, right) => left - right));
        expect((await survivor.run((scope) => survivor.module.read(scope, 'number')))?.untold).toBeUndefined();
        expect(await store.list('wa/due/', { limit: 1 })).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('never goes backward and emits each fact, if processes apply events at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 12 }),
        fc.infiniteStream(fc.nat(5)),
        async (counts, turns) => {
          const clock = fakeClock();
          const store = unevenStore(() => Number(turns.next().value), memoryStore({ clock }));
          const emitted = new Set<number>();
          const reached: number[] = [];
          const emit = (fact: CounterFact, state: Counter): Promise<void> => {
            emitted.add(fact.count);
            reached.push(state.count);
            return Promise.resolve();
          };
          const processes = [0, 1, 2].map(() => processOf(store, clock, emit));
          const written = await Promise.all(counts.map((count, index) => apply(processes[index % 3]!, count)));
          const max = Math.max(...counts);
          expect((await read(processes[0]!))?.count).toBe(max);
          expect(written.every((state, index) => (state?.count ?? 0) >= counts[index]!)).toBe(true);
          expect(emitted.has(max)).toBe(true);
          expect((await processes[0]!.run((scope) => processes[0]!.module.read(scope, 'number')))?.untold).toBeUndefined();
        },
      ),
      { numRuns },
    );
  });

  test('emits a fact again after its listener failed, in the order of the facts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (failures) => {
        const clock = fakeClock();
        const order: number[] = [];
        const remaining = [...failures];
        const process = processOf(memoryStore({ clock }), clock, ({ count }) => {
          if (remaining.shift()) return Promise.reject(new Error('The listener failed.'));
          order.push(count);
          return Promise.resolve();
        });
        for (const count of [1, 2, 3]) await apply(process, count).catch(() => undefined);
        for (let round = 0; round <= failures.length; round += 1) {
          await clock.advance(130_000);
          await sweep(process, clock);
        }
        expect(order).toEqual([1, 2, 3]);
      }),
      { numRuns },
    );
  });

  test('keeps a fact whose listener never returns, and another process emits it', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const hanging = processOf(store, clock, () => new Promise(() => undefined));
    void apply(hanging, 1);
    await clock.advance(130_000);
    const emitted: number[] = [];
    const other = processOf(store, clock, ({ count }) => {
      emitted.push(count);
      return Promise.resolve();
    });
    await sweep(other, clock);
    expect(emitted).toEqual([1]);
  });

  test('reads records of earlier versions, with their pending facts', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    await store.set('wa/number/number/counter', { count: 4, untold: [{ count: 3 }, { count: 4 }] });
    const emitted: number[] = [];
    const process = processOf(store, clock, ({ count }) => {
      emitted.push(count);
      return Promise.resolve();
    });
    await apply(process, 5);
    expect(emitted).toEqual([3, 4, 5]);
  });
});
