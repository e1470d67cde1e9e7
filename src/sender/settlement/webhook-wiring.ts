import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { MessageEvent, StatusEvent } from '../../webhooks/fields/messages.js';
import type { PhoneNumberQualityUpdateEvent } from '../../webhooks/fields/numbers.js';
import type { MessageTemplateStatusUpdateEvent } from '../../webhooks/fields/templates.js';
import type { UserPreferenceEvent } from '../../webhooks/fields/users.js';
import type { About } from '../pacing/throughput-readings.js';

/** Events after which the throughput of a number may have changed. */
export type AccountEventName = 'business_capability_update' | 'account.update' | 'account.reconnected' | 'account.disconnected';

const accountEvents: readonly AccountEventName[] = [
  'business_capability_update',
  'account.update',
  'account.reconnected',
  'account.disconnected',
];

/**
 * Events from which the sender learns which IDs belong to one person. History events also link IDs, but a chunk
 * contains thousands of people, most of whom get no message.
 */
export type IdentityEventName = (typeof identityEvents)[number];

const identityEvents = [
  'message',
  'message.edit',
  'message.revoke',
  'status',
  'user_actions',
  'echo',
  'echo.edit',
  'echo.revoke',
  'contact',
  'user_preferences',
  'user_id_update',
  'call',
  'call.status',
  'standby.message',
  'standby.echo',
  'standby.status',
] as const;

/** Adds or removes a handler for events of one name. */
export interface SenderWebhookRegistration {
  (name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
  (name: 'message', handler: (event: MessageEvent) => void | Promise<void>): void;
  (name: 'message_template_status_update', handler: (event: MessageTemplateStatusUpdateEvent) => void | Promise<void>): void;
  (name: 'user_preferences', handler: (event: UserPreferenceEvent) => void | Promise<void>): void;
  (name: 'phone_number_quality_update', handler: (event: PhoneNumberQualityUpdateEvent) => void | Promise<void>): void;
  (name: AccountEventName | IdentityEventName, handler: (event: WebhookEvent) => void | Promise<void>): void;
}

/** The source of webhook events, for example `createWebhooks` of `wa-coexist/webhooks`. */
export interface SenderWebhooks {
  readonly on: SenderWebhookRegistration;
  readonly off: SenderWebhookRegistration;
}

/** The webhook handlers of a sender. */
export interface WebhookUses {
  /** An event may contain several IDs of one person. */
  readonly identity: (event: WebhookEvent) => Promise<void>;
  readonly status: (event: StatusEvent) => Promise<unknown>;
  readonly template: (event: MessageTemplateStatusUpdateEvent) => Promise<void>;
  readonly preference: (event: UserPreferenceEvent) => Promise<void>;
  /** A customer may have opted out with a text. */
  readonly keyword: ((event: MessageEvent) => Promise<void>) | undefined;
  /** A customer wrote to a number. */
  readonly inbound: ((phoneNumberId: string) => void) | undefined;
  /** Called when the throughput of a number may have changed. */
  readonly throughput: ((about: About) => void) | undefined;
}

/** Registers the webhook handlers of a sender. Returns a function that removes them. */
export function wireWebhooks(webhooks: SenderWebhooks, uses: WebhookUses): () => void {
  const { template, preference, keyword, inbound, throughput } = uses;
  const status = async (event: StatusEvent): Promise<void> => {
    await uses.status(event);
  };
  const message = ({ phoneNumberId }: MessageEvent): void => {
    if (phoneNumberId !== undefined) inbound?.(phoneNumberId);
  };
  const quality = ({ value, wabaId, phoneNumberId, displayPhoneNumber }: PhoneNumberQualityUpdateEvent): void => {
    throughput?.({ phoneNumberId, wabaId, displayPhoneNumber: displayPhoneNumber ?? value.display_phone_number });
  };
  const account = ({ phoneNumberId, displayPhoneNumber, wabaId }: WebhookEvent): void => {
    throughput?.({ phoneNumberId, displayPhoneNumber, wabaId });
  };
  const each = (register: SenderWebhookRegistration): void => {
    // The handlers of one event run concurrently, so they don't depend on each other.
    for (const name of identityEvents) register(name, uses.identity);
    register('status', status);
    register('message_template_status_update', template);
    register('user_preferences', preference);
    if (inbound) register('message', message);
    if (keyword) register('message', keyword);
    if (!throughput) return;
    register('phone_number_quality_update', quality);
    for (const name of accountEvents) register(name, account);
  };
  each(webhooks.on);
  return () => {
    each(webhooks.off);
  };
}
