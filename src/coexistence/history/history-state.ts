import { holes, overlap, union, withNumber, type ProgressRanges } from './ranges.js';

/**
 * Where the history of a number stands. `idle`: nobody asked yet; `requested`: asked for, nothing came; `receiving`; `complete`: Meta said
 * 100 %, no chunk is known to be missing, and it has been quiet since; `declined`: the business keeps its history, or Meta could not
 * deliver it; `stalled`: nothing came for hours although something is missing.
 */
export type HistoryStatus = 'idle' | 'requested' | 'receiving' | 'complete' | 'declined' | 'stalled';

/** What came of one time band: 0 = the day before onboarding, 1 = to day 90, 2 = to day 180. */
export type PhaseCount = {
  /** Absent for chunks without one. */
  readonly phase?: number;
  readonly chunks: number;
  readonly messages: number;
  /** The `chunk_order` numbers that came. */
  readonly orders: ProgressRanges;
};

/** Everything that is kept of a history: JSON, of a size that does not depend on how many messages it has. */
export type HistoryState = {
  readonly status: HistoryStatus;
  /** The onboarding that it belongs to; absent if chunks came for a number that was not onboarded here. */
  readonly onboardingId?: string;
  readonly onboardedAtMs?: number;
  readonly requestedAtMs?: number;
  /** When something new last came. */
  readonly lastAtMs?: number;
  readonly settledAtMs?: number;
  /** Meta's percent; the highest that came. */
  readonly progress: number;
  readonly phases: readonly PhaseCount[];
  /** Chunks and media that came again. */
  readonly duplicates: number;
  /** Media that found their placeholders. */
  readonly mediaJoined: number;
  /** Media that came, with or before their placeholders. */
  readonly mediaReceived: number;
  /** Placeholders whose media may still come. */
  readonly mediaExpected: number;
  /** Placeholders whose media never come, because they are too old. */
  readonly mediaNever: number;
  readonly failure?: { readonly code: number; readonly message: string };
};

/** What happened to a history. */
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
      /** Of the chunk's placeholders: those whose media came before, those that wait, those that wait in vain. */
      readonly joined: number;
      readonly expected: number;
      readonly never: number;
    }
  | { readonly type: 'media'; readonly joined: boolean }
  | { readonly type: 'duplicate' }
  | { readonly type: 'declined'; readonly code: number; readonly message: string }
  | { readonly type: 'time' };

/** What listeners are told of. */
export type HistoryFact = 'complete' | 'declined' | 'stalled';

/** How patient a history is. */
export interface HistoryRules {
  /** Milliseconds without anything new after which 100 % counts as complete. */
  readonly quietMs: number;
  /** Milliseconds without anything new after which it counts as stalled. */
  readonly stalledAfterMs: number;
}

/** Missing chunks of one phase, or of the whole where Meta numbers them throughout. */
export interface HistoryGap {
  readonly phase?: number;
  readonly from: number;
  readonly to: number;
}

/** A history before anything happened. */
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

/** More time bands than this are counted as one. Meta documents three. */
const maxPhases = 16;

/**
 * The core of the history: the next state, and what listeners are to be told. Pure. Whether a chunk came before is for whoever calls it
 * to know, by its key.
 *
 * @example
 * ```ts
 * import { emptyHistory, historyChange } from 'wa-coexist/coexistence';
 *
 * const rules = { quietMs: 60_000, stalledAfterMs: 21_600_000 };
 * const chunk = { type: 'chunk', phase: 0, chunkOrder: 1, progress: 100, messages: 12, joined: 0, expected: 0, never: 0 } as const;
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
      // Chunks prove that the history was shared after all.
      if (state.status === 'declined' || state.phases.length > 0) return { state, facts: [] };
      return { state: { ...state, status: 'declined', settledAtMs: nowMs, failure: { code, message } }, facts: ['declined'] };
    }
    case 'time':
      return timePassed(state, nowMs, rules);
  }
}

/** When time alone may next change the state; `undefined` if it cannot. */
export function nextHistoryCheck(state: HistoryState, rules: HistoryRules): number | undefined {
  if (state.status !== 'requested' && state.status !== 'receiving') return undefined;
  const sinceMs = state.lastAtMs ?? state.requestedAtMs;
  if (sinceMs === undefined) return undefined;
  return sinceMs + (isWhole(state) ? Math.min(rules.quietMs, rules.stalledAfterMs) : rules.stalledAfterMs);
}

/**
 * The chunks that are known to be missing. Meta does not say whether `chunk_order` starts anew in each phase. Where a number came in two
 * phases it does, so each phase is looked at by itself; else the numbers of all phases are taken for one row. Numbers start at 0 or 1.
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
  // What was complete stays so, unless the late chunk shows that another is missing.
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
