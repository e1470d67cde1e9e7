import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLanes } from '../../src/webhooks/lanes.js';

test('in order within a lane, never two of a lane at once, never more of a group than allowed, nothing forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ lane: fc.nat(4), group: fc.nat(1), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
      async (scheduler, most, tasks) => {
        const lanes = createLanes(most);
        const running = new Set<string>();
        const runningOf = (group: number) => [...running].filter((name) => name.startsWith(`${group}/`)).length;
        const order = new Map<string, number[]>();
        const results = tasks.map(({ lane, group, fails }, index) =>
          lanes.run({ lane: `${group}/${lane}`, group: String(group) }, async () => {
            const name = `${group}/${lane}`;
            expect(running.has(name)).toBe(false);
            running.add(name);
            expect(runningOf(group)).toBeLessThanOrEqual(most);
            order.set(name, [...(order.get(name) ?? []), index]);
            await scheduler.schedule(Promise.resolve());
            running.delete(name);
            if (fails) throw new Error(String(index));
            return index;
          }),
        );
        const settled = await scheduler.waitFor(Promise.allSettled(results));
        expect(settled.map((result) => result.status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
        for (const indexes of order.values()) expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a group that is full holds up no other', async () => {
  const lanes = createLanes(2);
  const begun: string[] = [];
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = (group: string, lane: string) =>
    lanes.run({ group, lane: `${group}${lane}` }, async () => {
      begun.push(`${group}${lane}`);
      await over;
    });
  const all = [run('a', '1'), run('a', '2'), run('a', '3'), run('b', '1'), run('c', '1')];
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1']);
  finish();
  await Promise.all(all);
  expect(begun.at(-1)).toBe('a3');
});
