import type { debugToken } from '../access-tokens/debug-token.js';
import type { exchangeCode } from '../access-tokens/exchange-code.js';
import type { getAppAccessToken } from '../access-tokens/get-app-access-token.js';
import type { listAppSubscriptions } from '../access-tokens/list-app-subscriptions.js';
import type { subscribeAppFields } from '../access-tokens/subscribe-app-fields.js';
import type { unsubscribeAppFields } from '../access-tokens/unsubscribe-app-fields.js';
import type { getConversationAnalytics } from '../analytics/get-conversation-analytics.js';
import type { getMessageAnalytics } from '../analytics/get-message-analytics.js';
import type { getPricingAnalytics } from '../analytics/get-pricing-analytics.js';
import type { listTemplateAnalytics } from '../analytics/list-template-analytics.js';
import type { blockUsers } from '../block-users/block-users.js';
import type { listBlockedUsers } from '../block-users/list-blocked-users.js';
import type { unblockUsers } from '../block-users/unblock-users.js';
import type { assignUser } from '../business-accounts/assign-user.js';
import type { getBusinessAccount } from '../business-accounts/get-business-account.js';
import type { listAssignedUsers } from '../business-accounts/list-assigned-users.js';
import type { listClientBusinessAccounts } from '../business-accounts/list-client-business-accounts.js';
import type { listOwnedBusinessAccounts } from '../business-accounts/list-owned-business-accounts.js';
import type { listSubscribedApps } from '../business-accounts/list-subscribed-apps.js';
import type { removeAssignedUser } from '../business-accounts/remove-assigned-user.js';
import type { subscribeApp } from '../business-accounts/subscribe-app.js';
import type { unsubscribeApp } from '../business-accounts/unsubscribe-app.js';
import type { updateBusinessAccount } from '../business-accounts/update-business-account.js';
import type { getBusinessProfile } from '../business-profiles/get-business-profile.js';
import type { updateBusinessProfile } from '../business-profiles/update-business-profile.js';
import type { acceptCall } from '../calls/accept-call.js';
import type { connectCall } from '../calls/connect-call.js';
import type { getCallPermissions } from '../calls/get-call-permissions.js';
import type { preAcceptCall } from '../calls/pre-accept-call.js';
import type { rejectCall } from '../calls/reject-call.js';
import type { terminateCall } from '../calls/terminate-call.js';
import type { getCommerceSettings } from '../commerce/get-commerce-settings.js';
import type { updateCommerceSettings } from '../commerce/update-commerce-settings.js';
import type { sendFile } from '../conversations/send-file.js';
import type { createFlow } from '../flows/create-flow.js';
import type { deleteFlow } from '../flows/delete-flow.js';
import type { deprecateFlow } from '../flows/deprecate-flow.js';
import type { getFlow } from '../flows/get-flow.js';
import type { listFlowAssets } from '../flows/list-flow-assets.js';
import type { listFlows } from '../flows/list-flows.js';
import type { migrateFlows } from '../flows/migrate-flows.js';
import type { publishFlow } from '../flows/publish-flow.js';
import type { updateFlow } from '../flows/update-flow.js';
import type { uploadFlowJson } from '../flows/upload-flow-json.js';
import type { approveJoinRequests } from '../groups/approve-join-requests.js';
import type { createGroup } from '../groups/create-group.js';
import type { deleteGroup } from '../groups/delete-group.js';
import type { getGroup } from '../groups/get-group.js';
import type { getGroupInviteLink } from '../groups/get-group-invite-link.js';
import type { listGroups } from '../groups/list-groups.js';
import type { listJoinRequests } from '../groups/list-join-requests.js';
import type { rejectJoinRequests } from '../groups/reject-join-requests.js';
import type { removeGroupParticipants } from '../groups/remove-group-participants.js';
import type { resetGroupInviteLink } from '../groups/reset-group-invite-link.js';
import type { updateGroup } from '../groups/update-group.js';
import type { deleteMedia } from '../media/delete-media.js';
import type { downloadMedia } from '../media/download-media.js';
import type { getMedia } from '../media/get-media.js';
import type { uploadMedia } from '../media/upload-media.js';
import type { markAsRead } from '../messages/mark-as-read.js';
import type { sendMarketingMessage } from '../messages/send-marketing-message.js';
import type { ReplyableEvent, ReplyContent, ReplyOptions } from '../messages/reply.js';
import type { SendMessageParameters, SentMessage } from '../messages/send-message.js';
import type { addPhoneNumber } from '../phone-numbers/add-phone-number.js';
import type { deregisterPhoneNumber } from '../phone-numbers/deregister-phone-number.js';
import type { getBusinessComplianceInfo } from '../phone-numbers/get-business-compliance-info.js';
import type { getConversationalAutomation } from '../phone-numbers/get-conversational-automation.js';
import type { getEncryptionKey } from '../phone-numbers/get-encryption-key.js';
import type { getOfficialBusinessAccount } from '../phone-numbers/get-official-business-account.js';
import type { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import type { getPhoneNumberSettings } from '../phone-numbers/get-phone-number-settings.js';
import type { listMessageHistory } from '../phone-numbers/list-message-history.js';
import type { listMessageHistoryEvents } from '../phone-numbers/list-message-history-events.js';
import type { listPhoneNumbers } from '../phone-numbers/list-phone-numbers.js';
import type { registerPhoneNumber } from '../phone-numbers/register-phone-number.js';
import type { requestAppDataSync } from '../phone-numbers/request-app-data-sync.js';
import type { requestDisplayName } from '../phone-numbers/request-display-name.js';
import type { requestOfficialBusinessAccount } from '../phone-numbers/request-official-business-account.js';
import type { requestVerificationCode } from '../phone-numbers/request-verification-code.js';
import type { setConversationalAutomation } from '../phone-numbers/set-conversational-automation.js';
import type { setEncryptionKey } from '../phone-numbers/set-encryption-key.js';
import type { setPhoneNumberWebhook } from '../phone-numbers/set-phone-number-webhook.js';
import type { setSearchVisibility } from '../phone-numbers/set-search-visibility.js';
import type { setTwoStepPin } from '../phone-numbers/set-two-step-pin.js';
import type { updateBusinessComplianceInfo } from '../phone-numbers/update-business-compliance-info.js';
import type { updatePhoneNumberSettings } from '../phone-numbers/update-phone-number-settings.js';
import type { verifyCode } from '../phone-numbers/verify-code.js';
import type { createQrCode } from '../qr-codes/create-qr-code.js';
import type { deleteQrCode } from '../qr-codes/delete-qr-code.js';
import type { getQrCode } from '../qr-codes/get-qr-code.js';
import type { listQrCodes } from '../qr-codes/list-qr-codes.js';
import type { updateQrCode } from '../qr-codes/update-qr-code.js';
import type { archiveTemplates } from '../templates/archive-templates.js';
import type { compareTemplates } from '../templates/compare-templates.js';
import type { createTemplate } from '../templates/create-template.js';
import type { deleteTemplates } from '../templates/delete-templates.js';
import type { editTemplate } from '../templates/edit-template.js';
import type { getTemplate } from '../templates/get-template.js';
import type { listLibraryTemplates } from '../templates/list-library-templates.js';
import type { listTemplates } from '../templates/list-templates.js';
import type { migrateTemplates } from '../templates/migrate-templates.js';
import type { previewTemplates } from '../templates/preview-templates.js';
import type { unarchiveTemplates } from '../templates/unarchive-templates.js';
import type { unpauseTemplate } from '../templates/unpause-template.js';
import type { upsertTemplates } from '../templates/upsert-templates.js';
import type { createUpload } from '../uploads/create-upload.js';
import type { getUpload } from '../uploads/get-upload.js';
import type { sendUpload } from '../uploads/send-upload.js';
import type { uploadFile } from '../uploads/upload-file.js';
import type { uploadTemplateSample } from '../uploads/upload-template-sample.js';
import type { deleteContactBookEntry } from '../usernames/delete-contact-book-entry.js';
import type { deleteUsername } from '../usernames/delete-username.js';
import type { getUsername } from '../usernames/get-username.js';
import type { listUsernameSuggestions } from '../usernames/list-username-suggestions.js';
import type { setUsername } from '../usernames/set-username.js';
import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import type { passThreadControl } from '../thread-control/pass-thread-control.js';
import type { releaseThreadControl } from '../thread-control/release-thread-control.js';
import type { takeThreadControl } from '../thread-control/take-thread-control.js';
import type { BoundAction, BoundUnlessCoexistence } from './bound-action.js';

/**
 * All actions of the library as methods, bound to one client: `wa.<resource>.<verb>`. The doc comment of each action
 * describes it. {@link createWhatsApp} creates it.
 */
export interface WhatsApp<Coexistence extends boolean = boolean> {
  /** The client that the actions use. */
  readonly client: Client<Coexistence>;
  /**
   * Calls any endpoint of the Graph API, including endpoints without an action in this library. See
   * {@link Client.request}.
   */
  readonly request: Client['request'];
  readonly messages: {
    /** Calls {@link sendMessage}. */
    readonly send: (parameters: SendMessageParameters<Coexistence>, options?: RequestOptions) => ApiPromise<SentMessage>;
    /** Calls {@link sendMarketingMessage}. */
    readonly sendMarketing: BoundAction<typeof sendMarketingMessage>;
    /** Calls {@link reply}. */
    readonly reply: (
      event: ReplyableEvent,
      content: ReplyContent<Coexistence>,
      options?: ReplyOptions & RequestOptions,
    ) => ApiPromise<SentMessage>;
    /** Calls {@link sendFile}. */
    readonly sendFile: BoundAction<typeof sendFile>;
    /** Calls {@link markAsRead}. */
    readonly markAsRead: BoundAction<typeof markAsRead>;
  };
  readonly media: {
    /** Calls {@link uploadMedia}. */
    readonly upload: BoundAction<typeof uploadMedia>;
    /** Calls {@link getMedia}. */
    readonly get: BoundAction<typeof getMedia>;
    /** Calls {@link downloadMedia}. */
    readonly download: BoundAction<typeof downloadMedia>;
    /** Calls {@link deleteMedia}. */
    readonly delete: BoundAction<typeof deleteMedia>;
  };
  readonly uploads: {
    /** Calls {@link uploadFile}. */
    readonly file: BoundAction<typeof uploadFile>;
    /** Calls {@link createUpload}. */
    readonly create: BoundAction<typeof createUpload>;
    /** Calls {@link sendUpload}. */
    readonly send: BoundAction<typeof sendUpload>;
    /** Calls {@link getUpload}. */
    readonly get: BoundAction<typeof getUpload>;
  };
  readonly templates: {
    /** Calls {@link listTemplates}. */
    readonly list: BoundAction<typeof listTemplates>;
    /** Calls {@link getTemplate}. */
    readonly get: BoundAction<typeof getTemplate>;
    /** Calls {@link createTemplate}. */
    readonly create: BoundAction<typeof createTemplate>;
    /** Calls {@link editTemplate}. */
    readonly edit: BoundAction<typeof editTemplate>;
    /** Calls {@link deleteTemplates}. */
    readonly delete: BoundAction<typeof deleteTemplates>;
    /** Calls {@link upsertTemplates}. */
    readonly upsert: BoundAction<typeof upsertTemplates>;
    /** Calls {@link uploadTemplateSample}. */
    readonly uploadSample: BoundAction<typeof uploadTemplateSample>;
    /** Calls {@link previewTemplates}. */
    readonly preview: BoundAction<typeof previewTemplates>;
    /** Calls {@link listLibraryTemplates}. */
    readonly listLibrary: BoundAction<typeof listLibraryTemplates>;
    /** Calls {@link compareTemplates}. */
    readonly compare: BoundAction<typeof compareTemplates>;
    /** Calls {@link migrateTemplates}. */
    readonly migrate: BoundAction<typeof migrateTemplates>;
    /** Calls {@link unpauseTemplate}. */
    readonly unpause: BoundAction<typeof unpauseTemplate>;
    /** Calls {@link archiveTemplates}. */
    readonly archive: BoundAction<typeof archiveTemplates>;
    /** Calls {@link unarchiveTemplates}. */
    readonly unarchive: BoundAction<typeof unarchiveTemplates>;
  };
  readonly phoneNumbers: {
    /** Calls {@link listPhoneNumbers}. */
    readonly list: BoundAction<typeof listPhoneNumbers>;
    /** Calls {@link getPhoneNumber}. */
    readonly get: BoundAction<typeof getPhoneNumber>;
    /** Calls {@link addPhoneNumber}. */
    readonly add: BoundUnlessCoexistence<typeof addPhoneNumber, Coexistence>;
    /** Calls {@link requestVerificationCode}. */
    readonly requestVerificationCode: BoundUnlessCoexistence<typeof requestVerificationCode, Coexistence>;
    /** Calls {@link verifyCode}. */
    readonly verifyCode: BoundUnlessCoexistence<typeof verifyCode, Coexistence>;
    /** Calls {@link registerPhoneNumber}. */
    readonly register: BoundUnlessCoexistence<typeof registerPhoneNumber, Coexistence>;
    /** Calls {@link deregisterPhoneNumber}. */
    readonly deregister: BoundUnlessCoexistence<typeof deregisterPhoneNumber, Coexistence>;
    /** Calls {@link setTwoStepPin}. */
    readonly setTwoStepPin: BoundUnlessCoexistence<typeof setTwoStepPin, Coexistence>;
    /** Calls {@link getPhoneNumberSettings}. */
    readonly getSettings: BoundAction<typeof getPhoneNumberSettings>;
    /** Calls {@link updatePhoneNumberSettings}. */
    readonly updateSettings: BoundAction<typeof updatePhoneNumberSettings>;
    /** Calls {@link requestDisplayName}. */
    readonly requestDisplayName: BoundAction<typeof requestDisplayName>;
    /** Calls {@link setPhoneNumberWebhook}. */
    readonly setWebhook: BoundAction<typeof setPhoneNumberWebhook>;
    /** Calls {@link setSearchVisibility}. */
    readonly setSearchVisibility: BoundAction<typeof setSearchVisibility>;
    /** Calls {@link getOfficialBusinessAccount}. */
    readonly getOfficialBusinessAccount: BoundAction<typeof getOfficialBusinessAccount>;
    /** Calls {@link requestOfficialBusinessAccount}. */
    readonly requestOfficialBusinessAccount: BoundAction<typeof requestOfficialBusinessAccount>;
    /** Calls {@link getBusinessComplianceInfo}. */
    readonly getBusinessComplianceInfo: BoundAction<typeof getBusinessComplianceInfo>;
    /** Calls {@link updateBusinessComplianceInfo}. */
    readonly updateBusinessComplianceInfo: BoundAction<typeof updateBusinessComplianceInfo>;
    /** Calls {@link getEncryptionKey}. */
    readonly getEncryptionKey: BoundAction<typeof getEncryptionKey>;
    /** Calls {@link setEncryptionKey}. */
    readonly setEncryptionKey: BoundAction<typeof setEncryptionKey>;
    /** Calls {@link getConversationalAutomation}. */
    readonly getConversationalAutomation: BoundAction<typeof getConversationalAutomation>;
    /** Calls {@link setConversationalAutomation}. */
    readonly setConversationalAutomation: BoundAction<typeof setConversationalAutomation>;
    /** Calls {@link listMessageHistory}. */
    readonly listMessageHistory: BoundAction<typeof listMessageHistory>;
    /** Calls {@link listMessageHistoryEvents}. */
    readonly listMessageHistoryEvents: BoundAction<typeof listMessageHistoryEvents>;
    /** Calls {@link requestAppDataSync}. */
    readonly requestAppDataSync: BoundAction<typeof requestAppDataSync>;
  };
  readonly businessAccounts: {
    /** Calls {@link getBusinessAccount}. */
    readonly get: BoundAction<typeof getBusinessAccount>;
    /** Calls {@link updateBusinessAccount}. */
    readonly update: BoundAction<typeof updateBusinessAccount>;
    /** Calls {@link listOwnedBusinessAccounts}. */
    readonly listOwned: BoundAction<typeof listOwnedBusinessAccounts>;
    /** Calls {@link listClientBusinessAccounts}. */
    readonly listClient: BoundAction<typeof listClientBusinessAccounts>;
    /** Calls {@link listSubscribedApps}. */
    readonly listSubscribedApps: BoundAction<typeof listSubscribedApps>;
    /** Calls {@link subscribeApp}. */
    readonly subscribeApp: BoundAction<typeof subscribeApp>;
    /** Calls {@link unsubscribeApp}. */
    readonly unsubscribeApp: BoundAction<typeof unsubscribeApp>;
    /** Calls {@link listAssignedUsers}. */
    readonly listAssignedUsers: BoundAction<typeof listAssignedUsers>;
    /** Calls {@link assignUser}. */
    readonly assignUser: BoundAction<typeof assignUser>;
    /** Calls {@link removeAssignedUser}. */
    readonly removeAssignedUser: BoundAction<typeof removeAssignedUser>;
  };
  readonly businessProfiles: {
    /** Calls {@link getBusinessProfile}. */
    readonly get: BoundAction<typeof getBusinessProfile>;
    /** Calls {@link updateBusinessProfile}. */
    readonly update: BoundUnlessCoexistence<typeof updateBusinessProfile, Coexistence>;
  };
  readonly flows: {
    /** Calls {@link listFlows}. */
    readonly list: BoundAction<typeof listFlows>;
    /** Calls {@link getFlow}. */
    readonly get: BoundAction<typeof getFlow>;
    /** Calls {@link createFlow}. */
    readonly create: BoundAction<typeof createFlow>;
    /** Calls {@link updateFlow}. */
    readonly update: BoundAction<typeof updateFlow>;
    /** Calls {@link deleteFlow}. */
    readonly delete: BoundAction<typeof deleteFlow>;
    /** Calls {@link publishFlow}. */
    readonly publish: BoundAction<typeof publishFlow>;
    /** Calls {@link deprecateFlow}. */
    readonly deprecate: BoundAction<typeof deprecateFlow>;
    /** Calls {@link migrateFlows}. */
    readonly migrate: BoundAction<typeof migrateFlows>;
    /** Calls {@link listFlowAssets}. */
    readonly listAssets: BoundAction<typeof listFlowAssets>;
    /** Calls {@link uploadFlowJson}. */
    readonly uploadJson: BoundAction<typeof uploadFlowJson>;
  };
  readonly qrCodes: {
    /** Calls {@link listQrCodes}. */
    readonly list: BoundAction<typeof listQrCodes>;
    /** Calls {@link getQrCode}. */
    readonly get: BoundAction<typeof getQrCode>;
    /** Calls {@link createQrCode}. */
    readonly create: BoundAction<typeof createQrCode>;
    /** Calls {@link updateQrCode}. */
    readonly update: BoundAction<typeof updateQrCode>;
    /** Calls {@link deleteQrCode}. */
    readonly delete: BoundAction<typeof deleteQrCode>;
  };
  readonly blockedUsers: {
    /** Calls {@link listBlockedUsers}. */
    readonly list: BoundAction<typeof listBlockedUsers>;
    /** Calls {@link blockUsers}. */
    readonly block: BoundAction<typeof blockUsers>;
    /** Calls {@link unblockUsers}. */
    readonly unblock: BoundAction<typeof unblockUsers>;
  };
  readonly commerce: {
    /** Calls {@link getCommerceSettings}. */
    readonly getSettings: BoundAction<typeof getCommerceSettings>;
    /** Calls {@link updateCommerceSettings}. */
    readonly updateSettings: BoundAction<typeof updateCommerceSettings>;
  };
  readonly analytics: {
    /** Calls {@link getMessageAnalytics}. */
    readonly getMessages: BoundAction<typeof getMessageAnalytics>;
    /** Calls {@link getConversationAnalytics}. */
    readonly getConversations: BoundAction<typeof getConversationAnalytics>;
    /** Calls {@link getPricingAnalytics}. */
    readonly getPricing: BoundAction<typeof getPricingAnalytics>;
    /** Calls {@link listTemplateAnalytics}. */
    readonly listTemplates: BoundAction<typeof listTemplateAnalytics>;
  };
  readonly calls: {
    /** Calls {@link connectCall}. */
    readonly connect: BoundUnlessCoexistence<typeof connectCall, Coexistence>;
    /** Calls {@link preAcceptCall}. */
    readonly preAccept: BoundUnlessCoexistence<typeof preAcceptCall, Coexistence>;
    /** Calls {@link acceptCall}. */
    readonly accept: BoundUnlessCoexistence<typeof acceptCall, Coexistence>;
    /** Calls {@link rejectCall}. */
    readonly reject: BoundUnlessCoexistence<typeof rejectCall, Coexistence>;
    /** Calls {@link terminateCall}. */
    readonly terminate: BoundUnlessCoexistence<typeof terminateCall, Coexistence>;
    /** Calls {@link getCallPermissions}. */
    readonly getPermissions: BoundUnlessCoexistence<typeof getCallPermissions, Coexistence>;
  };
  readonly threadControl: {
    /** Calls {@link passThreadControl}. */
    readonly pass: BoundAction<typeof passThreadControl>;
    /** Calls {@link releaseThreadControl}. */
    readonly release: BoundAction<typeof releaseThreadControl>;
    /** Calls {@link takeThreadControl}. */
    readonly take: BoundAction<typeof takeThreadControl>;
  };
  readonly groups: {
    /** Calls {@link listGroups}. */
    readonly list: BoundUnlessCoexistence<typeof listGroups, Coexistence>;
    /** Calls {@link getGroup}. */
    readonly get: BoundUnlessCoexistence<typeof getGroup, Coexistence>;
    /** Calls {@link createGroup}. */
    readonly create: BoundUnlessCoexistence<typeof createGroup, Coexistence>;
    /** Calls {@link updateGroup}. */
    readonly update: BoundUnlessCoexistence<typeof updateGroup, Coexistence>;
    /** Calls {@link deleteGroup}. */
    readonly delete: BoundUnlessCoexistence<typeof deleteGroup, Coexistence>;
    /** Calls {@link getGroupInviteLink}. */
    readonly getInviteLink: BoundUnlessCoexistence<typeof getGroupInviteLink, Coexistence>;
    /** Calls {@link resetGroupInviteLink}. */
    readonly resetInviteLink: BoundUnlessCoexistence<typeof resetGroupInviteLink, Coexistence>;
    /** Calls {@link listJoinRequests}. */
    readonly listJoinRequests: BoundUnlessCoexistence<typeof listJoinRequests, Coexistence>;
    /** Calls {@link approveJoinRequests}. */
    readonly approveJoinRequests: BoundUnlessCoexistence<typeof approveJoinRequests, Coexistence>;
    /** Calls {@link rejectJoinRequests}. */
    readonly rejectJoinRequests: BoundUnlessCoexistence<typeof rejectJoinRequests, Coexistence>;
    /** Calls {@link removeGroupParticipants}. */
    readonly removeParticipants: BoundUnlessCoexistence<typeof removeGroupParticipants, Coexistence>;
  };
  readonly usernames: {
    /** Calls {@link getUsername}. */
    readonly get: BoundAction<typeof getUsername>;
    /** Calls {@link setUsername}. */
    readonly set: BoundAction<typeof setUsername>;
    /** Calls {@link deleteUsername}. */
    readonly delete: BoundAction<typeof deleteUsername>;
    /** Calls {@link listUsernameSuggestions}. */
    readonly listSuggestions: BoundAction<typeof listUsernameSuggestions>;
    /** Calls {@link deleteContactBookEntry}. */
    readonly deleteContactBookEntry: BoundAction<typeof deleteContactBookEntry>;
  };
  readonly accessTokens: {
    /** Calls {@link exchangeCode}. */
    readonly exchangeCode: BoundAction<typeof exchangeCode>;
    /** Calls {@link debugToken}. */
    readonly debug: BoundAction<typeof debugToken>;
    /** Calls {@link getAppAccessToken}. */
    readonly getAppAccessToken: BoundAction<typeof getAppAccessToken>;
    /** Calls {@link listAppSubscriptions}. */
    readonly listAppSubscriptions: BoundAction<typeof listAppSubscriptions>;
    /** Calls {@link subscribeAppFields}. */
    readonly subscribeAppFields: BoundAction<typeof subscribeAppFields>;
    /** Calls {@link unsubscribeAppFields}. */
    readonly unsubscribeAppFields: BoundAction<typeof unsubscribeAppFields>;
  };
}
