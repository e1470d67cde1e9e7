import { describe, expect, test } from 'vitest';
import { createClient, createSender, InvalidArgumentError, type Instrument, type OutgoingMessage, type SenderOptions } from 'wa-coexist';
import { coexistencePolicy, sentMessage } from 'wa-coexist/coexistence';
import { template } from 'wa-coexist/messages';
import { fakeClock } from 'wa-coexist/testing';
import { acceptedMessage, recordMeta } from '../meta/recorder.js';
import { message, pass, virtualMeta, type VirtualMetaOptions } from './virtual-meta.js';

function setUp(options: VirtualMetaOptions & Partial<SenderOptions> = {}) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20, ...options });
  const sender = createSender({ client: meta.client(), throughput: 20, ...options });
  const crowd = (count: number, priority: 'high' | 'normal' | 'low' = 'normal') =>
    Array.from({ length: count }, (_, index) =>
      sender.send(message(`crowd${String(index)}`, `1555010${String(1_000 + index)}`), { priority }),
    );
  return { clock, meta, sender, crowd };
}

describe('priorities', () => {
  test('a reply is sent before a campaign of thousands', async () => {
    const { clock, meta, sender, crowd } = setUp();
    const campaign = crowd(2_000, 'low');
    await clock.advance(3_000);
    const askedAtMs = clock.monotonic();
    expect(await pass(clock, sender.send(message('reply', '15550109999')))).toMatchObject({ outcome: 'accepted' });
    expect(clock.monotonic() - askedAtMs).toBeLessThan(200);
    expect(meta.accepted.length).toBeLessThan(70);
    await Promise.all([...campaign, sender.close(), clock.advance(1_000)]);
  });
});

describe('expiresAt', () => {
  test('rejects a message at its expiry, which is never sent', async () => {
    const { clock, meta, sender, crowd } = setUp();
    const sends = crowd(100);
    const late = sender.send(message('late'), { expiresAt: new Date(clock.now() + 1_000) });
    const inTime = sender.send(message('in time', '15550100988'), { expiresAt: new Date(clock.now() + 60_000) });
    await clock.advance(1_001);
    expect(await late).toMatchObject({ outcome: 'rejected', by: 'expired', error: { name: 'NotSentError', reason: 'expired' } });
    expect(await pass(clock, inTime)).toMatchObject({ outcome: 'accepted' });
    await pass(clock, Promise.all(sends));
    expect(meta.accepted.map(({ text }) => text)).not.toContain('late');
    await sender.close();
  });

  test('applies while the sender is paused, after a step of the wall clock, and during the wait after a rejection', async () => {
    const { clock, meta, sender } = setUp({ fault: ({ number }) => (number === 1 ? { code: 80007 } : undefined) });
    const refused = sender.send(message('refused'), { expiresAt: new Date(clock.now() + 5_000) });
    await clock.advance(1_000);
    void sender.pause();
    const stepped = sender.send(message('stepped'), { expiresAt: new Date(clock.now() + 86_400_000) });
    await clock.advance(4_001);
    expect(await refused).toMatchObject({
      by: 'expired',
      error: { cause: { code: 80007 }, message: expect.stringMatching(/The last attempt failed: .*80007/) as string },
    });
    clock.stepWall(2 * 86_400_000);
    await clock.advance(61_000);
    expect(await stepped).toMatchObject({ by: 'expired' });
    void sender.resume();
    await pass(clock, sender.drain());
    expect(meta.accepted).toEqual([]);
    await sender.close();
  });

  test('can be the first or the last time that a Date has, and no other', async () => {
    const { clock, meta, sender } = setUp();
    const lastMs = 8.64e15;
    expect(await pass(clock, sender.send(message('last'), { expiresAt: lastMs }))).toMatchObject({ outcome: 'accepted' });
    expect(await sender.send(message('first'), { expiresAt: -lastMs })).toMatchObject({ by: 'expired' });
    expect(await sender.send(message('later'), { expiresAt: lastMs + 1 })).toMatchObject({ by: 'guard', error: { field: 'expiresAt' } });
    expect(meta.accepted.map(({ text }) => text)).toEqual(['last']);
    await sender.close();
  });

  test('rejects a time in the past and an invalid date', async () => {
    const { sender, clock } = setUp();
    expect(await sender.send(message('a'), { expiresAt: new Date(clock.now() - 1) })).toMatchObject({ by: 'expired' });
    expect(await sender.send(message('a'), { expiresAt: new Date('soon') })).toMatchObject({ by: 'guard', error: { field: 'expiresAt' } });
    await sender.close();
  });
});

describe('signal', () => {
  test('cancels waiting messages immediately, and not those in flight', async () => {
    const { clock, meta, sender } = setUp();
    const controller = new AbortController();
    const sends = Array.from({ length: 50 }, (_, index) =>
      sender.send(message('m', `1555010${String(1_000 + index)}`), { signal: controller.signal }),
    );
    await clock.advance(110);
    const inFlight = sender.stats().inFlight;
    controller.abort(new Error('changed my mind'));
    expect(sender.stats().queued).toBe(0);
    const results = await pass(clock, Promise.all(sends));
    const aborted = results.filter((result) => result.outcome === 'rejected' && result.by === 'aborted');
    expect(inFlight).toBeGreaterThan(0);
    expect(aborted).toHaveLength(50 - meta.accepted.length);
    expect(aborted[0]).toMatchObject({ error: { kind: 'aborted', delivery: 'not-sent', cause: { message: 'changed my mind' } } });
    expect(await sender.send(message('m'), { signal: controller.signal })).toMatchObject({ by: 'aborted' });
    await sender.close();
  });

  test('takes back a message also after all earlier messages with the signal have left', async () => {
    const { clock, meta, sender } = setUp();
    const controller = new AbortController();
    await pass(clock, sender.send(message('sent'), { signal: controller.signal }));
    void sender.pause();
    const waiting = sender.send(message('waits'), { signal: controller.signal });
    await clock.advance(0);
    controller.abort();
    expect(sender.stats().queued).toBe(0);
    expect(await waiting).toMatchObject({ by: 'aborted' });
    expect(meta.accepted.map(({ text }) => text)).toEqual(['sent']);
    await sender.close();
  });

  test('cancels a message that waits for a retry', async () => {
    const { clock, meta, sender } = setUp({ fault: () => ({ code: 131056 }) });
    const controller = new AbortController();
    const sending = sender.send(message('m'), { signal: controller.signal });
    await clock.advance(30);
    controller.abort();
    expect(await pass(clock, sending)).toMatchObject({ by: 'aborted' });
    await clock.advance(100_000);
    expect(meta.arrivals).toHaveLength(1);
    await sender.close();
  });
});

describe('pause, drain, close', () => {
  test('pause starts no more messages, and resume continues', async () => {
    const { clock, meta, sender, crowd } = setUp();
    const sends = crowd(30);
    await clock.advance(500);
    void sender.pause();
    await clock.advance(100);
    const before = meta.arrivals.length;
    await clock.advance(60_000);
    expect(meta.arrivals).toHaveLength(before);
    expect(sender.stats()).toMatchObject({ paused: true, queued: 30 - before });
    void sender.resume();
    await pass(clock, Promise.all(sends));
    expect(meta.accepted).toHaveLength(30);
    expect(meta.maxInOneSecond()).toBeLessThanOrEqual(20);
    await sender.close();
  });

  test('drain waits for all messages, and close rejects waiting messages and finishes those in flight', async () => {
    const { clock, meta, sender, crowd } = setUp();
    const done = Promise.all(crowd(30));
    await pass(clock, sender.drain());
    await done;
    expect(meta.accepted).toHaveLength(30);
    await sender.drain();

    const sends = crowd(30);
    await clock.advance(60);
    await pass(clock, sender.close());
    const results = await Promise.all(sends);
    const closed = results.filter((result) => result.outcome === 'rejected' && result.by === 'closed');
    expect(closed.length).toBeGreaterThan(20);
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(30 - closed.length);
    expect(meta.accepted).toHaveLength(60 - closed.length);
    expect(await sender.send(message('late'))).toMatchObject({ by: 'closed', error: { reason: 'closed' } });
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("close doesn't wait for a delay that Meta asked for", async () => {
    const { clock, sender } = setUp({ fault: () => ({ code: 80007 }) });
    const sending = sender.send(message('m'));
    await clock.advance(10);
    await pass(clock, sender.close());
    expect(await sending).toMatchObject({ by: 'closed' });
    expect(clock.monotonic()).toBeLessThan(100);
  });

  test('close of a sender without work logs nothing', async () => {
    const logged: string[] = [];
    const log = (event: string): void => void logged.push(event);
    const { clock, sender } = setUp({ logger: { debug: log, info: log, warn: log, error: log } });
    await sender.close();
    expect(logged).toEqual([]);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test('await using closes the sender', async () => {
    const { clock, meta, sender } = setUp();
    const sends: Promise<unknown>[] = [];
    await pass(
      clock,
      (async () => {
        await using own = sender;
        sends.push(...Array.from({ length: 30 }, () => own.send(message('m'))));
      })(),
    );
    await Promise.all(sends);
    expect(meta.accepted.length).toBeLessThan(5);
  });
});

describe('events and statistics', () => {
  test('report what happens', async () => {
    const { clock, meta, sender } = setUp({
      fault: ({ number }) => [{ code: 130429 }, undefined, { code: 131026 }, 'cut-after' as const][number - 1],
    });
    const told: string[] = [];
    sender.on('sent', ({ tries, messageId, key }) => void told.push(`sent ${messageId} ${String(tries)} ${String(key)}`));
    sender.on('rejected', ({ by }) => void told.push(`rejected ${by}`));
    sender.on('unknown', ({ error }) => void told.push(`unknown ${error.name}`));
    sender.on('throttled', ({ scope }) => void told.push(`throttled ${scope}`));
    sender.on('retry', ({ message: { to } }) => void told.push(`retry ${String(to)}`));
    sender.on('paused', () => void told.push('paused'));
    sender.on('resumed', () => void told.push('resumed'));
    sender.once('idle', () => void told.push('idle'));
    for (const text of ['one', 'two', 'three']) {
      await pass(clock, sender.send(message(text), { key: text }));
    }
    void sender.pause();
    void sender.resume();
    await clock.advance(0);
    expect(told).toEqual([
      'throttled number',
      'retry 15550100987',
      `sent ${meta.accepted[0]?.id ?? ''} 2 one`,
      'idle',
      'rejected meta',
      'unknown NetworkError',
      'paused',
      'resumed',
    ]);
    expect(sender.stats()).toMatchObject({ queued: 0, inFlight: 0, accepted: 1, rejected: 1, unknown: 1, throttled: 1, paused: false });
    await sender.close();
  });

  test('count as throttled what Meta rejects for a rate, and nothing else that is sent again', async () => {
    const faults = [{ code: 130_429 }, { code: 131_056 }, { code: 80_007 }, 'refused-connection'] as const;
    const { clock, sender } = setUp({ fault: ({ number }) => faults[number - 1] });
    const throttled: unknown[] = [];
    let retries = 0;
    sender.on('throttled', ({ scope, error }) => void throttled.push({ scope, code: (error as { code?: number }).code }));
    sender.on('retry', () => void (retries += 1));
    expect(await pass(clock, sender.send(message('m')))).toMatchObject({ outcome: 'accepted' });
    await clock.advance(0);
    expect(throttled).toEqual([
      { scope: 'number', code: 130_429 },
      { scope: 'recipient', code: 131_056 },
      { scope: 'number', code: 80_007 },
    ]);
    expect(sender.stats().throttled).toBe(3);
    expect(retries).toBe(4);
    await sender.close();
  });

  test("the event of a sent message has the time of the sender's clock, and sentMessage uses it", async () => {
    const { clock, sender } = setUp();
    const times: number[] = [];
    sender.on('sent', (sent) => void times.push(sentMessage(sent).sentAt.getTime()));
    await clock.advance(30 * 86_400_000);
    const beforeMs = clock.now();
    await pass(clock, sender.send(message('a month later')));
    await clock.advance(0);
    expect(times).toHaveLength(1);
    expect(times[0]).toBeGreaterThanOrEqual(beforeMs);
    expect(times[0]).toBeLessThanOrEqual(clock.now());
    await sender.close();
  });

  test('are still correct if a handler fails', async () => {
    const errors: unknown[] = [];
    const quiet = (): void => undefined;
    const logger = { debug: quiet, info: quiet, warn: quiet, error: (text: string) => void errors.push(text) };
    const { clock, sender } = setUp({ logger });
    sender.on('sent', () => {
      throw new Error('handler');
    });
    sender.on('sent', () => Promise.reject(new Error('handler')));
    expect(await pass(clock, sender.send(message('m')))).toMatchObject({ outcome: 'accepted' });
    await clock.advance(0);
    expect(errors).toHaveLength(1);
    await sender.close();
  });

  test('include each attempt in the instrument', async () => {
    const operations: string[] = [];
    const instrument: Instrument = (operation, run) => {
      operations.push(operation);
      return run();
    };
    const { clock, sender } = setUp({ instrument });
    await pass(clock, sender.send(message('m')));
    expect(operations).toEqual(['sender.send']);
    await sender.close();
  });
});

describe('a message that is rejected before it is queued', () => {
  test.each<[string, OutgoingMessage]>([
    ['no recipient', { type: 'text', text: { body: 'hello' } } as OutgoingMessage],
    ['an empty text', message('')],
    ['a template without a name', { to: '15550100987', ...template('', 'en_US') }],
    // Callers without types can omit any member.
    ['half a message', { to: '15550100987', type: 'text' } as unknown as OutgoingMessage],
  ])('%s', async (_name, broken) => {
    const { clock, meta, sender } = setUp();
    expect(await pass(clock, sender.send(broken))).toMatchObject({ outcome: 'rejected', by: 'guard', error: { kind: 'invalid-message' } });
    expect(await pass(clock, sender.send(message('fine')))).toMatchObject({ outcome: 'accepted' });
    expect(meta.arrivals).toHaveLength(1);
    await sender.close();
  });

  test('nothing that Meta alone may judge, with a client that does not validate', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const sender = createSender({ client: meta.client({ validate: false }), throughput: 20 });
    const long = { ...message('fine'), biz_opaque_callback_data: 'x'.repeat(481) };
    expect(await pass(clock, sender.send(long))).toMatchObject({ by: 'guard', error: { field: 'biz_opaque_callback_data' } });
    await pass(clock, sender.send(message('')));
    expect(meta.arrivals).toHaveLength(1);
    await sender.close();
  });

  test('checks a template, and a valid one is sent once', async () => {
    const clock = fakeClock();
    const { fetch, bodies } = recordMeta(acceptedMessage);
    const client = createClient({ accessToken: 'EXAMPLE-TOKEN', phoneNumberId: '1', fetch, clock });
    const sender = createSender({ client, throughput: 20 });
    const sends = Promise.all([
      sender.send({ to: '15550100987', ...template('order_ready', 'en_US') }),
      sender.send({ to: '15550100987', type: 'text', text: { body: 'second' } }),
    ]);
    expect(await pass(clock, sends)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(bodies).toMatchObject([{ type: 'template' }, { type: 'text' }]);
    await sender.close();
  });
});

describe('createSender', () => {
  test('accepts the throughput by name or as a number', async () => {
    const client = virtualMeta(fakeClock()).client();
    const ceilingOf = (options: Omit<SenderOptions, 'client'>) => createSender({ client, ...options }).stats().ceiling;
    expect(ceilingOf({ throughput: 'coexistence' })).toBe(20);
    expect(ceilingOf({ throughput: 'standard' })).toBe(80);
    expect(ceilingOf({ throughput: 'high' })).toBe(1_000);
    const policy = coexistencePolicy({ overrides: { limits: { throughput: 5, standardThroughput: 30, upgradedThroughput: 400 } } });
    expect(ceilingOf({ throughput: 'coexistence', policy })).toBe(5);
    expect(ceilingOf({ throughput: 'standard', policy })).toBe(30);
    expect(ceilingOf({ throughput: 'high', policy })).toBe(400);
    expect(ceilingOf({ throughput: 12 })).toBe(12);
    for (const throughput of [0, -1, 1.5, Number.NaN]) expect(() => ceilingOf({ throughput })).toThrow(InvalidArgumentError);
    await Promise.resolve();
  });

  test('requires a number to send from', async () => {
    const sender = createSender({ client: createClient({ accessToken: 'EXAMPLE-TOKEN' }), throughput: 20 });
    expect(await sender.send(message('hello'))).toMatchObject({ outcome: 'rejected', by: 'guard', error: { name: 'MissingTargetError' } });
    await sender.close();
  });
});
