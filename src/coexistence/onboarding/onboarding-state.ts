/** What is left to do, in this order. */
export type OnboardingStep = 'find-waba' | 'find-number' | 'preflight' | 'request-contacts' | 'request-history' | 'none';

/** Where an onboarding stands. `choose-number`: somebody has to say which of several numbers it is for. */
export type OnboardingStatus = 'pending' | 'choose-number' | 'done' | 'failed';

/** What became of a request for contacts or history. `missed`: the time was over before it was made. */
export type SyncOutcome = 'requested' | 'unknown' | 'refused' | 'missed';

/** A number among which somebody chooses, or that was found. */
export type FoundNumber = {
  readonly phoneNumberId: string;
  /** Formatted for people. */
  readonly displayPhoneNumber?: string;
  readonly verifiedName?: string;
};

/** A number of the WABA, and whether it is on the Business app and on Cloud API at once. */
export type NumberFacts = FoundNumber & { readonly coexistence: boolean };

/** What stopped the last try: the kind of its error, and what to do about it. */
export type StoppedBy = { readonly kind: string; readonly message: string; readonly atMs: number };

/** Everything that is kept of an onboarding: JSON, without the token. */
export type OnboardingState = {
  readonly id: string;
  readonly status: OnboardingStatus;
  /** When the code was exchanged: contacts and history can be asked for within 24 hours from there. */
  readonly startedAtMs: number;
  /** Absent while nobody told. */
  readonly tokenExpiresAtMs?: number | 'never';
  /** The WABA, once it is verified that the token of this onboarding was granted it. */
  readonly wabaId?: string;
  /** The customer's portfolio. */
  readonly businessId?: string;
  /** The WABAs that the token was granted, as long as it is not known which of them is meant. */
  readonly grantedWabaIds?: readonly string[];
  /** When the preflight was last passed. */
  readonly preflightAtMs?: number;
  /** Whose choice this is: the session event's, or a person's. */
  readonly chosenPhoneNumberId?: string;
  /** The number, once it is confirmed as a coexistence number. */
  readonly number?: FoundNumber;
  readonly numbers?: readonly FoundNumber[];
  readonly contactsSync?: SyncOutcome;
  readonly historySync?: SyncOutcome;
  readonly stoppedBy?: StoppedBy;
  /** What was told of the end of the time for contacts and history. */
  readonly deadlineTold?: 'near' | 'passed';
};

/** What happened to an onboarding. */
export type OnboardingStepEvent =
  | { readonly type: 'waba-found'; readonly wabaId: string }
  | { readonly type: 'number-chosen'; readonly phoneNumberId: string }
  | { readonly type: 'preflight-passed'; readonly tokenExpiresAtMs?: number | 'never' }
  | { readonly type: 'numbers-read'; readonly numbers: readonly NumberFacts[] }
  | { readonly type: 'sync-settled'; readonly syncType: 'contacts' | 'history'; readonly outcome: SyncOutcome }
  | { readonly type: 'stopped'; readonly kind: string; readonly message: string; readonly final: boolean }
  | { readonly type: 'time' };

/** What the outside is to be told. */
export type OnboardingFact = 'choose-number' | 'number-confirmed' | 'done' | 'failed' | DeadlineFact;

/** The time in which contacts and history can be asked for is nearly over, or over, and something was not asked for. */
export type DeadlineFact = 'deadline-near' | 'deadline-passed';

/** Rules of Meta's that an onboarding goes by. */
export interface OnboardingRules {
  /** Hours after the start in which a WABA without a coexistence number may still be getting one. */
  readonly syncWindowHours: number;
  /** Hours before its end at which that is told. */
  readonly syncReminderHours: number;
}

/** For how long a preflight is good. */
const preflightHoldsMs = 600_000;
const hourMs = 3_600_000;

/**
 * What is to be done next. The preflight comes before anything that can be done only once, and again if the last is not recent; registering
 * the number is no step at all.
 *
 * @example
 * ```ts
 * import { nextOnboardingStep } from 'wa-coexist/coexistence';
 *
 * nextOnboardingStep({ id: '1', status: 'pending', startedAtMs: 0, wabaId: '102290129340398' }, 1_000); // 'find-number'
 * ```
 */
export function nextOnboardingStep(state: OnboardingState, nowMs: number): OnboardingStep {
  if (state.status !== 'pending') return 'none';
  if (state.wabaId === undefined) return 'find-waba';
  if (state.number === undefined) return 'find-number';
  if (state.preflightAtMs === undefined || nowMs - state.preflightAtMs > preflightHoldsMs) return 'preflight';
  if (state.contactsSync === undefined) return 'request-contacts';
  return 'request-history';
}

/**
 * The core of onboarding: the next state, and what the outside is to be told. Pure; an event that no longer fits changes nothing.
 */
export function onboardingChange(
  state: OnboardingState,
  event: OnboardingStepEvent,
  nowMs: number,
  rules: OnboardingRules,
): { readonly state: OnboardingState; readonly facts: readonly OnboardingFact[] } {
  if (state.status === 'done' || state.status === 'failed') return { state, facts: [] };
  switch (event.type) {
    case 'waba-found':
      return { state: state.wabaId === undefined ? { ...going(state), wabaId: event.wabaId } : state, facts: [] };
    case 'number-chosen':
      // A number that was confirmed stays: contacts or history may have been asked for already.
      return {
        state: state.number === undefined ? { ...going(state), status: 'pending', chosenPhoneNumberId: event.phoneNumberId } : state,
        facts: [],
      };
    case 'preflight-passed': {
      const { tokenExpiresAtMs } = event;
      return { state: { ...going(state), preflightAtMs: nowMs, ...(tokenExpiresAtMs !== undefined && { tokenExpiresAtMs }) }, facts: [] };
    }
    case 'numbers-read':
      return numbersRead(state, event.numbers);
    case 'sync-settled':
      return syncSettled(state, event.syncType, event.outcome);
    case 'stopped': {
      const { kind, message, final } = event;
      const isOver = final && nowMs - state.startedAtMs > rules.syncWindowHours * hourMs;
      const stoppedBy = { kind, message, atMs: nowMs };
      return isOver
        ? { state: { ...state, status: 'failed', stoppedBy }, facts: ['failed'] }
        : { state: { ...state, stoppedBy }, facts: [] };
    }
    case 'time': {
      const deadline = deadlineOf(state, rules);
      const stage = nowMs >= deadline.atMs ? 'passed' : nowMs >= deadline.nearAtMs ? 'near' : undefined;
      if (stage === undefined || state.deadlineTold === stage) return { state, facts: [] };
      return { state: { ...state, deadlineTold: stage }, facts: [`deadline-${stage}`] };
    }
  }
}

/** When the time for contacts and history is to be looked at next; `undefined` once both were asked for, or all was told. */
export function nextOnboardingCheck(state: OnboardingState, rules: OnboardingRules): number | undefined {
  if (state.status === 'done' || state.status === 'failed' || state.deadlineTold === 'passed') return undefined;
  const { atMs, nearAtMs } = deadlineOf(state, rules);
  return state.deadlineTold === 'near' ? atMs : nearAtMs;
}

/** What was not asked for yet. */
export function missingSyncs({ contactsSync, historySync }: OnboardingState): readonly ('contacts' | 'history')[] {
  return [...(contactsSync === undefined ? (['contacts'] as const) : []), ...(historySync === undefined ? (['history'] as const) : [])];
}

/** What a number that was onboarded elsewhere brings along. */
export interface ImportedFacts {
  readonly id: string;
  readonly wabaId: string;
  readonly number: FoundNumber;
  readonly onboardedAtMs: number;
  /** Absent: it was certainly not asked for. */
  readonly contactsSync?: 'requested' | 'unknown';
  readonly historySync?: 'requested' | 'unknown';
  readonly tokenExpiresAtMs?: number | 'never';
}

/**
 * The onboarding of a number that was onboarded elsewhere: done, unless contacts or history were certainly not asked for and still can be.
 * What is unknown counts as asked for.
 */
export function importedOnboarding(adopted: ImportedFacts, nowMs: number, rules: OnboardingRules): OnboardingState {
  const { number, onboardedAtMs, contactsSync, historySync, ...ids } = adopted;
  const facts = { ...ids, startedAtMs: onboardedAtMs };
  const isOpen = nowMs <= onboardedAtMs + rules.syncWindowHours * hourMs;
  if (isOpen && (contactsSync === undefined || historySync === undefined)) {
    const asked = { ...(contactsSync && { contactsSync }), ...(historySync && { historySync }) };
    return { ...facts, status: 'pending', chosenPhoneNumberId: number.phoneNumberId, ...asked };
  }
  return { ...facts, status: 'done', number, contactsSync: contactsSync ?? 'missed', historySync: historySync ?? 'missed' };
}

function deadlineOf({ startedAtMs }: OnboardingState, rules: OnboardingRules): { readonly atMs: number; readonly nearAtMs: number } {
  const atMs = startedAtMs + rules.syncWindowHours * hourMs;
  return { atMs, nearAtMs: atMs - rules.syncReminderHours * hourMs };
}

function numbersRead(
  state: OnboardingState,
  numbers: readonly NumberFacts[],
): { readonly state: OnboardingState; readonly facts: readonly OnboardingFact[] } {
  if (state.number !== undefined) return { state, facts: [] };
  const candidates = numbers.filter(({ coexistence }) => coexistence).map(({ coexistence: _yes, ...number }): FoundNumber => number);
  const fitting = candidates.filter(
    ({ phoneNumberId }) => state.chosenPhoneNumberId === undefined || phoneNumberId === state.chosenPhoneNumberId,
  );
  const [only, ...others] = fitting;
  const { numbers: _asked, ...rest } = going(state);
  if (only !== undefined && others.length === 0) return { state: { ...rest, number: only }, facts: ['number-confirmed'] };
  if (candidates.length === 0) return { state, facts: [] };
  // Several numbers, or a choice that is none of them: never guessed.
  const { chosenPhoneNumberId: _wrong, ...open } = rest;
  return { state: { ...open, status: 'choose-number', numbers: candidates }, facts: ['choose-number'] };
}

function syncSettled(
  state: OnboardingState,
  syncType: 'contacts' | 'history',
  outcome: SyncOutcome,
): { readonly state: OnboardingState; readonly facts: readonly OnboardingFact[] } {
  const settled: OnboardingState = { ...going(state), ...(syncType === 'contacts' ? { contactsSync: outcome } : { historySync: outcome }) };
  const isDone = settled.contactsSync !== undefined && settled.historySync !== undefined;
  return isDone ? { state: { ...settled, status: 'done' }, facts: ['done'] } : { state: settled, facts: [] };
}

/** The state without what had stopped it. */
function going(state: OnboardingState): OnboardingState {
  const { stoppedBy: _gone, ...rest } = state;
  return rest;
}
