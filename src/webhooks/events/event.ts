import type { AccountDisconnectedEvent, AccountOffboardedEvent, AccountReconnectedEvent, AccountUpdateEvent } from './account.js';
import type { EventBase } from './base.js';
import type {
  AccountAlertEvent,
  AccountReviewUpdateEvent,
  AccountSettingsUpdateEvent,
  AutomaticEventEvent,
  BusinessCapabilityUpdateEvent,
  PartnerSolutionEvent,
  PaymentConfigurationUpdateEvent,
  UndocumentedFieldEvent,
} from './business.js';
import type { CallEvent, CallStatusEvent } from './calls.js';
import type { ContactEvent } from './contacts.js';
import type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from './echoes.js';
import type { FlowEvent } from './flows.js';
import type {
  GroupLifecycleUpdateEvent,
  GroupParticipantsUpdateEvent,
  GroupSettingsUpdateEvent,
  GroupStatusUpdateEvent,
} from './groups.js';
import type { MessagingHandoverEvent, StandbyEchoEvent, StandbyMessageEvent, StandbyStatusEvent } from './handovers.js';
import type { HistoryChunkEvent, HistoryDeclinedEvent, HistoryMediaEvent } from './history.js';
import type {
  AccountErrorEvent,
  ConversationContextEvent,
  MessageEditEvent,
  MessageEvent,
  MessageRevokeEvent,
  StatusEvent,
  UserActionEvent,
} from './messages.js';
import type {
  BusinessUsernameUpdateEvent,
  PhoneNumberNameUpdateEvent,
  PhoneNumberQualityUpdateEvent,
  PhoneNumberUsernameUpdateEvent,
  SecurityEvent,
} from './numbers.js';
import type {
  MessageTemplateComponentsUpdateEvent,
  MessageTemplateQualityUpdateEvent,
  MessageTemplateStatusUpdateEvent,
  TemplateCategoryUpdateEvent,
  TemplateCorrectCategoryDetectionEvent,
} from './templates.js';
import type { UserIdUpdateEvent, UserPreferenceEvent } from './users.js';

/**
 * Something that this version of the library cannot type: a field it does not know, or an item of a known field that lacks what its
 * type needs. Nothing is lost: it is all in `raw`.
 */
export type UnknownEvent = EventBase<'unknown', string>;

/**
 * Everything that a webhook can tell, discriminated by `type`.
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
