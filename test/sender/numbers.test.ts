import { describe, expect, test } from 'vitest';
import { createSender, type ClientOptions, type SenderOptions, type RequestTarget } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { message, pass, virtualMeta, type VirtualMetaOptions } from './virtual-meta.js';

function setUp(options: VirtualMetaOptions & Partial<SenderOptions> = {}, own: ClientOptions = {}) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20, ...options });
  const sender = createSender({ client: meta.client(own), throughput: 20, ...options });
  return { clock, meta, sender };
}

describe('one sender for many numbers', () => {
  test('each number has its full throughput, whatever the others do', async () => {
    const { clock, meta, sender } = setUp();
    const numbers = ['1001', '1002', '1003'];
    const sends = numbers.flatMap((from) =>
      Array.from({ length: 60 }, (_, index) => sender.send(message('m', `1555010${String(1_000 + index)}`), { from })),
    );
    await pass(clock, Promise.all(sends));
    for (const from of numbers) {
      const times = meta.accepted.filter((entry) => entry.from === from).map(({ atMs }) => atMs);
      expect(times).toHaveLength(60);
      expect(meta.maxInOneSecond(times)).toBeLessThanOrEqual(20);
    }
    expect(meta.maxInOneSecond()).toBeGreaterThan(50);
    expect(clock.monotonic()).toBeLessThan(3_500);
    await sender.close();
  });

  test('a message uses the token of its number, for the target in `from`', async () => {
    const asked: RequestTarget[] = [];
    const accessToken = (target: RequestTarget): string => {
      asked.push(target);
      return meta.accessToken;
    };
    const { clock, meta, sender } = setUp({}, { accessToken });
    const from = { phoneNumberId: '1001', wabaId: 'waba-1', coexistence: true };
    const results = await pass(clock, Promise.all([sender.send(message('m'), { from }), sender.send(message('m'), { from: '1002' })]));
    expect(results).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(asked).toEqual([from, { phoneNumberId: '1002' }]);
    await sender.close();
  });

  test('a key belongs to its number', async () => {
    const { clock, meta, sender } = setUp();
    const sends = ['1001', '1002', '1001'].map((from) => sender.send(message('m'), { from, key: 'k' }));
    const [first, , third] = await pass(clock, Promise.all(sends));
    expect(third).toBe(first);
    expect(meta.accepted.map(({ from }) => from).sort()).toEqual(['1001', '1002']);
    await sender.close();
  });

  test('events contain the number, and a paused sender also pauses numbers that are added later', async () => {
    const { clock, meta, sender } = setUp();
    const told: string[] = [];
    sender.on('sent', ({ phoneNumberId }) => void told.push(phoneNumberId));
    void sender.pause();
    const sending = sender.send(message('m'), { from: '1001' });
    await clock.advance(5_000);
    expect(meta.arrivals).toEqual([]);
    void sender.resume();
    await pass(clock, sending);
    await clock.advance(0);
    expect(told).toEqual(['1001']);
    await sender.close();
  });

  test('the sender is idle when all numbers are, and forgets idle numbers', async () => {
    const { clock, sender } = setUp();
    let idle = 0;
    sender.on('idle', () => void (idle += 1));
    await pass(clock, Promise.all(['1001', '1002', '1003'].map((from) => sender.send(message('m'), { from }))));
    await clock.advance(0);
    expect(idle).toBe(1);
    expect(sender.stats()).toMatchObject({ numbers: 4, ceiling: 80 });
    await clock.advance(10 * 60_000);
    for (let number = 0; number < 12; number += 1) await pass(clock, sender.send(message('m'), { from: `2${String(number)}` }));
    expect(sender.stats().numbers).toBeLessThan(14);
    for (const from of ['1001', '1002', '1003']) {
      expect(await pass(clock, sender.send(message('again'), { from }))).toMatchObject({ outcome: 'accepted' });
    }
    await sender.close();
    expect(await sender.send(message('late'), { from: '9' })).toMatchObject({ by: 'closed' });
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});
