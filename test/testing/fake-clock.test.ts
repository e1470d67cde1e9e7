import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { wait } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';

test('stands still until it is advanced', async () => {
  const clock = fakeClock({ now: new Date('2026-11-02T09:00:00Z') });
  const ran: string[] = [];
  clock.schedule(() => ran.push('late'), 1_000);
  await clock.advance(999);
  expect(ran).toEqual([]);
  await clock.advance(1);
  expect(ran).toEqual(['late']);
  expect(new Date(clock.now())).toEqual(new Date('2026-11-02T09:00:01Z'));
  expect(clock.monotonic()).toBe(1_000);
});

test('runs timers in the order of their moments, those of one moment in the order of their making', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 30 }), async (delays) => {
      const clock = fakeClock();
      const ran: { delay: number; index: number; at: number }[] = [];
      for (const [index, delay] of delays.entries()) clock.schedule(() => ran.push({ delay, index, at: clock.monotonic() }), delay);
      await clock.advance(50);
      expect(ran.every(({ delay, at }) => delay === at)).toBe(true);
      expect(ran).toEqual([...ran].sort((one, other) => one.delay - other.delay || one.index - other.index));
      expect(ran).toHaveLength(delays.length);
    }),
    { numRuns: 30 },
  );
});

test('a cancelled timer does not run', async () => {
  const clock = fakeClock();
  let ran = false;
  clock.schedule(() => (ran = true), 10)();
  await clock.advance(100);
  expect(ran).toBe(false);
  expect(clock.untilNextTimer()).toBeUndefined();
});

test('promises settle between two timers, and what they schedule runs in the same advance', async () => {
  const clock = fakeClock();
  const steps: number[] = [];
  const loop = async (): Promise<void> => {
    for (let step = 0; step < 5; step += 1) {
      await wait(clock, 100);
      await new Response('body').text();
      steps.push(clock.monotonic());
    }
  };
  const running = loop();
  await clock.advance(450);
  expect(steps).toEqual([100, 200, 300, 400]);
  await clock.advance(50);
  await running;
});

test('calls made at once move the clock one after the other', async () => {
  const clock = fakeClock();
  await Promise.all([clock.advance(10), clock.advance(20), clock.advance(30)]);
  expect(clock.monotonic()).toBe(60);
});

test('a step of the wall clock moves neither timers nor the monotonic side', async () => {
  const clock = fakeClock();
  const before = clock.now();
  let ran = false;
  clock.schedule(() => (ran = true), 1_000);
  clock.stepWall(-3_600_000);
  await clock.advance(999);
  expect(ran).toBe(false);
  expect(clock.now()).toBe(before - 3_600_000 + 999);
  expect(clock.monotonic()).toBe(999);
});

test('a callback that throws rejects its own advance and no later one', async () => {
  const clock = fakeClock();
  clock.schedule(() => {
    throw new Error('from a timer');
  }, 1);
  await expect(clock.advance(5)).rejects.toThrow('from a timer');
  await expect(clock.advance(5)).resolves.toBeUndefined();
});
