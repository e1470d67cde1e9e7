import { describe, expect, test } from 'vitest';
import { createSender } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { pairWaitMs } from '../../src/sender/pacing/pair-rate.js';
import { message, pass, virtualMeta } from './virtual-meta.js';

const hot = '15550100000';

describe('many messages to one recipient', () => {
  test('others are as fast as usual during 150 messages, which keep their order, and Meta rejects none', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20, travelMs: () => 10 });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const own = Array.from({ length: 75 }, (_, index) => sender.send(message(`hot${String(index)}`, hot)));
    const others = Array.from({ length: 75 }, (_, index) => sender.send(message('other', `1555010${String(1_000 + index)}`)));
    await pass(clock, Promise.all(others));
    const othersAtMs = clock.monotonic();
    await pass(clock, Promise.all(own));

    const alone = fakeClock();
    const aloneMeta = virtualMeta(alone, { cap: 20, travelMs: () => 10 });
    const aloneSender = createSender({ client: aloneMeta.client(), throughput: 20 });
    await pass(
      alone,
      Promise.all(Array.from({ length: 75 }, (_, index) => aloneSender.send(message('other', `1555010${String(1_000 + index)}`)))),
    );
    expect(othersAtMs).toBeLessThanOrEqual(alone.monotonic() * 1.2);
    expect(meta.refusals).toEqual([]);
    expect(meta.accepted.filter(({ to }) => to === hot).map(({ text }) => text)).toEqual(own.map((_, index) => `hot${String(index)}`));
    // A burst of 45, then one message in 6 s.
    expect(clock.monotonic()).toBeGreaterThan(29 * 6_000);
    expect(clock.monotonic()).toBeLessThan(32 * 6_000);
    await Promise.all([sender.close(), aloneSender.close()]);
  });

  test('131056 delays only that recipient, by 4ⁿ s and at least by the pair rate', async () => {
    const clock = fakeClock();
    let rejections = 3;
    const meta = virtualMeta(clock, { fault: ({ to }) => (to === hot && rejections-- > 0 ? { code: 131056 } : undefined) });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const waits: number[] = [];
    sender.on('retry', ({ waitMs }) => {
      waits.push(waitMs);
    });
    const slow = sender.send(message('hot', hot));
    await clock.advance(1_000);
    const quick = sender.send(message('other'));
    await clock.advance(0);
    expect(await quick).toMatchObject({ outcome: 'accepted' });
    expect(sender.stats()).toMatchObject({ waitingRecipients: 1, throttled: 1, ceiling: 20 });
    expect(await pass(clock, slow)).toMatchObject({ outcome: 'accepted' });
    expect(waits).toEqual([6_000, 6_000, 16_000]);
    await sender.close();
  });

  test('the delay grows by a factor of four, up to a limit', () => {
    expect([1, 2, 3, 4, 50].map(pairWaitMs)).toEqual([1_000, 4_000, 16_000, 64_000, 4_096_000]);
  });

  test('the pair rate applies to people, and a group is not delayed', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20 });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const group = Array.from({ length: 60 }, () => sender.send({ ...message('all', 'EXAMPLE-GROUP'), recipient_type: 'group' as const }));
    await pass(clock, Promise.all(group));
    expect(clock.monotonic()).toBeLessThan(4_000);
    await sender.close();
  });
});
