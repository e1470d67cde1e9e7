import { describe, expect, test } from 'vitest';
import { createSender, memoryStore, wait, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { message, pass, virtualMeta, type Fault } from './virtual-meta.js';

function setUp(fault?: (number: number) => Fault | undefined) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 50, fault: ({ number }) => fault?.(number) });
  return { clock, meta, client: meta.client(), store: memoryStore({ clock }) };
}

describe.each([true, false])('a key, with a store: %s', (withStore) => {
  const senderOf = ({ client, store }: ReturnType<typeof setUp>) => createSender({ client, throughput: 20, ...(withStore && { store }) });

  test('that was seen before, at the same time or later has one message and one outcome', async () => {
    const all = setUp();
    const sender = senderOf(all);
    const [first, second] = await pass(
      all.clock,
      Promise.all([
        sender.send(message('a'), { key: 'k' }),
        sender.send(message('a'), { key: 'k' }),
        sender.send(message('b'), { key: 'other' }),
      ]),
    );
    const third = await pass(all.clock, sender.send(message('a'), { key: 'k' }));
    expect(first).toMatchObject({ outcome: 'accepted', messageId: all.meta.accepted[0]?.id });
    expect(second).toBe(first);
    expect(third).toEqual(first);
    expect(all.meta.accepted).toHaveLength(2);
    expect(sender.stats()).toMatchObject({ accepted: 2, queued: 0 });
    await sender.close();
  });

  test('replays a rejection by Meta, including the error', async () => {
    const all = setUp(() => ({ code: 131026 }));
    const sender = senderOf(all);
    const first = await pass(all.clock, sender.send(message('a'), { key: 'k' }));
    const second = await pass(all.clock, sender.send(message('a'), { key: 'k' }));
    if (first.outcome !== 'rejected' || second.outcome !== 'rejected') throw new Error('expected two refusals');
    expect(second).toMatchObject({ by: 'meta', error: { name: first.error.name, message: first.error.message, kind: 'undeliverable' } });
    expect(all.meta.arrivals).toHaveLength(1);
    await sender.close();
  });

  test('replays an unknown outcome, and its settlement', async () => {
    const all = setUp(() => 'cut-after');
    const sender = senderOf(all);
    const first = await pass(all.clock, sender.send(message('a'), { key: 'k' }));
    const second = await pass(all.clock, sender.send(message('a'), { key: 'k' }));
    expect([first.outcome, second.outcome]).toEqual(['unknown', 'unknown']);
    expect(all.meta.arrivals).toHaveLength(1);
    await sender.close();
  });

  test('can be used again if the message was never sent', async () => {
    const all = setUp((number) => (number === 1 ? { code: 80007 } : undefined));
    const sender = senderOf(all);
    const controller = new AbortController();
    const first = sender.send(message('a'), { key: 'k', signal: controller.signal });
    await all.clock.advance(1_000);
    controller.abort();
    expect(await pass(all.clock, first)).toMatchObject({ outcome: 'rejected', by: 'aborted' });
    expect(await pass(all.clock, sender.send(message('a'), { key: 'k' }))).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });
});

test('reaches each recipient of a campaign once that was stopped half-way and runs again', async () => {
  const { clock, meta, client, store } = setUp();
  const campaign = Array.from({ length: 60 }, (_, index) => ({
    key: `c${String(index)}`,
    message: message('hello', `1555010${String(1_000 + index)}`),
  }));
  const first = createSender({ client, throughput: 20, store });
  const running = first.sendAll(campaign);
  await clock.advance(1_200);
  const [stopped] = await Promise.all([running, first.close(), clock.advance(1_000)]);
  expect(stopped).toMatchObject({ stoppedBy: 'closed' });
  expect(stopped.rejectedBy.closed).toBeGreaterThan(0);

  const second = createSender({ client, throughput: 20, store });
  const startedAtMs = clock.monotonic();
  expect(await pass(clock, second.sendAll(campaign))).toMatchObject({ accepted: 60, rejected: 0, unknown: 0 });
  expect(new Set(meta.accepted.map(({ to }) => to)).size).toBe(60);
  expect(meta.accepted).toHaveLength(60);
  // Messages that were sent before don't use the window.
  expect(clock.monotonic() - startedAtMs).toBeLessThan(((60 - stopped.accepted) / 20) * 1_000 + 500);
  await second.close();
});

test('is sent by one of the senders that share a store', async () => {
  const { clock, meta, client, store } = setUp();
  const senders = Array.from({ length: 5 }, () => createSender({ client, throughput: 20, store }));
  const results = await pass(clock, Promise.all(senders.map((sender) => sender.send(message('a'), { key: 'k' }))));
  expect(meta.accepted).toHaveLength(1);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'unknown', 'unknown', 'unknown', 'unknown']);
  await Promise.all(senders.map((sender) => sender.close()));
});

test('is unknown and not sent again if it was in flight when its process died', async () => {
  const { clock, meta, client, store } = setUp();
  const dying = createSender({ client, throughput: 20, store });
  void dying.send(message('a'), { key: 'k' });
  await clock.advance(60);
  // The process crashes, so it never receives the response.
  const copy = memoryStore({ clock });
  for (const { key, value } of await store.list('', { limit: 100 })) await copy.set(key, value);
  const next = createSender({ client, throughput: 20, store: copy });
  const result = await pass(clock, next.send(message('a'), { key: 'k' }));
  expect(result.outcome).toBe('unknown');
  expect(meta.accepted).toHaveLength(1);
  await Promise.all([dying.close(), next.close(), clock.advance(1_000)]);
});

describe('the record of a message', () => {
  test('is written before the send, and is removed or final afterwards', async () => {
    const { clock, meta, client, store } = setUp();
    const sender = createSender({ client, throughput: 20, store });
    const sends = Promise.all([sender.send(message('a'), { key: 'k' }), sender.send(message('b', '15550100988'))]);
    await clock.advance(49);
    expect(meta.arrivals).toEqual([]);
    const recorded = async () => (await store.list('', { limit: 20 })).map(({ key }) => key.split('/').slice(0, 2).join('/'));
    expect(await recorded()).toEqual([
      'sender/106540352242922',
      'sender/owner',
      'sender/queue',
      'sender/queue',
      'sender/send',
      'sender/send',
    ]);
    await pass(clock, sends);
    const [key] = await store.list('', { limit: 1 });
    expect(key).toMatchObject({ key: 'sender/106540352242922/key/k', value: { state: 'accepted' } });
    expect(await recorded()).toEqual(['sender/106540352242922', 'sender/owner']);
    await sender.close();
  });

  test("prevents the send if it can't be written", async () => {
    const { clock, meta, client, store } = setUp();
    const broken: Store = {
      ...store,
      set: () => Promise.reject(new Error('disk full')),
      batch: () => Promise.reject(new Error('disk full')),
    };
    const sender = createSender({ client, throughput: 20, store: broken });
    const results = await pass(clock, Promise.all([sender.send(message('a'), { key: 'k' }), sender.send(message('b'))]));
    for (const result of results) {
      expect(result).toMatchObject({
        outcome: 'rejected',
        by: 'guard',
        error: { kind: 'guard', reason: 'not-recorded', cause: { message: 'disk full' } },
      });
    }
    expect(meta.arrivals).toEqual([]);
    await sender.close();
  });

  test("is removed if the message is cancelled during the write, and the message isn't sent", async () => {
    const { clock, meta, client, store } = setUp();
    const slow: Store = { ...store, batch: (operations) => wait(clock, 30).then(() => store.batch(operations)) };
    const sender = createSender({ client, throughput: 20, store: slow });
    const controller = new AbortController();
    const sending = sender.send(message('a'), { key: 'k', signal: controller.signal });
    await clock.advance(10);
    controller.abort();
    expect(await sending).toMatchObject({ outcome: 'rejected', by: 'aborted' });
    await clock.advance(1_000);
    expect(meta.arrivals).toEqual([]);
    await sender.close();
    expect(await store.list('', { limit: 10 })).toEqual([]);
  });

  test("doesn't change the outcome if its last write fails", async () => {
    const { clock, client, store } = setUp();
    let writes = 0;
    const broken: Store = {
      ...store,
      batch: (operations) => ((writes += 1) > 2 ? Promise.reject(new Error('disk full')) : store.batch(operations)),
    };
    const errors: string[] = [];
    const quiet = (): void => undefined;
    const logger = { debug: quiet, info: quiet, warn: quiet, error: (text: string) => void errors.push(text) };
    const sender = createSender({ client, throughput: 20, store: broken, logger });
    expect(await pass(clock, sender.send(message('a'), { key: 'k' }))).toMatchObject({ outcome: 'accepted' });
    expect(errors).toHaveLength(1);
    await sender.close();
  });
});
