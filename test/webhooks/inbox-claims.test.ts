import { expect, test } from 'vitest';
import { memoryStore, StoreError, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { messages, textMessage } from './fixtures/delivery.js';
import { deliver, gate, receiver, settle } from './fixtures/receive.js';

/** A store that counts its writes. */
function counted(): { readonly store: Store; readonly writes: string[] } {
  const inner = memoryStore();
  const writes: string[] = [];
  const count =
    <Arguments extends unknown[], Result>(name: string, run: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      writes.push(name);
      return run(...given);
    };
  const store = {
    ...inner,
    batch: count('batch', inner.batch),
    set: count('set', inner.set),
    setIfAbsent: count('setIfAbsent', inner.setIfAbsent),
    delete: count('delete', inner.delete),
  };
  return { store, writes };
}

test('a delivery with one event needs two writes', async () => {
  const { store, writes } = counted();
  const webhooks = receiver({ mode: 'inbox', store, clock: fakeClock() });
  let handled = 0;
  webhooks.on('message', () => {
    handled += 1;
  });
  await settle();
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  await settle();
  expect(handled).toBe(1);
  expect(writes).toEqual(['batch', 'batch']);
});

test('an event of two deliveries at two processes is handled once', async () => {
  const [store, clock] = [memoryStore(), fakeClock()];
  const { promise, open: finish } = gate();
  const handled: string[] = [];
  const processes = ['first', 'second'].map((name) => {
    const webhooks = receiver({ mode: 'inbox', store, clock });
    webhooks.on('message', async () => {
      await promise;
      handled.push(name);
    });
    return webhooks;
  });
  const [first, second] = processes;
  if (!first || !second) throw new Error('There are two processes.');
  const message = textMessage('wamid.EXAMPLE1');
  expect(await deliver(first, messages(message))).toBe(200);
  await settle();
  // The same event with different bytes.
  expect(await deliver(second, `${JSON.stringify(messages(message))} `)).toBe(200);
  await settle();
  expect(second.stats()).toMatchObject({ handled: 0, pending: 1 });
  finish();
  await settle();
  await clock.advance(60_000);
  await settle();
  expect(handled).toEqual(['first']);
  expect(second.stats()).toMatchObject({ handled: 0, dropped: { duplicate: 1 } });
  expect(await store.list('webhooks/due/', { limit: 9 })).toEqual([]);
});

test('a handler that outlasts the lease keeps its event', async () => {
  const [store, clock] = [memoryStore(), fakeClock()];
  const { promise, open: finish } = gate();
  const handled: string[] = [];
  const open = (name: string) => {
    const webhooks = receiver({ mode: 'inbox', store, clock, handlerTimeoutMs: 600_000 });
    webhooks.on('message', async (event) => {
      await promise;
      handled.push(`${name} ${String(event.delivery.attempt)}`);
    });
    return webhooks;
  };
  const first = open('first');
  expect(await deliver(first, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  const second = open('second');
  for (let step = 0; step < 20; step += 1) {
    await clock.advance(5_000);
    await settle();
  }
  expect(await deliver(second, `${JSON.stringify(messages(textMessage('wamid.EXAMPLE1')))} `)).toBe(200);
  await settle();
  finish();
  await settle();
  await clock.advance(60_000);
  await settle();
  expect(handled).toEqual(['first 1']);
});

test('an event whose handler fails is retried with the next attempt number', async () => {
  const [store, clock] = [memoryStore(), fakeClock()];
  const webhooks = receiver({ mode: 'inbox', store, clock, logger: { debug() {}, info() {}, warn() {}, error() {} } });
  const attempts: number[] = [];
  webhooks.on('message', (event) => {
    attempts.push(event.delivery.attempt);
    if (attempts.length < 3) throw new Error('failed');
  });
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  await settle();
  for (let step = 0; step < 10; step += 1) {
    await clock.advance(1_000);
    await settle();
  }
  expect(attempts).toEqual([1, 2, 3]);
  expect(await deliver(webhooks, `${JSON.stringify(messages(textMessage('wamid.EXAMPLE1')))} `)).toBe(200);
  await settle();
  expect(attempts).toEqual([1, 2, 3]);
});

test.each([
  { fault: 'the renewal of its lease fails', isFaulty: (batches: number) => batches === 2, isApplied: true },
  { fault: 'the write of its result fails', isFaulty: (batches: number) => batches === 5, isApplied: false },
])('an event is handled once if $fault one time', async ({ isFaulty, isApplied }) => {
  const [inner, clock] = [memoryStore(), fakeClock()];
  let batches = 0;
  const store: Store = {
    ...inner,
    async batch(operations) {
      batches += 1;
      if (!isFaulty(batches)) return inner.batch(operations);
      if (isApplied) await inner.batch(operations);
      throw new StoreError('The connection was lost.', 'unknown');
    },
  };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const webhooks = receiver({ mode: 'inbox', store, clock, logger: quiet, handlerTimeoutMs: 600_000 });
  const { promise, open: finish } = gate();
  let handled = 0;
  webhooks.on('message', async () => {
    await promise;
    handled += 1;
  });
  await settle();
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  for (let step = 0; step < 7; step += 1) {
    await clock.advance(5_000);
    await settle();
  }
  finish();
  for (let step = 0; step < 40; step += 1) {
    await settle();
    await clock.advance(5_000);
  }
  await settle();
  expect(handled).toBe(1);
  expect(webhooks.stats()).toMatchObject({ handled: 1, dropped: { duplicate: 1 } });
  expect(await store.list('webhooks/due/', { limit: 9 })).toEqual([]);
});
