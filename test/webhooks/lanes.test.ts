import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLanes } from '../../src/webhooks/lanes.js';

test('in order within a lane, never two of a lane at once, never more than allowed, nothing forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ lane: fc.nat(4), group: fc.nat(1), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
      async (scheduler, most, tasks) => {
        const lanes = createLanes(most);
        const running = new Set<number>();
        const order = new Map<number, number[]>();
        const results = tasks.map(({ lane, group, fails }, index) =>
          lanes.run({ lane: String(lane), group: String(group) }, async () => {
            expect(running.has(lane)).toBe(false);
            running.add(lane);
            expect(running.size).toBeLessThanOrEqual(most);
            order.set(lane, [...(order.get(lane) ?? []), index]);
            await scheduler.schedule(Promise.resolve());
            running.delete(lane);
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

test('groups take turns', async () => {
  const lanes = createLanes(1);
  const order: string[] = [];
  const run = (group: string, lane: string) =>
    lanes.run({ group, lane: `${group}${lane}` }, async () => {
      order.push(`${group}${lane}`);
    });
  await Promise.all([run('a', '1'), run('a', '2'), run('a', '3'), run('b', '1'), run('b', '2'), run('c', '1')]);
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
});
