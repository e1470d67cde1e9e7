import fc from '../fast-check.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence, type CoexistenceOptions } from 'wa-coexist';
import {
  emptyHistory,
  historyChange,
  historyGaps,
  mergeHistory,
  nextHistoryCheck,
  type NumberHistory,
  type HistoryBatch,
  type HistoryMedia,
  type HistoryState,
  type PlacedItem,
} from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import type { WebhookEvent } from 'wa-coexist/webhooks';
import { historySource, idsOf, phoneNumberId, randomFrom, shuffled, type ChunkEvent } from './history-source.js';

const hourMs = 3_600_000;
const rules = { quietMs: 300_000, stalledAfterMs: 6 * hourMs };
const chunk = (phase: number | undefined, chunkOrder: number | undefined, progress: number, messages = 1) =>
  ({
    type: 'chunk',
    messages,
    joined: 0,
    expected: 0,
    never: 0,
    progress,
    ...(phase !== undefined && { phase }),
    ...(chunkOrder !== undefined && { chunkOrder }),
  }) as const;
const afterChunks = (chunks: readonly ReturnType<typeof chunk>[], start: HistoryState = emptyHistory): HistoryState =>
  chunks.reduce((state, event) => historyChange(state, event, 0, rules).state, start);

describe('the pure functions of the history', () => {
  test('complete at 100 % after the quiet time', () => {
    const state = afterChunks([chunk(1, 2, 100), chunk(0, 1, 50)]);
    expect(state).toMatchObject({ status: 'receiving', progress: 100 });
    expect(historyChange(state, { type: 'time' }, 299_999, rules)).toEqual({ state, facts: [] });
    expect(historyChange(state, { type: 'time' }, 300_000, rules)).toMatchObject({ state: { status: 'complete' }, facts: ['complete'] });
  });

  test.each([
    ['a number missing in one row', [chunk(0, 1, 10), chunk(1, 2, 50), chunk(2, 4, 100)], [{ from: 3, to: 3 }]],
    ['the first ones missing', [chunk(0, 3, 50), chunk(0, 4, 100)], [{ from: 1, to: 2 }]],
    ['a number missing in a phase', [chunk(0, 1, 10), chunk(1, 1, 50), chunk(1, 3, 100)], [{ phase: 1, from: 2, to: 2 }]],
    ['the first of a phase missing', [chunk(0, 0, 10), chunk(0, 1, 20), chunk(0, 2, 30), chunk(1, 2, 100)], [{ phase: 1, from: 1, to: 1 }]],
    ['empty phases', [chunk(2, 0, 90), chunk(2, 1, 100)], []],
    ['numbered throughout', [chunk(0, 1, 10), chunk(1, 2, 50), chunk(2, 3, 100)], []],
    ['numbered in each phase', [chunk(0, 1, 10), chunk(1, 1, 50), chunk(1, 2, 80), chunk(2, 1, 100)], []],
    ['not numbered', [chunk(undefined, undefined, 10), chunk(undefined, undefined, 100)], []],
  ])('know the missing parts: %s', (_name, chunks, gaps) => {
    const state = afterChunks(chunks);
    expect(historyGaps(state)).toEqual(gaps);
    const later = historyChange(state, { type: 'time' }, 7 * hourMs, rules);
    expect(later.facts).toEqual([gaps.length > 0 ? 'stalled' : 'complete']);
  });

  test('stall without new chunks, continue with the next one, and can stall again', () => {
    const requested = historyChange(emptyHistory, { type: 'requested' }, 0, rules).state;
    expect(nextHistoryCheck(requested, rules)).toBe(6 * hourMs);
    const stalled = historyChange(requested, { type: 'time' }, 6 * hourMs, rules);
    expect(stalled).toMatchObject({ state: { status: 'stalled' }, facts: ['stalled'] });
    expect(historyChange(stalled.state, { type: 'time' }, 100 * hourMs, rules).facts).toEqual([]);
    const going = historyChange(stalled.state, chunk(0, 1, 40), 100 * hourMs, rules).state;
    expect(going.status).toBe('receiving');
    expect(historyChange(going, { type: 'time' }, 107 * hourMs, rules).facts).toEqual(['stalled']);
  });

  test('continue with media, too', () => {
    const stalled = historyChange(afterChunks([chunk(0, 1, 40)]), { type: 'time' }, 6 * hourMs, rules).state;
    expect(historyChange(stalled, { type: 'media', joined: true }, 7 * hourMs, rules).state).toMatchObject({
      status: 'receiving',
      mediaJoined: 1,
    });
  });

  test('stay complete after a late chunk, unless it proves that another one is missing', () => {
    const complete = historyChange(afterChunks([chunk(0, 1, 100)]), { type: 'time' }, hourMs, rules).state;
    expect(historyChange(complete, chunk(0, 2, 100), 2 * hourMs, rules).state).toMatchObject({ status: 'complete', settledAtMs: hourMs });
    expect(historyChange(complete, chunk(0, 4, 100), 2 * hourMs, rules).state.status).toBe('receiving');
  });

  test('end a declined history, unless chunks arrive', () => {
    const refusal = { type: 'declined', code: 2593109, message: 'turned off' } as const;
    const declined = historyChange(emptyHistory, refusal, 0, rules);
    expect(declined).toMatchObject({ state: { status: 'declined', failure: { code: 2593109 } }, facts: ['declined'] });
    expect(historyChange(declined.state, refusal, 1, rules).facts).toEqual([]);
    expect(nextHistoryCheck(declined.state, rules)).toBeUndefined();
    const shared = historyChange(declined.state, chunk(0, 1, 10), 2, rules).state;
    expect(shared.status).toBe('receiving');
    expect(shared).not.toHaveProperty('failure');
    expect(historyChange(shared, refusal, 3, rules)).toEqual({ state: shared, facts: [] });
  });

  test('start again with a new onboarding', () => {
    const begun = historyChange(afterChunks([chunk(0, 1, 100, 9)]), { type: 'begun', onboardingId: 'b', onboardedAtMs: 5 }, 5, rules).state;
    expect(begun).toEqual({ ...emptyHistory, onboardingId: 'b', onboardedAtMs: 5 });
    const going = historyChange(begun, chunk(0, 1, 10), 6, rules).state;
    expect(historyChange(going, { type: 'begun', onboardingId: 'b', onboardedAtMs: 5 }, 7, rules).state).toEqual(going);
  });

  test('never report complete with a known gap and never hang, whatever is lost', () => {
    const source = fc.record({
      perPhase: fc.boolean(),
      base: fc.constantFrom(0, 1),
      sizes: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)),
      lost: fc.array(fc.nat(17), { maxLength: 6 }),
      order: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    fc.assert(
      fc.property(source, ({ perPhase, base, sizes, lost, order }) => {
        const all = sizes.flatMap((size, phase) => Array.from({ length: size }, (_, index) => ({ phase, index })));
        const numbered = all.map((one, index) =>
          chunk(one.phase, base + (perPhase ? one.index : index), Math.floor(((index + 1) * 100) / all.length)),
        );
        const arrived = shuffled(
          numbered.filter((_, index) => !lost.includes(index)),
          () => Number(order.next().value),
        );
        const requested = historyChange(emptyHistory, { type: 'requested' }, 0, rules).state;
        let state = afterChunks(arrived, requested);
        const facts: string[] = [];
        for (let nowMs = 0; nowMs <= 48 * hourMs; nowMs += hourMs) {
          const step = historyChange(state, { type: 'time' }, nowMs, rules);
          state = step.state;
          facts.push(...step.facts);
        }
        expect(facts).toHaveLength(1);
        expect(['complete', 'stalled']).toContain(state.status);
        if (state.status === 'complete') expect(historyGaps(state)).toEqual([]);
        // If the chunks are numbered throughout, every loss except at the end of the numbers is detected. The last
        // chunk reports 100 %.
        const lostSome = arrived.length < numbered.length;
        if (!perPhase && base === 1 && lostSome) expect(state.status).toBe('stalled');
        if (!lostSome) expect(state.status).toBe(all.length === 0 ? 'stalled' : 'complete');
      }),
      { numRuns: 5_000 },
    );
  });

  test("have a state whose size doesn't depend on the number of messages or chunks", () => {
    const few = afterChunks(Array.from({ length: 3 }, (_, index) => chunk(1, index + 1, 1, 200)));
    const many = afterChunks(Array.from({ length: 3_000 }, (_, index) => chunk(1, index + 1, 1, 200)));
    expect(JSON.stringify(many).length - JSON.stringify(few).length).toBeLessThan(20);
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

function bench(options: Partial<CoexistenceOptions> = {}) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const open = (): Coexistence => {
    const coexistence = createCoexistence({
      client: createClient({ clock }),
      store,
      saveToken: () => undefined,
      sweepIntervalMs: false,
      ...options,
    });
    opened.push(coexistence);
    return coexistence;
  };
  return { clock, store, open };
}

/** Collects what a caller's database would contain: each message by its wamid, and the assembled threads. */
function collector(coexistence: Coexistence) {
  const messages = new Map<string, string>();
  const threads = new Map<string, readonly PlacedItem[]>();
  const facts: string[] = [];
  coexistence.on('history.messages', (batch: HistoryBatch) => {
    const thread = batch.threadId ?? '';
    threads.set(thread, mergeHistory(threads.get(thread) ?? [], batch));
    for (const { message } of batch.messages) if (messages.get(message.id) !== 'image') messages.set(message.id, message.type);
  });
  coexistence.on('history.media', ({ item }: HistoryMedia) => void messages.set(item.message.id, item.message.type));
  for (const name of ['history.complete', 'history.stalled', 'history.declined'] as const)
    coexistence.on(name, () => void facts.push(name));
  return { messages, threads, facts };
}

describe('history', () => {
  const runs = process.env['WA_COEXIST_LONG'] ? 20_000 : 2_000;
  // A run takes about 10 ms. The timeout allows for a machine that also runs other tests.
  const timeout = runs * 150;
  test('chunks and media in any order and repeatedly arrive completely, each once, and at no live handler', { timeout }, async () => {
    for (let seed = 1; seed <= runs; seed += 1) {
      const random = randomFrom(seed);
      const { clock, open } = bench();
      const coexistence = open();
      const live = vi.fn();
      for (const name of ['handoff.assigned', 'contact.changed', 'cost.recorded', 'heartbeat.due'] as const) coexistence.on(name, live);
      const { messages, threads, facts } = collector(coexistence);
      const source = historySource(clock.now(), random, { chunks: 50, perPhase: seed % 2 === 0, messagesPerChunk: 4 });
      const once: WebhookEvent[] = [...source.chunks, ...source.media];
      const twice = once.filter(() => random() < 0.3);
      const arriving = shuffled([...once, ...twice], random);
      // Several concurrent events, as from a receiver.
      for (let start = 0; start < arriving.length; start += 4) {
        await Promise.all(arriving.slice(start, start + 4).map((event) => coexistence.handle(event)));
      }
      const state = await coexistence.history.get(phoneNumberId);
      expect([...messages.keys()].sort()).toEqual([...source.threads.values()].flat().sort());
      for (const { key } of source.media) expect(messages.get(key), `media of seed ${String(seed)}`).toBe('image');
      for (const [thread, ids] of source.threads)
        expect((threads.get(thread) ?? []).map(({ item }) => item.message.id)).toEqual(inOrder(ids, source.chunks));
      expect(state).toMatchObject({
        status: 'receiving',
        progress: 100,
        chunks: source.chunks.length,
        messages: source.messages,
        duplicates: twice.length,
        media: { received: source.media.length, joined: source.media.length, expected: 0, never: source.never },
        gaps: [],
      });
      await clock.advance(300_000);
      await coexistence.sweep();
      await coexistence.sweep();
      expect(facts).toEqual(['history.complete']);
      expect(live).not.toHaveBeenCalled();
    }
  });

  /** Sorts a thread by time, and within a second by chunk and position. */
  function inOrder(ids: readonly string[], chunks: readonly ChunkEvent[]): string[] {
    const places = new Map(
      chunks.flatMap((event) =>
        event.threads.flatMap(({ messages }) =>
          messages.map(
            ({ message, occurredAt }, index) => [message.id, [occurredAt?.getTime() ?? 0, event.chunkOrder ?? 0, index] as const] as const,
          ),
        ),
      ),
    );
    return [...ids].sort((left, right) => {
      const [one, other] = [places.get(left) ?? [0, 0, 0], places.get(right) ?? [0, 0, 0]];
      return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
    });
  }

  const chunkOf = (ids: readonly string[], facts: Partial<ChunkEvent> = {}, type: 'text' | 'media_placeholder' = 'text'): ChunkEvent => ({
    type: 'history.chunk',
    field: 'history',
    phoneNumberId,
    key: 'key',
    raw: {},
    phase: 0,
    chunkOrder: 1,
    progress: 50,
    threads: [
      {
        id: '15550100987',
        customer: { waId: '15550100987' },
        messages: ids.map((id) => ({
          direction: 'inbound',
          occurredAt: new Date('2026-11-01T09:00:00Z'),
          status: 'READ',
          message: type === 'text' ? { id, type, text: { body: 'Two loaves, please' } } : { id, type },
        })),
      },
    ],
    ...facts,
  });
  const mediaOf = (id: string): WebhookEvent => ({
    type: 'history.media',
    field: 'history',
    phoneNumberId,
    key: id,
    raw: {},
    direction: 'inbound',
    message: { id, type: 'image', image: { id: '880000000000001', caption: 'Front window' } },
  });

  test('a file that arrived first is in its message, with the time and the status of the placeholder', async () => {
    const coexistence = bench().open();
    const batches: HistoryBatch[] = [];
    const media: HistoryMedia[] = [];
    coexistence.on('history.messages', (batch) => void batches.push(batch));
    coexistence.on('history.media', (file) => void media.push(file));
    await coexistence.handle(mediaOf('wamid.EXAMPLE1'));
    await coexistence.handle(chunkOf(['wamid.EXAMPLE1', 'wamid.EXAMPLE2'], {}, 'media_placeholder'));
    await coexistence.handle(mediaOf('wamid.EXAMPLE2'));
    expect(batches).toHaveLength(1);
    expect(batches[0]?.messages).toMatchObject([
      {
        media: 'joined',
        status: 'READ',
        occurredAt: new Date('2026-11-01T09:00:00Z'),
        message: { type: 'image', image: { caption: 'Front window' } },
      },
      { media: 'expected', message: { type: 'media_placeholder' } },
    ]);
    expect(media).toMatchObject([
      { joined: false, item: { message: { id: 'wamid.EXAMPLE1' } } },
      { joined: true, threadId: '15550100987', item: { status: 'READ', message: { id: 'wamid.EXAMPLE2', type: 'image' } } },
    ]);
  });

  test('a file that arrives while its placeholder is emitted is joined, and a duplicate is emitted once', async () => {
    const coexistence = bench().open();
    const told: [string, boolean][] = [];
    coexistence.on('history.media', ({ item, joined }) => void told.push([item.message.id, joined]));
    coexistence.on('history.messages', () => coexistence.handle(mediaOf('wamid.EXAMPLE1')));
    await coexistence.handle(chunkOf(['wamid.EXAMPLE1'], {}, 'media_placeholder'));
    await coexistence.handle(mediaOf('wamid.EXAMPLE2'));
    await coexistence.handle(mediaOf('wamid.EXAMPLE2'));
    expect(told).toEqual([
      ['wamid.EXAMPLE1', false],
      ['wamid.EXAMPLE1', true],
      ['wamid.EXAMPLE2', false],
    ]);
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ media: { received: 2, joined: 1, expected: 0 }, duplicates: 1 });
  });

  test('a file that was older than 14 days at the onboarding is never expected', async () => {
    const coexistence = bench().open();
    const batches: HistoryBatch[] = [];
    coexistence.on('history.messages', (batch) => void batches.push(batch));
    const old = chunkOf(['wamid.OLD'], {}, 'media_placeholder');
    const threads = old.threads.map((thread) => ({
      ...thread,
      messages: thread.messages.map((message) => ({ ...message, occurredAt: new Date('2026-10-01T09:00:00Z') })),
    }));
    await coexistence.handle({ ...old, threads });
    expect(batches[0]?.messages[0]?.media).toBe('never');
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ media: { never: 1, expected: 0 } });
  });

  test('the copy of a message that has content wins, whichever arrives first', () => {
    const batch = (type: 'text' | 'media_placeholder', chunkOrder: number): HistoryBatch => ({
      phoneNumberId,
      chunkOrder,
      messages: chunkOf(['wamid.1'], {}, type).threads[0]?.messages ?? [],
    });
    const [empty, full] = [batch('media_placeholder', 1), batch('text', 2)];
    for (const batches of [
      [empty, full],
      [full, empty],
      [full, empty, full],
    ]) {
      expect(batches.reduce(mergeHistory, [])).toMatchObject([{ item: { message: { type: 'text' } } }]);
    }
  });

  test('two chunks with the same position are both emitted', async () => {
    const coexistence = bench().open();
    const { messages } = collector(coexistence);
    await coexistence.handle(chunkOf(['wamid.1']));
    await coexistence.handle(chunkOf(['wamid.2']));
    expect([...messages.keys()]).toEqual(['wamid.1', 'wamid.2']);
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ chunks: 2, messages: 2, duplicates: 0 });
  });

  test('a chunk whose handler failed is emitted again and counted once', async () => {
    const coexistence = bench().open();
    const batches: string[][] = [];
    let fails = true;
    coexistence.on('history.messages', (batch) => {
      if (fails) throw new Error('the database is away');
      batches.push(idsOf(batch));
    });
    await expect(coexistence.handle(chunkOf(['wamid.1']))).rejects.toThrow('the database is away');
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ chunks: 0 });
    fails = false;
    await coexistence.handle(chunkOf(['wamid.1']));
    expect(batches).toEqual([['wamid.1']]);
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ chunks: 1, duplicates: 0 });
  });

  test('another process continues if one ends', async () => {
    const { open, clock } = bench();
    await open().handle(chunkOf(['wamid.1']));
    const other = open();
    const { messages, facts } = collector(other);
    await other.handle(chunkOf(['wamid.1']));
    await other.handle(chunkOf(['wamid.2'], { chunkOrder: 2, progress: 100 }));
    expect([...messages.keys()]).toEqual(['wamid.2']);
    await clock.advance(300_000);
    const third = open();
    const told = collector(third);
    await third.sweep();
    await other.sweep();
    expect([...told.facts, ...facts]).toEqual(['history.complete']);
  });

  test('a declined history is emitted once', async () => {
    const coexistence = bench().open();
    const { facts } = collector(coexistence);
    const declined: WebhookEvent = {
      type: 'history.declined',
      field: 'history',
      phoneNumberId,
      key: 'k',
      raw: {},
      error: { code: 2593109, error_data: { details: 'History sharing is turned off by the business' } },
    };
    await coexistence.handle(declined);
    await coexistence.handle(declined);
    expect(facts).toEqual(['history.declined']);
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({
      status: 'declined',
      failure: { code: 2593109, message: 'History sharing is turned off by the business' },
    });
  });

  test('a sweep reports hours without chunks, and the store contains no texts', async () => {
    const { open, clock, store } = bench();
    const coexistence = open();
    const { facts } = collector(coexistence);
    await coexistence.handle(chunkOf(['wamid.1']));
    await clock.advance(6 * hourMs - 1);
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 0 });
    await clock.advance(1);
    await coexistence.sweep();
    expect(facts).toEqual(['history.stalled']);
    expect(JSON.stringify(await store.list('wa/', { limit: 1_000 }))).not.toContain('loaves');
  });

  test('progress is emitted with every chunk', async () => {
    const coexistence = bench().open();
    const progress: NumberHistory[] = [];
    coexistence.on('history.progress', (state) => void progress.push(state));
    await coexistence.handle(chunkOf(['wamid.1']));
    await coexistence.handle(chunkOf(['wamid.1']));
    await coexistence.handle(chunkOf(['wamid.2', 'wamid.3'], { phase: 1, chunkOrder: 2, progress: 100 }));
    expect(progress.map((state) => [state.progress, state.messages, state.duplicates])).toEqual([
      [50, 1, 0],
      [50, 1, 1],
      [100, 3, 1],
    ]);
    expect(progress.at(-1)?.phases).toEqual([
      { phase: 0, chunks: 1, messages: 1 },
      { phase: 1, chunks: 1, messages: 2 },
    ]);
  });

  test('the caller sets the quiet time and the stall time', async () => {
    const { open, clock } = bench({ history: { quietMs: 1_000, stalledAfterMs: 5_000 } });
    const coexistence = open();
    const { facts } = collector(coexistence);
    await coexistence.handle(chunkOf(['wamid.1'], { progress: 100 }));
    await clock.advance(1_000);
    await coexistence.sweep();
    expect(facts).toEqual(['history.complete']);
  });
});
