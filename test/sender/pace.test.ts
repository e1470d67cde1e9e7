import { describe, expect, test } from 'vitest';
import { createSender, type SendPacing } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { message, pass, randomFrom, virtualMeta, type VirtualMetaOptions } from './virtual-meta.js';

interface Run {
  readonly cap: number;
  readonly messages: number;
  /** Each direction takes 0 to this many milliseconds. */
  readonly jitterMs: number;
  readonly count: 'accepted' | 'received';
  readonly seed: number;
  readonly pacing?: SendPacing;
}

async function campaign({ cap, messages, jitterMs, count, seed, pacing = 'even' }: Run) {
  const clock = fakeClock();
  const random = randomFrom(seed);
  const meta = virtualMeta(clock, { cap, count, travelMs: () => random() * jitterMs });
  const sender = createSender({ client: meta.client(), throughput: cap, pacing });
  const sends = Array.from({ length: messages }, (_, index) =>
    sender.send(message(`m${String(index)}`, `1555${String(1_000_000 + index)}`)),
  );
  const results = await pass(clock, Promise.all(sends));
  await sender.close();
  const times = meta.accepted.map(({ atMs }) => atMs);
  const first = times[0] ?? 0;
  const seconds = Math.max(1, Math.floor(((times.at(-1) ?? 0) - first) / 1_000));
  return {
    accepted: results.filter(({ outcome }) => outcome === 'accepted').length,
    texts: new Set(meta.accepted.map(({ text }) => text)).size,
    refusedShare: meta.refusals.length / meta.arrivals.length,
    utilisation: times.filter((atMs) => atMs < first + seconds * 1_000).length / seconds / cap,
    maxInOneSecond: meta.maxInOneSecond(),
  };
}

describe('a server that enforces the limit in each trailing second', () => {
  test.each([
    { cap: 20, messages: 400, jitterMs: 20, count: 'received' as const, refused: 0.005, utilisation: 0.96 },
    { cap: 20, messages: 200, jitterMs: 50, count: 'accepted' as const, refused: 0.01, utilisation: 0.94 },
    { cap: 20, messages: 400, jitterMs: 125, count: 'accepted' as const, refused: 0.015, utilisation: 0.89 },
    { cap: 20, messages: 400, jitterMs: 125, count: 'received' as const, refused: 0.02, utilisation: 0.86 },
    { cap: 5, messages: 100, jitterMs: 50, count: 'accepted' as const, refused: 0.015, utilisation: 0.93 },
    { cap: 80, messages: 800, jitterMs: 50, count: 'accepted' as const, refused: 0.015, utilisation: 0.93 },
    { cap: 13, messages: 260, jitterMs: 50, count: 'accepted' as const, refused: 0.015, utilisation: 0.92 },
  ])('accepts all messages: cap $cap, 0 to $jitterMs ms each way, $count messages', async ({ refused, utilisation, ...run }) => {
    const result = await campaign({ ...run, seed: 7 });
    expect(result).toMatchObject({ accepted: run.messages, texts: run.messages });
    expect(result.refusedShare).toBeLessThanOrEqual(refused);
    expect(result.utilisation).toBeGreaterThanOrEqual(utilisation);
  });

  test.each([20, 125, 300])('never rejects with pacing ack, 0 to %i ms each way', async (jitterMs) => {
    const result = await campaign({ cap: 20, messages: 200, jitterMs, count: 'received', seed: 3, pacing: 'ack' });
    expect(result).toMatchObject({ accepted: 200, refusedShare: 0 });
    expect(result.maxInOneSecond).toBeLessThanOrEqual(20);
    expect(result.utilisation).toBeGreaterThan(0.9 / (1 + jitterMs / 1_000));
  });

  test.each([500, 900, 990])('accepts one message and many more %i ms later', async (restMs) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20 });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    await pass(clock, sender.send(message('first')));
    await clock.advance(restMs);
    await pass(
      clock,
      Promise.all(Array.from({ length: 60 }, (_, index) => sender.send(message('next', `1555010${String(1_000 + index)}`)))),
    );
    expect(meta.refusals).toEqual([]);
    expect(meta.maxInOneSecond()).toBeLessThanOrEqual(20);
    await sender.close();
  });

  test('an idle number sends its first message immediately', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20 });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const result = sender.send(message('hello'));
    await clock.advance(0);
    expect(meta.arrivals).toEqual([0]);
    expect(await result).toMatchObject({ outcome: 'accepted', messageId: meta.accepted[0]?.id });
    await sender.close();
  });
});

describe('the wall clock', () => {
  test.each([-8_000, 8_000])('a step of %i ms causes no stall and no burst', async (stepMs) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20, travelMs: () => 10 });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const sends = Promise.all(Array.from({ length: 100 }, (_, index) => sender.send(message('m', `1555010${String(1_000 + index)}`))));
    await clock.advance(1_500);
    clock.stepWall(stepMs);
    await pass(clock, sends);
    const gaps = meta.arrivals.slice(1).map((atMs, index) => atMs - (meta.arrivals[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(200);
    expect(meta.maxInOneSecond()).toBeLessThanOrEqual(20);
    expect(meta.refusals).toEqual([]);
    await sender.close();
  });
});

describe('a limit that is lower than expected', () => {
  const falling = async (options: VirtualMetaOptions, throughput: number, untilMs: number) => {
    const clock = fakeClock();
    const random = randomFrom(11);
    const meta = virtualMeta(clock, { travelMs: () => random() * 40, ...options });
    const sender = createSender({ client: meta.client(), throughput });
    for (let index = 0; index < 1_500; index += 1) void sender.send(message('m', `1555${String(1_000_000 + index)}`));
    await clock.advance(untilMs);
    const { ceiling } = sender.stats();
    await Promise.all([sender.close(), clock.advance(1_000)]);
    return { meta, ceiling };
  };

  test('is found: after a fall from 20 to 5 without notice, under 5 % are rejected in the following minute', async () => {
    const { meta, ceiling } = await falling({ cap: (nowMs) => (nowMs < 10_000 ? 20 : 5) }, 20, 70_000);
    const after = (entries: readonly { readonly atMs: number }[]): number => entries.filter(({ atMs }) => atMs >= 10_000).length;
    const refused = after(meta.refusals);
    const accepted = after(meta.accepted);
    expect(refused / (refused + accepted)).toBeLessThan(0.05);
    expect(accepted).toBeGreaterThan(0.8 * 5 * 60);
    expect(ceiling).toBeLessThanOrEqual(6);
  });

  test('and rises again: most of it is used after 15 s', async () => {
    const { meta } = await falling({ cap: (nowMs) => (nowMs > 5_000 && nowMs < 15_000 ? 5 : 20) }, 20, 40_000);
    expect(meta.accepted.filter(({ atMs }) => atMs >= 30_000 && atMs < 40_000).length).toBeGreaterThan(0.8 * 20 * 10);
  });
});
