import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BullSender, BullSenderOptions } from 'wa-coexist/bullmq';
import { text } from '../../sender/contract/contract.js';
import { createMetaStub, type MetaStub } from '../../sender/contract/meta-stub.js';
import { redisInstalled } from '../../stores/redis/server.js';
import { startSenders, type Senders } from './senders.js';

if (!redisInstalled) console.log('Left out: places of numbers on BullMQ, because there is no redis-server on the PATH.');

const waiting = { timeout: 20_000, interval: 10 };
const busy = '106540352244444';
const other = '106540352245555';

describe.runIf(redisInstalled)('processes with one place', { timeout: 60_000 }, () => {
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
  // With `ack`, this Meta, which rejects nothing, never receives more than the rate limit, however busy the machine is.
  const open = (options: Partial<BullSenderOptions> = {}): BullSender =>
    senders.open({ client: meta.client(), prefix: `places-${String(tests)}`, throughput: 20, pacing: 'ack', numbers: 1, ...options });
  const fill = async (sender: BullSender, count: number): Promise<readonly string[]> => {
    const texts = Array.from({ length: count }, (_, index) => String(index));
    for (const each of texts) await sender.enqueue(text(each, `1555010070${String(Number(each) % 8)}`), { from: busy });
    return texts;
  };
  const expectInOrder = (texts: readonly string[]): void => {
    const sent = meta.textsOf(busy);
    expect(sent.toSorted()).toEqual(texts.toSorted());
    for (let recipient = 0; recipient < 8; recipient += 1) {
      const isOwn = (body: string): boolean => Number(body) % 8 === recipient;
      expect(sent.filter(isOwn)).toEqual(texts.filter(isOwn));
    }
  };

  test('sends from another number while one has a backlog, and keeps the order and the rate limit', async () => {
    const sender = open();
    const texts = await fill(sender, 110);
    await vi.waitFor(() => {
      expect(meta.textsOf(busy).length).toBeGreaterThan(5);
    }, waiting);
    for (let index = 0; index < 2; index += 1) {
      const startedAtMs = performance.now();
      expect(await sender.send(text(`small ${String(index)}`), { from: other })).toMatchObject({ outcome: 'accepted' });
      expect(performance.now() - startedAtMs).toBeLessThan(3_000);
      expect(meta.textsOf(busy).length).toBeLessThan(texts.length);
    }
    await sender.drain();
    expectInOrder(texts);
    const times = meta.accepted.filter((each) => each.from === busy).map(({ atMs }) => atMs);
    expect(Math.max(...times.map((start) => times.filter((atMs) => atMs >= start && atMs < start + 1_000).length))).toBeLessThanOrEqual(20);
    await sender.close();
  });

  test('frees the place of a number without messages before it frees others', async () => {
    const sender = open();
    const tookMs: number[] = [];
    for (const [index, from] of [busy, other, busy, other, busy].entries()) {
      const startedAtMs = performance.now();
      await sender.send(text(String(index)), { from });
      tookMs.push(performance.now() - startedAtMs);
    }
    // A conversation stays open for 1.3 s while no number waits. The machine may be busy during some of the sends.
    expect(Math.min(...tookMs.slice(1))).toBeLessThan(1_200);
    await sender.close();
  });

  test('two processes send from three numbers, each message one time and in order', async () => {
    const [one, two] = [open(), open()];
    const third = '106540352246666';
    const texts = await fill(one, 60);
    for (let index = 0; index < 60; index += 1) await one.enqueue(text(`third ${String(index)}`), { from: third });
    await vi.waitFor(() => {
      expect([one, two].map((sender) => sender.stats().numbers)).toEqual([1, 1]);
    }, waiting);
    await one.send(text('small'), { from: other });
    expect(meta.textsOf(other)).toEqual(['small']);
    await Promise.all([one.drain(), two.drain()]);
    expectInOrder(texts);
    expect(meta.textsOf(third)).toHaveLength(60);
    await Promise.all([one.close(), two.close()]);
  });
});
