import { describe, expect, test } from 'vitest';
import { createPacer } from '../../src/sender/pacing/pacer.js';
import { simulateCampaign, type Campaign } from './window-simulation.js';

const seeds = Array.from({ length: process.env.WA_COEXIST_LONG === '1' ? 300 : 25 }, (_, index) => index + 1);

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

describe.each(['accepted', 'received'] as const)('a server that counts %s requests', (count) => {
  test.each([
    { cap: 20, messages: 400, jitterMs: 0, refused: 0.005, utilisation: 0.97 },
    { cap: 20, messages: 400, jitterMs: 20, refused: 0.005, utilisation: 0.96 },
    { cap: 20, messages: 200, jitterMs: 50, refused: 0.01, utilisation: 0.94 },
    { cap: 20, messages: 400, jitterMs: 125, refused: 0.015, utilisation: 0.89 },
    { cap: 20, messages: 400, jitterMs: 250, refused: 0.02, utilisation: 0.82 },
    { cap: 5, messages: 100, jitterMs: 50, refused: 0.015, utilisation: 0.93 },
    { cap: 13, messages: 260, jitterMs: 50, refused: 0.015, utilisation: 0.93 },
    { cap: 80, messages: 1_000, jitterMs: 50, refused: 0.015, utilisation: 0.93 },
    { cap: 1_000, messages: 10_000, jitterMs: 20, refused: 0.015, utilisation: 0.95 },
  ])('rejects almost none: cap $cap, $messages messages, 0 to $jitterMs ms each way', ({ refused, utilisation, ...run }) => {
    const results = seeds.slice(0, run.cap >= 1_000 ? 3 : seeds.length).map((seed) => simulateCampaign({ ...run, count }, seed));
    expect(results.map(({ accepted }) => accepted.length)).toEqual(results.map(() => run.messages));
    expect(
      quantile(
        results.map(({ refusedShare }) => refusedShare),
        0.95,
      ),
    ).toBeLessThanOrEqual(refused);
    expect(
      quantile(
        results.map((result) => result.utilisation),
        0.05,
      ),
    ).toBeGreaterThanOrEqual(utilisation);
  });

  test.each([0, 20, 125, 300])('rejects none with pacing ack, 0 to %i ms each way', (jitterMs) => {
    for (const seed of seeds) {
      const { refused, utilisation } = simulateCampaign({ cap: 20, messages: 200, jitterMs, count, pacing: 'ack' }, seed);
      expect(refused).toEqual([]);
      expect(utilisation).toBeGreaterThan(0.9 / (1 + jitterMs / 1_000));
    }
  });

  test.each([0, 20, 50, 125])('is found after a fall from 20 to 5 without notice, 0 to %i ms each way', (jitterMs) => {
    const fallsAtMs = 10_000;
    const campaign: Campaign = {
      cap: 20,
      messages: 2_000,
      jitterMs,
      count,
      serverCap: (afterMs) => (afterMs < fallsAtMs ? 20 : 5),
      untilMs: fallsAtMs + 60_000,
    };
    const after = (times: readonly number[]): number => times.filter((atMs) => atMs >= fallsAtMs).length;
    const results = seeds.map((seed) => simulateCampaign(campaign, seed));
    const shares = results.map(({ accepted, refused }) => after(refused) / (after(accepted) + after(refused)));
    expect(quantile(shares, 0.9)).toBeLessThan(0.05);
    expect(Math.max(...shares)).toBeLessThan(0.1);
    expect(
      quantile(
        results.map(({ accepted }) => after(accepted) / 300),
        0.05,
      ),
    ).toBeGreaterThan(0.7);
  });
});

describe('the shared window', () => {
  /** Returns how many requests can be sent within a second from `fromMs`, if each response takes one millisecond. */
  const roomAt = (pacer: ReturnType<typeof createPacer>, fromMs: number): number => {
    let room = 0;
    for (let nowMs = fromMs; nowMs < fromMs + 990; nowMs += 1) {
      while (pacer.nextAtMs(nowMs) <= nowMs) {
        pacer.ended(pacer.take(nowMs), nowMs + 1, 'accepted');
        room += 1;
      }
    }
    return room;
  };

  test('has less room for sends after inbound messages', () => {
    const pacer = createPacer(20, 'even');
    expect(roomAt(pacer, 10_000)).toBe(20);
    for (let index = 0; index < 12; index += 1) pacer.charge(20_000);
    expect(roomAt(pacer, 20_000)).toBe(8);
    expect(roomAt(pacer, 30_000)).toBe(20);
  });

  test('changes immediately with the limit', () => {
    const pacer = createPacer(20, 'even');
    pacer.changeCap(80);
    expect(pacer.ceiling).toBe(80);
    expect(roomAt(pacer, 10_000)).toBe(80);
    pacer.changeCap(5);
    expect(roomAt(pacer, 20_000)).toBe(5);
  });
});
