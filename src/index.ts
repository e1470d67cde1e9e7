/**
 * Client, actions, errors, sender and `createCoexistence`. Message builders, webhooks, stores and test tools have separate entries.
 * Importing the package has no side effects, so bundlers remove unused code.
 *
 * @module wa-coexist
 */

// client
export { createClient } from './client/create-client.js';
export type {
  AccessTokenSource,
  Client,
  ClientConnection,
  ClientOptions,
  GraphRequest,
  RequestAuth,
  RequestOptions,
  RequestTarget,
} from './client/client.js';
export { ApiPromise, type ApiResult, type ApiResponse } from './client/api-promise.js';
export type { Listing, ListPage, PageParameters } from './client/pagination.js';
export type { CreatedId, SuccessResult } from './client/results.js';
export type { PhoneNumberParameters } from './client/target-parameters.js';
export type { FileSource } from './client/file-source.js';
export type { BodyStream } from './client/body-stream.js';
export type { HealthStatus } from './client/health-status.js';

// errors
export * from './errors/classes.js';

// runtime
export { systemClock, wait, type Clock } from './runtime/clock.js';
export type { Instrument } from './runtime/instrument.js';
export { findMessageId, messageToken, parseMessageId, sameMessage, type MessageIdParts } from './identity/message-id.js';
export { personKeys, samePerson, type PersonIds, type PersonKey, type PersonOptions } from './identity/person.js';
export { comparablePhoneNumber, normalizePhoneNumber, samePhoneNumber } from './identity/phone-number-spellings.js';
export { recipientOf, type MessageRecipient } from './identity/recipient.js';
export { loggerFrom, silentLogger, type Logger, type LogLevel } from './runtime/logger.js';
export type { EventHandler, Subscribable } from './runtime/emitter.js';
export type { JsonObject, JsonValue } from './runtime/json.js';
export { markAsRead, type MarkAsReadParameters } from './messages/mark-as-read.js';
export type { MessageContent } from './messages/outgoing/envelope.js';
export type { OutgoingMessage } from './messages/outgoing/outgoing-message.js';
export { reply, replyTo, type ReplyMessage, type ReplyableEvent, type ReplyContent, type ReplyOptions } from './messages/reply.js';
export { sendMarketingMessage, type MarketingMessage, type SendMarketingMessageParameters } from './messages/send-marketing-message.js';
export { sendMessage, type SentMessage, type SendMessageParameters } from './messages/send-message.js';

// media
export { deleteMedia } from './media/delete-media.js';
export { downloadMedia, type DownloadMediaParameters } from './media/download-media.js';
export type { MediaDownload } from './media/media-download.js';
export type { MediaDownloadPromise } from './media/media-download-promise.js';
export type { SavedMedia, SaveMediaOptions } from './media/save-to-file.js';
export { sendFile, type SendFileParameters, type SentFile } from './conversations/send-file.js';
export { getMedia, type MediaParameters } from './media/get-media.js';
export type { MediaFile } from './media/media-file.js';
export { safeFilename } from './media/safe-filename.js';
export { uploadMedia, type UploadMediaParameters } from './media/upload-media.js';

// uploads
export { createUpload, type CreateUploadParameters } from './uploads/create-upload.js';
export { getUpload, type GetUploadParameters } from './uploads/get-upload.js';
export { sendUpload, type SendUploadParameters } from './uploads/send-upload.js';
export { uploadFile, type UploadFileParameters } from './uploads/upload-file.js';
export { uploadTemplateSample } from './uploads/upload-template-sample.js';
export type { UploadSession, UploadedFile } from './uploads/upload-session.js';

// templates
export { archiveTemplates, type ArchiveTemplatesParameters, type ArchivedTemplates } from './templates/archive-templates.js';
export { compareTemplates, type CompareTemplatesParameters, type TemplateComparison } from './templates/compare-templates.js';
export { createTemplate, type CreateTemplateParameters, type CreatedTemplate } from './templates/create-template.js';
export { deleteTemplates, type DeleteTemplatesParameters } from './templates/delete-templates.js';
export { editTemplate, type EditTemplateParameters } from './templates/edit-template.js';
export { getTemplate, type GetTemplateParameters } from './templates/get-template.js';
export { listLibraryTemplates, type ListLibraryTemplatesParameters, type LibraryTemplate } from './templates/list-library-templates.js';
export { listTemplates, type ListTemplatesParameters } from './templates/list-templates.js';
export type { MessageTemplate } from './templates/message-template.js';
export { migrateTemplates, type MigrateTemplatesParameters, type MigratedTemplates } from './templates/migrate-templates.js';
export { previewTemplates, type PreviewTemplatesParameters, type TemplatePreview } from './templates/preview-templates.js';
export type { TemplateCategory } from './templates/template-definition.js';
export { unarchiveTemplates, type UnarchiveTemplatesParameters, type UnarchivedTemplates } from './templates/unarchive-templates.js';
export { unpauseTemplate, type UnpausedTemplate, type UnpauseTemplateParameters } from './templates/unpause-template.js';
export {
  upsertTemplates,
  type UpsertTemplatesParameters,
  type UpsertedTemplate,
  type UpsertedTemplates,
} from './templates/upsert-templates.js';

// phone numbers
export { addPhoneNumber, type AddPhoneNumberParameters } from './phone-numbers/add-phone-number.js';
export type { BusinessComplianceInfo } from './phone-numbers/business-compliance-info.js';
export { deregisterPhoneNumber } from './phone-numbers/deregister-phone-number.js';
export { getBusinessComplianceInfo } from './phone-numbers/get-business-compliance-info.js';
export { getConversationalAutomation } from './phone-numbers/get-conversational-automation.js';
export { getEncryptionKey, type EncryptionKey } from './phone-numbers/get-encryption-key.js';
export { getOfficialBusinessAccount, type OfficialBusinessAccount } from './phone-numbers/get-official-business-account.js';
export { getPhoneNumberSettings, type GetPhoneNumberSettingsParameters } from './phone-numbers/get-phone-number-settings.js';
export { getPhoneNumber, type GetPhoneNumberParameters } from './phone-numbers/get-phone-number.js';
export {
  listMessageHistoryEvents,
  type ListMessageHistoryEventsParameters,
  type MessageHistoryEvent,
  type MessageHistoryEdge,
} from './phone-numbers/list-message-history-events.js';
export { listMessageHistory, type ListMessageHistoryParameters, type MessageHistory } from './phone-numbers/list-message-history.js';
export { listPhoneNumbers, type ListPhoneNumbersParameters } from './phone-numbers/list-phone-numbers.js';
export type { PhoneNumberSettings } from './phone-numbers/phone-number-settings.js';
export { phoneNumberFields } from './phone-numbers/phone-number-fields.js';
export { isCoexistenceNumber, type PhoneNumber, type ConversationalAutomation } from './phone-numbers/phone-number.js';
export { registerPhoneNumber, type RegisterPhoneNumberParameters } from './phone-numbers/register-phone-number.js';
export { requestAppDataSync, type RequestAppDataSyncParameters, type AppDataSyncResult } from './phone-numbers/request-app-data-sync.js';
export { requestDisplayName, type RequestDisplayNameParameters } from './phone-numbers/request-display-name.js';
export {
  requestOfficialBusinessAccount,
  type RequestOfficialBusinessAccountParameters,
} from './phone-numbers/request-official-business-account.js';
export { requestVerificationCode, type RequestVerificationCodeParameters } from './phone-numbers/request-verification-code.js';
export { setConversationalAutomation, type SetConversationalAutomationParameters } from './phone-numbers/set-conversational-automation.js';
export { setEncryptionKey, type SetEncryptionKeyParameters } from './phone-numbers/set-encryption-key.js';
export { setPhoneNumberWebhook, type SetPhoneNumberWebhookParameters } from './phone-numbers/set-phone-number-webhook.js';
export { setSearchVisibility, type SetSearchVisibilityParameters } from './phone-numbers/set-search-visibility.js';
export { setTwoStepPin, type SetTwoStepPinParameters } from './phone-numbers/set-two-step-pin.js';
export {
  updateBusinessComplianceInfo,
  type UpdateBusinessComplianceInfoParameters,
} from './phone-numbers/update-business-compliance-info.js';
export { updatePhoneNumberSettings, type UpdatePhoneNumberSettingsParameters } from './phone-numbers/update-phone-number-settings.js';
export { verifyCode, type VerifyCodeParameters } from './phone-numbers/verify-code.js';

// business accounts
export { assignUser, type AssignUserParameters } from './business-accounts/assign-user.js';
export type { BusinessAccount } from './business-accounts/business-account.js';
export { getBusinessAccount, type GetBusinessAccountParameters } from './business-accounts/get-business-account.js';
export { listAssignedUsers, type ListAssignedUsersParameters, type AssignedUser } from './business-accounts/list-assigned-users.js';
export { listClientBusinessAccounts } from './business-accounts/list-client-business-accounts.js';
export { listOwnedBusinessAccounts } from './business-accounts/list-owned-business-accounts.js';
export { listSubscribedApps } from './business-accounts/list-subscribed-apps.js';
export type { PortfolioParameters } from './business-accounts/portfolio-parameters.js';
export { removeAssignedUser, type RemoveAssignedUserParameters } from './business-accounts/remove-assigned-user.js';
export { subscribeApp, type SubscribeAppParameters } from './business-accounts/subscribe-app.js';
export type { SubscribedApp, SubscribedAppsParameters } from './business-accounts/subscribed-app.js';
export { unsubscribeApp } from './business-accounts/unsubscribe-app.js';
export { updateBusinessAccount, type UpdateBusinessAccountParameters } from './business-accounts/update-business-account.js';

// business profiles
export type { BusinessProfile } from './business-profiles/business-profile.js';
export { getBusinessProfile, type GetBusinessProfileParameters } from './business-profiles/get-business-profile.js';
export { updateBusinessProfile, type UpdateBusinessProfileParameters } from './business-profiles/update-business-profile.js';

// flows
export { createFlowEndpoint } from './flows/endpoint/create-flow-endpoint.js';
export { createFlow, type CreateFlowParameters, type CreatedFlow } from './flows/create-flow.js';
export { deleteFlow } from './flows/delete-flow.js';
export { deprecateFlow } from './flows/deprecate-flow.js';
export type { FlowParameters } from './flows/flow-parameters.js';
export type { FlowDetails } from './flows/flow.js';
export { getFlow, type GetFlowParameters } from './flows/get-flow.js';
export { listFlowAssets, type ListFlowAssetsParameters, type FlowAsset } from './flows/list-flow-assets.js';
export { listFlows, type ListFlowsParameters } from './flows/list-flows.js';
export { migrateFlows, type MigrateFlowsParameters, type MigratedFlows } from './flows/migrate-flows.js';
export { publishFlow } from './flows/publish-flow.js';
export { updateFlow, type UpdateFlowParameters } from './flows/update-flow.js';
export { uploadFlowJson, type UploadFlowJsonParameters, type UploadedFlowJson } from './flows/upload-flow-json.js';

// qr codes
export { createQrCode, type CreateQrCodeParameters } from './qr-codes/create-qr-code.js';
export { deleteQrCode, type DeleteQrCodeParameters } from './qr-codes/delete-qr-code.js';
export { getQrCode, type GetQrCodeParameters } from './qr-codes/get-qr-code.js';
export { listQrCodes, type ListQrCodesParameters } from './qr-codes/list-qr-codes.js';
export type { QrCode } from './qr-codes/qr-code.js';
export { updateQrCode, type UpdateQrCodeParameters } from './qr-codes/update-qr-code.js';

// block users
export type { BlockedUser, BlockUsersParameters, BlockUsersResult } from './block-users/block-users-result.js';
export { blockUsers } from './block-users/block-users.js';
export { listBlockedUsers, type ListBlockedUsersParameters, type ListedBlockedUser } from './block-users/list-blocked-users.js';
export { unblockUsers } from './block-users/unblock-users.js';

// commerce
export type { CommerceSettings } from './commerce/commerce-settings.js';
export { getCommerceSettings } from './commerce/get-commerce-settings.js';
export { updateCommerceSettings, type UpdateCommerceSettingsParameters } from './commerce/update-commerce-settings.js';

// analytics
export type { AnalyticsPeriod } from './analytics/period.js';
export {
  getConversationAnalytics,
  type GetConversationAnalyticsParameters,
  type ConversationDataPoint,
} from './analytics/get-conversation-analytics.js';
export {
  getMessageAnalytics,
  type GetMessageAnalyticsParameters,
  type MessageDataPoint,
  type MessageAnalytics,
} from './analytics/get-message-analytics.js';
export { getPricingAnalytics, type GetPricingAnalyticsParameters, type PricingDataPoint } from './analytics/get-pricing-analytics.js';
export {
  listTemplateAnalytics,
  type ListTemplateAnalyticsParameters,
  type TemplateDataPoint,
  type TemplateAnalytics,
} from './analytics/list-template-analytics.js';

// calls
export { acceptCall, type AcceptCallParameters } from './calls/accept-call.js';
export type { CallRecipient, CallParameters, AnswerCallParameters, CallCaptureParameters } from './calls/call-request.js';
export { connectCall, type ConnectCallParameters, type ConnectedCall } from './calls/connect-call.js';
export { getCallPermissions, type GetCallPermissionsParameters, type CallPermissions } from './calls/get-call-permissions.js';
export { preAcceptCall } from './calls/pre-accept-call.js';
export { rejectCall } from './calls/reject-call.js';
export { terminateCall } from './calls/terminate-call.js';

// thread control
export { passThreadControl, type PassThreadControlParameters } from './thread-control/pass-thread-control.js';
export { releaseThreadControl } from './thread-control/release-thread-control.js';
export type { OpenEnum } from './runtime/open-enum.js';
export type { ThreadRole } from './webhooks/fields/handovers.js';
export { takeThreadControl } from './thread-control/take-thread-control.js';
export type { ThreadControlResult, ThreadCustomer, ThreadParameters } from './thread-control/thread-control-request.js';

// groups
export { approveJoinRequests } from './groups/approve-join-requests.js';
export { createGroup, type CreateGroupParameters } from './groups/create-group.js';
export { deleteGroup } from './groups/delete-group.js';
export { getGroupInviteLink, type GroupInviteLink } from './groups/get-group-invite-link.js';
export { getGroup, type GetGroupParameters, type GroupParticipant, type GroupDetails } from './groups/get-group.js';
export type { GroupParameters, GroupResult } from './groups/group-parameters.js';
export type { JoinRequestsParameters, JoinRequestsResult } from './groups/join-request-answers.js';
export { listGroups, type ListGroupsParameters, type GroupSummary } from './groups/list-groups.js';
export { listJoinRequests, type ListJoinRequestsParameters, type JoinRequest } from './groups/list-join-requests.js';
export { rejectJoinRequests } from './groups/reject-join-requests.js';
export { removeGroupParticipants, type RemoveGroupParticipantsParameters } from './groups/remove-group-participants.js';
export { resetGroupInviteLink } from './groups/reset-group-invite-link.js';
export { updateGroup, type UpdateGroupParameters } from './groups/update-group.js';

// usernames
export {
  deleteContactBookEntry,
  type DeleteContactBookEntryParameters,
  type DeletedContactBookEntry,
} from './usernames/delete-contact-book-entry.js';
export { deleteUsername } from './usernames/delete-username.js';
export { getUsername, type UsernameDetails } from './usernames/get-username.js';
export { listUsernameSuggestions } from './usernames/list-username-suggestions.js';
export { setUsername, type SetUsernameParameters } from './usernames/set-username.js';

// access tokens
export type { AppParameters } from './access-tokens/app-parameters.js';
export { debugToken, type DebugTokenParameters, type TokenFacts } from './access-tokens/debug-token.js';
export { exchangeCode, type ExchangeCodeParameters, type BusinessToken } from './access-tokens/exchange-code.js';
export { getAppAccessToken, type AppAccessToken } from './access-tokens/get-app-access-token.js';
export { listAppSubscriptions, type AppSubscription } from './access-tokens/list-app-subscriptions.js';
export { subscribeAppFields, type SubscribeAppFieldsParameters } from './access-tokens/subscribe-app-fields.js';
export { unsubscribeAppFields, type UnsubscribeAppFieldsParameters } from './access-tokens/unsubscribe-app-fields.js';

// everything bound to one client
export { createWhatsApp } from './whatsapp/create-whatsapp.js';
export type { WhatsApp } from './whatsapp/whatsapp.js';
export type { BoundAction } from './whatsapp/bound-action.js';

// sender
export { callbackDataOf } from './sender/attempts/callback-data.js';
export type { CancelResult } from './sender/cancel-result.js';
export { createSender } from './sender/create-sender.js';
export type { CampaignReport, Campaigns, CampaignState } from './sender/campaigns/campaigns.js';
export type { GuardVerdict, MessageCategory, SendGuard, SendGuardContext } from './sender/guard.js';
export type { OnUnknown } from './sender/send-options.js';
export type { SendPacing } from './sender/pacing/pacer.js';
export type { PlanOptions, SendPlan } from './sender/campaigns/plan.js';
export type { SendPlanProblem } from './sender/campaigns/plan-problems.js';
export type { SendPriority } from './sender/queue/priority.js';
export type { SendAllOptions, SendAllResult, SendProgress } from './sender/campaigns/send-all-options.js';
export type { EnqueueOptions, SenderNumber, SendItem, SendOptions } from './sender/send-options.js';
export type { AcceptedSend, RejectedBy, RejectedSend, SendResult, SendSettlement, UnknownSend } from './sender/send-result.js';
export type { Sender, SenderNumberOptions, SenderSweepOptions, SenderSweepResult } from './sender/sender.js';
export type { SenderEvents, SenderMessageEvent, SettledSend } from './sender/sender-events.js';
export type { SenderOptions, StatusSource } from './sender/sender-options.js';
export type { SenderFleetStats, SenderStats } from './sender/sender-stats.js';
export type { SendThroughput } from './sender/pacing/throughput.js';
export type { ThroughputChange } from './sender/pacing/throughput-readings.js';
export type { AccountEventName, SenderWebhookRegistration, SenderWebhooks } from './sender/settlement/webhook-wiring.js';

// coexistence
export { createCoexistence } from './coexistence/create-coexistence.js';
export type { Coexistence, CoexistenceOptions } from './coexistence/coexistence.js';
export type { CoexistenceEvents } from './coexistence/events.js';

// mirror

// stores
export { memoryStore, type MemoryStoreOptions } from './stores/memory.js';
export type { ListOptions, ListedEntry, SetOptions, Store, StoreEntry, BatchResult, StoreOperation, WriteResult } from './stores/store.js';
