/**
 * The status of a number.
 *
 * - `onboarding`: the signup is complete, but onboarding steps are left. `re-onboarding`: the same for a number that
 *   was onboarded before.
 * - `live`: the number is onboarded. No event has reported a disconnection, but this doesn't prove that the number is
 *   connected.
 * - `offboarded`: the number moved to another device. The Cloud API is suspended until it reconnects, usually for
 *   minutes.
 * - `reconnected`: the number reconnected after that. The business has to link its companion devices again.
 * - `disconnected`: the number is disconnected permanently. Only another signup connects it again.
 */
export type LifecycleStatus = 'onboarding' | 're-onboarding' | 'live' | 'offboarded' | 'reconnected' | 'disconnected';

/** A disconnection as Meta reported it. */
export type Disconnection = {
  readonly atMs: number;
  /** Meta's reason, for example `PRIMARY_INACTIVITY`. */
  readonly reason?: string;
  /** `USER` or `SYSTEM`. */
  readonly initiatedBy?: string;
};

/** The expiry of a token, and the time at which the library learned it. */
export type TokenExpiry = { readonly expiresAtMs: number | 'never'; readonly learnedAtMs: number };

/**
 * The state of a lifecycle, as JSON. It contains only the latest fact of each kind by Meta's time.
 * {@link readLifecycle} derives the status from it. So facts can arrive late, repeatedly and in any order.
 */
export type LifecycleState = {
  /** The latest signup and its onboarding. */
  readonly signup?: { readonly atMs: number; readonly onboardingId: string };
  /** Time of the first known signup. */
  readonly firstSignupAtMs?: number;
  /** The time of the signup whose onboarding was completed last, and the time of its completion. */
  readonly completed?: { readonly signupAtMs: number; readonly atMs: number };
  readonly offboardedAtMs?: number;
  readonly reconnectedAtMs?: number;
  readonly disconnected?: Disconnection;
  /** A re-registration disconnects a number, unless Meta reconnects it afterwards. */
  readonly reregistered?: Disconnection;
  /** The time of the offboarding whose reconnection timed out. */
  readonly timedOutAtMs?: number;
  readonly token?: TokenExpiry;
};

/** A fact about a number, with its time according to Meta or the caller. */
export type LifecycleFact =
  | { readonly type: 'signed-up'; readonly atMs: number; readonly onboardingId: string }
  | { readonly type: 'completed'; readonly signupAtMs: number; readonly atMs: number }
  | { readonly type: 'offboarded'; readonly atMs: number }
  | { readonly type: 'reconnected'; readonly atMs: number }
  | { readonly type: 'disconnected'; readonly atMs: number; readonly reason?: string; readonly initiatedBy?: string }
  | { readonly type: 'timed-out'; readonly offboardedAtMs: number }
  | { readonly type: 'token'; readonly expiresAtMs: number | 'never'; readonly atMs: number };

/** The rules of a lifecycle. */
export interface LifecycleRules {
  /** Hours to wait for a reconnection. */
  readonly reconnectTimeoutHours: number;
  /** Lifetime in days of a token with an unknown expiry. */
  readonly tokenLifetimeDays: number;
  /** Days before the expiry at which `token.expiring` is emitted. */
  readonly tokenReminderDays: number;
}

/** The lifecycle of a number, discriminated by `status`. */
export type LifecycleReading = {
  /** Meta's time of the start of the status. */
  readonly sinceMs: number;
  /** The latest onboarding. */
  readonly onboardingId: string;
  /** `isAssumed`: the expiry is unknown, so the usual lifetime is assumed. */
  readonly token: { readonly expiresAtMs: number | 'never'; readonly isAssumed: boolean };
} & (
  | { readonly status: Exclude<LifecycleStatus, 'offboarded' | 'disconnected'> }
  /** The reconnection times out at `reconnectByMs`. */
  | { readonly status: 'offboarded'; readonly reconnectByMs: number }
  | { readonly status: 'disconnected'; readonly decidedBy: 'meta' | 'time-out'; readonly reason?: string; readonly initiatedBy?: string }
);

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Adds a fact to the state of a lifecycle. Facts can arrive repeatedly and in any order. This function is pure. Read
 * the result with {@link readLifecycle}.
 *
 * @param state - The state. Start with an empty object.
 * @param fact - The fact.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, lifecycleChange, readLifecycle, type LifecycleState } from 'wa-coexist/coexistence';
 *
 * let state: LifecycleState = {};
 * state = lifecycleChange(state, { type: 'reconnected', atMs: 300 });
 * state = lifecycleChange(state, { type: 'offboarded', atMs: 200 });
 * state = lifecycleChange(state, { type: 'signed-up', atMs: 100, onboardingId: '1' });
 * readLifecycle(state, coexistencePolicy().limits)?.status; // 'reconnected'
 * ```
 */
export function lifecycleChange(state: LifecycleState, fact: LifecycleFact): LifecycleState {
  switch (fact.type) {
    case 'signed-up': {
      const { atMs, onboardingId } = fact;
      const isLater = !state.signup || atMs > state.signup.atMs || (atMs === state.signup.atMs && onboardingId > state.signup.onboardingId);
      return {
        ...state,
        ...(isLater && { signup: { atMs, onboardingId } }),
        firstSignupAtMs: Math.min(atMs, state.firstSignupAtMs ?? atMs),
      };
    }
    case 'completed': {
      const { signupAtMs, atMs } = fact;
      const known = state.completed;
      // The first completion of a signup wins. A later duplicate contains no new information.
      const addsInformation = !known || signupAtMs > known.signupAtMs || (signupAtMs === known.signupAtMs && atMs < known.atMs);
      return addsInformation ? { ...state, completed: { signupAtMs, atMs } } : state;
    }
    case 'offboarded':
      return { ...state, offboardedAtMs: latest(state.offboardedAtMs, fact.atMs) };
    case 'reconnected':
      return { ...state, reconnectedAtMs: latest(state.reconnectedAtMs, fact.atMs) };
    case 'timed-out':
      return { ...state, timedOutAtMs: latest(state.timedOutAtMs, fact.offboardedAtMs) };
    case 'disconnected': {
      const { type: _type, ...disconnection } = fact;
      return fact.reason === 'USER_RE_REGISTERED'
        ? { ...state, reregistered: later(state.reregistered, disconnection) }
        : { ...state, disconnected: later(state.disconnected, disconnection) };
    }
    case 'token': {
      const { expiresAtMs, atMs: learnedAtMs } = fact;
      const isLater =
        !state.token ||
        learnedAtMs > state.token.learnedAtMs ||
        (learnedAtMs === state.token.learnedAtMs && orderOf(expiresAtMs) > orderOf(state.token.expiresAtMs));
      return isLater ? { ...state, token: { expiresAtMs, learnedAtMs } } : state;
    }
  }
}

/**
 * Derives the status of a number from its state. It ignores facts from before the latest signup because they belong to
 * an earlier connection. If events have the same timestamp, a reconnection wins over its offboarding, and a
 * disconnection wins over both.
 *
 * Source: Meta, Reconnect offboarded coexistence clients (21 May 2026) and account_update (11 Sep 2026).
 *
 * @param state - The state from {@link lifecycleChange}.
 * @param rules - The rules, for example `coexistencePolicy().limits`.
 * @returns the lifecycle, or `undefined` before the first signup
 *
 * @example
 * ```ts
 * import { coexistencePolicy, readLifecycle } from 'wa-coexist/coexistence';
 *
 * const state = { signup: { atMs: 0, onboardingId: '1' }, completed: { signupAtMs: 0, atMs: 1_000 } };
 * readLifecycle(state, coexistencePolicy().limits)?.status; // 'live'
 * ```
 */
export function readLifecycle(state: LifecycleState, rules: LifecycleRules): LifecycleReading | undefined {
  const { signup, completed } = state;
  if (!signup) return undefined;
  const known = state.token;
  const token = known
    ? { expiresAtMs: known.expiresAtMs, isAssumed: false }
    : { expiresAtMs: signup.atMs + rules.tokenLifetimeDays * dayMs, isAssumed: true };
  const base = { onboardingId: signup.onboardingId, token };
  const ofThisLink = (atMs: number | undefined): number | undefined => (atMs !== undefined && atMs >= signup.atMs ? atMs : undefined);
  const offboardedAtMs = ofThisLink(state.offboardedAtMs);
  const reconnectedAtMs = ofThisLink(state.reconnectedAtMs);
  const isBack = (atMs: number): boolean => reconnectedAtMs !== undefined && reconnectedAtMs >= atMs;

  const end = [state.disconnected, state.reregistered && !isBack(state.reregistered.atMs) ? state.reregistered : undefined]
    .filter((one): one is Disconnection => ofThisLink(one?.atMs) !== undefined)
    .reduce<Disconnection | undefined>(later, undefined);
  if (end) {
    const { atMs, ...why } = end;
    return { ...base, status: 'disconnected', sinceMs: atMs, decidedBy: 'meta', ...why };
  }
  if (offboardedAtMs !== undefined && !isBack(offboardedAtMs)) {
    const reconnectByMs = offboardedAtMs + rules.reconnectTimeoutHours * hourMs;
    if (state.timedOutAtMs === offboardedAtMs) return { ...base, status: 'disconnected', sinceMs: reconnectByMs, decidedBy: 'time-out' };
    return { ...base, status: 'offboarded', sinceMs: offboardedAtMs, reconnectByMs };
  }
  if (reconnectedAtMs !== undefined) return { ...base, status: 'reconnected', sinceMs: reconnectedAtMs };
  if (completed?.signupAtMs === signup.atMs) return { ...base, status: 'live', sinceMs: completed.atMs };
  const isAgain = state.firstSignupAtMs !== undefined && state.firstSignupAtMs < signup.atMs;
  return { ...base, status: isAgain ? 're-onboarding' : 'onboarding', sinceMs: signup.atMs };
}

/**
 * The stage of a token: it expires soon, or it has expired. A disconnected number has no stage because its token is
 * useless.
 */
export type TokenStage = 'expiring' | 'expired';

/**
 * Returns the stage of a token at a given time, or `undefined` if it doesn't expire soon.
 *
 * @param reading - The lifecycle from {@link readLifecycle}.
 * @param nowMs - The time.
 * @param rules - The rules.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, readLifecycle, tokenStage } from 'wa-coexist/coexistence';
 *
 * const rules = coexistencePolicy().limits;
 * const reading = readLifecycle({ signup: { atMs: 0, onboardingId: '1' } }, rules);
 * if (reading) console.log(tokenStage(reading, 54 * 86_400_000, rules)); // 'expiring'
 * ```
 */
export function tokenStage({ status, token }: LifecycleReading, nowMs: number, rules: LifecycleRules): TokenStage | undefined {
  const { expiresAtMs } = token;
  if (status === 'disconnected' || expiresAtMs === 'never') return undefined;
  if (nowMs >= expiresAtMs) return 'expired';
  return nowMs >= expiresAtMs - rules.tokenReminderDays * dayMs ? 'expiring' : undefined;
}

/**
 * Returns the time at which the lifecycle may change without an event: the timeout of a reconnection, the reminder of
 * the token, or its expiry.
 *
 * @param reading - The lifecycle from {@link readLifecycle}.
 * @param nowMs - The current time.
 * @param rules - The rules.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, nextLifecycleCheck, readLifecycle } from 'wa-coexist/coexistence';
 *
 * const rules = coexistencePolicy().limits;
 * const reading = readLifecycle({ signup: { atMs: 0, onboardingId: '1' } }, rules);
 * if (reading) console.log(nextLifecycleCheck(reading, 0, rules)); // 4_579_200_000
 * ```
 */
export function nextLifecycleCheck(reading: LifecycleReading, nowMs: number, rules: LifecycleRules): number | undefined {
  if (reading.status === 'disconnected') return undefined;
  const { expiresAtMs } = reading.token;
  const times = [
    ...(reading.status === 'offboarded' ? [Math.max(reading.reconnectByMs, nowMs)] : []),
    ...(expiresAtMs === 'never' ? [] : [expiresAtMs - rules.tokenReminderDays * dayMs, expiresAtMs].filter((atMs) => atMs > nowMs)),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

function latest(known: number | undefined, atMs: number): number {
  return Math.max(known ?? atMs, atMs);
}

/**
 * Returns the later disconnection. If both have the same time, it returns the one with a reason. So two forms of the
 * same event from Meta count once.
 */
function later(known: Disconnection | undefined, other: Disconnection): Disconnection {
  if (!known || other.atMs !== known.atMs) return !known || other.atMs > known.atMs ? other : known;
  const weight = ({ reason = '', initiatedBy = '' }: Disconnection): string => `${reason}/${initiatedBy}`;
  return weight(other) > weight(known) ? other : known;
}

function orderOf(expiresAtMs: number | 'never'): number {
  return expiresAtMs === 'never' ? Number.POSITIVE_INFINITY : expiresAtMs;
}
