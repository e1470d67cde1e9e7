/** What is left to do, in this order. */
export type OnboardingStep = 'find-waba' | 'preflight' | 'find-number' | 'request-contacts' | 'request-history' | 'none';

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
  readonly tokenExpiresAtMs?: number;
  readonly wabaId?: string;
  /** When webhooks were last found to be subscribed. */
  readonly subscribedAtMs?: number;
  /** Whose choice this is: the session event's, or a person's. */
  readonly chosenPhoneNumberId?: string;
  /** The number, once it is confirmed as a coexistence number. */
  readonly number?: FoundNumber;
  readonly numbers?: readonly FoundNumber[];
  readonly contactsSync?: SyncOutcome;
  readonly historySync?: SyncOutcome;
  readonly stoppedBy?: StoppedBy;
};

/** What happened to an onboarding. */
export type OnboardingStepEvent =
  | { readonly type: 'waba-found'; readonly wabaId: string }
  | { readonly type: 'number-chosen'; readonly phoneNumberId: string }
  | { readonly type: 'subscriptions-confirmed' }
  | { readonly type: 'numbers-read'; readonly numbers: readonly NumberFacts[] }
  | { readonly type: 'sync-settled'; readonly syncType: 'contacts' | 'history'; readonly outcome: SyncOutcome }
  | { readonly type: 'stopped'; readonly kind: string; readonly message: string; readonly final: boolean };

/** What the outside is to be told. */
export type OnboardingFact = 'choose-number' | 'number-confirmed' | 'done' | 'failed';

/** Rules of Meta's that an onboarding goes by. */
export interface OnboardingRules {
  /** Hours after the start in which a WABA without a coexistence number may still be getting one. */
  readonly syncWindowHours: number;
}

/** For how long a check of the subscriptions is good. */
const subscriptionCheckHoldsMs = 600_000;
const hourMs = 3_600_000;

/**
 * What is to be done next. Subscriptions are checked before anything that can be done only once, and again if that check is not recent;
 * registering the number is no step at all.
 *
 * @example
 * ```ts
 * import { nextOnboardingStep } from 'wa-coexist';
 *
 * nextOnboardingStep({ id: '1', status: 'pending', startedAtMs: 0, wabaId: '102290129340398' }, 1_000); // 'preflight'
 * ```
 */
export function nextOnboardingStep(state: OnboardingState, nowMs: number): OnboardingStep {
  if (state.status !== 'pending') return 'none';
  if (state.wabaId === undefined) return 'find-waba';
  if (state.subscribedAtMs === undefined || nowMs - state.subscribedAtMs > subscriptionCheckHoldsMs) return 'preflight';
  if (state.number === undefined) return 'find-number';
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
    case 'subscriptions-confirmed':
      return { state: { ...going(state), subscribedAtMs: nowMs }, facts: [] };
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
  }
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
