import { NumberDisconnectedError } from '../../errors/coexistence-errors.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule } from '../module.js';
import type { Scope } from '../unit-of-work.js';
import {
  lifecycleChange,
  nextLifecycleCheck,
  readLifecycle,
  tokenStage,
  type LifecycleFact,
  type LifecycleReading,
  type LifecycleState,
  type LifecycleStatus,
  type TokenStage,
} from './lifecycle-state.js';
import type { Lifecycle, LifecycleModule } from './lifecycle-module.js';

/** Dependencies of {@link createLifecycle}. */
export interface LifecycleDeps extends ModuleContext {
  /** Asks Meta whether a number is on the app and the API. */
  readonly isLinked: (phoneNumberId: string) => Promise<boolean>;
}

type NumberState = LifecycleState & {
  readonly wabaId: string;
  /** The last emitted status with its start. */
  readonly told?: { readonly status: LifecycleStatus; readonly sinceMs: number };
  /** The last emitted stage with the expiry of its token. */
  readonly toldToken?: { readonly stage: TokenStage; readonly expiresAtMs: number | 'never' };
};

/** Facts about a number. Without facts, only time has passed. */
type NumberFacts = { readonly wabaId?: string; readonly facts: readonly LifecycleFact[] };

/** An event to emit. */
type LifecycleNews =
  | { readonly type: 'status'; readonly reading: LifecycleReading; readonly previous?: LifecycleStatus }
  | { readonly type: 'token'; readonly stage: TokenStage; readonly expiresAtMs: number; readonly isAssumed: boolean };

/** Delay of a send before the guard checks the lifecycle again. */
const holdMs = 15_000;

/**
 * Creates the lifecycle module. It stores the state of each number.
 *
 * @param deps - What all modules share, and the probe.
 */
export function createLifecycle(deps: LifecycleDeps): ModuleService<LifecycleModule> {
  const { clock, logger, policy, run, events, numbers, signals } = deps;
  const { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays } = policy.limits;
  const rules = { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays };

  /** Finds the events to emit, and marks them as emitted. */
  const withNews = (state: NumberState, nowMs: number): { readonly state: NumberState; readonly facts: readonly LifecycleNews[] } => {
    const reading = readLifecycle(state, rules);
    if (!reading) return { state, facts: [] };
    const stage = tokenStage(reading, nowMs, rules);
    const { status, sinceMs, token } = reading;
    const isStatus = isStatusPending(state, reading);
    const isToken = stage !== undefined && isTokenPending(state, reading, stage);
    return {
      state: {
        ...state,
        ...(isStatus && { told: { status, sinceMs } }),
        ...(isToken && { toldToken: { stage, expiresAtMs: token.expiresAtMs } }),
      },
      facts: [
        ...(isStatus ? [{ type: 'status', reading, ...(state.told && { previous: state.told.status }) } as const] : []),
        ...(isToken && token.expiresAtMs !== 'never'
          ? [{ type: 'token', stage, expiresAtMs: token.expiresAtMs, isAssumed: token.isAssumed } as const]
          : []),
      ],
    };
  };
  const lifecycles = createModule<NumberState, NumberFacts, LifecycleNews>(
    {
      kind: 'lifecycle',
      reduce: (state, { wabaId = state?.wabaId, facts }, nowMs) =>
        wabaId === undefined
          ? undefined
          : withNews({ ...state, ...facts.reduce<LifecycleState>(lifecycleChange, state ?? {}), wabaId }, nowMs),
      timeEvent: { facts: [] },
      nextCheckAt: (state, nowMs) => {
        const reading = readLifecycle(state, rules);
        return reading && nextLifecycleCheck(reading, nowMs, rules);
      },
      hasListeners: (news) => events.hasListeners(news.type === 'status' ? 'lifecycle.changed' : `token.${news.stage}`),
      emit: (news, phoneNumberId, { wabaId }) => {
        if (news.type === 'token') {
          const { stage, expiresAtMs, isAssumed } = news;
          return events.emit(`token.${stage}`, { phoneNumberId, wabaId, expiresAt: new Date(expiresAtMs), isAssumed });
        }
        const { reading, previous } = news;
        return events.emit('lifecycle.changed', { ...viewOf(phoneNumberId, wabaId, reading), ...(previous && { previous }) });
      },
    },
    run,
    clock,
  );

  signals.on(
    'number.confirmed',
    async ({ phoneNumberId, wabaId, onboardingId, onboardedAtMs: atMs, tokenExpiresAtMs: expiresAtMs }, scope) => {
      const token = expiresAtMs === undefined ? [] : [{ type: 'token', expiresAtMs, atMs } as const];
      await lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [{ type: 'signed-up', atMs, onboardingId }, ...token] });
    },
  );
  signals.on('number.imported', async (number, scope) => {
    const { phoneNumberId, wabaId, onboardingId, onboardedAtMs: atMs, tokenExpiresAtMs: expiresAtMs, isDone } = number;
    const token = expiresAtMs === undefined ? [] : [{ type: 'token', expiresAtMs, atMs } as const];
    // Emit the final status directly: this number was never onboarded here.
    const completed = isDone ? [{ type: 'completed', signupAtMs: atMs, atMs } as const] : [];
    await lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [{ type: 'signed-up', atMs, onboardingId }, ...token, ...completed] });
  });
  signals.on('token.checked', async ({ phoneNumberId, wabaId, tokenExpiresAtMs: expiresAtMs }, scope) => {
    await lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [{ type: 'token', expiresAtMs, atMs: clock.now() }] });
  });
  signals.on('onboarding.completed', async ({ phoneNumberId, wabaId, startedAtMs: signupAtMs }, scope) => {
    await lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [{ type: 'completed', signupAtMs, atMs: clock.now() }] });
  });

  /**
   * Ends a number that didn't reconnect in time. An offboarding event contains only the WABA. If the WABA has several
   * numbers, this function asks Meta which of them is disconnected. A number that is still on both was never
   * offboarded.
   */
  const giveUp = async (phoneNumberId: string, nowMs: number): Promise<void> => {
    const state = await run((scope) => lifecycles.read(scope, phoneNumberId));
    const reading = state && readLifecycle(state, rules);
    if (!state || reading?.status !== 'offboarded' || nowMs < reading.reconnectByMs) return;
    const isAlone = (await numbers.ofWaba(state.wabaId)).length <= 1;
    const isStanding = !isAlone && (await deps.isLinked(phoneNumberId).catch(() => false));
    const fact: LifecycleFact = isStanding ? { type: 'reconnected', atMs: nowMs } : { type: 'timed-out', offboardedAtMs: reading.sinceMs };
    await run((scope) => lifecycles.apply(scope, phoneNumberId, { facts: [fact] }));
  };
  const observe = async (event: WebhookEvent, scope: Scope): Promise<void> => {
    const fact = factOf(event, clock.now());
    if (!fact || event.wabaId === undefined) return;
    const concerned = await numbers.ofWaba(event.wabaId, event.type === 'account.disconnected' ? event.phoneNumber : undefined);
    for (const { phoneNumberId, wabaId } of concerned) await lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [fact] });
  };

  const module: LifecycleModule = {
    get: async (phoneNumberId) => {
      const state = await run((scope) => lifecycles.read(scope, phoneNumberId));
      const reading = state && readLifecycle(state, rules);
      return reading && viewOf(phoneNumberId, state.wabaId, reading);
    },
    recordToken: async ({ phoneNumberId, expiresAt }) => {
      const expiresAtMs = expiresAt === 'never' ? expiresAt : expiresAt.getTime();
      await run(
        (scope) => lifecycles.apply(scope, phoneNumberId, { facts: [{ type: 'token', expiresAtMs, atMs: clock.now() }] }),
        (error) => {
          logger.warn('lifecycle.listener_failed', { phoneNumberId, consequence: 'a sweep emits the event again', error });
        },
      );
    },
    guard: async (_message, { phoneNumberId }) => {
      const lifecycle = await module.get(phoneNumberId);
      if (lifecycle?.status === 'disconnected') {
        return { verdict: 'refuse', error: new NumberDisconnectedError(phoneNumberId, lifecycle.since, lifecycle.reason) };
      }
      if (lifecycle?.status !== 'offboarded') return { verdict: 'pass' };
      return { verdict: 'hold', reason: 'the number is moving to another device', until: new Date(clock.now() + holdMs) };
    },
  };
  return {
    module,
    observe,
    schedule: {
      kind: lifecycles.kind,
      onDue: async (item, nowMs) => {
        await giveUp(item.subject, nowMs);
        await lifecycles.onDue(item, nowMs);
      },
    },
  };
}

/** Reads the fact from an account event. */
function factOf(event: WebhookEvent, nowMs: number): LifecycleFact | undefined {
  const atMs = event.occurredAt?.getTime() ?? nowMs;
  if (event.type === 'account.offboarded') return { type: 'offboarded', atMs };
  if (event.type === 'account.reconnected') return { type: 'reconnected', atMs };
  if (event.type !== 'account.disconnected') return undefined;
  const { reason, initiatedBy } = event;
  return { type: 'disconnected', atMs, ...(reason !== undefined && { reason }), ...(initiatedBy !== undefined && { initiatedBy }) };
}

function isStatusPending({ told }: NumberState, { status, sinceMs }: LifecycleReading): boolean {
  return told?.status !== status || told.sinceMs !== sinceMs;
}

function isTokenPending({ toldToken }: NumberState, { token }: LifecycleReading, stage: TokenStage): boolean {
  return toldToken?.stage !== stage || toldToken.expiresAtMs !== token.expiresAtMs;
}

function viewOf(phoneNumberId: string, wabaId: string, reading: LifecycleReading): Lifecycle {
  const { onboardingId, sinceMs, token } = reading;
  const base = {
    phoneNumberId,
    wabaId,
    onboardingId,
    since: new Date(sinceMs),
    tokenExpiresAt: token.expiresAtMs === 'never' ? token.expiresAtMs : new Date(token.expiresAtMs),
    tokenExpiryIsAssumed: token.isAssumed,
  };
  switch (reading.status) {
    case 'offboarded':
      return { ...base, status: reading.status, reconnectBy: new Date(reading.reconnectByMs) };
    case 'disconnected': {
      const { status, decidedBy, reason, initiatedBy } = reading;
      return { ...base, status, decidedBy, ...(reason !== undefined && { reason }), ...(initiatedBy !== undefined && { initiatedBy }) };
    }
    default:
      return { ...base, status: reading.status };
  }
}
