import { listSubscribedApps } from '../../business-accounts/list-subscribed-apps.js';
import { subscribeApp } from '../../business-accounts/subscribe-app.js';
import { OnboardingError, SubscriptionMissingError, SyncWindowError } from '../../errors/coexistence-errors.js';
import type { ConfirmedNumber } from '../signals.js';
import type { OnboardingDeps } from './onboarding-deps.js';
import {
  nextOnboardingStep,
  onboardingChange,
  type OnboardingRules,
  type OnboardingState,
  type OnboardingStepEvent,
} from './onboarding-state.js';
import { runPreflight } from './preflight.js';
import { subscriptionProblems } from './preflight-checks.js';
import { confirmNumber, readNumbers } from './read-numbers.js';

/**
 * Runs the next step of an onboarding. Returns `undefined` if there is none, or if another process runs it. Each step
 * can be repeated.
 */
export type PerformStep = (record: OnboardingState) => Promise<OnboardingStepEvent | undefined>;

/**
 * Creates the function that runs the steps of an onboarding.
 *
 * @param deps - The dependencies of the onboarding module.
 * @param rules - The hours of the sync deadline.
 */
export function createOnboardingSteps(deps: OnboardingDeps, rules: OnboardingRules): PerformStep {
  const { client, clock, run, signals, onListenerError } = deps;
  const { callbackUrls = [] } = deps.options;

  /** Runs the checks, and subscribes the app to the WABA if it isn't subscribed. */
  const preflight = async (number: ConfirmedNumber): Promise<OnboardingStepEvent> => {
    const { wabaId, phoneNumberId } = number;
    const appId = deps.appId ?? client.appId;
    if (appId === undefined) throw new OnboardingError('app-id-unknown');
    const { checks, tokenExpiresAt, ...found } = await runPreflight(client, { wabaId, phoneNumberId, appId, callbackUrls });
    let { problems } = found;
    if (problems.some(({ problem }) => problem === 'app-subscription')) {
      // Subscribe only if the subscription is missing: another subscription clears a callback override of the WABA.
      const waba = client.for({ wabaId });
      await subscribeApp(waba);
      const left = subscriptionProblems(await Array.fromAsync(listSubscribedApps(waba)), appId, callbackUrls);
      problems = [...problems.filter(({ problem }) => problem !== 'app-subscription'), ...left];
    }
    if (problems.length > 0) throw new SubscriptionMissingError(problems);
    // A token may lack the permission to read the number's callback. All other checks must succeed.
    const unknown = checks.find(({ subject, outcome }) => outcome === 'unknown' && subject !== 'number-callback');
    if (unknown?.error) throw unknown.error;
    if (tokenExpiresAt === undefined) return { type: 'preflight-passed' };
    const tokenExpiresAtMs = tokenExpiresAt === 'never' ? tokenExpiresAt : tokenExpiresAt.getTime();
    await run((scope) => signals.send(scope, 'token.checked', { ...number, tokenExpiresAtMs }), onListenerError);
    return { type: 'preflight-passed', tokenExpiresAtMs };
  };
  const findNumber = async (record: OnboardingState, wabaId: string): Promise<OnboardingStepEvent> => {
    const numbers = await readNumbers(client, wabaId);
    const event: OnboardingStepEvent = { type: 'numbers-read', numbers };
    if (!numbers.some(({ coexistence }) => coexistence)) throw new OnboardingError('no-coexistence-number');
    const { number } = onboardingChange(record, event, clock.now(), rules).state;
    if (!number) return event;
    const confirmed = await confirmNumber(client, wabaId, number.phoneNumberId);
    if (!confirmed.coexistence) throw new OnboardingError('no-coexistence-number');
    await run((scope) => signals.send(scope, 'number.confirmed', confirmedNumber(record, wabaId, number)), onListenerError);
    return event;
  };
  const requestSync = async (syncType: 'contacts' | 'history', number: ConfirmedNumber): Promise<OnboardingStepEvent | undefined> => {
    const { onboardingId, wabaId, phoneNumberId, onboardedAtMs } = number;
    try {
      const { status } = await deps.sync.request({ syncType, onboardingId, wabaId, phoneNumberId, onboardedAt: new Date(onboardedAtMs) });
      // Another process may be making the request.
      return status === 'requesting' ? undefined : { type: 'sync-settled', syncType, outcome: status };
    } catch (error) {
      if (error instanceof SyncWindowError) return { type: 'sync-settled', syncType, outcome: 'missed' };
      throw error;
    }
  };
  const perform = async (record: OnboardingState): Promise<OnboardingStepEvent | undefined> => {
    const { wabaId, number } = record;
    const step = nextOnboardingStep(record, clock.now());
    if (step === 'none') return undefined;
    if (wabaId === undefined) throw new OnboardingError('waba-unknown');
    if (number === undefined) return findNumber(record, wabaId);
    if (step === 'preflight') return preflight(confirmedNumber(record, wabaId, number));
    const syncType = step === 'request-contacts' ? 'contacts' : 'history';
    return requestSync(syncType, confirmedNumber(record, wabaId, number));
  };

  return perform;
}

/**
 * Returns the number of an onboarding for the other modules.
 *
 * @param record - The state of the onboarding.
 * @param wabaId - The WABA.
 * @param number - The confirmed number.
 */
export function confirmedNumber(record: OnboardingState, wabaId: string, number: NonNullable<OnboardingState['number']>): ConfirmedNumber {
  const { phoneNumberId, displayPhoneNumber } = number;
  const { tokenExpiresAtMs } = record;
  return {
    onboardingId: record.id,
    wabaId,
    phoneNumberId,
    onboardedAtMs: record.startedAtMs,
    ...(displayPhoneNumber !== undefined && { displayPhoneNumber }),
    ...(tokenExpiresAtMs !== undefined && { tokenExpiresAtMs }),
  };
}
