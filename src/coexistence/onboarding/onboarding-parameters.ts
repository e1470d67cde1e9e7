import { isMetaId, parseSessionEvent } from '../../embedded-signup/session-event.js';
import { checkObject, describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { ImportParameters, ResumeOnboardingParameters, StartOnboardingParameters } from './onboarding-module.js';

/** Maximum length of codes and redirect URIs. Real ones are shorter. */
const maxTextLength = 4_096;

/** The IDs that a browser or a caller passes. */
export interface Hint {
  readonly businessId?: string;
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
}

/**
 * Returns the IDs that a caller passes to `resume`.
 *
 * @param parameters - The parameters of `resume`.
 * @throws `InvalidArgumentError` for an ID that isn't one of Meta's
 */
export function hintOf({ phoneNumberId, wabaId, sessionEvent }: ResumeOnboardingParameters): Hint {
  if (wabaId !== undefined) checkId('onboarding.resume', 'wabaId', wabaId);
  if (phoneNumberId !== undefined) checkId('onboarding.resume', 'phoneNumberId', phoneNumberId);
  return { ...finishOf(sessionEvent), ...defined({ wabaId, phoneNumberId }) };
}

/**
 * Checks the parameters of `start`. Servers often pass them from a browser unchecked.
 *
 * @param parameters - The parameters.
 * @throws `InvalidArgumentError` before the code is used
 */
export function checkedStart(parameters: StartOnboardingParameters): StartOnboardingParameters {
  const action = 'onboarding.start';
  checkObject(action, 'parameters', parameters);
  const { code, redirectUri, sessionEvent } = parameters;
  checkText(action, 'code', code);
  if (redirectUri !== undefined && redirectUri !== '') checkText(action, 'redirectUri', redirectUri);
  return { code, ...defined({ redirectUri, sessionEvent }) };
}

function checkText(action: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '' && value.length <= maxTextLength) return;
  throw new InvalidArgumentError(
    action,
    name,
    `must be a string of 1 to ${String(maxTextLength)} characters, but is ${describeValue(value)}`,
  );
}

function checkId(action: string, name: string, value: unknown): void {
  if (!isMetaId(value))
    throw new InvalidArgumentError(action, name, `must be one of Meta's IDs (1 to 32 digits), but is ${describeValue(value)}`);
}

function checkDate(action: string, name: string, value: unknown): void {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return;
  throw new InvalidArgumentError(action, name, `must be a valid Date, but is ${describeValue(value)}`);
}

/**
 * Checks the parameters of `import`.
 *
 * @param parameters - The parameters.
 * @throws `InvalidArgumentError` with the name of the parameter
 */
export function checkImport(parameters: ImportParameters): void {
  const action = 'onboarding.adopt';
  checkObject(action, 'parameters', parameters);
  const { wabaId, phoneNumberId, onboardedAt, appOpenedAt, tokenExpiresAt } = parameters;
  checkId(action, 'wabaId', wabaId);
  checkId(action, 'phoneNumberId', phoneNumberId);
  checkDate(action, 'onboardedAt', onboardedAt);
  if (appOpenedAt !== undefined) checkDate(action, 'appOpenedAt', appOpenedAt);
  if (tokenExpiresAt !== undefined && tokenExpiresAt !== 'never') checkDate(action, 'tokenExpiresAt', tokenExpiresAt);
}

/**
 * Returns the IDs of a session event, raw or parsed by `parseSessionEvent`. It omits values that aren't IDs of Meta.
 *
 * @param sessionEvent - The session event, in any form.
 */
export function finishOf(sessionEvent: unknown): Hint {
  const isRead = isRecord(sessionEvent) && sessionEvent.outcome === 'finished';
  const event = isRead ? sessionEvent : parseSessionEvent(sessionEvent);
  if (event?.outcome !== 'finished') return {};
  const { wabaId, phoneNumberId, businessId } = event;
  return {
    ...(isMetaId(businessId) && { businessId }),
    ...(isMetaId(wabaId) && { wabaId }),
    ...(isMetaId(phoneNumberId) && { phoneNumberId }),
  };
}
