import fc from '../fast-check.js';
import { describe, expect, test, vi } from 'vitest';
import { createSender, memoryStore, silentLogger, type JsonValue, type SenderEvents, type SenderOptions, type Store } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
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

describe('a message of an earlier process', () => {
  test('keeps its priority, key, campaign, category, times and what becomes of an unknown outcome', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    let doubts = 0;
    const meta = virtualMeta(clock, { fault: ({ text }) => (text === 'doubt' && (doubts += 1) === 1 ? 'cut-after' : undefined) });
    const first = life(clock, meta, store);
    void first.sender.pause();
    const openedAtMs = clock.now();
    const { enqueue } = first.sender;
    const spring = { to: '15550100001', ...template('spring', 'en_US') };
    await enqueue(spring, { priority: 'low', key: 'k', campaignId: 'spring', category: 'utility' });
    await enqueue(message('normal', '15550100002'));
    await enqueue(message('urgent', '15550100003'), { priority: 'high' });
    await enqueue(message('late', '15550100004'), { expiresAt: openedAtMs + 5_000 });
    await enqueue(message('scheduled', '15550100005'), { notBefore: openedAtMs + 100_000 });
    await enqueue(message('doubt', '15550100006'), { onUnknown: 'resend' });
    await first.sender.close();
    await clock.advance(10_000);
    const asked: unknown[] = [];
    const next = life(clock, meta, store, {
      guards: [
        (_message, context) => {
          asked.push(context);
          return { verdict: 'pass' };
        },
      ],
    });
    const told: string[] = [];
    for (const name of ['rejected', 'unknown'] as const)
      next.sender.on(name, ({ error }) => void told.push(`${name} ${(error as { reason?: string }).reason ?? ''}`));
    await clock.advance(60_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['urgent', 'normal', 'doubt', 'spring', 'doubt']);
    expect(told).toEqual(['rejected expired']);
    const ofSpring = { phoneNumberId: '106540352242922', priority: 'low', key: 'k', campaignId: 'spring', category: 'utility' };
    expect(asked).toContainEqual(expect.objectContaining(ofSpring));
    await clock.advance(60_000);
    expect(meta.accepted.at(-1)?.text).toBe('scheduled');
    expect(meta.accepted.at(-1)?.atMs).toBeGreaterThanOrEqual(100_000);
    await next.sender.close();
  });

  test('that cannot be read stays in the outbox, and the others are sent', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    const first = life(clock, meta, store);
    void first.sender.pause();
    await first.sender.enqueue(message('kept'));
    await first.sender.close();
    const [kept] = await store.list('sender/queue/', { limit: 10 });
    if (!kept) throw new Error('The message is not in the outbox.');
    const entry = kept.value as Readonly<Record<string, JsonValue>>;
    const damaged: readonly JsonValue[] = [
      null,
      7,
      { ...entry, id: 7 },
      { ...entry, from: null },
      { ...entry, from: { phoneNumberId: 7 } },
      { ...entry, message: 'kept' },
      { ...entry, message: null },
    ];
    for (const [index, value] of damaged.entries()) await store.set(`${kept.key}-${String(index)}`, value);
    const errors: string[] = [];
    const next = life(clock, meta, store, { logger: { ...silentLogger, error: (event) => void errors.push(event) } });
    await clock.advance(5_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['kept']);
    expect(errors).toEqual(damaged.map(() => 'sender.outbox_entry_invalid'));
    expect(await store.list('sender/queue/', { limit: 10 })).toHaveLength(damaged.length);
    await next.sender.close();
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

describe('close while the outbox of another process is taken over', () => {
  test('leaves its messages to the next process, which sends them at once', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    const first = life(clock, meta, store);
    void first.sender.pause();
    await first.sender.enqueue(message('kept'));
    await first.sender.close();
    const late = async (key: string): Promise<void> => {
      if (key.startsWith('sender/owner/')) await new Promise<void>((resolve) => void clock.schedule(resolve, 200));
    };
    const slow: Store = {
      ...store,
      set: async (key, ...rest) => late(key).then(() => store.set(key, ...rest)),
      setIfAbsent: async (key, ...rest) => late(key).then(() => store.setIfAbsent(key, ...rest)),
    };
    const closed = life(clock, meta, slow);
    await clock.advance(10);
    await pass(clock, closed.sender.close());
    await clock.advance(1_000);
    expect(clock.untilNextTimer()).toBeUndefined();
    const next = life(clock, meta, store);
    await clock.advance(10);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['kept']);
    await next.sender.close();
  });

  test('reads no more of a store that fails afterwards', async () => {
    const clock = fakeClock();
    const store: Store = {
      ...memoryStore({ clock }),
      list: async () => {
        await new Promise<void>((resolve) => void clock.schedule(resolve, 1_000));
        throw new Error('disk full');
      },
    };
    const sender = createSender({ client: virtualMeta(clock).client(), throughput: 20, store, logger: silentLogger });
    await clock.advance(10);
    await sender.close();
    await clock.advance(2_000);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});

describe('cancel', () => {
  test('from another process ends a message by its key or by its ID, and no other', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    const owner = life(clock, meta, store);
    const other = life(clock, meta, store);
    const rejected: string[] = [];
    owner.sender.on('rejected', ({ by, id, key }) => void rejected.push(`${by} ${key ?? id ?? ''}`));
    void owner.sender.pause();
    await owner.sender.enqueue(message('by key', '15550100001'), { key: 'k1' });
    const plain = await owner.sender.enqueue(message('by ID', '15550100002'));
    const keyed = await owner.sender.enqueue(message('by ID with a key', '15550100003'), { key: 'k2' });
    await owner.sender.enqueue(message('kept', '15550100004'), { key: 'k3' });
    for (const idOrKey of ['k1', plain, keyed]) expect(await other.sender.cancel(idOrKey)).toBe('cancelled');
    expect(await other.sender.cancel('k4')).toBe('unknown');
    // The key of a cancelled message is free.
    expect(await pass(clock, other.sender.send(message('instead', '15550100003'), { key: 'k2' }))).toMatchObject({ outcome: 'accepted' });
    void owner.sender.resume();
    await clock.advance(1_000);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['instead', 'kept']);
    expect(rejected.toSorted()).toEqual(['cancelled k1', 'cancelled k2', `cancelled ${plain}`].toSorted());
    for (const key of ['k2', 'k3']) expect(await other.sender.cancel(key)).toBe('already-sent');
    await Promise.all([owner.sender.close(), other.sender.close()]);
  });

  test('changes nothing if the record of a key is damaged', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const { sender } = life(clock, virtualMeta(clock), store);
    for (const value of [{ state: 'open' }, { state: 'open', id: 7 }]) {
      await store.set('sender/106540352242922/key/k', value);
      expect(await sender.cancel('k')).toBe('already-sent');
      expect((await store.get('sender/106540352242922/key/k'))?.value).toEqual(value);
    }
    await sender.close();
  });

  test('needs no store', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const sender = createSender({ client: meta.client(), throughput: 20 });
    void sender.pause();
    const waiting = sender.send(message('m'), { key: 'k' });
    expect(await sender.cancel('other')).toBe('unknown');
    expect(await sender.cancel('k')).toBe('cancelled');
    expect(await waiting).toMatchObject({ by: 'cancelled' });
    void sender.resume();
    expect(await pass(clock, sender.send(message('again'), { key: 'k' }))).toMatchObject({ outcome: 'accepted' });
    expect(await sender.cancel('k')).toBe('already-sent');
    await sender.close();
  });
});

describe('the figures of the fleet', () => {
  test('contain a process while it has messages', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock);
    const busy = life(clock, meta, store);
    const other = life(clock, meta, store);
    const queue = async (): Promise<void> => {
      void busy.sender.pause();
      for (const text of texts(2)) await busy.sender.enqueue(message(text));
      await clock.advance(2_500);
      expect(await other.sender.fleetStats()).toMatchObject({ processes: 2, queued: 2 });
    };
    await queue();
    void busy.sender.resume();
    await pass(clock, busy.sender.drain());
    await clock.advance(2_500);
    expect(await other.sender.fleetStats()).toMatchObject({ processes: 1, queued: 0 });
    await queue();
    await busy.sender.close();
    expect(await other.sender.fleetStats()).toMatchObject({ processes: 1 });
    await other.sender.close();
  });
});

describe('after a crash', () => {
  /** A process that dies after Meta has accepted its message, before the response arrives. */
  const diesInFlight = async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { travelMs: () => 100 });
    const first = life(clock, meta, store);
    const id = await first.sender.enqueue(message('hello'), { key: 'k' });
    await clock.advance(150);
    first.die();
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    const next = life(clock, meta, store);
    const told: unknown[] = [];
    next.sender.on('sent', ({ messageId }) => void told.push(['sent', messageId]));
    next.sender.on('unknown', () => void told.push(['unknown']));
    return { clock, store, meta, id, accepted, next, told };
  };

  test('a message whose status arrived before the recovery is accepted', async () => {
    const { clock, meta, accepted, next, told } = await diesInFlight();
    expect(await next.sender.settle(statusOf(accepted))).toBe(false);
    await clock.advance(120_000);
    expect(told).toEqual([['sent', accepted.id]]);
    expect(meta.accepted).toHaveLength(1);
    await next.sender.close();
  });

  test.each([7, null])('a message is unknown if its record has %j in place of the ID that Meta gave it', async (messageId) => {
    const { clock, store, meta, id, next, told } = await diesInFlight();
    await store.set(`sender/send/${id}`, { state: 'sending', messageId });
    await clock.advance(120_000);
    expect(told).toEqual([['unknown']]);
    expect(meta.accepted).toHaveLength(1);
    await next.sender.close();
  });

  test('a message that Meta rejected for the pause of its template still waits, and is sent', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const meta = virtualMeta(clock, { fault: ({ number }) => (number === 1 ? { code: 132_015 } : undefined) });
    const first = life(clock, meta, store);
    await first.sender.enqueue({ to: '15550100987', ...template('spring', 'en_US') });
    // The check of templates is loaded when it is first needed.
    await vi.dynamicImportSettled();
    await clock.advance(1_000);
    expect(first.sender.stats().held).toBe(1);
    first.die();
    const next = life(clock, meta, store);
    const told: string[] = [];
    for (const name of ['sent', 'rejected', 'unknown'] as const) next.sender.on(name, () => void told.push(name));
    await clock.advance(2 * 3_600_000);
    expect(told).toEqual(['sent']);
    expect(meta.accepted.map(({ text }) => text)).toEqual(['spring']);
    await next.sender.close();
  });

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
    expect(settled).toMatchObject([{ outcome: 'unsettled', key: 'k', message: message('hello') }]);
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
    const settled: SenderEvents['settled'][] = [];
    there.on('settled', (event) => void settled.push(event));
    const result = await pass(clock, here.send(message('hello')));
    if (result.outcome !== 'unknown') throw new Error('expected an unknown outcome');
    const [accepted] = meta.accepted;
    if (!accepted) throw new Error('Meta accepted it');
    await there.settle(statusOf(accepted));
    expect(await pass(clock, result.settled)).toEqual({ outcome: 'accepted', messageId: accepted.id });
    // The other process can record the message, too, for example in a mirror.
    expect(settled).toMatchObject([{ outcome: 'accepted', messageId: accepted.id, message: message('hello') }]);
    const stored = await store.list('', { limit: 100 });
    expect(stored.filter(({ value }) => JSON.stringify(value).includes('hello'))).toEqual([]);
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
