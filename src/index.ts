/**
 * The whole SDK except webhooks, adapters and test tools, which have entries of their own. Importing it runs nothing, and what is not
 * used falls away in a bundle.
 *
 * @module wa-coexist
 */

// client
export { createClient } from './client/create-client.js';
export type { AccessTokenSource, Client, ClientOptions, GraphRequest, RequestAuth, RequestOptions, Target } from './client/client.js';
export { ApiPromise, type ApiAnswer, type ApiResponse } from './client/api-promise.js';
export type { Listing, Page, PageParameters } from './client/pagination.js';

// errors
export * from './errors/index.js';

// runtime
export { systemClock, wait, type Clock } from './runtime/clock.js';
export type { Instrument } from './runtime/instrument.js';
export type { LogFacts, Logger } from './runtime/logger.js';
export type { Handler, Subscribable } from './runtime/emitter.js';
export type { JsonObject, JsonValue } from './runtime/json.js';

// policy
export { coexistencePolicy, type CoexistencePolicy, type PolicyOptions, type PolicyOverrides } from './policy/policy.js';
export type { CoexistenceFeature, FeatureFacts, InApp } from './policy/features.js';
export type { CoexistenceLimits } from './policy/limits.js';
export type { Rule } from './policy/rule.js';

// messages
export { sendMessage, type SendMessageParameters, type SentMessage } from './messages/send-message.js';
export { markAsRead, type MarkAsReadParameters } from './messages/mark-as-read.js';
export { reaction, template, text } from './messages/builders.js';
export type { OutgoingMessage } from './messages/outgoing/outgoing-message.js';
export type { MessageEnvelope } from './messages/outgoing/envelope.js';
export type * from './messages/outgoing/plain.js';
export type * from './messages/outgoing/media.js';
export type * from './messages/outgoing/interactive-parts.js';
export type * from './messages/outgoing/interactive.js';
export type * from './messages/outgoing/order.js';
export type * from './messages/outgoing/template.js';

// phone numbers
export { getPhoneNumber, type GetPhoneNumberParameters } from './phone-numbers/get-phone-number.js';
export { listPhoneNumbers, type ListPhoneNumbersParameters } from './phone-numbers/list-phone-numbers.js';
export { requestAppDataSync, type AppDataSyncAnswer, type RequestAppDataSyncParameters } from './phone-numbers/request-app-data-sync.js';
export { isCoexistenceNumber, type PhoneNumber } from './phone-numbers/phone-number.js';

// business accounts
export {
  listSubscribedApps,
  subscribeApp,
  type SubscribedApp,
  type SubscribedAppsParameters,
} from './business-accounts/subscribed-apps.js';

// templates
export { listTemplates, type ListTemplatesParameters, type MessageTemplate } from './templates/list-templates.js';

// access tokens
export { debugToken, type TokenFacts } from './access-tokens/debug-token.js';
export { exchangeCode, type BusinessToken, type ExchangeCodeParameters } from './access-tokens/exchange-code.js';
export { listAppSubscriptions, type AppSubscription } from './access-tokens/list-app-subscriptions.js';

// everything bound to one client
export { createWhatsApp, type Bound, type WhatsApp } from './whatsapp/create-whatsapp.js';

// sender
export { createSender } from './sender/create-sender.js';
export type {
  Priority,
  SendAllOptions,
  SendAllResult,
  Sender,
  SenderEvents,
  SenderMessageEvent,
  SenderOptions,
  SenderStats,
  SendItem,
  SendOptions,
  SendProgress,
  StatusSource,
} from './sender/sender.js';
export type { AcceptedSend, RejectedBy, RejectedSend, SendResult, Settlement, UnknownSend } from './sender/send-result.js';
export type { Throughput } from './sender/throughput.js';
export type { Pacing } from './sender/pacer.js';

// coexistence
export * from './coexistence/index.js';

// stores
export { memoryStore, type MemoryStoreOptions } from './stores/memory.js';
export {
  updateEntry,
  type ListOptions,
  type ListedEntry,
  type SetOptions,
  type Store,
  type StoreEntry,
  type StoreOperation,
  type WriteResult,
} from './stores/store.js';
