import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';

type Json = Readonly<Record<string, unknown>>;

/** A response of the fake. */
export interface FakeReply {
  readonly status: number;
  readonly body: unknown;
}

const product = { messaging_product: 'whatsapp' };
const hour = { open: '09:00', close: '17:00' };

/** Performs every operation of the file in a meaningful order, and returns the responses. */
export async function performAll(): Promise<ReadonlyMap<string, FakeReply>> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.cloudApiNumber({ officialBusinessAccount: true });
  fake.coexistenceNumber({ businessId: number.businessId });
  const { phoneNumberId, wabaId, businessId } = number;
  const token = fake.issueToken();
  const mara = fake.customer('15550100987');
  mara.send(phoneNumberId, 'Hi');
  fake.addTemplate(wabaId, { name: 'sale', category: 'MARKETING' });
  const deliveries: Json[] = [];
  fake.deliverTo(async (request) => {
    deliveries.push((await request.json()) as Json);
    return new Response();
  });
  const replies = new Map<string, FakeReply>();

  const run = async (operation: string, path: string, body?: object | FormData, bearer = token): Promise<Json> => {
    const [method = 'GET'] = operation.split(' ');
    const isForm = body instanceof FormData;
    const url = path.startsWith('https:') ? path : `https://graph.facebook.com/v23.0/${path}`;
    const response = await fake.fetch(url, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body && !isForm && { 'content-type': 'application/json' }) },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const content: unknown = isJson ? await response.json() : await response.text();
    replies.set(operation, { status: response.status, body: content });
    return isJson ? (content as Json) : {};
  };
  const idIn = (reply: Json, name = 'id'): string => String(reply[name]);

  // The number.
  const at = phoneNumberId;
  await run('GET /{Phone-Number-ID}', at);
  await run('GET /{WhatsApp-Account-Number-ID}', at);
  await run('POST /{Phone-Number-ID}', at, { new_display_name: 'Harbor' });
  const sent = await run('POST /{Phone-Number-ID}/messages', `${at}/messages`, {
    ...product,
    to: mara.waId,
    type: 'text',
    text: { body: 'Hi' },
  });
  const sale = { name: 'sale', language: { code: 'en_US' } };
  await run('POST /{Phone-Number-ID}/marketing_messages', `${at}/marketing_messages`, {
    ...product,
    to: mara.waId,
    type: 'template',
    template: sale,
  });
  await run('POST /{Phone-Number-ID}/messages_encrypted', `${at}/messages_encrypted`, { ...product, encrypted_contents: 'a.b.c.d.e' });
  await fake.settled();
  const [message] = sent['messages'] as { id: string }[];
  const history = await run(
    'GET /{Phone-Number-ID}/message_history',
    `${at}/message_history?message_id=${encodeURIComponent(message?.id ?? '')}`,
  );
  await run('GET /{Message-History-ID}/events', `${idIn((history['data'] as Json[])[0] ?? {})}/events`);
  const file = new FormData();
  file.set('messaging_product', 'whatsapp');
  file.set('file', new Blob(['x'], { type: 'image/png' }), 'x.png');
  const media = await run('POST /{Phone-Number-ID}/media', `${at}/media`, file);
  const { url } = await run('GET /{Media-ID}', idIn(media));
  await run('GET /{Media-URL}', String(url));
  await run('DELETE /{Media-ID}', idIn(media));
  const block = { ...product, block_users: [{ user: mara.waId }] };
  await run('POST /{Phone-Number-ID}/block_users', `${at}/block_users`, block);
  await run('GET /{Phone-Number-ID}/block_users', `${at}/block_users`);
  await run('DELETE /{Phone-Number-ID}/block_users', `${at}/block_users`, block);
  await run('POST /{Phone-Number-ID}/settings', `${at}/settings`, { calling: { status: 'ENABLED', call_icon_visibility: 'DEFAULT' } });
  await run('GET /{Phone-Number-ID}/settings', `${at}/settings`);
  mara.call(at);
  const call = { ...product, to: mara.waId, action: 'connect', session: { sdp_type: 'offer', sdp: 'v=0' } };
  await run('POST /{Phone-Number-ID}/calls', `${at}/calls`, call);
  await run('GET /{Phone-Number-ID}/call_permissions', `${at}/call_permissions?user_wa_id=${mara.waId}`);
  const code = await run('POST /{Phone-Number-ID}/message_qrdls', `${at}/message_qrdls`, {
    prefilled_message: 'Hi',
    generate_qr_image: 'PNG',
  });
  await run('GET /{Phone-Number-ID}/message_qrdls', `${at}/message_qrdls`);
  await run('GET /{Phone-Number-ID}/message_qrdls/{QR-Code-ID}', `${at}/message_qrdls/${idIn(code, 'code')}`);
  await run('DELETE /{Phone-Number-ID}/message_qrdls/{QR-Code-ID}', `${at}/message_qrdls/${idIn(code, 'code')}`);
  const website = { business_website_url: 'https://shop.example', primary_country_of_operation: 'US' };
  const plain = fake.cloudApiNumber({ wabaId });
  await run('POST /{Phone-Number-ID}/official_business_account', `${plain.phoneNumberId}/official_business_account`, website);
  await run('GET /{Phone-Number-ID}/official_business_account', `${at}/official_business_account`);
  const contact = { email: 'ann@shop.example', landline_number: '+15550100123', mobile_number: '+15550100124' };
  const compliance = { ...product, entity_name: 'Harbor', entity_type: 'PARTNERSHIP', customer_care_details: contact };
  const officer = { grievance_officer_details: { name: 'Ann', ...contact } };
  await run('POST /{Phone-Number-ID}/business_compliance_info', `${at}/business_compliance_info`, { ...compliance, ...officer });
  await run('GET /{Phone-Number-ID}/business_compliance_info', `${at}/business_compliance_info`);
  await run('POST /{Phone-Number-ID}/whatsapp_business_encryption', `${at}/whatsapp_business_encryption`, { business_public_key: 'KEY' });
  await run('GET /{Phone-Number-ID}/whatsapp_business_encryption', `${at}/whatsapp_business_encryption`);
  await run('POST /{Phone-Number-ID}/whatsapp_business_profile', `${at}/whatsapp_business_profile`, { ...product, about: 'Bread' });
  const profile = await run('GET /{Phone-Number-ID}/whatsapp_business_profile', `${at}/whatsapp_business_profile?fields=id,about`);
  const profileId = idIn((profile['data'] as Json[])[0] ?? {});
  await run('GET /{WhatsApp-Business-Profile-ID}', profileId);
  await run('POST /{WhatsApp-Business-Profile-ID}', profileId, { ...product, about: 'Bread' });
  await run('POST /{Phone-Number-ID}/whatsapp_commerce_settings', `${at}/whatsapp_commerce_settings`, { is_cart_enabled: true });
  await run('GET /{Phone-Number-ID}/whatsapp_commerce_settings', `${at}/whatsapp_commerce_settings`);
  const automation = { enable_welcome_message: true, prompts: ['Menu'], commands: [{ command_name: 'menu', command_description: 'Menu' }] };
  await run('POST /{Phone-Number-ID}/conversational_automation', `${at}/conversational_automation`, automation);
  const { conversational_automation: bot } = await run('GET /{Phone-Number-ID}', `${at}?fields=conversational_automation`);
  await run('GET /{Phone-Number-ID}', at);
  await run('GET /{WABA-Bot-ID}', idIn(bot as Json));

  // Groups.
  await run('POST /{Phone-Number-ID}/groups', `${at}/groups`, { ...product, subject: 'Kitchen', join_approval_mode: 'approval_required' });
  const groups = await run('GET /{Phone-Number-ID}/groups', `${at}/groups`);
  const [group] = (groups['data'] as { groups: { id: string }[] }).groups;
  const groupId = String(group?.id);
  await run('GET /{group_id}', `${groupId}?fields=subject,participants,total_participant_count`);
  await run('POST /{group_id}', groupId, { ...product, subject: 'Bakery' });
  const { invite_link: link } = await run('POST /{group_id}/invite_link', `${groupId}/invite_link`, product);
  mara.joinGroup(String(link));
  const requests = await run('GET /{group_id}/join_requests', `${groupId}/join_requests`);
  const [request] = requests['data'] as { join_request_id: string }[];
  await run('POST /{group_id}/join_requests', `${groupId}/join_requests`, { ...product, join_requests: [request?.join_request_id] });
  await run('DELETE /{group_id}/join_requests', `${groupId}/join_requests`, { ...product, join_requests: ['1'] });
  await run('POST /{group_id}/participants', `${groupId}/participants`, { ...product, participants: [{ user: '15550100111' }] });
  await run('DELETE /{group_id}/participants', `${groupId}/participants`, { ...product, participants: [{ user: '15550100111' }] });
  await run('DELETE /{group_id}/invite_link', `${groupId}/invite_link`, product);
  await run('DELETE /{group_id}', groupId, product);

  // The account.
  await run('GET /{WABA-ID}', wabaId);
  await run('POST /{WABA-ID}', wabaId, { name: 'Harbor' });
  await run('GET /{WABA-ID}/phone_numbers', `${wabaId}/phone_numbers`);
  const added = { cc: '1', phone_number: '5550107777', verified_name: 'Second' };
  const addedId = idIn(await run('POST /{WABA-ID}/phone_numbers', `${wabaId}/phone_numbers`, added));
  await run('POST /{Phone-Number-ID}/request_code', `${addedId}/request_code`, { code_method: 'SMS', language: 'en_US' });
  await run('POST /{Phone-Number-ID}/verify_code', `${addedId}/verify_code`, { code: '123456' });
  await run('POST /{Phone-Number-ID}/register', `${addedId}/register`, { ...product, pin: '123456' });
  await run('POST /{Phone-Number-ID}/deregister', `${addedId}/deregister`);
  const apps = `${wabaId}/subscribed_apps`;
  await run('POST /{WABA-ID}/subscribed_apps', apps);
  await run('GET /{WABA-ID}/subscribed_apps', apps);
  await run('DELETE /{WABA-ID}/subscribed_apps', apps);
  const user = { user: '42', tasks: ['MANAGE'] };
  await run('POST /{WhatsApp-Business-Account-ID}/assigned_users', `${wabaId}/assigned_users`, user);
  await run('GET /{WhatsApp-Business-Account-ID}/assigned_users', `${wabaId}/assigned_users?business=${businessId}`);
  await run('DELETE /{WhatsApp-Business-Account-ID}/assigned_users', `${wabaId}/assigned_users?user=42`);
  const components = [{ type: 'BODY', text: 'All bread for less.' }];
  const template = { name: 'menu', language: 'en_US', category: 'MARKETING', components };
  const templateId = idIn(await run('POST /{WABA-ID}/message_templates', `${wabaId}/message_templates`, template));
  await clock.advance(120_000);
  await run('GET /{WABA-ID}/message_templates', `${wabaId}/message_templates`);
  await run('GET /{TEMPLATE_ID}', templateId);
  await run('POST /{TEMPLATE_ID}', templateId, { components });
  await run('DELETE /{WABA-ID}/message_templates', `${wabaId}/message_templates?name=menu`);
  await run('GET /{WABA-ID}/activities', `${wabaId}/activities`);
  const schedule = { name: 'Hours', schedule_type: 'BUSINESS_HOURS', start_time: hour.open, end_time: hour.close };
  await run('POST /{WABA-ID}/schedules', `${wabaId}/schedules`, schedule);
  await run('GET /{WABA-ID}/schedules', `${wabaId}/schedules`);

  // Flows.
  const flowId = idIn(await run('POST /{WABA-ID}/flows', `${wabaId}/flows`, { name: 'Orders', categories: ['OTHER'] }));
  await run('GET /{WABA-ID}/flows', `${wabaId}/flows`);
  await run('GET /{Flow-ID}', flowId);
  await run('POST /{Flow-ID}', flowId, { name: 'Order' });
  const asset = new FormData();
  asset.set('name', 'flow.json');
  asset.set('asset_type', 'FLOW_JSON');
  asset.set('file', new Blob(['{"version":"7.0","screens":[]}'], { type: 'application/json' }), 'flow.json');
  await run('POST /{Flow-ID}/assets', `${flowId}/assets`, asset);
  await run('GET /{Flow-ID}/assets', `${flowId}/assets`);
  await run('POST /{WABA-ID}/migrate_flows', `${plain.wabaId}/migrate_flows`, { source_waba_id: wabaId, source_flow_names: ['Order'] });
  await run('POST /{Flow-ID}/publish', `${flowId}/publish`);
  await run('POST /{Flow-ID}/deprecate', `${flowId}/deprecate`);
  const draft = await run('POST /{WABA-ID}/flows', `${wabaId}/flows`, { name: 'Draft', categories: ['OTHER'] });
  await run('DELETE /{Flow-ID}', idIn(draft));

  // Partners.
  const app = `${fake.app.id}|${fake.app.secret}`;
  const solution = { owner_permissions: ['MESSAGING'], partner_app_id: '77', partner_permissions: ['MESSAGING'], solution_name: 'Orders' };
  const made = await run('POST /{Application-ID}/whatsapp_business_solution', `${fake.app.id}/whatsapp_business_solution`, solution, app);
  const solutionId = idIn(made, 'solution_id');
  await run('GET /{Application-ID}/whatsapp_business_solutions', `${fake.app.id}/whatsapp_business_solutions`, undefined, app);
  await run('GET /{Application-ID}/connected_client_businesses', `${fake.app.id}/connected_client_businesses`, undefined, app);
  await run('POST /{Solution-ID}/accept', `${solutionId}/accept`, { partner_app_id: '77' });
  await run('GET /{Solution-ID}', solutionId);
  await run('GET /{WABA-ID}/solutions', `${wabaId}/solutions`);
  await run('GET /{Solution-ID}/access_token', `${solutionId}/access_token?business_id=${businessId}`);
  await run('POST /{Solution-ID}/send_deactivation_request', `${solutionId}/send_deactivation_request`, { reason: 'Over' });
  await run('POST /{Solution-ID}/reject_deactivation_request', `${solutionId}/reject_deactivation_request`, {
    reject_deactivation_request: true,
  });
  await run('POST /{Solution-ID}/accept_deactivation_request', `${solutionId}/accept_deactivation_request`, {});
  await run('POST /{Solution-ID}/reject', `${solutionId}/reject`, { request_type: 'PARTNERSHIP_REQUEST' });
  const migration = { solution_id: solutionId, migration_intent: 'INITIATE_MIGRATION' };
  const intent = await run('POST /{WABA-ID}/set_solution_migration_intent', `${wabaId}/set_solution_migration_intent`, migration);
  await run('GET /{Migration-Intent-ID}', idIn(intent, 'migration_intent_id'));
  const transfer = { solution_id: solutionId, intent_type: 'INITIATE_TRANSFER' };
  const mobility = await run('POST /{WABA-ID}/obo_mobility_intent', `${wabaId}/obo_mobility_intent`, transfer);
  await run('GET /{OBO-Mobility-Intent-ID}', idIn(mobility, 'mobility_intent_id'));
  await run('POST /{WABA-ID}/set_obo_mobility_intent', `${wabaId}/set_obo_mobility_intent`, { waba_id: wabaId, solution_id: solutionId });
  await run('GET /{WABA-ID}/in_progress_onbehalf_request', `${wabaId}/in_progress_onbehalf_request`);
  await run('GET /{Business-ID}', businessId);
  await run('GET /{Business-ID}/owned_whatsapp_business_accounts', `${businessId}/owned_whatsapp_business_accounts`);
  await run('GET /{Business-ID}/client_whatsapp_business_accounts', `${businessId}/client_whatsapp_business_accounts`);
  await run('GET /{Business-ID}/extendedcredits', `${businessId}/extendedcredits`);
  await run('POST /{Business-ID}/onboard_partners_to_mm_lite', `${businessId}/onboard_partners_to_mm_lite?solution_id=${solutionId}`);
  const numbered = await run('POST /{Business-ID}/add_phone_numbers', `${businessId}/add_phone_numbers`, { phone_number: '+15550108888' });
  const preverifiedId = idIn(numbered);
  await run('GET /{Business-ID}/preverified_numbers', `${businessId}/preverified_numbers`);
  const share = { preverified_id: preverifiedId, partner_business_id: '5060' };
  await run('POST /{Business-ID}/share_preverified_numbers', `${businessId}/share_preverified_numbers`, share);
  await run('GET /{Pre-Verified-Phone-Number-ID}', preverifiedId);
  await run('GET /{Pre-Verified-Phone-Number-ID}/partners', `${preverifiedId}/partners`);
  const wanted = { code_method: 'SMS', language: 'en_US' };
  await run('POST /{Pre-Verified-Phone-Number-ID}/request_code', `${preverifiedId}/request_code`, wanted);
  await run('POST /{Pre-Verified-Phone-Number-ID}/verify_code', `${preverifiedId}/verify_code`, { code: '123456' });
  await run('DELETE /{Pre-Verified-Phone-Number-ID}', preverifiedId);
  await run('GET /{User-ID}/assigned_whatsapp_business_accounts', 'me/assigned_whatsapp_business_accounts');
  return replies;
}
