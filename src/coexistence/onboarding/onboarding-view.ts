import type { CoexistencePolicy } from '../../policy/policy.js';
import { defined } from '../../runtime/json.js';
import { syncDeadlineMs } from '../sync-window.js';
import { onboardingChecklist } from './checklist.js';
import type { Onboarding, OnboardingFacts, OnboardingOptions } from './onboarding-module.js';
import { nextOnboardingStep, type OnboardingState } from './onboarding-state.js';

/** What a view of an onboarding depends on, in addition to its state. */
export interface ViewContext {
  readonly nowMs: number;
  readonly policy: CoexistencePolicy;
  readonly partner: OnboardingOptions['partner'];
}

/**
 * Returns what programs see of an onboarding.
 *
 * @param record - The stored state.
 * @param context - The time, the policy and the kind of partner.
 */
export function onboardingView(record: OnboardingState, { nowMs, policy, partner }: ViewContext): Onboarding {
  const { id, status, startedAtMs, wabaId, businessId, number, numbers, contactsSync, historySync, tokenExpiresAtMs, stoppedBy } = record;
  const startedAt = new Date(startedAtMs);
  const syncDeadlineAt = new Date(syncDeadlineMs(startedAtMs, policy.limits));
  const facts: OnboardingFacts = {
    id,
    nextStep: nextOnboardingStep(record, nowMs),
    startedAt,
    syncDeadlineAt,
    checklist: onboardingChecklist({ state: status, startedAt, syncDeadlineAt, policy, ...(partner && { partner }) }),
    ...number,
    ...defined({ wabaId, businessId, contactsSync, historySync }),
    ...(tokenExpiresAtMs !== undefined && {
      tokenExpiresAt: tokenExpiresAtMs === 'never' ? tokenExpiresAtMs : new Date(tokenExpiresAtMs),
    }),
    ...(stoppedBy && { stoppedBy: { kind: stoppedBy.kind, message: stoppedBy.message, at: new Date(stoppedBy.atMs) } }),
  };
  if (status === 'done' && wabaId !== undefined && number && contactsSync && historySync) {
    return { ...facts, state: status, wabaId, phoneNumberId: number.phoneNumberId, contactsSync, historySync };
  }
  if (status === 'choose-number' && wabaId !== undefined && numbers) return { ...facts, state: status, wabaId, numbers };
  // The state machine sets the members above before these states, so only `pending` and `failed` are left.
  return { ...facts, state: status === 'failed' ? status : 'pending' };
}
