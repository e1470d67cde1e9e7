import type { TokenFacts } from '../../access-tokens/debug-token.js';
import type { AppSubscription } from '../../access-tokens/list-app-subscriptions.js';
import type { SubscribedApp } from '../../business-accounts/subscribed-app.js';
import type { PreflightProblem } from '../../errors/coexistence-errors.js';
import { isCoexistenceNumber, type PhoneNumber } from '../../phone-numbers/phone-number.js';
import { parseUrl } from '../../runtime/parse-url.js';

/**
 * Webhook fields without which a coexistence number loses something for good: messages, echoes, the once-only contacts and history, and
 * the news that the link is gone. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 */
export const requiredWebhookFields: readonly string[] = [
  'messages',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_update',
];

/** Permissions that the token of a business needs. Source: Meta, Embedded Signup version 4 (17 Nov 2025). */
export const requiredScopes: readonly string[] = ['whatsapp_business_management', 'whatsapp_business_messaging'];

/**
 * The webhook fields of {@link requiredWebhookFields} that an app does not subscribe to.
 *
 * @example
 * ```ts
 * import { missingWebhookFields } from 'wa-coexist/coexistence';
 *
 * missingWebhookFields([{ object: 'whatsapp_business_account', fields: [{ name: 'messages' }] }]).includes('history'); // true
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

/** What is wrong with the app's own subscription. */
export function fieldProblems(subscriptions: readonly AppSubscription[]): readonly PreflightProblem[] {
  return missingWebhookFields(subscriptions).map((field) => ({ problem: 'field', field }));
}

/** What is wrong with the apps that get the webhooks of a WABA: ours is not among them, or it has them sent elsewhere. */
export function subscriptionProblems(
  apps: readonly SubscribedApp[],
  appId: string,
  callbackUrls: readonly string[],
): readonly PreflightProblem[] {
  const ours = apps.find(({ whatsapp_business_api_data: app }) => app.id === appId);
  if (!ours) return [{ problem: 'app-subscription' }];
  return callbackProblems('waba', ours.override_callback_uri, callbackUrls);
}

/** What is wrong with where the messages of a number go. The WABA's own callback is {@link subscriptionProblems}' to tell. */
export function numberCallbackProblems(number: PhoneNumber, callbackUrls: readonly string[]): readonly PreflightProblem[] {
  return callbackProblems('number', number.webhook_configuration?.phone_number, callbackUrls);
}

/** What is wrong with a token. Where Meta tells no scopes at all, none is missed. */
export function tokenProblems(token: TokenFacts, appId: string | undefined): readonly PreflightProblem[] {
  if (token.is_valid === false) return [{ problem: 'token', reason: 'invalid' }];
  if (appId !== undefined && token.app_id !== undefined && token.app_id !== appId) return [{ problem: 'token', reason: 'another-app' }];
  const granted = new Set([...(token.scopes ?? []), ...(token.granular_scopes ?? []).map(({ scope }) => scope)]);
  if (granted.size === 0) return [];
  return requiredScopes.filter((scope) => !granted.has(scope)).map((scope) => ({ problem: 'scope', scope }));
}

/** What is wrong with a number. */
export function numberProblems(number: PhoneNumber): readonly PreflightProblem[] {
  return isCoexistenceNumber(number) ? [] : [{ problem: 'number', phoneNumberId: number.id }];
}

function callbackProblems(of: 'waba' | 'number', callback: string | undefined, expected: readonly string[]): readonly PreflightProblem[] {
  if (callback === undefined || callback === '' || expected.includes(callback)) return [];
  return [{ problem: 'callback', of, host: parseUrl(callback)?.host ?? 'an unreadable address' }];
}
