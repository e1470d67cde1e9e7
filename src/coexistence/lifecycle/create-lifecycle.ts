import { NumberDisconnectedError } from '../../errors/coexistence-errors.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { GuardVerdict } from '../../sender/guard.js';
import type { EventPort, ModuleContext, ModuleService } from '../module-context.js';
import { createModule, type Module, type Reduction } from '../module.js';
import type { DueHandler } from '../schedule.js';
import type { SignalBus } from '../signals.js';
import type { Scope } from '../unit-of-work.js';
import {
  lifecycleChange,
  nextLifecycleCheck,
  readLifecycle,
  tokenStage,
  type LifecycleFact,
  type LifecycleReading,
  type LifecycleRules,
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
  return new LifecycleService(deps);
}

class LifecycleService implements ModuleService<LifecycleModule> {
  readonly module: LifecycleModule;
  readonly schedule: DueHandler;
  readonly #deps: LifecycleDeps;
  readonly #rules: LifecycleRules;
  readonly #lifecycles: Module<NumberState, NumberFacts, LifecycleNews>;

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
    const { clock, policy, run, events } = deps;
    const { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays } = policy.limits;
    const rules: LifecycleRules = { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays };
    this.#rules = rules;
    this.#lifecycles = createModule<NumberState, NumberFacts, LifecycleNews>(
      {
        kind: 'lifecycle',
        reduce: (state, { wabaId = state?.wabaId, facts }, nowMs) =>
          wabaId === undefined
            ? undefined
            : withNews({ ...state, ...facts.reduce<LifecycleState>(lifecycleChange, state ?? {}), wabaId }, nowMs, rules),
        timeEvent: { facts: [] },
        nextCheckAt: (state, nowMs) => {
          const reading = readLifecycle(state, rules);
          return reading && nextLifecycleCheck(reading, nowMs, rules);
        },
        hasListeners: (news) => events.hasListeners(news.type === 'status' ? 'lifecycle.changed' : `token.${news.stage}`),
        emit: (news, phoneNumberId, { wabaId }) => emitNews(events, news, phoneNumberId, wabaId),
      },
      run,
      clock,
    );
    this.schedule = {
      kind: this.#lifecycles.kind,
      onDue: async (item, nowMs) => {
        await this.#giveUp(item.subject, nowMs);
        await this.#lifecycles.onDue(item, nowMs);
      },
    };
    this.module = {
      get: (phoneNumberId) => this.#get(phoneNumberId),
      recordToken: (token) => this.#recordToken(token),
      guard: (_message, { phoneNumberId }) => this.#guard(phoneNumberId),
    };
    this.#listen(deps.signals);
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    const fact = factOf(event, this.#deps.clock.now());
    if (!fact || event.wabaId === undefined) return;
    const phoneNumber = event.type === 'account.disconnected' ? event.phoneNumber : undefined;
    const concerned = await this.#deps.numbers.ofWaba(event.wabaId, phoneNumber);
    for (const { phoneNumberId, wabaId } of concerned) await this.#lifecycles.apply(scope, phoneNumberId, { wabaId, facts: [fact] });
  }

  #listen(signals: SignalBus): void {
    const { clock } = this.#deps;
    const lifecycles = this.#lifecycles;
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
  }

  async #read(phoneNumberId: string): Promise<{ readonly wabaId: string; readonly reading: LifecycleReading } | undefined> {
    const state = await this.#deps.run((scope) => this.#lifecycles.read(scope, phoneNumberId));
    const reading = state && readLifecycle(state, this.#rules);
    return reading && { wabaId: state.wabaId, reading };
  }

  async #get(phoneNumberId: string): Promise<Lifecycle | undefined> {
    const known = await this.#read(phoneNumberId);
    return known && viewOf(phoneNumberId, known.wabaId, known.reading);
  }

  async #recordToken({ phoneNumberId, expiresAt }: Parameters<LifecycleModule['recordToken']>[0]): Promise<void> {
    const { clock, logger, run } = this.#deps;
    const expiresAtMs = expiresAt === 'never' ? expiresAt : expiresAt.getTime();
    await run(
      (scope) => this.#lifecycles.apply(scope, phoneNumberId, { facts: [{ type: 'token', expiresAtMs, atMs: clock.now() }] }),
      (error) => {
        logger.warn('lifecycle.listener_failed', { phoneNumberId, consequence: 'a sweep emits the event again', error });
      },
    );
  }

  async #guard(phoneNumberId: string): Promise<GuardVerdict> {
    const lifecycle = await this.#get(phoneNumberId);
    if (lifecycle?.status === 'disconnected') {
      return { verdict: 'reject', error: new NumberDisconnectedError(phoneNumberId, lifecycle.since, lifecycle.reason) };
    }
    if (lifecycle?.status !== 'offboarded') return { verdict: 'pass' };
    return { verdict: 'hold', reason: 'the number is moving to another device', until: new Date(this.#deps.clock.now() + holdMs) };
  }

  /**
   * Ends a number that didn't reconnect in time. An offboarding event contains only the WABA. If the WABA has several
   * numbers, this function asks Meta which of them is disconnected. A number that is still on both was never
   * offboarded.
   */
  async #giveUp(phoneNumberId: string, nowMs: number): Promise<void> {
    const { numbers, isLinked, run } = this.#deps;
    const known = await this.#read(phoneNumberId);
    if (known?.reading.status !== 'offboarded' || nowMs < known.reading.reconnectByMs) return;
    const isAlone = (await numbers.ofWaba(known.wabaId)).length <= 1;
    const isStanding = !isAlone && (await isLinked(phoneNumberId).catch(() => false));
    const fact: LifecycleFact = isStanding
      ? { type: 'reconnected', atMs: nowMs }
      : { type: 'timed-out', offboardedAtMs: known.reading.sinceMs };
    await run((scope) => this.#lifecycles.apply(scope, phoneNumberId, { facts: [fact] }));
  }
}

/** Finds the events to emit, and marks them as emitted. */
function withNews(state: NumberState, nowMs: number, rules: LifecycleRules): Reduction<NumberState, LifecycleNews> {
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
}

function emitNews(events: EventPort, news: LifecycleNews, phoneNumberId: string, wabaId: string): Promise<void> {
  if (news.type === 'token') {
    const { stage, expiresAtMs, isAssumed } = news;
    return events.emit(`token.${stage}`, { phoneNumberId, wabaId, expiresAt: new Date(expiresAtMs), isAssumed });
  }
  const { reading, previous } = news;
  return events.emit('lifecycle.changed', { ...viewOf(phoneNumberId, wabaId, reading), ...(previous && { previous }) });
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
