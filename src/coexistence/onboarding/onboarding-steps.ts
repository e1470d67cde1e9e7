import { listSubscribedApps } from '../../business-accounts/list-subscribed-apps.js';
import { subscribeApp } from '../../business-accounts/subscribe-app.js';
import { OnboardingError, SubscriptionMissingError } from '../../errors/coexistence-errors.js';
import type { ConfirmedNumber, OnboardingPorts } from './onboarding-ports.js';
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

/** Does the next step of an onboarding; `undefined` if there is none, or another process is at it. Each is safe to repeat. */
export type PerformStep = (record: OnboardingState) => Promise<OnboardingStepEvent | undefined>;

/** The steps of an onboarding, in the order of the core. */
export function createOnboardingSteps(ports: OnboardingPorts, rules: OnboardingRules): PerformStep {
  const { client, clock } = ports;
  const { callbackUrls = [] } = ports.options;

  /** Makes the checks, and subscribes the app to the WABA where it is not. */
  const preflight = async (number: ConfirmedNumber): Promise<OnboardingStepEvent> => {
    const { wabaId, phoneNumberId } = number;
    const appId = ports.appId ?? client.appId;
    if (appId === undefined) throw new OnboardingError('app-id-unknown');
    const { checks, tokenExpiresAt, ...found } = await runPreflight(client, { wabaId, phoneNumberId, appId, callbackUrls });
    let { problems } = found;
    if (problems.some(({ problem }) => problem === 'app-subscription')) {
      // Only made where it is missing, because making it again clears a callback override of the WABA.
      const waba = client.for({ wabaId });
      await subscribeApp(waba);
      const left = subscriptionProblems(await Array.fromAsync(listSubscribedApps(waba)), appId, callbackUrls);
      problems = [...problems.filter(({ problem }) => problem !== 'app-subscription'), ...left];
    }
    if (problems.length > 0) throw new SubscriptionMissingError(problems);
    // A token may lack the right to see the number's own callback; nothing else may stay unknown.
    const unknown = checks.find(({ subject, outcome }) => outcome === 'unknown' && subject !== 'number-callback');
    if (unknown?.error) throw unknown.error;
    if (tokenExpiresAt === undefined) return { type: 'preflight-passed' };
    const tokenExpiresAtMs = tokenExpiresAt === 'never' ? tokenExpiresAt : tokenExpiresAt.getTime();
    await ports.tokenChecked(number, tokenExpiresAtMs);
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
    await ports.numberConfirmed(confirmedNumber(record, wabaId, number));
    return event;
  };
  const perform = async (record: OnboardingState): Promise<OnboardingStepEvent | undefined> => {
    const { wabaId, number } = record;
    const step = nextOnboardingStep(record, clock.now());
    if (step === 'none') return undefined;
    if (wabaId === undefined) throw new OnboardingError('waba-unknown');
    if (number === undefined) return findNumber(record, wabaId);
    if (step === 'preflight') return preflight(confirmedNumber(record, wabaId, number));
    const syncType = step === 'request-contacts' ? 'contacts' : 'history';
    const outcome = await ports.requestSync(syncType, confirmedNumber(record, wabaId, number));
    return outcome === 'in-progress' ? undefined : { type: 'sync-settled', syncType, outcome };
  };

  return perform;
}

/** The number of an onboarding, as the rest of the house is told of it. */
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
