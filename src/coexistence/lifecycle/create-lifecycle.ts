import { NumberDisconnectedError } from '../../errors/coexistence-errors.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { clearDue, scheduled, unscheduled, type OnDue, type Scheduled } from '../schedule.js';
import { numberKey } from '../../runtime/keys.js';
import { readRecord, updateRecord } from '../../stores/records.js';
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
import type { Lifecycle, LifecycleChanged, LifecycleModule, TokenExpiring } from './lifecycle.js';

/** The IDs of a number. */
export interface LifecycleNumber {
  readonly phoneNumberId: string;
  readonly wabaId: string;
}

/** Dependencies of {@link createLifecycle}. */
export interface LifecycleDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: CoexistencePolicy;
  /** Returns the numbers that an account event concerns: all numbers of the WABA, or the one in the event. */
  readonly numbersOf: (wabaId: string, phoneNumber?: string) => Promise<readonly LifecycleNumber[]>;
  /** Asks Meta whether a number is on the app and the API. Returns `undefined` if the request fails. */
  readonly isLinked: (number: LifecycleNumber) => Promise<boolean | undefined>;
  readonly emitChanged: (change: LifecycleChanged) => Promise<void>;
  readonly emitToken: (stage: TokenStage, token: TokenExpiring) => Promise<void>;
}

/** The lifecycle module with its event and schedule handlers. */
export interface LifecycleService {
  readonly module: LifecycleModule;
  readonly record: (number: LifecycleNumber, ...facts: readonly LifecycleFact[]) => Promise<void>;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  readonly onDue: OnDue;
}

type LifecycleRecord = LifecycleState &
  Scheduled & {
    readonly wabaId: string;
    /** The last emitted status with its start. */
    readonly told?: { readonly status: LifecycleStatus; readonly sinceMs: number };
    /** The last emitted stage with the expiry of its token. */
    readonly toldToken?: { readonly stage: TokenStage; readonly expiresAtMs: number | 'never' };
  };

/** The module's name in the schedule. */
export const lifecycleKind = 'lifecycle';
/** Delay after which a sweep emits the pending events again. */
const retryEmitAfterMs = 60_000;
/** Delay of a send before the guard checks the lifecycle again. */
const holdMs = 15_000;

/**
 * Creates the lifecycle module. It stores the state of each number.
 *
 * @param deps - The store, the clock, the logger, the policy, the lookups and the event callbacks.
 */
export function createLifecycle(deps: LifecycleDeps): LifecycleService {
  const { store, clock, logger, policy } = deps;
  const { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays } = policy.limits;
  const rules = { reconnectTimeoutHours, tokenLifetimeDays, tokenReminderDays };
  const keyOf = (phoneNumberId: string): string => numberKey(phoneNumberId, lifecycleKind);

  /** Schedules the next check of a record. The check is soon if an event is pending. */
  const planned = (phoneNumberId: string, record: LifecycleRecord, nowMs: number): ReturnType<typeof scheduled<LifecycleRecord>> => {
    const reading = readLifecycle(record, rules);
    const nextMs = reading && nextLifecycleCheck(reading, nowMs, rules);
    const retryEmitAtMs = reading && isPending(record, reading, tokenStage(reading, nowMs, rules)) ? nowMs + retryEmitAfterMs : undefined;
    const times = [nextMs, retryEmitAtMs].filter((atMs) => atMs !== undefined);
    return scheduled(record, lifecycleKind, phoneNumberId, times.length === 0 ? undefined : Math.min(...times));
  };
  const apply = ({ phoneNumberId, wabaId }: LifecycleNumber, facts: readonly LifecycleFact[]): Promise<void> =>
    updateRecord<LifecycleRecord, undefined>(store, keyOf(phoneNumberId), (known) => {
      const record = known ?? { wabaId };
      const changed = { ...record, ...facts.reduce<LifecycleState>(lifecycleChange, record), wabaId };
      if (known && JSON.stringify(changed) === JSON.stringify(known)) return { result: undefined };
      return { ...planned(phoneNumberId, changed, clock.now()), result: undefined };
    });

  /** Emits the pending events and records them. @throws the listener's error. Then the event stays pending. */
  const emitPending = async (phoneNumberId: string, nowMs: number): Promise<void> => {
    const record = await readRecord<LifecycleRecord>(store, keyOf(phoneNumberId));
    const reading = record && readLifecycle(record, rules);
    if (!reading) return;
    const stage = tokenStage(reading, nowMs, rules);
    const view = viewOf(phoneNumberId, record, reading);
    if (isStatusPending(record, reading)) {
      await deps.emitChanged({ ...view, ...(record.told && { previous: record.told.status }) });
    }
    if (stage && isTokenPending(record, reading, stage) && view.tokenExpiresAt !== 'never') {
      await deps.emitToken(stage, {
        phoneNumberId,
        wabaId: view.wabaId,
        expiresAt: view.tokenExpiresAt,
        isAssumed: view.tokenExpiryIsAssumed,
      });
    }
    if (!isPending(record, reading, stage)) return;
    await updateRecord<LifecycleRecord, undefined>(store, keyOf(phoneNumberId), (known) => {
      if (!known) return { result: undefined };
      const { status, sinceMs, token } = reading;
      const { state, also } = unscheduled(known, lifecycleKind, phoneNumberId);
      const next = { ...state, told: { status, sinceMs }, ...(stage && { toldToken: { stage, expiresAtMs: token.expiresAtMs } }) };
      const plan = planned(phoneNumberId, next, nowMs);
      return { state: plan.state, also: [...also, ...plan.also], result: undefined };
    });
  };

  /**
   * Ends a number that didn't reconnect in time. An offboarding event contains only the WABA. If the WABA has several
   * numbers, this function asks Meta which of them is disconnected. A number that is still on both was never
   * offboarded.
   */
  const giveUp = async (phoneNumberId: string, record: LifecycleRecord, nowMs: number): Promise<void> => {
    const reading = readLifecycle(record, rules);
    if (reading?.status !== 'offboarded' || nowMs < reading.reconnectByMs) return;
    const number = { phoneNumberId, wabaId: record.wabaId };
    const isAlone = (await deps.numbersOf(record.wabaId)).length <= 1;
    const stands = !isAlone && (await deps.isLinked(number)) === true;
    await apply(number, [stands ? { type: 'reconnected', atMs: nowMs } : { type: 'timed-out', offboardedAtMs: reading.sinceMs }]);
  };

  const module: LifecycleModule = {
    get: async (phoneNumberId) => {
      const record = await readRecord<LifecycleRecord>(store, keyOf(phoneNumberId));
      const reading = record && readLifecycle(record, rules);
      return reading && viewOf(phoneNumberId, record, reading);
    },
    recordToken: async ({ phoneNumberId, expiresAt }) => {
      const record = await readRecord<LifecycleRecord>(store, keyOf(phoneNumberId));
      if (!record) return;
      const expiresAtMs = expiresAt === 'never' ? expiresAt : expiresAt.getTime();
      await apply({ phoneNumberId, wabaId: record.wabaId }, [{ type: 'token', expiresAtMs, atMs: clock.now() }]);
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
    record: async (number, ...facts) => {
      await apply(number, facts);
      await emitPending(number.phoneNumberId, clock.now()).catch((error: unknown) => {
        logger.warn('a listener of a lifecycle failed; a sweep will tell it again', { phoneNumberId: number.phoneNumberId, error });
      });
    },
    observe: async (event) => {
      const fact = factOf(event, clock.now());
      if (!fact || event.wabaId === undefined) return;
      const numbers = await deps.numbersOf(event.wabaId, event.type === 'account.disconnected' ? event.phoneNumber : undefined);
      for (const number of numbers) {
        await apply(number, [fact]);
        await emitPending(number.phoneNumberId, clock.now());
      }
    },
    onDue: async ({ subject: phoneNumberId, dueAtMs }, nowMs) => {
      const record = await readRecord<LifecycleRecord>(store, keyOf(phoneNumberId));
      if (record?.wakeAtMs !== dueAtMs) return;
      await giveUp(phoneNumberId, record, nowMs);
      await emitPending(phoneNumberId, nowMs);
      await updateRecord<LifecycleRecord, undefined>(store, keyOf(phoneNumberId), (known) =>
        known?.wakeAtMs === dueAtMs ? { ...planned(phoneNumberId, clearDue(known), nowMs), result: undefined } : { result: undefined },
      );
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

function isPending(record: LifecycleRecord, reading: LifecycleReading, stage: TokenStage | undefined): boolean {
  return isStatusPending(record, reading) || (stage !== undefined && isTokenPending(record, reading, stage));
}

function isStatusPending({ told }: LifecycleRecord, { status, sinceMs }: LifecycleReading): boolean {
  return told?.status !== status || told.sinceMs !== sinceMs;
}

function isTokenPending({ toldToken }: LifecycleRecord, { token }: LifecycleReading, stage: TokenStage): boolean {
  return toldToken?.stage !== stage || toldToken.expiresAtMs !== token.expiresAtMs;
}

function viewOf(phoneNumberId: string, { wabaId }: LifecycleRecord, reading: LifecycleReading): Lifecycle {
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
