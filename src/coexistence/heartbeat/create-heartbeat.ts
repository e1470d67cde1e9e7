import { checkOneOf } from '../../errors/check-options.js';
import { numberKey } from '../../runtime/keys.js';
import { updateRecord } from '../../stores/records.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { createModule, type ModuleRecord } from '../module.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import type { Scope } from '../unit-of-work.js';
import {
  heartbeatChange,
  nextHeartbeatCheck,
  readHeartbeat,
  signsOf,
  type HeartbeatEvent,
  type HeartbeatRules,
  type HeartbeatStage,
  type HeartbeatState,
  type SignKind,
} from './heartbeat-state.js';
import type { Heartbeat, HeartbeatModule, HeartbeatOptions } from './heartbeat-module.js';

/** Dependencies of {@link createHeartbeat}. */
export interface HeartbeatDeps extends ModuleContext {
  readonly options: HeartbeatOptions;
  /** Asks Meta whether a number is on the app and the API. */
  readonly isLinked: (phoneNumberId: string) => Promise<boolean>;
}

/** A stage that was reached at a time. */
type HeartbeatFact = { readonly stage: HeartbeatStage; readonly atMs: number };

type HeartbeatRecord = ModuleRecord<HeartbeatState, HeartbeatFact>;

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
 * @param deps - What all modules share, the options and the probe.
 */
export function createHeartbeat(deps: HeartbeatDeps): ModuleService<HeartbeatModule> {
  const { clock, policy, run, events, numbers, signals } = deps;
  const { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays } = policy.limits;
  checkOneOf('createCoexistence: heartbeat', 'proof', deps.options.proof, ['phone', 'app-or-companion']);
  const proof = deps.options.proof ?? 'phone';
  const rules: HeartbeatRules = { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays, proof };

  const heartbeats = createModule<HeartbeatState, HeartbeatEvent, HeartbeatFact>(
    {
      kind: 'heartbeat',
      reduce: (known, event, nowMs) => {
        // The end of a number that was never seen isn't worth a record.
        if (event.type === 'ended' && !known) return undefined;
        const { state, stage } = heartbeatChange(known, event, nowMs, rules);
        return { state, facts: stage ? [{ stage, atMs: nowMs }] : [] };
      },
      timeEvent: { type: 'time' },
      nextCheckAt: (state, nowMs) => nextHeartbeatCheck(state, nowMs, rules),
      hasListeners: () => events.hasListeners('heartbeat.due'),
      emit: async ({ stage, atMs }, phoneNumberId, state) => {
        // A stage that a proof has ended in the meantime isn't due anymore.
        if (state.endedAtMs !== undefined || readHeartbeat(state, atMs, rules).stage !== stage) return;
        // If the probe fails, emit the reminder without it. It must not depend on Meta's availability.
        const probed = deps.options.probe === false ? undefined : await probe(phoneNumberId).catch(() => undefined);
        await events.emit('heartbeat.due', viewOf(phoneNumberId, { ...state, ...(probed?.probe && { probe: probed.probe }) }, atMs));
      },
    },
    run,
    clock,
  );
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
  const apply = async (phoneNumberId: string, event: HeartbeatEvent): Promise<HeartbeatState> =>
    // Only the end of an unknown number creates no record.
    (await run((scope) => heartbeats.apply(scope, phoneNumberId, event))) ?? { signs: {}, sinceMs: clock.now() };
  const probe = async (phoneNumberId: string): Promise<HeartbeatState> => {
    const linked = await deps.isLinked(phoneNumberId);
    const event: HeartbeatEvent = { type: 'probed', atMs: clock.now(), linked };
    const key = numberKey(phoneNumberId, heartbeats.kind);
    // Don't emit pending facts here, because their emission probes.
    const state = await run(({ store }) =>
      updateRecord<HeartbeatRecord, HeartbeatState | undefined>(store, key, (found) => heartbeats.change(found, phoneNumberId, [event])),
    );
    return state ?? { signs: {}, sinceMs: event.atMs };
  };

  signals.on('number.confirmed', async ({ phoneNumberId, onboardedAtMs: atMs }, scope) => {
    await heartbeats.apply(scope, phoneNumberId, { type: 'sign', kind: 'onboarding', atMs });
  });
  signals.on('number.imported', async ({ phoneNumberId, onboardedAtMs, appOpenedAtMs: atMs }, scope) => {
    const opened = atMs === undefined ? [] : [{ type: 'sign', kind: 'app-opened', atMs } as const];
    await heartbeats.apply(scope, phoneNumberId, { type: 'adopted', onboardedAtMs }, ...opened);
  });
  /** Account events contain a WABA ID instead of a phone number ID. */
  const accountChanged = async (event: WebhookEvent, scope: Scope): Promise<void> => {
    if (event.wabaId === undefined) return;
    const atMs = event.occurredAt?.getTime() ?? clock.now();
    const isEnd = event.type === 'account.disconnected';
    const change: HeartbeatEvent = isEnd ? { type: 'ended', atMs } : { type: 'sign', kind: 'reconnected', atMs };
    const concerned = await numbers.ofWaba(event.wabaId, isEnd ? event.phoneNumber : undefined);
    for (const { phoneNumberId } of concerned) await heartbeats.apply(scope, phoneNumberId, change);
  };

  return {
    schedule: heartbeats,
    module: {
      probe: async (phoneNumberId) => viewOf(phoneNumberId, await probe(phoneNumberId)),
      get: async (phoneNumberId) => {
        const record = await run((scope) => heartbeats.read(scope, phoneNumberId));
        return record && viewOf(phoneNumberId, record);
      },
      recordAppOpened: async ({ phoneNumberId, at }) => {
        const atMs = at?.getTime() ?? clock.now();
        return viewOf(phoneNumberId, await apply(phoneNumberId, { type: 'sign', kind: 'app-opened', atMs }));
      },
    },
    observe: async (event, scope) => {
      if (event.type === 'account.disconnected' || event.type === 'account.reconnected') return accountChanged(event, scope);
      const { type, phoneNumberId, occurredAt } = event;
      const kind = signOf.get(type);
      if (kind === undefined || phoneNumberId === undefined) return;
      await heartbeats.apply(scope, phoneNumberId, { type: 'sign', kind, atMs: occurredAt?.getTime() ?? clock.now() });
    },
  };
}
