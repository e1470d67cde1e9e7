import { describe, expect, test, vi } from 'vitest';
import {
  createClient,
  createSender,
  memoryStore,
  silentLogger,
  systemClock,
  type Clock,
  type Logger,
  type SendGuard,
  type SendItem,
  type SenderOptions,
} from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { acceptedMessage, recordMeta } from '../meta/recorder.js';
import { message, pass, randomFrom, virtualMeta } from './virtual-meta.js';
import { settlesWithin } from '../settles-within.js';

/** The behaviors of callbacks without types. `behaves` is more frequent than the others. */
const behaviors = ['throws', 'rejects', 'hangs', 'returns garbage', 'throws undefined', 'behaves', 'behaves'] as const;
const runs = 200;

/** A callback that behaves like `good`, or misbehaves. */
function unreliable<Parameters extends readonly unknown[]>(
  random: () => number,
  good: (...parameters: Parameters) => unknown,
  isSync = false,
) {
  return (...parameters: Parameters): never => {
    const behavior = behaviors[Math.floor(random() * behaviors.length)];
    const garbage = [undefined, null, 7, 'x', {}, { verdict: 'maybe' }, NaN, Symbol('x')];
    const result = ((): unknown => {
      switch (behavior) {
        case 'throws':
          throw new Error('broken');
        case 'throws undefined':
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- Callers may throw anything.
          throw undefined;
        case 'rejects':
          if (isSync) return good(...parameters);
          return Promise.reject(new Error('broken'));
        case 'hangs':
          return new Promise(() => undefined);
        case 'returns garbage':
          return garbage[Math.floor(random() * garbage.length)];
        default:
          return good(...parameters);
      }
    })();
    return result as never;
  };
}

interface Broken {
  readonly sender?: Partial<SenderOptions>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly listen?: (event: unknown) => void;
  readonly token?: () => Promise<string>;
  readonly source?: (items: readonly SendItem[]) => AsyncIterable<SendItem>;
}

const callbacks: Readonly<Record<string, (random: () => number) => Broken>> = {
  guard: (random) => ({ sender: { guards: [unreliable(random, (): ReturnType<SendGuard> => ({ verdict: 'pass' }))] } }),
  listener: (random) => ({ listen: unreliable(random, () => undefined) }),
  logger: (random) => {
    const log = unreliable(random, () => undefined);
    return { logger: { debug: log, info: log, warn: log, error: log } };
  },
  clock: (random) => ({
    clock: {
      now: unreliable(random, () => systemClock.now(), true),
      monotonic: unreliable(random, () => systemClock.monotonic(), true),
      schedule: (callback, delayMs) => {
        const cancel = systemClock.schedule(callback, delayMs);
        return unreliable(
          random,
          () => {
            cancel();
          },
          true,
        );
      },
    },
  }),
  instrument: (random) => ({
    sender: { instrument: unreliable(random, async (_name: string, run: () => Promise<unknown>) => run()) },
  }),
  'token function': (random) => ({ token: unreliable(random, async () => 'token') }),
  iterator: (random) => ({
    source: (items) => ({
      [Symbol.asyncIterator]: () => {
        const iterator = items[Symbol.iterator]();
        return { next: unreliable(random, () => iterator.next()), return: unreliable(random, () => ({ done: true, value: undefined })) };
      },
    }),
  }),
};

describe('callbacks that throw, return garbage or hang', () => {
  test.each(Object.keys(callbacks))(
    `${runs.toString()} senders with an unreliable %s: every send settles, close() ends, and no message is lost or duplicated`,
    async (name) => {
      const unhandled = vi.fn();
      process.on('unhandledRejection', unhandled);
      let longestCloseMs = 0;
      const run = async (seed: number): Promise<void> => {
        const random = randomFrom(seed);
        const broken = callbacks[name]?.(random) ?? {};
        const requests = new Map<string, number>();
        const logger = broken.logger ?? silentLogger;
        const client = createClient({
          accessToken: broken.token ?? 'token',
          phoneNumberId: '106540352242922',
          timeoutMs: 500,
          maxRetries: 0,
          logger: silentLogger,
          fetch: recordMeta(({ body }) => {
            const { to } = body as { readonly to: string };
            requests.set(to, (requests.get(to) ?? 0) + 1);
            return { messages: [{ id: `wamid.${to}` }] };
          }).fetch,
        });
        const sender = createSender({
          client,
          throughput: 10_000,
          guardTimeoutMs: 50,
          logger,
          ...(broken.clock && { clock: broken.clock }),
          ...(seed % 2 === 0 && { store: memoryStore() }),
          ...broken.sender,
        });
        const { listen } = broken;
        if (listen) for (const event of ['sent', 'rejected', 'unknown', 'retry', 'idle'] as const) sender.on(event, listen);
        const outcomes = new Map<string, string>();
        const sends = ['1', '2', '3'].map(async (to) => {
          outcomes.set(to, (await sender.send(message('x', to), { key: `k${to}` })).outcome);
        });
        const items = ['4', '5', '6'].map((to) => ({ key: `k${to}`, message: message('x', to) }));
        const all = sender.sendAll(broken.source?.(items) ?? items).catch(() => undefined);
        if (name !== 'token function') await settlesWithin(Promise.all(sends), 3_000);
        const startedAtMs = performance.now();
        await sender.close();
        longestCloseMs = Math.max(longestCloseMs, performance.now() - startedAtMs);
        await Promise.all([...sends, all]);
        expect(outcomes.size).toBe(3);
        for (const [to, outcome] of outcomes) {
          if (outcome === 'accepted') expect(requests.get(to)).toBe(1);
          if (outcome === 'rejected') expect(requests.get(to) ?? 0).toBe(0);
        }
        for (const count of requests.values()) expect(count).toBe(1);
        if (['listener', 'logger', 'instrument', 'clock'].includes(name))
          expect([...outcomes.values()]).toEqual(['accepted', 'accepted', 'accepted']);
      };
      for (let seed = 0; seed < runs; seed += 20) await Promise.all(Array.from({ length: 20 }, (_, index) => run(seed + index)));
      await new Promise((resolve) => setTimeout(resolve, 10));
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
      expect(longestCloseMs).toBeLessThan(5_000);
    },
    120_000,
  );
});

describe('a guard', () => {
  const setUp = (options: Partial<SenderOptions> = {}) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20 });
    return { clock, meta, sender: createSender({ client: meta.client(), throughput: 20, logger: silentLogger, ...options }) };
  };

  test('that holds a message until a time in the past is called once per second', async () => {
    let asked = 0;
    const { clock, meta, sender } = setUp();
    const guard: SendGuard = () => {
      asked += 1;
      return { verdict: 'hold', reason: 'x', until: new Date(0) };
    };
    const result = sender.send(message('x'), { guard });
    await clock.advance(10_500);
    expect(asked).toBe(11);
    await sender.close();
    expect(await result).toMatchObject({ outcome: 'rejected', by: 'closed' });
    expect(meta.arrivals).toEqual([]);
  });

  test('that never decides keeps its message from being sent, and no other', async () => {
    const { clock, meta, sender } = setUp({ guardTimeoutMs: 2_000 });
    const hanging = sender.send(message('x', '15550100001'), { guard: () => new Promise(() => undefined) });
    expect(await pass(clock, sender.send(message('y', '15550100002')))).toMatchObject({ outcome: 'accepted' });
    expect(await pass(clock, hanging)).toMatchObject({ by: 'guard', error: { reason: 'guard-failed', cause: { name: 'TimeoutError' } } });
    expect(meta.arrivals).toHaveLength(1);
    await sender.close();
  });

  test('that never decides does not keep close() waiting', async () => {
    const { clock, sender } = setUp();
    const hanging = sender.send(message('x'), { guard: () => new Promise(() => undefined) });
    await clock.advance(100);
    await sender.close();
    expect(await hanging).toMatchObject({ outcome: 'rejected', by: 'closed' });
  });
});

describe('a listener that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('no such column');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such column'))],
  ])('is logged if it %s, and changes no outcome', async (_name, listener) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const error = vi.fn();
    const sender = createSender({ client: meta.client(), throughput: 20, logger: { ...silentLogger, error } });
    sender.on('sent', listener);
    expect(await pass(clock, sender.send(message('x')))).toMatchObject({ outcome: 'accepted' });
    await clock.advance(1);
    expect(error).toHaveBeenCalledWith('sender.listener_failed', {
      event: 'sent',
      error: expect.objectContaining({ message: 'no such column' }) as Error,
    });
    await sender.close();
  });
});

describe('a wait that a response asks for', () => {
  test.each(['999999999', '1e300', 'Fri, 31 Dec 9999 23:59:59 GMT'])('is at most one hour: Retry-After %s', async (retryAfter) => {
    const clock = fakeClock();
    const tooFast = new Response('{}', { status: 429, headers: { 'retry-after': retryAfter } });
    const { fetch } = recordMeta(tooFast, acceptedMessage);
    const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922', clock, fetch });
    const sender = createSender({ client, throughput: 20 });
    const waits: number[] = [];
    sender.on('retry', ({ waitMs }) => {
      waits.push(waitMs);
    });
    const result = sender.send(message('x'));
    await clock.advance(3_602_000);
    expect(await result).toMatchObject({ outcome: 'accepted' });
    expect(waits[0]).toBeLessThanOrEqual(3_600_000);
    await sender.close();
  });
});
