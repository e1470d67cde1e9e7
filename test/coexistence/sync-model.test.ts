import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createCoexistence, memoryStore, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { faultyFake, phoneNumberId, wabaId, type Behaviour } from './faulty-fake.js';

const hourMs = 3_600_000;

describe('one-time requests under faults', () => {
  const behaviours: readonly Behaviour[] = [
    'ok',
    'ok',
    'ok',
    'refuse-connection',
    'cut-before',
    'cut-after',
    '500-before',
    '500-after',
    { code: 130429, message: 'too fast' },
    { code: 190, message: 'expired' },
    { code: 2593107, message: 'limit exceeded' },
  ];
  /**
   * A store whose process crashes at its n-th operation. This one and all later operations of the process fail, before
   * or after they take effect.
   */
  function mortal(store: Store, operations: number, dieAfterEffect: boolean): Store {
    let left = operations;
    const living =
      <Parameters extends readonly unknown[], Result>(operation: (...parameters: Parameters) => Promise<Result>) =>
      async (...parameters: Parameters): Promise<Result> => {
        left -= 1;
        if (left < 0 || (left === 0 && !dieAfterEffect)) throw new Error('the process died');
        const result = await operation(...parameters);
        if (left === 0) throw new Error('the process died');
        return result;
      };
    return {
      get: living(store.get),
      set: living(store.set),
      setIfAbsent: living(store.setIfAbsent),
      delete: living(store.delete),
      list: living(store.list),
      batch: living(store.batch),
    };
  }

  test('contacts and history are each requested at most once, under any fault at any step, restarts and six processes', async () => {
    const seen = { runs: 0, finished: 0, mortalLives: 0, asked: 0, repeated: 0 };
    await fc.assert(
      fc.asyncProperty(
        // One fault for each call of an onboarding.
        fc.array(fc.constantFrom(...behaviours), { minLength: 16, maxLength: 16 }),
        // Lifetimes of processes: the store operation at which each one crashes, before or after its effect, and the
        // time until the next round.
        fc.array(
          fc.record({
            deaths: fc.array(fc.record({ at: fc.integer({ min: 1, max: 80 }), late: fc.boolean() }), { minLength: 1, maxLength: 6 }),
            waitMs: fc.constantFrom(0, 30_000, 70_000, 200_000, 20 * hourMs),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        fc.boolean(),
        async (faults, rounds, isAdopted) => {
          seen.runs += 1;
          const clock = fakeClock();
          const graph = faultyFake(clock);
          const harmless = new Set<unknown>();
          const store = memoryStore({ clock });
          const process = (own: Store) =>
            createCoexistence({ client: graph.clientWith({ clock }), store: own, saveToken: () => undefined, sweepIntervalMs: false });
          const onboardedAt = new Date(clock.now());
          const begin = isAdopted
            ? process(store).onboarding.import({
                wabaId,
                phoneNumberId,
                onboardedAt,
                contactsSync: 'not-requested',
                historySync: 'not-requested',
              })
            : process(store).onboarding.start(graph.signup());
          const { id } = await begin;
          let next = 0;
          graph.behave = (call) => {
            const behaviour = faults[next++] ?? 'ok';
            // Proof that Meta didn't process the request: there was no connection, or the token was rejected.
            if (behaviour === 'refuse-connection' || (typeof behaviour === 'object' && behaviour.code === 190)) harmless.add(call);
            return behaviour;
          };
          const live = async (own: Store): Promise<void> => {
            const coexistence = process(own);
            await coexistence.onboarding.resume(id).catch(() => undefined);
            await coexistence.sweep().catch(() => undefined);
          };
          for (const { deaths, waitMs } of rounds) {
            // Up to six concurrent processes that crash, and one that survives.
            seen.mortalLives += deaths.length;
            await Promise.all([
              ...deaths.map(({ at, late }) => live(mortal(store, at, late))),
              ...(deaths.length < 6 ? [live(store)] : []),
            ]);
            await clock.advance(waitMs);
          }
          await clock.advance(200_000);
          for (let turn = 0; turn < faults.length; turn += 1) {
            await live(store);
            if ((await process(store).onboarding.get(id))?.state === 'done') {
              seen.finished += 1;
              break;
            }
          }
          for (const type of ['smb_app_state_sync', 'history']) {
            const sent = graph.calls.filter((call) => call.body?.sync_type === type && !harmless.has(call));
            seen.asked += Math.min(1, sent.length);
            seen.repeated += Math.max(0, sent.length - 1);
            expect(sent.length, type).toBeLessThanOrEqual(1);
            // Sent requests are never forgotten.
            const { contacts, history } = await process(store).sync.get(phoneNumberId);
            const record = type === 'history' ? history : contacts;
            if (sent.length === 1) expect(record?.status, type).toMatch(/requested|unknown|refused/);
          }
        },
      ),
      { numRuns: process.env['WA_COEXIST_LONG'] ? 10_000 : 300 },
    );
    console.log(`one-shot calls: ${JSON.stringify(seen)}`);
    expect(seen.repeated).toBe(0);
    expect(seen.finished).toBeGreaterThan(seen.runs / 2);
    expect(seen.asked).toBeGreaterThan(seen.runs / 2);
  }, 1_800_000);
});
