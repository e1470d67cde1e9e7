/**
 * Webhooks: signatures, events, and a receiver.
 *
 * `createWebhooks` combines all of them in one `fetch`. For your own receiver, use its first two steps,
 * `verifySignature` and `parseWebhook`. If you import only these, your bundle contains nothing else.
 *
 * @module wa-coexist/webhooks
 */
export { verifySignature } from './signature.js';
export { parseWebhook } from './parsing/parse-webhook.js';
export { parseAwsEnvelope, type WebhookDeliveryBody } from './aws-envelope.js';
export { parseJson } from '../runtime/parse-json.js';
export { createWebhooks } from './create-webhooks.js';
export type {
  Route,
  RouteTarget,
  ArchivedDelivery,
  WebhookDelivery,
  Webhooks,
  WebhooksBaseOptions,
  WebhooksMode,
  WebhooksOptions,
} from './webhooks-options.js';
export type { UnverifiedDelivery, WebhookCredential, WebhookCredentialLookup } from './credential-source.js';
export type { FilteredHandler, FilteredOn } from './filters/filtered-handler.js';
export type {
  ButtonMatch,
  CallbackParser,
  FlowMatch,
  FlowMatcher,
  IdMatcher,
  ListMatch,
  MessageConditions,
  MessageFilter,
  MessageMatch,
  ReplyMatch,
  TextMatch,
  TextMatcher,
} from './filters/message-filter.js';
export type { DeadLetters } from './dead-letters.js';
export type { DeadLetter } from './inbox-records.js';
export type { InboxRetryOptions } from './inbox-deliveries.js';
export { furtherStatus, laterEvent } from './event-order.js';
export type { ReceivedDelivery, ReceivedEvent, TenantPart, WebhookEvents } from './received-event.js';
export type { WebhookStats } from './stats.js';
export type { Customer, EventBase, FieldEvent, OpenEnum, WebhookError } from './events/base.js';
export type {
  AudioContent,
  ButtonContent,
  ContactCard,
  ContactsContent,
  DocumentContent,
  EchoMessage,
  EditContent,
  ImageContent,
  IncomingMessage,
  InteractiveAnswer,
  InteractiveContent,
  LocationContent,
  MediaObject,
  MediaPlaceholderContent,
  MessageContent,
  MessageContext,
  MessageHead,
  MessageReferral,
  OrderContent,
  PastMessage,
  ReactionContent,
  RequestWelcomeContent,
  RevokeContent,
  StickerContent,
  SystemContent,
  TextContent,
  UnknownContent,
  UnsupportedContent,
  VideoContent,
} from './events/message-content.js';
export type { AccountErrorEvent } from './events/base.js';
export type {
  ConversationContext,
  ConversationContextEvent,
  MessageEditEvent,
  MessageEvent,
  MessagePayment,
  MessagePricing,
  MessageRevokeEvent,
  MessageStatus,
  StatusEvent,
  UserAction,
  UserActionEvent,
} from './fields/messages.js';
export type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from './fields/echoes.js';
export type {
  MessageDirection,
  HistoryChunkEvent,
  HistoryDeclinedEvent,
  HistoryMediaEvent,
  HistoryMessage,
  HistoryThread,
} from './fields/history.js';
export type { AppContact, ContactEvent } from './fields/contacts.js';
export type {
  AccountDisconnectedEvent,
  AccountOffboardedEvent,
  AccountReconnectedEvent,
  AccountUpdate,
  AccountUpdateEvent,
  DisconnectionReason,
} from './fields/account-update.js';
export type {
  AccountAlert,
  AccountAlertEvent,
  AccountReviewUpdate,
  AccountReviewUpdateEvent,
  AccountSettingsUpdate,
  AccountSettingsUpdateEvent,
  AutomaticEvent,
  AutomaticEventEvent,
  BusinessCapabilityUpdate,
  BusinessCapabilityUpdateEvent,
  PartnerSolution,
  PartnerSolutionEvent,
  PaymentConfigurationUpdate,
  PaymentConfigurationUpdateEvent,
} from './fields/business.js';
export type { UndocumentedFieldEvent } from './fields/undocumented.js';
export type {
  BusinessUsernameUpdate,
  BusinessUsernameUpdateEvent,
  PhoneNumberNameUpdate,
  PhoneNumberNameUpdateEvent,
  PhoneNumberQualityUpdate,
  PhoneNumberQualityUpdateEvent,
  PhoneNumberUsernameUpdate,
  PhoneNumberUsernameUpdateEvent,
  SecurityEvent,
  SecurityUpdate,
} from './fields/numbers.js';
export type {
  MessageTemplateComponentsUpdate,
  MessageTemplateComponentsUpdateEvent,
  MessageTemplateQualityUpdate,
  MessageTemplateQualityUpdateEvent,
  MessageTemplateStatusUpdate,
  MessageTemplateStatusUpdateEvent,
  TemplateCategoryUpdate,
  TemplateCategoryUpdateEvent,
  TemplateCorrectCategoryDetection,
  TemplateCorrectCategoryDetectionEvent,
  TemplateQuality,
  TemplateReference,
} from './fields/templates.js';
export type { UserIdUpdate, UserIdUpdateEvent, UserPreference, UserPreferenceEvent } from './fields/users.js';
export type { CallDetails, CallEvent, CallStatus, CallStatusEvent } from './fields/calls.js';
export type {
  GroupLifecycleUpdate,
  GroupLifecycleUpdateEvent,
  GroupParticipant,
  GroupParticipantsUpdate,
  GroupParticipantsUpdateEvent,
  GroupReference,
  GroupSetting,
  GroupSettingsUpdate,
  GroupSettingsUpdateEvent,
  GroupStatusUpdate,
  GroupStatusUpdateEvent,
} from './fields/groups.js';
export type { FlowEvent, FlowStatus, FlowUpdate } from './fields/flows.js';
export type { HandoverControl, ThreadRole, MessagingHandover, MessagingHandoverEvent } from './fields/handovers.js';
export type { StandbyEchoEvent, StandbyMessageEvent, StandbyStatusEvent } from './fields/standby.js';
export type { UnknownEvent } from './events/base.js';
export type { WebhookEvent, WebhookEventOf } from './fields/registry.js';
export type { WebhookFramework } from './framework.js';
export { CallbackTimeoutError, DeliveryNotHandledError, RawBodyMissingError } from './webhook-errors.js';
