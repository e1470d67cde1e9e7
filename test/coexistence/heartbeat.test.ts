import fc from '../fast-check.js';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence, type CoexistenceOptions } from 'wa-coexist';
import {
  coexistencePolicy,
  heartbeatChange,
  nextHeartbeatCheck,
  readHeartbeat,
  type Heartbeat,
  type HeartbeatEvent,
  type HeartbeatState,
} from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import type { WebhookEvent } from 'wa-coexist/webhooks';

const phoneNumberId = '339900000000001';
const dayMs = 86_400_000;
const rules = { ...coexistencePolicy({ asOf: '2026-11-22' }).limits, proof: 'phone' } as const;

describe('the pure functions of the heartbeat', () => {
  const onboarded = heartbeatChange(undefined, { type: 'sign', kind: 'onboarding', atMs: 0 }, 0, rules).state;

  test('due, urgent and overdue are on days 10, 12 and 14, each emitted once', () => {
    const told: [number, string][] = [];
    let state: HeartbeatState = onboarded;
    for (let day = 0; day <= 20; day += 0.5) {
      const step = heartbeatChange(state, { type: 'time' }, day * dayMs, rules);
      state = step.state;
      if (step.stage) told.push([day, step.stage]);
    }
    expect(told).toEqual([
      [10, 'due'],
      [12, 'urgent'],
      [14, 'overdue'],
    ]);
  });

  test("echoes and contacts don't prove that the phone was used", () => {
    let state: HeartbeatState = onboarded;
    for (let day = 1; day <= 11; day += 1) {
      for (const kind of ['echo', 'contact'] as const)
        state = heartbeatChange(state, { type: 'sign', kind, atMs: day * dayMs }, day * dayMs, rules).state;
    }
    expect(readHeartbeat(state, 11 * dayMs, rules)).toMatchObject({ stage: 'due', countsFromMs: 0, lastSign: { atMs: 11 * dayMs } });
    expect(readHeartbeat(state, 11 * dayMs, { ...rules, proof: 'app-or-companion' })).toMatchObject({
      stage: 'ok',
      countsFromMs: 11 * dayMs,
    });
  });

  test('opening the app restarts the days, and each stage is emitted again', () => {
    const due = heartbeatChange(onboarded, { type: 'time' }, 10 * dayMs, rules).state;
    const opened = heartbeatChange(due, { type: 'sign', kind: 'app-opened', atMs: 10 * dayMs }, 10 * dayMs, rules).state;
    expect(heartbeatChange(opened, { type: 'time' }, 11 * dayMs, rules).stage).toBeUndefined();
    expect(heartbeatChange(opened, { type: 'time' }, 20 * dayMs, rules).stage).toBe('due');
  });

  test('signs can arrive in any order, and a future sign counts as now', () => {
    const signs = fc.array(
      fc.record({ kind: fc.constantFrom('onboarding', 'app-opened', 'echo', 'contact', 'reconnected'), atMs: fc.nat(40 * dayMs) }),
      { minLength: 1, maxLength: 10 },
    ) as fc.Arbitrary<{ kind: 'echo'; atMs: number }[]>;
    const nowMs = 30 * dayMs;
    const after = (list: readonly { kind: 'echo'; atMs: number }[]): HeartbeatState | undefined =>
      list.reduce<HeartbeatState | undefined>(
        (state, sign) => heartbeatChange(state, { type: 'sign', ...sign }, nowMs, rules).state,
        undefined,
      );
    fc.assert(
      fc.property(
        signs.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, mixed]) => {
          const state = after(list);
          expect(after(mixed)).toEqual(state);
          if (!state) throw new Error('at least one sign');
          const reading = readHeartbeat(state, nowMs, rules);
          expect(reading.countsFromMs).toBeLessThanOrEqual(nowMs);
          const told = heartbeatChange(state, { type: 'time' }, nowMs, rules);
          // Pending events are due immediately, whatever else happens in the meantime. Afterwards, the next stage is
          // due.
          if (told.stage) expect(nextHeartbeatCheck(state, nowMs, rules)).toBeLessThanOrEqual(nowMs);
          expect(nextHeartbeatCheck(told.state, nowMs, rules) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowMs);
        },
      ),
    );
  });

  test('a disconnected number causes no reminders until it is onboarded again', () => {
    const ended = heartbeatChange(onboarded, { type: 'ended', atMs: dayMs }, dayMs, rules).state;
    expect(heartbeatChange(ended, { type: 'time' }, 12 * dayMs, rules).stage).toBeUndefined();
    expect(nextHeartbeatCheck(ended, dayMs, rules)).toBeUndefined();
    const echo = heartbeatChange(ended, { type: 'sign', kind: 'echo', atMs: 2 * dayMs }, 2 * dayMs, rules).state;
    expect(echo.endedAtMs).toBe(dayMs);
    const again = heartbeatChange(echo, { type: 'sign', kind: 'onboarding', atMs: 3 * dayMs }, 3 * dayMs, rules).state;
    expect(again.endedAtMs).toBeUndefined();
    expect(heartbeatChange(again, { type: 'ended', atMs: dayMs }, 4 * dayMs, rules).state.endedAtMs).toBeUndefined();
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

describe('the heartbeat', () => {
  const bench = (options: Partial<CoexistenceOptions> = {}) => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const due: Heartbeat[] = [];
    const open = (): Coexistence => {
      const coexistence = createCoexistence({
        client: createClient({ clock }),
        store,
        saveToken: () => undefined,
        sweepIntervalMs: false,
        ...options,
      });
      coexistence.on('heartbeat.due', (heartbeat) => void due.push(heartbeat));
      opened.push(coexistence);
      return coexistence;
    };
    return { clock, store, due, open };
  };
  const echo = (at: Date): WebhookEvent => ({
    type: 'echo',
    field: 'smb_message_echoes',
    phoneNumberId,
    key: 'k',
    raw: {},
    occurredAt: at,
    customer: { waId: '15550100987' },
    message: { id: `wamid.${at.toISOString()}`, type: 'text', text: { body: 'We open at nine' } },
  });

  test('emits reminders in sweeps, once across processes, with the next date', async () => {
    const { clock, open, due } = bench();
    const processes = [open(), open(), open()];
    const start = clock.now();
    await processes[0]?.heartbeat.recordAppOpened({ phoneNumberId });
    for (let day = 1; day <= 16; day += 1) {
      await clock.advance(dayMs);
      await Promise.all(processes.map((coexistence) => coexistence.sweep()));
    }
    expect(due.map(({ stage }) => stage)).toEqual(['due', 'urgent', 'overdue']);
    expect(due[0]).toMatchObject({ phoneNumberId, dueAt: new Date(start + 10 * dayMs), overdueAt: new Date(start + 14 * dayMs) });
  });

  test('emits a reminder again if its handler failed', async () => {
    const { clock, open, due } = bench();
    const coexistence = open();
    await coexistence.heartbeat.recordAppOpened({ phoneNumberId });
    let fails = true;
    coexistence.on('heartbeat.due', () => {
      if (fails) throw new Error('the mail server is away');
    });
    await clock.advance(10 * dayMs);
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 1 });
    fails = false;
    expect(await coexistence.sweep()).toEqual({ handled: 1, failed: 0 });
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 0 });
    expect(due).toHaveLength(2);
  });

  test('emits no reminder if the app is opened in time, and uses the days of the policy', async () => {
    const policy = coexistencePolicy({ asOf: '2026-11-22', overrides: { limits: { heartbeatDueDays: 3 } } });
    const { clock, open, due } = bench({ policy });
    const coexistence = open();
    for (let day = 0; day < 12; day += 2) {
      await coexistence.heartbeat.recordAppOpened({ phoneNumberId });
      await clock.advance(2 * dayMs);
      await coexistence.sweep();
    }
    expect(due).toEqual([]);
    await clock.advance(dayMs);
    await coexistence.sweep();
    expect(due.map(({ stage }) => stage)).toEqual(['due']);
  });

  test('reports an echo as a sign, which is no proof by default', async () => {
    const { clock, open, due } = bench();
    const coexistence = open();
    await coexistence.heartbeat.recordAppOpened({ phoneNumberId });
    await clock.advance(9 * dayMs);
    await coexistence.handle(echo(new Date(clock.now())));
    expect(await coexistence.heartbeat.get(phoneNumberId)).toMatchObject({
      stage: 'ok',
      lastSign: { kind: 'echo', at: new Date(clock.now()) },
    });
    await clock.advance(dayMs);
    await coexistence.sweep();
    expect(due.map(({ stage, lastSign }) => [stage, lastSign?.kind])).toEqual([['due', 'echo']]);
  });

  test('delays reminders by echoes if they count as proof', async () => {
    const { clock, open, due } = bench({ heartbeat: { proof: 'app-or-companion' } });
    const coexistence = open();
    await coexistence.heartbeat.recordAppOpened({ phoneNumberId });
    await clock.advance(9 * dayMs);
    await coexistence.handle(echo(new Date(clock.now())));
    await clock.advance(9 * dayMs);
    await coexistence.sweep();
    expect(due).toEqual([]);
    await clock.advance(dayMs);
    await coexistence.sweep();
    expect(due.map(({ stage }) => stage)).toEqual(['due']);
  });

  test('is undefined for an unknown number', async () => {
    expect(await bench().open().heartbeat.get(phoneNumberId)).toBeUndefined();
  });

  test('the pure functions accept events of every type without a state', () => {
    const events: HeartbeatEvent[] = [{ type: 'time' }, { type: 'ended', atMs: 5 }, { type: 'sign', kind: 'echo', atMs: 5 }];
    for (const event of events) expect(heartbeatChange(undefined, event, 10, rules).state.sinceMs).toBe(10);
  });
});
