import type { TokenFacts } from '../../access-tokens/debug-token.js';
import type { AppSubscription } from '../../access-tokens/list-app-subscriptions.js';
import type { SubscribedApp } from '../../business-accounts/subscribed-app.js';
import type { PreflightProblem } from '../../errors/coexistence-errors.js';
import { isCoexistenceNumber, type PhoneNumber } from '../../phone-numbers/phone-number.js';
import { parseUrl } from '../../runtime/parse-url.js';

/**
 * Webhook fields that a coexistence number needs to avoid permanent data loss: messages, echoes, the one-time contacts
 * and history, and disconnections. See {@link missingWebhookFields}.
 *
 * Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 */
export const requiredWebhookFields: readonly string[] = [
  'messages',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_update',
];

/** Permissions that a business token needs. Source: Meta, Embedded Signup version 4 (17 Nov 2025). */
export const requiredScopes: readonly string[] = ['whatsapp_business_management', 'whatsapp_business_messaging'];

/**
 * Returns the {@link requiredWebhookFields} that an app isn't subscribed to.
 *
 * @param subscriptions - The result of `listAppSubscriptions`.
 *
 * @example
 * ```ts
 * import { missingWebhookFields } from 'wa-coexist/coexistence';
 *
 * const subscription = { object: 'whatsapp_business_account', fields: [{ name: 'messages' }] };
 * missingWebhookFields([subscription]).includes('history'); // true
 * ```
 */
export function missingWebhookFields(subscriptions: readonly AppSubscription[]): readonly string[] {
  const subscribed = new Set(
    subscriptions
      .filter(({ object, active }) => object === 'whatsapp_business_account' && active !== false)
      .flatMap(({ fields = [] }) => fields.map(({ name }) => name)),
  );
  return requiredWebhookFields.filter((field) => !subscribed.has(field));
}

/**
 * Returns the problems of the app's own subscriptions.
 *
 * @param subscriptions - The subscriptions of the app.
 */
export function fieldProblems(subscriptions: readonly AppSubscription[]): readonly PreflightProblem[] {
  return missingWebhookFields(subscriptions).map((field) => ({ problem: 'field', field }));
}

/**
 * Returns the problems of a WABA's subscribed apps: our app is missing, or its webhooks are sent to another URL.
 *
 * @param apps - The subscribed apps.
 * @param appId - The ID of our app.
 * @param callbackUrls - The expected callback overrides.
 */
export function subscriptionProblems(
  apps: readonly SubscribedApp[],
  appId: string,
  callbackUrls: readonly string[],
): readonly PreflightProblem[] {
  const ours = apps.find(({ whatsapp_business_api_data: app }) => app.id === appId);
  if (!ours) return [{ problem: 'app-subscription' }];
  return callbackProblems('waba', ours.override_callback_uri, callbackUrls);
}

/**
 * Returns the problems of a number's callback. {@link subscriptionProblems} checks the callback of the WABA.
 *
 * @param number - The number.
 * @param callbackUrls - The expected callback overrides.
 */
export function numberCallbackProblems(number: PhoneNumber, callbackUrls: readonly string[]): readonly PreflightProblem[] {
  return callbackProblems('number', number.webhook_configuration?.phone_number, callbackUrls);
}

/**
 * Returns the problems of a token. If Meta returns no scopes, no scope counts as missing.
 *
 * @param token - The result of `debugToken`.
 * @param appId - The expected app.
 */
export function tokenProblems(token: TokenFacts, appId: string | undefined): readonly PreflightProblem[] {
  if (token.is_valid === false) return [{ problem: 'token', reason: 'invalid' }];
  if (appId !== undefined && token.app_id !== undefined && token.app_id !== appId) return [{ problem: 'token', reason: 'another-app' }];
  const granted = new Set([...(token.scopes ?? []), ...(token.granular_scopes ?? []).map(({ scope }) => scope)]);
  if (granted.size === 0) return [];
  return requiredScopes.filter((scope) => !granted.has(scope)).map((scope) => ({ problem: 'scope', scope }));
}

/**
 * Returns the problems of a number.
 *
 * @param number - The number.
 */
export function numberProblems(number: PhoneNumber): readonly PreflightProblem[] {
  return isCoexistenceNumber(number) ? [] : [{ problem: 'number', phoneNumberId: number.id }];
}

function callbackProblems(of: 'waba' | 'number', callback: string | undefined, expected: readonly string[]): readonly PreflightProblem[] {
  if (callback === undefined || callback === '' || expected.includes(callback)) return [];
  return [{ problem: 'callback', of, host: parseUrl(callback)?.host ?? 'an unreadable address' }];
}
