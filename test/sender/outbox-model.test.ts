import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createSender, memoryStore, type Sender, type Store } from 'wa-coexist';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { message, randomFrom, statusOf, virtualMeta } from './virtual-meta.js';

/* The real sender on a store that pauses before and after every operation, in up to three processes. They enqueue, send
   and run campaigns with colliding keys, crash, restart, take over from each other, sweep and close. */

const runs = process.env['WA_COEXIST_LONG'] ? 3_000 : 200;
const keys = 4;
const processes = 3;
const takeOverAfterMs = 2_000;

type Command =
  | { readonly type: 'enqueue' | 'send'; readonly process: number; readonly key: number }
  | { readonly type: 'sendAll'; readonly process: number; readonly keys: readonly number[] }
  | { readonly type: 'crash' | 'close' | 'sweep' | 'pause' | 'resume'; readonly process: number }
  | { readonly type: 'wait'; readonly ms: number };

const process_ = fc.nat(processes - 1);
const key = fc.nat(keys - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('enqueue', 'send'), process: process_, key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('sendAll'), process: process_, keys: fc.array(key, { maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('crash', 'close', 'sweep', 'pause', 'resume'), process: process_ }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.constantFrom(0, 1, 5, 30, 150, 1_000, 5_000) }) },
);

/** One process: a sender whose calls to the store and to Meta never return after it crashed. */
interface Process {
  readonly sender: Sender;
  readonly die: () => void;
  readonly isDead: () => boolean;
  /** Calls without a result. */
  readonly pending: Set<string>;
}

function startProcess(clock: FakeClock, meta: ReturnType<typeof virtualMeta>, store: Store, random: () => number): Process {
  let dead = false;
  const isDead = (): boolean => dead;
  const pending = new Set<string>();
  const never = (): Promise<never> => new Promise(() => undefined);
  const pause = (): Promise<void> =>
    random() < 0.4 ? Promise.resolve() : new Promise((resolve) => clock.schedule(resolve, random() < 0.9 ? random() * 20 : random() * 400));
  const paused =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      await pause();
      if (isDead()) return never();
      const result = await call(...args);
      await pause();
      return isDead() ? never() : result;
    };
  const mortal: Store = {
    get: paused(store.get),
    set: paused(store.set),
    setIfAbsent: paused(store.setIfAbsent),
    delete: paused(store.delete),
    list: paused(store.list),
    batch: paused(store.batch),
  };
  const fetch: typeof meta.fetch = async (...args) => {
    if (isDead()) return never();
    const response = await meta.fetch(...args);
    return isDead() ? never() : response;
  };
  const sender = createSender({
    client: meta.client({ fetch }),
    throughput: 200,
    store: mortal,
    takeOverAfterMs,
    unsettledAfterMs: 60_000,
  });
  return {
    sender,
    die: () => {
      dead = true;
    },
    isDead,
    pending,
  };
}

async function check(store: Store, clock: FakeClock, seed: number, commands: readonly Command[]): Promise<void> {
  const random = randomFrom(seed);
  const meta = virtualMeta(clock, { travelMs: () => random() * 40, fault: () => (random() < 0.03 ? 'cut-after' : undefined) });
  const living = new Map<number, Process>();
  const started: Process[] = [];
  /** Keys that a process acknowledged, and keys that were reported as unknown or rejected. */
  const acknowledged = new Set<string>();
  const reported = new Map<string, Set<string>>();
  const results: { readonly key: string; readonly outcome: string }[] = [];
  const start = (index: number): Process => {
    const started_ = startProcess(clock, meta, store, random);
    for (const name of ['sent', 'unknown', 'rejected'] as const)
      started_.sender.on(name, ({ key: named = '' }) => {
        if (!started_.isDead()) reported.set(named, (reported.get(named) ?? new Set()).add(name));
      });
    started.push(started_);
    living.set(index, started_);
    return started_;
  };
  const processAt = (index: number): Process => living.get(index) ?? start(index);
  let calls = 0;
  const watch = (owner: Process, name: string, promise: Promise<unknown>): void => {
    const call = `${name} ${String((calls += 1))}`;
    owner.pending.add(call);
    const done = (): void => void owner.pending.delete(call);
    promise.then(done, done);
  };
  for (const one of commands) {
    if (one.type === 'wait') {
      await clock.advance(one.ms);
      continue;
    }
    const owner = processAt(one.process);
    const { sender } = owner;
    if (one.type === 'enqueue') {
      const named = `k${String(one.key)}`;
      const enqueued = sender.enqueue(message(named, toOf(one.key)), { key: named });
      watch(owner, `enqueue ${named}`, enqueued);
      enqueued.then(
        () => {
          if (!owner.isDead()) acknowledged.add(named);
        },
        () => undefined,
      );
    } else if (one.type === 'send') {
      const named = `k${String(one.key)}`;
      const sending = sender.send(message(named, toOf(one.key)), { key: named });
      watch(owner, `send ${named}`, sending);
      void sending.then(({ outcome }) => results.push({ key: named, outcome }));
    } else if (one.type === 'sendAll') {
      const items = one.keys.map((number) => ({ key: `k${String(number)}`, message: message(`k${String(number)}`, toOf(number)) }));
      watch(owner, 'sendAll', sender.sendAll(items));
    } else if (one.type === 'crash') {
      owner.die();
      living.delete(one.process);
    } else if (one.type === 'close') {
      watch(owner, 'close', sender.close());
      living.delete(one.process);
    } else if (one.type === 'sweep') watch(owner, 'sweep', sender.sweep());
    else void sender[one.type]();
  }
  // All processes continue until no work is left.
  processAt(0);
  for (const one of living.values()) void one.sender.resume();
  for (let round = 0; round < 8; round += 1) {
    await clock.advance(takeOverAfterMs * 2);
    for (const one of living.values()) watch(one, 'sweep', one.sender.sweep());
    await clock.advance(takeOverAfterMs);
  }
  const left = (await store.list('sender/queue/', { limit: 50 })).map(({ key: name, value }) => [name, value]);
  const unsettled = started.filter((one) => !one.isDead()).flatMap(({ pending }) => [...pending]);
  for (const entry of meta.accepted) watch(processAt(0), 'settle', processAt(0).sender.settle(statusOf(entry)));
  await clock.advance(5_000);
  for (const one of living.values()) watch(one, 'close', one.sender.close());
  await clock.advance(60_000);
  const open = started.filter((one) => !one.isDead()).flatMap(({ pending }) => [...pending]);
  const counts = new Map<string, number>();
  for (const { text } of meta.accepted) counts.set(text, (counts.get(text) ?? 0) + 1);
  const twice = [...counts].filter(([, count]) => count > 1);
  const lost = [...acknowledged].filter((named) => !counts.has(named) && !reported.get(named)?.has('unknown'));
  const silent = [...acknowledged].filter((named) => !reported.has(named));
  const lies = results.filter(({ key: named, outcome }) => outcome === 'accepted' && !counts.has(named));
  expect({ twice, lost, silent, lies, left, unsettled, open }).toEqual({
    twice: [],
    lost: [],
    silent: [],
    lies: [],
    left: [],
    unsettled: [],
    open: [],
  });
}

const toOf = (number: number): string => `1555010${String(1_000 + number)}`;

describe('processes that share an outbox, with slow stores, crashes and equal keys', () => {
  test('send each key once, settle every call, and leave the outbox empty', { timeout: 30_000 + runs * 100 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(command, { minLength: 3, maxLength: 30, size: 'max' }), async (seed, commands) => {
        const clock = fakeClock();
        await check(memoryStore({ clock }), clock, seed, commands);
      }),
      { numRuns: runs },
    );
  });
});
