/** What can be asked for, each once an onboarding. */
export type SyncType = 'contacts' | 'history';

/**
 * What became of a request. `requesting`: it is being made, or its process ended while it was; `unknown`: it left, and no answer tells
 * whether Meta took it; `refused`: Meta said no.
 */
export type SyncStatus = 'requesting' | 'requested' | 'unknown' | 'refused';

/** Why a request was refused or stayed unknown. */
export type SyncFailure = { readonly kind: string; readonly code?: number; readonly message: string };

/** What is kept of a request: JSON. */
export type SyncState = {
  readonly syncType: SyncType;
  readonly status: SyncStatus;
  /** When it was recorded, just before it was made. */
  readonly recordedAtMs: number;
  readonly settledAtMs?: number;
  /** Meta's id, for support tickets. */
  readonly requestId?: string;
  readonly failure?: SyncFailure;
  /** How often somebody insisted on asking again. */
  readonly insisted?: number;
};

/** The rules of a request. */
export interface SyncRules {
  /** When the business was onboarded. */
  readonly onboardedAtMs: number;
  /** Hours from there within which Meta takes the request. */
  readonly syncWindowHours: number;
  /** A request that is still `requesting` after this many milliseconds is taken for `unknown`. */
  readonly staleAfterMs: number;
}

/** What to do about a wish to ask. */
export type SyncDecision =
  /** Record `state`, and only if that succeeds make the call. */
  | { readonly decision: 'ask'; readonly state: SyncState }
  /** It was asked for before: `state` is what became of it. */
  | { readonly decision: 'asked'; readonly state: SyncState }
  | { readonly decision: 'too-late'; readonly deadlineAtMs: number };

/** How a call ended. `ambiguous`: it left, or may have, and nobody knows more; `arrived`: what was asked for came. */
export type SyncResponse =
  | { readonly type: 'accepted'; readonly requestId?: string }
  | { readonly type: 'refused'; readonly failure: SyncFailure }
  | { readonly type: 'ambiguous'; readonly failure: SyncFailure }
  | { readonly type: 'arrived' };

const hourMs = 3_600_000;

/**
 * The core of the once-only requests: whether to ask. Whatever was recorded is never asked for again, because Meta counts a request whose
 * answer was lost; only somebody who insists gets another. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @example
 * ```ts
 * import { decideSync } from 'wa-coexist/coexistence';
 *
 * const rules = { onboardedAtMs: 0, syncWindowHours: 24, staleAfterMs: 60_000 };
 * decideSync(undefined, 'history', 3_600_000, rules).decision; // 'ask'
 * decideSync(undefined, 'history', 90_000_000, rules).decision; // 'too-late'
 * ```
 */
export function decideSync(state: SyncState | undefined, syncType: SyncType, nowMs: number, rules: SyncRules, force = false): SyncDecision {
  const standing = state && settledByTime(state, nowMs, rules.staleAfterMs);
  if (standing && !(force && standing.status !== 'requesting')) return { decision: 'asked', state: standing };
  const deadlineAtMs = rules.onboardedAtMs + rules.syncWindowHours * hourMs;
  if (nowMs > deadlineAtMs) return { decision: 'too-late', deadlineAtMs };
  const insisted = standing && { insisted: (standing.insisted ?? 0) + 1 };
  return { decision: 'ask', state: { syncType, status: 'requesting', recordedAtMs: nowMs, ...insisted } };
}

/**
 * The state after a call has ended. An answer that says more stands against one that says less, whichever comes first: a late
 * acceptance settles what was taken for unknown.
 */
export function settleSync(state: SyncState, answer: SyncResponse, nowMs: number): SyncState {
  const { failure: _old, ...rest } = state;
  const isOpen = state.status === 'requesting' || state.status === 'unknown';
  switch (answer.type) {
    case 'accepted':
      return {
        ...rest,
        status: 'requested',
        settledAtMs: nowMs,
        ...(answer.requestId !== undefined && { requestId: answer.requestId }),
      };
    case 'arrived':
      return isOpen ? { ...rest, status: 'requested', settledAtMs: nowMs } : state;
    case 'refused':
      return isOpen ? { ...rest, status: 'refused', settledAtMs: nowMs, failure: answer.failure } : state;
    case 'ambiguous':
      return state.status === 'requesting' ? { ...rest, status: 'unknown', settledAtMs: nowMs, failure: answer.failure } : state;
  }
}

/** The state as it is to be read now: a request whose process ended while it was made stays without an answer. */
export function settledByTime(state: SyncState, nowMs: number, staleAfterMs: number): SyncState {
  if (state.status !== 'requesting' || nowMs - state.recordedAtMs < staleAfterMs) return state;
  return settleSync(
    state,
    { type: 'ambiguous', failure: { kind: 'interrupted', message: 'The process that asked ended before it had an answer.' } },
    nowMs,
  );
}
