/**
 * Webhooks: the signature, the events, and a receiver.
 *
 * `createWebhooks` does all of it behind one `fetch`. `verifySignature` and `parseWebhook` are its first two steps for programs that
 * receive in their own way; a program that imports them alone carries nothing else.
 *
 * @module wa-coexist/webhooks
 */
export { verifySignature } from './signature.js';
export { parseWebhook } from './parse.js';
export { parseAwsEnvelope, type WebhookDeliveryBody } from './aws-envelope.js';
export { parseJson } from '../runtime/parse-json.js';
export {
  createWebhooks,
  type ArchivedDelivery,
  type WebhookDelivery,
  type Webhooks,
  type WebhooksBaseOptions,
  type WebhooksMode,
  type WebhooksOptions,
} from './create-webhooks.js';
export type { WebhookCredential, WebhookCredentialLookup } from './credential-source.js';
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
export type { InboxRetryOptions } from './inbox.js';
export type { Route, RouteTarget } from './dispatcher.js';
export { furtherStatus, laterEvent } from './order.js';
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
export type {
  AccountErrorEvent,
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
} from './events/messages.js';
export type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from './events/echoes.js';
export type {
  MessageDirection,
  HistoryChunkEvent,
  HistoryDeclinedEvent,
  HistoryMediaEvent,
  HistoryMessage,
  HistoryThread,
} from './events/history.js';
export type { AppContact, ContactEvent } from './events/contacts.js';
export type {
  AccountDisconnectedEvent,
  AccountOffboardedEvent,
  AccountReconnectedEvent,
  AccountUpdate,
  AccountUpdateEvent,
  DisconnectionReason,
} from './events/account.js';
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
  UndocumentedFieldEvent,
} from './events/business.js';
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
} from './events/numbers.js';
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
} from './events/templates.js';
export type { UserIdUpdate, UserIdUpdateEvent, UserPreference, UserPreferenceEvent } from './events/users.js';
export type { CallDetails, CallEvent, CallStatus, CallStatusEvent } from './events/calls.js';
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
} from './events/groups.js';
export type { FlowEvent, FlowStatus, FlowUpdate } from './events/flows.js';
export type {
  HandoverControl,
  ThreadRole,
  MessagingHandover,
  MessagingHandoverEvent,
  StandbyEchoEvent,
  StandbyMessageEvent,
  StandbyStatusEvent,
} from './events/handovers.js';
export type { UnknownEvent, WebhookEvent, WebhookEventOf } from './events/event.js';
export { CallbackTimeoutError, DeliveryNotHandledError, RawBodyMissingError } from './webhook-errors.js';
