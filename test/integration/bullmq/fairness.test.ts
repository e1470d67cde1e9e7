import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisInstalled } from '../../stores/redis/server.js';
import { buildProcess, itemsOf, startFleet, type Fleet, type Item, type Report } from './fleet.js';

if (!redisInstalled) console.log('Left out: fairness between numbers on BullMQ, because there is no redis-server on the PATH.');

const long = Boolean(process.env.WA_COEXIST_LONG);
const cap = 20;
const sizes = long
  ? { processes: 3, places: 5, busy: 15, backlog: 600, small: 25 }
  : { processes: 2, places: 2, busy: 4, backlog: 240, small: 8 };

const expectGood = ({ lost, doubled, outOfOrder, unknown, worstSecond }: Report): void => {
  expect({ lost, doubled, outOfOrder, unknown }).toEqual({ lost: [], doubled: [], outOfOrder: [], unknown: 0 });
  expect(worstSecond).toBeLessThanOrEqual(cap);
};
const enqueue = (fleet: Fleet, child: ChildProcess | undefined, items: readonly Item[]): Promise<void> =>
  child ? fleet.tell(child, { type: 'enqueue', items }, 'enqueued') : Promise.reject(new Error('There is no process.'));

describe.runIf(redisInstalled)('processes with fewer places than busy numbers', { timeout: 240_000 }, () => {
  let built: Awaited<ReturnType<typeof buildProcess>>;
  beforeAll(async () => {
    built = await buildProcess();
  });
  afterAll(() => {
    built.remove();
  });

  const { processes, places, busy, backlog, small } = sizes;
  test(`${String(busy)} numbers with a backlog on ${String(processes * places)} places: ${String(small)} others send their first message soon`, async () => {
    const ofBusy = itemsOf(busy, backlog);
    const ofSmall = itemsOf(small, 1, busy);
    const fleet = await startFleet(built.program, [...ofBusy, ...ofSmall].flat(), cap);
    try {
      const children = await Promise.all(Array.from({ length: processes }, () => fleet.start(places)));
      await Promise.all(
        children.map((child, index) => enqueue(fleet, child, ofBusy.filter((_, number) => number % processes === index).flat())),
      );
      await fleet.reached((0.1 * busy * backlog) / (busy * backlog + small), 60_000);
      const queuedAtMs = performance.now();
      await Promise.all(
        children.map((child, index) => enqueue(fleet, child, ofSmall.filter((_, number) => number % processes === index).flat())),
      );
      await fleet.tookAll(ofSmall.flat(), 60_000);
      const { firstAtMs, lost: queued } = fleet.report();
      const waitsMs = ofSmall.map(([item]) => Math.round((firstAtMs.get(item?.from ?? '') ?? Infinity) - queuedAtMs));
      // Otherwise the small numbers may have waited for the end of the busy ones.
      const stillBusy = ofBusy.filter((items) => items.some(({ text }) => queued.includes(text)));
      await fleet.reached(1, 120_000);
      const { firstAtMs: _, ...figures } = fleet.report();
      console.log(`fairness: ${JSON.stringify({ ...sizes, longestWaitMs: Math.max(...waitsMs), ...figures })}`);
      expect(stillBusy).toHaveLength(busy);
      // Other tests run at the same time, so the short run allows for a busy machine. Without turns, the small numbers
      // would wait for the busy ones.
      expect(Math.max(...waitsMs)).toBeLessThanOrEqual(long ? 3_000 : 8_000);
      expectGood(fleet.report());
      if (long) expect(fleet.report().worstSecond).toBe(cap);
      await Promise.all(children.map((child) => fleet.tell(child, { type: 'close' }, 'closed')));
    } finally {
      await fleet.stop();
    }
  });

  test('a number pauses for at most 10 s after a kill, and for at most 1 s after close()', async () => {
    const items = itemsOf(2, 120);
    const fleet = await startFleet(built.program, items.flat(), cap);
    try {
      const first = await fleet.start();
      await enqueue(fleet, first, items.flat());
      await fleet.reached(0.15, 30_000);
      const second = await fleet.start();
      await fleet.tell(first, { type: 'close' }, 'closed');
      await fleet.reached(0.45, 30_000);
      const { longestPauseMs } = fleet.report();
      // Other tests run at the same time, so the short run allows for a busy machine.
      expect(longestPauseMs).toBeLessThanOrEqual(long ? 1_000 : 3_000);
      await fleet.start();
      second.kill('SIGKILL');
      await fleet.reached(1, 60_000);
      const report = fleet.report();
      console.log(`a close and a kill: ${JSON.stringify({ afterCloseMs: longestPauseMs, afterKillMs: report.longestPauseMs })}`);
      expect(report.longestPauseMs).toBeLessThanOrEqual(10_000);
      expectGood({ ...report, unknown: 0 });
      // Messages that were in flight when the process was killed.
      expect(report.unknown).toBeLessThanOrEqual(cap);
    } finally {
      await fleet.stop();
    }
  });
});
