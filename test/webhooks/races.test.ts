import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { memoryStore, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { messages, textMessage } from './fixtures/delivery.js';
import { deliver, receiver } from './fixtures/receive.js';

const runs = process.env.WA_COEXIST_LONG ? 10_000 : 1_000;

/** A store whose calls wait before they act and before they return, in an order that the scheduler chooses. */
function scheduled(store: Store, scheduler: fc.Scheduler): Store {
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const call = target[name] as ((...parameters: unknown[]) => Promise<unknown>) | undefined;
      return async (...parameters: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), `${name} asked`);
        const result = await call?.apply(target, parameters);
        await scheduler.schedule(Promise.resolve(), `${name} answered`);
        return result;
      };
    },
  });
}

test('2 to 5 simultaneous duplicates at 1 to 5 processes, with handlers that fail: each event succeeds once, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (scheduler, copies, processes, failures) => {
        const clock = fakeClock();
        const store = scheduled(memoryStore({ clock }), scheduler);
        const outcomes = [...failures];
        const running = new Set<string>();
        const succeeded: string[] = [];
        const webhooks = Array.from({ length: processes }, () => {
          const one = receiver({ store, clock });
          one.on('message', async ({ key }) => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            await scheduler.schedule(Promise.resolve(), 'handler');
            running.delete(key);
            if (outcomes.pop() === true) throw new Error('failed');
            succeeded.push(key);
          });
          return one;
        });
        const body = messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2'));
        const receive = async (): Promise<void> => {
          const answers = await scheduler.waitFor(
            Promise.all(Array.from({ length: copies }, (_, copy) => deliver(webhooks[copy % processes]!, body))),
          );
          expect(answers.every((status) => status === 200 || status === 500)).toBe(true);
          // A 200 response proves that all events were handled.
          if (answers.includes(200)) expect(new Set(succeeded).size).toBe(2);
          if (answers.some((status) => status !== 200)) await receive();
        };
        await receive();
        expect(succeeded.sort()).toEqual([...new Set(succeeded)]);
        expect(succeeded).toHaveLength(2);
      },
    ),
    { numRuns: runs },
  );
}, 300_000);

test('2 to 5 simultaneous duplicates at a receiver without a store: each event succeeds once, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (scheduler, copies, failures) => {
        const outcomes = [...failures];
        const succeeded: string[] = [];
        const webhooks = receiver({ clock: fakeClock() });
        webhooks.on('message', async ({ key }) => {
          await scheduler.schedule(Promise.resolve(), 'handler');
          if (outcomes.pop() === true) throw new Error('failed');
          succeeded.push(key);
        });
        const body = messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2'));
        const receive = async (): Promise<void> => {
          const answers = await scheduler.waitFor(Promise.all(Array.from({ length: copies }, () => deliver(webhooks, body))));
          if (answers.includes(200)) expect(new Set(succeeded).size).toBe(2);
          if (answers.some((status) => status !== 200)) await receive();
        };
        await receive();
        expect(succeeded).toHaveLength(2);
        expect(new Set(succeeded).size).toBe(2);
      },
    ),
    { numRuns: runs },
  );
}, 300_000);
