import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from 'wa-coexist';
import { createBullSender, type BullSenderOptions } from 'wa-coexist/bullmq';
import type { ContractSender } from '../../sender/contract/backend.js';
import { collect, inbound, text } from '../../sender/contract/contract.js';
import { createMetaStub, type MetaStub } from '../../sender/contract/meta-stub.js';
import { webhookSource } from '../../sender/webhook-source.js';
import { redisInstalled, startRedis, type RedisServer } from '../../stores/redis/server.js';

if (!redisInstalled) console.log('Left out: control of several processes on BullMQ, because there is no redis-server on the PATH.');

const from = '106540352242922';
const waiting = { timeout: 15_000, interval: 20 };

describe.runIf(redisInstalled)('senders of several processes', { timeout: 60_000 }, () => {
  let server: RedisServer;
  let meta: MetaStub;
  let prefix = 0;
  const senders: ContractSender[] = [];
  const connections: Redis[] = [];

  beforeAll(async () => {
    server = await startRedis('--appendonly', 'yes');
  });
  beforeEach(() => {
    meta = createMetaStub();
    prefix += 1;
  });
  afterEach(async () => {
    await Promise.all(senders.splice(0).map((sender) => sender.close()));
  });
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await server.stop();
  });
  const connect = (): Redis => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    connection.on('error', () => undefined);
    connections.push(connection);
    return connection;
  };
  const open = (own: Partial<BullSenderOptions> = {}): ContractSender => {
    const client = meta.client({ phoneNumberId: from });
    const options = { client, connection: connect(), logger: silentLogger, throughput: 100, prefix: `test-${String(prefix)}` };
    const sender = createBullSender({ ...options, ...own });
    senders.push(sender);
    return sender;
  };
  const worstSecond = (): number => {
    const times = meta.accepted.filter((each) => each.from === from).map(({ atMs }) => atMs);
    return Math.max(0, ...times.map((start) => times.filter((atMs) => atMs >= start && atMs < start + 1_000).length));
  };

  test('a pause stops all of them, keeps the order, and is emitted in each that subscribes', async () => {
    const [sends, alsoSends] = [open({ throughput: 20 }), open({ throughput: 20 })];
    const queues = open({ numbers: 0 });
    const events = collect(queues, 'paused', 'resumed');
    const texts = Array.from({ length: 60 }, (_, index) => String(index));
    const results = Promise.all(texts.map((body) => queues.send(text(body, '15550100001'))));
    await vi.waitFor(() => {
      expect(meta.accepted.length).toBeGreaterThan(5);
    }, waiting);
    await alsoSends.pause({ from });
    await vi.waitFor(() => {
      expect(sends.stats().inFlight + alsoSends.stats().inFlight + sends.stats().queued + alsoSends.stats().queued).toBe(0);
    }, waiting);
    const before = meta.accepted.length;
    expect(before).toBeLessThan(60);
    // Another number that isn't paused still sends.
    expect(await queues.send(text('other'), { from: `9${from}` })).toMatchObject({ outcome: 'accepted' });
    expect(meta.textsOf(from)).toHaveLength(before);
    await queues.resume({ from });
    // The pair rate allows a burst of 45 messages to one recipient.
    await vi.waitFor(() => {
      expect(meta.textsOf(from).length).toBeGreaterThan(Math.min(44, before + 20));
    }, waiting);
    expect(meta.textsOf(from)).toEqual(texts.slice(0, meta.textsOf(from).length));
    expect(worstSecond()).toBeLessThanOrEqual(20);
    expect(events).toEqual([`paused ${from}`, `resumed ${from}`]);
    await Promise.all([sends.close(), alsoSends.close(), queues.close()]);
    await results;
  });

  test('a sender that opens during a pause sends nothing before the end of the pause', async () => {
    const queues = open({ numbers: 0 });
    await queues.pause();
    await queues.enqueue(text('waits'));
    const sends = open();
    const numbers = new Queue('numbers', { connection: connect(), prefix: `test-${String(prefix)}` });
    await vi.waitFor(async () => {
      expect(sends.stats().paused).toBe(true);
      expect(await numbers.getWorkersCount()).toBe(1);
    }, waiting);
    expect(await numbers.getActiveCount()).toBe(0);
    expect(meta.accepted).toEqual([]);
    await sends.resume();
    await queues.drain();
    expect(meta.textsOf(from)).toEqual(['waits']);
    await numbers.close();
  });

  test('campaigns are controlled and reported from any process, and their events reach each that subscribes', async () => {
    const sends = open();
    const queues = open({ numbers: 0 });
    const watches = open({ numbers: 0 });
    const events = [sends, watches].map((sender) => collect(sender, 'paused', 'resumed'));
    await sends.send(text('before'));
    await watches.send(text('before, too'));
    await watches.campaigns.pause('spring');
    const items = Array.from({ length: 10 }, (_, index) => ({ key: `spring-${String(index)}`, message: text(String(index)) }));
    const running = queues.sendAll(items, { campaignId: 'spring' });
    await vi.waitFor(async () => {
      expect(await watches.campaigns.report('spring')).toMatchObject({ state: 'paused', open: 10, accepted: 0 });
    }, waiting);
    await queues.campaigns.resume('spring');
    expect(await running).toMatchObject({ accepted: 10 });
    await vi.waitFor(async () => {
      expect(await watches.campaigns.report('spring')).toMatchObject({ state: 'done', open: 0, accepted: 10 });
    }, waiting);
    await vi.waitFor(() => {
      for (const each of events) expect(each).toEqual(['paused spring', 'resumed spring']);
    }, waiting);
    await queues.enqueue(text('late'), { campaignId: 'spring', notBefore: Date.now() + 1_000 });
    await watches.campaigns.cancel('spring');
    await vi.waitFor(async () => {
      expect(await queues.campaigns.report('spring')).toMatchObject({ state: 'cancelled', open: 0, rejectedBy: { guard: 1 } });
    }, waiting);
  });

  test('an urgent message overtakes a backlog in Redis, and a low one waits for it', async () => {
    const queues = open({ numbers: 0 });
    await queues.enqueue(text('low'), { priority: 'low' });
    for (let index = 0; index < 150; index += 1) await queues.enqueue(text(String(index)));
    await queues.enqueue(text('high'), { priority: 'high' });
    // It fetches about 50 messages ahead.
    open({ throughput: 20 });
    await vi.waitFor(() => {
      expect(meta.textsOf(from)).toContain('high');
    }, waiting);
    expect(meta.textsOf(from).indexOf('high')).toBeLessThan(15);
    await vi.waitFor(() => {
      expect(meta.textsOf(from).length).toBeGreaterThan(30);
    }, waiting);
    expect(meta.textsOf(from)).not.toContain('low');
  });

  test('a message that another process has taken can be cancelled while it waits', async () => {
    const sends = open({ throughput: 2 });
    const queues = open({ numbers: 0 });
    const all = [0, 1, 2, 3, 4, 5].map((index) => queues.send(text(String(index)), { key: String(index) }));
    await vi.waitFor(() => {
      expect(sends.stats().queued).toBeGreaterThan(3);
    }, waiting);
    expect(await queues.cancel('5')).toBe('cancelled');
    expect(await all[5]).toMatchObject({ outcome: 'rejected', by: 'cancelled' });
    await Promise.all(all);
    expect(meta.textsOf(from)).toEqual(['0', '1', '2', '3', '4']);
    expect(await queues.cancel('0')).toBe('already-sent');
  });

  test('sendAll limits its backlog in Redis to its concurrency, whichever process sends', async () => {
    const queues = open({ numbers: 0 });
    open({ throughput: 50 });
    const backlog = new Queue(`messages-${from}`, { connection: connect(), prefix: `test-${String(prefix)}` });
    let most = 0;
    async function* source() {
      for (let index = 0; index < 60; index += 1) {
        const counts = await backlog.getJobCounts('wait', 'prioritized', 'active', 'delayed');
        most = Math.max(
          most,
          Object.values(counts).reduce((total, count) => total + count, 0),
        );
        yield { key: String(index), message: text(String(index)) };
      }
    }
    expect(await queues.sendAll(source(), { concurrency: 10 })).toMatchObject({ accepted: 60 });
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThan(5);
    await backlog.close();
  });

  test("throughput: 'auto' is read by one process for all, and again after a webhook that any of them receives", async () => {
    const webhooks = webhookSource();
    const queues = open({ numbers: 0, throughput: 'auto', webhooks: webhooks.source });
    const first = open({ throughput: 'auto' });
    await queues.send(text('one'));
    await first.close();
    const second = open({ throughput: 'auto' });
    await queues.send(text('two'));
    expect(meta.reads).toEqual([from]);
    await webhooks.deliver({ type: 'phone_number_quality_update', phoneNumberId: from, value: { event: 'THROUGHPUT_UPGRADE' } } as never);
    await queues.send(text('three'));
    await vi.waitFor(() => {
      expect(meta.reads).toEqual([from, from]);
    }, waiting);
    expect(second.stats().numbers).toBe(1);
  });

  test('messages of customers count in the process that sends, whichever process receives them', async () => {
    const webhooks = webhookSource();
    const receives = open({ numbers: 0, chargeInbound: true, webhooks: webhooks.source });
    const paused = collect(open({ throughput: 10, pacing: 'ack' }), 'paused');
    await receives.send(text('one'));
    const startedAtMs = performance.now();
    for (let index = 0; index < 10; index += 1) await webhooks.deliver(inbound(from));
    const connection = connect();
    await vi.waitFor(async () => {
      const news = await connection.xrange(`test-${String(prefix)}:numbers:events`, '-', '+');
      const counts = news
        .filter(([, fields]) => fields.includes('inbound'))
        .map(([, fields]) => Number(fields[fields.indexOf('count') + 1]));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    }, waiting);
    // Events arrive in order, so this process has counted the messages when it receives this one.
    await receives.campaigns.pause('later');
    await vi.waitFor(() => {
      expect(paused).toEqual(['paused later']);
    }, waiting);
    await receives.send(text('two'));
    expect(performance.now() - startedAtMs).toBeGreaterThan(950);
  });

  test('fleetStats counts the messages of all processes', async () => {
    const sends = open({ throughput: 5 });
    const queues = open({ numbers: 0 });
    const all = Array.from({ length: 20 }, (_, index) => queues.send(text(String(index))));
    await vi.waitFor(async () => {
      const fleet = await queues.fleetStats();
      expect(fleet.processes).toBe(2);
      expect(fleet.numbers).toBe(1);
      expect(fleet.queued).toBeGreaterThan(5);
    }, waiting);
    await Promise.all(all);
    expect(sends.stats().accepted).toBe(20);
    expect(queues.stats().accepted).toBe(0);
    expect((await queues.fleetStats()).queued).toBe(0);
  });

  test('sweep continues with messages whose process died before it woke the number', async () => {
    const queues = open({ numbers: 0 });
    await queues.enqueue(text('first'));
    const numbers = new Queue('numbers', { connection: connect(), prefix: `test-${String(prefix)}` });
    for (const job of await numbers.getWaiting()) await job.remove();
    const sends = open();
    // A process that took this number would also have taken the other one.
    expect(await queues.send(text('other'), { from: `9${from}` })).toMatchObject({ outcome: 'accepted' });
    expect(meta.textsOf(from)).toEqual([]);
    expect(await sends.sweep()).toEqual({ recovered: 1, unsettled: 0 });
    await queues.drain();
    expect(meta.textsOf(from)).toEqual(['first']);
    expect(await sends.sweep()).toEqual({ recovered: 0, unsettled: 0 });
    await numbers.close();
  });

  test('an unknown send without a status is reported once, also by the sweep of a process that does not send', async () => {
    const queues = open({ numbers: 0, unsettledAfterMs: 400 });
    const sends = open({ unsettledAfterMs: 400 });
    meta.planOf = () => 'lost';
    const result = await queues.send(text('lost'), { key: 'lost' });
    await sends.close();
    const events = collect(queues, 'settled');
    if (result.outcome !== 'unknown') throw new Error('The outcome is known.');
    await vi.waitFor(async () => {
      expect((await queues.sweep()).unsettled).toBe(1);
    }, waiting);
    expect(await result.settled).toEqual({ outcome: 'unsettled' });
    expect(await queues.sweep()).toMatchObject({ unsettled: 0 });
    await vi.waitFor(() => {
      expect(events).toEqual(['settled lost']);
    }, waiting);
  });

  test("with onUnknown: 'resend', a message in flight is sent again by the process that takes over", async () => {
    const queues = open({ numbers: 0, onUnknown: 'resend' });
    const dies = connect();
    let isFirst = true;
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    meta.planOf = () => {
      const plan = isFirst ? answered : undefined;
      isFirst = false;
      return plan;
    };
    const first = open({ connection: dies });
    const sending = queues.send(text('doubt'), { key: 'doubt' });
    await vi.waitFor(() => {
      expect(isFirst).toBe(false);
    }, waiting);
    // Its lock expires while it is disconnected.
    dies.disconnect();
    open();
    expect(await sending).toMatchObject({ outcome: 'accepted' });
    answer();
    await vi.waitFor(() => {
      expect(meta.textsOf(from)).toEqual(['doubt', 'doubt']);
    }, waiting);
    await dies.connect();
    await first.close();
  });
});
