import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BullSender, BullSenderOptions } from 'wa-coexist/bullmq';
import { text } from '../../sender/contract/contract.js';
import { createMetaStub, type MetaStub } from '../../sender/contract/meta-stub.js';
import { redisInstalled } from '../../stores/redis/server.js';
import { startSenders, type Senders } from './senders.js';

if (!redisInstalled) console.log('Left out: the pace of the next process on BullMQ, because there is no redis-server on the PATH.');

const waiting = { timeout: 20_000, interval: 10 };

describe.runIf(redisInstalled)('the process that sends from a number next', { timeout: 60_000 }, () => {
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
  const from = '106540352243333';
  const prefix = (): string => `pace-${String(tests)}`;
  const open = (options: Partial<BullSenderOptions> = {}): BullSender =>
    senders.open({ client: meta.client({ phoneNumberId: from }), prefix: prefix(), ...options });
  const accepted = async (count: number, to?: string): Promise<void> => {
    await vi.waitFor(() => {
      expect(meta.accepted.filter((each) => to === undefined || each.to === to).length).toBeGreaterThanOrEqual(count);
    }, waiting);
  };
  const times = (): readonly number[] => meta.accepted.map(({ atMs }) => atMs);
  const worstSecond = (): number =>
    Math.max(...times().map((start) => times().filter((atMs) => atMs >= start && atMs < start + 1_000).length));
  const longestPauseMs = (): number => Math.max(...times().map((atMs, index) => atMs - (times()[index - 1] ?? atMs)));

  /** Sends the first messages with one process, and the rest with another. */
  const changeProcess = async (total: number, first: Partial<BullSenderOptions>, next = first): Promise<void> => {
    const sender = open(first);
    const texts = Array.from({ length: total }, (_, index) => String(index));
    for (const each of texts) await sender.enqueue(text(each));
    await accepted(12);
    const other = open(next);
    await sender.close();
    await accepted(total);
    await other.close();
    expect(meta.textsOf(from).toSorted()).toEqual(texts.toSorted());
  };

  test.each(['even', 'ack'] as const)('continues the rate limit without a pause (%s)', async (pacing) => {
    await changeProcess(30, { throughput: 10, pacing });
    // With `even`, a message may arrive slightly too early, and Meta then rejects it.
    expect(worstSecond()).toBeLessThanOrEqual(pacing === 'ack' ? 10 : 12);
    expect(longestPauseMs()).toBeLessThanOrEqual(1_500);
  });

  test('waits for an empty window if Redis does not take the pace', async () => {
    const connection: Redis = senders.connect();
    const set = connection.set.bind(connection);
    Object.assign(connection, {
      set: (key: string, ...others: never[]) =>
        key.endsWith(':pace') ? Promise.reject(new Error('The pace is rejected.')) : set(key, ...(others as [never])),
    });
    const warnings: string[] = [];
    const logger = { debug: () => undefined, info: () => undefined, error: () => undefined, warn: (name: string) => warnings.push(name) };
    await changeProcess(25, { throughput: 10, pacing: 'ack', connection, logger }, { throughput: 10, pacing: 'ack' });
    expect(worstSecond()).toBeLessThanOrEqual(10);
    expect(longestPauseMs()).toBeGreaterThan(1_000);
    expect(warnings).toContain('sender.pace_not_recorded');
  });

  test('continues the pair rate of a recipient', async () => {
    const often = '15550100901';
    const other = '15550100902';
    const first = open();
    for (let index = 0; index < 60; index += 1) await first.enqueue(text(`often ${String(index)}`, often));
    // The first 45 messages use up the burst.
    await accepted(45, often);
    const next = open();
    await first.close();
    for (let index = 0; index < 30; index += 1) await next.enqueue(text(`other ${String(index)}`, other));
    await accepted(30, other);
    expect(meta.accepted.filter(({ to }) => to === often).length).toBeLessThanOrEqual(46);
    await next.close();
    const record = JSON.parse((await senders.connect().get(`${prefix()}:messages-${from}:pace`)) ?? '') as { readonly record: unknown };
    expect(record.record).toMatchObject({ pairs: expect.arrayContaining([[expect.any(String), expect.any(Number), 0]]) as unknown });
  });

  test.each([
    'no JSON',
    'null',
    '{}',
    '{"atMs":"now","record":{}}',
    '{"atMs":0,"record":{"cap":-1,"ceiling":0,"marginMs":0,"raiseInMs":0,"heldForMs":0,"freeInMs":[],"pairs":[]}}',
    '{"atMs":0,"record":{"cap":200,"ceiling":1,"marginMs":0,"raiseInMs":0,"heldForMs":1e9,"freeInMs":[1e9,"x"],"pairs":[["x"],3]}}',
  ])('ignores a record of the pace that is not valid or over: %s', async (record) => {
    await senders.connect().set(`${prefix()}:messages-${from}:pace`, record);
    const sender = open();
    expect(await sender.send(text('hello'))).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });

  test('waits for the time that Meta asked for, and keeps the lower limit that Meta showed', async () => {
    const [seconds] = await senders.connect().time();
    const record = { cap: 200, ceiling: 5, marginMs: 0, raiseInMs: 60_000, heldForMs: 2_000, freeInMs: [], pairs: [] };
    await senders.connect().set(`${prefix()}:messages-${from}:pace`, JSON.stringify({ atMs: Number(seconds) * 1_000 + 1_000, record }));
    const startedAtMs = performance.now();
    const sender = open();
    for (let index = 0; index < 12; index += 1) await sender.enqueue(text(String(index)));
    await accepted(12);
    expect((times()[0] ?? 0) - startedAtMs).toBeGreaterThan(900);
    expect(worstSecond()).toBeLessThanOrEqual(5);
    await sender.close();
  });
});
