import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createCoexistence,
  memoryStore,
  setPhoneNumberWebhook,
  subscribeApp,
  type Client,
  type Coexistence,
  type CoexistenceOptions,
  type JsonObject,
} from 'wa-coexist';
import { coexistencePolicy, onboardingChecklist, type ImportParameters, type SavedToken } from 'wa-coexist/coexistence';
import { fakeClock, type FakeSignupOptions } from 'wa-coexist/testing';
import { rawServer } from '../meta/raw-server.js';
import { faultyFake, phoneNumberId, rewriteNumber, wabaId, type FaultyFake } from './faulty-fake.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

function bench() {
  const clock = fakeClock();
  const graph = faultyFake(clock);
  const store = memoryStore({ clock });
  const open = (options: Partial<CoexistenceOptions> = {}): Coexistence => {
    const coexistence = createCoexistence({
      client: graph.clientWith({ clock }),
      store,
      saveToken: () => undefined,
      sweepIntervalMs: false,
      ...options,
    });
    opened.push(coexistence);
    return coexistence;
  };
  const syncs = (): unknown[] => graph.acted.filter(({ path }) => path.endsWith('smb_app_data')).map(({ body }) => body?.sync_type);
  const adopt = (coexistence: Coexistence, own: Partial<ImportParameters> = {}) =>
    coexistence.onboarding.import({
      wabaId,
      phoneNumberId,
      onboardedAt: new Date(clock.now() - hourMs),
      contactsSync: 'not-requested',
      historySync: 'unknown',
      ...own,
    });
  return { graph, clock, open, syncs, adopt };
}
describe('adopting a number that was onboarded elsewhere', () => {
  test('asks for what was certainly not asked for, after the preflight, and counts the unknown as spent', async () => {
    const { open, adopt, syncs, graph } = bench();
    const coexistence = open();
    const adopted = await adopt(coexistence);
    expect(adopted).toMatchObject({ state: 'pending', historySync: 'unknown' });
    expect(graph.calls).toEqual([]);
    expect(await coexistence.onboarding.resume(adopted.id)).toMatchObject({
      state: 'done',
      contactsSync: 'requested',
      historySync: 'unknown',
    });
    expect(syncs()).toEqual(['smb_app_state_sync']);
    expect(await coexistence.sync.get(phoneNumberId)).toMatchObject({ contacts: { status: 'requested' }, history: { status: 'unknown' } });
  });

  test('at every start, by several processes and with any parameters, creates one onboarding and one request', async () => {
    const { open, adopt, syncs, clock } = bench();
    const processes = Array.from({ length: 6 }, () => open());
    const adopted = await Promise.all(processes.map((coexistence) => adopt(coexistence)));
    expect(new Set(adopted.map(({ id }) => id)).size).toBe(1);
    await Promise.all(processes.map((coexistence, index) => coexistence.onboarding.resume(adopted[index]?.id ?? '')));
    await clock.advance(hourMs);
    const again = await adopt(open(), { onboardedAt: new Date(clock.now()), contactsSync: 'not-requested', historySync: 'not-requested' });
    expect(again).toMatchObject({ id: adopted[0]?.id, state: 'done' });
    expect(syncs()).toEqual(['smb_app_state_sync']);
  });

  test('marks missing data as missed after 24 hours', async () => {
    const { open, adopt, clock, graph } = bench();
    const old = await adopt(open(), { onboardedAt: new Date(clock.now() - 25 * hourMs) });
    expect(old).toMatchObject({ state: 'done', contactsSync: 'missed', historySync: 'unknown' });
    expect(graph.calls).toEqual([]);
  });

  test('a number that was onboarded here stays as it is', async () => {
    const { graph, open, adopt } = bench();
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await coexistence.onboarding.resume(id);
    expect(await adopt(coexistence)).toMatchObject({ id, historySync: 'requested' });
  });

  test('can be repeated after the number was disconnected', async () => {
    const { open, adopt, clock } = bench();
    const coexistence = open();
    const first = await adopt(coexistence, { contactsSync: 'requested' });
    await coexistence.handle({
      type: 'account.disconnected',
      field: 'account_update',
      wabaId,
      key: 'k',
      raw: {},
      occurredAt: new Date(clock.now()),
    });
    await clock.advance(dayMs);
    const second = await adopt(coexistence, { onboardedAt: new Date(clock.now()) });
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ state: 'pending' });
    expect(await coexistence.lifecycle.get(phoneNumberId)).toMatchObject({ status: 're-onboarding' });
    expect(await coexistence.onboarding.resume(second.id)).toMatchObject({ state: 'done', contactsSync: 'requested' });
    expect(await coexistence.lifecycle.get(phoneNumberId)).toMatchObject({ status: 'live' });
  });

  test("doesn't guess when the app was last opened: the first reminder is due immediately, unless the caller knows the time", async () => {
    const { open, adopt, clock } = bench();
    const long = { onboardedAt: new Date(clock.now() - 60 * dayMs), contactsSync: 'requested', historySync: 'requested' } as const;
    const coexistence = open();
    await adopt(coexistence, long);
    expect(await coexistence.heartbeat.get(phoneNumberId)).toMatchObject({ stage: 'due', signs: {} });
    const due = vi.fn();
    coexistence.on('heartbeat.due', due);
    await coexistence.sweep();
    await coexistence.sweep();
    expect(due.mock.calls).toMatchObject([[{ stage: 'due' }]]);
    const known = bench();
    const other = known.open();
    await known.adopt(other, { ...long, appOpenedAt: new Date(known.clock.now() - dayMs) });
    expect(await other.heartbeat.get(phoneNumberId)).toMatchObject({ stage: 'ok', lastSign: { kind: 'app-opened' } });
    const fresh = bench();
    const third = fresh.open();
    await fresh.adopt(third);
    expect(await third.heartbeat.get(phoneNumberId)).toMatchObject({ stage: 'ok', lastSign: { kind: 'onboarding' } });
  });
});

describe('the preflight of an onboarding', () => {
  const onboard = async (
    grant: FakeSignupOptions = {},
    prepare: (graph: FaultyFake, client: Client) => Promise<unknown> = () => Promise.resolve(),
    options: Partial<CoexistenceOptions> = {},
  ) => {
    const { graph, open, syncs, clock } = bench();
    await prepare(graph, graph.clientWith({ clock }));
    const saved: SavedToken[] = [];
    const coexistence = open({
      client: graph.clientWith({ clock, accessToken: () => saved[0]?.token ?? '' }),
      saveToken: (token) => void saved.push(token),
      ...options,
    });
    const { id } = await coexistence.onboarding.start(graph.signup(grant));
    const error: unknown = await coexistence.onboarding.resume(id).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { coexistence, id, error, asked: syncs(), token: saved[0]?.token, clock };
  };

  test('a token without a scope stops it, and is not in the error', async () => {
    const { error, asked, token } = await onboard({ scopes: ['whatsapp_business_management'] });
    expect(token).toBeTruthy();
    expect(error).toMatchObject({ kind: 'subscription-missing', missing: ['whatsapp_business_messaging'] });
    expect((error as Error).message).not.toContain(token);
    expect(asked).toEqual([]);
  });

  test('a callback that leads elsewhere stops it, unless it is expected; its address is not told', async () => {
    const { baseUrl } = await rawServer(({ url }, response) => {
      response.end(new URL(url, 'http://localhost').searchParams.get('hub.challenge'));
    });
    const callback = `${baseUrl}/hooks?secret=7`;
    const override = { callbackUrl: callback, verifyToken: 'verify-token' };
    const foreign = (_graph: FaultyFake, client: Client): Promise<unknown> => subscribeApp(client.for({ wabaId }), { override });
    const { error, asked } = await onboard({}, foreign);
    const { host } = new URL(callback);
    expect(error).toMatchObject({ missing: ['callback'], problems: [{ problem: 'callback', of: 'waba', host }] });
    expect((error as Error).message).not.toContain('secret');
    expect(asked).toEqual([]);
    expect((await onboard({}, foreign, { onboarding: { callbackUrls: [callback] } })).error).toBeUndefined();
    const number = await onboard({}, async (_graph, client) => {
      await subscribeApp(client.for({ wabaId }));
      await setPhoneNumberWebhook(client.for({ phoneNumberId }), override);
    });
    expect(number.error).toMatchObject({ problems: [{ problem: 'callback', of: 'number' }] });
    expect(number.asked).toEqual([]);
  });

  test('stops at a token of another app and at an invalid token', async () => {
    const { graph, open } = bench();
    graph.rewrite = (response, { path }) =>
      path === 'debug_token' ? { data: { ...(response.data as JsonObject), app_id: '900100000000002' } } : response;
    const coexistence = open();
    const { id } = await coexistence.onboarding.start(graph.signup());
    await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({ problems: [{ problem: 'token', reason: 'another-app' }] });
  });

  test('tells when the token ends, or that it never does', async () => {
    const ending = await onboard();
    const tokenExpiresAt = new Date(ending.clock.now() + 60 * dayMs);
    expect(await ending.coexistence.onboarding.get(ending.id)).toMatchObject({ tokenExpiresAt });
    const never = await onboard({ tokenExpires: false });
    expect(await never.coexistence.onboarding.get(never.id)).toMatchObject({ tokenExpiresAt: 'never' });
    expect(await never.coexistence.lifecycle.get(phoneNumberId)).toMatchObject({ tokenExpiresAt: 'never', status: 'live' });
  });

  test('finds the WABA of a saved token later if the first attempt failed', async () => {
    const { graph, open } = bench();
    const saved: SavedToken[] = [];
    const coexistence = open({ saveToken: (token) => void saved.push(token) });
    graph.behave = ({ path }) => (path === 'debug_token' ? 'cut-before' : 'ok');
    const { id, nextStep } = await coexistence.onboarding.start({ code: graph.signup().code });
    expect(nextStep).toBe('find-waba');
    graph.behave = () => 'ok';
    expect(await coexistence.onboarding.resume(id, { token: saved[0]?.token })).toMatchObject({ state: 'done', wabaId });
  });
});

describe('the deadline of contacts and history', () => {
  test('is told ahead and when it is over, each once, until both were asked for', async () => {
    const { graph, open, clock } = bench();
    const coexistence = open();
    const near = vi.fn();
    const passed = vi.fn();
    coexistence.on('sync.deadline-near', near);
    coexistence.on('sync.deadline-passed', passed);
    const { id, syncDeadlineAt } = await coexistence.onboarding.start(graph.signup());
    for (let hour = 0; hour < 30; hour += 1) {
      await clock.advance(hourMs);
      await coexistence.sweep();
      if (hour === 17) expect(near).toHaveBeenCalledTimes(1);
    }
    expect(near.mock.calls).toMatchObject([[{ onboarding: { id }, missing: ['contacts', 'history'], deadlineAt: syncDeadlineAt }]]);
    expect(passed.mock.calls).toMatchObject([[{ onboarding: { id }, missing: ['contacts', 'history'] }]]);
    const done = await coexistence.onboarding.start(graph.signup());
    await coexistence.onboarding.resume(done.id);
    await clock.advance(30 * hourMs);
    await coexistence.sweep();
    expect(near).toHaveBeenCalledTimes(1);
    expect(passed).toHaveBeenCalledTimes(1);
  });

  test('a request whose process died is reported as unknown by a sweep, without another request', async () => {
    const { graph, open, clock, syncs } = bench();
    // The clock of the crashing process is stopped, so its timeout never fires.
    const dying = open({ client: graph.clientWith({ clock: fakeClock() }) });
    graph.behave = ({ path }) => (path.endsWith('smb_app_data') ? 'never-answers' : 'ok');
    const { id } = await dying.onboarding.start(graph.signup());
    void dying.onboarding.resume(id).catch(() => undefined);
    while (syncs().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const other = open();
    const unknown = vi.fn();
    other.on('sync.unknown', unknown);
    await clock.advance(60_000);
    await other.sweep();
    await other.sweep();
    expect(unknown.mock.calls).toMatchObject([
      [{ syncType: 'contacts', phoneNumberId, status: 'unknown', failure: { kind: 'interrupted' } }],
    ]);
    expect(syncs()).toEqual(['smb_app_state_sync']);
  });
});

describe('probes', () => {
  test("ask Meta whether the number is on both before a reminder, and don't change due dates", async () => {
    const { graph, open, adopt, clock } = bench();
    const coexistence = open();
    await adopt(coexistence, { contactsSync: 'requested' });
    const before = await coexistence.heartbeat.get(phoneNumberId);
    expect(await coexistence.heartbeat.probe(phoneNumberId)).toMatchObject({
      dueAt: before?.dueAt,
      probe: { linked: true, at: new Date(clock.now()) },
    });
    const due = vi.fn();
    coexistence.on('heartbeat.due', due);
    graph.rewrite = rewriteNumber({ is_on_biz_app: false });
    await clock.advance(10 * dayMs);
    await coexistence.sweep();
    expect(due.mock.calls).toMatchObject([[{ stage: 'due', probe: { linked: false } }]]);
    graph.behave = () => 'cut-before';
    await expect(coexistence.heartbeat.probe(phoneNumberId)).rejects.toMatchObject({ kind: 'network' });
    await clock.advance(2 * dayMs);
    await coexistence.sweep();
    expect(due).toHaveBeenCalledTimes(2);
  });
});

describe('the checklist', () => {
  const startedAt = new Date('2026-11-02T09:00:00Z');
  const parameters = { startedAt, syncDeadlineAt: new Date('2026-11-03T09:00:00Z'), policy: coexistencePolicy({ asOf: '2026-11-22' }) };

  test('says what people do and should know, as data', async () => {
    const { graph, open } = bench();
    const { checklist } = await open().onboarding.start(graph.signup());
    expect(checklist.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'do keep-app-open',
      'do link-companions-again',
      'know unsupported-companions',
      'do open-app-regularly',
      'do payment-method',
    ]);
    expect(checklist.find(({ id }) => id === 'link-companions-again')).toMatchObject({ values: { companionDevices: 4 } });
    expect(checklist.find(({ id }) => id === 'unsupported-companions')?.text).toMatch(/Windows.*WearOS/);
    expect(checklist.find(({ id }) => id === 'open-app-regularly')).toMatchObject({ until: new Date(startedAt.getTime() + 10 * dayMs) });
  });

  test('depends on the state of the onboarding and on the payer', () => {
    const [choose] = onboardingChecklist({ ...parameters, state: 'choose-number' });
    expect(choose).toMatchObject({ id: 'choose-number', who: 'partner', until: parameters.syncDeadlineAt });
    expect(onboardingChecklist({ ...parameters, state: 'failed' }).map(({ id }) => id)).toEqual(['start-over']);
    const payer = onboardingChecklist({ ...parameters, state: 'done', partner: 'solution-partner' }).find(
      ({ id }) => id === 'payment-method',
    );
    expect(payer).toMatchObject({ who: 'partner' });
  });
});
