import fc from '../fast-check.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, createCoexistence, createSender, memoryStore, type Coexistence, type CoexistenceOptions } from 'wa-coexist';
import {
  coexistencePolicy,
  lifecycleChange,
  readLifecycle,
  tokenStage,
  type LifecycleFact,
  type LifecycleState,
} from 'wa-coexist/coexistence';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import type { WebhookEvent } from 'wa-coexist/webhooks';
import { faultyFake, phoneNumberId, rewriteNumber, wabaId } from './faulty-fake.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rules = coexistencePolicy({ asOf: '2026-11-22' }).limits;
const after = (facts: readonly LifecycleFact[]) => readLifecycle(facts.reduce<LifecycleState>(lifecycleChange, {}), rules);

const signedUp = (atMs: number, onboardingId = '1'): LifecycleFact => ({ type: 'signed-up', atMs, onboardingId });
const completed = (signupAtMs: number): LifecycleFact => ({ type: 'completed', signupAtMs, atMs: signupAtMs + 10 });

describe('the pure functions of the lifecycle', () => {
  test.each<[string, LifecycleFact[], string, number]>([
    ['a signup', [signedUp(100)], 'onboarding', 100],
    ['a completed one', [signedUp(100), completed(100)], 'live', 110],
    ['a change of device', [signedUp(100), completed(100), { type: 'offboarded', atMs: 200 }], 'offboarded', 200],
    [
      'back again',
      [signedUp(100), completed(100), { type: 'offboarded', atMs: 200 }, { type: 'reconnected', atMs: 300 }],
      'reconnected',
      300,
    ],
    ['both in one second', [signedUp(100), { type: 'offboarded', atMs: 200 }, { type: 'reconnected', atMs: 200 }], 'reconnected', 200],
    ['an end', [signedUp(100), { type: 'disconnected', atMs: 400 }], 'disconnected', 400],
    [
      'an end and a reconnection in one second',
      [signedUp(100), { type: 'disconnected', atMs: 400 }, { type: 'reconnected', atMs: 400 }],
      'disconnected',
      400,
    ],
    ['an end before the signup', [signedUp(100), { type: 'disconnected', atMs: 99 }], 'onboarding', 100],
    ['a second signup', [signedUp(100), completed(100), { type: 'disconnected', atMs: 400 }, signedUp(500, '2')], 're-onboarding', 500],
    [
      'a second one that is completed',
      [signedUp(100), { type: 'disconnected', atMs: 400 }, signedUp(500, '2'), completed(500)],
      'live',
      510,
    ],
    [
      'a re-registration that Meta reconnects',
      [signedUp(100), { type: 'disconnected', atMs: 200, reason: 'USER_RE_REGISTERED' }, { type: 'reconnected', atMs: 300 }],
      'reconnected',
      300,
    ],
    [
      'an end of another kind, which a reconnection of the account does not undo',
      [signedUp(100), { type: 'disconnected', atMs: 200, reason: 'CHANGE_NUMBER' }, { type: 'reconnected', atMs: 300 }],
      'disconnected',
      200,
    ],
    [
      'no reconnection in time',
      [signedUp(100), { type: 'offboarded', atMs: 200 }, { type: 'timed-out', offboardedAtMs: 200 }],
      'disconnected',
      200 + 24 * hourMs,
    ],
    [
      'a reconnection after all',
      [signedUp(100), { type: 'offboarded', atMs: 200 }, { type: 'timed-out', offboardedAtMs: 200 }, { type: 'reconnected', atMs: 900 }],
      'reconnected',
      900,
    ],
  ])('%s', (_name, facts, status, sinceMs) => {
    expect(after(facts)).toMatchObject({ status, sinceMs });
    expect(after(facts.toReversed())).toEqual(after(facts));
  });

  test('a number that was never signed up has no lifecycle', () => {
    expect(after([{ type: 'offboarded', atMs: 1 }])).toBeUndefined();
  });

  test('the final state is the same for late and repeated events in any order', () => {
    let shuffles = 0;
    /** A lifecycle in the order in which Meta would report it, and its final state. */
    const life = fc
      .array(
        fc.constantFrom('offboarded', 'reconnected', 'disconnected', 'signed-up', 'completed') as fc.Arbitrary<LifecycleFact['type']>,
        {
          maxLength: 12,
        },
      )
      .map((wishes) => {
        let atMs = 1_000;
        let signup = { atMs, id: 1 };
        let isSecond = false;
        let status = 'onboarding';
        const facts: LifecycleFact[] = [signedUp(atMs, '1')];
        for (const wish of wishes) {
          atMs += 1_000;
          const standing = status !== 'disconnected' && status !== 'offboarded';
          if (wish === 'offboarded' && standing) {
            facts.push({ type: 'offboarded', atMs });
            status = 'offboarded';
          } else if (wish === 'reconnected' && status === 'offboarded') {
            facts.push({ type: 'reconnected', atMs });
            status = 'reconnected';
          } else if (wish === 'disconnected' && status !== 'disconnected') {
            facts.push({ type: 'disconnected', atMs, reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' });
            status = 'disconnected';
          } else if (wish === 'signed-up' && status === 'disconnected') {
            isSecond = true;
            signup = { atMs, id: signup.id + 1 };
            facts.push(signedUp(atMs, String(signup.id)));
            status = 're-onboarding';
          } else if (wish === 'completed' && (status === 'onboarding' || status === 're-onboarding')) {
            facts.push({ type: 'completed', signupAtMs: signup.atMs, atMs });
            status = 'live';
          }
        }
        return { facts, status, onboardingId: String(signup.id), isSecond };
      });
    fc.assert(
      fc.property(
        life.chain((lived) =>
          fc.record({
            lived: fc.constant(lived),
            // Every fact at least once, some twice, in any order.
            told: fc
              .array(fc.nat(lived.facts.length - 1), { maxLength: 6 })
              .map((again) => [...lived.facts.keys(), ...again])
              .chain((indices) =>
                fc.shuffledSubarray([...indices.keys()], { minLength: indices.length }).map((order) => order.map((at) => indices[at] ?? 0)),
              ),
          }),
        ),
        ({ lived, told }) => {
          shuffles += 1;
          const facts = told.map((index) => lived.facts[index]).filter((fact) => fact !== undefined);
          const reading = after(facts);
          expect(reading).toMatchObject({ status: lived.status, onboardingId: lived.onboardingId });
          expect(reading).toEqual(after(lived.facts));
          if (reading?.status === 'disconnected') expect(reading).toMatchObject({ reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' });
        },
      ),
      { numRuns: 10_000 },
    );
    expect(shuffles).toBeGreaterThanOrEqual(10_000);
  });

  test("a disconnection in both of Meta's shapes is one disconnection with a reason", () => {
    const bare: LifecycleFact = { type: 'disconnected', atMs: 200 };
    const telling: LifecycleFact = { type: 'disconnected', atMs: 200, reason: 'CHANGE_NUMBER', initiatedBy: 'USER' };
    for (const facts of [
      [bare, telling],
      [telling, bare],
    ]) {
      expect(after([signedUp(100), ...facts])).toMatchObject({ status: 'disconnected', reason: 'CHANGE_NUMBER', initiatedBy: 'USER' });
    }
  });

  test('a token ends at its reported expiry, or else after the usual lifetime, and the latest report wins', () => {
    const assumed = after([signedUp(0)]);
    expect(assumed?.token).toEqual({ expiresAtMs: 60 * dayMs, isAssumed: true });
    expect(assumed && tokenStage(assumed, 53 * dayMs - 1, rules)).toBeUndefined();
    expect(assumed && tokenStage(assumed, 53 * dayMs, rules)).toBe('expiring');
    expect(assumed && tokenStage(assumed, 60 * dayMs, rules)).toBe('expired');
    const told = (expiresAtMs: number | 'never', atMs: number): LifecycleFact => ({ type: 'token', expiresAtMs, atMs });
    expect(after([signedUp(0), told('never', 20), told(5, 10)])?.token).toEqual({ expiresAtMs: 'never', isAssumed: false });
    const never = after([signedUp(0), told('never', 20)]);
    expect(never && tokenStage(never, 900 * dayMs, rules)).toBeUndefined();
    const gone = after([signedUp(0), { type: 'disconnected', atMs: 1 }]);
    expect(gone && tokenStage(gone, 60 * dayMs, rules)).toBeUndefined();
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

describe('the lifecycle', () => {
  const onboardedAt = new Date('2026-11-02T09:00:00Z');
  function bench(own: Partial<CoexistenceOptions> = {}) {
    const clock = fakeClock();
    const graph = faultyFake(clock);
    const store = memoryStore({ clock });
    const changes: string[] = [];
    const open = (options: Partial<CoexistenceOptions> = {}): Coexistence => {
      const coexistence = createCoexistence({
        client: graph.clientWith({ clock }),
        store,
        saveToken: () => undefined,
        sweepIntervalMs: false,
        ...own,
        ...options,
      });
      coexistence.on('lifecycle.changed', ({ status, previous }) => void changes.push(`${previous ?? ''}>${status}`));
      opened.push(coexistence);
      return coexistence;
    };
    const adopt = (coexistence: Coexistence, id = phoneNumberId, displayPhoneNumber = '+1 555-010-0123') =>
      coexistence.onboarding.import({
        wabaId,
        phoneNumberId: id,
        displayPhoneNumber,
        onboardedAt,
        contactsSync: 'unknown',
        historySync: 'requested',
        tokenExpiresAt: 'never',
      });
    return { graph, clock, store, changes, open, adopt };
  }
  const account = (type: 'account.offboarded' | 'account.reconnected', at: number): WebhookEvent => ({
    type,
    field: 'account_update',
    wabaId,
    key: `${type}/${String(at)}`,
    raw: {},
    occurredAt: new Date(at),
  });

  test('sends are delayed during offboarding, continue after reconnection, and are rejected after disconnection', async () => {
    const clock = fakeClock();
    const fake = createFakeCloudApi({ clock });
    const number = fake.coexistenceNumber();
    const client = createClient({
      accessToken: number.accessToken,
      phoneNumberId: number.phoneNumberId,
      coexistence: true,
      clock,
      fetch: fake.fetch,
    });
    const { open } = bench({ client });
    const coexistence = open();
    const told: string[] = [];
    coexistence.on('lifecycle.changed', (one) => void told.push(one.status));
    await coexistence.onboarding.import({
      wabaId: number.wabaId,
      phoneNumberId: number.phoneNumberId,
      onboardedAt: new Date(clock.now()),
      contactsSync: 'requested',
      historySync: 'requested',
    });
    fake.customer('15550100987').send(number.phoneNumberId, 'Hello');
    const sender = createSender({ client, throughput: 'coexistence', clock, guards: [coexistence.lifecycle.guard] });
    const event = (type: 'account.offboarded' | 'account.reconnected'): WebhookEvent => ({
      ...account(type, clock.now()),
      wabaId: number.wabaId,
    });
    await clock.advance(60_000);
    await coexistence.handle(event('account.offboarded'));
    const held = sender.send({ to: '15550100987', type: 'text', text: { body: 'Are you there?' } });
    await clock.advance(120_000);
    expect(fake.sent).toHaveLength(0);
    await coexistence.handle(event('account.reconnected'));
    await clock.advance(60_000);
    expect(await held).toMatchObject({ outcome: 'accepted' });
    expect(fake.sent).toHaveLength(1);
    await coexistence.handle({
      type: 'account.disconnected',
      field: 'account_update',
      wabaId: number.wabaId,
      key: 'k',
      raw: {},
      occurredAt: new Date(clock.now()),
      reason: 'PRIMARY_INACTIVITY',
      initiatedBy: 'SYSTEM',
    });
    const refused = await sender.send({ to: '15550100987', type: 'text', text: { body: 'And now?' } });
    expect(refused).toMatchObject({
      outcome: 'rejected',
      by: 'guard',
      error: { kind: 'number-disconnected', reason: 'PRIMARY_INACTIVITY' },
    });
    expect(told).toEqual(['live', 'offboarded', 'reconnected', 'disconnected']);
    await sender.close();
    await fake.close();
  });

  test('a number counts as disconnected after 24 hours without reconnection, once across processes', async () => {
    const { open, adopt, clock, changes } = bench();
    const processes = [open(), open(), open()];
    const [first] = processes;
    if (!first) throw new Error('no process');
    await adopt(first);
    await first.handle(account('account.offboarded', clock.now()));
    expect(await first.lifecycle.get(phoneNumberId)).toMatchObject({
      status: 'offboarded',
      reconnectBy: new Date(clock.now() + 24 * hourMs),
    });
    await clock.advance(24 * hourMs - 1);
    await Promise.all(processes.map((coexistence) => coexistence.sweep()));
    expect(await first.lifecycle.get(phoneNumberId)).toMatchObject({ status: 'offboarded' });
    await clock.advance(1);
    await Promise.all(processes.map((coexistence) => coexistence.sweep()));
    expect(await first.lifecycle.get(phoneNumberId)).toMatchObject({ status: 'disconnected', decidedBy: 'time-out' });
    expect(changes).toEqual(['>live', 'live>offboarded', 'offboarded>disconnected']);
    await first.handle(account('account.reconnected', clock.now()));
    expect(await first.lifecycle.get(phoneNumberId)).toMatchObject({ status: 'reconnected' });
  });

  test('numbers of the account that were never offboarded stay connected', async () => {
    const { open, adopt, clock, graph } = bench();
    const other = graph.fake.coexistenceNumber({ wabaId, displayPhoneNumber: '+1 555-010-0124' });
    graph.rewrite = rewriteNumber({ is_on_biz_app: false });
    const coexistence = open();
    await adopt(coexistence);
    await adopt(coexistence, other.phoneNumberId, other.displayPhoneNumber);
    await coexistence.handle(account('account.offboarded', clock.now()));
    await clock.advance(24 * hourMs);
    await coexistence.sweep();
    expect(await coexistence.lifecycle.get(phoneNumberId)).toMatchObject({ status: 'disconnected', decidedBy: 'time-out' });
    expect(await coexistence.lifecycle.get(other.phoneNumberId)).toMatchObject({ status: 'reconnected' });
    await coexistence.handle({
      type: 'account.disconnected',
      field: 'account_update',
      wabaId,
      key: 'k',
      raw: {},
      occurredAt: new Date(clock.now() + 1_000),
      phoneNumber: '15550100124',
      reason: 'CHANGE_NUMBER',
    });
    expect(await coexistence.lifecycle.get(other.phoneNumberId)).toMatchObject({
      status: 'disconnected',
      reason: 'CHANGE_NUMBER',
      decidedBy: 'meta',
    });
  });

  test('an event whose listener failed is emitted again, by the next duplicate or by a sweep', async () => {
    const { open, adopt, clock } = bench();
    const coexistence = open();
    await adopt(coexistence);
    const listener = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined);
    coexistence.on('lifecycle.changed', listener as () => Promise<void>);
    const event = account('account.offboarded', clock.now());
    await expect(coexistence.handle(event)).rejects.toThrow('away');
    await coexistence.handle(event);
    await coexistence.handle(event);
    expect(listener).toHaveBeenCalledTimes(2);
    listener.mockRejectedValueOnce(new Error('away'));
    await expect(coexistence.handle(account('account.reconnected', clock.now()))).rejects.toThrow('away');
    await clock.advance(60_000);
    await coexistence.sweep();
    await clock.advance(60_000);
    await coexistence.sweep();
    expect(listener).toHaveBeenCalledTimes(4);
  });

  test('the expiry of a token is emitted ahead and at its end, each once, and not if the token was renewed', async () => {
    const { open, clock } = bench();
    const coexistence = open();
    const told: [string, boolean][] = [];
    coexistence.on('token.expiring', ({ isAssumed }) => void told.push(['expiring', isAssumed]));
    coexistence.on('token.expired', ({ isAssumed }) => void told.push(['expired', isAssumed]));
    const sync = 'requested' as const;
    await coexistence.onboarding.import({
      wabaId,
      phoneNumberId,
      onboardedAt: new Date(clock.now()),
      contactsSync: sync,
      historySync: sync,
    });
    for (let day = 0; day < 62; day += 1) {
      await clock.advance(dayMs);
      await coexistence.sweep();
    }
    expect(told).toEqual([
      ['expiring', true],
      ['expired', true],
    ]);
    await coexistence.lifecycle.recordToken({ phoneNumberId, expiresAt: new Date(clock.now() + 30 * dayMs) });
    expect(await coexistence.lifecycle.get(phoneNumberId)).toMatchObject({ tokenExpiryIsAssumed: false });
    for (let day = 0; day < 24; day += 1) {
      await clock.advance(dayMs);
      await coexistence.sweep();
    }
    expect(told.slice(2)).toEqual([['expiring', false]]);
    await coexistence.lifecycle.recordToken({ phoneNumberId, expiresAt: 'never' });
    await coexistence.lifecycle.recordToken({ phoneNumberId: 'nobody', expiresAt: 'never' });
    await clock.advance(90 * dayMs);
    await coexistence.sweep();
    expect(told).toHaveLength(3);
  });

  test('unknown numbers pass the guard, and have no lifecycle', async () => {
    const { open } = bench();
    const coexistence = open();
    expect(await coexistence.lifecycle.get('nobody')).toBeUndefined();
    const message = { to: '1', type: 'text', text: { body: 'x' } } as const;
    expect(await coexistence.lifecycle.guard(message, { phoneNumberId: 'nobody', priority: 'normal' })).toEqual({ verdict: 'pass' });
  });
});
