import { debugToken } from '../access-tokens/debug-token.js';
import { exchangeCode } from '../access-tokens/exchange-code.js';
import { getAppAccessToken } from '../access-tokens/get-app-access-token.js';
import { listAppSubscriptions } from '../access-tokens/list-app-subscriptions.js';
import { subscribeAppFields } from '../access-tokens/subscribe-app-fields.js';
import { unsubscribeAppFields } from '../access-tokens/unsubscribe-app-fields.js';
import { getConversationAnalytics } from '../analytics/get-conversation-analytics.js';
import { getMessageAnalytics } from '../analytics/get-message-analytics.js';
import { getPricingAnalytics } from '../analytics/get-pricing-analytics.js';
import { listTemplateAnalytics } from '../analytics/list-template-analytics.js';
import { blockUsers } from '../block-users/block-users.js';
import { listBlockedUsers } from '../block-users/list-blocked-users.js';
import { unblockUsers } from '../block-users/unblock-users.js';
import { assignUser } from '../business-accounts/assign-user.js';
import { getBusinessAccount } from '../business-accounts/get-business-account.js';
import { listAssignedUsers } from '../business-accounts/list-assigned-users.js';
import { listClientBusinessAccounts } from '../business-accounts/list-client-business-accounts.js';
import { listOwnedBusinessAccounts } from '../business-accounts/list-owned-business-accounts.js';
import { listSubscribedApps } from '../business-accounts/list-subscribed-apps.js';
import { removeAssignedUser } from '../business-accounts/remove-assigned-user.js';
import { subscribeApp } from '../business-accounts/subscribe-app.js';
import { unsubscribeApp } from '../business-accounts/unsubscribe-app.js';
import { updateBusinessAccount } from '../business-accounts/update-business-account.js';
import { getBusinessProfile } from '../business-profiles/get-business-profile.js';
import { updateBusinessProfile } from '../business-profiles/update-business-profile.js';
import { acceptCall } from '../calls/accept-call.js';
import { connectCall } from '../calls/connect-call.js';
import { getCallPermissions } from '../calls/get-call-permissions.js';
import { preAcceptCall } from '../calls/pre-accept-call.js';
import { rejectCall } from '../calls/reject-call.js';
import { terminateCall } from '../calls/terminate-call.js';
import { getCommerceSettings } from '../commerce/get-commerce-settings.js';
import { updateCommerceSettings } from '../commerce/update-commerce-settings.js';
import { sendFile } from '../conversations/send-file.js';
import { createFlow } from '../flows/create-flow.js';
import { deleteFlow } from '../flows/delete-flow.js';
import { deprecateFlow } from '../flows/deprecate-flow.js';
import { getFlow } from '../flows/get-flow.js';
import { listFlowAssets } from '../flows/list-flow-assets.js';
import { listFlows } from '../flows/list-flows.js';
import { migrateFlows } from '../flows/migrate-flows.js';
import { publishFlow } from '../flows/publish-flow.js';
import { updateFlow } from '../flows/update-flow.js';
import { uploadFlowJson } from '../flows/upload-flow-json.js';
import { approveJoinRequests } from '../groups/approve-join-requests.js';
import { createGroup } from '../groups/create-group.js';
import { deleteGroup } from '../groups/delete-group.js';
import { getGroup } from '../groups/get-group.js';
import { getGroupInviteLink } from '../groups/get-group-invite-link.js';
import { listGroups } from '../groups/list-groups.js';
import { listJoinRequests } from '../groups/list-join-requests.js';
import { rejectJoinRequests } from '../groups/reject-join-requests.js';
import { removeGroupParticipants } from '../groups/remove-group-participants.js';
import { resetGroupInviteLink } from '../groups/reset-group-invite-link.js';
import { updateGroup } from '../groups/update-group.js';
import { deleteMedia } from '../media/delete-media.js';
import { downloadMedia } from '../media/download-media.js';
import { getMedia } from '../media/get-media.js';
import { uploadMedia } from '../media/upload-media.js';
import { markAsRead } from '../messages/mark-as-read.js';
import { sendMarketingMessage } from '../messages/send-marketing-message.js';
import { reply } from '../messages/reply.js';
import { sendMessage } from '../messages/send-message.js';
import { addPhoneNumber } from '../phone-numbers/add-phone-number.js';
import { deregisterPhoneNumber } from '../phone-numbers/deregister-phone-number.js';
import { getBusinessComplianceInfo } from '../phone-numbers/get-business-compliance-info.js';
import { getConversationalAutomation } from '../phone-numbers/get-conversational-automation.js';
import { getEncryptionKey } from '../phone-numbers/get-encryption-key.js';
import { getOfficialBusinessAccount } from '../phone-numbers/get-official-business-account.js';
import { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import { getPhoneNumberSettings } from '../phone-numbers/get-phone-number-settings.js';
import { listMessageHistory } from '../phone-numbers/list-message-history.js';
import { listMessageHistoryEvents } from '../phone-numbers/list-message-history-events.js';
import { listPhoneNumbers } from '../phone-numbers/list-phone-numbers.js';
import { registerPhoneNumber } from '../phone-numbers/register-phone-number.js';
import { requestAppDataSync } from '../phone-numbers/request-app-data-sync.js';
import { requestDisplayName } from '../phone-numbers/request-display-name.js';
import { requestOfficialBusinessAccount } from '../phone-numbers/request-official-business-account.js';
import { requestVerificationCode } from '../phone-numbers/request-verification-code.js';
import { setConversationalAutomation } from '../phone-numbers/set-conversational-automation.js';
import { setEncryptionKey } from '../phone-numbers/set-encryption-key.js';
import { setPhoneNumberWebhook } from '../phone-numbers/set-phone-number-webhook.js';
import { setSearchVisibility } from '../phone-numbers/set-search-visibility.js';
import { setTwoStepPin } from '../phone-numbers/set-two-step-pin.js';
import { updateBusinessComplianceInfo } from '../phone-numbers/update-business-compliance-info.js';
import { updatePhoneNumberSettings } from '../phone-numbers/update-phone-number-settings.js';
import { verifyCode } from '../phone-numbers/verify-code.js';
import { createQrCode } from '../qr-codes/create-qr-code.js';
import { deleteQrCode } from '../qr-codes/delete-qr-code.js';
import { getQrCode } from '../qr-codes/get-qr-code.js';
import { listQrCodes } from '../qr-codes/list-qr-codes.js';
import { updateQrCode } from '../qr-codes/update-qr-code.js';
import { archiveTemplates } from '../templates/archive-templates.js';
import { compareTemplates } from '../templates/compare-templates.js';
import { createTemplate } from '../templates/create-template.js';
import { deleteTemplates } from '../templates/delete-templates.js';
import { editTemplate } from '../templates/edit-template.js';
import { getTemplate } from '../templates/get-template.js';
import { listLibraryTemplates } from '../templates/list-library-templates.js';
import { listTemplates } from '../templates/list-templates.js';
import { migrateTemplates } from '../templates/migrate-templates.js';
import { previewTemplates } from '../templates/preview-templates.js';
import { unarchiveTemplates } from '../templates/unarchive-templates.js';
import { unpauseTemplate } from '../templates/unpause-template.js';
import { upsertTemplates } from '../templates/upsert-templates.js';
import { createUpload } from '../uploads/create-upload.js';
import { getUpload } from '../uploads/get-upload.js';
import { sendUpload } from '../uploads/send-upload.js';
import { uploadFile } from '../uploads/upload-file.js';
import { uploadTemplateSample } from '../uploads/upload-template-sample.js';
import { deleteContactBookEntry } from '../usernames/delete-contact-book-entry.js';
import { deleteUsername } from '../usernames/delete-username.js';
import { getUsername } from '../usernames/get-username.js';
import { listUsernameSuggestions } from '../usernames/list-username-suggestions.js';
import { setUsername } from '../usernames/set-username.js';
import type { Client, ClientOptions } from '../client/client.js';
import { createClient } from '../client/create-client.js';
import { checkObject } from '../errors/check-options.js';
import { passThreadControl } from '../thread-control/pass-thread-control.js';
import { releaseThreadControl } from '../thread-control/release-thread-control.js';
import { takeThreadControl } from '../thread-control/take-thread-control.js';
import type { WhatsApp } from './whatsapp.js';

/**
 * Creates an object with all actions as methods of one client.
 *
 * It includes every action, so bundlers can't remove unused ones. If bundle size matters, import single actions and
 * pass a client from {@link createClient}. Methods reject unsupported actions on a coexistence number at runtime. The
 * compiler also rejects them if `coexistence` has the literal type `true`.
 *
 * @param clientOrOptions - A client, or the options of a new one. See {@link ClientOptions}.
 * @returns all actions by resource. See {@link WhatsApp}.
 * @throws {@link InvalidArgumentError} and {@link MissingCredentialsError} as {@link createClient}.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...text('Hello') });
 * for await (const template of wa.templates.list({ wabaId: '102290129340398' })) console.log(template.name);
 * ```
 */
export function createWhatsApp<const Coexistence extends boolean = boolean>(
  clientOrOptions: Client<Coexistence> | ClientOptions<Coexistence>,
): WhatsApp<Coexistence>;

export function createWhatsApp(clientOrOptions: Client | ClientOptions): WhatsApp {
  checkObject('createWhatsApp', 'clientOrOptions', clientOrOptions);
  const client = 'request' in clientOrOptions ? clientOrOptions : createClient(clientOrOptions);
  const bind =
    <Parameters extends readonly unknown[], Result>(action: (client: Client, ...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result =>
      action(client, ...parameters);
  return {
    client,
    request: (request, options) => client.request(request, options),
    messages: {
      send: bind(sendMessage),
      sendMarketing: bind(sendMarketingMessage),
      reply: bind(reply),
      sendFile: bind(sendFile),
      markAsRead: bind(markAsRead),
    },
    media: {
      upload: bind(uploadMedia),
      get: bind(getMedia),
      download: bind(downloadMedia),
      delete: bind(deleteMedia),
    },
    uploads: {
      file: bind(uploadFile),
      create: bind(createUpload),
      send: bind(sendUpload),
      get: bind(getUpload),
    },
    templates: {
      list: bind(listTemplates),
      get: bind(getTemplate),
      create: bind(createTemplate),
      edit: bind(editTemplate),
      delete: bind(deleteTemplates),
      upsert: bind(upsertTemplates),
      uploadSample: bind(uploadTemplateSample),
      preview: bind(previewTemplates),
      listLibrary: bind(listLibraryTemplates),
      compare: bind(compareTemplates),
      migrate: bind(migrateTemplates),
      unpause: bind(unpauseTemplate),
      archive: bind(archiveTemplates),
      unarchive: bind(unarchiveTemplates),
    },
    phoneNumbers: {
      list: bind(listPhoneNumbers),
      get: bind(getPhoneNumber),
      add: bind(addPhoneNumber),
      requestVerificationCode: bind(requestVerificationCode),
      verifyCode: bind(verifyCode),
      register: bind(registerPhoneNumber),
      deregister: bind(deregisterPhoneNumber),
      setTwoStepPin: bind(setTwoStepPin),
      getSettings: bind(getPhoneNumberSettings),
      updateSettings: bind(updatePhoneNumberSettings),
      requestDisplayName: bind(requestDisplayName),
      setWebhook: bind(setPhoneNumberWebhook),
      setSearchVisibility: bind(setSearchVisibility),
      getOfficialBusinessAccount: bind(getOfficialBusinessAccount),
      requestOfficialBusinessAccount: bind(requestOfficialBusinessAccount),
      getBusinessComplianceInfo: bind(getBusinessComplianceInfo),
      updateBusinessComplianceInfo: bind(updateBusinessComplianceInfo),
      getEncryptionKey: bind(getEncryptionKey),
      setEncryptionKey: bind(setEncryptionKey),
      getConversationalAutomation: bind(getConversationalAutomation),
      setConversationalAutomation: bind(setConversationalAutomation),
      listMessageHistory: bind(listMessageHistory),
      listMessageHistoryEvents: bind(listMessageHistoryEvents),
      requestAppDataSync: bind(requestAppDataSync),
    },
    businessAccounts: {
      get: bind(getBusinessAccount),
      update: bind(updateBusinessAccount),
      listOwned: bind(listOwnedBusinessAccounts),
      listClient: bind(listClientBusinessAccounts),
      listSubscribedApps: bind(listSubscribedApps),
      subscribeApp: bind(subscribeApp),
      unsubscribeApp: bind(unsubscribeApp),
      listAssignedUsers: bind(listAssignedUsers),
      assignUser: bind(assignUser),
      removeAssignedUser: bind(removeAssignedUser),
    },
    businessProfiles: {
      get: bind(getBusinessProfile),
      update: bind(updateBusinessProfile),
    },
    flows: {
      list: bind(listFlows),
      get: bind(getFlow),
      create: bind(createFlow),
      update: bind(updateFlow),
      delete: bind(deleteFlow),
      publish: bind(publishFlow),
      deprecate: bind(deprecateFlow),
      migrate: bind(migrateFlows),
      listAssets: bind(listFlowAssets),
      uploadJson: bind(uploadFlowJson),
    },
    qrCodes: {
      list: bind(listQrCodes),
      get: bind(getQrCode),
      create: bind(createQrCode),
      update: bind(updateQrCode),
      delete: bind(deleteQrCode),
    },
    blockedUsers: {
      list: bind(listBlockedUsers),
      block: bind(blockUsers),
      unblock: bind(unblockUsers),
    },
    commerce: {
      getSettings: bind(getCommerceSettings),
      updateSettings: bind(updateCommerceSettings),
    },
    analytics: {
      getMessages: bind(getMessageAnalytics),
      getConversations: bind(getConversationAnalytics),
      getPricing: bind(getPricingAnalytics),
      listTemplates: bind(listTemplateAnalytics),
    },
    calls: {
      connect: bind(connectCall),
      preAccept: bind(preAcceptCall),
      accept: bind(acceptCall),
      reject: bind(rejectCall),
      terminate: bind(terminateCall),
      getPermissions: bind(getCallPermissions),
    },
    threadControl: {
      pass: bind(passThreadControl),
      release: bind(releaseThreadControl),
      take: bind(takeThreadControl),
    },
    groups: {
      list: bind(listGroups),
      get: bind(getGroup),
      create: bind(createGroup),
      update: bind(updateGroup),
      delete: bind(deleteGroup),
      getInviteLink: bind(getGroupInviteLink),
      resetInviteLink: bind(resetGroupInviteLink),
      listJoinRequests: bind(listJoinRequests),
      approveJoinRequests: bind(approveJoinRequests),
      rejectJoinRequests: bind(rejectJoinRequests),
      removeParticipants: bind(removeGroupParticipants),
    },
    usernames: {
      get: bind(getUsername),
      set: bind(setUsername),
      delete: bind(deleteUsername),
      listSuggestions: bind(listUsernameSuggestions),
      deleteContactBookEntry: bind(deleteContactBookEntry),
    },
    accessTokens: {
      exchangeCode: bind(exchangeCode),
      debug: bind(debugToken),
      getAppAccessToken: bind(getAppAccessToken),
      listAppSubscriptions: bind(listAppSubscriptions),
      subscribeAppFields: bind(subscribeAppFields),
      unsubscribeAppFields: bind(unsubscribeAppFields),
    },
  };
}
