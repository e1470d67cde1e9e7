import { describe, expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import type { Webhooks } from 'wa-coexist/webhooks';
import { delivery, metadata, shared, textMessage } from './fixtures/delivery.js';
import { deliver, gate, receiver, settle } from './fixtures/receive.js';

const busy = metadata.phone_number_id;
const quiet = '339900112233446';

/** Returns a delivery of one text to a number. */
function textTo(phoneNumberId: string, id: string, from: string) {
  return delivery({
    field: 'messages',
    value: { ...shared, metadata: { ...metadata, phone_number_id: phoneNumberId }, messages: [textMessage(id, 'Hello', from)] },
  });
}
const slowOnes = (count: number) =>
  Array.from({ length: count }, (_, n) => textTo(busy, `wamid.SLOW${String(n).padStart(4, '0')}`, String(15_550_200_000 + n)));

/** Records started handlers. The handler of a message with SLOW in its ID runs until the gate opens. */
function recorder(webhooks: Webhooks) {
  const slow = gate();
  const begun: string[] = [];
  const done: string[] = [];
  webhooks.on('message', async ({ message }) => {
    begun.push(message.id);
    if (message.id.includes('SLOW')) await slow.promise;
    done.push(message.id);
  });
  return { begun, done, finish: slow.open };
}

describe.each(['handle', 'inbox'] as const)('in mode %s', (mode) => {
  const open = () => {
    const clock = fakeClock();
    return { clock, webhooks: receiver({ mode, clock, store: memoryStore({ clock }) }) };
  };

  test('200 slow customers of one number delay neither another number nor the next customer of their own', async () => {
    const { webhooks } = open();
    const { begun, done, finish } = recorder(webhooks);
    await settle();
    const answers = slowOnes(200).map((body) => deliver(webhooks, body));
    await settle();
    const others = [
      deliver(webhooks, textTo(quiet, 'wamid.QUIET', '15550100987')),
      deliver(webhooks, textTo(busy, 'wamid.NEXT', '15550100988')),
    ];
    await settle();
    expect(done).toEqual(['wamid.QUIET', 'wamid.NEXT']);
    expect(begun).toHaveLength(202);
    finish();
    expect(new Set(await Promise.all([...answers, ...others]))).toEqual(new Set([200]));
  });

  test('a customer who writes a hundred times delays no other customer, and the messages are handled in order', async () => {
    const { webhooks } = open();
    const { begun, done, finish } = recorder(webhooks);
    await settle();
    const flood = Array.from({ length: 100 }, (_, n) => `wamid.SLOW${String(n).padStart(3, '0')}`);
    const answers: Promise<number>[] = [];
    for (const id of flood) answers.push(deliver(webhooks, textTo(busy, id, '15550100987')));
    await settle();
    answers.push(deliver(webhooks, textTo(busy, 'wamid.NEXT', '15550100988')));
    await settle();
    expect(begun).toEqual([flood[0], 'wamid.NEXT']);
    expect(done).toEqual(['wamid.NEXT']);
    finish();
    await Promise.all(answers);
    for (let turn = 0; done.length < 101 && turn < 500; turn += 1) await settle();
    expect(done).toEqual(['wamid.NEXT', ...flood]);
  });

  test('many history and contact events delay no live message, of their own number or another one', async () => {
    const { webhooks } = open();
    const { done } = recorder(webhooks);
    await settle();
    const stuck = gate();
    webhooks.on('history.chunk', () => stuck.promise);
    webhooks.on('contact', () => stuck.promise);
    const floods = Array.from({ length: 300 }, (_, n) =>
      deliver(
        webhooks,
        delivery(
          n % 2 === 0
            ? { field: 'history', value: { ...shared, history: [{ metadata: { chunk_order: n }, threads: [] }] } }
            : {
                field: 'smb_app_state_sync',
                value: { ...shared, state_sync: [{ type: 'contact', action: 'add', contact: { phone_number: `1555020${n}` } }] },
              },
        ),
      ),
    );
    await settle();
    const others = [
      deliver(webhooks, textTo(quiet, 'wamid.QUIET', '15550100987')),
      deliver(webhooks, textTo(busy, 'wamid.NEXT', '15550100988')),
    ];
    await settle();
    expect(done).toEqual(['wamid.QUIET', 'wamid.NEXT']);
    stuck.open();
    await Promise.all([...floods, ...others]);
  });
});

describe('a number with more slow customers than the inbox handles at a time', () => {
  test('leaves the rest in the store, in order, and delays no other number, also with retries', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const webhooks = receiver({ mode: 'inbox', clock, store });
    const { begun, done, finish } = recorder(webhooks);
    const attempts: number[] = [];
    webhooks.on('message', ({ message, delivery: { attempt } }) => {
      if (message.id !== 'wamid.QUIET') return;
      attempts.push(attempt);
      if (attempt === 1) throw new Error('not yet');
    });
    await settle();
    for (const body of slowOnes(400)) expect(await deliver(webhooks, body)).toBe(200);
    await settle();
    expect(begun.length).toBeLessThan(400);
    expect(await deliver(webhooks, textTo(quiet, 'wamid.QUIET', '15550100987'))).toBe(200);
    await settle();
    expect(attempts).toEqual([1]);
    // Its second attempt is in the store, behind all deliveries of the busy number.
    await clock.advance(6_000);
    expect(attempts).toEqual([1, 2]);
    finish();
    for (let turn = 0; done.length < 402 && turn < 500; turn += 1) await settle();
    expect(begun.filter((id) => id !== 'wamid.QUIET')).toEqual(
      Array.from({ length: 400 }, (_, n) => `wamid.SLOW${String(n).padStart(4, '0')}`),
    );
    expect(await store.list('webhooks/due/', { limit: 10 })).toEqual([]);
  });

  test('is taken over by another process if its own stops, and nothing is lost', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const dead = receiver({ mode: 'inbox', clock: fakeClock({ now: new Date(clock.now()) }), store });
    dead.on('message', () => new Promise(() => undefined));
    await settle();
    for (const body of slowOnes(400)) await deliver(dead, body);
    const next = receiver({ mode: 'inbox', clock, store });
    const ids = new Set<string>();
    next.on('message', ({ message }) => void ids.add(message.id));
    for (let turn = 0; ids.size < 400 && turn < 20; turn += 1) await clock.advance(5_000);
    expect(ids.size).toBe(400);
  });
});
