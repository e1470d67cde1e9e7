import { checkOneOf } from '../../errors/check-options.js';
import { numberKey } from '../../runtime/keys.js';
import { updateRecord } from '../../stores/records.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { createModule, type Module, type ModuleRecord } from '../module.js';
import type { SignalBus } from '../signals.js';
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
  return new HeartbeatService(deps);
}

class HeartbeatService implements ModuleService<HeartbeatModule> {
  readonly module: HeartbeatModule;
  readonly schedule: Module<HeartbeatState, HeartbeatEvent, HeartbeatFact>;
  readonly #deps: HeartbeatDeps;
  readonly #rules: HeartbeatRules;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    const { clock, policy, run, events } = deps;
    const { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays } = policy.limits;
    checkOneOf('createCoexistence: heartbeat', 'proof', deps.options.proof, ['phone', 'app-or-companion']);
    const proof = deps.options.proof ?? 'phone';
    const rules: HeartbeatRules = { heartbeatDueDays, heartbeatUrgentDays, heartbeatOverdueDays, proof };
    this.#rules = rules;
    this.schedule = createModule<HeartbeatState, HeartbeatEvent, HeartbeatFact>(
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
        emit: (fact, phoneNumberId, state) => this.#emit(fact, phoneNumberId, state),
      },
      run,
      clock,
    );
    this.module = {
      probe: async (phoneNumberId) => this.#viewOf(phoneNumberId, await this.#probe(phoneNumberId)),
      get: async (phoneNumberId) => {
        const record = await run((scope) => this.schedule.read(scope, phoneNumberId));
        return record && this.#viewOf(phoneNumberId, record);
      },
      recordAppOpened: async ({ phoneNumberId, at }) => {
        const atMs = at?.getTime() ?? clock.now();
        return this.#viewOf(phoneNumberId, await this.#apply(phoneNumberId, { type: 'sign', kind: 'app-opened', atMs }));
      },
    };
    this.#listen(deps.signals);
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    if (event.type === 'account.disconnected' || event.type === 'account.reconnected') return this.#accountChanged(event, scope);
    const { type, phoneNumberId, occurredAt } = event;
    const kind = signOf.get(type);
    if (kind === undefined || phoneNumberId === undefined) return;
    const atMs = occurredAt?.getTime() ?? this.#deps.clock.now();
    await this.schedule.apply(scope, phoneNumberId, { type: 'sign', kind, atMs });
  }

  #listen(signals: SignalBus): void {
    signals.on('number.confirmed', async ({ phoneNumberId, onboardedAtMs: atMs }, scope) => {
      await this.schedule.apply(scope, phoneNumberId, { type: 'sign', kind: 'onboarding', atMs });
    });
    signals.on('number.imported', async ({ phoneNumberId, onboardedAtMs, appOpenedAtMs: atMs }, scope) => {
      const opened = atMs === undefined ? [] : [{ type: 'sign', kind: 'app-opened', atMs } as const];
      await this.schedule.apply(scope, phoneNumberId, { type: 'adopted', onboardedAtMs }, ...opened);
    });
  }

  async #emit({ stage, atMs }: HeartbeatFact, phoneNumberId: string, state: HeartbeatState): Promise<void> {
    // A stage that a proof has ended in the meantime isn't due anymore.
    if (state.endedAtMs !== undefined || readHeartbeat(state, atMs, this.#rules).stage !== stage) return;
    // If the probe fails, emit the reminder without it. It must not depend on Meta's availability.
    const probed = this.#deps.options.probe === false ? undefined : await this.#probe(phoneNumberId).catch(() => undefined);
    const heartbeat = this.#viewOf(phoneNumberId, { ...state, ...(probed?.probe && { probe: probed.probe }) }, atMs);
    await this.#deps.events.emit('heartbeat.due', heartbeat);
  }

  async #apply(phoneNumberId: string, event: HeartbeatEvent): Promise<HeartbeatState> {
    const state = await this.#deps.run((scope) => this.schedule.apply(scope, phoneNumberId, event));
    // Only the end of an unknown number creates no record.
    return state ?? { signs: {}, sinceMs: this.#deps.clock.now() };
  }

  async #probe(phoneNumberId: string): Promise<HeartbeatState> {
    const { clock, isLinked, run } = this.#deps;
    const linked = await isLinked(phoneNumberId);
    const event: HeartbeatEvent = { type: 'probed', atMs: clock.now(), linked };
    const key = numberKey(phoneNumberId, this.schedule.kind);
    // Don't emit pending facts here, because their emission probes.
    const state = await run(({ store }) =>
      updateRecord<HeartbeatRecord, HeartbeatState | undefined>(store, key, (found) => this.schedule.change(found, phoneNumberId, [event])),
    );
    return state ?? { signs: {}, sinceMs: event.atMs };
  }

  /** Account events contain a WABA ID instead of a phone number ID. */
  async #accountChanged(event: WebhookEvent, scope: Scope): Promise<void> {
    const { clock, numbers } = this.#deps;
    if (event.wabaId === undefined) return;
    const atMs = event.occurredAt?.getTime() ?? clock.now();
    const isEnd = event.type === 'account.disconnected';
    const change: HeartbeatEvent = isEnd ? { type: 'ended', atMs } : { type: 'sign', kind: 'reconnected', atMs };
    const concerned = await numbers.ofWaba(event.wabaId, isEnd ? event.phoneNumber : undefined);
    for (const { phoneNumberId } of concerned) await this.schedule.apply(scope, phoneNumberId, change);
  }

  #viewOf(phoneNumberId: string, state: HeartbeatState, nowMs: number = this.#deps.clock.now()): Heartbeat {
    const reading = readHeartbeat(state, nowMs, this.#rules);
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
  }
}
