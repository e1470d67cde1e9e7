import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createSender, memoryStore, type SenderEvents, type SenderOptions, type Store } from 'wa-coexist';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { message, pass, randomFrom, statusOf, virtualMeta, type Fault } from './virtual-meta.js';

/** A process with a sender that can crash. From then on, none of its calls reaches Meta or the store. */
function life(clock: FakeClock, meta: ReturnType<typeof virtualMeta>, store: Store, options: Partial<SenderOptions> = {}) {
  let dead = false;
  const never = (): Promise<never> => new Promise(() => undefined);
  const guarded =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    (...args: Arguments): Promise<Result> =>
      dead ? never() : call(...args).then((result) => (dead ? never() : result));
  const mortal: Store = {
    get: guarded(store.get),
    set: guarded(store.set),
    setIfAbsent: guarded(store.setIfAbsent),
    delete: guarded(store.delete),
    list: guarded(store.list),
    batch: guarded(store.batch),
  };
  const sender = createSender({ client: meta.client({ fetch: guarded(meta.fetch) }), throughput: 20, store: mortal, ...options });
  return {
    sender,
    die: () => {
      dead = true;
    },
  };
}

const texts = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
const toOf = (index: number): string => `1555010${String(1_000 + (index % 17))}`;

describe('enqueue', () => {
  test('returns an ID once the message is stored, before Meta has it, and events contain the ID', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { travelMs: () => 1_000 });
    const { sender } = life(clock, meta, memoryStore({ clock }));
    const sent: SenderEvents['sent'][] = [];
    sender.on('sent', (event) => void sent.push(event));
    const id = await sender.enqueue(message('hello'), { key: 'k' });
    expect(meta.accepted).toEqual([]);
    expect(await sender.enqueue(message('hello'), { key: 'k' })).toBe(id);
    await pass(clock, sender.drain());
    await clock.advance(0);
    expect(sent).toMatchObject([{ id, key: 'k', messageId: meta.accepted[0]?.id }]);
    expect(await sender.enqueue(message('hello'), { key: 'k' })).toBe(id);
    expect(meta.accepted).toHaveLength(1);
    await sender.close();
  });

  test('requires a store and a valid message', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const without = createSender({ client: meta.client(), throughput: 20 });
    await expect(without.enqueue(message('hello'))).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'store' });
    const { sender } = life(clock, meta, memoryStore({ clock }));
    await expect(sender.enqueue(message(''))).rejects.toMatchObject({ name: 'InvalidMessageError' });
    await Promise.all([without.close(), sender.close()]);
    await expect(sender.enqueue(message('late'))).rejects.toMatchObject({ reason: 'closed' });
  });

  test('outlives close: the next start sends waiting messages immediately, in order', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { travelMs: () => 10 });
    const first = life(clock, meta, store);
    void first.sender.pause();
    for (const text of texts(250)) await first.sender.enqueue(message(text));
    const refused = first.sender.send(message('not kept'));
    await first.sender.close();
    expect(await refused).toMatchObject({ by: 'closed' });
    expect(meta.accepted).toEqual([]);

    const second = life(clock, meta, store);
    await clock.advance(0);
    expect(second.sender.stats().queued).toBeGreaterThan(0);
    await pass(clock, second.sender.drain());
    // One recipient: a burst of 45, then the pair rate applies.
    expect(meta.accepted.map(({ text }) => text)).toEqual(texts(250));
    await clock.advance(10_000);
    await second.sender.close();
    expect(await store.list('', { limit: 10 })).toEqual([]);
  });

  test("reads messages in parts if they don't fit in memory", async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { cap: 1_000 });
    const first = life(clock, meta, store, { throughput: 1_000 });
    void first.sender.pause();
    await Promise.all(texts(3_000).map((text, index) => first.sender.enqueue(message(text, `1555${String(1_000_000 + index)}`))));
    await first.sender.close();
    const second = life(clock, meta, store, { throughput: 1_000 });
    void second.sender.pause();
    await clock.advance(1_000);
    expect(second.sender.stats().queued).toBe(1_000);
    void second.sender.resume();
    await pass(
      clock,
      (async () => {
        while (meta.accepted.length < 3_000) await new Promise<void>((resolve) => clock.schedule(resolve, 100));
      })(),
    );
    expect(meta.accepted.map(({ text }) => text)).toEqual(texts(3_000));
    await second.sender.close();
  });
});

describe('close', () => {
  test('leaves a message in the outbox whose departure the store records too late', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const store = memoryStore({ clock });
    const slow: Store = {
      ...store,
      batch: async (operations) => {
        const leaves = operations.some(({ key }) => key.startsWith('sender/send/'));
        if (leaves) await new Promise<void>((resolve) => void clock.schedule(resolve, 30_000));
        return store.batch(operations);
      },
    };
    const first = createSender({ client: meta.client(), throughput: 20, store: slow });
    await pass(clock, first.enqueue(message('kept'), { key: 'kept' }));
    await clock.advance(100);
    await pass(clock, first.close());
    await clock.advance(60_000);
    expect(await store.list('sender/queue/', { limit: 10 })).toHaveLength(1);
    const next = createSender({ client: meta.client(), throughput: 20, store });
    await clock.advance(60_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['kept']);
    await pass(clock, next.close());
  });

  test('waits for a message in progress, even if another one of the same sender got its outcome from the record', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const store = memoryStore({ clock });
    const earlier = createSender({ client: meta.client(), throughput: 20, store });
    await pass(clock, earlier.send(message('sent'), { key: 'sent' }));
    await pass(clock, earlier.close());
    const delays = { 'sender/send/': 200, 'sender/queue/': 20 };
    const slow: Store = {
      ...store,
      batch: async (operations) => {
        const delay = Object.entries(delays).find(([prefix]) => operations[0]?.key.startsWith(prefix));
        if (delay) await new Promise<void>((resolve) => void clock.schedule(resolve, delay[1]));
        return store.batch(operations);
      },
    };
    const closing = createSender({ client: meta.client(), throughput: 20, store: slow });
    await pass(clock, closing.enqueue(message('kept', '15550100988'), { key: 'kept' }));
    await clock.advance(5);
    void closing.pause();
    const again = closing.enqueue(message('sent'), { key: 'sent' });
    await pass(clock, Promise.all([closing.close(), again]));
    await clock.advance(1_000);
    const next = createSender({ client: meta.client(), throughput: 20, store });
    await clock.advance(60_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['sent', 'kept']);
    await pass(clock, next.close());
  });
});

describe('a crash', () => {
  test('at any time loses and duplicates no message, and messages in flight are unknown and settle', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 2_500 }), fc.boolean(), async (seed, diesAtMs, again) => {
        const clock = fakeClock();
        const random = randomFrom(seed);
        const store = memoryStore({ clock });
        const faults: readonly (Fault | undefined)[] = ['cut-after', 'server-error-before', { code: 130429 }, 'refused-connection'];
        const meta = virtualMeta(clock, { travelMs: () => random() * 60, fault: () => faults[Math.floor(random() * 40)] });
        const outcomes = new Map<string, string[]>();
        const settled = new Set<string>();
        const watch = ({ sender }: ReturnType<typeof life>): void => {
          const note = (event: { message: { text?: { body: string } } }, outcome: string): void => {
            const text = event.message.text?.body ?? '';
            outcomes.set(text, [...(outcomes.get(text) ?? []), outcome]);
          };
          sender.on('sent', (event) => {
            note(event as never, 'sent');
          });
          sender.on('unknown', (event) => {
            note(event as never, 'unknown');
          });
          sender.on('rejected', (event) => {
            note(event as never, 'rejected');
          });
          sender.on('settled', (event) => {
            if (event.outcome === 'accepted') settled.add(event.messageId);
          });
        };
        const first = life(clock, meta, store);
        watch(first);
        const all = texts(40);
        const queueing = all.map((text, index) =>
          index % 2 === 0
            ? first.sender.enqueue(message(text, toOf(index)), index % 4 === 0 ? { key: text } : {})
            : first.sender.send(message(text, toOf(index))),
        );
        void Promise.allSettled(queueing);
        await clock.advance(diesAtMs);
        first.die();
        const second = life(clock, meta, store, { takeOverAfterMs: 5_000 });
        watch(second);
        if (again)
          for (const text of all.filter((_, index) => index % 4 === 0)) void second.sender.send(message(text, toOf(0)), { key: text });
        await clock.advance(400_000);
        const accepted = meta.accepted.map(({ text }) => text);
        expect(new Set(accepted).size).toBe(accepted.length);
        for (const text of all) expect([text, accepted.includes(text) || outcomes.get(text)?.includes('unknown')]).toEqual([text, true]);
        // A status settles messages that had no outcome.
        for (const entry of meta.accepted) await second.sender.settle(statusOf(entry));
        await clock.advance(0);
        for (const entry of meta.accepted) expect(outcomes.get(entry.text)?.includes('sent') === true || settled.has(entry.id)).toBe(true);
        await Promise.all([second.sender.close(), clock.advance(60_000)]);
        expect((await store.list('sender/queue/', { limit: 10 })).map(({ key }) => key)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('that was only a pause leads to one send per message, by this process or the one that took over', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { travelMs: () => 20 });
    const slow = life(clock, meta, store, { takeOverAfterMs: 10_000 });
    void slow.sender.pause();
    const sends = texts(30).map((text, index) => slow.sender.send(message(text, toOf(index)), index % 2 === 0 ? { key: text } : {}));
    await clock.advance(100);
    // The other process considers its heartbeat expired.
    for (const { key } of await store.list('sender/owner/', { limit: 10 })) await store.set(key, { untilMs: 0 });
    const other = life(clock, meta, store, { takeOverAfterMs: 10_000 });
    await clock.advance(300);
    void slow.sender.resume();
    const results = await pass(clock, Promise.all(sends));
    await clock.advance(60_000);
    expect(meta.accepted.map(({ text }) => text).toSorted()).toEqual(texts(30).toSorted());
    for (const { outcome } of results) expect(['accepted', 'unknown']).toContain(outcome);
    await Promise.all([slow.sender.close(), other.sender.close(), clock.advance(1_000)]);
  });

  test("doesn't affect the messages of a living process", async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    const owner = life(clock, meta, store);
    void owner.sender.pause();
    await owner.sender.enqueue(message('mine'));
    const other = life(clock, meta, store);
    await clock.advance(120_000);
    expect((await other.sender.sweep()).recovered).toBe(0);
    expect(meta.accepted).toEqual([]);
    void owner.sender.resume();
    await pass(clock, owner.sender.drain());
    expect(meta.accepted).toHaveLength(1);
    await Promise.all([owner.sender.close(), other.sender.close()]);
  });
});

describe('a store that fails', () => {
  test('before a send delays the message until the store works again', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    let down = false;
    const flaky: Store = { ...store, batch: (operations) => (down ? Promise.reject(new Error('disk full')) : store.batch(operations)) };
    const sender = createSender({ client: meta.client(), throughput: 20, store: flaky });
    void sender.pause();
    const sending = sender.send(message('hello'));
    await clock.advance(10);
    down = true;
    void sender.resume();
    await clock.advance(5_000);
    expect(meta.arrivals).toEqual([]);
    down = false;
    expect(await pass(clock, sending)).toMatchObject({ outcome: 'accepted' });
    expect(meta.accepted).toHaveLength(1);
    await sender.close();
  });
});

describe('an unknown send without a status', () => {
  test.each([true, false])('is reported once at its timeout, with a store: %s', async (withStore) => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const options = { client: meta.client(), throughput: 20, unsettledAfterMs: 60_000, ...(withStore && { store }) };
    const senders = [createSender(options), createSender(options)];
    const settled: SenderEvents['settled'][] = [];
    for (const sender of senders) sender.on('settled', (event) => void settled.push(event));
    const result = await pass(clock, senders[0]!.send(message('hello'), { key: 'k' }));
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    await clock.advance(59_000);
    expect(settled).toEqual([]);
    await clock.advance(2_000);
    for (const sender of senders) await sender.sweep();
    expect(await result.settled).toEqual({ outcome: 'unsettled' });
    expect(settled).toMatchObject([{ outcome: 'unsettled', key: 'k' }]);
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    if (withStore) expect(await senders[1]!.settle(statusOf(accepted))).toBe(true);
    await Promise.all(senders.map((sender) => sender.close()));
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test('is settled by a status that another process received', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const here = createSender({ client: meta.client(), throughput: 20, store });
    const there = createSender({ client: meta.client(), throughput: 20, store });
    const result = await pass(clock, here.send(message('hello')));
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    await there.settle(statusOf(accepted));
    expect(await pass(clock, result.settled)).toEqual({ outcome: 'accepted', messageId: accepted.id });
    await Promise.all([here.close(), there.close()]);
  });
});

describe("onUnknown: 'resend'", () => {
  test('sends a message again that may have been accepted, unless a status arrives in time', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: ({ number }) => (number <= 2 ? 'cut-after' : undefined) });
    const sender = createSender({ client: meta.client(), throughput: 20, onUnknown: 'resend' });
    const result = await pass(clock, sender.send(message('twice')));
    expect(result).toMatchObject({ outcome: 'accepted', messageId: meta.accepted[2]?.id });
    expect(meta.accepted).toHaveLength(3);
    await sender.close();
  });

  test('settles by a status that arrives before the next attempt', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const sending = sender.send(message('once'), { onUnknown: 'resend' });
    await clock.advance(100);
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    await sender.settle(statusOf(accepted));
    expect(await pass(clock, sending)).toMatchObject({ outcome: 'accepted', messageId: accepted.id });
    expect(meta.accepted).toHaveLength(1);
    await sender.close();
  });

  test('stays unknown, never rejected, if it expires in between', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: () => 'cut-after' });
    const sender = createSender({ client: meta.client(), throughput: 20, onUnknown: 'resend' });
    const sending = sender.send(message('otp'), { expiresAt: new Date(clock.now() + 500) });
    expect(await pass(clock, sending)).toMatchObject({ outcome: 'unknown' });
    await sender.close();
  });
});
