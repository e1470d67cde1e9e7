import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import * as wa from 'wa-coexist';
import { GraphApiError, createClient } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { actions } from '../openapi/actions.js';
import { settle } from '../openapi/run-action.js';

/** A number that is only on the API, with all features that coexistence numbers don't support. */
function openOffice() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, appId: '123456789012345' });
  const number = fake.cloudApiNumber({ officialBusinessAccount: true, verifiedName: 'Harbor Bakery' });
  const second = fake.cloudApiNumber({ businessId: number.businessId });
  const accessToken = fake.issueToken({ wabaIds: [number.wabaId, second.wabaId] });
  const { phoneNumberId, wabaId } = number;
  const { id: appId, secret: appSecret } = fake.app;
  const client = createClient({ accessToken, appId, appSecret, phoneNumberId, wabaId, clock, fetch: fake.fetch, maxRetries: 0 });
  const mara = fake.customer('15550100987', { name: 'Mara' });
  return { clock, fake, number, second, client, mara };
}

/** A receiver that knows the verify token `verify`. */
async function openReceiver() {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    response.end(query.get('hub.verify_token') === 'verify' ? query.get('hub.challenge') : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

const file = new File(['picture'], 'front.png', { type: 'image/png' });
const contact = { email: 'ann@shop.example', landline_number: '+15550100123', mobile_number: '+15550100124' };

test('every action of the library works against the fake, and what it changes can be read back', async () => {
  const { clock, fake, number, second, client, mara } = openOffice();
  await using receiver = await openReceiver();
  fake.deliverTo(async () => new Response());
  const done = new Set<string>();
  /** Runs an action to its end. */
  const run = async <Result>(name: keyof typeof wa, outcome: Result): Promise<Awaited<Result>> => {
    done.add(name);
    return (await settle(outcome)) as Awaited<Result>;
  };
  const list = async (name: keyof typeof wa, outcome: unknown): Promise<Record<string, unknown>[]> =>
    (await run(name, outcome)) as Record<string, unknown>[];

  // Messages and their events.
  const hello = mara.send(number.phoneNumberId, 'Hello');
  const sent = await run('sendMessage', wa.sendMessage(client, { to: mara.waId, ...text('Hello Mara') }));
  await run('markAsRead', wa.markAsRead(client, { messageId: hello }));
  fake.addTemplate(number.wabaId, { name: 'sale', category: 'MARKETING' });
  await run('sendMarketingMessage', wa.sendMarketingMessage(client, { to: mara.waId, ...template('sale', 'en_US') }));
  await fake.settled();
  const [history] = await list('listMessageHistory', wa.listMessageHistory(client, { messageId: sent.messages[0].id }));
  expect(history).toMatchObject({
    message_id: sent.messages[0].id,
    events: { data: [{ delivery_status: 'SENT' }, { delivery_status: 'DELIVERED' }] },
  });
  const events = await list('listMessageHistoryEvents', wa.listMessageHistoryEvents(client, { messageHistoryId: String(history?.['id']) }));
  expect(events).toMatchObject([{ node: { delivery_status: 'SENT' } }, { node: { delivery_status: 'DELIVERED' } }]);

  // Thread owners.
  const owner = (): string | undefined => fake.thread(number, mara.waId).owner;
  fake.routeThreads(number, { role: 'escalation' });
  mara.send(number.phoneNumberId, 'A question');
  await run('passThreadControl', wa.passThreadControl(client, { recipient: mara.userId, targetRole: 'marketing' }));
  expect(owner()).toBe('marketing');
  await run('takeThreadControl', wa.takeThreadControl(client, { to: mara.waId }));
  expect(owner()).toBe('escalation');
  await run('releaseThreadControl', wa.releaseThreadControl(client, { to: mara.waId }));
  expect(owner()).toBeUndefined();

  // Media and uploads.
  const { id: mediaId } = await run('uploadMedia', wa.uploadMedia(client, { file }));
  expect(await run('getMedia', wa.getMedia(client, { mediaId }))).toMatchObject({ id: mediaId, mime_type: 'image/png', file_size: 7 });
  const download = await run('downloadMedia', wa.downloadMedia(client, { mediaId }));
  expect(new TextDecoder().decode(await download.bytes())).toBe('picture');
  await wa.sendMessage(client, { to: mara.waId, type: 'image', image: { id: mediaId } });
  await run('deleteMedia', wa.deleteMedia(client, { mediaId }));
  await expect(wa.getMedia(client, { mediaId })).rejects.toMatchObject({ code: 100, subcode: 33 });
  const upload = await run('createUpload', wa.createUpload(client, { fileLength: 7, fileType: 'image/png' }));
  expect(await run('getUpload', wa.getUpload(client, { uploadId: upload.id }))).toEqual({ id: upload.id, file_offset: 0 });
  expect((await run('sendUpload', wa.sendUpload(client, { uploadId: upload.id, file }))).h).toMatch(/^4::/);
  expect((await run('uploadFile', wa.uploadFile(client, { file }))).h).toMatch(/^4::/);

  // Templates.
  const body = { type: 'BODY', text: 'Your order is ready for you.' } as const;
  const created = await run(
    'createTemplate',
    wa.createTemplate(client, { name: 'ready', language: 'en_US', category: 'UTILITY', components: [body] }),
  );
  expect(created.status).toBe('PENDING');
  await clock.advance(60_000);
  expect(await run('getTemplate', wa.getTemplate(client, { templateId: created.id }))).toMatchObject({ name: 'ready', status: 'APPROVED' });
  const edited = { ...body, text: 'Your order waits for you.' };
  await run('editTemplate', wa.editTemplate(client, { templateId: created.id, components: [edited] }));
  await clock.advance(60_000);
  expect(await list('listTemplates', wa.listTemplates(client, { name: 'ready' }))).toMatchObject([{ components: [edited] }]);
  const codes = await run(
    'upsertTemplates',
    wa.upsertTemplates(client, {
      name: 'code',
      languages: ['en_US', 'de'],
      components: [{ type: 'BODY' }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
    }),
  );
  expect(codes.data).toMatchObject([{ language: 'en_US' }, { language: 'de' }]);
  expect(await list('previewTemplates', wa.previewTemplates(client, { languages: ['en_US'] }))).toHaveLength(1);
  expect(await list('listLibraryTemplates', wa.listLibraryTemplates(client, { search: 'appointment' }))).toHaveLength(1);
  const [helloWorld] = await list('listTemplates', wa.listTemplates(client, { name: 'hello_world' }));
  const comparison = { templateId: created.id, otherTemplateId: String(helloWorld?.['id']), startAt: new Date(0) };
  expect(await list('compareTemplates', wa.compareTemplates(client, comparison))).toHaveLength(3);
  expect(await run('unpauseTemplate', wa.unpauseTemplate(client, { templateId: created.id }))).toMatchObject({ success: false });
  fake.template(created.id).pause();
  expect(await wa.unpauseTemplate(client, { templateId: created.id })).toEqual({ success: true });
  const templateIds = [created.id];
  expect(await run('archiveTemplates', wa.archiveTemplates(client, { templateIds }))).toMatchObject({ archived_templates: templateIds });
  expect(await run('unarchiveTemplates', wa.unarchiveTemplates(client, { templateIds }))).toMatchObject({
    unarchived_templates: templateIds,
  });
  const migrated = await run('migrateTemplates', wa.migrateTemplates(client, { sourceWabaId: number.wabaId, wabaId: second.wabaId }));
  expect(migrated.migrated_templates.length).toBeGreaterThan(2);
  await run('deleteTemplates', wa.deleteTemplates(client, { name: 'ready' }));
  expect(await list('listTemplates', wa.listTemplates(client, { name: 'ready' }))).toEqual([]);

  // Numbers.
  expect(await list('listPhoneNumbers', wa.listPhoneNumbers(client))).toHaveLength(1);
  const fresh = await run('addPhoneNumber', wa.addPhoneNumber(client, { cc: '1', phone_number: '5550109999', verified_name: 'Shop' }));
  const phoneNumberId = fresh.id;
  await run('requestVerificationCode', wa.requestVerificationCode(client, { code_method: 'SMS', language: 'en_US', phoneNumberId }));
  await run('verifyCode', wa.verifyCode(client, { code: '123456', phoneNumberId }));
  await run('registerPhoneNumber', wa.registerPhoneNumber(client, { pin: '123456', phoneNumberId }));
  expect(await run('getPhoneNumber', wa.getPhoneNumber(client, { phoneNumberId, fields: ['status'] }))).toMatchObject({
    status: 'CONNECTED',
  });
  await run('deregisterPhoneNumber', wa.deregisterPhoneNumber(client, { phoneNumberId }));
  await run('setTwoStepPin', wa.setTwoStepPin(client, { pin: '654321', phoneNumberId }));
  await run('requestDisplayName', wa.requestDisplayName(client, { new_display_name: 'Harbor Bakery & Café' }));
  await run('setSearchVisibility', wa.setSearchVisibility(client, { search_visibility: 'NON_VISIBLE' }));
  await run('setPhoneNumberWebhook', wa.setPhoneNumberWebhook(client, { callbackUrl: receiver.url, verifyToken: 'verify' }));
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- The fake has the setting as Meta has it.
  await run('setConversationalAutomation', wa.setConversationalAutomation(client, { enable_welcome_message: true }));
  expect(await run('getConversationalAutomation', wa.getConversationalAutomation(client))).toMatchObject({ enable_welcome_message: true });
  const now = await wa.getPhoneNumber(client, { fields: ['new_display_name', 'search_visibility', 'webhook_configuration'] });
  expect(now).toMatchObject({ new_display_name: 'Harbor Bakery & Café', webhook_configuration: { phone_number: receiver.url } });
  await wa.setPhoneNumberWebhook(client, { callbackUrl: '' });
  await run('updatePhoneNumberSettings', wa.updatePhoneNumberSettings(client, { calling: { status: 'ENABLED' } }));
  expect(await run('getPhoneNumberSettings', wa.getPhoneNumberSettings(client))).toMatchObject({ calling: { status: 'ENABLED' } });
  const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await run('setEncryptionKey', wa.setEncryptionKey(client, { publicKey }));
  expect(await run('getEncryptionKey', wa.getEncryptionKey(client))).toMatchObject({ business_public_key_signature_status: 'VALID' });
  expect(await run('getOfficialBusinessAccount', wa.getOfficialBusinessAccount(client))).toMatchObject({ oba_status: 'APPROVED' });
  const application = { business_website_url: 'https://shop.example', primary_country_of_operation: 'Germany', phoneNumberId };
  await run('requestOfficialBusinessAccount', wa.requestOfficialBusinessAccount(client, application));
  expect(await wa.getOfficialBusinessAccount(client, { phoneNumberId })).toMatchObject({ oba_status: 'PENDING' });
  const compliance = {
    entity_name: 'Shop',
    entity_type: 'OTHER',
    grievance_officer_details: { name: 'Ann', ...contact },
    customer_care_details: contact,
  };
  await run('updateBusinessComplianceInfo', wa.updateBusinessComplianceInfo(client, compliance));
  expect(await run('getBusinessComplianceInfo', wa.getBusinessComplianceInfo(client))).toMatchObject({ entity_name: 'Shop' });
  const onApp = fake.coexistenceNumber({ wabaId: number.wabaId });
  await run('requestAppDataSync', wa.requestAppDataSync(client.for({ phoneNumberId: onApp.phoneNumberId }), { syncType: 'history' }));

  // Accounts.
  await run('updateBusinessAccount', wa.updateBusinessAccount(client, { name: 'Bakery', is_enabled_for_insights: true }));
  expect(await run('getBusinessAccount', wa.getBusinessAccount(client))).toMatchObject({ name: 'Bakery' });
  const override = { callbackUrl: receiver.url, verifyToken: 'verify' };
  await run('subscribeApp', wa.subscribeApp(client, { override }));
  expect(await list('listSubscribedApps', wa.listSubscribedApps(client))).toMatchObject([{ override_callback_uri: receiver.url }]);
  await run('unsubscribeApp', wa.unsubscribeApp(client));
  expect((await wa.listSubscribedApps(client).page()).data).toEqual([]);
  await wa.subscribeApp(client);
  await run('assignUser', wa.assignUser(client, { userId: '42', tasks: ['MANAGE'] }));
  const { businessId } = number;
  expect(await list('listAssignedUsers', wa.listAssignedUsers(client, { businessId }))).toMatchObject([{ id: '42', tasks: ['MANAGE'] }]);
  await run('removeAssignedUser', wa.removeAssignedUser(client, { userId: '42' }));
  expect(await list('listOwnedBusinessAccounts', wa.listOwnedBusinessAccounts(client, { businessId }))).toMatchObject([
    { id: second.wabaId },
  ]);
  expect(await list('listClientBusinessAccounts', wa.listClientBusinessAccounts(client, { businessId }))).toMatchObject([
    { id: number.wabaId },
  ]);
  await run('updateBusinessProfile', wa.updateBusinessProfile(client, { about: 'Bread' }));
  expect(await run('getBusinessProfile', wa.getBusinessProfile(client))).toMatchObject({ about: 'Bread', vertical: 'OTHER' });

  // Analytics of sent messages.
  const span = { startAt: new Date(clock.now() - 86_400_000), endAt: new Date(clock.now() + 86_400_000) };
  const analytics = await run('getMessageAnalytics', wa.getMessageAnalytics(client, { ...span, granularity: 'DAY' }));
  expect(analytics.data_points).toMatchObject([{ sent: 3, delivered: 3 }]);
  const prices = await run('getPricingAnalytics', wa.getPricingAnalytics(client, { ...span, granularity: 'DAILY' }));
  expect(prices.map(({ pricing_category, volume }) => [pricing_category, volume])).toEqual([
    ['SERVICE', 2],
    ['MARKETING_LITE', 1],
  ]);
  expect(await run('getConversationAnalytics', wa.getConversationAnalytics(client, { ...span, granularity: 'DAILY' }))).toHaveLength(2);
  const [saleTemplate] = await list('listTemplates', wa.listTemplates(client, { name: 'sale' }));
  const ofTemplates = await list(
    'listTemplateAnalytics',
    wa.listTemplateAnalytics(client, { ...span, templateIds: [String(saleTemplate?.['id'])] }),
  );
  const points = (ofTemplates[0]?.['data_points'] ?? []) as { sent: number }[];
  expect(points.filter(({ sent }) => sent > 0)).toMatchObject([{ sent: 1, delivered: 1 }]);

  // Flows.
  const flow = await run('createFlow', wa.createFlow(client, { name: 'booking', categories: ['OTHER'] }));
  const flowId = flow.id;
  expect((await run('uploadFlowJson', wa.uploadFlowJson(client, { flowId, flowJson: { version: '7.0' } }))).validation_errors).toHaveLength(
    1,
  );
  await expect(wa.publishFlow(client, { flowId })).rejects.toMatchObject({ code: 139002 });
  await wa.uploadFlowJson(client, { flowId, flowJson: { version: '7.0', screens: [] } });
  expect(await list('listFlowAssets', wa.listFlowAssets(client, { flowId }))).toHaveLength(1);
  await run('updateFlow', wa.updateFlow(client, { flowId, name: 'bookings' }));
  await run('publishFlow', wa.publishFlow(client, { flowId }));
  expect(await run('getFlow', wa.getFlow(client, { flowId }))).toMatchObject({ name: 'bookings', status: 'PUBLISHED' });
  await expect(wa.deleteFlow(client, { flowId })).rejects.toMatchObject({ code: 139004 });
  await run('deprecateFlow', wa.deprecateFlow(client, { flowId }));
  expect(await list('listFlows', wa.listFlows(client))).toMatchObject([{ status: 'DEPRECATED' }]);
  const moved = await run(
    'migrateFlows',
    wa.migrateFlows(client, { sourceWabaId: number.wabaId, wabaId: second.wabaId, sourceFlowNames: ['bookings', 'lost'] }),
  );
  expect(moved).toMatchObject({ migrated_flows: [{ source_name: 'bookings' }], failed_flows: [{ source_name: 'lost' }] });
  await run('deleteFlow', wa.deleteFlow(client, { flowId: moved.migrated_flows[0]?.migrated_id ?? '' }));

  // Other settings of a number.
  const { code } = await run('createQrCode', wa.createQrCode(client, { prefilled_message: 'Hello' }));
  await run('updateQrCode', wa.updateQrCode(client, { code, prefilled_message: 'Hello again' }));
  expect(await run('getQrCode', wa.getQrCode(client, { code }))).toMatchObject({ prefilled_message: 'Hello again' });
  expect(await list('listQrCodes', wa.listQrCodes(client))).toHaveLength(1);
  await run('deleteQrCode', wa.deleteQrCode(client, { code }));
  const blocked = await run('blockUsers', wa.blockUsers(client, { users: [mara.waId, '15550100988'] }));
  expect(blocked).toMatchObject({
    block_users: { added_users: [{ wa_id: mara.waId }], failed_users: [{ wa_id: '15550100988' }] },
    error: { code: 139100 },
  });
  expect(await list('listBlockedUsers', wa.listBlockedUsers(client))).toMatchObject([{ wa_id: mara.waId }]);
  await run('unblockUsers', wa.unblockUsers(client, { users: [mara.waId] }));
  await run('updateCommerceSettings', wa.updateCommerceSettings(client, { is_cart_enabled: false }));
  expect(await run('getCommerceSettings', wa.getCommerceSettings(client))).toMatchObject({ is_cart_enabled: false });
  await run('setUsername', wa.setUsername(client, { username: 'harbor.bakery' }));
  expect(await run('getUsername', wa.getUsername(client))).toEqual({ username: 'harbor.bakery', status: 'approved' });
  expect(await run('listUsernameSuggestions', wa.listUsernameSuggestions(client))).toContain('harbor.bakery');
  await run('deleteUsername', wa.deleteUsername(client));
  expect(await run('deleteContactBookEntry', wa.deleteContactBookEntry(client, { userId: mara.userId }))).toEqual({
    success: true,
    deleted: true,
  });

  // Calls.
  await expect(wa.connectCall(client, { to: mara.waId, sdp: 'v=0' })).rejects.toMatchObject({ code: 138006 });
  const callId = mara.call(number.phoneNumberId);
  await run('preAcceptCall', wa.preAcceptCall(client, { callId, sdp: 'v=0' }));
  await run('acceptCall', wa.acceptCall(client, { callId, sdp: 'v=0' }));
  await run('terminateCall', wa.terminateCall(client, { callId }));
  await run('rejectCall', wa.rejectCall(client, { callId: mara.call(number.phoneNumberId) }));
  expect((await run('getCallPermissions', wa.getCallPermissions(client, { waId: mara.waId }))).permission.status).toBe('permanent');
  expect((await run('connectCall', wa.connectCall(client, { to: mara.waId, sdp: 'v=0' }))).calls[0].id).toMatch(/^wacid\./);

  // Groups.
  await run('createGroup', wa.createGroup(client, { subject: 'Kitchen', joinApprovalMode: 'approval_required' }));
  const [group] = await list('listGroups', wa.listGroups(client));
  const groupId = String(group?.['id']);
  const { invite_link: link } = await run('getGroupInviteLink', wa.getGroupInviteLink(client, { groupId }));
  mara.joinGroup(link);
  fake.customer('15550100988').joinGroup(link);
  const requests = await list('listJoinRequests', wa.listJoinRequests(client, { groupId }));
  const [first, other] = requests.map((request) => String(request['join_request_id']));
  await run('approveJoinRequests', wa.approveJoinRequests(client, { groupId, joinRequestIds: [first ?? ''] }));
  const rejected = await run('rejectJoinRequests', wa.rejectJoinRequests(client, { groupId, joinRequestIds: [other ?? '', 'nobody'] }));
  expect(rejected).toMatchObject({ rejected_join_requests: [other], failed_join_requests: [{ join_request_id: 'nobody' }] });
  await run('updateGroup', wa.updateGroup(client, { groupId, subject: 'Bath', picture: file }));
  expect(await run('getGroup', wa.getGroup(client, { groupId }))).toMatchObject({ subject: 'Bath', participants: [{ wa_id: mara.waId }] });
  await wa.sendMessage(client, { to: groupId, recipient_type: 'group', ...text('To all of you') });
  expect(mara.inbox.at(-1)?.text).toBe('To all of you');
  expect((await run('resetGroupInviteLink', wa.resetGroupInviteLink(client, { groupId }))).invite_link).not.toBe(link);
  await run('removeGroupParticipants', wa.removeGroupParticipants(client, { groupId, users: [mara.waId] }));
  await run('deleteGroup', wa.deleteGroup(client, { groupId }));

  // Tokens and subscriptions of the app.
  const signup = fake.signup(fake.businessAppNumber());
  const { access_token: token } = await run('exchangeCode', wa.exchangeCode(client, { code: signup.code }));
  expect(await run('debugToken', wa.debugToken(client, { token }))).toMatchObject({ is_valid: true });
  expect((await run('getAppAccessToken', wa.getAppAccessToken(client))).access_token).toContain('|');
  const { id: appId } = fake.app;
  const subscription = { appId, fields: ['messages', 'calls'], callbackUrl: receiver.url, verifyToken: 'verify' };
  await run('subscribeAppFields', wa.subscribeAppFields(client, subscription));
  await run('unsubscribeAppFields', wa.unsubscribeAppFields(client, { appId, fields: ['calls'] }));
  expect((await list('listAppSubscriptions', wa.listAppSubscriptions(client, { appId })))[0]?.['fields']).toMatchObject([
    { name: 'messages' },
  ]);

  expect([...done].sort()).toEqual(actions.map(([name]) => name).sort());
});

test('for a token without permissions, and for a token of another business, every action is refused with a code of Meta', async () => {
  const { fake, number, client } = openOffice();
  const { id: appId } = fake.app;
  const stranger = fake.issueToken({ wabaIds: [fake.cloudApiNumber().wabaId] });
  const nobody = fake.issueToken({ wabaIds: [number.wabaId], scopes: [] });
  for (const accessToken of [stranger, nobody]) {
    const other = createClient({ ...client.target, accessToken, appId, appSecret: 'wrong', fetch: fake.fetch, maxRetries: 0 });
    for (const [name, , call] of actions) {
      if (
        ['listLibraryTemplates', 'listOwnedBusinessAccounts', 'listClientBusinessAccounts'].includes(name) ||
        /Upload|uploadFile/.test(name)
      )
        continue;
      const outcome = await settle(call(other)).catch((error: unknown) => error);
      expect(outcome, name).toBeInstanceOf(GraphApiError);
      expect((outcome as GraphApiError).message, name).not.toContain('is not a path of the fake');
    }
  }
});
