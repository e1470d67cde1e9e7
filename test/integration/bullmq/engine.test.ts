import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AbortedError, InvalidArgumentError, memoryStore, NotSentError } from 'wa-coexist';
import type { BullSender, BullSenderOptions } from 'wa-coexist/bullmq';
import { text } from '../../sender/contract/contract.js';
import { createMetaStub, type MetaStub } from '../../sender/contract/meta-stub.js';
import { redisInstalled } from '../../stores/redis/server.js';
import { startSenders, type Senders } from './senders.js';

if (!redisInstalled) console.log('Left out: the engine on BullMQ, because there is no redis-server on the PATH.');

const waiting = { timeout: 15_000, interval: 10 };
const from = '106540352247777';
const other = '106540352248888';
const dayMs = 86_400_000;

describe.runIf(redisInstalled)('a sender on BullMQ', { timeout: 30_000 }, () => {
  let senders: Senders;
  let meta: MetaStub;
  let tests = 0;
  beforeAll(async () => {
    senders = await startSenders({ fetch: () => Promise.reject(new Error('Each test has its own Meta.')) });
  });
  beforeEach(() => {
    meta = createMetaStub();
    tests += 1;
  });
  afterAll(() => senders.stop());
  const prefix = (): string => `engine-${String(tests)}`;
  const open = (options: Partial<BullSenderOptions> = {}): BullSender =>
    senders.open({ client: meta.client({ phoneNumberId: from }), prefix: prefix(), ...options });
  const queueOf = (number = from): Queue => new Queue(`messages-${number}`, { connection: senders.connect(), prefix: prefix() });

  test('stats() adds up the numbers that this process sends from', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    meta.planOf = () => answered;
    const sender = open({ throughput: 20 });
    const sends = [from, other].flatMap((number) => [1, 2, 3].map(() => sender.send(text('x', '15550100801'), { from: number })));
    await vi.waitFor(() => {
      expect(sender.stats()).toMatchObject({ numbers: 2, inFlight: 2, queued: 4, held: 0, ceiling: 40, paused: false });
    }, waiting);
    answer();
    await Promise.all(sends);
    expect(sender.stats()).toMatchObject({ accepted: 6, inFlight: 0, queued: 0 });
    await sender.close();
  });

  test('a pause of one number leaves the sessions of others open', async () => {
    const sender = open();
    const watches = open({ numbers: 0 });
    const events: string[] = [];
    sender.on('idle', () => void events.push('idle'));
    watches.on('paused', ({ phoneNumberId }) => void events.push(`paused ${phoneNumberId ?? ''}`));
    await sender.send(text('first'));
    await sender.pause({ from: other });
    await vi.waitFor(() => {
      expect(events).toContain(`paused ${other}`);
    }, waiting);
    await sender.send(text('second'));
    expect(events).toEqual([`paused ${other}`]);
    await Promise.all([sender.close(), watches.close()]);
  });

  test('jobs are kept for an hour, with a key for 30 days, and after an unknown outcome for 8 days', async () => {
    const sender = open({ numbers: 0 });
    const id = await sender.enqueue(text('without'));
    const keyed = await sender.enqueue(text('with'), { key: 'key' });
    const queue = queueOf();
    expect((await queue.getJob(id))?.opts).toMatchObject({ removeOnComplete: { age: 3_600 }, removeOnFail: { age: 8 * 86_400 } });
    expect((await queue.getJob(keyed))?.opts).toMatchObject({
      removeOnComplete: { age: 30 * 86_400 },
      removeOnFail: { age: 30 * 86_400 },
    });
    expect(id).not.toBe(keyed);
    expect(await sender.enqueue(text('again'), { key: 'key' })).toBe(keyed);
    await Promise.all([queue.close(), sender.close()]);
  });

  test('a message is delayed for a year at most, and by a guard for a day', async () => {
    const queues = open({ numbers: 0 });
    const far = await queues.enqueue(text('far'), { notBefore: Date.now() + 800 * dayMs });
    const soon = await queues.enqueue(text('soon'), { notBefore: Date.now() + 10_000 });
    const queue = queueOf();
    const delayOf = async (id: string): Promise<number> => (await queue.getJob(id))?.delay ?? 0;
    expect(Math.round((await delayOf(far)) / dayMs)).toBe(365);
    expect(await delayOf(soon)).toBeGreaterThan(9_000);
    expect(await delayOf(soon)).toBeLessThanOrEqual(10_000);
    const sends = open({ guards: [() => ({ verdict: 'hold', reason: 'long', until: new Date(Date.now() + 30 * dayMs) })] });
    const held = await queues.enqueue(text('held'));
    await vi.waitFor(async () => {
      expect(Math.round(((await queue.getJob(held))?.delay ?? 0) / 60_000)).toBe(1_440);
    }, waiting);
    expect(meta.accepted).toEqual([]);
    await Promise.all([queue.close(), queues.close(), sends.close()]);
  });

  test('an aborted send has the reason of its signal, and a cancelled one has not', async () => {
    const sender = open({ numbers: 0 });
    const controller = new AbortController();
    const options = { notBefore: Date.now() + 60_000, signal: controller.signal };
    const cancelled = sender.send(text('cancelled'), { ...options, key: 'cancelled' });
    const aborted = sender.send(text('aborted'), options);
    await vi.waitFor(async () => {
      expect(await sender.cancel('cancelled')).toBe('cancelled');
    }, waiting);
    expect(await cancelled).toMatchObject({ outcome: 'rejected', by: 'cancelled', error: { reason: 'cancelled' } });
    const reason = new Error('Not needed any more.');
    controller.abort(reason);
    const result = await aborted;
    if (result.outcome !== 'rejected') throw new Error(`The outcome is ${result.outcome}.`);
    expect(result).toMatchObject({ by: 'aborted' });
    expect(result.error).toBeInstanceOf(AbortedError);
    expect(result.error.cause).toBe(reason);
    await sender.close();
  });

  test('cancel finds a message by its ID in any number, if the client has none', async () => {
    const sender = open({ numbers: 0, client: meta.client() });
    await sender.enqueue(text('one'), { from });
    const id = await sender.enqueue(text('two'), { from: other });
    expect(await sender.cancel('none')).toBe('unknown');
    expect(await sender.cancel(id, { from })).toBe('unknown');
    expect(await sender.cancel(id)).toBe('cancelled');
    expect((await sender.fleetStats()).queued).toBe(1);
    const queue = queueOf(other);
    expect(await queue.getJob(id)).toBeUndefined();
    await Promise.all([queue.close(), sender.close()]);
  });

  test('a number that cannot name a queue, and a connection that gives up commands, are rejected', async () => {
    const sender = open({ numbers: 0, client: meta.client() });
    expect(await sender.send(text('x'), { from: 'a:b' })).toMatchObject({ by: 'guard', error: { name: 'InvalidArgumentError' } });
    expect(await sender.send(text('x'), { from: '' })).toMatchObject({ by: 'guard', error: { kind: 'missing-target' } });
    expect(await sender.send(text('x'))).toMatchObject({ by: 'guard', error: { kind: 'missing-target' } });
    await sender.close();
    await expect(sender.enqueue(text('x'), { from })).rejects.toMatchObject({ reason: 'closed' });
    await expect(sender.enqueue(text('x'), { from })).rejects.toBeInstanceOf(NotSentError);
    const gives = new Redis({ lazyConnect: true });
    expect(() => open({ connection: gives })).toThrow(InvalidArgumentError);
    expect(() => open({ connection: gives })).toThrow(/maxRetriesPerRequest/);
  });

  test('sweep reports unknown sends up to its limit', async () => {
    meta.planOf = () => 'lost';
    const sender = open({ unsettledAfterMs: 1_000 });
    for (const key of ['one', 'two']) expect(await sender.send(text(key), { key })).toMatchObject({ outcome: 'unknown' });
    await sender.close();
    const sweeps = open({ numbers: 0, unsettledAfterMs: 1_000 });
    expect(await sweeps.sweep()).toMatchObject({ unsettled: 0 });
    const settled: string[] = [];
    sweeps.on('settled', ({ key, outcome }) => void settled.push(`${outcome} ${key ?? ''}`));
    await vi.waitFor(async () => {
      expect(await sweeps.sweep({ limit: 1 })).toMatchObject({ unsettled: 1 });
    }, waiting);
    expect(settled).toHaveLength(1);
    await vi.waitFor(async () => {
      await sweeps.sweep({ limit: 1 });
      expect(settled.toSorted()).toEqual(['unsettled one', 'unsettled two']);
    }, waiting);
    await sweeps.close();
  });

  test('an unknown send is unsettled for a process that closes, and for each further send with its key once that was reported', async () => {
    meta.planOf = () => 'lost';
    const sender = open({ unsettledAfterMs: 500 });
    const first = await sender.send(text('lost'), { key: 'lost' });
    if (first.outcome !== 'unknown') throw new Error(`The outcome is ${first.outcome}.`);
    await sender.close();
    expect(await first.settled).toEqual({ outcome: 'unsettled' });
    const next = open({ numbers: 0, unsettledAfterMs: 500 });
    await vi.waitFor(async () => {
      expect(await next.sweep()).toMatchObject({ unsettled: 1 });
    }, waiting);
    const again = await next.send(text('again'), { key: 'lost' });
    if (again.outcome !== 'unknown') throw new Error(`The outcome is ${again.outcome}.`);
    // It is known without a further look.
    expect(await Promise.race([again.settled, Promise.resolve('pending')])).toEqual({ outcome: 'unsettled' });
    expect(meta.textsOf(from)).toEqual(['lost']);
    await next.close();
  });

  test('sweep wakes no number without messages', async () => {
    const sender = open({ numbers: 0 });
    const id = await sender.enqueue(text('cancelled'), { from });
    await sender.cancel(id);
    const numbers = new Queue('numbers', { connection: senders.connect(), prefix: prefix() });
    for (const job of await numbers.getWaiting()) await job.remove();
    expect(await sender.sweep()).toEqual({ recovered: 0, unsettled: 0 });
    expect(await numbers.getWaitingCount()).toBe(0);
    await Promise.all([numbers.close(), sender.close()]);
  });

  test('a report counts as open what the queues can still contain', async () => {
    const store = memoryStore();
    const sender = open({ numbers: 0, store });
    const report = async (counted: number) => {
      await store.set('sender/campaign/spring', { state: 'running', counts: { open: counted, accepted: 3 } });
      return sender.campaigns.report('spring');
    };
    // A process that died has not counted its last outcomes.
    expect(await report(2)).toMatchObject({ state: 'done', open: 0, accepted: 3 });
    await sender.enqueue(text('another campaign'));
    expect(await report(2)).toMatchObject({ state: 'running', open: 2 });
    // Another process has counted outcomes of messages that this one has not counted yet.
    for (const counted of [0, -1]) expect(await report(counted)).toMatchObject({ state: 'done', open: 0 });
    await sender.close();
  });

  test('the facts of a number are recorded when they change, and not with each message', async () => {
    const sender = open({ numbers: 0, client: meta.client() });
    const redis = senders.connect();
    const key = `{${prefix()}}:entry:sender/number/${from}`;
    /** What a message with these facts records. */
    const recorded = async (facts: { readonly wabaId?: string; readonly coexistence?: boolean }): Promise<string | null> => {
      await redis.del(key);
      await sender.enqueue(text('x'), { from: { phoneNumberId: from, ...facts } });
      return redis.get(key);
    };
    for (const facts of [{}, { wabaId: '1001' }, { wabaId: '1002' }, { wabaId: '1002', coexistence: false }, {}]) {
      const first = await recorded(facts);
      for (const [name, value] of Object.entries({ phoneNumberId: from, ...facts })) {
        expect(first).toContain(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
      }
      expect(await recorded(facts)).toBeNull();
    }
    await sender.close();
  });

  test('a message that Meta rejected for now is recorded as waiting again, so that another process could send it', async () => {
    meta.planOf = () => ({ code: 130_429 });
    const sender = open();
    const throttled: string[] = [];
    sender.on('throttled', ({ scope }) => void throttled.push(scope));
    const id = await sender.enqueue(text('x'));
    const queue = queueOf();
    await vi.waitFor(async () => {
      expect(throttled).toContain('number');
      expect((await queue.getJob(id))?.progress).toBe('waiting');
    }, waiting);
    meta.planOf = () => undefined;
    await vi.waitFor(() => {
      expect(meta.textsOf(from)).toEqual(['x']);
    }, waiting);
    await Promise.all([queue.close(), sender.close()]);
  });

  test('a session uses the WABA that was recorded last', async () => {
    const targets: unknown[] = [];
    const sends = open({ guards: [] });
    const queues = open({ numbers: 0, client: meta.client() });
    sends.on('sent', ({ phoneNumberId }) => void targets.push(phoneNumberId));
    await queues.enqueue(text('x'), { from: { phoneNumberId: from, wabaId: '102290129340398' } });
    await vi.waitFor(() => {
      expect(targets).toEqual([from]);
    }, waiting);
    const stored = await senders.connect().get(`{${prefix()}}:entry:sender/number/${from}`);
    expect(stored).toContain('"wabaId":"102290129340398"');
    await Promise.all([sends.close(), queues.close()]);
  });
});
