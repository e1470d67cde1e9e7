import { syncDeadlineMs } from '../sync-window.js';

/** The next step of an onboarding, in this order. */
export type OnboardingStep = 'find-waba' | 'find-number' | 'preflight' | 'request-contacts' | 'request-history' | 'none';

/** The status of an onboarding. `choose-number`: a person has to choose one of several numbers. */
export type OnboardingStatus = 'pending' | 'choose-number' | 'done' | 'failed';

/** The result of a request for contacts or history. `missed`: the deadline passed before the request. */
export type SyncOutcome = 'requested' | 'unknown' | 'rejected' | 'missed';

/** A number of a WABA. */
export type FoundNumber = {
  readonly phoneNumberId: string;
  /** Formatted for people. */
  readonly displayPhoneNumber?: string;
  readonly verifiedName?: string;
};

/** A number of the WABA, and whether it is on both the Business app and the Cloud API. */
export type NumberFacts = FoundNumber & { readonly coexistence: boolean };

/** The error of the last attempt: its kind, and how to fix it. */
export type StoppedBy = { readonly kind: string; readonly message: string; readonly atMs: number };

/** The state of an onboarding, as JSON without the token. */
export type OnboardingState = {
  readonly id: string;
  readonly status: OnboardingStatus;
  /** Time of the code exchange. Contacts and history can be requested within 24 hours after it. */
  readonly startedAtMs: number;
  /** Absent if unknown. */
  readonly tokenExpiresAtMs?: number | 'never';
  /** The WABA, after Meta confirmed that the token was granted it. */
  readonly wabaId?: string;
  /** The customer's portfolio. */
  readonly businessId?: string;
  /** The WABAs that the token was granted, until one of them is chosen. */
  readonly grantedWabaIds?: readonly string[];
  /** Time of the last successful preflight. */
  readonly preflightAtMs?: number;
  /** The number in the session event, or the number that a person chose. */
  readonly chosenPhoneNumberId?: string;
  /** The number, after Meta confirmed it as a coexistence number. */
  readonly number?: FoundNumber;
  readonly numbers?: readonly FoundNumber[];
  readonly contactsSync?: SyncOutcome;
  readonly historySync?: SyncOutcome;
  readonly stoppedBy?: StoppedBy;
  /** The last emitted event of the sync deadline. */
  readonly deadlineTold?: 'near' | 'passed';
};

/** An event of an onboarding. */
export type OnboardingStepEvent =
  | { readonly type: 'waba-found'; readonly wabaId: string }
  | { readonly type: 'number-chosen'; readonly phoneNumberId: string }
  | { readonly type: 'preflight-passed'; readonly tokenExpiresAtMs?: number | 'never' }
  | { readonly type: 'numbers-read'; readonly numbers: readonly NumberFacts[] }
  | { readonly type: 'sync-settled'; readonly syncType: 'contacts' | 'history'; readonly outcome: SyncOutcome }
  | { readonly type: 'stopped'; readonly kind: string; readonly message: string; readonly final: boolean }
  | { readonly type: 'time' };

/** A change to emit to listeners or other modules. */
export type OnboardingFact = 'choose-number' | 'number-confirmed' | 'done' | 'failed' | DeadlineFact;

/** The sync deadline is near or has passed, and contacts or history weren't requested. */
export type DeadlineFact = 'deadline-near' | 'deadline-passed';

/** Meta's rules for an onboarding. */
export interface OnboardingRules {
  /**
   * Hours after the start in which contacts and history can be requested, and a WABA may still get a coexistence
   * number.
   */
  readonly syncWindowHours: number;
  /** Hours before the deadline at which `deadline-near` is emitted. */
  readonly syncReminderHours: number;
}

/** How long a preflight is valid. */
const preflightHoldsMs = 600_000;
const hourMs = 3_600_000;

/**
 * Returns the next step of an onboarding. The preflight runs before any one-time request, and again if the last one is
 * too old. Registering the number isn't a step.
 *
 * @param state - The state from {@link onboardingChange}.
 * @param nowMs - The current time.
 *
 * @example
 * ```ts
 * import { nextOnboardingStep } from 'wa-coexist/coexistence';
 *
 * const state = { id: '1', status: 'pending', startedAtMs: 0, wabaId: '102290129340398' } as const;
 * nextOnboardingStep(state, 1_000); // 'find-number'
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
 * Applies an event to an onboarding. An outdated event changes nothing. This function is pure. See
 * {@link nextOnboardingStep} for the next step.
 *
 * @param state - The state.
 * @param event - The event.
 * @param nowMs - The current time.
 * @param rules - The hours of the sync deadline.
 * @returns the next state, and the changes to emit
 *
 * @example
 * ```ts
 * import { onboardingChange } from 'wa-coexist/coexistence';
 *
 * const rules = { syncWindowHours: 24, syncReminderHours: 6 };
 * const state = { id: '1', status: 'pending', startedAtMs: 0 } as const;
 * const event = { type: 'waba-found', wabaId: '102290129340398' } as const;
 * onboardingChange(state, event, 1_000, rules).state.wabaId; // '102290129340398'
 * ```
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
      // A confirmed number can't change because its contacts or history may have been requested.
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
      const isOver = final && nowMs > syncDeadlineMs(state.startedAtMs, rules);
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

/**
 * Returns the time of the next deadline event. It returns `undefined` if contacts and history were requested, or if all
 * deadline events were emitted. Pass the `time` event to {@link onboardingChange} then.
 *
 * @param state - The state from {@link onboardingChange}.
 * @param rules - The hours of the sync deadline.
 *
 * @example
 * ```ts
 * import { nextOnboardingCheck } from 'wa-coexist/coexistence';
 *
 * const rules = { syncWindowHours: 24, syncReminderHours: 6 };
 * nextOnboardingCheck({ id: '1', status: 'pending', startedAtMs: 0 }, rules); // 64_800_000
 * ```
 */
export function nextOnboardingCheck(state: OnboardingState, rules: OnboardingRules): number | undefined {
  if (state.status === 'done' || state.status === 'failed' || state.deadlineTold === 'passed') return undefined;
  const { atMs, nearAtMs } = deadlineOf(state, rules);
  return state.deadlineTold === 'near' ? atMs : nearAtMs;
}

/**
 * Returns the kinds of data that weren't requested.
 *
 * @param state - The state from {@link onboardingChange}.
 *
 * @example
 * ```ts
 * import { missingSyncs } from 'wa-coexist/coexistence';
 *
 * missingSyncs({ id: '1', status: 'pending', startedAtMs: 0, contactsSync: 'requested' }); // ['history']
 * ```
 */
export function missingSyncs({ contactsSync, historySync }: OnboardingState): readonly ('contacts' | 'history')[] {
  return [...(contactsSync === undefined ? (['contacts'] as const) : []), ...(historySync === undefined ? (['history'] as const) : [])];
}

/** The facts of a number that was onboarded elsewhere. */
export interface ImportedFacts {
  readonly id: string;
  readonly wabaId: string;
  readonly number: FoundNumber;
  readonly onboardedAtMs: number;
  /** Absent if it certainly wasn't requested. */
  readonly contactsSync?: 'requested' | 'unknown';
  readonly historySync?: 'requested' | 'unknown';
  readonly tokenExpiresAtMs?: number | 'never';
}

/**
 * Creates the onboarding of a number that was onboarded elsewhere. It is `done`, unless contacts or history certainly
 * weren't requested and the deadline hasn't passed. An unknown request counts as requested. Continue with
 * {@link onboardingChange}.
 *
 * @param adopted - The facts of the number.
 * @param nowMs - The current time.
 * @param rules - The hours of the sync deadline.
 *
 * @example
 * ```ts
 * import { importedOnboarding } from 'wa-coexist/coexistence';
 *
 * const rules = { syncWindowHours: 24, syncReminderHours: 6 };
 * const number = { phoneNumberId: '106540352242922' };
 * const facts = { id: '1', wabaId: '102290129340398', number, onboardedAtMs: 0 };
 * importedOnboarding(facts, 90_000_000, rules).status; // 'done'
 * ```
 */
export function importedOnboarding(adopted: ImportedFacts, nowMs: number, rules: OnboardingRules): OnboardingState {
  const { number, onboardedAtMs, contactsSync, historySync, ...ids } = adopted;
  const facts = { ...ids, startedAtMs: onboardedAtMs };
  const isOpen = nowMs <= syncDeadlineMs(onboardedAtMs, rules);
  if (isOpen && (contactsSync === undefined || historySync === undefined)) {
    const syncs = { ...(contactsSync && { contactsSync }), ...(historySync && { historySync }) };
    return { ...facts, status: 'pending', chosenPhoneNumberId: number.phoneNumberId, ...syncs };
  }
  return { ...facts, status: 'done', number, contactsSync: contactsSync ?? 'missed', historySync: historySync ?? 'missed' };
}

function deadlineOf({ startedAtMs }: OnboardingState, rules: OnboardingRules): { readonly atMs: number; readonly nearAtMs: number } {
  const atMs = syncDeadlineMs(startedAtMs, rules);
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
  // Never guess between several numbers, or if the chosen number isn't among them.
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

/** Returns the state without its error. */
function going(state: OnboardingState): OnboardingState {
  const { stoppedBy: _gone, ...rest } = state;
  return rest;
}
