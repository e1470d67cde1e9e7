import type { AppSubscription } from '../../access-tokens/list-app-subscriptions.js';
import type { SubscribedApp } from '../../business-accounts/subscribed-app.js';

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

/**
 * The webhook fields of {@link requiredWebhookFields} that an app does not subscribe to.
 *
 * @example
 * ```ts
 * import { missingWebhookFields } from 'wa-coexist';
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

/** Whether an app is among those that get the webhooks of a WABA. */
export function isSubscribed(apps: readonly SubscribedApp[], appId: string): boolean {
  return apps.some(({ whatsapp_business_api_data: app }) => app.id === appId);
}
