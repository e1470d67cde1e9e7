import { setImmediate } from 'node:timers/promises';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  createCoexistence,
  debugToken,
  InvalidArgumentError,
  memoryStore,
  OnboardingError,
  silentLogger,
  type Coexistence,
  type Store,
} from 'wa-coexist';
import { grantedWabaIds, type SavedToken } from 'wa-coexist/coexistence';
import { createFakeCloudApi, fakeClock, type FakeNumber } from 'wa-coexist/testing';
import { recordMeta } from '../meta/recorder.js';

const numRuns = process.env.WA_COEXIST_LONG === '1' ? 1_000 : 100;

/** A business with its own WABA and number. */
type Tenant = FakeNumber;

/** Two businesses, and Meta with one app for both. A token reaches only what its own business granted. */
function createWorld() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const tenants = [
    fake.businessAppNumber({ verifiedName: 'Harbor Bakery' }),
    fake.businessAppNumber({ verifiedName: 'Corner Books' }),
  ] as const;
  /** The owner of each token by its WABA. */
  const ownerOf = async (token: string): Promise<string | undefined> => {
    const client = createClient({ appId: fake.app.id, appSecret: fake.app.secret, fetch: fake.fetch, clock });
    return grantedWabaIds(await debugToken(client, { token }))[0];
  };
  return { clock, fake, tenants, ownerOf };
}
type World = ReturnType<typeof createWorld>;

interface Process {
  readonly coexistence: Coexistence;
}

/** One process of a platform that saves tokens by WABA, as the README does. */
function processOn({ clock, fake }: World, store: Store, vault: Map<string, string>, saved: SavedToken[]): Process {
  const client = createClient({
    appId: fake.app.id,
    appSecret: fake.app.secret,
    accessToken: ({ wabaId }) => vault.get(wabaId ?? ''),
    fetch: fake.fetch,
    maxRetries: 0,
    clock,
    logger: silentLogger,
  });
  const saveToken = (token: SavedToken): void => {
    saved.push(token);
    if (token.wabaId !== undefined) vault.set(token.wabaId, token.token);
  };
  return { coexistence: createCoexistence({ client, store, clock, saveToken, sweepIntervalMs: false, logger: silentLogger }) };
}

const eventOf = ({ wabaId, phoneNumberId }: { readonly wabaId: unknown; readonly phoneNumberId: unknown }): object => ({
  type: 'WA_EMBEDDED_SIGNUP',
  event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
  data: { waba_id: wabaId, phone_number_id: phoneNumberId },
});

describe('two tenants of one platform', () => {
  test(
    'who sign up with the IDs of each other never get a token, a number or a sync under a foreign WABA',
    async () => {
      const step = fc.record({
        who: fc.constantFrom(0, 1),
        process: fc.constantFrom(0, 1),
        claims: fc.constantFrom<'own' | 'foreign' | 'none' | 'mixed'>('own', 'foreign', 'none', 'mixed'),
        at: fc.constantFrom<'start' | 'resume' | 'resume with token'>('start', 'resume', 'resume with token'),
        breaks: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), fc.boolean(), async (steps, sideBySide) => {
          const [store, vault, saved] = [memoryStore(), new Map<string, string>(), [] as SavedToken[]];
          const world = createWorld();
          const { fake, tenants } = world;
          const processes = [processOn(world, store, vault, saved), processOn(world, store, vault, saved)];
          const ids = new Map<Tenant, string>();
          const run = async ({ who, process, claims, at, breaks: fails }: (typeof steps)[number]): Promise<void> => {
            const [own, foreign] = who === 0 ? [tenants[0], tenants[1]] : [tenants[1], tenants[0]];
            const { onboarding } = processes[process]?.coexistence ?? expect.unreachable();
            const claimed = {
              own,
              foreign,
              none: undefined,
              mixed: { wabaId: own.wabaId, phoneNumberId: foreign.phoneNumberId },
            }[claims];
            const sessionEvent = claimed && eventOf(claimed);
            fake.faults.clear();
            if (fails) fake.faults.add({ kind: 'server-error', endpoint: 'debug_token', status: 503 });
            const id = ids.get(own);
            const token = saved.findLast(({ onboardingId }) => onboardingId === id)?.token;
            try {
              if (at === 'start' || id === undefined) {
                ids.set(own, (await onboarding.start({ code: fake.signup(own).code, ...(sessionEvent && { sessionEvent }) })).id);
              } else {
                await onboarding.resume(id, {
                  ...(sessionEvent && { sessionEvent }),
                  ...(at === 'resume with token' && { token }),
                });
              }
            } catch (error) {
              expect(error).toBeInstanceOf(Error);
            }
          };
          if (sideBySide) await Promise.all(steps.map(run));
          else for (const one of steps) await run(one);

          fake.faults.clear();
          for (const { wabaId, token } of saved) {
            if (wabaId !== undefined) expect(wabaId).toBe(await world.ownerOf(token));
          }
          for (const [tenant, id] of ids) {
            const onboarding = await processes[0]?.coexistence.onboarding.get(id);
            expect([undefined, tenant.wabaId]).toContain(onboarding?.wabaId);
            expect([undefined, tenant.phoneNumberId]).toContain(onboarding?.phoneNumberId);
          }
        }),
        { numRuns },
      );
    },
    30_000 + 500 * numRuns,
  );

  test('a foreign WABA rejects with a typed error, and nothing is saved', async () => {
    const [store, saved] = [memoryStore(), [] as SavedToken[]];
    const world = createWorld();
    const { coexistence } = processOn(world, store, new Map(), saved);
    const [own, foreign] = world.tenants;
    const start = coexistence.onboarding.start({ code: world.fake.signup(own).code, sessionEvent: eventOf(foreign) });
    await expect(start).rejects.toMatchObject({ name: 'OnboardingError', problem: 'waba-not-granted' });
    expect(saved).toEqual([]);
    expect(await store.list('wa/onboarding/', { limit: 10 })).toEqual([]);
  });

  test.each(['..', '__proto__', 'a/b?c', '\ud800', '', 'x'.repeat(100_000), '1'.repeat(33), {}, null, 7.5])(
    "a WABA ID that isn't in Meta's format never reaches saveToken: %j",
    async (odd) => {
      const saved: SavedToken[] = [];
      const world = createWorld();
      const { coexistence } = processOn(world, memoryStore(), new Map(), saved);
      const [own] = world.tenants;
      const { id, wabaId } = await coexistence.onboarding.start({
        code: world.fake.signup(own).code,
        sessionEvent: eventOf({ wabaId: odd, phoneNumberId: odd }),
      });
      expect([wabaId, saved.map((token) => token.wabaId)]).toEqual([own.wabaId, [own.wabaId]]);
      await expect(coexistence.onboarding.resume(id, { wabaId: odd as string })).rejects.toBeInstanceOf(InvalidArgumentError);
    },
  );

  test('a saveToken that never returns ends with a typed error', async () => {
    const { clock, fake, tenants } = createWorld();
    const client = createClient({ appId: fake.app.id, appSecret: fake.app.secret, fetch: fake.fetch, clock, logger: silentLogger });
    const coexistence = createCoexistence({ client, clock, saveToken: () => new Promise(() => undefined), sweepIntervalMs: false });
    const start = coexistence.onboarding.start({ code: fake.signup(tenants[0]).code }).catch((error: unknown) => error);
    const outcomes: unknown[] = [];
    void start.then((outcome) => outcomes.push(outcome));
    // The client loads a module before the request, which takes real time.
    while (outcomes.length === 0) {
      await clock.advance(1_000);
      await setImmediate();
    }
    expect(await start).toBeInstanceOf(OnboardingError);
    expect(await start).toMatchObject({ problem: 'token-not-saved' });
  });

  test.each([{}, { code: '' }, { code: 7 }, { code: 'x'.repeat(5_000) }, { code: 'c', redirectUri: 7 }, undefined])(
    'start(%j) fails before the network',
    async (wrong) => {
      const { fetch, requests } = recordMeta();
      const client = createClient({ appId: '900', appSecret: 's', fetch });
      const coexistence = createCoexistence({ client, saveToken: () => undefined, sweepIntervalMs: false });
      await expect(coexistence.onboarding.start(wrong as { readonly code: string })).rejects.toBeInstanceOf(InvalidArgumentError);
      expect(requests).toEqual([]);
    },
  );
});
