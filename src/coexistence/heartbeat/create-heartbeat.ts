import { checkOneOf } from '../../errors/check-options.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { clearDue, scheduled, type OnDue, type Scheduled } from '../schedule.js';
import { numberKey } from '../../runtime/keys.js';
import { readRecord, updateRecord } from '../../stores/records.js';
import {
  heartbeatChange,
  nextHeartbeatCheck,
  readHeartbeat,
  signsOf,
  type HeartbeatEvent,
  type HeartbeatRules,
  type HeartbeatState,
  type SignKind,
} from './heartbeat-state.js';
import type { Heartbeat, HeartbeatModule, HeartbeatOptions } from './heartbeat.js';

/** Dependencies of {@link createHeartbeat}. */
export interface HeartbeatDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: CoexistencePolicy;
  readonly options: HeartbeatOptions;
  /** Asks Meta whether a number is on the app and the API. */
  readonly isLinked: (phoneNumberId: string) => Promise<boolean>;
  /** Emits that opening the app is due, urgent or overdue. */
  readonly emit: (heartbeat: Heartbeat) => Promise<void>;
}

/** The heartbeat module with its event and schedule handlers. */
export interface HeartbeatService {
  readonly module: HeartbeatModule;
  readonly sign: (phoneNumberId: string, kind: SignKind, atMs: number) => Promise<void>;
  /** Imports a number that was onboarded elsewhere. */
  readonly adopt: (phoneNumberId: string, onboardedAtMs: number) => Promise<void>;
  /** Records that a number was disconnected for good. */
  readonly end: (phoneNumberId: string, atMs: number) => Promise<void>;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  readonly onDue: OnDue;
}

type HeartbeatRecord = HeartbeatState & Scheduled;

/** The module's name in the schedule. */
export const heartbeatKind = 'heartbeat';

/** The sign that an event contains. */
const signOf: ReadonlyMap<WebhookEvent['type'], SignKind> = /* @__PURE__ */ new Map([
  ['echo', 'echo'],
  ['echo.edit', 'echo'],
  ['echo.revoke', 'echo'],
  ['contact', 'contact'],
] as const);

/**
 * Creates the heartbeat module. It stores the state of each number.
 *
 * @param deps - The store, the clock, the policy, the options, the probe and the event callback.
 */
export function createHeartbeat(deps: HeartbeatDeps): HeartbeatService {
  const { store, clock, policy } = deps;
  const { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays } = policy.limits;
  checkOneOf('createCoexistence: heartbeat', 'proof', deps.options.proof, ['phone', 'app-or-companion']);
  const proof = deps.options.proof ?? 'phone';
  const rules: HeartbeatRules = { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays, proof };
  const keyOf = (phoneNumberId: string): string => numberKey(phoneNumberId, heartbeatKind);

  const viewOf = (phoneNumberId: string, state: HeartbeatState, nowMs: number = clock.now()): Heartbeat => {
    const reading = readHeartbeat(state, nowMs, rules);
    const { lastSign } = reading;
    return {
      phoneNumberId,
      stage: reading.stage,
      dueAt: new Date(reading.dueAtMs),
      urgentAt: new Date(reading.urgentAtMs),
      overdueAt: new Date(reading.overdueAtMs),
      countsFrom: new Date(reading.countsFromMs),
      signs: Object.fromEntries(signsOf(state).map(({ kind, atMs }) => [kind, new Date(atMs)])),
      ...(lastSign && { lastSign: { kind: lastSign.kind, at: new Date(lastSign.atMs) } }),
      ...(state.probe && { probe: { at: new Date(state.probe.atMs), linked: state.probe.linked } }),
      ...(state.endedAtMs !== undefined && { endedAt: new Date(state.endedAtMs) }),
    };
  };
  const changed = (
    phoneNumberId: string,
    record: HeartbeatRecord | undefined,
    event: HeartbeatEvent,
    nowMs: number,
  ): ReturnType<typeof scheduled<HeartbeatRecord>> & { readonly stage: Heartbeat['stage'] | undefined } => {
    const { state, stage } = heartbeatChange(record, event, nowMs, rules);
    const next: HeartbeatRecord = { ...state, ...(record?.wakeAtMs !== undefined && { wakeAtMs: record.wakeAtMs }) };
    return { ...scheduled(next, heartbeatKind, phoneNumberId, nextHeartbeatCheck(next, nowMs, rules)), stage };
  };
  const apply = (phoneNumberId: string, event: HeartbeatEvent): Promise<HeartbeatRecord> =>
    updateRecord<HeartbeatRecord, HeartbeatRecord>(store, keyOf(phoneNumberId), (record) => {
      const { state, also } = changed(phoneNumberId, record, event, clock.now());
      const isNew = record === undefined || also.length > 0 || JSON.stringify(state) !== JSON.stringify(record);
      return { ...(isNew && { state }), also, result: state };
    });

  const probe = async (phoneNumberId: string): Promise<HeartbeatRecord> => {
    const linked = await deps.isLinked(phoneNumberId);
    return apply(phoneNumberId, { type: 'probed', atMs: clock.now(), linked });
  };

  const module: HeartbeatModule = {
    probe: async (phoneNumberId) => viewOf(phoneNumberId, await probe(phoneNumberId)),
    get: async (phoneNumberId) => {
      const record = await readRecord<HeartbeatRecord>(store, keyOf(phoneNumberId));
      return record && viewOf(phoneNumberId, record);
    },
    recordAppOpened: async ({ phoneNumberId, at }) => {
      const atMs = at?.getTime() ?? clock.now();
      return viewOf(phoneNumberId, await apply(phoneNumberId, { type: 'sign', kind: 'app-opened', atMs }));
    },
  };
  return {
    module,
    sign: async (phoneNumberId, kind, atMs) => {
      await apply(phoneNumberId, { type: 'sign', kind, atMs });
    },
    adopt: async (phoneNumberId, onboardedAtMs) => {
      await apply(phoneNumberId, { type: 'adopted', onboardedAtMs });
    },
    end: async (phoneNumberId, atMs) => {
      if (await store.get(keyOf(phoneNumberId))) await apply(phoneNumberId, { type: 'ended', atMs });
    },
    observe: async ({ type, phoneNumberId, occurredAt }) => {
      const kind = signOf.get(type);
      if (kind === undefined || phoneNumberId === undefined) return;
      await apply(phoneNumberId, { type: 'sign', kind, atMs: occurredAt?.getTime() ?? clock.now() });
    },
    onDue: async ({ subject: phoneNumberId, dueAtMs }, nowMs) => {
      const record = await readRecord<HeartbeatRecord>(store, keyOf(phoneNumberId));
      if (record?.wakeAtMs !== dueAtMs) return;
      const { state, stage } = changed(phoneNumberId, clearDue(record), { type: 'time' }, nowMs);
      if (stage) {
        // If the probe fails, emit the reminder without it. It must not depend on Meta's availability.
        const probed = deps.options.probe === false ? undefined : await probe(phoneNumberId).catch(() => undefined);
        await deps.emit(viewOf(phoneNumberId, { ...state, ...(probed?.probe && { probe: probed.probe }) }, nowMs));
      }
      await updateRecord<HeartbeatRecord, undefined>(store, keyOf(phoneNumberId), (standing) => {
        const woken = standing?.wakeAtMs === dueAtMs ? clearDue(standing) : standing;
        const next = changed(phoneNumberId, woken, { type: 'time' }, nowMs);
        return { state: next.state, also: next.also, result: undefined };
      });
    },
  };
}
