import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  createSender,
  InvalidArgumentError,
  isWhatsAppError,
  memoryStore,
  silentLogger,
  type OutgoingMessage,
  type SendItem,
  type Sender,
  type SenderOptions,
  type SendOptions,
} from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';
import { message } from './virtual-meta.js';

/** Values that callers without types may pass. */
const secret = 'EAA-secret-token';
const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error(secret);
    },
    ownKeys() {
      throw new Error(secret);
    },
  },
);
const hostile: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 53,
  true,
  '',
  secret,
  [],
  {},
  Symbol('x'),
  1n,
  new Date(NaN),
  () => {
    throw new Error(secret);
  },
  throwing,
  Object.create(null),
];
const anything = fc.oneof(fc.constantFrom(...hostile), fc.anything());

function setUp(options: Partial<SenderOptions> = {}): { readonly sender: Sender; readonly sent: string[] } {
  const sent: string[] = [];
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '106540352242922',
    logger: silentLogger,
    fetch: recordMeta(({ body }) => {
      sent.push((body as { readonly to: string }).to);
      return { messages: [{ id: `wamid.${String(sent.length)}` }] };
    }).fetch,
  });
  return { sender: createSender({ client, throughput: 10_000, ...options }), sent };
}

/** Passes a value that the types don't allow. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the type that is expected
const untyped = <Value>(value: unknown): Value => value as Value;

/** Fails if a promise takes longer than a second of real time. */
async function settles<Result>(work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('It is still pending.'));
    }, 5_000);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}

async function ends(sender: Sender): Promise<void> {
  await settles(sender.drain());
  await settles(sender.close());
}

describe('a send with wrong arguments', () => {
  test.each<[string, unknown, unknown]>([
    ['no message', null, undefined],
    ['an undefined message', undefined, undefined],
    ['an item instead of a message', { message: message('x'), key: 'k' }, undefined],
    ['an unknown priority', message('x'), { priority: 'urgent', key: 'k' }],
    ['a text as expiresAt', message('x'), { expiresAt: '2027-01-01', key: 'k' }],
    ['an invalid date', message('x'), { expiresAt: new Date(NaN), key: 'k' }],
    ['an empty key', message('x'), { key: '' }],
    ['a misspelled option', message('x'), { idempotencyKey: 'k' }],
    ['nested options', message('x'), { options: { key: 'k' } }],
    ['no options', message('x'), null],
    ['a getter that throws', message('x'), throwing],
  ])('is rejected, and no message stays open: %s', async (_name, given, options) => {
    const { sender, sent } = setUp({ logger: silentLogger });
    const result = await settles(sender.send(untyped<OutgoingMessage>(given), untyped<SendOptions>(options)));
    expect(result).toMatchObject({ outcome: 'rejected', by: 'guard' });
    expect(result.outcome === 'rejected' && result.error).toBeInstanceOf(InvalidArgumentError);
    expect(await settles(sender.send(message('y'), { key: 'k' }))).toMatchObject({ outcome: 'accepted' });
    await ends(sender);
    expect(sent).toHaveLength(1);
  });

  test('never leaves a message open, for any value', async () => {
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.oneof(
          anything,
          fc.dictionary(
            fc.constantFrom('from', 'key', 'priority', 'expiresAt', 'signal', 'campaignId', 'category', 'guard', 'onUnknown', 'x'),
            anything,
            { maxKeys: 2 },
          ),
        ),
        fc.boolean(),
        async (given, options, isMessage) => {
          const { sender } = setUp({ logger: silentLogger, store: memoryStore() });
          const to = isMessage ? message('x') : untyped<OutgoingMessage>(given);
          const result = await settles(sender.send(to, untyped<SendOptions>(options)));
          if (result.outcome === 'rejected') {
            expect(isWhatsAppError(result.error)).toBe(true);
            expect(result.error.message).not.toContain(secret);
          }
          const queued = await settles(sender.enqueue(to, untyped(options)).catch((error: unknown) => error));
          if (typeof queued !== 'string') expect(isWhatsAppError(queued)).toBe(true);
          await ends(sender);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('a source with wrong items', () => {
  test('reports the fix for misplaced options, and sends the other items', async () => {
    const { sender, sent } = setUp({ logger: silentLogger });
    const errors: string[] = [];
    sender.on('rejected', ({ error }) => {
      errors.push(error.message);
    });
    const items = [
      { message: message('x', '1'), options: { key: 'k' } },
      { message: message('x', '2') },
      { ...message('x', '3'), key: 'k' },
      { message: message('x', '4'), to: '5' },
    ];
    expect(await settles(sender.sendAll(untyped<SendItem[]>(items)))).toMatchObject({ accepted: 1, rejected: 3, rejectedBy: { guard: 3 } });
    expect(sent).toEqual(['2']);
    expect(errors[0]).toContain('next to message, as in { message, key }');
    expect(errors[1]).toContain('write { message: { … }, key }');
    expect(errors[2]).toContain('write { message: { to, … } }');
    await ends(sender);
  });

  test.each<[string, unknown, string]>([
    ['a number', 7, 'item'],
    ['null', null, 'item'],
    ['an item with a member of a message', { message: message('x'), to: '15550100987' }, 'to'],
  ])('rejects %s, and names what is wrong', async (_name, item, field) => {
    const { sender, sent } = setUp({ logger: silentLogger });
    const errors: unknown[] = [];
    sender.on('rejected', ({ error }) => {
      errors.push(error);
    });
    expect(await settles(sender.sendAll(untyped<SendItem[]>([item])))).toMatchObject({ taken: 1, rejectedBy: { guard: 1 } });
    expect(errors).toMatchObject([{ name: 'InvalidArgumentError', field }]);
    expect(sent).toEqual([]);
    await ends(sender);
  });

  test('ends for any items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), fc.record({ message: anything, key: anything }), async (items, item) => {
        const { sender } = setUp({ logger: silentLogger });
        const all = [message('x'), ...items, item, message('y')];
        const result = await settles(sender.sendAll(untyped<SendItem[]>(all)));
        expect(result).toMatchObject({ taken: all.length, done: all.length });
        expect(result.accepted).toBeGreaterThanOrEqual(2);
        await ends(sender);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  const never = new Promise<never>(() => undefined);
  test.each<[string, () => unknown]>([
    [
      'next() throws',
      () => ({
        next: () => {
          throw new Error('gone');
        },
      }),
    ],
    ['next() rejects', () => ({ next: () => Promise.reject(new Error('gone')) })],
    ['next() returns nothing', () => ({ next: () => undefined })],
    ['next() returns a number', () => ({ next: () => 7 })],
    ['next() never resolves', () => ({ next: () => never })],
    ['there is no next()', () => ({})],
    ['it is no object', () => 7],
    [
      'it throws',
      () => {
        throw new Error('gone');
      },
    ],
    [
      'return() throws',
      () => ({
        next: () => never,
        return: () => {
          throw new Error('gone');
        },
      }),
    ],
    ['return() hangs', () => ({ next: () => never, return: () => never })],
  ])('ends if %s', async (_name, iterator) => {
    const { sender } = setUp({ logger: silentLogger });
    const source = untyped<AsyncIterable<SendItem>>({ [Symbol.asyncIterator]: iterator });
    const running = sender.sendAll(source).then(
      ({ stoppedBy }) => stoppedBy,
      (error: unknown) => (error instanceof Error ? error.message : error),
    );
    await ends(sender);
    expect(await settles(running)).toMatch(/^closed$|gone|sendAll: source must/);
  });

  test('lets timers run if every item of an endless source is rejected', async () => {
    const { sender } = setUp({ logger: silentLogger });
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 20);
    const endless = (function* () {
      for (;;) yield untyped<SendItem>(null);
    })();
    expect(await settles(sender.sendAll(endless, { signal: controller.signal }))).toMatchObject({ stoppedBy: 'aborted', accepted: 0 });
    await ends(sender);
  });
});

describe('options', () => {
  test('of each function are checked: they work or throw an error of the library, without secrets', async () => {
    const names = [
      'throughput',
      'store',
      'takeOverAfterMs',
      'onUnknown',
      'unsettledAfterMs',
      'webhooks',
      'guards',
      'guardTimeoutMs',
      'pacing',
      'concurrency',
      'instrument',
      'clock',
      'logger',
    ];
    const told = (error: unknown): void => {
      expect(isWhatsAppError(error) ? error.message : error).toBeTypeOf('string');
      expect(String(error)).not.toContain(secret);
    };
    const plain = anything.filter((value) => typeof value !== 'function' && value !== throwing);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), plain, async (name, value) => {
        // Any value is accepted as a clock or a logger. They are guarded instead of checked.
        if (name === 'clock' || name === 'logger') return;
        try {
          const { sender } = setUp({ logger: silentLogger, [name]: value });
          await settles(sender.close());
        } catch (error) {
          told(error);
        }
      }),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(
        anything,
        anything,
        fc.constantFrom(
          'concurrency',
          'total',
          'signal',
          'from',
          'priority',
          'campaignId',
          'category',
          'onProgress',
          'isWindowOpen',
          'messagingLimit',
          'limit',
        ),
        async (value, whole, name) => {
          const { sender } = setUp({ logger: silentLogger });
          const one = untyped<object>({ [name]: value });
          const { campaigns } = sender;
          const calls: readonly (() => Promise<unknown>)[] = [
            () => sender.sendAll([message('x')], one),
            () => sender.sendAll([message('x')], untyped(whole)),
            // The caller receives the errors of its own source.
            () => sender.sendAll(untyped(value === throwing ? undefined : value)),
            () => sender.plan([message('x')], { messagingLimit: 1, ...one }),
            () => sender.plan(untyped(value === throwing ? undefined : value), { messagingLimit: 1 }),
            () => sender.sweep(one),
            () => sender.sweep(untyped(whole)),
            () => campaigns.pause(untyped(value)),
            () => campaigns.resume(untyped(value)),
            () => campaigns.report(untyped(value)),
            () => campaigns.cancel(untyped(value)),
          ];
          for (const call of calls) await settles(call().catch(told));
          await settles(sender.close());
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  test.each(['takeOverAfterMs', 'unsettledAfterMs', 'guardTimeoutMs', 'throughput', 'concurrency'])('%s is a positive number', (name) => {
    for (const value of [NaN, Infinity, -1, 0, 2 ** 31, '20']) expect(() => setUp({ [name]: value })).toThrow(InvalidArgumentError);
  });
});
