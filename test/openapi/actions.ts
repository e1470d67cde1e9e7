import { type Client } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { debugToken } from '../../src/access-tokens/debug-token.js';
import { exchangeCode } from '../../src/access-tokens/exchange-code.js';
import { getAppAccessToken } from '../../src/access-tokens/get-app-access-token.js';
import { listAppSubscriptions } from '../../src/access-tokens/list-app-subscriptions.js';
import { subscribeAppFields } from '../../src/access-tokens/subscribe-app-fields.js';
import { unsubscribeAppFields } from '../../src/access-tokens/unsubscribe-app-fields.js';
import { getConversationAnalytics } from '../../src/analytics/get-conversation-analytics.js';
import { getMessageAnalytics } from '../../src/analytics/get-message-analytics.js';
import { getPricingAnalytics } from '../../src/analytics/get-pricing-analytics.js';
import { listTemplateAnalytics } from '../../src/analytics/list-template-analytics.js';
import { blockUsers } from '../../src/block-users/block-users.js';
import { listBlockedUsers } from '../../src/block-users/list-blocked-users.js';
import { unblockUsers } from '../../src/block-users/unblock-users.js';
import { assignUser } from '../../src/business-accounts/assign-user.js';
import { getBusinessAccount } from '../../src/business-accounts/get-business-account.js';
import { listAssignedUsers } from '../../src/business-accounts/list-assigned-users.js';
import { listClientBusinessAccounts } from '../../src/business-accounts/list-client-business-accounts.js';
import { listOwnedBusinessAccounts } from '../../src/business-accounts/list-owned-business-accounts.js';
import { listSubscribedApps } from '../../src/business-accounts/list-subscribed-apps.js';
import { removeAssignedUser } from '../../src/business-accounts/remove-assigned-user.js';
import { subscribeApp } from '../../src/business-accounts/subscribe-app.js';
import { unsubscribeApp } from '../../src/business-accounts/unsubscribe-app.js';
import { updateBusinessAccount } from '../../src/business-accounts/update-business-account.js';
import { getBusinessProfile } from '../../src/business-profiles/get-business-profile.js';
import { updateBusinessProfile } from '../../src/business-profiles/update-business-profile.js';
import { acceptCall } from '../../src/calls/accept-call.js';
import { connectCall } from '../../src/calls/connect-call.js';
import { getCallPermissions } from '../../src/calls/get-call-permissions.js';
import { preAcceptCall } from '../../src/calls/pre-accept-call.js';
import { rejectCall } from '../../src/calls/reject-call.js';
import { terminateCall } from '../../src/calls/terminate-call.js';
import { getCommerceSettings } from '../../src/commerce/get-commerce-settings.js';
import { updateCommerceSettings } from '../../src/commerce/update-commerce-settings.js';
import { createFlow } from '../../src/flows/create-flow.js';
import { deleteFlow } from '../../src/flows/delete-flow.js';
import { deprecateFlow } from '../../src/flows/deprecate-flow.js';
import { getFlow } from '../../src/flows/get-flow.js';
import { listFlowAssets } from '../../src/flows/list-flow-assets.js';
import { listFlows } from '../../src/flows/list-flows.js';
import { migrateFlows } from '../../src/flows/migrate-flows.js';
import { publishFlow } from '../../src/flows/publish-flow.js';
import { updateFlow } from '../../src/flows/update-flow.js';
import { uploadFlowJson } from '../../src/flows/upload-flow-json.js';
import { approveJoinRequests } from '../../src/groups/approve-join-requests.js';
import { createGroup } from '../../src/groups/create-group.js';
import { deleteGroup } from '../../src/groups/delete-group.js';
import { getGroupInviteLink } from '../../src/groups/get-group-invite-link.js';
import { getGroup } from '../../src/groups/get-group.js';
import { listGroups } from '../../src/groups/list-groups.js';
import { listJoinRequests } from '../../src/groups/list-join-requests.js';
import { rejectJoinRequests } from '../../src/groups/reject-join-requests.js';
import { removeGroupParticipants } from '../../src/groups/remove-group-participants.js';
import { resetGroupInviteLink } from '../../src/groups/reset-group-invite-link.js';
import { updateGroup } from '../../src/groups/update-group.js';
import { deleteMedia } from '../../src/media/delete-media.js';
import { downloadMedia } from '../../src/media/download-media.js';
import { getMedia } from '../../src/media/get-media.js';
import { uploadMedia } from '../../src/media/upload-media.js';
import { markAsRead } from '../../src/messages/mark-as-read.js';
import { sendMarketingMessage } from '../../src/messages/send-marketing-message.js';
import { sendMessage } from '../../src/messages/send-message.js';
import { addPhoneNumber } from '../../src/phone-numbers/add-phone-number.js';
import { deregisterPhoneNumber } from '../../src/phone-numbers/deregister-phone-number.js';
import { getBusinessComplianceInfo } from '../../src/phone-numbers/get-business-compliance-info.js';
import { getConversationalAutomation } from '../../src/phone-numbers/get-conversational-automation.js';
import { getEncryptionKey } from '../../src/phone-numbers/get-encryption-key.js';
import { getOfficialBusinessAccount } from '../../src/phone-numbers/get-official-business-account.js';
import { getPhoneNumberSettings } from '../../src/phone-numbers/get-phone-number-settings.js';
import { getPhoneNumber } from '../../src/phone-numbers/get-phone-number.js';
import { listMessageHistoryEvents } from '../../src/phone-numbers/list-message-history-events.js';
import { listMessageHistory } from '../../src/phone-numbers/list-message-history.js';
import { listPhoneNumbers } from '../../src/phone-numbers/list-phone-numbers.js';
import { registerPhoneNumber } from '../../src/phone-numbers/register-phone-number.js';
import { requestAppDataSync } from '../../src/phone-numbers/request-app-data-sync.js';
import { requestDisplayName } from '../../src/phone-numbers/request-display-name.js';
import { requestOfficialBusinessAccount } from '../../src/phone-numbers/request-official-business-account.js';
import { requestVerificationCode } from '../../src/phone-numbers/request-verification-code.js';
import { setConversationalAutomation } from '../../src/phone-numbers/set-conversational-automation.js';
import { setEncryptionKey } from '../../src/phone-numbers/set-encryption-key.js';
import { setPhoneNumberWebhook } from '../../src/phone-numbers/set-phone-number-webhook.js';
import { setSearchVisibility } from '../../src/phone-numbers/set-search-visibility.js';
import { setTwoStepPin } from '../../src/phone-numbers/set-two-step-pin.js';
import { updateBusinessComplianceInfo } from '../../src/phone-numbers/update-business-compliance-info.js';
import { updatePhoneNumberSettings } from '../../src/phone-numbers/update-phone-number-settings.js';
import { verifyCode } from '../../src/phone-numbers/verify-code.js';
import { createQrCode } from '../../src/qr-codes/create-qr-code.js';
import { deleteQrCode } from '../../src/qr-codes/delete-qr-code.js';
import { getQrCode } from '../../src/qr-codes/get-qr-code.js';
import { listQrCodes } from '../../src/qr-codes/list-qr-codes.js';
import { updateQrCode } from '../../src/qr-codes/update-qr-code.js';
import { archiveTemplates } from '../../src/templates/archive-templates.js';
import { compareTemplates } from '../../src/templates/compare-templates.js';
import { createTemplate } from '../../src/templates/create-template.js';
import { deleteTemplates } from '../../src/templates/delete-templates.js';
import { editTemplate } from '../../src/templates/edit-template.js';
import { getTemplate } from '../../src/templates/get-template.js';
import { listLibraryTemplates } from '../../src/templates/list-library-templates.js';
import { listTemplates } from '../../src/templates/list-templates.js';
import { migrateTemplates } from '../../src/templates/migrate-templates.js';
import { previewTemplates } from '../../src/templates/preview-templates.js';
import { unarchiveTemplates } from '../../src/templates/unarchive-templates.js';
import { unpauseTemplate } from '../../src/templates/unpause-template.js';
import { upsertTemplates } from '../../src/templates/upsert-templates.js';
import { createUpload } from '../../src/uploads/create-upload.js';
import { getUpload } from '../../src/uploads/get-upload.js';
import { sendUpload } from '../../src/uploads/send-upload.js';
import { uploadFile } from '../../src/uploads/upload-file.js';
import { deleteContactBookEntry } from '../../src/usernames/delete-contact-book-entry.js';
import { deleteUsername } from '../../src/usernames/delete-username.js';
import { getUsername } from '../../src/usernames/get-username.js';
import { listUsernameSuggestions } from '../../src/usernames/list-username-suggestions.js';
import { setUsername } from '../../src/usernames/set-username.js';
import { passThreadControl } from '../../src/thread-control/pass-thread-control.js';
import { releaseThreadControl } from '../../src/thread-control/release-thread-control.js';
import { takeThreadControl } from '../../src/thread-control/take-thread-control.js';

/** Values of the IDs in the paths of Meta's OpenAPI file. IDs that the file lacks have similar names. */
export const ids = {
  'Phone-Number-ID': '339900112233445',
  'WABA-ID': '102290129340398',
  'WhatsApp-Business-Account-ID': '102290129340398',
  'Business-ID': '506070809010203',
  'Media-ID': '700000000000001',
  TEMPLATE_ID: '700000000000002',
  'Flow-ID': '700000000000003',
  'Message-History-ID': '700000000000004',
  group_id: 'GROUP-EXAMPLE-1',
  'QR-Code-ID': 'EXAMPLEQRCODE1',
  'App-ID': '123456789012345',
  'Upload-ID': 'upload:EXAMPLE1',
  'Media-URL': 'media-url',
} as const;

const { 'Media-ID': mediaId, TEMPLATE_ID: templateId, 'Flow-ID': flowId, 'Message-History-ID': messageHistoryId, group_id: groupId } = ids;
const { 'QR-Code-ID': code, 'App-ID': appId, 'Upload-ID': uploadId, 'Business-ID': businessId } = ids;
const contact = { email: 'ann@shop.example', landline_number: '+15550100123', mobile_number: '+15550100124' };
const callId = 'wacid.EXAMPLE1';
const span = { startAt: new Date(0), endAt: new Date(86_400_000) };

/**
 * Every action: its name, the operations that it calls in order, as in Meta's OpenAPI file without the version, and a
 * call.
 */
export const actions: readonly (readonly [name: string, operations: readonly string[], call: (client: Client) => unknown])[] = [
  [
    'sendMessage',
    ['POST /{Phone-Number-ID}/messages'],
    (client) => sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } }),
  ],
  ['markAsRead', ['POST /{Phone-Number-ID}/messages'], (client) => markAsRead(client, { messageId: 'wamid.EXAMPLE9' })],
  [
    'sendMarketingMessage',
    ['POST /{Phone-Number-ID}/marketing_messages'],
    (client) => sendMarketingMessage(client, { to: '15550100987', ...template('sale', 'en_US') }),
  ],
  [
    'uploadMedia',
    ['POST /{Phone-Number-ID}/media'],
    (client) => uploadMedia(client, { file: new Blob(['x'], { type: 'image/png' }), filename: 'x.png' }),
  ],
  ['getMedia', ['GET /{Media-ID}'], (client) => getMedia(client, { mediaId })],
  ['deleteMedia', ['DELETE /{Media-ID}'], (client) => deleteMedia(client, { mediaId })],
  ['downloadMedia', ['GET /{Media-ID}', 'GET /{Media-URL}'], (client) => downloadMedia(client, { mediaId })],
  ['createUpload', ['POST /{App-ID}/uploads'], (client) => createUpload(client, { fileLength: 1, fileType: 'image/png' })],
  ['sendUpload', ['POST /{Upload-ID}'], (client) => sendUpload(client, { uploadId, file: new Blob(['x'], { type: 'image/png' }) })],
  ['getUpload', ['GET /{Upload-ID}'], (client) => getUpload(client, { uploadId })],
  [
    'uploadFile',
    ['POST /{App-ID}/uploads', 'POST /{Upload-ID}'],
    (client) => uploadFile(client, { file: new Blob(['x'], { type: 'image/png' }), filename: 'x.png' }),
  ],
  ['listTemplates', ['GET /{WABA-ID}/message_templates'], (client) => listTemplates(client)],
  [
    'createTemplate',
    ['POST /{WABA-ID}/message_templates'],
    (client) =>
      createTemplate(client, { name: 'sale', language: 'en_US', category: 'MARKETING', components: [{ type: 'BODY', text: 'Hello' }] }),
  ],
  ['deleteTemplates', ['DELETE /{WABA-ID}/message_templates'], (client) => deleteTemplates(client, { name: 'sale' })],
  ['getTemplate', ['GET /{TEMPLATE_ID}'], (client) => getTemplate(client, { templateId })],
  ['editTemplate', ['POST /{TEMPLATE_ID}'], (client) => editTemplate(client, { templateId, category: 'MARKETING' })],
  [
    'upsertTemplates',
    ['POST /{WABA-ID}/upsert_message_templates'],
    (client) =>
      upsertTemplates(client, {
        name: 'code',
        languages: ['en_US'],
        components: [{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
      }),
  ],
  ['previewTemplates', ['GET /{WABA-ID}/message_template_previews'], (client) => previewTemplates(client)],
  ['listLibraryTemplates', ['GET /message_template_library'], (client) => listLibraryTemplates(client)],
  [
    'compareTemplates',
    ['GET /{TEMPLATE_ID}/compare'],
    (client) => compareTemplates(client, { templateId, otherTemplateId: '1', startAt: new Date(0), endAt: new Date(604_800_000) }),
  ],
  ['migrateTemplates', ['POST /{WABA-ID}/migrate_message_templates'], (client) => migrateTemplates(client, { sourceWabaId: '1' })],
  ['unpauseTemplate', ['POST /{TEMPLATE_ID}/unpause'], (client) => unpauseTemplate(client, { templateId })],
  ['archiveTemplates', ['POST /{WABA-ID}/message_templates/archive'], (client) => archiveTemplates(client, { templateIds: [templateId] })],
  [
    'unarchiveTemplates',
    ['POST /{WABA-ID}/message_templates/unarchive'],
    (client) => unarchiveTemplates(client, { templateIds: [templateId] }),
  ],
  ['listPhoneNumbers', ['GET /{WABA-ID}/phone_numbers'], (client) => listPhoneNumbers(client)],
  [
    'addPhoneNumber',
    ['POST /{WABA-ID}/phone_numbers'],
    (client) => addPhoneNumber(client, { cc: '1', phone_number: '5550100123', verified_name: 'Shop' }),
  ],
  ['getPhoneNumber', ['GET /{Phone-Number-ID}'], (client) => getPhoneNumber(client)],
  ['requestDisplayName', ['POST /{Phone-Number-ID}'], (client) => requestDisplayName(client, { new_display_name: 'Shop' })],
  ['setTwoStepPin', ['POST /{Phone-Number-ID}'], (client) => setTwoStepPin(client, { pin: '123456' })],
  ['setPhoneNumberWebhook', ['POST /{Phone-Number-ID}'], (client) => setPhoneNumberWebhook(client, { callbackUrl: '' })],
  ['setSearchVisibility', ['POST /{Phone-Number-ID}'], (client) => setSearchVisibility(client, { search_visibility: 'VISIBLE' })],
  [
    'requestVerificationCode',
    ['POST /{Phone-Number-ID}/request_code'],
    (client) => requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' }),
  ],
  ['verifyCode', ['POST /{Phone-Number-ID}/verify_code'], (client) => verifyCode(client, { code: '123456' })],
  ['registerPhoneNumber', ['POST /{Phone-Number-ID}/register'], (client) => registerPhoneNumber(client, { pin: '123456' })],
  ['deregisterPhoneNumber', ['POST /{Phone-Number-ID}/deregister'], (client) => deregisterPhoneNumber(client)],
  ['getPhoneNumberSettings', ['GET /{Phone-Number-ID}/settings'], (client) => getPhoneNumberSettings(client)],
  [
    'updatePhoneNumberSettings',
    ['POST /{Phone-Number-ID}/settings'],
    (client) => updatePhoneNumberSettings(client, { calling: { status: 'ENABLED' } }),
  ],
  ['getConversationalAutomation', ['GET /{Phone-Number-ID}'], (client) => getConversationalAutomation(client)],
  [
    'setConversationalAutomation',
    ['POST /{Phone-Number-ID}/conversational_automation'],
    (client) => setConversationalAutomation(client, { prompts: ['Hi'] }),
  ],
  ['getEncryptionKey', ['GET /{Phone-Number-ID}/whatsapp_business_encryption'], (client) => getEncryptionKey(client)],
  [
    'setEncryptionKey',
    ['POST /{Phone-Number-ID}/whatsapp_business_encryption'],
    (client) => setEncryptionKey(client, { publicKey: 'PEM' }),
  ],
  ['getOfficialBusinessAccount', ['GET /{Phone-Number-ID}/official_business_account'], (client) => getOfficialBusinessAccount(client)],
  [
    'requestOfficialBusinessAccount',
    ['POST /{Phone-Number-ID}/official_business_account'],
    (client) =>
      requestOfficialBusinessAccount(client, { business_website_url: 'https://shop.example', primary_country_of_operation: 'Germany' }),
  ],
  ['getBusinessComplianceInfo', ['GET /{Phone-Number-ID}/business_compliance_info'], (client) => getBusinessComplianceInfo(client)],
  [
    'updateBusinessComplianceInfo',
    ['POST /{Phone-Number-ID}/business_compliance_info'],
    (client) =>
      updateBusinessComplianceInfo(client, {
        entity_name: 'Shop',
        entity_type: 'OTHER',
        grievance_officer_details: { name: 'Ann', ...contact },
        customer_care_details: contact,
      }),
  ],
  ['listMessageHistory', ['GET /{Phone-Number-ID}/message_history'], (client) => listMessageHistory(client)],
  ['listMessageHistoryEvents', ['GET /{Message-History-ID}/events'], (client) => listMessageHistoryEvents(client, { messageHistoryId })],
  ['requestAppDataSync', ['POST /{Phone-Number-ID}/smb_app_data'], (client) => requestAppDataSync(client, { syncType: 'history' })],
  ['getBusinessAccount', ['GET /{WABA-ID}'], (client) => getBusinessAccount(client)],
  ['updateBusinessAccount', ['POST /{WABA-ID}'], (client) => updateBusinessAccount(client, { name: 'Shop' })],
  ['listSubscribedApps', ['GET /{WABA-ID}/subscribed_apps'], (client) => listSubscribedApps(client)],
  ['subscribeApp', ['POST /{WABA-ID}/subscribed_apps'], (client) => subscribeApp(client)],
  ['unsubscribeApp', ['DELETE /{WABA-ID}/subscribed_apps'], (client) => unsubscribeApp(client)],
  ['listAssignedUsers', ['GET /{WhatsApp-Business-Account-ID}/assigned_users'], (client) => listAssignedUsers(client, { businessId })],
  [
    'assignUser',
    ['POST /{WhatsApp-Business-Account-ID}/assigned_users'],
    (client) => assignUser(client, { userId: '1', tasks: ['MANAGE'] }),
  ],
  [
    'removeAssignedUser',
    ['DELETE /{WhatsApp-Business-Account-ID}/assigned_users'],
    (client) => removeAssignedUser(client, { userId: '1' }),
  ],
  [
    'listOwnedBusinessAccounts',
    ['GET /{Business-ID}/owned_whatsapp_business_accounts'],
    (client) => listOwnedBusinessAccounts(client, { businessId }),
  ],
  [
    'listClientBusinessAccounts',
    ['GET /{Business-ID}/client_whatsapp_business_accounts'],
    (client) => listClientBusinessAccounts(client, { businessId }),
  ],
  ['getBusinessProfile', ['GET /{Phone-Number-ID}/whatsapp_business_profile'], (client) => getBusinessProfile(client)],
  [
    'updateBusinessProfile',
    ['POST /{Phone-Number-ID}/whatsapp_business_profile'],
    (client) => updateBusinessProfile(client, { about: 'Shoes' }),
  ],
  ['listFlows', ['GET /{WABA-ID}/flows'], (client) => listFlows(client)],
  ['createFlow', ['POST /{WABA-ID}/flows'], (client) => createFlow(client, { name: 'booking', categories: ['OTHER'] })],
  ['getFlow', ['GET /{Flow-ID}'], (client) => getFlow(client, { flowId })],
  ['updateFlow', ['POST /{Flow-ID}'], (client) => updateFlow(client, { flowId, name: 'booking' })],
  ['deleteFlow', ['DELETE /{Flow-ID}'], (client) => deleteFlow(client, { flowId })],
  ['listFlowAssets', ['GET /{Flow-ID}/assets'], (client) => listFlowAssets(client, { flowId })],
  ['uploadFlowJson', ['POST /{Flow-ID}/assets'], (client) => uploadFlowJson(client, { flowId, flowJson: { version: '7.0', screens: [] } })],
  ['publishFlow', ['POST /{Flow-ID}/publish'], (client) => publishFlow(client, { flowId })],
  ['deprecateFlow', ['POST /{Flow-ID}/deprecate'], (client) => deprecateFlow(client, { flowId })],
  ['migrateFlows', ['POST /{WABA-ID}/migrate_flows'], (client) => migrateFlows(client, { sourceWabaId: '1' })],
  ['listQrCodes', ['GET /{Phone-Number-ID}/message_qrdls'], (client) => listQrCodes(client)],
  ['createQrCode', ['POST /{Phone-Number-ID}/message_qrdls'], (client) => createQrCode(client, { prefilled_message: 'Hello' })],
  ['updateQrCode', ['POST /{Phone-Number-ID}/message_qrdls'], (client) => updateQrCode(client, { code, prefilled_message: 'Hello' })],
  ['getQrCode', ['GET /{Phone-Number-ID}/message_qrdls/{QR-Code-ID}'], (client) => getQrCode(client, { code })],
  ['deleteQrCode', ['DELETE /{Phone-Number-ID}/message_qrdls/{QR-Code-ID}'], (client) => deleteQrCode(client, { code })],
  ['listBlockedUsers', ['GET /{Phone-Number-ID}/block_users'], (client) => listBlockedUsers(client)],
  ['blockUsers', ['POST /{Phone-Number-ID}/block_users'], (client) => blockUsers(client, { users: ['15550100987'] })],
  ['unblockUsers', ['DELETE /{Phone-Number-ID}/block_users'], (client) => unblockUsers(client, { users: ['15550100987'] })],
  ['getCommerceSettings', ['GET /{Phone-Number-ID}/whatsapp_commerce_settings'], (client) => getCommerceSettings(client)],
  [
    'updateCommerceSettings',
    ['POST /{Phone-Number-ID}/whatsapp_commerce_settings'],
    (client) => updateCommerceSettings(client, { is_cart_enabled: true }),
  ],
  ['getMessageAnalytics', ['GET /{WABA-ID}'], (client) => getMessageAnalytics(client, { ...span, granularity: 'DAY' })],
  ['getConversationAnalytics', ['GET /{WABA-ID}'], (client) => getConversationAnalytics(client, { ...span, granularity: 'DAILY' })],
  ['getPricingAnalytics', ['GET /{WABA-ID}'], (client) => getPricingAnalytics(client, { ...span, granularity: 'DAILY' })],
  [
    'listTemplateAnalytics',
    ['GET /{WABA-ID}/template_analytics'],
    (client) => listTemplateAnalytics(client, { ...span, templateIds: [templateId] }),
  ],
  [
    'passThreadControl',
    ['POST /{Phone-Number-ID}/thread_control'],
    (client) => passThreadControl(client, { to: '15550100987', targetRole: 'utility' }),
  ],
  ['releaseThreadControl', ['POST /{Phone-Number-ID}/thread_control'], (client) => releaseThreadControl(client, { to: '15550100987' })],
  ['takeThreadControl', ['POST /{Phone-Number-ID}/thread_control'], (client) => takeThreadControl(client, { to: '15550100987' })],
  ['connectCall', ['POST /{Phone-Number-ID}/calls'], (client) => connectCall(client, { to: '15550100987', sdp: 'v=0' })],
  ['preAcceptCall', ['POST /{Phone-Number-ID}/calls'], (client) => preAcceptCall(client, { callId, sdp: 'v=0' })],
  ['acceptCall', ['POST /{Phone-Number-ID}/calls'], (client) => acceptCall(client, { callId, sdp: 'v=0' })],
  ['rejectCall', ['POST /{Phone-Number-ID}/calls'], (client) => rejectCall(client, { callId })],
  ['terminateCall', ['POST /{Phone-Number-ID}/calls'], (client) => terminateCall(client, { callId })],
  ['getCallPermissions', ['GET /{Phone-Number-ID}/call_permissions'], (client) => getCallPermissions(client, { waId: '15550100987' })],
  ['createGroup', ['POST /{Phone-Number-ID}/groups'], (client) => createGroup(client, { subject: 'Kitchen' })],
  ['listGroups', ['GET /{Phone-Number-ID}/groups'], (client) => listGroups(client)],
  ['getGroup', ['GET /{group_id}'], (client) => getGroup(client, { groupId })],
  ['updateGroup', ['POST /{group_id}'], (client) => updateGroup(client, { groupId, subject: 'Bath' })],
  ['deleteGroup', ['DELETE /{group_id}'], (client) => deleteGroup(client, { groupId })],
  ['getGroupInviteLink', ['GET /{group_id}/invite_link'], (client) => getGroupInviteLink(client, { groupId })],
  ['resetGroupInviteLink', ['POST /{group_id}/invite_link'], (client) => resetGroupInviteLink(client, { groupId })],
  ['listJoinRequests', ['GET /{group_id}/join_requests'], (client) => listJoinRequests(client, { groupId })],
  ['approveJoinRequests', ['POST /{group_id}/join_requests'], (client) => approveJoinRequests(client, { groupId, joinRequestIds: ['r1'] })],
  ['rejectJoinRequests', ['DELETE /{group_id}/join_requests'], (client) => rejectJoinRequests(client, { groupId, joinRequestIds: ['r1'] })],
  [
    'removeGroupParticipants',
    ['DELETE /{group_id}/participants'],
    (client) => removeGroupParticipants(client, { groupId, users: ['15550100987'] }),
  ],
  ['getUsername', ['GET /{Phone-Number-ID}/username'], (client) => getUsername(client)],
  ['setUsername', ['POST /{Phone-Number-ID}/username'], (client) => setUsername(client, { username: 'example.shop' })],
  ['deleteUsername', ['DELETE /{Phone-Number-ID}/username'], (client) => deleteUsername(client)],
  ['listUsernameSuggestions', ['GET /{Phone-Number-ID}/username_suggestions'], (client) => listUsernameSuggestions(client)],
  [
    'deleteContactBookEntry',
    ['DELETE /{Phone-Number-ID}/contact_book'],
    (client) => deleteContactBookEntry(client, { userId: 'US.90000000000000000001' }),
  ],
  ['exchangeCode', ['GET /oauth/access_token'], (client) => exchangeCode(client, { code: 'CODE' })],
  ['getAppAccessToken', ['GET /oauth/access_token'], (client) => getAppAccessToken(client)],
  ['debugToken', ['GET /debug_token'], (client) => debugToken(client, { token: 'business-token' })],
  ['listAppSubscriptions', ['GET /{App-ID}/subscriptions'], (client) => listAppSubscriptions(client, { appId })],
  [
    'subscribeAppFields',
    ['POST /{App-ID}/subscriptions'],
    (client) =>
      subscribeAppFields(client, { appId, fields: ['messages'], callbackUrl: 'https://shop.example/hook', verifyToken: 'verify' }),
  ],
  ['unsubscribeAppFields', ['DELETE /{App-ID}/subscriptions'], (client) => unsubscribeAppFields(client, { appId })],
];
