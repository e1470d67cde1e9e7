import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createScheduler } from '../../src/webhooks/scheduler.js';

/** Limits for tests: one task per customer, and the given number per phone number. */
function scheduler(ofNumber: number) {
  const limits = { ofCustomer: 1, ofNumber, ofAll: Infinity };
  return createScheduler({ live: limits, sync: limits });
}

test('tasks of a customer run one after the other in order, within the limit of the number, and all of them run', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ customer: fc.nat(4), number: fc.nat(1), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
      async (turns, most, tasks) => {
        const queues = scheduler(most);
        const running = new Set<string>();
        const runningOf = (number: number) => [...running].filter((name) => name.startsWith(`${number}/`)).length;
        const order = new Map<string, number[]>();
        const results = tasks.map(({ customer, number, fails }, index) =>
          queues.run({ kind: 'live', customer: `${number}/${customer}`, number: String(number) }, async () => {
            const name = `${number}/${customer}`;
            expect(running.has(name)).toBe(false);
            running.add(name);
            expect(runningOf(number)).toBeLessThanOrEqual(most);
            order.set(name, [...(order.get(name) ?? []), index]);
            await turns.schedule(Promise.resolve());
            running.delete(name);
            if (fails) throw new Error(String(index));
            return index;
          }),
        );
        const settled = await turns.waitFor(Promise.allSettled(results.map((result) => Promise.resolve(result))));
        expect(settled.map((result) => result.status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
        for (const indexes of order.values()) expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a number without free slots delays no other number', async () => {
  const queues = scheduler(2);
  const begun: string[] = [];
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = (number: string, customer: string) =>
    queues.run({ kind: 'live', number: number, customer: `${number}${customer}` }, async () => {
      begun.push(`${number}${customer}`);
      await over;
    });
  const all = [run('a', '1'), run('a', '2'), run('a', '3'), run('b', '1'), run('c', '1')];
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1']);
  finish();
  await Promise.all(all.map((one) => Promise.resolve(one)));
  expect(begun.at(-1)).toBe('a3');
});

test('a long queue of tasks without promises runs in order and in a shallow call stack', async () => {
  const { run } = scheduler(1);
  const key = { kind: 'live', number: '1', customer: '1/phone:1' } as const;
  let release = (): void => undefined;
  const first = run(
    key,
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  const order: number[] = [];
  const rest = Array.from({ length: 20_000 }, (_value, index) => run(key, () => order.push(index)));
  expect(order).toEqual([]);
  release();
  await first;
  await Promise.all(rest.map(async (result) => await result));
  expect(order).toEqual(Array.from({ length: 20_000 }, (_value, index) => index));
});
