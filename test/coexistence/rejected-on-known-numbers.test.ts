import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  acceptCall,
  upsertTemplates,
  unpauseTemplate,
  unblockUsers,
  unarchiveTemplates,
  requestOfficialBusinessAccount,
  requestDisplayName,
  requestAppDataSync,
  migrateTemplates,
  listBlockedUsers,
  editTemplate,
  deleteTemplates,
  createTemplate,
  archiveTemplates,
  addPhoneNumber,
  approveJoinRequests,
  blockUsers,
  connectCall,
  createClient,
  createCoexistence,
  createGroup,
  createSender,
  createWhatsApp,
  deleteGroup,
  deregisterPhoneNumber,
  getCallPermissions,
  getGroup,
  getGroupInviteLink,
  listGroups,
  listJoinRequests,
  markAsRead,
  memoryStore,
  preAcceptCall,
  registerPhoneNumber,
  rejectCall,
  rejectJoinRequests,
  removeGroupParticipants,
  requestVerificationCode,
  resetGroupInviteLink,
  RestrictedFeatureError,
  sendMarketingMessage,
  sendMessage,
  setTwoStepPin,
  StoreError,
  terminateCall,
  updateBusinessProfile,
  updateGroup,
  updatePhoneNumberSettings,
  verifyCode,
  type Client,
  type ClientOptions,
  type GraphRequest,
  type OutgoingMessage,
  type Store,
} from 'wa-coexist';
import { coexistencePolicy, restrictions, type CoexistenceEndpoint, type CoexistenceFeature } from 'wa-coexist/coexistence';
import { callPermissionRequest, template, text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { coexistenceEndpoints } from '../../src/policy/endpoints.js';
import { recordMeta } from '../meta/recorder.js';

const phoneNumberId = '339900000000001';
const wabaId = '211900000000001';
const to = '15550100987';
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const first = async (listing: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const item of listing) return item;
  return undefined;
};
const bound = (client: Client) => createWhatsApp(client);
const groupParameters = { groupId: 'group-1' };
const joinRequests = { ...groupParameters, joinRequestIds: ['1'] };
const call = { callId: 'wacid.1' };

/** All actions that the policy restricts, by the name of their rule. */
const actions: readonly [subject: string, name: string, run: (client: Client) => unknown][] = [
  ['register-phone-number', 'registerPhoneNumber', (client) => registerPhoneNumber(client, { pin: '123456' })],
  ['register-phone-number', 'wa.phoneNumbers.register', (client) => bound(client).phoneNumbers.register({ pin: '123456' })],
  ['deregister-phone-number', 'deregisterPhoneNumber', (client) => deregisterPhoneNumber(client)],
  ['set-two-step-pin', 'setTwoStepPin', (client) => setTwoStepPin(client, { pin: '123456' })],
  ['set-two-step-pin', 'wa.phoneNumbers.setTwoStepPin', (client) => bound(client).phoneNumbers.setTwoStepPin({ pin: '123456' })],
  ['verify-code', 'verifyCode', (client) => verifyCode(client, { code: '123456' })],
  [
    'request-verification-code',
    'requestVerificationCode',
    (client) => requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' }),
  ],
  ['add-phone-number', 'addPhoneNumber', (client) => addPhoneNumber(client, { cc: '1', phone_number: '5550100', verified_name: 'Shop' })],
  ['update-business-profile', 'updateBusinessProfile', (client) => updateBusinessProfile(client, { about: 'Open' })],
  ['calling-api', 'connectCall', (client) => connectCall(client, { to, sdp: 'v=0' })],
  ['calling-api', 'preAcceptCall', (client) => preAcceptCall(client, { ...call, sdp: 'v=0' })],
  ['calling-api', 'acceptCall', (client) => acceptCall(client, { ...call, sdp: 'v=0' })],
  ['calling-api', 'rejectCall', (client) => rejectCall(client, call)],
  ['calling-api', 'terminateCall', (client) => terminateCall(client, call)],
  ['calling-api', 'getCallPermissions', (client) => getCallPermissions(client, { waId: to })],
  ['calling-api', 'wa.calls.reject', (client) => bound(client).calls.reject(call)],
  ['calling-api', 'updatePhoneNumberSettings', (client) => updatePhoneNumberSettings(client, { calling: { status: 'ENABLED' } })],
  ['groups-api', 'createGroup', (client) => createGroup(client, { subject: 'Kitchen' })],
  ['groups-api', 'wa.groups.create', (client) => bound(client).groups.create({ subject: 'Kitchen' })],
  ['groups-api', 'getGroup', (client) => getGroup(client, groupParameters)],
  ['groups-api', 'deleteGroup', (client) => deleteGroup(client, groupParameters)],
  ['groups-api', 'updateGroup', (client) => updateGroup(client, { ...groupParameters, subject: 'New' })],
  ['groups-api', 'listGroups', (client) => first(listGroups(client))],
  ['groups-api', 'listJoinRequests', (client) => first(listJoinRequests(client, groupParameters))],
  ['groups-api', 'approveJoinRequests', (client) => approveJoinRequests(client, joinRequests)],
  ['groups-api', 'rejectJoinRequests', (client) => rejectJoinRequests(client, joinRequests)],
  ['groups-api', 'getGroupInviteLink', (client) => getGroupInviteLink(client, groupParameters)],
  ['groups-api', 'resetGroupInviteLink', (client) => resetGroupInviteLink(client, groupParameters)],
  ['groups-api', 'removeGroupParticipants', (client) => removeGroupParticipants(client, { ...groupParameters, users: [to] })],
];

const withComponent = (component: object): OutgoingMessage => ({
  to,
  type: 'template',
  template: { name: 'offer', language: { code: 'en_US' }, components: [component] as never },
});
const messages: readonly [subject: CoexistenceFeature, name: string, message: OutgoingMessage][] = [
  ['groups-api', 'a text to a group', { to: 'group-1', recipient_type: 'group', ...text('Hello') }],
  [
    'groups-api',
    'a pin',
    { to: 'group-1', recipient_type: 'group', type: 'pin', pin: { type: 'pin', message_id: 'wamid.1', expiration_days: 1 } },
  ],
  ['groups-api', 'a template with a group', withComponent({ type: 'body', parameters: [{ type: 'group_id', group_id: '1' }] })],
  ['calling-api', 'a call permission request', { to, ...callPermissionRequest() }],
  [
    'calling-api',
    'a call button',
    { to, type: 'interactive', interactive: { type: 'voice_call', body: { text: 'Call' }, action: { name: 'voice_call' } } },
  ],
  ['calling-api', 'a template with a call button', withComponent({ type: 'button', sub_type: 'voice_call', index: 0 })],
];

function graph(options: ClientOptions = {}) {
  const requests: string[] = [];
  const client: Client = createClient({
    accessToken: 'token',
    phoneNumberId,
    wabaId,
    fetch: recordMeta(({ method, href }) => {
      requests.push(`${method} ${href}`);
      return { success: true, data: [], contacts: [{ input: to }], messages: [{ id: `wamid.${String(requests.length)}` }] };
    }).fetch,
    ...options,
  });
  return { client, requests };
}

const stores: Record<string, () => Store> = {
  memory: () => memoryStore(),
  SQLite: () => {
    const folder = mkdtempSync(join(tmpdir(), 'restrictions-'));
    const store = sqliteStore(join(folder, 'store.db'));
    open.push(
      () => {
        rmSync(folder, { recursive: true, force: true });
      },
      () => store.close(),
    );
    return store;
  },
};

/** A client without `coexistence: true`, and a number that another instance with the same store has imported. */
async function known(store: Store, options: ClientOptions = {}) {
  const { client, requests } = graph(options);
  const here = createCoexistence({ client, store, saveToken: () => undefined, sweepIntervalMs: false });
  const elsewhere = createCoexistence({ client: graph().client, store, saveToken: () => undefined, sweepIntervalMs: false });
  open.push(
    () => here.close(),
    () => elsewhere.close(),
  );
  const adopt = () =>
    elsewhere.onboarding.import({ wabaId, phoneNumberId, onboardedAt: new Date(), contactsSync: 'requested', historySync: 'requested' });
  return { client, requests, here, elsewhere, adopt };
}

const setups: [string, (options?: ClientOptions) => Promise<{ client: Client; requests: string[] }>][] = [
  ['with coexistence: true', (options) => Promise.resolve(graph({ coexistence: true, ...options }))],
  ...Object.entries(stores).map(([name, store]): (typeof setups)[number] => [
    `with a number that the ${name} store knows`,
    async (options) => {
      const setup = await known(store(), options);
      await setup.adopt();
      return setup;
    },
  ]),
];

const failureOf = async (run: () => unknown): Promise<unknown> => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
};

const raw =
  (request: GraphRequest): ((client: Client) => unknown) =>
  (client) =>
    client.request(request);
const own = [phoneNumberId];

/** Requests without an action. {@link Client.request} finds their rule by method and path. */
const rawRequests: readonly [subject: string, name: string, run: (client: Client) => unknown][] = (
  [
    ['register-phone-number', { method: 'POST', path: [...own, 'register'], body: { pin: '123456' } }],
    ['register-phone-number', { method: 'POST', path: [...own, '', 'register', ''] }],
    ['deregister-phone-number', { method: 'POST', path: [...own, 'deregister'] }],
    ['set-two-step-pin', { method: 'POST', path: own, body: { pin: '123456' } }],
    ['set-two-step-pin', { method: 'POST', path: own, body: new URLSearchParams({ pin: '123456' }) }],
    ['set-two-step-pin', { method: 'POST', path: own, query: { pin: '123456' } }],
    ['request-verification-code', { method: 'POST', path: [...own, 'request_code'] }],
    ['verify-code', { method: 'POST', path: [...own, 'verify_code'] }],
    ['add-phone-number', { method: 'POST', path: [wabaId, 'phone_numbers'] }],
    ['delete-phone-number', { method: 'DELETE', path: own }],
    ['update-business-profile', { method: 'POST', path: [...own, 'whatsapp_business_profile'], body: { about: 'Open' } }],
    ['calling-api', { method: 'POST', path: [...own, 'calls'], body: { action: 'connect' } }],
    ['calling-api', { method: 'GET', path: [...own, 'call_permissions'] }],
    ['calling-api', { method: 'POST', path: [...own, 'settings'], body: { calling: { status: 'ENABLED' } } }],
    ['groups-api', { method: 'GET', path: [...own, 'groups'] }],
    ['groups-api', { method: 'POST', path: ['group-1', 'participants'], body: { participants: [to] } }],
    ['groups-api', { method: 'DELETE', path: ['group-1', 'invite_link'] }],
  ] satisfies [string, GraphRequest][]
).map(([subject, request]) => [subject, `${request.method} /${request.path.join('/')}`, raw(request)]);

/**
 * All actions with an endpoint that the policy allows today, by the name of their rule. An override may forbid them.
 */
const allowedToday: readonly [subject: CoexistenceEndpoint, name: string, run: (client: Client) => unknown][] = [
  ['send-message', 'sendMessage', (client) => sendMessage(client, { to, ...text('Hello') })],
  ['mark-as-read', 'markAsRead', (client) => markAsRead(client, { messageId: 'wamid.1' })],
  ['block-users', 'blockUsers', (client) => blockUsers(client, { users: [to] })],
  ['block-users', 'unblockUsers', (client) => unblockUsers(client, { users: [to] })],
  ['block-users', 'listBlockedUsers', (client) => first(listBlockedUsers(client))],
  ['request-app-data-sync', 'requestAppDataSync', (client) => requestAppDataSync(client, { syncType: 'history' })],
  ['request-display-name', 'requestDisplayName', (client) => requestDisplayName(client, { new_display_name: 'Shop' })],
  [
    'request-official-business-account',
    'requestOfficialBusinessAccount',
    (client) =>
      requestOfficialBusinessAccount(client, { business_website_url: 'https://shop.example', primary_country_of_operation: 'GB' }),
  ],
  [
    'manage-templates',
    'createTemplate',
    (client) =>
      createTemplate(client, { name: 'offer', language: 'en_US', category: 'UTILITY', components: [{ type: 'BODY', text: 'Hello' }] }),
  ],
  ['manage-templates', 'editTemplate', (client) => editTemplate(client, { templateId: '1', category: 'UTILITY' })],
  ['manage-templates', 'deleteTemplates', (client) => deleteTemplates(client, { name: 'offer' })],
  ['manage-templates', 'archiveTemplates', (client) => archiveTemplates(client, { templateIds: ['1'] })],
  ['manage-templates', 'unarchiveTemplates', (client) => unarchiveTemplates(client, { templateIds: ['1'] })],
  ['manage-templates', 'unpauseTemplate', (client) => unpauseTemplate(client, { templateId: '1' })],
  [
    'manage-templates',
    'upsertTemplates',
    (client) =>
      upsertTemplates(client, {
        name: 'code',
        languages: ['en_US'],
        components: [{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
      }),
  ],
  ['manage-templates', 'migrateTemplates', (client) => migrateTemplates(client, { sourceWabaId: '2' })],
];

test('the tables have a row for every endpoint of the policy and for every restricted API', () => {
  const policy = coexistencePolicy();
  const rejected = new Set([...actions, ...rawRequests].map(([subject]) => subject));
  const allowed = new Set<string>(allowedToday.map(([subject]) => subject));
  for (const endpoint of coexistenceEndpoints) expect(policy.endpointRule(endpoint).value ? allowed : rejected).toContain(endpoint);
  const apis = restrictions().filter(({ feature, throughApi }) => feature.endsWith('-api') && !throughApi);
  for (const { feature } of apis) expect(rejected).toContain(feature);
});

describe.each(setups)('%s', (_name, setup) => {
  test.each([...actions, ...rawRequests])('%s: %s is rejected before the network', async (subject, _action, run) => {
    const { client, requests } = await setup();
    expect(await failureOf(() => run(client))).toMatchObject({ name: 'RestrictedFeatureError', feature: subject });
    expect(await failureOf(() => run(client.for(client.target)))).toBeInstanceOf(RestrictedFeatureError);
    expect(requests).toEqual([]);
  });

  test.each(messages)('%s: %s is rejected before the network by sendMessage, wa and the sender', async (subject, _part, message) => {
    const { client, requests } = await setup();
    const rejected = { name: 'RestrictedFeatureError', feature: subject, phoneNumberId };
    expect(await failureOf(() => sendMessage(client, message))).toMatchObject(rejected);
    expect(await failureOf(() => bound(client).messages.send(message))).toMatchObject(rejected);
    const sender = createSender({ client, throughput: 'coexistence' });
    open.push(() => sender.close());
    expect(await sender.send(message)).toMatchObject({ outcome: 'rejected', by: 'guard', error: rejected });
    expect(await sender.sendAll([message, { key: 'a', message }])).toMatchObject({ accepted: 0, rejected: 2 });
    expect(requests).toEqual([]);
  });

  test('requests that the policy allows are sent', async () => {
    const features = { 'groups-api': { inApp: 'unavailable', throughApi: true, mirrored: false } } as const;
    const policy = coexistencePolicy({ overrides: { endpoints: { 'register-phone-number': true }, features } });
    const { client, requests } = await setup({ policy });
    await registerPhoneNumber(client, { pin: '123456' });
    await createGroup(client, { subject: 'Kitchen' });
    const sender = createSender({ client, throughput: 'coexistence' });
    open.push(() => sender.close());
    expect(await sender.send({ to: 'group-1', recipient_type: 'group', ...text('Hello') })).toMatchObject({ outcome: 'accepted' });
    await sendMessage(client, { to, ...text('Hello') });
    expect(requests).toHaveLength(4);
  });

  test.each(allowedToday)('%s: %s is rejected before the network if an override forbids it', async (subject, _action, run) => {
    const { client, requests } = await setup({ policy: coexistencePolicy({ overrides: { endpoints: { [subject]: false } } }) });
    expect(await failureOf(() => run(client))).toMatchObject({ name: 'RestrictedFeatureError', feature: subject });
    expect(requests).toEqual([]);
  });

  test('marketing messages are rejected before the network if an override forbids their API', async () => {
    const features = { 'marketing-messages-api': { inApp: 'unavailable', throughApi: false, mirrored: false } } as const;
    const { client, requests } = await setup({ policy: coexistencePolicy({ overrides: { features } }) });
    expect(await failureOf(() => sendMarketingMessage(client, { to, ...template('spring', 'en_US') }))).toBeInstanceOf(
      RestrictedFeatureError,
    );
    expect(requests).toEqual([]);
  });

  test('raw requests that the policy allows are sent', async () => {
    const { client, requests } = await setup();
    for (const request of [
      { method: 'GET', path: [phoneNumberId, 'whatsapp_business_profile'] },
      { method: 'POST', path: [phoneNumberId], body: { search_visibility: 'ENABLE' } },
      { method: 'POST', path: [phoneNumberId, 'settings'], body: { user_identity_change: {} } },
      { method: 'DELETE', path: ['media-1'] },
      { method: 'POST', path: [wabaId, 'message_templates'], body: {} },
    ] satisfies GraphRequest[]) {
      await client.request(request);
    }
    expect(requests).toHaveLength(5);
  });
});

describe('a number that is in the store', () => {
  test('can be registered again after it was disconnected, and not after it was onboarded again', async () => {
    const { client, requests, elsewhere, adopt } = await known(memoryStore());
    await registerPhoneNumber(client, { pin: '123456' });
    await adopt();
    expect(await failureOf(() => registerPhoneNumber(client, { pin: '123456' }))).toBeInstanceOf(RestrictedFeatureError);
    await elsewhere.handle({
      type: 'account.disconnected',
      key: 'disconnected-1',
      wabaId,
      occurredAt: new Date(Date.now() + 1_000),
    } as never);
    await registerPhoneNumber(client, { pin: '123456' });
    expect(requests).toHaveLength(2);
  });

  test('is found by the id in the parameters; other numbers are not affected', async () => {
    const { client, requests, adopt } = await known(memoryStore(), { phoneNumberId: 'other' });
    await adopt();
    expect(await failureOf(() => registerPhoneNumber(client, { pin: '123456', phoneNumberId }))).toBeInstanceOf(RestrictedFeatureError);
    expect(await failureOf(() => registerPhoneNumber(client.for({ phoneNumberId }), { pin: '123456' }))).toBeInstanceOf(
      RestrictedFeatureError,
    );
    await registerPhoneNumber(client, { pin: '123456' });
    expect(requests).toHaveLength(1);
  });

  test('costs ordinary sends no read of the store', async () => {
    const store = memoryStore();
    let reads = 0;
    const counted: Store = { ...store, get: (key) => ((reads += 1), store.get(key)) };
    const { client, adopt } = await known(counted);
    await adopt();
    const before = reads;
    await sendMessage(client, { to, ...text('Hello') });
    await markAsRead(client, { messageId: 'wamid.1' });
    expect(reads).toBe(before);
    await failureOf(() => setTwoStepPin(client, { pin: '123456' }));
    expect(reads).toBeGreaterThan(before);
  });

  test('a store that cannot be read rejects the call, and nothing is sent', async () => {
    const store = memoryStore({ clock: fakeClock() });
    const { client, requests } = await known({ ...store, get: () => Promise.reject(new Error('disk full')) });
    const group: OutgoingMessage = { to: 'group-1', recipient_type: 'group', ...text('Hello') };
    for (const run of [
      () => registerPhoneNumber(client, { pin: '123456' }),
      () => deregisterPhoneNumber(client),
      () => sendMessage(client, group),
    ]) {
      expect(await failureOf(run)).toBeInstanceOf(StoreError);
    }
    const sender = createSender({ client, throughput: 'coexistence' });
    open.push(() => sender.close());
    expect(await sender.send(group)).toMatchObject({ outcome: 'rejected', by: 'guard' });
    expect(requests).toEqual([]);
  });
});
