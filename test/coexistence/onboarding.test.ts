import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createClient,
  createCoexistence,
  memoryStore,
  OnboardingError,
  subscribeApp,
  SubscriptionMissingError,
  type Coexistence,
  type CoexistenceOptions,
  type Store,
} from 'wa-coexist';
import {
  nextOnboardingStep,
  onboardingChange,
  parseSessionEvent,
  type NumberChoiceOnboarding,
  type OnboardingState,
  type SavedToken,
} from 'wa-coexist/coexistence';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { appId, faultyFake, phoneNumberId, rewriteNumber, wabaId, type FaultyFake } from './faulty-fake.js';

interface Bench {
  readonly graph: FaultyFake;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly saved: SavedToken[];
  /** Opens another process with the same store. */
  open: (options?: Partial<CoexistenceOptions>) => Coexistence;
}

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

function bench(): Bench {
  const clock = fakeClock();
  const graph = faultyFake(clock);
  const store = memoryStore({ clock });
  const saved: SavedToken[] = [];
  const open: Bench['open'] = (options = {}) => {
    const coexistence = createCoexistence({
      client: graph.clientWith({ clock }),
      store,
      saveToken: (found) => void saved.push(found),
      sweepIntervalMs: false,
      ...options,
    });
    opened.push(coexistence);
    return coexistence;
  };
  return { graph, clock, store, saved, open };
}

const paths = (graph: FaultyFake): string[] => graph.calls.map(({ method, path }) => `${method} ${path}`);
const syncs = (graph: FaultyFake): unknown[] =>
  graph.acted.filter(({ path }) => path.endsWith('smb_app_data')).map(({ body }) => body?.sync_type);

describe('onboarding', () => {
  test('exchanges the code immediately, saves the token, and runs the other steps in order', async () => {
    const { graph, saved, open, clock } = bench();
    const coexistence = open();
    const done = vi.fn();
    const requested = vi.fn();
    coexistence.on('onboarding.done', done);
    coexistence.on('sync.requested', requested);

    const started = await coexistence.onboarding.start(graph.signup());
    expect(paths(graph)).toEqual(['GET oauth/access_token', 'GET debug_token', 'GET me']);
    const token = expect.stringMatching(/^EAA/) as string;
    expect(saved).toEqual([{ onboardingId: started.id, token, wabaId, expiresAt: new Date(clock.now() + 5_184_000_000) }]);
    expect(started).toMatchObject({
      state: 'pending',
      nextStep: 'find-number',
      wabaId,
      syncDeadlineAt: new Date(clock.now() + 86_400_000),
    });

    const onboarding = await coexistence.onboarding.resume(started.id);
    expect(onboarding).toMatchObject({
      state: 'done',
      nextStep: 'none',
      wabaId,
      phoneNumberId,
      displayPhoneNumber: '+1 555-010-0123',
      contactsSync: 'requested',
      historySync: 'requested',
    });
    expect(paths(graph).slice(3)).toEqual([
      `GET ${wabaId}/phone_numbers`,
      `GET ${phoneNumberId}`,
      `GET ${appId}/subscriptions`,
      `GET ${wabaId}/subscribed_apps`,
      'GET debug_token',
      `GET ${phoneNumberId}`,
      `GET ${phoneNumberId}`,
      `POST ${wabaId}/subscribed_apps`,
      `GET ${wabaId}/subscribed_apps`,
      `POST ${phoneNumberId}/smb_app_data`,
      `POST ${phoneNumberId}/smb_app_data`,
    ]);
    expect(syncs(graph)).toEqual(['smb_app_state_sync', 'history']);
    expect(done).toHaveBeenCalledTimes(1);
    expect(requested.mock.calls.map(([sync]) => (sync as { syncType: string }).syncType)).toEqual(['contacts', 'history']);
    expect(await coexistence.sync.get(phoneNumberId)).toMatchObject({
      contacts: { status: 'requested' },
      history: { status: 'requested' },
    });
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ status: 'requested', progress: 0 });
    expect(await coexistence.heartbeat.get(phoneNumberId)).toMatchObject({ stage: 'ok', dueAt: new Date(clock.now() + 10 * 86_400_000) });
  });

  test('never registers a number, and nothing that is stored holds the token or the code', async () => {
    const { graph, open, store, saved } = bench();
    const coexistence = open();
    const signup = graph.signup();
    const { id } = await coexistence.onboarding.start(signup);
    await coexistence.onboarding.resume(id);
    expect(paths(graph).some((path) => path.includes('register'))).toBe(false);
    const stored = JSON.stringify(await store.list('', { limit: 1_000 }));
    expect(saved).toHaveLength(1);
    expect(stored).not.toContain(saved[0]?.token);
    expect(stored).not.toContain(signup.code);
    for (const { key } of await store.list('', { limit: 1_000 })) expect(key).toMatch(/^wa\//);
  });

  test('does nothing if resume is called after it is done', async () => {
    const { graph, open } = bench();
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await coexistence.onboarding.resume(id);
    const before = graph.calls.length;
    expect(await open().onboarding.resume(id)).toMatchObject({ state: 'done' });
    expect(graph.calls).toHaveLength(before);
  });

  test('stops before one-time requests if a webhook field is missing, and continues when it is subscribed', async () => {
    const { graph, open } = bench();
    const { subscribedFields } = graph.fake.app;
    subscribedFields.delete('smb_message_echoes');
    subscribedFields.delete('account_update');
    graph.behave = ({ method, path }) => (method === 'POST' && path.endsWith('subscribed_apps') ? 'no-effect' : 'ok');
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    const error: unknown = await coexistence.onboarding.resume(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SubscriptionMissingError);
    expect(error).toMatchObject({ kind: 'subscription-missing', missing: ['smb_message_echoes', 'account_update', 'subscribed_apps'] });
    expect(syncs(graph)).toEqual([]);
    expect(await coexistence.onboarding.get(id)).toMatchObject({
      state: 'pending',
      nextStep: 'preflight',
      stoppedBy: { kind: 'subscription-missing' },
    });

    subscribedFields.add('smb_message_echoes').add('account_update');
    graph.behave = () => 'ok';
    const resumed = await coexistence.onboarding.resume(id);
    expect(resumed.state).toBe('done');
    expect(resumed).not.toHaveProperty('stoppedBy');
  });

  test('leaves a subscription of the WABA that stands alone, with its override', async () => {
    const { graph, open, clock } = bench();
    const client = graph.clientWith({ clock });
    await subscribeApp(client.for({ wabaId }));
    graph.calls.length = 0;
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await coexistence.onboarding.resume(id);
    expect(paths(graph)).not.toContain(`POST ${wabaId}/subscribed_apps`);
  });

  test('asks which of several numbers to use, and accepts no other', async () => {
    const { graph, open } = bench();
    const second = graph.fake.coexistenceNumber({ wabaId });
    const plain = graph.fake.cloudApiNumber({ wabaId });
    const coexistence = open();
    const asked = vi.fn();
    coexistence.on('onboarding.choose-number', asked);
    const { id } = await coexistence.onboarding.start(graph.signup());
    const choice = await coexistence.onboarding.resume(id);
    expect(choice).toMatchObject({ state: 'choose-number', nextStep: 'none' });
    const { numbers } = choice as NumberChoiceOnboarding;
    expect(numbers.map((number) => number.phoneNumberId)).toEqual([phoneNumberId, second.phoneNumberId]);
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'choose-number' });
    expect(await coexistence.onboarding.resume(id, { phoneNumberId: plain.phoneNumberId })).toMatchObject({ state: 'choose-number' });
    expect(asked).toHaveBeenCalledTimes(2);
    expect(syncs(graph)).toEqual([]);
    expect(await coexistence.onboarding.resume(id, { phoneNumberId: second.phoneNumberId })).toMatchObject({
      state: 'done',
      phoneNumberId: second.phoneNumberId,
    });
  });

  test('reads a number itself if the list lacks the deciding fields', async () => {
    const { graph, open } = bench();
    const withoutFlag = rewriteNumber({ is_on_biz_app: undefined });
    graph.rewrite = (response, call) => (call.path.endsWith('phone_numbers') ? withoutFlag(response, call) : response);
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done', phoneNumberId });
  });

  test.each([{ is_on_biz_app: false }, { platform_type: 'NOT_APPLICABLE' }, { is_on_biz_app: 'true' }])(
    'treats a number with %o as no coexistence number: pending, and failed after the time limit',
    async (fields) => {
      const { graph, open, clock } = bench();
      graph.rewrite = rewriteNumber(fields);
      const coexistence = open();
      const failed = vi.fn();
      coexistence.on('onboarding.failed', failed);
      const { id } = await coexistence.onboarding.start(graph.signup());
      await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({ kind: 'onboarding', problem: 'no-coexistence-number' });
      expect(await coexistence.onboarding.get(id)).toMatchObject({ state: 'pending' });
      await clock.advance(24 * 3_600_000 + 1);
      await expect(coexistence.onboarding.resume(id)).rejects.toBeInstanceOf(OnboardingError);
      expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'failed' });
      expect(failed).toHaveBeenCalledTimes(1);
      expect(syncs(graph)).toEqual([]);
    },
  );

  test('finds the WABA by the token if the event is missing', async () => {
    const { graph, open, saved } = bench();
    const coexistence = open();
    const { code } = graph.signup();
    const started = await coexistence.onboarding.start({ code, redirectUri: 'https://shop.example/back' });
    expect(started).toMatchObject({ wabaId });
    expect(graph.calls[0]?.query.get('redirect_uri')).toBe('https://shop.example/back');
    expect(saved.map(({ wabaId: waba }) => waba)).toEqual([wabaId]);
    expect(graph.calls.find(({ path }) => path === 'debug_token')?.query.get('input_token')).toBe(saved[0]?.token);
  });

  test('of several WABAs of a token it takes the one with a coexistence number, with the token in hand', async () => {
    const { graph, open, saved } = bench();
    const other = graph.fake.cloudApiNumber();
    const { code } = graph.signup({ wabaIds: [other.wabaId, wabaId] });
    const { id, wabaId: found } = await open({
      client: graph.clientWith({ clock: fakeClock(), accessToken: () => 'not-yet' }),
    }).onboarding.start({ code });
    expect(found).toBe(wabaId);
    expect(id).toBeTruthy();
    expect(graph.calls.filter(({ path }) => path.endsWith('phone_numbers')).every((call) => call.token === saved[0]?.token)).toBe(true);
  });

  test('a session event that comes after the code joins it', async () => {
    const { graph, open, saved } = bench();
    const coexistence = open();
    const { code, sessionEvent } = graph.signup({ wabaIds: 'all' });
    const { id, nextStep } = await coexistence.onboarding.start({ code });
    expect(nextStep).toBe('find-waba');
    await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({ problem: 'waba-unknown' });
    const late = parseSessionEvent(JSON.stringify(sessionEvent));
    await expect(coexistence.onboarding.resume(id, { sessionEvent: late })).rejects.toMatchObject({ problem: 'waba-unverified' });
    expect(await coexistence.onboarding.resume(id, { sessionEvent: late, token: saved[0]?.token })).toMatchObject({
      state: 'done',
      wabaId,
    });
  });

  test('a token that could not be saved ends the start, and nothing is written down', async () => {
    const { graph, open, store } = bench();
    const coexistence = open({ saveToken: () => Promise.reject(new Error('the vault is closed')) });
    await expect(coexistence.onboarding.start(graph.signup())).rejects.toThrow('the vault is closed');
    expect(await store.list('wa/onboarding/', { limit: 10 })).toEqual([]);
  });

  test('rejects with an expired code, and with an unknown ID', async () => {
    const { graph, open } = bench();
    graph.behave = () => ({ code: 100, message: 'This authorization code has expired.' });
    await expect(open().onboarding.start(graph.signup())).rejects.toMatchObject({ code: 100 });
    await expect(open().onboarding.resume('nobody')).rejects.toMatchObject({ problem: 'not-found' });
    expect(await open().onboarding.get('nobody')).toBeUndefined();
  });

  test('trusts the number itself about whether it is on both', async () => {
    const { graph, open } = bench();
    graph.rewrite = (response, { path }) => (path === phoneNumberId ? { ...response, is_on_biz_app: false } : response);
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({ problem: 'no-coexistence-number' });
    expect(syncs(graph)).toEqual([]);
  });

  test('stops a process that paused and was overtaken', async () => {
    const { graph, open, clock } = bench();
    const [slow, quick] = [open(), open()];
    const { id } = await slow.onboarding.start(graph.signup());
    let overtaken: Promise<unknown> | undefined;
    const original = graph.fetch;
    const waiting = open({
      client: createClient({
        appId,
        appSecret: 'app-secret',
        accessToken: () => graph.fake.issueToken(),
        // Its timers don't run while it is paused, so it does not renew its lease.
        clock: { ...clock, schedule: () => () => undefined },
        // eslint-disable-next-line no-restricted-syntax -- it delays requests to the script
        fetch: async (input, init) => {
          if (!overtaken) {
            await clock.advance(121_000);
            graph.behave = ({ path }) => (path.endsWith('subscriptions') ? 'cut-before' : 'ok');
            overtaken = quick.onboarding.resume(id).catch(() => undefined);
            await overtaken;
          }
          return original(input, init);
        },
      }),
    });
    expect(await waiting.onboarding.resume(id)).toMatchObject({
      state: 'pending',
      nextStep: 'preflight',
      stoppedBy: { kind: 'network' },
    });
    // The superseded process finished its current step, and did nothing afterwards.
    expect(paths(graph).filter((path) => path === `GET ${wabaId}/phone_numbers`)).toHaveLength(2);
    expect(paths(graph).filter((path) => path === `GET ${appId}/subscriptions`)).toHaveLength(1);
  });

  test('keeps other processes out during a slow step', async () => {
    const { graph, open, clock } = bench();
    const { id } = await open().onboarding.start(graph.signup());
    const original = graph.fetch;
    let others = 0;
    const slow = open({
      client: createClient({
        appId,
        appSecret: 'app-secret',
        accessToken: () => graph.fake.issueToken(),
        clock,
        timeoutMs: 3_600_000,
        // eslint-disable-next-line no-restricted-syntax -- it delays requests to the script
        fetch: async (input, init) => {
          if (others === 0) {
            for (; others < 5; others += 1) {
              await clock.advance(121_000);
              await open().onboarding.resume(id);
            }
          }
          return original(input, init);
        },
      }),
    });
    expect(await slow.onboarding.resume(id)).toMatchObject({ state: 'done' });
    expect(paths(graph).filter((path) => path === `GET ${appId}/subscriptions`)).toHaveLength(1);
    expect(syncs(graph)).toEqual(['smb_app_state_sync', 'history']);
  });

  test('runs in one process at a time, and the others get the current state', async () => {
    const { graph, open } = bench();
    const { id } = await open().onboarding.start(graph.signup());
    const processes = Array.from({ length: 6 }, () => open());
    const results = await Promise.all(processes.map(({ onboarding }) => onboarding.resume(id)));
    expect(results.filter(({ state }) => state === 'done')).toHaveLength(1);
    expect(paths(graph).filter((path) => path === `GET ${appId}/subscriptions`)).toHaveLength(1);
    expect(syncs(graph)).toEqual(['smb_app_state_sync', 'history']);
  });

  test('what a listener failed at is told again by a sweep', async () => {
    const { graph, open, clock } = bench();
    const coexistence = open();
    const done = vi.fn().mockRejectedValueOnce(new Error('the database is away')).mockResolvedValue(undefined);
    coexistence.on('onboarding.done', done as () => Promise<void>);
    const { id } = await coexistence.onboarding.start(graph.signup());
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done' });
    expect(done).toHaveBeenCalledTimes(1);
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 0 });
    await clock.advance(60_000);
    expect(await coexistence.sweep()).toEqual({ handled: 1, failed: 0 });
    expect(done).toHaveBeenCalledTimes(2);
    await clock.advance(60_000);
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 0 });
    expect(done).toHaveBeenCalledTimes(2);
  });

  test('marks contacts and history as missed after 24 hours, and the number is still onboarded', async () => {
    const { graph, open, clock } = bench();
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await clock.advance(24 * 3_600_000 + 1);
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done', contactsSync: 'missed', historySync: 'missed' });
    expect(syncs(graph)).toEqual([]);
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ status: 'idle' });
  });

  test('names the app ID if it is missing', async () => {
    const { graph, open, clock } = bench();
    const client = graph.clientWith({ clock });
    const coexistence = open({ client: { ...client, appId: undefined } });
    const { id } = await coexistence.onboarding.start(graph.signup());
    await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({ problem: 'app-id-unknown' });
    const named = open({ client: { ...client, appId: undefined }, appId });
    expect(await named.onboarding.resume(id)).toMatchObject({ state: 'done' });
  });
});

describe('the pure functions of onboarding', () => {
  const rules = { syncWindowHours: 24, syncReminderHours: 6 };
  const start: OnboardingState = { id: '1', status: 'pending', startedAtMs: 0 };

  test('check subscriptions before all later steps, and again if the check is old', () => {
    const state: OnboardingState = { ...start, wabaId, number: { phoneNumberId }, contactsSync: 'requested' };
    expect(nextOnboardingStep(state, 0)).toBe('preflight');
    expect(nextOnboardingStep({ ...state, preflightAtMs: 0 }, 600_000)).toBe('request-history');
    expect(nextOnboardingStep({ ...state, preflightAtMs: 0 }, 600_001)).toBe('preflight');
  });

  test("don't change a finished or failed onboarding, or a confirmed number", () => {
    const numbers = [{ phoneNumberId: '1', coexistence: true }];
    for (const status of ['done', 'failed'] as const) {
      const state = { ...start, status };
      expect(onboardingChange(state, { type: 'numbers-read', numbers }, 0, rules)).toEqual({ state, facts: [] });
    }
    const confirmed = onboardingChange({ ...start, wabaId }, { type: 'numbers-read', numbers }, 0, rules).state;
    expect(onboardingChange(confirmed, { type: 'number-chosen', phoneNumberId: '2' }, 0, rules).state.number).toEqual({
      phoneNumberId: '1',
    });
    expect(onboardingChange(confirmed, { type: 'waba-found', wabaId: 'other' }, 0, rules).state.wabaId).toBe(wabaId);
  });
});
