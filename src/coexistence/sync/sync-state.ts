import { syncDeadlineMs } from '../sync-window.js';

/** The data to request, once per onboarding. */
export type SyncType = 'contacts' | 'history';

/**
 * The status of a request. `requesting`: the request is in flight, or its process ended. `unknown`: the request was
 * sent, but its result is unknown. `rejected`: Meta rejected the request.
 */
export type SyncStatus = 'requesting' | 'requested' | 'unknown' | 'rejected';

/** The reason of a rejected or unknown request. */
export type SyncFailure = { readonly kind: string; readonly code?: number; readonly message: string };

/** The state of a request, as JSON. */
export type SyncState = {
  readonly syncType: SyncType;
  readonly status: SyncStatus;
  /** Time of the record, right before the request. */
  readonly recordedAtMs: number;
  readonly settledAtMs?: number;
  /** Meta's ID of the request, for support tickets. */
  readonly requestId?: string;
  readonly failure?: SyncFailure;
  /** Number of forced repetitions. */
  readonly insisted?: number;
};

/** The rules of a request. */
export interface SyncRules {
  /** Time of the onboarding. */
  readonly onboardedAtMs: number;
  /** Hours after the onboarding in which Meta accepts the request. */
  readonly syncWindowHours: number;
  /** Milliseconds after which a `requesting` request counts as `unknown`. */
  readonly staleAfterMs: number;
}

/** The decision about a request. */
export type SyncDecision =
  /** Store `state`, and make the call only if that succeeds. */
  | { readonly decision: 'request'; readonly state: SyncState }
  /** The data was requested before. `state` contains the result. */
  | { readonly decision: 'requested'; readonly state: SyncState }
  | { readonly decision: 'too-late'; readonly deadlineAtMs: number };

/**
 * The result of a request. `ambiguous`: the request may have been sent, but its result is unknown. `arrived`: the
 * requested data has arrived.
 */
export type SyncResponse =
  | { readonly type: 'accepted'; readonly requestId?: string }
  | { readonly type: 'rejected'; readonly failure: SyncFailure }
  | { readonly type: 'ambiguous'; readonly failure: SyncFailure }
  | { readonly type: 'arrived' };

/**
 * Decides whether to make a one-time request. A recorded request is never repeated because Meta counts it even if the
 * response was lost. Only `force` repeats it. This function is pure.
 *
 * Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @param state - The stored state, or `undefined` before the first request.
 * @param syncType - The data to request.
 * @param nowMs - The current time.
 * @param rules - The time limits.
 * @param force - Repeats a request that isn't in flight.
 * @returns the decision. Pass the result of the call to {@link settleSync}.
 *
 * @example
 * ```ts
 * import { decideSync } from 'wa-coexist/coexistence';
 *
 * const rules = { onboardedAtMs: 0, syncWindowHours: 24, staleAfterMs: 60_000 };
 * decideSync(undefined, 'history', 3_600_000, rules).decision; // 'request'
 * decideSync(undefined, 'history', 90_000_000, rules).decision; // 'too-late'
 * ```
 */
export function decideSync(state: SyncState | undefined, syncType: SyncType, nowMs: number, rules: SyncRules, force = false): SyncDecision {
  const standing = state && settledByTime(state, nowMs, rules.staleAfterMs);
  if (standing && !(force && standing.status !== 'requesting')) return { decision: 'requested', state: standing };
  const deadlineAtMs = syncDeadlineMs(rules.onboardedAtMs, rules);
  if (nowMs > deadlineAtMs) return { decision: 'too-late', deadlineAtMs };
  const insisted = standing && { insisted: (standing.insisted ?? 0) + 1 };
  return { decision: 'request', state: { syncType, status: 'requesting', recordedAtMs: nowMs, ...insisted } };
}

/**
 * Applies the result of a call to its state. A more certain result wins in any order. For example, a late acceptance
 * settles an unknown request. This function is pure.
 *
 * @param state - The state from {@link decideSync}.
 * @param answer - The result of the call. See {@link toSyncResponse} for errors.
 * @param nowMs - The current time.
 *
 * @example
 * ```ts
 * import { settleSync } from 'wa-coexist/coexistence';
 *
 * const state = { syncType: 'history', status: 'requesting', recordedAtMs: 0 } as const;
 * settleSync(state, { type: 'accepted', requestId: '1' }, 1_000).status; // 'requested'
 * ```
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
    case 'rejected':
      return isOpen ? { ...rest, status: 'rejected', settledAtMs: nowMs, failure: answer.failure } : state;
    case 'ambiguous':
      return state.status === 'requesting' ? { ...rest, status: 'unknown', settledAtMs: nowMs, failure: answer.failure } : state;
  }
}

/**
 * Returns the state at a given time. A request whose process ended becomes `unknown`.
 *
 * @param state - The state of the request.
 * @param nowMs - The time.
 * @param staleAfterMs - Milliseconds after which a request counts as interrupted.
 */
export function settledByTime(state: SyncState, nowMs: number, staleAfterMs: number): SyncState {
  if (state.status !== 'requesting' || nowMs - state.recordedAtMs < staleAfterMs) return state;
  return settleSync(
    state,
    {
      type: 'ambiguous',
      failure: { kind: 'interrupted', message: 'The process that made the request ended before it received a response.' },
    },
    nowMs,
  );
}
