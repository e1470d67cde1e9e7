import { setImmediate } from 'node:timers/promises';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  createCoexistence,
  InvalidArgumentError,
  memoryStore,
  OnboardingError,
  silentLogger,
  type Coexistence,
  type Store,
} from 'wa-coexist';
import { type SavedToken } from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import { graphError, recordMeta } from '../meta/recorder.js';

const numRuns = process.env.WA_COEXIST_LONG === '1' ? 1_000 : 100;

/** Two businesses, each with its own WABA, number and token. */
const tenants = [
  { code: 'CODE-A', token: 'EAAG-token-of-a', wabaId: '211900000000001', phoneNumberId: '339900000000001' },
  { code: 'CODE-B', token: 'EAAG-token-of-b', wabaId: '211900000000002', phoneNumberId: '339900000000002' },
] as const;
type Tenant = (typeof tenants)[number];

/**
 * Meta's endpoints for a signup. A token can only access the assets that its business granted. `breaks` decides which
 * requests fail.
 */
function metaFor(breaks: (path: string) => boolean): typeof fetch {
  return recordMeta(({ path: versioned, query, token: bearer }) => {
    const path = versioned.replace(/^\/v[\d.]+\//, '');
    const refused = graphError(100, { error_subcode: 33 });
    if (breaks(path)) return graphError(2, { status: 503 });
    if (path === 'oauth/access_token') {
      const owner = tenants.find(({ code }) => code === query.code);
      return owner ? { access_token: owner.token, expires_in: 5_184_000 } : refused;
    }
    if (path === 'debug_token') {
      const owner = tenants.find(({ token }) => token === query.input_token);
      const scopes = ['whatsapp_business_management', 'whatsapp_business_messaging'];
      const granular = scopes.map((scope) => ({ scope, target_ids: owner ? [owner.wabaId] : [] }));
      return { data: { app_id: '900', is_valid: true, expires_at: 0, scopes, granular_scopes: granular } };
    }
    const owner = tenants.find(({ token }) => token === bearer);
    const number = owner && {
      id: owner.phoneNumberId,
      display_phone_number: '+1 555-010-0123',
      is_on_biz_app: true,
      platform_type: 'CLOUD_API',
    };
    if (owner && path === `${owner.wabaId}/phone_numbers`) return { data: [number] };
    if (owner && path === owner.phoneNumberId) return number ?? refused;
    if (owner && path === `${owner.wabaId}/subscribed_apps`) {
      return { success: true, data: [{ whatsapp_business_api_data: { id: '900' } }] };
    }
    if (path === '900/subscriptions') {
      const fields = ['messages', 'smb_message_echoes', 'smb_app_state_sync', 'history', 'account_update'];
      const all = fields.map((name) => ({ name, version: 'v26.0' }));
      return { data: [{ object: 'whatsapp_business_account', active: true, callback_url: 'https://shop.example/', fields: all }] };
    }
    if (owner && path === `${owner.phoneNumberId}/smb_app_data`) return { messaging_product: 'whatsapp', request_id: 'r' };
    return refused;
  }).fetch;
}

interface Process {
  readonly coexistence: Coexistence;
}

/** One process of a platform that saves tokens by WABA, as in the README. */
function processOn(store: Store, vault: Map<string, string>, saved: SavedToken[], breaks: (path: string) => boolean): Process {
  const clock = fakeClock();
  const client = createClient({
    appId: '900',
    appSecret: 'app-secret',
    accessToken: ({ wabaId }) => vault.get(wabaId ?? ''),
    fetch: metaFor(breaks),
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
          let isBroken = false;
          const breaks = (path: string): boolean => isBroken && path === 'debug_token';
          const processes = [processOn(store, vault, saved, breaks), processOn(store, vault, saved, breaks)];
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
            isBroken = fails;
            const id = ids.get(own);
            try {
              if (at === 'start' || id === undefined) {
                ids.set(own, (await onboarding.start({ code: own.code, ...(sessionEvent && { sessionEvent }) })).id);
              } else {
                await onboarding.resume(id, {
                  ...(sessionEvent && { sessionEvent }),
                  ...(at === 'resume with token' && { token: own.token }),
                });
              }
            } catch (error) {
              expect(error).toBeInstanceOf(Error);
            }
          };
          if (sideBySide) await Promise.all(steps.map(run));
          else for (const one of steps) await run(one);

          for (const { wabaId, token } of saved) {
            const owner = tenants.find((tenant) => tenant.token === token);
            if (wabaId !== undefined) expect(wabaId).toBe(owner?.wabaId);
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
    const { coexistence } = processOn(store, new Map(), saved, () => false);
    const [own, foreign] = tenants;
    const start = coexistence.onboarding.start({ code: own.code, sessionEvent: eventOf(foreign) });
    await expect(start).rejects.toMatchObject({ name: 'OnboardingError', problem: 'waba-not-granted' });
    expect(saved).toEqual([]);
    expect(await store.list('wa/onboarding/', { limit: 10 })).toEqual([]);
  });

  test.each(['..', '__proto__', 'a/b?c', '\ud800', '', 'x'.repeat(100_000), '1'.repeat(33), {}, null, 7.5])(
    "a WABA ID that isn't in Meta's format never reaches saveToken: %j",
    async (odd) => {
      const saved: SavedToken[] = [];
      const { coexistence } = processOn(memoryStore(), new Map(), saved, () => false);
      const [own] = tenants;
      const { id, wabaId } = await coexistence.onboarding.start({
        code: own.code,
        sessionEvent: eventOf({ wabaId: odd, phoneNumberId: odd }),
      });
      expect([wabaId, saved.map((token) => token.wabaId)]).toEqual([own.wabaId, [own.wabaId]]);
      await expect(coexistence.onboarding.resume(id, { wabaId: odd as string })).rejects.toBeInstanceOf(InvalidArgumentError);
    },
  );

  test('a saveToken that never returns ends with a typed error', async () => {
    const clock = fakeClock();
    const client = createClient({ appId: '900', appSecret: 's', fetch: metaFor(() => false), clock, logger: silentLogger });
    const coexistence = createCoexistence({ client, clock, saveToken: () => new Promise(() => undefined), sweepIntervalMs: false });
    const start = coexistence.onboarding.start({ code: tenants[0].code }).catch((error: unknown) => error);
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
