import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import {
  acceptCall,
  connectCall,
  createClient,
  createGroup,
  createQrCode,
  createTemplate,
  editTemplate,
  getConversationAnalytics,
  getMessageAnalytics,
  getPricingAnalytics,
  listTemplateAnalytics,
  passThreadControl,
  requestAppDataSync,
  requestVerificationCode,
  sendMarketingMessage,
  sendMessage,
  updatePhoneNumberSettings,
  type Client,
} from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { loginOptions, parseSessionEvent } from 'wa-coexist/embedded-signup';
import { parseWebhook, type MessagePricing, type OpenEnum } from 'wa-coexist/webhooks';
import { settle } from '../openapi/run-action.js';
import { recordMeta } from '../meta/recorder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Unions of string literals that aren't Meta's values, or that discriminate a union whose members the types describe.
 */
const closed: Readonly<Record<string, string>> = {
  'business-profiles/update-business-profile.ts': 'names of members of BusinessProfile',
  'block-users/block-users-result.ts': 'names of members of a result',
  'calls/call-request.ts': 'actions of the library',
  'flows/endpoint/create-flow-endpoint.ts': 'own',
  'tenants/': 'own',
  'flows/json/': 'values of a versioned file format, whose versions the linter knows',
  'webhooks/fields/history.ts': 'own',
  "webhooks/fields/numbers.ts: 'business_username_update": 'spellings of a field',
  'messages/outgoing/template.ts': 'discriminants, in both spellings',
  'templates/template-definition.ts': 'discriminants, in both spellings, beside a member for every other type',
  'templates/template-buttons.ts': 'discriminants, in both spellings, beside a member for every other type',
  'messages/reply.ts': 'functions of the library',
  'messages/restricted-parts.ts': 'own',
  'messages/checks/': 'own',
  'messages/template/template-shape.ts': 'own',
  'templates/lint/': 'own',
  'templates/list-template-problems.ts': 'own',
  'templates/request-with-definition.ts': 'own',
  'conversations/': 'own',
  'media/save-to-file.ts': 'own',
  'messages/define-callback.ts': 'own',
  'messages/interactive/buttons-or-list.ts': 'own',
  'messages/opt-out-keywords.ts': 'own',
  'messages/text/': 'own',
  'webhooks/filters/': 'own',
  'thread-control/thread-control-request.ts': 'actions of the library',
};

/** Finds unions of at least two string literals that aren't arguments of a type such as `OpenEnum` or `Omit`. */
function closedUnions(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(`${root}src/${file}`, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    // Names of lists from which the library reads a value.
    if (ts.isTypeAliasDeclaration(node) && node.name.text.endsWith('List')) return;
    if (ts.isTypeReferenceNode(node) && /^(?:OpenEnum|Omit|Pick|Extract|Exclude|Record)$/.test(node.typeName.getText(source))) return;
    if (
      ts.isUnionTypeNode(node) &&
      node.types.filter((type) => ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)).length > 1
    ) {
      found.push(`${file}: ${node.getText(source).replaceAll(/\s+/g, ' ')}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("unions of Meta's values", () => {
  const own = 'src/{cli,client,coexistence,dashboard,eligibility,errors,identity,policy,runtime,sender,stores,testing,whatsapp}/**';
  const files = globSync('src/**/*.ts', { cwd: root, exclude: [own, 'src/webhooks/*.ts', 'src/webhooks/{parsing,node}/**'] })
    .map((file) => file.slice('src/'.length))
    .sort();

  test('are open in every file that describes shapes of Meta', () => {
    expect(files.length).toBeGreaterThan(100);
    const excused = Object.keys(closed);
    const found = files.flatMap(closedUnions).filter((union) => !excused.some((start) => union.startsWith(start)));
    expect(found.join('\n')).toBe('');
  });

  test('accept unknown values in webhooks', () => {
    const pricing: MessagePricing = {
      type: 'type_of_2027',
      subtype: 'subtype_of_2027',
      category: 'category_of_2027',
      pricing_model: 'XYZ',
    };
    const known: OpenEnum<'a'> = 'b';
    const value = {
      messaging_product: 'whatsapp',
      metadata: { phone_number_id: '339900000000001' },
      statuses: [{ id: 'wamid.1', status: 'status_of_2027', timestamp: '1795300000', pricing, template_id: '7' }],
    };
    const [event] = parseWebhook({ entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
    expect(event).toMatchObject({ type: 'status', status: { status: 'status_of_2027', pricing, template_id: '7' } });
    expect(known).toBe('b');
  });
});

/** One request with values that Meta might add, and the expected body. */
const requests: readonly (readonly [name: string, call: (client: Client) => PromiseLike<unknown>, body: object])[] = [
  [
    'an envelope',
    (client) =>
      sendMessage(client, {
        to: '1',
        recipient_type: 'channel',
        category: 'marketing_lite',
        messaging_account_id: '102290129340398',
        type: 'text',
        text: { body: 'Hi' },
      }),
    { recipient_type: 'channel', category: 'marketing_lite', messaging_account_id: '102290129340398' },
  ],
  [
    'the language policy of a template',
    (client) => sendMessage(client, { to: '1', type: 'template', template: { name: 'a', language: { code: 'en', policy: 'fallback' } } }),
    { template: { name: 'a', language: { code: 'en', policy: 'fallback' } } },
  ],
  [
    'a marketing message',
    (client) =>
      sendMarketingMessage(client, {
        to: '1',
        ...template('a', 'en'),
        product_policy: 'SOMETHING_NEW',
        bid_spec: { per_message_bid_multiplier: 0.5 },
      }),
    { product_policy: 'SOMETHING_NEW', bid_spec: { per_message_bid_multiplier: 0.5 } },
  ],
  [
    'a new template with app link, orders, payment and types that are not known',
    (client) =>
      createTemplate(client, {
        name: 'a',
        language: 'en',
        category: 'CATEGORY_OF_2027',
        parameter_format: 'FORMAT_OF_2027',
        optimization_spec: { bid_strategy: 'STRATEGY_OF_2027', bid_amount: 25_000 },
        components: [
          { type: 'HEADER', format: 'FORMAT_OF_2027', anything: 1 },
          { type: 'COMPONENT_OF_2027', anything: 1 },
          { type: 'BODY', text: 'Your order is ready.' },
          {
            type: 'BUTTONS',
            buttons: [
              {
                type: 'URL',
                text: 'Open',
                url: 'https://shop.example',
                app_deep_link: {
                  meta_app_id: '1',
                  android_deep_link: 'shop://menu',
                  android_fallback_playstore_url: 'https://play.example',
                },
              },
              { type: 'ORDER_DETAILS', text: 'Review and pay' },
              { type: 'ORDER_STATUS', text: 'Status' },
              { type: 'PAYMENT_REQUEST', text: 'Pay' },
              { type: 'OTP', otp_type: 'TYPE_OF_2027' },
              { type: 'FLOW', text: 'Open', flow_id: '1', flow_action: 'ACTION_OF_2027', icon: 'ICON_OF_2027' },
              { type: 'BUTTON_OF_2027', anything: 1 },
            ],
          },
        ],
      }),
    {
      category: 'CATEGORY_OF_2027',
      optimization_spec: { bid_strategy: 'STRATEGY_OF_2027', bid_amount: 25_000 },
      components: [{ format: 'FORMAT_OF_2027' }, { type: 'COMPONENT_OF_2027' }, { type: 'BODY' }, { type: 'BUTTONS' }],
    },
  ],
  [
    'a max price of an existing template',
    (client) =>
      editTemplate(client, { templateId: '7', optimization_spec: { bid_strategy: 'LOWEST_COST_WITH_BID_CAP', bid_amount: 40_000 } }),
    { optimization_spec: { bid_strategy: 'LOWEST_COST_WITH_BID_CAP', bid_amount: 40_000 } },
  ],
  [
    'call settings with voicemail',
    (client) =>
      updatePhoneNumberSettings(client, {
        calling: {
          status: 'PAUSED',
          voicemail: { status: 'ENABLED', triggers: ['REJECT', 'BUSY'], audio: { default: { timeout_seconds: 20 } } },
          audio: { additional_codecs: ['PCMA', 'G722'] },
        },
      }),
    { calling: { status: 'PAUSED', voicemail: { triggers: ['REJECT', 'BUSY'] }, audio: { additional_codecs: ['PCMA', 'G722'] } } },
  ],
  [
    'a call with recording',
    (client) => connectCall(client, { to: '1', sdp: 'v=0', recording: { status: 'LATER', announcement_language: 'ja' } }),
    { recording: { status: 'LATER', announcement_language: 'ja' } },
  ],
  [
    'an accepted call with transcription',
    (client) => acceptCall(client, { callId: 'wacid.1', sdp: 'v=0', transcription: { status: 'LATER' } }),
    { transcription: { status: 'LATER' } },
  ],
  [
    'a role of thread control',
    (client) => passThreadControl(client, { to: '1', targetRole: 'ROLE_OF_2027' }),
    { control_pass: { target_role: 'ROLE_OF_2027' } },
  ],
  ['a code method', (client) => requestVerificationCode(client, { code_method: 'FAX', language: 'en' }), { code_method: 'FAX' }],
  ['a sync type', (client) => requestAppDataSync(client, { syncType: 'labels' }), { sync_type: 'labels' }],
  ['an approval mode', (client) => createGroup(client, { subject: 'A', joinApprovalMode: 'vote' }), { join_approval_mode: 'vote' }],
];

test.each(requests)('the compiler accepts new values, and the client passes them on: %s', async (_name, call, body) => {
  const { fetch, requests: sent } = recordMeta({ success: true, messages: [{ id: 'wamid.1' }], calls: [{ id: 'wacid.1' }] });
  await call(createClient({ accessToken: 'token', phoneNumberId: '1', wabaId: '2', fetch }));
  expect(sent[0]?.body).toMatchObject(body);
});

test('the compiler accepts new values in queries, and the client passes them on', async () => {
  const { fetch, requests: sent } = recordMeta({ data: [] });
  const client = createClient({ accessToken: 'token', phoneNumberId: '1', wabaId: '2', fetch });
  const period = { startAt: new Date(0), endAt: new Date(86_400_000) };
  await getPricingAnalytics(client, {
    ...period,
    granularity: 'WEEKLY',
    metricTypes: ['METRIC_OF_2027'],
    pricingTypes: ['FREE_GROUP_CUSTOMER_SERVICE', 'TYPE_OF_2027'],
    pricingCategories: ['MARKETING_LITE_DYNAMIC', 'CATEGORY_OF_2027'],
    dimensions: ['DIMENSION_OF_2027'],
  });
  await getConversationAnalytics(client, {
    ...period,
    granularity: 'WEEKLY',
    metricTypes: ['METRIC_OF_2027'],
    conversationTypes: ['TYPE_OF_2027'],
    conversationDirections: ['DIRECTION_OF_2027'],
  });
  await getMessageAnalytics(client, { ...period, granularity: 'WEEK', productTypes: [0, 9] });
  await settle(listTemplateAnalytics(client, { ...period, templateIds: ['7'], productType: 'PRODUCT_OF_2027' }));
  await createQrCode(client, { prefilled_message: 'Hi', generate_qr_image: 'WEBP' });
  const urls = JSON.stringify(sent);
  for (const value of ['WEEKLY', 'TYPE_OF_2027', 'DIRECTION_OF_2027', 'WEEK)', 'PRODUCT_OF_2027', 'WEBP']) expect(urls).toContain(value);
});

test.each([
  ['v4', undefined],
  ['v2', undefined],
  ['v5', 'v5'],
  ['v4-public-preview', 'v4-public-preview'],
  ['v6-of-2027', 'v6-of-2027'],
])('Embedded Signup %s names the version %s', (version, named) => {
  expect(loginOptions({ configId: '1', version, featureType: 'feature_of_2027' }).extras).toMatchObject({
    featureType: 'feature_of_2027',
    ...(named !== undefined && { version: named }),
  });
  expect(Object.hasOwn(loginOptions({ configId: '1', version }).extras, 'version')).toBe(named !== undefined);
});

test('the IDs of WhatsApp accounts are read from the session event of version 5', () => {
  const data = { waba_id: '102290129340398', primary_waac_ids: ['900100200300400', '../1', 900100200300401, null] };
  expect(parseSessionEvent({ type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', version: 5, data })).toMatchObject({
    wabaId: '102290129340398',
    primaryWaacIds: ['900100200300400', '900100200300401'],
  });
});
