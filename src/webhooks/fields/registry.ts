import type { AccountErrorEvent, UnknownEvent } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import type { WebhookField } from '../parsing/webhook-field.js';
import {
  messages,
  type MessageEvent,
  type MessageEditEvent,
  type MessageRevokeEvent,
  type StatusEvent,
  type UserActionEvent,
  type ConversationContextEvent,
} from './messages.js';
import { echoes, type EchoEvent, type EchoEditEvent, type EchoRevokeEvent } from './echoes.js';
import { history, type HistoryChunkEvent, type HistoryMediaEvent, type HistoryDeclinedEvent } from './history.js';
import { contacts, type ContactEvent } from './contacts.js';
import {
  accountUpdate,
  type AccountOffboardedEvent,
  type AccountReconnectedEvent,
  type AccountDisconnectedEvent,
  type AccountUpdateEvent,
} from './account-update.js';
import {
  accountAlerts,
  accountAlertsExample,
  accountReviewUpdate,
  accountReviewUpdateExample,
  accountSettingsUpdate,
  accountSettingsUpdateExample,
  automaticEvents,
  automaticEventsExample,
  businessCapabilityUpdate,
  businessCapabilityUpdateExample,
  partnerSolutions,
  partnerSolutionsExample,
  paymentConfigurationUpdate,
  paymentConfigurationUpdateExample,
  type AccountReviewUpdateEvent,
  type AccountAlertEvent,
  type AccountSettingsUpdateEvent,
  type BusinessCapabilityUpdateEvent,
  type PartnerSolutionEvent,
  type PaymentConfigurationUpdateEvent,
  type AutomaticEventEvent,
} from './business.js';
import {
  businessUsernameUpdate,
  businessUsernameUpdateExample,
  phoneNumberNameUpdate,
  phoneNumberNameUpdateExample,
  phoneNumberQualityUpdate,
  phoneNumberQualityUpdateExample,
  phoneNumberUsernameUpdate,
  phoneNumberUsernameUpdateExample,
  security,
  securityExample,
  type PhoneNumberQualityUpdateEvent,
  type PhoneNumberNameUpdateEvent,
  type SecurityEvent,
  type BusinessUsernameUpdateEvent,
  type PhoneNumberUsernameUpdateEvent,
} from './numbers.js';
import {
  messageTemplateComponentsUpdate,
  messageTemplateComponentsUpdateExample,
  messageTemplateQualityUpdate,
  messageTemplateQualityUpdateExample,
  messageTemplateStatusUpdate,
  messageTemplateStatusUpdateExample,
  templateCategoryUpdate,
  templateCategoryUpdateExample,
  templateCorrectCategoryDetection,
  templateCorrectCategoryDetectionExample,
  type MessageTemplateStatusUpdateEvent,
  type MessageTemplateQualityUpdateEvent,
  type MessageTemplateComponentsUpdateEvent,
  type TemplateCategoryUpdateEvent,
  type TemplateCorrectCategoryDetectionEvent,
} from './templates.js';
import {
  userIdUpdate,
  userIdUpdateExample,
  userPreferences,
  userPreferencesExample,
  type UserPreferenceEvent,
  type UserIdUpdateEvent,
} from './users.js';
import { flows, flowsExample, type FlowEvent } from './flows.js';
import { calls, type CallEvent, type CallStatusEvent } from './calls.js';
import {
  groupLifecycleUpdate,
  groupLifecycleUpdateExample,
  groupParticipantsUpdate,
  groupParticipantsUpdateExample,
  groupSettingsUpdate,
  groupSettingsUpdateExample,
  groupStatusUpdate,
  groupStatusUpdateExample,
  type GroupLifecycleUpdateEvent,
  type GroupParticipantsUpdateEvent,
  type GroupSettingsUpdateEvent,
  type GroupStatusUpdateEvent,
} from './groups.js';
import { messagingHandovers, messagingHandoversExample, type MessagingHandoverEvent } from './handovers.js';
import { standby, type StandbyMessageEvent, type StandbyEchoEvent, type StandbyStatusEvent } from './standby.js';
import {
  businessStatusUpdate,
  businessStatusUpdateExample,
  consumerProfile,
  consumerProfileExample,
  messageEchoes,
  messageEchoesExample,
  trackingEvents,
  trackingEventsExample,
  type UndocumentedFieldEvent,
} from './undocumented.js';

/**
 * All events of webhooks, discriminated by `type`.
 *
 * @example
 * ```ts
 * import type { WebhookEvent } from 'wa-coexist/webhooks';
 *
 * function describe(event: WebhookEvent): string {
 *   switch (event.type) {
 *     case 'message':
 *       return event.message.type === 'text' ? event.message.text.body : event.message.type;
 *     case 'status':
 *       return `${event.status.id} is ${event.status.status}`;
 *     case 'message_template_status_update':
 *       return `${event.value.message_template_name ?? ''} is ${event.value.event}`;
 *     default:
 *       return event.type;
 *   }
 * }
 * ```
 */
export type WebhookEvent =
  | MessageEvent
  | MessageEditEvent
  | MessageRevokeEvent
  | StatusEvent
  | UserActionEvent
  | ConversationContextEvent
  | EchoEvent
  | EchoEditEvent
  | EchoRevokeEvent
  | HistoryChunkEvent
  | HistoryMediaEvent
  | HistoryDeclinedEvent
  | ContactEvent
  | AccountOffboardedEvent
  | AccountReconnectedEvent
  | AccountDisconnectedEvent
  | AccountUpdateEvent
  | AccountErrorEvent
  | AccountAlertEvent
  | AccountReviewUpdateEvent
  | AccountSettingsUpdateEvent
  | BusinessCapabilityUpdateEvent
  | PartnerSolutionEvent
  | PaymentConfigurationUpdateEvent
  | AutomaticEventEvent
  | PhoneNumberQualityUpdateEvent
  | PhoneNumberNameUpdateEvent
  | PhoneNumberUsernameUpdateEvent
  | BusinessUsernameUpdateEvent
  | SecurityEvent
  | MessageTemplateStatusUpdateEvent
  | MessageTemplateQualityUpdateEvent
  | MessageTemplateComponentsUpdateEvent
  | TemplateCategoryUpdateEvent
  | TemplateCorrectCategoryDetectionEvent
  | UserPreferenceEvent
  | UserIdUpdateEvent
  | FlowEvent
  | CallEvent
  | CallStatusEvent
  | GroupLifecycleUpdateEvent
  | GroupParticipantsUpdateEvent
  | GroupSettingsUpdateEvent
  | GroupStatusUpdateEvent
  | MessagingHandoverEvent
  | StandbyMessageEvent
  | StandbyEchoEvent
  | StandbyStatusEvent
  | UndocumentedFieldEvent
  | UnknownEvent;

/** The event of one type. */
export type WebhookEventOf<Type extends WebhookEvent['type']> = Extract<WebhookEvent, { readonly type: Type }>;

/** The names of the fields that the library knows. */
type FieldName<Event = WebhookEvent> = Event extends { readonly field: infer Name extends string }
  ? string extends Name
    ? never
    : Name
  : never;

/** The events of one field. */
type EventOfField<Name, Event = WebhookEvent> = Event extends { readonly field: infer Own } ? (Name extends Own ? Event : never) : never;

/** All fields. `parseWebhook` and `splitDelivery` use this list. */
const webhookFields: { readonly [Name in FieldName]: WebhookField<EventOfField<Name>> } = {
  messages,
  smb_message_echoes: echoes,
  history,
  smb_app_state_sync: contacts,
  account_update: accountUpdate,
  account_alerts: accountAlerts,
  account_review_update: accountReviewUpdate,
  account_settings_update: accountSettingsUpdate,
  business_capability_update: businessCapabilityUpdate,
  partner_solutions: partnerSolutions,
  payment_configuration_update: paymentConfigurationUpdate,
  automatic_events: automaticEvents,
  phone_number_quality_update: phoneNumberQualityUpdate,
  phone_number_name_update: phoneNumberNameUpdate,
  security,
  business_username_update: businessUsernameUpdate,
  business_username_updates: businessUsernameUpdate,
  phone_number_username_update: phoneNumberUsernameUpdate,
  message_template_status_update: messageTemplateStatusUpdate,
  message_template_quality_update: messageTemplateQualityUpdate,
  message_template_components_update: messageTemplateComponentsUpdate,
  template_category_update: templateCategoryUpdate,
  template_correct_category_detection: templateCorrectCategoryDetection,
  user_preferences: userPreferences,
  user_id_update: userIdUpdate,
  flows,
  calls,
  group_lifecycle_update: groupLifecycleUpdate,
  group_participants_update: groupParticipantsUpdate,
  group_settings_update: groupSettingsUpdate,
  group_status_update: groupStatusUpdate,
  messaging_handovers: messagingHandovers,
  standby,
  business_status_update: businessStatusUpdate,
  consumer_profile: consumerProfile,
  message_echoes: messageEchoes,
  tracking_events: trackingEvents,
};

/** Finds a field by Meta's name. */
export function findField(name: string): WebhookField<WebhookEvent> | undefined {
  return Object.hasOwn(webhookFields, name) ? webhookFields[name as keyof typeof webhookFields] : undefined;
}

/** Types of events with one object as their content and the name of their field. */
type ValueType<Event = WebhookEvent> = Event extends { readonly type: infer Type; readonly field: infer Name; readonly value: object }
  ? Extract<Type, Name>
  : never;

/** Fields whose examples contain more than the account. */
interface ExamplePlaces {
  readonly automatic_events: 'number';
  readonly group_lifecycle_update: 'number';
  readonly group_participants_update: 'number';
  readonly group_settings_update: 'number';
  readonly group_status_update: 'number';
  readonly messaging_handovers: 'customer';
  readonly partner_solutions: 'portfolio';
  readonly user_id_update: 'customer';
  readonly user_preferences: 'customer';
}

/** The type of {@link fieldExamples}. */
export type FieldExamples = {
  readonly [Type in ValueType]: FieldExample<WebhookEventOf<Type>, Type extends keyof ExamplePlaces ? ExamplePlaces[Type] : 'account'>;
};

/** Examples by the type of the event, for `webhookPayload` and for the guide. */
export const fieldExamples: FieldExamples = {
  account_alerts: accountAlertsExample,
  account_review_update: accountReviewUpdateExample,
  account_settings_update: accountSettingsUpdateExample,
  automatic_events: automaticEventsExample,
  business_capability_update: businessCapabilityUpdateExample,
  business_status_update: businessStatusUpdateExample,
  business_username_update: businessUsernameUpdateExample,
  consumer_profile: consumerProfileExample,
  flows: flowsExample,
  group_lifecycle_update: groupLifecycleUpdateExample,
  group_participants_update: groupParticipantsUpdateExample,
  group_settings_update: groupSettingsUpdateExample,
  group_status_update: groupStatusUpdateExample,
  message_echoes: messageEchoesExample,
  message_template_components_update: messageTemplateComponentsUpdateExample,
  message_template_quality_update: messageTemplateQualityUpdateExample,
  message_template_status_update: messageTemplateStatusUpdateExample,
  messaging_handovers: messagingHandoversExample,
  partner_solutions: partnerSolutionsExample,
  payment_configuration_update: paymentConfigurationUpdateExample,
  phone_number_name_update: phoneNumberNameUpdateExample,
  phone_number_quality_update: phoneNumberQualityUpdateExample,
  phone_number_username_update: phoneNumberUsernameUpdateExample,
  security: securityExample,
  template_category_update: templateCategoryUpdateExample,
  template_correct_category_detection: templateCorrectCategoryDetectionExample,
  tracking_events: trackingEventsExample,
  user_id_update: userIdUpdateExample,
  user_preferences: userPreferencesExample,
};
