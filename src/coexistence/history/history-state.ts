import { holes, overlap, union, withNumber, type ProgressRanges } from './ranges.js';

/**
 * The status of a number's history. `idle`: not requested. `requested`: requested, without chunks. `receiving`: chunks
 * arrive. `complete`: Meta reported 100 %, no chunk is known to be missing, and no chunk has arrived for a while.
 * `declined`: the business doesn't share its history, or Meta couldn't deliver it. `stalled`: no chunk has arrived for
 * hours although the history is incomplete.
 */
export type HistoryStatus = 'idle' | 'requested' | 'receiving' | 'complete' | 'declined' | 'stalled';

/** The chunks of one phase: 0 = the day before onboarding, 1 = up to day 90, 2 = up to day 180. */
export type PhaseCount = {
  /** Absent for chunks without a phase. */
  readonly phase?: number;
  readonly chunks: number;
  readonly messages: number;
  /** The received `chunk_order` numbers. */
  readonly orders: ProgressRanges;
};

/** The state of a history, as JSON. Its size doesn't depend on the number of messages. */
export type HistoryState = {
  readonly status: HistoryStatus;
  /** The onboarding of the history. Absent if the number wasn't onboarded here. */
  readonly onboardingId?: string;
  readonly onboardedAtMs?: number;
  readonly requestedAtMs?: number;
  /** Time of the last new chunk or file. */
  readonly lastAtMs?: number;
  readonly settledAtMs?: number;
  /** The highest percentage that Meta reported. */
  readonly progress: number;
  readonly phases: readonly PhaseCount[];
  /** Redelivered chunks and files. */
  readonly duplicates: number;
  /** Files that were matched to their placeholders. */
  readonly mediaJoined: number;
  /** Received files, before or after their placeholders. */
  readonly mediaReceived: number;
  /** Placeholders whose files may still arrive. */
  readonly mediaExpected: number;
  /** Placeholders whose files are too old to arrive. */
  readonly mediaNever: number;
  readonly failure?: { readonly code: number; readonly message: string };
};

/** An event of a history. */
export type HistoryEvent =
  | { readonly type: 'begun'; readonly onboardingId: string; readonly onboardedAtMs: number }
  | { readonly type: 'requested' }
  | { readonly type: 'not-requested' }
  | {
      readonly type: 'chunk';
      readonly phase?: number;
      readonly chunkOrder?: number;
      readonly progress?: number;
      readonly messages: number;
      /** The chunk's placeholders with a received file, with a pending file, and with a file that is too old. */
      readonly joined: number;
      readonly expected: number;
      readonly never: number;
    }
  | { readonly type: 'media'; readonly joined: boolean }
  | { readonly type: 'duplicate' }
  | { readonly type: 'declined'; readonly code: number; readonly message: string }
  | { readonly type: 'time' };

/** A change to emit to listeners. */
export type HistoryFact = 'complete' | 'declined' | 'stalled';

/** The time limits of a history. */
export interface HistoryRules {
  /** Milliseconds without new data after which 100 % counts as complete. */
  readonly quietMs: number;
  /** Milliseconds without new data after which the history counts as stalled. */
  readonly stalledAfterMs: number;
}

/** A range of missing chunks, in one phase or in the whole history. */
export interface HistoryGap {
  readonly phase?: number;
  readonly from: number;
  readonly to: number;
}

/** The state of a history without events. Start with it in {@link historyChange}. */
export const emptyHistory: HistoryState = {
  status: 'idle',
  progress: 0,
  phases: [],
  duplicates: 0,
  mediaJoined: 0,
  mediaReceived: 0,
  mediaExpected: 0,
  mediaNever: 0,
};

/** Maximum number of phases. Further phases count as the last one. Meta documents three. */
const maxPhases = 16;

/**
 * Applies an event to the state of a history. This function is pure. You have to detect redelivered chunks and pass
 * them as `duplicate`.
 *
 * @param state - The state of the history, or {@link emptyHistory}.
 * @param event - The event.
 * @param nowMs - The current time.
 * @param rules - The time limits.
 * @returns the next state, and the changes to emit
 *
 * @example
 * ```ts
 * import { emptyHistory, historyChange } from 'wa-coexist/coexistence';
 *
 * const rules = { quietMs: 60_000, stalledAfterMs: 21_600_000 };
 * const counts = { messages: 12, joined: 0, expected: 0, never: 0 };
 * const chunk = { type: 'chunk', phase: 0, chunkOrder: 1, progress: 100, ...counts } as const;
 * const { state } = historyChange(emptyHistory, chunk, 0, rules);
 * historyChange(state, { type: 'time' }, 60_000, rules).facts; // ['complete']
 * ```
 */
export function historyChange(
  state: HistoryState,
  event: HistoryEvent,
  nowMs: number,
  rules: HistoryRules,
): { readonly state: HistoryState; readonly facts: readonly HistoryFact[] } {
  switch (event.type) {
    case 'begun': {
      if (state.onboardingId === event.onboardingId) return { state, facts: [] };
      const { onboardingId, onboardedAtMs } = event;
      return { state: { ...emptyHistory, onboardingId, onboardedAtMs }, facts: [] };
    }
    case 'requested':
      return { state: { ...state, requestedAtMs: nowMs, status: state.status === 'idle' ? 'requested' : state.status }, facts: [] };
    case 'not-requested':
      return { state: state.status === 'requested' ? { ...state, status: 'idle' } : state, facts: [] };
    case 'chunk':
      return { state: chunkCame(state, event, nowMs), facts: [] };
    case 'media':
      return { state: mediaCame(state, event.joined, nowMs), facts: [] };
    case 'duplicate':
      return { state: { ...state, duplicates: state.duplicates + 1 }, facts: [] };
    case 'declined': {
      const { code, message } = event;
      // Received chunks prove that the business shares its history.
      if (state.status === 'declined' || state.phases.length > 0) return { state, facts: [] };
      return { state: { ...state, status: 'declined', settledAtMs: nowMs, failure: { code, message } }, facts: ['declined'] };
    }
    case 'time':
      return timePassed(state, nowMs, rules);
  }
}

/**
 * Returns the time at which the state may change without an event, or `undefined` if it can't. Pass the `time` event to
 * {@link historyChange} then.
 *
 * @param state - The state from {@link historyChange}.
 * @param rules - The time limits.
 *
 * @example
 * ```ts
 * import { emptyHistory, historyChange, nextHistoryCheck } from 'wa-coexist/coexistence';
 *
 * const rules = { quietMs: 60_000, stalledAfterMs: 21_600_000 };
 * const { state } = historyChange(emptyHistory, { type: 'requested' }, 0, rules);
 * nextHistoryCheck(state, rules); // 21_600_000
 * ```
 */
export function nextHistoryCheck(state: HistoryState, rules: HistoryRules): number | undefined {
  if (state.status !== 'requested' && state.status !== 'receiving') return undefined;
  const sinceMs = state.lastAtMs ?? state.requestedAtMs;
  if (sinceMs === undefined) return undefined;
  return sinceMs + (isWhole(state) ? Math.min(rules.quietMs, rules.stalledAfterMs) : rules.stalledAfterMs);
}

/**
 * Returns the missing chunks. Meta doesn't document whether `chunk_order` restarts in each phase. If a number occurs in
 * two phases, each phase is checked separately. Otherwise all phases are checked as one sequence. Numbers start at 0 or
 * 1.
 *
 * @param state - The state from {@link historyChange}.
 *
 * @example
 * ```ts
 * import { emptyHistory, historyChange, historyGaps } from 'wa-coexist/coexistence';
 *
 * const rules = { quietMs: 60_000, stalledAfterMs: 21_600_000 };
 * const chunk = { type: 'chunk', phase: 0, chunkOrder: 3, messages: 12, joined: 0, expected: 0, never: 0 } as const;
 * const { state } = historyChange(emptyHistory, chunk, 0, rules);
 * historyGaps(state); // [{ from: 1, to: 2 }]
 * ```
 */
export function historyGaps(state: HistoryState): readonly HistoryGap[] {
  const perPhase = overlap(state.phases.map(({ orders }) => orders));
  if (!perPhase) return gapsIn(union(state.phases.map(({ orders }) => orders)));
  return state.phases.flatMap(({ phase, orders }) => gapsIn(orders).map((gap) => ({ ...(phase !== undefined && { phase }), ...gap })));
}

function gapsIn(orders: ProgressRanges): readonly HistoryGap[] {
  const first = orders[0]?.[0] ?? 0;
  const missing: ProgressRanges = first > 1 ? [[1, first - 1], ...holes(orders)] : holes(orders);
  return missing.map(([from, to]) => ({ from, to }));
}

function isWhole(state: HistoryState): boolean {
  return state.progress >= 100 && historyGaps(state).length === 0;
}

function chunkCame(state: HistoryState, chunk: Extract<HistoryEvent, { type: 'chunk' }>, nowMs: number): HistoryState {
  const { settledAtMs, failure: _failure, ...rest } = state;
  const next: HistoryState = {
    ...rest,
    lastAtMs: nowMs,
    progress: Math.max(state.progress, Math.min(100, chunk.progress ?? 0)),
    phases: withChunk(state.phases, chunk),
    mediaJoined: state.mediaJoined + chunk.joined,
    mediaExpected: state.mediaExpected + chunk.expected,
    mediaNever: state.mediaNever + chunk.never,
  };
  // A complete history stays complete, unless a late chunk reveals a gap.
  const staysComplete = state.status === 'complete' && isWhole(next);
  return { ...next, status: staysComplete ? 'complete' : 'receiving', ...(staysComplete && settledAtMs !== undefined && { settledAtMs }) };
}

function withChunk(phases: readonly PhaseCount[], chunk: Extract<HistoryEvent, { type: 'chunk' }>): readonly PhaseCount[] {
  const isKnown = phases.some(({ phase }) => phase === chunk.phase);
  const phase = isKnown || phases.length < maxPhases ? chunk.phase : phases.at(-1)?.phase;
  const before: PhaseCount = phases.find((other) => other.phase === phase) ?? { chunks: 0, messages: 0, orders: [] };
  const { chunkOrder } = chunk;
  const counted: PhaseCount = {
    ...(phase !== undefined && { phase }),
    chunks: before.chunks + 1,
    messages: before.messages + chunk.messages,
    orders:
      chunkOrder !== undefined && Number.isSafeInteger(chunkOrder) && chunkOrder >= 0
        ? withNumber(before.orders, chunkOrder)
        : before.orders,
  };
  const others = phases.filter((other) => other.phase !== phase);
  return [...others, counted].sort((left, right) => (left.phase ?? -1) - (right.phase ?? -1));
}

function mediaCame(state: HistoryState, joined: boolean, nowMs: number): HistoryState {
  const { settledAtMs: _settledAtMs, ...stalled } = state;
  return {
    ...(state.status === 'stalled' ? { ...stalled, status: 'receiving' } : state),
    lastAtMs: nowMs,
    mediaReceived: state.mediaReceived + 1,
    ...(joined && { mediaJoined: state.mediaJoined + 1, mediaExpected: Math.max(0, state.mediaExpected - 1) }),
  };
}

function timePassed(
  state: HistoryState,
  nowMs: number,
  rules: HistoryRules,
): { readonly state: HistoryState; readonly facts: readonly HistoryFact[] } {
  const checkAtMs = nextHistoryCheck(state, rules);
  if (checkAtMs === undefined || nowMs < checkAtMs) return { state, facts: [] };
  const status = isWhole(state) ? 'complete' : 'stalled';
  return { state: { ...state, status, settledAtMs: nowMs }, facts: [status] };
}
