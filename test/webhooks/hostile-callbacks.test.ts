import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { memoryStore, silentLogger, systemClock } from 'wa-coexist';
import { createWebhooks, type WebhookDelivery, type WebhooksOptions } from 'wa-coexist/webhooks';
import { fakeClock } from 'wa-coexist/testing';
import { messages, textMessage } from './fixtures/delivery.js';
import { deliver, secret, settle } from './fixtures/receive.js';

/** Ways in which a caller's callback can misbehave. */
const misdeeds = {
  throw: () => {
    throw new Error('thrown');
  },
  'throw the unprintable': () => {
    throw Object.create(null);
  },
  reject: () => Promise.reject(new Error('rejected')),
  garbage: () => ({ written: 'perhaps', then: 7 }),
  'return a thenable that throws': () => ({
    then() {
      throw new Error('then');
    },
  }),
  hang: () => new Promise(() => undefined),
} as const;
type Misdeed = keyof typeof misdeeds;

const callbacks = ['handler', 'once', 'route', 'archive', 'enqueue', 'logger', 'clock', 'instrument', 'store', 'iterator'] as const;
const id = (index: number): string => `wamid.EXAMPLE${String(index)}`;

/** Wraps an object whose calls misbehave when the test says so. */
function unreliable<Value extends object>(value: Value, isBad: () => boolean, misdeed: Misdeed): Value {
  return new Proxy(value, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => (isBad() ? misdeeds[misdeed]() : Reflect.apply(member, target, parameters));
    },
  });
}

async function attack(callback: (typeof callbacks)[number], misdeed: Misdeed, mode: 'handle' | 'inbox', turns: readonly boolean[]) {
  const clock = fakeClock();
  let turn = 0;
  let isOver = false;
  const isBad = (): boolean => !isOver && turns[turn++ % turns.length] === true;
  const bad = (): Promise<never> => misdeeds[misdeed]() as never;
  const queue: WebhookDelivery[] = [];
  const options: WebhooksOptions<string> = {
    appSecret: secret,
    verifyToken: 'verify-token',
    clock: callback === 'clock' ? unreliable(clock, isBad, misdeed) : clock,
    logger: callback === 'logger' ? unreliable({ ...silentLogger }, isBad, misdeed) : silentLogger,
    ...(callback === 'store' && { store: unreliable(memoryStore({ clock }), isBad, misdeed) }),
    ...(callback === 'route' && { route: () => (isBad() ? bad() : 'tenant') }),
    ...(callback === 'archive' && { archive: () => (isBad() ? bad() : undefined) }),
    ...(callback === 'instrument' && { instrument: (_name, run) => (isBad() ? bad() : run()) }),
    ...(callback === 'enqueue'
      ? {
          mode: 'enqueue' as const,
          enqueue: (delivery: WebhookDelivery) => {
            // The return value doesn't matter, so garbage is a success.
            if (misdeed === 'garbage') queue.push(delivery);
            if (isBad()) return bad();
            if (misdeed !== 'garbage') queue.push(delivery);
            return undefined;
          },
        }
      : { mode }),
    retry: { maxAttempts: 1_000, maxDelayMs: 60_000 },
  };
  const webhooks = createWebhooks<string>(options);
  const handled = new Set<string>();
  if (callback !== 'iterator') {
    webhooks.on('message', (event) => {
      if (misdeed === 'garbage') handled.add(event.message.id);
      if (callback === 'handler' && isBad()) return bad();
      handled.add(event.message.id);
      return undefined;
    });
  }
  if (callback === 'once') webhooks.once('message', () => (isBad() ? bad() : undefined));
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        for await (const event of webhooks.events('message', { signal: stop.signal })) {
          // A loop that hangs permanently never requests another event, so this one is only late.
          if (isBad()) await Promise.race([bad(), new Promise<void>((resolve) => clock.schedule(resolve, 61_000))]);
          handled.add(event.message.id);
        }
      } catch {
        // The next loop starts immediately. Without a loop, there is no handler, and the receiver drops events.
      }
    }
  };
  const looping = callback === 'iterator' ? loop() : undefined;
  await settle();
  const open = new Set([0, 1, 2]);
  for (let round = 0; round < 40 && handled.size < 3; round += 1) {
    isOver = round >= 12;
    const attempt = async (index: number): Promise<void> => {
      const body = messages(textMessage(id(index), 'Hello', `1555010000${String(callback === 'iterator' ? index : index % 2)}`));
      if ((await deliver(webhooks, body)) === 200) open.delete(index);
      for (const delivery of queue.splice(0)) await webhooks.process(delivery).catch(() => queue.push(delivery));
    };
    const attempts = Promise.all([...open].map(attempt));
    await clock.advance(200_000);
    await attempts;
  }
  expect([...handled].sort()).toEqual([id(0), id(1), id(2)]);
  stop.abort();
  await clock.advance(200_000);
  await looping;
  await webhooks.close();
}

test.each(callbacks.flatMap((callback) => Object.keys(misdeeds).map((misdeed) => [callback, misdeed as Misdeed] as const)))(
  'if %s misbehaves (%s), each event still reaches a handler',
  async (callback, misdeed) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('handle', 'inbox'), fc.array(fc.boolean(), { minLength: 3, maxLength: 12 }), (mode, turns) =>
        attack(callback, misdeed, mode, turns),
      ),
      { numRuns: process.env['WA_COEXIST_LONG'] === '1' ? 200 : 3 },
    );
  },
  process.env['WA_COEXIST_LONG'] === '1' ? 600_000 : 15_000,
);

test.each(Object.keys(misdeeds) as Misdeed[])(
  'a handler of once that misbehaves (%s) gets the redelivery until it succeeds',
  async (misdeed) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('handle', 'inbox'), fc.integer({ min: 1, max: 4 }), async (mode, failures) => {
        const clock = fakeClock();
        const options = { appSecret: secret, verifyToken: 'verify-token', clock, logger: silentLogger, mode };
        const webhooks = createWebhooks({ ...options, retry: { maxAttempts: 100, maxDelayMs: 60_000 } });
        let calls = 0;
        let succeeded = 0;
        webhooks.once('message', (): Promise<void> | undefined => {
          calls += 1;
          if (calls <= failures) return misdeeds[misdeed]() as never;
          succeeded += 1;
          return undefined;
        });
        for (let round = 0; round < 20; round += 1) {
          const response = deliver(webhooks, messages(textMessage(id(1))));
          await clock.advance(130_000);
          const isHandled = misdeed === 'garbage' ? calls > 0 : succeeded > 0;
          expect(await response).toBe(mode === 'handle' && !isHandled ? 500 : 200);
        }
        // Garbage is a success, so the first call is the last.
        expect({ calls, succeeded }).toEqual(misdeed === 'garbage' ? { calls: 1, succeeded: 0 } : { calls: failures + 1, succeeded: 1 });
        await webhooks.close();
      }),
      { numRuns: process.env['WA_COEXIST_LONG'] === '1' ? 200 : 5 },
    );
  },
);

test.each(['handler', 'handler that awaits close()', 'loop that awaits close()', 'loop that stopped asking', 'store', 'clock', 'archive'])(
  'close() ends if a callback hangs: %s',
  async (callback) => {
    const hang = (): Promise<never> => new Promise(() => undefined);
    const hung = unreliable(memoryStore(), () => true, 'hang');
    const webhooks = createWebhooks({
      appSecret: secret,
      verifyToken: 'verify-token',
      logger: silentLogger,
      closeTimeoutMs: 50,
      ...(callback === 'store' && { store: hung }),
      ...(callback === 'clock' && { clock: { ...systemClock, schedule: () => () => undefined } }),
      ...(callback === 'archive' && { archive: hang }),
    });
    let isWaited = false;
    const looping = (async () => {
      if (!callback.startsWith('loop')) return;
      for await (const _event of webhooks.events('message')) {
        if (callback === 'loop that stopped asking') return hang();
        await webhooks.close();
        isWaited = true;
      }
    })();
    if (!callback.startsWith('loop')) {
      webhooks.on('message', async () => {
        if (callback !== 'handler that awaits close()') return hang();
        await webhooks.close();
        isWaited = true;
      });
    }
    await settle();
    const answer = deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')));
    await settle();
    await webhooks.close();
    const isDone = callback.includes('awaits');
    expect(await answer).toBe(isDone ? 200 : 500);
    expect(isWaited).toBe(isDone);
    if (isDone) await looping;
  },
);
