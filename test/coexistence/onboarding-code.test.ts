import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence, type CoexistenceOptions } from 'wa-coexist';
import { type SavedToken } from 'wa-coexist/coexistence';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { graphError } from '../meta/recorder.js';

const closing: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

/** A platform of several processes that share a store. */
function platform(me: () => Response = () => Response.json({ id: '9', client_business_id: '511900000000001' })) {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const store = memoryStore({ clock });
  const saved: SavedToken[] = [];
  const requests: string[] = [];
  const fetchCounted: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    requests.push(pathname.replace(/^\/v[\d.]+\//, ''));
    return pathname.endsWith('/me') ? me() : fake.fetch(request);
  };
  const open = (options: Partial<CoexistenceOptions> = {}): Coexistence => {
    const client = createClient({
      appId: fake.app.id,
      appSecret: fake.app.secret,
      accessToken: ({ wabaId }) => saved.find((token) => token.wabaId === wabaId)?.token,
      clock,
      fetch: fetchCounted,
      maxRetries: 0,
    });
    const saveToken = (token: SavedToken): void => void saved.push(token);
    const coexistence = createCoexistence({ client, store, sweepIntervalMs: false, saveToken, ...options });
    closing.push(coexistence);
    return coexistence;
  };
  const signup = (): { code: string; sessionEvent: unknown } => fake.signup(fake.businessAppNumber({ verifiedName: 'Harbor Bakery' }));
  const exchanges = (): number => requests.filter((path) => path === 'oauth/access_token').length;
  return { clock, fake, store, saved, open, signup, exchanges };
}

describe('onboarding.start with the same code', () => {
  test('returns the first onboarding to a later call, and exchanges the code one time', async () => {
    const { open, signup, exchanges, saved, clock } = platform();
    const parameters = signup();
    const first = await open().onboarding.start(parameters);
    await clock.advance(86_400_000);
    const second = await open().onboarding.start(parameters);
    expect(second.id).toBe(first.id);
    expect(exchanges()).toBe(1);
    expect(saved).toHaveLength(1);
  });

  test.each(['one process', 'four processes'])('returns one onboarding to calls at the same time in %s', async (processes) => {
    const { open, signup, exchanges, saved } = platform();
    const parameters = signup();
    const shared = open();
    const callers = Array.from({ length: 4 }, () => (processes === 'one process' ? shared : open()));
    const started = await Promise.all(callers.map((coexistence) => coexistence.onboarding.start(parameters)));
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    expect(exchanges()).toBe(1);
    expect(saved).toHaveLength(1);
  });

  test('starts two onboardings for two codes', async () => {
    const { open, signup, exchanges } = platform();
    const { onboarding } = open();
    const [first, second] = [await onboarding.start(signup()), await onboarding.start(signup())];
    expect(first.id).not.toBe(second.id);
    expect(exchanges()).toBe(2);
  });

  test('rejects with code-used, without another exchange, if the start failed after the exchange', async () => {
    const { open, signup, exchanges } = platform();
    const parameters = signup();
    const failing = open({ saveToken: () => Promise.reject(new Error('disk full')) });
    await expect(failing.onboarding.start(parameters)).rejects.toThrow('disk full');
    await expect(open().onboarding.start(parameters)).rejects.toMatchObject({ name: 'OnboardingError', problem: 'code-used' });
    expect(exchanges()).toBe(1);
  });

  test('attempts the exchange again if Meta rejected it', async () => {
    const { open, signup, exchanges } = platform();
    const coexistence = open();
    await expect(coexistence.onboarding.start({ code: 'unknown' })).rejects.toMatchObject({ name: 'InvalidParameterError' });
    await expect(coexistence.onboarding.start({ code: 'unknown' })).rejects.toMatchObject({ name: 'InvalidParameterError' });
    expect(exchanges()).toBe(2);
    expect(await coexistence.onboarding.start(signup())).toMatchObject({ state: 'pending' });
  });

  test('stores a hash and never the code', async () => {
    const { open, signup, store } = platform();
    const parameters = signup();
    await open().onboarding.start(parameters);
    expect(JSON.stringify(await store.list('', { limit: 1_000 }))).not.toContain(parameters.code);
  });
});

describe('the businessId of an onboarding', () => {
  test('is the one that Meta reports for the token if the session event has none', async () => {
    const { open, signup } = platform();
    const { onboarding } = open();
    const { id, businessId } = await onboarding.start({ code: signup().code });
    expect(businessId).toBe('511900000000001');
    expect(await onboarding.get(id)).toMatchObject({ businessId });
  });

  test.each([
    ['Meta rejects the request', () => graphError(100)],
    ['Meta reports no ID', () => Response.json({ id: '9', client_business_id: { toString: 'x' } })],
  ])('is absent if %s, and the onboarding starts', async (_case, me) => {
    const { open, signup } = platform(me);
    const started = await open().onboarding.start({ code: signup().code });
    expect(started.state).toBe('pending');
    expect(started).not.toHaveProperty('businessId');
  });
});
