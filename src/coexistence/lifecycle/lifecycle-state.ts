/**
 * Where a number stands.
 *
 * - `onboarding`: its signup is finished, and steps are left; `re-onboarding`: the same for a number that had been onboarded before.
 * - `live`: it is onboarded. Nothing has told since that the link is gone, which is not to say that it is alive.
 * - `offboarded`: it moved to another device, and Cloud API is suspended until it reconnects, usually for minutes.
 * - `reconnected`: it is back after that. Companions have to be linked again.
 * - `disconnected`: the link is gone for good; only another signup brings it back.
 */
export type LifecycleStatus = 'onboarding' | 're-onboarding' | 'live' | 'offboarded' | 'reconnected' | 'disconnected';

/** The end of a link, as Meta told it. */
export type Disconnection = {
  readonly atMs: number;
  /** Meta's reason, as `PRIMARY_INACTIVITY`. */
  readonly reason?: string;
  /** `USER` or `SYSTEM`. */
  readonly initiatedBy?: string;
};

/** When a token ends, and when that was learned. */
export type TokenExpiry = { readonly expiresAtMs: number | 'never'; readonly learnedAtMs: number };

/**
 * Everything that is kept of a lifecycle: JSON. Of each kind of fact the latest by Meta's time, and nothing else; where the number stands is
 * read from them ({@link readLifecycle}). So facts may come late, doubled and in any order.
 */
export type LifecycleState = {
  /** When the latest signup was finished, and which onboarding it began. */
  readonly signup?: { readonly atMs: number; readonly onboardingId: string };
  /** When the first known one was. */
  readonly firstSignupAtMs?: number;
  /** The signup (its time) whose onboarding was last completed, and when that was. */
  readonly completed?: { readonly signupAtMs: number; readonly atMs: number };
  readonly offboardedAtMs?: number;
  readonly reconnectedAtMs?: number;
  readonly disconnected?: Disconnection;
  /** A re-registration ends the link, unless Meta reconnects it afterwards. */
  readonly reregistered?: Disconnection;
  /** The offboarding (its time) that was waited for in vain. */
  readonly timedOutAtMs?: number;
  readonly token?: TokenExpiry;
};

/** A fact about a number, with the time at which Meta (or the caller) says that it happened. */
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
  /** Days that a token lives whose end nobody told. */
  readonly tokenLifetimeDays: number;
  /** Days before the end of a token at which it is told. */
  readonly tokenReminderDays: number;
}

/** A lifecycle as it stands, discriminated by `status`. */
export type LifecycleReading = {
  /** When the status began, by Meta's time. */
  readonly sinceMs: number;
  /** The latest onboarding. */
  readonly onboardingId: string;
  /** `isAssumed`: nobody told, so it is taken for the usual time. */
  readonly token: { readonly expiresAtMs: number | 'never'; readonly isAssumed: boolean };
} & (
  | { readonly status: Exclude<LifecycleStatus, 'offboarded' | 'disconnected'> }
  /** Until `reconnectByMs` a reconnection is waited for. */
  | { readonly status: 'offboarded'; readonly reconnectByMs: number }
  | { readonly status: 'disconnected'; readonly decidedBy: 'meta' | 'time-out'; readonly reason?: string; readonly initiatedBy?: string }
);

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * The core of the lifecycle: the state with one more fact. The order of facts does not matter, nor does a fact that comes twice.
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
      // Of one signup the first time of its completion stands: a later copy says nothing new.
      const isNews = !known || signupAtMs > known.signupAtMs || (signupAtMs === known.signupAtMs && atMs < known.atMs);
      return isNews ? { ...state, completed: { signupAtMs, atMs } } : state;
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
 * Where a number stands by what is known of it; `undefined` as long as no signup is. Facts of before the latest signup are of an earlier link
 * and count no more. At one and the same second a reconnection comes after its offboarding, and an end after both.
 *
 * Source: Meta, Reconnect offboarded coexistence clients (21 May 2026) and account_update (11 Sep 2026).
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

/** What is told of a token: that it ends soon, and that it has ended. Nothing for a number that is disconnected, as its token is worth nothing. */
export type TokenStage = 'expiring' | 'expired';

/** How near the end of a token is. */
export function tokenStage({ status, token }: LifecycleReading, nowMs: number, rules: LifecycleRules): TokenStage | undefined {
  const { expiresAtMs } = token;
  if (status === 'disconnected' || expiresAtMs === 'never') return undefined;
  if (nowMs >= expiresAtMs) return 'expired';
  return nowMs >= expiresAtMs - rules.tokenReminderDays * dayMs ? 'expiring' : undefined;
}

/** When a lifecycle is to be looked at next, if nothing happens before: the end of waiting, the reminder of the token, its end. */
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

/** The later of two ends; of two at once the one that says why, so that copies in two shapes of Meta's make one. */
function later(known: Disconnection | undefined, other: Disconnection): Disconnection {
  if (!known || other.atMs !== known.atMs) return !known || other.atMs > known.atMs ? other : known;
  const weight = ({ reason = '', initiatedBy = '' }: Disconnection): string => `${reason}/${initiatedBy}`;
  return weight(other) > weight(known) ? other : known;
}

function orderOf(expiresAtMs: number | 'never'): number {
  return expiresAtMs === 'never' ? Number.POSITIVE_INFINITY : expiresAtMs;
}
