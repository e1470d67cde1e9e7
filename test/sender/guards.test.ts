import { describe, expect, test } from 'vitest';
import { createSender, NotSentError, type SendGuard, type SendGuardContext, type SenderOptions } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { message, pass, virtualMeta } from './virtual-meta.js';

function setUp(options: Partial<SenderOptions> = {}) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20 });
  return { clock, meta, sender: createSender({ client: meta.client(), throughput: 20, ...options }) };
}

describe('guards', () => {
  test('receive the message and its context, first those of the sender and then those of the message', async () => {
    const asked: [string, SendGuardContext][] = [];
    const guardOf =
      (name: string): SendGuard =>
      (_message, context) => {
        asked.push([name, context]);
        return { verdict: 'pass' };
      };
    const { clock, sender } = setUp({ guards: [guardOf('first'), guardOf('second')] });
    await pass(clock, sender.send(message('m'), { key: 'k', campaignId: 'spring', priority: 'high', guard: guardOf('own') }));
    const context = { phoneNumberId: '106540352242922', key: 'k', campaignId: 'spring', priority: 'high' };
    expect(asked).toEqual([
      ['first', context],
      ['second', context],
      ['own', context],
    ]);
    await sender.close();
  });

  test('reject with their own error, and nothing is sent', async () => {
    const error = new NotSentError('expired');
    const { clock, meta, sender } = setUp({ guards: [async () => ({ verdict: 'reject', error })] });
    expect(await pass(clock, sender.send(message('m'), { key: 'k' }))).toEqual({ outcome: 'rejected', by: 'guard', error });
    expect(meta.arrivals).toEqual([]);
    await sender.close();
  });

  test('reject if they fail, and nothing is sent', async () => {
    const guard: SendGuard = () => {
      throw new Error('database is down');
    };
    const { clock, meta, sender } = setUp();
    expect(await pass(clock, sender.send(message('m'), { guard }))).toMatchObject({
      by: 'guard',
      error: { reason: 'guard-failed', cause: { message: 'database is down' } },
    });
    expect(meta.arrivals).toEqual([]);
    await sender.close();
  });

  test('hold a message while others pass, and held messages are sent in order when the guard passes', async () => {
    const { clock, meta, sender } = setUp();
    const until = new Date(clock.now() + 3_600_000);
    const guard: SendGuard = () =>
      clock.now() < until.getTime() ? { verdict: 'hold', reason: 'a person has the thread', until } : { verdict: 'pass' };
    const held = ['one', 'two', 'three'].map((text) => sender.send(message(text), { guard }));
    expect(await pass(clock, sender.send(message('code')))).toMatchObject({ outcome: 'accepted' });
    expect(sender.stats()).toMatchObject({ queued: 3, held: 3, inFlight: 0 });
    await clock.advance(3_599_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['code']);
    await pass(clock, Promise.all(held));
    expect(meta.accepted.map(({ text }) => text)).toEqual(['code', 'one', 'two', 'three']);
    expect(sender.stats()).toMatchObject({ queued: 0, held: 0 });
    await sender.close();
  });

  test('hold a message until its expiry at most, and not after its signal or the close', async () => {
    const { clock, meta, sender } = setUp();
    const guard: SendGuard = () => ({ verdict: 'hold', reason: 'never', until: new Date(clock.now() + 1_000) });
    const controller = new AbortController();
    const sends = [
      sender.send(message('expires'), { guard, expiresAt: new Date(clock.now() + 5_500) }),
      sender.send(message('aborts'), { guard, signal: controller.signal }),
      sender.send(message('stays'), { guard }),
    ];
    await clock.advance(5_600);
    controller.abort();
    await sender.close();
    expect(await Promise.all(sends)).toMatchObject([{ by: 'expired' }, { by: 'aborted' }, { by: 'closed' }]);
    expect(meta.arrivals).toEqual([]);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});
