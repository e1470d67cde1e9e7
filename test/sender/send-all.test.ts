import { describe, expect, test } from 'vitest';
import { createSender, type SendItem, type SendProgress } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { message, pass, virtualMeta, type VirtualMetaOptions } from './virtual-meta.js';

function setUp(options: VirtualMetaOptions = {}) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20, ...options });
  return { clock, meta, sender: createSender({ client: meta.client(), throughput: 20 }) };
}

const to = (index: number): string => `1555${String(1_000_000 + index)}`;

/** A source that counts its items, and notices when it is ended. */
function counted(length = Infinity) {
  const source = { taken: 0, ended: false, items };
  async function* items(): AsyncGenerator<SendItem> {
    try {
      for (let index = 0; index < length; index += 1) {
        source.taken += 1;
        yield message(`m${String(index)}`, to(index));
      }
    } finally {
      source.ended = true;
    }
  }
  return source;
}

describe('sendAll', () => {
  test('sends everything, and reads the source no faster than it sends', async () => {
    const { clock, meta, sender } = setUp();
    const source = counted(100);
    const running = sender.sendAll(source.items(), { concurrency: 10 });
    let most = 0;
    sender.on('sent', () => {
      most = Math.max(most, source.taken - sender.stats().accepted);
    });
    await clock.advance(0);
    expect(source.taken).toBe(10);
    expect(await pass(clock, running)).toMatchObject({ taken: 100, done: 100, accepted: 100, rejected: 0, unknown: 0 });
    expect(most).toBeLessThanOrEqual(10);
    expect(new Set(meta.accepted.map(({ text }) => text)).size).toBe(100);
    await sender.close();
  });

  test('reports counts, rate and remaining time', async () => {
    const { clock, sender } = setUp({ fault: ({ number }) => (number % 10 === 0 ? { code: 131026 } : undefined) });
    const told: SendProgress[] = [];
    const items = Array.from({ length: 200 }, (_, index) => message('m', to(index)));
    const result = await pass(clock, sender.sendAll(items, { onProgress: (progress) => void told.push(progress) }));
    expect(result).toMatchObject({ total: 200, accepted: 180, rejected: 20, rejectedBy: { meta: 20 } });
    expect(told.at(-1)).toMatchObject({ total: 200, done: 200, leftMs: 0 });
    expect(told.length).toBeGreaterThan(50);
    expect(told.length).toBeLessThanOrEqual(result.elapsedMs / 100 + 1);
    const halfway = told.find(({ done }) => done >= 100);
    expect(halfway?.perSecond).toBeGreaterThan(17);
    expect(halfway?.perSecond).toBeLessThan(21);
    expect(Math.abs((halfway?.leftMs ?? 0) - (result.elapsedMs - (halfway?.elapsedMs ?? 0)))).toBeLessThan(1_000);
    await sender.close();
  });

  test('reports no total for a source without a known length', async () => {
    const { clock, sender } = setUp();
    const totals = async (source: Iterable<SendItem> | AsyncIterable<SendItem>, own: { total?: number } = {}) => {
      const told = new Set<number | undefined>();
      await pass(clock, sender.sendAll(source, { ...own, onProgress: ({ total }) => void told.add(total) }));
      return [...told];
    };
    expect(await totals(counted(5).items())).toEqual([undefined]);
    expect(await totals(new Set([message('m')]))).toEqual([1]);
    expect(await totals(counted(5).items(), { total: 5 })).toEqual([5]);
    await sender.close();
  });

  test('ends with its signal, even while the source is waiting', async () => {
    const { clock, meta, sender } = setUp();
    const controller = new AbortController();
    const source = counted();
    const running = sender.sendAll(source.items(), { signal: controller.signal, concurrency: 50 });
    await clock.advance(1_000);
    controller.abort();
    const result = await pass(clock, running);
    expect(result).toMatchObject({ stoppedBy: 'aborted', accepted: meta.accepted.length });
    expect(result.rejectedBy.aborted).toBe(result.taken - meta.accepted.length);
    expect(result.rejectedBy.aborted).toBeGreaterThan(40);
    expect(source.ended).toBe(true);

    const stuck: AsyncIterable<SendItem> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
    const second = new AbortController();
    const waiting = sender.sendAll(stuck, { signal: second.signal });
    await clock.advance(1_000);
    second.abort();
    expect(await pass(clock, waiting)).toMatchObject({ taken: 0, stoppedBy: 'aborted' });
    expect(await pass(clock, sender.sendAll(counted().items(), { signal: second.signal }))).toMatchObject({
      taken: 0,
      stoppedBy: 'aborted',
    });
    await sender.close();
  });

  test('ends when the sender is closed', async () => {
    const { clock, sender } = setUp();
    const source = counted();
    const running = sender.sendAll(source.items());
    await clock.advance(500);
    const [result] = await pass(clock, Promise.all([running, sender.close()]));
    expect(result.stoppedBy).toBe('closed');
    expect(result.accepted + result.rejectedBy.closed).toBe(result.taken);
    expect(source.ended).toBe(true);
  });

  test('throws the error of the source, after all read messages are done', async () => {
    const { clock, meta, sender } = setUp();
    function* items(): Generator<SendItem> {
      yield message('first', to(1));
      yield message('second', to(2));
      throw new Error('row 3 is broken');
    }
    await expect(pass(clock, sender.sendAll(items()))).rejects.toThrow('row 3 is broken');
    expect(meta.accepted).toHaveLength(2);
    await sender.close();
  });

  test('continues after rejected messages, and items have their own options', async () => {
    const { clock, sender } = setUp();
    const items: SendItem[] = [
      message(''),
      { message: message('expired'), expiresAt: new Date(0) },
      { message: message('a', to(1)), key: 'k' },
      { message: message('a', to(1)), key: 'k' },
      message('fine', to(2)),
    ];
    expect(await pass(clock, sender.sendAll(items))).toMatchObject({ taken: 5, accepted: 3, rejectedBy: { guard: 1, expired: 1 } });
    expect(sender.stats().accepted).toBe(2);
    await sender.close();
  });

  test('lets a single send overtake it', async () => {
    const { clock, meta, sender } = setUp();
    const running = sender.sendAll(Array.from({ length: 200 }, (_, index) => message('campaign', to(index))));
    await clock.advance(1_000);
    await pass(clock, sender.send(message('reply')));
    expect(meta.accepted.length).toBeLessThan(30);
    await pass(clock, running);
    await sender.close();
  });

  test('continues if onProgress fails, and logs the error', async () => {
    const { clock, sender } = setUp();
    const result = await pass(
      clock,
      sender.sendAll([message('m')], {
        onProgress: () => {
          throw new Error('progress bar');
        },
      }),
    );
    expect(result.accepted).toBe(1);
    await sender.close();
  });
});
