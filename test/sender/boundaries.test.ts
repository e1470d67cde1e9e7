import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createSender, memoryStore, silentLogger } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { fakeClock } from 'wa-coexist/testing';
import { createMetaStub } from './contract/meta-stub.js';
import { message, pass, virtualMeta } from './virtual-meta.js';
import { webhookSource } from './webhook-source.js';

const number = '106540352242922';

function setUp() {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20 });
  return { clock, meta, store: memoryStore({ clock }), base: { throughput: 20, logger: silentLogger } as const };
}

describe('a sender', () => {
  test.each([5, {}, { phoneNumberId: 3 }, null, true])('rejects a message from an invalid number: %j', async (from) => {
    const { meta, base } = setUp();
    const sender = createSender({ client: meta.client(), ...base });
    const result = await sender.send(message('x'), { from } as never);
    expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { name: 'InvalidArgumentError' } });
    expect(result.outcome === 'rejected' && result.error.message).toContain('phone number ID');
    expect(meta.accepted).toEqual([]);
    await sender.close();
  });

  test('keeps the priority of messages that the next process sends', async () => {
    const { clock, meta, store, base } = setUp();
    const first = createSender({ client: meta.client(), store, ...base });
    await first.pause();
    for (const priority of ['low', 'normal', 'high', 'low', 'normal', 'high'] as const) {
      await pass(clock, first.enqueue(message(priority), { priority }));
    }
    await pass(clock, first.close());
    expect(meta.accepted).toEqual([]);
    // One request at a time, so that the order is that of the priorities.
    const next = createSender({ client: meta.client(), store, concurrency: 1, ...base });
    await pass(clock, next.sweep());
    await pass(clock, next.drain());
    expect(meta.accepted.map(({ text }) => text)).toEqual(['high', 'high', 'normal', 'normal', 'low', 'low']);
    await pass(clock, next.close());
  });

  test('stops listening to a signal when its message has an outcome', async () => {
    const { clock, meta, base } = setUp();
    const sender = createSender({ client: meta.client(), ...base });
    const { signal } = new AbortController();
    const sends = [0, 1, 2].map((index) => sender.send(message(String(index)), { signal }));
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
    await pass(clock, Promise.all(sends));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await pass(clock, sender.close());
  });

  test('applies the stop of a template to the numbers of its WABA, and to no others', async () => {
    const meta = createMetaStub();
    const webhooks = webhookSource();
    const sender = createSender({ client: meta.client(), webhooks: webhooks.source, throughput: 20 });
    const own = { phoneNumberId: number, wabaId: '102290129340398' };
    const other = { phoneNumberId: '106540352242999', wabaId: '102290129340999' };
    const spring = { to: '15550100987', ...template('spring', 'en_US') };
    const send = (from: typeof own) => sender.send(spring, { from, category: 'utility' });
    // From now on, the sender knows the WABAs of the numbers.
    for (const from of [own, other]) expect(await send(from)).toMatchObject({ outcome: 'accepted' });
    await webhooks.deliver({
      type: 'message_template_status_update',
      wabaId: own.wabaId,
      value: { event: 'DISABLED', message_template_name: 'spring', message_template_language: 'en_US', message_template_id: 1 },
    } as never);
    expect(await send(own)).toMatchObject({ outcome: 'rejected', by: 'guard', error: { reason: 'template-disabled' } });
    expect(await send(other)).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });
});
