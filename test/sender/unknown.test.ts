import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createSender, memoryStore, wait, type SenderEvents, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { callbackDataOf, sealCallbackData, sendIdOf } from '../../src/sender/attempts/callback-data.js';
import { webhookSource } from './webhook-source.js';
import { message, pass, randomFrom, statusOf, virtualMeta, type Fault } from './virtual-meta.js';

describe('an unknown send', () => {
  test("is settled by its status in the webhooks, with the caller's callback data", async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const webhooks = webhookSource();
    const sender = createSender({ client: meta.client(), throughput: 20, webhooks: webhooks.source });
    const settledEvents: SenderEvents['settled'][] = [];
    sender.on('settled', (event) => {
      settledEvents.push(event);
    });
    const result = await pass(clock, sender.send({ ...message('hello'), biz_opaque_callback_data: 'order:4711' }));
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    expect(result.error).toMatchObject({ kind: 'network', delivery: 'unknown' });

    let settled = false;
    void result.settled.then(() => (settled = true));
    await webhooks.deliver({ ...statusOf({ id: 'wamid.OTHER', to: '1', data: 'order:4711' }) });
    await webhooks.deliver({ ...statusOf({ id: 'wamid.OTHER', to: '1', data: undefined }) });
    await clock.advance(60_000);
    expect(settled).toBe(false);

    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    await webhooks.deliver(statusOf(accepted, 'delivered'));
    expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: accepted.id, status: { status: 'delivered' } });
    await clock.advance(0);
    expect(settledEvents).toMatchObject([{ messageId: accepted.id, callbackData: 'order:4711' }]);
    expect(sender.stats()).toMatchObject({ unknown: 1, settled: 1 });

    await webhooks.deliver(statusOf(accepted, 'read'));
    expect(sender.stats().settled).toBe(1);
    await sender.close();
    expect(webhooks.count()).toBe(0);
  });

  test('is settled immediately by a status that arrived before the connection broke', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { travelMs: () => 100, fault: () => 'cut-after' });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const order: string[] = [];
    for (const name of ['unknown', 'settled'] as const) sender.on(name, () => void order.push(name));
    const sending = sender.send(message('hello'));
    await clock.advance(150);
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    expect(await sender.settle(statusOf(accepted))).toBe(false);
    const result = await pass(clock, sending);
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: accepted.id });
    await clock.advance(0);
    expect(order).toEqual(['unknown', 'settled']);
    await sender.close();
  });

  test('stays unsettled if no status arrives before the sender is closed', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: () => 'cut-before' });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const result = await pass(clock, sender.send(message('hello')));
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    await sender.close();
    expect(await result.settled).toEqual({ outcome: 'unsettled' });
  });

  test('of a process that ended is reported by a sweep, no more at a time than its limit', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const options = { client: meta.client(), throughput: 20, store: memoryStore({ clock }), unsettledAfterMs: 60_000 };
    const ended = createSender(options);
    const sends = ['1', '2', '3'].map((text) => ended.send(message(text, `1555010000${text}`), { key: text }));
    await pass(clock, Promise.all(sends));
    await pass(clock, ended.close());
    const sender = createSender(options);
    const keys: (string | undefined)[] = [];
    sender.on('settled', ({ key }) => void keys.push(key));
    expect(await sender.sweep({ limit: 2 })).toEqual({ recovered: 0, unsettled: 0 });
    await clock.advance(61_000);
    for (const unsettled of [2, 1, 0]) expect(await sender.sweep({ limit: 2 })).toEqual({ recovered: 0, unsettled });
    expect(keys.toSorted()).toEqual(['1', '2', '3']);
    await sender.close();
  });

  test("isn't settled by a status of another send", async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const sender = createSender({ client: meta.client(), throughput: 20 });
    await pass(clock, sender.send(message('hello')));
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    expect(await sender.settle(statusOf(accepted))).toBe(false);
    await sender.close();
  });

  test('is reported before it is settled, also with a slow store', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const delaysMs = [10, 20, 100];
    const slow: Store = { ...store, batch: (operations) => wait(clock, delaysMs.shift() ?? 1).then(() => store.batch(operations)) };
    const meta = virtualMeta(clock, { travelMs: () => 10, fault: () => 'cut-after' });
    const sender = createSender({ client: meta.client(), throughput: 20, store: slow });
    const order: string[] = [];
    for (const name of ['unknown', 'settled'] as const) sender.on(name, () => void order.push(name));
    const sending = sender.send(message('hello'), { key: 'k' });
    await clock.advance(60);
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    expect(order).toEqual([]);
    expect(await pass(clock, sender.settle(statusOf(accepted)))).toBe(true);
    expect(await pass(clock, sending)).toMatchObject({ outcome: 'unknown' });
    await clock.advance(0);
    expect(order).toEqual(['unknown', 'settled']);
    expect(await pass(clock, sender.send(message('hello'), { key: 'k' }))).toMatchObject({ outcome: 'accepted', messageId: accepted.id });
    await pass(clock, sender.close());
  });

  test('can be settled by a status in another process, with a store', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const here = createSender({ client: meta.client(), throughput: 20, store });
    const there = createSender({ client: meta.client(), throughput: 20, store });
    const settledThere: SenderEvents['settled'][] = [];
    there.on('settled', (event) => {
      settledThere.push(event);
    });
    await pass(clock, Promise.all([here.send(message('keyed'), { key: 'k1' }), here.send(message('plain', '15550100988'))]));
    for (const accepted of meta.accepted) expect(await there.settle(statusOf(accepted))).toBe(true);
    await clock.advance(0);
    expect(settledThere.map(({ key }) => key).toSorted()).toEqual(['k1', undefined]);
    expect(await pass(clock, here.send(message('keyed'), { key: 'k1' }))).toMatchObject({
      outcome: 'accepted',
      messageId: meta.accepted.find(({ text }) => text === 'keyed')?.id,
    });
    expect(meta.accepted).toHaveLength(2);
    await Promise.all([here.close(), there.close()]);
  });
});

test('is never accepted twice, and settles correctly and never early, with lost responses, 5xx and cut connections', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.boolean(), async (seed, withStore) => {
      const clock = fakeClock();
      const random = randomFrom(seed);
      const faults: readonly (Fault | undefined)[] = [
        'server-error-before',
        'server-error-after',
        'cut-before',
        'cut-after',
        'refused-connection',
      ];
      const meta = virtualMeta(clock, {
        cap: 80,
        travelMs: () => random() * 50,
        fault: () => faults[Math.floor(random() * 10)],
      });
      const store = withStore ? { store: memoryStore({ clock }) } : {};
      const sender = createSender({ client: meta.client(), throughput: 80, ...store });
      const results = await pass(
        clock,
        Promise.all(
          Array.from({ length: 150 }, async (_, index) => {
            const text = `m${String(index)}`;
            const result = await sender.send(message(text, `1555010${String(1_000 + (index % 40))}`), index % 3 === 0 ? { key: text } : {});
            return { text, result, accepted: meta.accepted.find((entry) => entry.text === text) };
          }),
        ),
      );
      const texts = meta.accepted.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      for (const { result, accepted } of results) {
        if (result.outcome === 'accepted') expect(result.messageId).toBe(accepted?.id);
        else expect(result.outcome).toBe('unknown');
      }
      const unknown = results.flatMap(({ result, accepted }) =>
        result.outcome === 'unknown' ? [{ settled: result.settled, accepted }] : [],
      );
      const settled = new Set<string>();
      for (const { settled: promise, accepted } of unknown)
        void promise.then((by) => by.outcome === 'accepted' && settled.add(accepted?.id ?? 'none'));
      await clock.advance(1_000);
      expect(settled.size).toBe(0);
      for (const entry of meta.accepted) await sender.settle(statusOf(entry));
      await clock.advance(0);
      expect([...settled].sort()).toEqual(unknown.flatMap(({ accepted }) => (accepted ? [accepted.id] : [])).sort());
      // The order of the accepted messages of one recipient.
      for (const to of new Set(meta.accepted.map((entry) => entry.to))) {
        const numbers = meta.accepted.filter((entry) => entry.to === to).map(({ text }) => Number(text.slice(1)));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
      await sender.close();
    }),
    { numRuns: 12 },
  );
});

describe('callback data', () => {
  test('of the caller is sent and returned unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,23}$/), fc.option(fc.string({ maxLength: 480 }), { nil: undefined }), (id, own) => {
        const sealed = sealCallbackData(id, own);
        expect(sealed.length).toBeLessThanOrEqual(512);
        expect(sendIdOf(sealed)).toBe(id);
        expect(callbackDataOf(sealed)).toBe(own);
      }),
    );
  });

  test('of other programs settles no send', () => {
    expect(callbackDataOf('order:4711')).toBe('order:4711');
    expect(callbackDataOf(undefined)).toBeUndefined();
    expect(sendIdOf('order:4711')).toBeUndefined();
  });

  test('is the only difference to a plain send', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const sender = createSender({ client: meta.client(), throughput: 20 });
    await pass(clock, sender.send(message('hello')));
    const { biz_opaque_callback_data: data, ...body } = meta.bodies[0] ?? {};
    expect(body).toEqual({ messaging_product: 'whatsapp', ...message('hello') });
    expect(data).toMatch(/^wc1:[\w-]{13,23}$/);
    await sender.close();
  });

  test('of more than 480 characters is rejected before it is queued', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const sender = createSender({ client: meta.client(), throughput: 20 });
    expect(await sender.send({ ...message('hello'), biz_opaque_callback_data: 'x'.repeat(481) })).toMatchObject({
      outcome: 'rejected',
      by: 'guard',
      error: { kind: 'invalid-message', field: 'biz_opaque_callback_data' },
    });
    expect(await pass(clock, sender.send({ ...message('hello'), biz_opaque_callback_data: 'x'.repeat(480) }))).toMatchObject({
      outcome: 'accepted',
    });
    await sender.close();
  });
});
