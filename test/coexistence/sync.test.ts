import fc from '../fast-check.js';
import { describe, expect, test, vi } from 'vitest';
import {
  AbortedError,
  createCoexistence,
  graphError,
  InvalidResponseError,
  memoryStore,
  MissingCredentialsError,
  NetworkError,
  SyncWindowError,
  TimeoutError,
  type Store,
} from 'wa-coexist';
import { decideSync, settleSync, toSyncResponse, type NumberSync, type SyncResponse, type SyncState } from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import { faultyFake, phoneNumberId, wabaId, type Behaviour } from './faulty-fake.js';

const hourMs = 3_600_000;
const failure = { kind: 'timeout', message: 'no answer' };
const rules = { onboardedAtMs: 0, syncWindowHours: 24, staleAfterMs: 60_000 };

describe('the pure functions of one-time requests', () => {
  test('request once within 24 hours, to the millisecond', () => {
    expect(decideSync(undefined, 'history', 24 * hourMs, rules).decision).toBe('request');
    expect(decideSync(undefined, 'history', 24 * hourMs + 1, rules)).toEqual({ decision: 'too-late', deadlineAtMs: 24 * hourMs });
  });

  test("don't request a second time, whatever happened before", () => {
    const states = fc.constantFrom('requesting', 'requested', 'unknown', 'rejected') as fc.Arbitrary<SyncState['status']>;
    fc.assert(
      fc.property(states, fc.nat(30 * hourMs), fc.nat(30 * hourMs), (status, recordedAtMs, nowMs) => {
        const decision = decideSync({ syncType: 'contacts', status, recordedAtMs }, 'contacts', nowMs, rules);
        expect(decision.decision).toBe('requested');
      }),
    );
  });

  test('count a request whose process ended as unknown after a time limit, also with force', () => {
    const state: SyncState = { syncType: 'contacts', status: 'requesting', recordedAtMs: 0 };
    expect(decideSync(state, 'contacts', 59_999, rules, true)).toMatchObject({ decision: 'requested', state: { status: 'requesting' } });
    expect(decideSync(state, 'contacts', 60_000, rules)).toMatchObject({
      decision: 'requested',
      state: { status: 'unknown', failure: { kind: 'interrupted' } },
    });
    expect(decideSync(state, 'contacts', 60_000, rules, true)).toMatchObject({
      decision: 'request',
      state: { status: 'requesting', insisted: 1 },
    });
    expect(decideSync({ ...state, status: 'rejected' }, 'contacts', 25 * hourMs, rules, true).decision).toBe('too-late');
  });

  test('keep the more precise response, in any order', () => {
    const asked: SyncState = { syncType: 'history', status: 'requesting', recordedAtMs: 0 };
    const answers = fc.array(
      fc.constantFrom<SyncResponse>({ type: 'ambiguous', failure }, { type: 'accepted', requestId: 'request-1' }, { type: 'arrived' }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(answers, (list) => {
        const state = list.reduce((before, answer) => settleSync(before, answer, 5), asked);
        const isProven = list.some(({ type }) => type !== 'ambiguous');
        expect(state.status).toBe(isProven ? 'requested' : 'unknown');
        if (isProven) expect(state.failure).toBeUndefined();
        if (list.some(({ type }) => type === 'accepted')) expect(state.requestId).toBe('request-1');
      }),
    );
  });

  test('separate errors that prove that nothing was sent from others', () => {
    const types = (errors: readonly unknown[]): string[] => errors.map((error) => toSyncResponse(error).type);
    expect(
      types([
        new NetworkError('', 'not-sent'),
        new AbortedError('', 'not-sent'),
        new MissingCredentialsError('', 'accessToken'),
        graphError({ code: 190 }),
      ]),
    ).toEqual(Array.from({ length: 4 }, () => 'not-taken'));
    expect(
      types([
        new NetworkError('', 'unknown'),
        new AbortedError('', 'unknown'),
        new TimeoutError('', 1),
        new InvalidResponseError('', 502, ''),
        graphError({ code: 2 }, { httpStatus: 500 }),
        graphError({ code: 131000 }),
        graphError({ code: 77777, is_transient: true }),
        new Error('from the caller'),
      ]),
    ).toEqual(Array.from({ length: 8 }, () => 'ambiguous'));
    expect(types([graphError({ code: 130429 }), graphError({ code: 10 }), graphError({ code: 100 }), graphError({ code: 77777 })])).toEqual(
      Array.from({ length: 4 }, () => 'rejected'),
    );
  });

  test.each([
    { code: 2593107, says: /once per onboarding/ },
    { code: 2593108, says: /24 hours/ },
  ])('explain $code with its only remedy, as a code and as a subcode', ({ code, says }) => {
    for (const error of [graphError({ code }), graphError({ code: 100, error_subcode: code })]) {
      const answer = toSyncResponse(error);
      expect(answer).toMatchObject({ type: 'rejected', failure: { kind: 'coexistence-sync', code } });
      expect(JSON.stringify(answer)).toMatch(says);
      expect(JSON.stringify(answer)).toMatch(/disconnect in the app .* Embedded Signup again/);
    }
  });

  test('an error from outside the library is not repeated in what is stored', () => {
    expect(JSON.stringify(toSyncResponse(new Error('token EAAG-EXAMPLE-TOKEN')))).not.toContain('EAAG');
  });
});

describe('a one-time request', () => {
  const open = (store: Store = memoryStore()) => {
    const clock = fakeClock();
    const graph = faultyFake(clock);
    const coexistence = createCoexistence({
      client: graph.clientWith({ clock }),
      store,
      saveToken: () => undefined,
      sweepIntervalMs: false,
    });
    const request = (syncType: 'contacts' | 'history' = 'history', force = false): Promise<NumberSync> =>
      coexistence.sync.request({
        syncType,
        phoneNumberId,
        wabaId,
        onboardingId: 'onboarding-1',
        onboardedAt: new Date('2026-11-02T09:00:00Z'),
        force,
      });
    return { graph, clock, coexistence, request, store };
  };

  test.each<[Behaviour, string, number]>([
    ['cut-before', 'unknown', 0],
    ['cut-after', 'unknown', 1],
    ['500-before', 'unknown', 0],
    ['500-after', 'unknown', 1],
    [{ code: 2593107, message: 'limit exceeded' }, 'rejected', 0],
    [{ code: 2593108, message: 'outside of the window' }, 'rejected', 0],
    [{ code: 130429, message: 'too fast' }, 'rejected', 0],
  ])('%j is %s, is emitted, and is not requested again', async (behaviour, status, acted) => {
    const { graph, request, coexistence } = open();
    const told = vi.fn();
    coexistence.on('sync.unknown', told);
    coexistence.on('sync.rejected', told);
    graph.behave = () => behaviour;
    const sync = await request();
    expect(sync.status).toBe(status);
    expect(sync.failure?.message).toBeTruthy();
    expect(told).toHaveBeenCalledExactlyOnceWith(sync);
    graph.behave = () => 'ok';
    expect((await request()).status).toBe(status);
    expect(graph.calls).toHaveLength(1);
    expect(graph.acted).toHaveLength(acted);
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('is still possible after Meta rejected the token', async () => {
    const { graph, request } = open();
    graph.behave = () => ({ code: 190, message: 'expired' });
    await expect(request()).rejects.toMatchObject({ kind: 'authentication' });
    graph.behave = () => 'ok';
    expect((await request()).status).toBe('requested');
    expect(graph.acted).toHaveLength(1);
  });

  test('is still possible if no connection was made', async () => {
    const { graph, request } = open();
    graph.behave = () => 'refuse-connection';
    await expect(request()).rejects.toMatchObject({ kind: 'network', delivery: 'not-sent' });
    graph.behave = () => 'ok';
    expect((await request()).status).toBe('requested');
    expect(graph.acted).toHaveLength(1);
  });

  test('is recorded before the call', async () => {
    const { graph, request, coexistence } = open();
    const during: unknown[] = [];
    graph.behave = () => {
      during.push(coexistence.sync.get(phoneNumberId));
      return 'ok';
    };
    await request();
    expect(await during[0]).toMatchObject({ history: { status: 'requesting' } });
  });

  test('rejects before the network if it is too late', async () => {
    const { graph, request, clock } = open();
    await clock.advance(24 * hourMs + 1);
    const error: unknown = await request('contacts').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SyncWindowError);
    expect(error).toMatchObject({ kind: 'sync-window', syncType: 'contacts', deadlineAt: new Date('2026-11-03T09:00:00Z') });
    expect(graph.calls).toHaveLength(0);
  });

  test('is repeated with force, but not while another one is in progress', async () => {
    const { graph, request } = open();
    graph.behave = () => ({ code: 130429, message: 'too fast' });
    await request();
    graph.behave = () => 'ok';
    const [one, other] = await Promise.all([request('history', true), request('history', true)]);
    expect([one.status, other.status].sort()).toEqual(['requested', 'requesting']);
    expect(graph.acted).toHaveLength(1);
  });

  test('with an unknown result is settled when history arrives', async () => {
    const { graph, request, coexistence } = open();
    graph.behave = () => 'cut-after';
    await request();
    const told = vi.fn();
    coexistence.on('sync.requested', told);
    const chunk = { type: 'history.chunk', field: 'history', phoneNumberId, key: 'k', raw: {}, threads: [], progress: 10 } as const;
    await coexistence.handle(chunk);
    await coexistence.handle(chunk);
    expect(await coexistence.sync.get(phoneNumberId)).toMatchObject({ history: { status: 'requested' } });
    expect(told).toHaveBeenCalledTimes(1);
  });
});
