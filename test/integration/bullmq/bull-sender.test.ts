import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient, createCoexistence, memoryStore, silentLogger, type GuardVerdict, type OutgoingMessage } from 'wa-coexist';
import { createBullSender, type BullSender, type BullSenderOptions } from 'wa-coexist/bullmq';
import { redisInstalled, startRedis, type RedisServer } from '../../stores/redis/server.js';
import { startCuttingProxy } from '../../stores/redis/cutting-proxy.js';
import { statusOf } from '../../sender/virtual-meta.js';
import { startMeta, type Plan } from './meta-server.js';

if (!redisInstalled) console.log('Left out: the sender on BullMQ, because there is no redis-server on the PATH.');

const from = '106540352242922';
const text = (body: string, to = '15550100987') => ({ to, type: 'text' as const, text: { body } });

describe.runIf(redisInstalled)('a sender on BullMQ', () => {
  let server: RedisServer;
  let plan: (text: string) => Plan = () => 'answer';
  let meta: Awaited<ReturnType<typeof startMeta>>;
  const open: BullSender[] = [];
  const connections: Redis[] = [];

  beforeAll(async () => {
    server = await startRedis('--appendonly', 'yes');
    meta = await startMeta(20, (body) => plan(body));
  });
  afterAll(async () => {
    await Promise.all(open.map((sender) => sender.close()));
    for (const connection of connections) connection.disconnect();
    await meta.close();
    await server.stop();
  });
  const senderOf = (own: Partial<BullSenderOptions> = {}, url = server.url): BullSender => {
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    connection.on('error', () => undefined);
    const client = createClient({ accessToken: meta.accessToken, phoneNumberId: from, baseUrl: meta.url });
    const sender = createBullSender({ client, throughput: 20, connection, ...own });
    connections.push(connection);
    open.push(sender);
    return sender;
  };
  const takenOf = (body: string): number => meta.taken.filter((taken) => taken.text === body).length;

  test('sends what another process queues, and passes the outcome to it', async () => {
    const queues = senderOf({ numbers: 0 });
    const sends = senderOf();
    const sent: string[] = [];
    sends.on('sent', ({ messageId, phoneNumberId, key }) => {
      sent.push(`${messageId} ${phoneNumberId} ${key ?? '-'}`);
    });
    const result = await queues.send(text('hello'), { key: 'hello-1' });
    expect(result).toMatchObject({ outcome: 'accepted', messageId: meta.idOf('hello') });
    expect(sent).toEqual([`${meta.idOf('hello')} ${from} hello-1`]);
    expect(queues.stats()).toMatchObject({ numbers: 0, queued: 0, inFlight: 0, accepted: 0 });
    await Promise.all([queues.close(), sends.close()]);
  });

  test('sends one message for the same key, before, during and after the send, from several processes', async () => {
    const senders = [senderOf(), senderOf(), senderOf({ numbers: 0 })];
    const all = await Promise.all(senders.flatMap((sender) => [1, 2].map(() => sender.send(text('once'), { key: 'once-1' }))));
    const after = await senders[2]?.send(text('another text'), { key: 'once-1' });
    for (const result of [...all, after]) expect(result).toMatchObject({ outcome: 'accepted', messageId: meta.idOf('once') });
    expect(takenOf('once')).toBe(1);
    expect(takenOf('another text')).toBe(0);
    await Promise.all(senders.map((sender) => sender.close()));
  });

  test('a settlement is emitted and logged if the store cannot record it', async () => {
    plan = (body) => (body === 'lost-unrecorded' ? 'cut-after' : 'answer');
    const store = memoryStore();
    const logged: (readonly [string, unknown])[] = [];
    const sender = senderOf({
      store: {
        ...store,
        setIfAbsent: (key, ...others) =>
          key.includes('/settled/') ? Promise.reject(new Error('The disk is full.')) : store.setIfAbsent(key, ...others),
      },
      logger: { ...silentLogger, warn: (name, fields) => logged.push([name, fields]) },
    });
    const settled: string[] = [];
    sender.on('settled', (settlement) => {
      settled.push(settlement.outcome === 'accepted' ? settlement.messageId : settlement.outcome);
    });
    const result = await sender.send(text('lost-unrecorded'));
    const taken = meta.taken.find((each) => each.text === 'lost-unrecorded');
    if (!taken || result.outcome !== 'unknown') throw new Error('Not sent.');
    expect(await sender.settle({ ...statusOf({ ...taken, id: 'wamid.lost' }), phoneNumberId: from })).toBe(true);
    expect(settled).toEqual(['wamid.lost']);
    expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: 'wamid.lost' });
    expect(logged.filter(([name]) => name.startsWith('sender.'))).toEqual([
      ['sender.settled_not_recorded', expect.objectContaining({ phoneNumberId: from, error: new Error('The disk is full.') })],
    ]);
    await sender.close();
  });

  test('settles an unknown send by a status in any process, and only once', async () => {
    plan = (body) => (body === 'lost' ? 'cut-after' : 'answer');
    const sends = senderOf();
    const hears = senderOf({ numbers: 0 });
    const result = await sends.send(text('lost'), { key: 'lost-1' });
    expect(result).toMatchObject({ outcome: 'unknown' });
    const taken = meta.taken.find((each) => each.text === 'lost');
    if (!taken || result.outcome !== 'unknown') throw new Error('Not sent.');
    const status = { ...statusOf({ ...taken, id: 'wamid.lost' }), phoneNumberId: from };
    expect(await hears.settle(status)).toBe(true);
    expect(await hears.settle(status)).toBe(false);
    expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: 'wamid.lost' });
    const again = await hears.send(text('lost'), { key: 'lost-1' });
    expect(again.outcome === 'unknown' && (await again.settled)).toMatchObject({ outcome: 'accepted', messageId: 'wamid.lost' });
    expect(takenOf('lost')).toBe(1);
    await Promise.all([sends.close(), hears.close()]);
  });

  test('releases the key of a message that was rejected before the send, and sends a delayed message later', async () => {
    const verdicts: GuardVerdict[] = [{ verdict: 'hold', reason: 'a moment', until: new Date(Date.now() + 1_000) }, { verdict: 'pass' }];
    const sends = senderOf({
      guards: [({ to }) => (to === '15550100111' ? (verdicts.shift() ?? { verdict: 'pass' }) : { verdict: 'pass' })],
    });
    const startedAtMs = Date.now();
    expect(await sends.send(text('held', '15550100111'))).toMatchObject({ outcome: 'accepted' });
    expect(Date.now() - startedAtMs).toBeGreaterThan(900);
    const late = await sends.send(text('late'), { key: 'late-1', expiresAt: new Date(Date.now() - 1) });
    expect(late).toMatchObject({ outcome: 'rejected', by: 'expired' });
    await sends.close();
    const next = senderOf();
    expect(await next.send(text('late'), { key: 'late-1' })).toMatchObject({ outcome: 'accepted' });
    await next.close();
  });

  test('a group message from a number that the store knows, or from a coexistence client, is rejected before the network', async () => {
    // A number that only this test sends from, so no sender of another test can have it.
    const number = '106540352242777';
    const options = { accessToken: meta.accessToken, phoneNumberId: number, baseUrl: meta.url };
    const client = createClient(options);
    const instance = createCoexistence({ client, saveToken: () => undefined, sweepIntervalMs: false });
    const group: OutgoingMessage = { to: 'group-1', recipient_type: 'group', type: 'text', text: { body: 'to a group' } };
    await instance.onboarding.import({
      wabaId: '102290129340398',
      phoneNumberId: number,
      onboardedAt: new Date(),
      contactsSync: 'requested',
      historySync: 'requested',
    });
    const isOnApp: { coexistence: boolean } = { coexistence: true };
    const rejected = {
      outcome: 'rejected',
      by: 'guard',
      error: { name: 'RestrictedFeatureError', feature: 'groups-api', phoneNumberId: number },
    };
    const known = senderOf({ client });
    expect(await known.send(group)).toMatchObject(rejected);
    expect(await known.send(text('to a customer'))).toMatchObject({ outcome: 'accepted' });
    await known.close();
    const typed = senderOf({ client: createClient({ ...options, ...isOnApp }) });
    expect(await typed.send(group)).toMatchObject(rejected);
    await typed.close();
    await instance.close();
    expect(takenOf('to a group')).toBe(0);
    expect(takenOf('to a customer')).toBe(1);
  });

  test('returns unsent messages in order when it closes, and another process continues', async () => {
    const number = '106540352242999';
    const first = senderOf();
    const texts = Array.from({ length: 60 }, (_, index) => `order-${String(index)}`);
    for (const each of texts) await first.enqueue(text(each), { from: number });
    await vi.waitUntil(() => meta.taken.filter((taken) => taken.from === number).length >= 10, { timeout: 30_000, interval: 20 });
    const second = senderOf();
    await first.close();
    // The pair rate allows a burst of 45 messages to one recipient.
    await vi.waitUntil(() => meta.taken.filter((taken) => taken.from === number).length >= 40, { timeout: 30_000, interval: 20 });
    expect(meta.taken.filter((taken) => taken.from === number).map((taken) => taken.text)).toEqual(
      texts.slice(0, meta.taken.filter((taken) => taken.from === number).length),
    );
    await second.close();
  });

  test.concurrent.each<readonly [what: string, ...marks: readonly string[]]>([
    ['a message was taken', ':wait\r\n', 'lockDuration'],
    ['it was marked', ':', '"left"'],
    ['its outcome was recorded', ':', '"outcome":"accepted"'],
    ['it is held until later', ':', 'heldUntilMs'],
  ])(
    'sends all messages once and in order if the connection breaks before Redis responds to %s',
    async (what, ...[keys = '', mark = '']) => {
      const number = `10654035224${String(what.length)}`;
      const proxy = await startCuttingProxy(server.port, `messages-${number}${keys}`, mark);
      // A separate queue, so that no other process of these tests sends.
      const prefix = number;
      const queues = senderOf({ numbers: 0, prefix });
      let isFirst = true;
      const sends = senderOf(
        {
          prefix,
          guards: [
            () => {
              const holds = isFirst && what.includes('later');
              isFirst = false;
              return holds ? { verdict: 'hold', reason: 'a moment', until: new Date(Date.now() + 2_000) } : { verdict: 'pass' };
            },
          ],
        },
        proxy.url,
      );
      const texts = [1, 2, 3].map((place) => `${what} ${String(place)}`);
      const results = await Promise.all(
        texts.map((each, place) => queues.send(text(each, `1555010020${String(place)}`), { from: number, key: each })),
      );
      expect(proxy.hasCut).toBe(true);
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(texts.map(takenOf)).toEqual([1, 1, 1]);
      expect(await queues.send(text(`${what} 4`), { from: number })).toMatchObject({ outcome: 'accepted' });
      await Promise.all([queues.close(), sends.close()]);
      proxy.close();
    },
  );

  test.concurrent('sends all messages once and in order if it loses a number and gets it again before it notices', async () => {
    const number = '106540352246000';
    const sends = senderOf({ prefix: number });
    const texts = Array.from({ length: 120 }, (_, index) => `again-${String(index)}`);
    const taken = (): readonly string[] => meta.taken.filter((each) => each.from === number).map((each) => each.text);
    const reached = async (count: number): Promise<void> => {
      await vi.waitUntil(() => taken().length >= count, { timeout: 30_000, interval: 20 });
    };
    const enqueue = async (index: number): Promise<void> => {
      await reached(index - 30);
      await sends.enqueue(text(texts[index] ?? '', `1555010030${String(index % 10)}`), { from: number });
    };
    for (let index = 0; index < 40; index += 1) await enqueue(index);
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    const numbers = new Queue('numbers', { connection, prefix: number });
    const [wake] = await numbers.getActive();
    await wake?.moveToWait((await connection.get(`${number}:numbers:${String(wake.id)}:lock`)) ?? '');
    await reached(40);
    for (let index = 40; index < texts.length; index += 1) await enqueue(index);
    await reached(texts.length);
    const messages = new Queue(`messages-${number}`, { connection, prefix: number });
    expect(await messages.getWorkersCount()).toBe(1);
    for (let recipient = 0; recipient < 10; recipient += 1) {
      const own = texts.filter((_, index) => index % 10 === recipient);
      expect(taken().filter((each) => own.includes(each))).toEqual(own);
    }
    await Promise.all([numbers.close(), messages.close(), sends.close()]);
    connection.disconnect();
  });

  test.concurrent('settles a lost message with its late response: Redis was away for longer than a lock', async ({ onTestFinished }) => {
    const number = '106540352245000';
    const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = await startMeta(20, () => held);
    onTestFinished(async () => {
      await slow.close();
      await redis.stop();
    });
    const client = createClient({ accessToken: slow.accessToken, baseUrl: slow.url });
    const sends = senderOf({ client }, redis.url);
    const sending = sends.send(text('slow'), { from: number, key: 'slow-1' });
    await vi.waitUntil(() => slow.taken.length > 0, { timeout: 30_000, interval: 20 });
    // Simulates an outage of Redis until the locks expired. Its clock can't be injected.
    const connection = new Redis(redis.url);
    const locks = await connection.keys('*:lock');
    expect(locks.length).toBeGreaterThan(0);
    await connection.del(...locks);
    connection.disconnect();
    await redis.kill();
    await redis.restart();
    const result = await sending;
    if (result.outcome !== 'unknown') throw new Error(`The outcome is ${result.outcome}.`);
    answer();
    expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: slow.idOf('slow') });
    expect(slow.taken).toHaveLength(1);
    await sends.close();
  });

  test.concurrent('closes after Redis is back, if close() was called in the meantime', async ({ onTestFinished }) => {
    const redis = await startRedis('--appendonly', 'yes');
    onTestFinished(() => redis.stop());
    const sends = senderOf({}, redis.url);
    expect(await sends.send(text('before'))).toMatchObject({ outcome: 'accepted' });
    await redis.kill();
    const closing = sends.close();
    await redis.restart();
    await closing;
  });

  test('reports a Redis that lost its data', async () => {
    const forgetful = await startRedis();
    const connection = new Redis(forgetful.url, { maxRetriesPerRequest: null });
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => {
      warnings.push(warning.message);
    };
    process.on('warning', onWarning);
    const client = createClient({ accessToken: 'EXAMPLE-TOKEN', phoneNumberId: from });
    const sender = createBullSender({ client, throughput: 20, connection, numbers: 0 });
    await vi.waitUntil(() => warnings.length > 0, { timeout: 10_000, interval: 10 });
    expect(warnings[0]).toContain('appendonly');
    process.off('warning', onWarning);
    await sender.close();
    connection.disconnect();
    await forgetful.stop();
  });

  test('rejects a Redis that evicts keys, unless an option allows it', async ({ onTestFinished }) => {
    const evicting = await startRedis('--appendonly', 'yes', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    onTestFinished(() => evicting.stop());
    const rejecting = senderOf({}, evicting.url);
    const rejected = { name: 'StoreError', reason: 'evicting', message: expect.stringContaining('noeviction') as unknown };
    await expect(rejecting.send(text('rejected'))).rejects.toMatchObject(rejected);
    await expect(rejecting.enqueue(text('rejected'))).rejects.toMatchObject(rejected);
    expect(takenOf('rejected')).toBe(0);
    const allowing = senderOf({ eviction: 'allow' }, evicting.url);
    expect(await allowing.send(text('allowed'))).toMatchObject({ outcome: 'accepted' });
    await allowing.close();
    // After the setting is corrected, the same sender works.
    const admin = new Redis(evicting.url);
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await rejecting.send(text('accepted later'))).toMatchObject({ outcome: 'accepted' });
    await rejecting.close();
    admin.disconnect();
  });

  test('resolves a message that Redis has lost as unknown, with a typed error', async ({ onTestFinished }) => {
    const redis = await startRedis('--appendonly', 'yes');
    onTestFinished(() => redis.stop());
    const number = '106540352242666';
    // It only queues, and no other process sends.
    const sends = senderOf({ numbers: 0 }, redis.url);
    const outcome = sends.send(text('lost'), { from: number });
    const admin = new Redis(redis.url);
    await expect.poll(() => admin.keys('*messages-*')).not.toEqual([]);
    await admin.flushall();
    expect(await outcome).toMatchObject({ outcome: 'unknown', error: { name: 'StoreError', reason: 'missing' } });
    await sends.close();
    admin.disconnect();
  }, 30_000);
});
