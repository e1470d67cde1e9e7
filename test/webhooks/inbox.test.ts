import { describe, expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import type { DeadLetter } from 'wa-coexist/webhooks';
import { customer, messages, textMessage } from './fixtures/delivery.js';
import { deliver, gate, receiver, settle } from './fixtures/receive.js';

const minute = 60_000;

/** A receiver with an inbox on a store that outlives it. */
function shop(store = memoryStore(), clock = fakeClock()) {
  return { store, clock, open: () => receiver({ mode: 'inbox', store, clock }) };
}

describe('the acknowledgement of a delivery', () => {
  test("doesn't wait for handlers", async () => {
    const { open } = shop();
    const webhooks = open();
    const { promise, open: finish } = gate();
    const ids: string[] = [];
    webhooks.on('message', async (event) => {
      await promise;
      ids.push(event.message.id);
    });
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
    expect(ids).toEqual([]);
    finish();
    await settle();
    expect(ids).toEqual(['wamid.EXAMPLE1']);
  });

  test("is a 500 if the store doesn't accept the delivery, and nothing is handled", async () => {
    const store = { ...memoryStore(), batch: () => Promise.reject(new Error('disk full')) };
    const webhooks = receiver({ mode: 'inbox', store, clock: fakeClock() });
    let handled = 0;
    webhooks.on('message', () => {
      handled += 1;
    });
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(500);
    await settle();
    expect(handled).toBe(0);
  });

  test('is the same for a duplicate, which is handled once', async () => {
    const { open } = shop();
    const webhooks = open();
    let handled = 0;
    webhooks.on('message', () => {
      handled += 1;
    });
    const body = messages(textMessage('wamid.EXAMPLE1'));
    expect(await Promise.all([deliver(webhooks, body), deliver(webhooks, body)])).toEqual([200, 200]);
    await settle();
    expect(await deliver(webhooks, body)).toBe(200);
    await settle();
    expect(handled).toBe(1);
    // One was a duplicate of a delivery in the inbox, and one arrived after the event was handled.
    expect(webhooks.stats()).toMatchObject({ deliveries: 3, handled: 1, dropped: { duplicate: 2 } });
  });
});

describe('a handler that fails', () => {
  test('gets its event again with back-off, and other events are not handled again', async () => {
    const { open, clock } = shop();
    const webhooks = open();
    const tries: [string, number][] = [];
    webhooks.on('message', (event) => {
      tries.push([event.message.id, event.delivery.attempt]);
      if (event.message.id === 'wamid.EXAMPLE2' && event.delivery.attempt < 3) throw new Error('not yet');
    });
    await deliver(
      webhooks,
      messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2'), textMessage('wamid.EXAMPLE3', 'Hi', '15550100555')),
    );
    await settle();
    await clock.advance(900);
    expect(tries.filter(([id]) => id === 'wamid.EXAMPLE2')).toHaveLength(1);
    await clock.advance(200);
    await clock.advance(2_100);
    expect(tries.filter(([id]) => id === 'wamid.EXAMPLE2')).toEqual([
      ['wamid.EXAMPLE2', 1],
      ['wamid.EXAMPLE2', 2],
      ['wamid.EXAMPLE2', 3],
    ]);
    expect(tries.filter(([id]) => id === 'wamid.EXAMPLE1' || id === 'wamid.EXAMPLE3')).toHaveLength(2);
  });

  test('for good creates a dead letter, which can be read, retried and removed', async () => {
    const { store, clock } = shop();
    const webhooks = receiver({ mode: 'inbox', store, clock, retry: { maxAttempts: 3 } });
    let isBroken = true;
    const handled: string[] = [];
    webhooks.on('message', (event) => {
      if (isBroken) throw new Error('the database is down');
      handled.push(event.message.id);
    });
    await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')));
    await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')));
    for (let turn = 0; turn < 5; turn += 1) await clock.advance(minute);
    const letters: DeadLetter[] = [];
    for await (const letter of webhooks.deadLetters.list()) letters.push(letter);
    expect(letters).toHaveLength(2);
    expect(letters[0]).toMatchObject({ attempts: 3, error: 'Error: the database is down', body: { object: 'whatsapp_business_account' } });
    isBroken = false;
    const [first, second] = letters.map(({ id }) => id);
    expect(await webhooks.deadLetters.retry(first!)).toBe(true);
    expect(await webhooks.deadLetters.delete(second!)).toBe(true);
    expect(await webhooks.deadLetters.retry(second!)).toBe(false);
    await clock.advance(minute);
    expect(handled).toHaveLength(1);
    for await (const _letter of webhooks.deadLetters.list()) expect.unreachable();
  });
});

describe('deliveries of an ended process', () => {
  test('are handled by the next one, after the lease has expired', async () => {
    const { store, clock } = shop();
    // Its own clock is stopped, as if the process had been killed while its handler ran.
    const killed = receiver({ mode: 'inbox', store, clock: fakeClock({ now: new Date(clock.now()) }) });
    killed.on('message', () => new Promise(() => undefined));
    expect(await deliver(killed, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
    await settle();
    const next = receiver({ mode: 'inbox', store, clock });
    const ids: string[] = [];
    next.on('message', (event) => {
      ids.push(event.message.id);
    });
    await clock.advance(25_000);
    expect(ids).toEqual([]);
    await clock.advance(15_000);
    expect(ids).toEqual(['wamid.EXAMPLE1']);
  });

  test('that were not started are handled by the next one immediately', async () => {
    const { open, clock, store } = shop();
    const first = open();
    await first.close();
    // Written by a process that crashed between the acknowledgement and the work.
    const second = receiver({ mode: 'inbox', store, clock });
    const ids: string[] = [];
    second.on('message', (event) => {
      ids.push(event.message.id);
    });
    const body = JSON.stringify(messages(textMessage('wamid.EXAMPLE7')));
    await store.batch([
      { type: 'set', key: 'webhooks/inbox/abc', value: { text: body, receivedAtMs: clock.now(), secretIndex: 0 } },
      { type: 'set', key: `webhooks/due/${String(clock.now()).padStart(15, '0')}-000000000000/abc`, value: { attempts: 0 } },
    ]);
    await clock.advance(10_000);
    expect(ids).toEqual(['wamid.EXAMPLE7']);
    expect(await store.list('webhooks/due/', { limit: 10 })).toEqual([]);
    expect(await store.list('webhooks/inbox/', { limit: 10 })).toEqual([]);
  });
});

test('keep the order of one customer through a backlog', async () => {
  const { open } = shop();
  const webhooks = open();
  const ids: string[] = [];
  webhooks.on('message', async (event) => {
    await settle();
    ids.push(event.message.id);
  });
  const sent = Array.from({ length: 300 }, (_, index) => `wamid.EXAMPLE${index}`);
  for (const id of sent) await deliver(webhooks, messages(textMessage(id)));
  while (ids.length < sent.length) await settle();
  expect(ids).toEqual(sent);
});

test('are left in the store on close, which waits for running handlers', async () => {
  const { open, store } = shop();
  const webhooks = open();
  const { promise, open: finish } = gate();
  let handled = 0;
  webhooks.on('message', async () => {
    await promise;
    handled += 1;
  });
  await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1', 'Hello', customer)));
  const closing = webhooks.close();
  finish();
  await closing;
  expect(handled).toBe(1);
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')))).toBe(503);
  expect(await store.list('webhooks/due/', { limit: 10 })).toEqual([]);
});

describe('a process that lost its lease on a delivery', () => {
  /**
   * Two processes on one store. The first one has a delivery in progress and stops for a minute, like a suspended
   * virtual machine, and the second one takes over.
   */
  async function taken(retry: { maxAttempts?: number } = {}) {
    const clock = fakeClock();
    const stopped = fakeClock({ now: new Date(clock.now()) });
    const store = memoryStore({ clock });
    const slow = gate();
    const tries: string[] = [];
    const first = receiver({ mode: 'inbox', store, clock: stopped, retry });
    first.on('message', () => {
      tries.push('first');
      return slow.promise;
    });
    await deliver(first, messages(textMessage('wamid.EXAMPLE1')));
    await settle();
    const second = receiver({ mode: 'inbox', store, clock, retry });
    const later = gate();
    second.on('message', () => {
      tries.push('second');
      return later.promise;
    });
    await clock.advance(45_000);
    await settle();
    const keys = async (prefix: string) => (await store.list(`webhooks/${prefix}/`, { limit: 10 })).map(({ key }) => key);
    return { clock, stopped, slow, later, tries, keys, first, second };
  }

  test('renews nothing, and the delivery has one due time, that of its new holder', async () => {
    const { stopped, tries, keys } = await taken();
    expect(tries).toEqual(['first', 'second']);
    const held = await keys('due');
    await stopped.advance(25_000);
    await settle();
    expect(held).toHaveLength(1);
    expect(await keys('due')).toEqual(held);
  });

  test('records nothing when its handler fails: the attempt of the new holder decides and counts once', async () => {
    const { slow, later, keys, clock, second } = await taken({ maxAttempts: 2 });
    slow.fail(new Error('too late'));
    await settle();
    expect(await keys('due')).toHaveLength(1);
    later.open();
    await settle();
    await clock.advance(minute);
    expect(await Promise.all(['due', 'inbox', 'dead'].map(keys))).toEqual([[], [], []]);
    for await (const _letter of second.deadLetters.list()) expect.unreachable();
  });

  test('creates no dead letter without a body', async () => {
    const { slow, later, keys } = await taken({ maxAttempts: 1 });
    later.open();
    await settle();
    slow.fail(new Error('too late'));
    await settle();
    expect(await Promise.all(['due', 'inbox', 'dead'].map(keys))).toEqual([[], [], []]);
  });
});
