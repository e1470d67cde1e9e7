import { describe, expect, test } from 'vitest';
import { createTemplate, editTemplate, upsertTemplates } from 'wa-coexist';
import { lintTemplate } from 'wa-coexist/templates';
import { templateConventionRules, templateLimitRules } from '../../src/policy/template-rules.js';
import { recordingClient } from '../meta/recorder.js';

type Wire = Readonly<Record<string, unknown>>;

const asOf = '2026-11-29';
const body = { type: 'BODY', text: 'Your order is ready.' };
const handle = { header_handle: ['4::aW1hZ2U='] };
const image = { type: 'HEADER', format: 'IMAGE', example: handle };
const code = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] };
const valid = { name: 'order_ready', language: 'en_US', category: 'UTILITY', components: [body] };
const letters = (count: number): string => 'a'.repeat(count);

const withParts = (...components: readonly Wire[]): Wire => ({ ...valid, components });
const marketing = (...components: readonly Wire[]): Wire => ({ ...valid, category: 'MARKETING', components });
const otp = (...components: readonly Wire[]): Wire => ({ ...valid, category: 'AUTHENTICATION', components });
const header = (text: string, example?: Wire): Wire =>
  withParts({ type: 'HEADER', format: 'TEXT', text, ...(example && { example }) }, body);
const text = (content: string, ...samples: readonly string[]): Wire =>
  withParts({ type: 'BODY', text: content, ...(samples.length > 0 && { example: { body_text: [samples] } }) });
const buttons = (...list: readonly Wire[]): Wire => withParts(body, { type: 'BUTTONS', buttons: list });
const reply = (label = 'Yes'): Wire => ({ type: 'QUICK_REPLY', text: label });
const link = (more: Wire = {}): Wire => ({ type: 'URL', text: 'Open', url: 'https://shop.example', ...more });
const copyCode = { type: 'COPY_CODE', example: 'SPRING20' };
const links = (...list: readonly Wire[]): Wire => ({ type: 'BUTTONS', buttons: list });
const coupon = links(copyCode, link());
const phone = { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100987' };
const card = (...more: readonly Wire[]): Wire => ({ components: [image, { type: 'BODY', text: 'Shoes' }, ...more] });
const carousel = (...cards: readonly Wire[]): Wire => marketing(body, { type: 'CAROUSEL', cards });
const offer = (label: string, ...more: readonly Wire[]): Wire =>
  marketing(
    { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: label, has_expiration: true } },
    ...(more.length > 0 ? more : [body]),
  );
const app = (more: Wire = {}): Wire => ({ package_name: 'com.example.app', signature_hash: letters(11), ...more });
const oneTap = (...apps: readonly Wire[]): Wire =>
  otp({ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'ONE_TAP', supported_apps: apps }] });

type Case = readonly [path: string, broken: Wire, valid: Wire];

/** For each rule, templates that break it, with the path of the finding, and similar templates that don't. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  nameLength: [['name', { ...valid, name: letters(513) }, { ...valid, name: letters(512) }]],
  nameCharacters: [
    ['name', { ...valid, name: 'Order Ready' }, valid],
    ['name', { ...valid, name: 'bestellung_für' }, { ...valid, name: '2026_order' }],
  ],
  languageCode: [['language', { ...valid, language: 'English' }, { ...valid, language: 'pt_BR' }]],
  category: [['category', { ...valid, category: undefined }, { ...valid, category: 'utility' }]],
  components: [
    ['components', withParts({ type: 'FOOTER', text: 'Shop' }), valid],
    ['components[0].text', withParts({ type: 'BODY' }), valid],
    ['components', withParts(body, body), valid],
    ['components[1].buttons', buttons(), buttons(reply())],
    ['components[1].buttons[0]', buttons({ type: 'FLOW', text: 'Go' }), buttons({ type: 'FLOW', text: 'Go', flow_id: '1' })],
    ['components[0]', { ...valid, components: [null, body] }, valid],
    ['components', { ...valid, components: undefined }, { ...valid, components: undefined, library_template_name: 'order' }],
    ['components[0].text', withParts({ type: 'HEADER', format: 'TEXT', text: '  ' }, body), valid],
    ['components[1].text', withParts(body, { type: 'FOOTER', text: '\u00a0' }), valid],
    [
      'components[1].buttons[0].phone_number',
      buttons({ ...phone, phone_number: 'call 5' }),
      buttons({ ...phone, phone_number: '+1 (555) 010-0987' }),
    ],
  ],
  headerLength: [['components[0].text', header(letters(61)), header(letters(60))]],
  headerVariables: [
    [
      'components[0].text',
      header('Sale {{1}} and {{2}} now', { header_text: ['a', 'b'] }),
      header('Sale {{1}} now', { header_text: ['a'] }),
    ],
  ],
  plainHeader: [
    ['components[0].text', header('Sale\nnow'), header('Sale now')],
    ['components[0].text', header('Sale 🎉'), header('Sale!')],
    ['components[0].text', header('*Sale*'), header('Sale_now')],
    ['components[0].text', header('_Sale_ now'), header('Order order_id_2')],
    ['components[0].text', header('Sale\u2028now'), header('Sale™ → © 2026')],
    ['components[0].text', header('Sale 🇩🇪'), header('Sale DE')],
    ['components[0].text', header('Sale 1️⃣'), header('Sale #1')],
  ],
  bodyLength: [['components[0].text', text(letters(1_025)), text('🎉'.repeat(1_024))]],
  offerBodyLength: [
    [
      'components[1].text',
      offer('Ends soon', { type: 'BODY', text: letters(601) }),
      offer('Ends soon', { type: 'BODY', text: letters(600) }),
    ],
  ],
  cardBodyLength: [
    [
      'components[1].cards[0].components[1].text',
      carousel({ components: [image, { type: 'BODY', text: letters(161) }] }, card()),
      carousel({ components: [image, { type: 'BODY', text: letters(160) }] }, card()),
    ],
  ],
  footerLength: [
    ['components[1].text', withParts(body, { type: 'FOOTER', text: letters(61) }), withParts(body, { type: 'FOOTER', text: letters(60) })],
  ],
  plainFooter: [
    ['components[1].text', withParts(body, { type: 'FOOTER', text: 'Hi {{1}}' }), withParts(body, { type: 'FOOTER', text: 'Hi' })],
    ['components[1].text', withParts(body, { type: 'FOOTER', text: 'a\nb' }), withParts(body, { type: 'FOOTER', text: 'a b' })],
    ['components[1].text', withParts(body, { type: 'FOOTER', text: 'a\u2029b' }), withParts(body, { type: 'FOOTER', text: 'שלום 🎉' })],
  ],
  offerTextLength: [['components[0].limited_time_offer.text', offer(letters(17)), offer(letters(16))]],
  offerContent: [
    ['components[2]', offer('Ends soon', body, { type: 'FOOTER', text: 'Shop' }), offer('Ends soon', body, coupon)],
    [
      'components[0]',
      offer('Ends soon', { type: 'HEADER', format: 'TEXT', text: 'Sale' }, body, coupon),
      offer('Ends soon', image, body, coupon),
    ],
    ['components[0]', offer('Ends soon', body, links(link(), copyCode)), offer('Ends soon', body, links(copyCode, link()))],
    ['components[0]', offer('Ends soon', body, links(link())), offer('Ends soon', body, coupon)],
  ],
  wordsPerVariable: [
    ['components[0].text', text('Order {{1}} of {{2}} came.', 'a', 'b'), text('Your order {{1}} of {{2}} came in today.', 'a', 'b')],
  ],
  variableAtEdge: [
    ['components[0].text', text('{{1}}, your order is ready.', 'a'), text('Hello {{1}}, it is ready.', 'a')],
    ['components[0].text', text('Your order is {{1}}', 'a'), text('Your order is {{1}}.', 'a')],
    ['components[0].text', text('*{{1}}* is ready for you.', 'a'), text('For *{{1}}* it is ready.', 'a')],
    ['components[0].text', text('\u200f{{1}} שלום לך חבר', 'a'), text('שלום {{1}}, ההזמנה מוכנה', 'a')],
    ['components[0].text', text('Your order is _{{1}}_', 'a'), text('Your order is _{{1}}_!', 'a')],
  ],
  adjacentVariables: [
    [
      'components[0].text',
      text('Dear {{1}} {{2}}, your order is ready now.', 'a', 'b'),
      text('Dear {{1}}, {{2}} is ready for you now.', 'a', 'b'),
    ],
    [
      'components[0].text',
      text('Dear {{1}}\u200b{{2}}, your order is ready now.', 'a', 'b'),
      text('Dear {{1}} - {{2}} is ready for you now.', 'a', 'b'),
    ],
  ],
  variableOrder: [
    ['components[0].text', text('Order {{2}} is ready for you.', 'a'), text('Order {{1}} is ready for you.', 'a')],
    ['components[0].text', text('Order {{0}} is ready for you.', 'a'), text('For {{2}} there is order {{1}} waiting.', 'a', 'b')],
  ],
  variableSyntax: [
    ['components[0].text', text('Order {{1} is ready for you.'), text('Order {{1}} is ready for you.', 'a')],
    ['components[0].text', text('Order {1} is ready for you.'), text('Order {} is ready: 1} 2{', 'a')],
    ['components[0].text', text('Order {{{1}}} is ready for you.', 'a'), text('Order ({{1}}) is ready for you.', 'a')],
    [
      'components[0].text',
      { ...text('Hello {{First}}, it is ready.'), parameter_format: 'NAMED' },
      {
        ...withParts({
          type: 'BODY',
          text: 'Hello {{first}}, it is ready.',
          example: { body_text_named_params: [{ param_name: 'first', example: 'Ana' }] },
        }),
        parameter_format: 'NAMED',
      },
    ],
  ],
  parameterFormat: [
    ['parameter_format', text('Hello {{first}}, it is ready.'), text('Hello {{1}}, it is ready.', 'a')],
    [
      'components[0].text',
      { ...text('Hello {{1}}, it is ready.', 'a'), parameter_format: 'NAMED' },
      text('Hello {{1}}, it is ready.', 'a'),
    ],
  ],
  examples: [
    ['components[0].example.body_text', text('Hello {{1}}, it is ready.'), text('Hello {{1}}, it is ready.', 'a')],
    ['components[0].example.body_text', text('Hello {{1}}, it is ready.', 'a', 'b'), text('Hello {{1}}, it is ready.', 'a')],
    ['components[0].example.header_text', header('Sale {{1}} now'), header('Sale {{1}} now', { header_text: ['a'] })],
    ['components[1].buttons[0].example', buttons(link({ url: 'https://x.example/{{1}}' })), buttons(link())],
    ['components[1].buttons[0].example', buttons({ type: 'COPY_CODE', example: '' }), buttons(copyCode)],
    ['components[1].buttons[0].example', buttons({ type: 'COPY_CODE' }), buttons({ type: 'COPY_CODE', example: 'SPRING' })],
  ],
  headerHandle: [
    ['components[0].example', withParts({ type: 'HEADER', format: 'IMAGE' }, body), withParts(image, body)],
    ['components[0].example.header_handle', withParts({ ...image, example: { header_handle: ['1013'] } }, body), withParts(image, body)],
  ],
  buttons: [
    ['components[1].buttons', buttons(...Array.from({ length: 11 }, () => reply())), buttons(...Array.from({ length: 10 }, () => reply()))],
  ],
  quickReplyButtons: [
    ['components[1].buttons', buttons(...Array.from({ length: 11 }, () => reply())), buttons(...Array.from({ length: 10 }, () => reply()))],
  ],
  urlButtons: [['components[1].buttons', buttons(link(), link(), link()), buttons(link(), link())]],
  phoneNumberButtons: [['components[1].buttons', buttons(phone, phone), buttons(phone, link())]],
  copyCodeButtons: [
    [
      'components[1].buttons',
      buttons({ type: 'COPY_CODE', example: 'A' }, { type: 'COPY_CODE', example: 'B' }),
      buttons({ type: 'COPY_CODE', example: 'A' }),
    ],
  ],
  buttonTextLength: [['components[1].buttons[0].text', buttons(reply(letters(26))), buttons(reply(letters(25)))]],
  buttonText: [
    ['components[1].buttons[0].text', buttons(reply('')), buttons(reply())],
    ['components[1].buttons[0].text', buttons(reply('Buy {{1}}')), buttons(reply())],
    ['components[1].buttons[0].text', buttons(reply('Buy\nnow')), buttons(reply('Buy now'))],
    ['components[1].buttons[0].text', buttons(reply('Buy 🎉')), buttons(reply('קנה עכשיו'))],
    ['components[1].buttons[1].text', buttons(reply('Yes'), reply('Yes ')), buttons(reply('Yes'), reply('No'))],
  ],
  buttonOrder: [
    ['components[1].buttons', buttons(reply(), link(), reply('No')), buttons(reply(), reply('No'), link())],
    ['components[1].buttons', buttons(link(), reply(), phone), buttons(link(), phone, reply())],
  ],
  urlLength: [
    [
      'components[1].buttons[0].url',
      buttons(link({ url: `https://${letters(1_993)}` })),
      buttons(link({ url: `https://${letters(1_992)}` })),
    ],
  ],
  urlVariable: [
    [
      'components[1].buttons[0].url',
      buttons(link({ url: 'https://x.example/{{1}}/a', example: ['a'] })),
      buttons(link({ url: 'https://x.example/{{1}}', example: ['a'] })),
    ],
    ['components[1].buttons[0].url', buttons(link({ url: '{{1}}', example: ['a'] })), buttons(link())],
  ],
  urlFormat: [
    [
      'components[1].buttons[0].url',
      buttons(link({ url: 'shop.example' })),
      buttons(link({ url: 'HTTPS://shop.example/ä?a={{1}}', example: ['a'] })),
    ],
    ['components[1].buttons[0].url', buttons(link({ url: 'javascript:alert(1)' })), buttons(link({ url: 'http://shop.example' }))],
    [
      'components[1].buttons[0].url',
      buttons(link({ url: 'https://shop.example/a b' })),
      buttons(link({ url: 'https://shop.example/a%20b' })),
    ],
    [
      'components[1].buttons[0].url',
      buttons(link({ url: 'https://wa.me/15550100987' })),
      buttons(link({ url: 'https://wa.media.example' })),
    ],
  ],
  phoneNumberLength: [
    [
      'components[1].buttons[0].phone_number',
      buttons({ ...phone, phone_number: '1'.repeat(21) }),
      buttons({ ...phone, phone_number: '1'.repeat(20) }),
    ],
  ],
  copyCodeLength: [
    [
      'components[1].buttons[0].example',
      buttons({ type: 'COPY_CODE', example: letters(21) }),
      buttons({ type: 'COPY_CODE', example: [letters(20)] }),
    ],
  ],
  minCards: [['components[1].cards', carousel(card()), carousel(card(), card())]],
  maxCards: [
    ['components[1].cards', carousel(...Array.from({ length: 11 }, () => card())), carousel(...Array.from({ length: 10 }, () => card()))],
  ],
  cardButtons: [
    [
      'components[1].cards[0].components[2].buttons',
      carousel(...Array.from({ length: 2 }, () => card({ type: 'BUTTONS', buttons: [reply(), reply('No'), reply('Later')] }))),
      carousel(...Array.from({ length: 2 }, () => card({ type: 'BUTTONS', buttons: [reply(), link()] }))),
    ],
  ],
  cardStructure: [
    ['components[1].cards[1]', carousel(card(), card({ type: 'BUTTONS', buttons: [reply()] })), carousel(card(), card())],
    ['components[1].cards[0].components', carousel({ components: [body] }, card()), carousel(card(), card())],
    ['components[1].cards[0].components[2]', carousel(card({ type: 'FOOTER', text: 'x' }), card()), carousel(card(), card())],
    [
      'components[2]',
      marketing(body, { type: 'CAROUSEL', cards: [card(), card()] }, { type: 'FOOTER', text: 'x' }),
      carousel(card(), card()),
    ],
    ['components[0]', marketing(image, body, { type: 'CAROUSEL', cards: [card(), card()] }), carousel(card(), card())],
  ],
  marketingContent: [
    ['components[0]', { ...offer('Ends soon'), category: 'UTILITY' }, offer('Ends soon')],
    ['components[1].buttons[0]', buttons(copyCode), marketing(body, coupon)],
    ['components[1].cards', { ...carousel(card(), card()), category: 'UTILITY' }, carousel(card(), card())],
    [
      'components[1].buttons[0].app_deep_link',
      buttons(link({ app_deep_link: {} })),
      marketing(body, { type: 'BUTTONS', buttons: [link({ app_deep_link: {} })] }),
    ],
  ],
  authenticationContent: [
    ['components[0].text', otp({ type: 'BODY', text: 'Your code' }, code), otp({ type: 'BODY', add_security_recommendation: true }, code)],
    ['components[0]', otp(image, code), otp(code)],
    ['components', otp({ type: 'BODY' }), otp({ type: 'BODY' }, code)],
    ['components[0].text', otp({ type: 'FOOTER', text: 'Shop' }, code), otp({ type: 'FOOTER', code_expiration_minutes: 5 }, code)],
  ],
  otpButtons: [
    ['components[1].buttons[0]', withParts(body, code), otp({ type: 'BODY' }, code)],
    ['components[0].buttons[0].otp_type', otp({ type: 'BUTTONS', buttons: [{ type: 'OTP' }] }), otp(code)],
    ['components[0].buttons[0].supported_apps', oneTap(), oneTap(app())],
    ['components[0].buttons[0].supported_apps[0].signature_hash', oneTap({ package_name: 'com.example.app' }), oneTap(app())],
    ['components[0].buttons[0].otp_type', otp({ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'TAP' }] }), otp(code)],
    [
      'components[0].buttons[0].zero_tap_terms_accepted',
      otp({ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'ZERO_TAP', supported_apps: [app()] }] }),
      otp({ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'ZERO_TAP', supported_apps: [app()], zero_tap_terms_accepted: true }] }),
    ],
  ],
  minCodeExpirationMinutes: [
    [
      'components[0].code_expiration_minutes',
      otp({ type: 'FOOTER', code_expiration_minutes: 0 }, code),
      otp({ type: 'FOOTER', code_expiration_minutes: 1 }, code),
    ],
    ...[1.5, '5', NaN, null].map((minutes): Case => [
      'components[0].code_expiration_minutes',
      otp({ type: 'FOOTER', code_expiration_minutes: minutes }, code),
      otp({ type: 'FOOTER' }, code),
    ]),
  ],
  maxCodeExpirationMinutes: [
    [
      'components[0].code_expiration_minutes',
      otp({ type: 'FOOTER', code_expiration_minutes: 91 }, code),
      otp({ type: 'FOOTER', code_expiration_minutes: 90 }, code),
    ],
  ],
  supportedApps: [
    [
      'components[0].buttons[0].supported_apps',
      oneTap(...Array.from({ length: 6 }, () => app())),
      oneTap(...Array.from({ length: 5 }, () => app())),
    ],
  ],
  packageNameLength: [
    [
      'components[0].buttons[0].supported_apps[0].package_name',
      oneTap(app({ package_name: letters(225) })),
      oneTap(app({ package_name: letters(224) })),
    ],
  ],
  signatureHashLength: [
    [
      'components[0].buttons[0].supported_apps[0].signature_hash',
      oneTap(app({ signature_hash: letters(12) })),
      oneTap(app({ signature_hash: `${letters(10)}%2F` })),
    ],
  ],
  ...Object.fromEntries<readonly Case[]>(
    (
      [
        ['Authentication', otp(code), 30, 900],
        ['Utility', valid, 30, 43_200],
        ['Marketing', marketing(body), 43_200, 2_592_000],
      ] as const
    ).flatMap(([name, template, least, most]) => {
      const path = 'message_send_ttl_seconds';
      return [
        [`min${name}TtlSeconds`, [[path, { ...template, [path]: least - 1 }, { ...template, [path]: least }]]],
        [`max${name}TtlSeconds`, [[path, { ...template, [path]: most + 1 }, { ...template, [path]: most }]]],
      ];
    }),
  ),
};

describe.each(Object.entries(cases))('lintTemplate checks %s', (rule, list) => {
  test.each(list)('at %s', (path, broken, fine) => {
    const found = lintTemplate(broken, { asOf }).filter((finding) => finding.rule === rule);
    expect(found.map((finding) => finding.path)).toContain(path);
    for (const { message, source } of found) {
      expect(message).not.toBe('');
      expect(source).toMatch(/^Meta, .*\d{4}/);
    }
    expect(lintTemplate(fine, { asOf }).filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

test('every rule of the policy has a failing case', () => {
  // `checkTemplate` applies this limit to messages.
  const ofMessages = ['otpLength'];
  const rules = [...Object.keys(templateLimitRules), ...Object.keys(templateConventionRules)];
  expect(rules.filter((rule) => !(rule in cases) && !ofMessages.includes(rule))).toEqual([]);
});

test.each([
  ['a line break of a label', 'error', buttons(reply('Buy\nnow'))],
  ['an emoji of a label', 'warning', buttons(reply('Buy 🎉'))],
  ['a variable with three braces', 'error', text('Order {{{1}}} is ready for you.', 'a')],
  ['a word in single braces', 'warning', text('Reply {YES} to stay on the list.')],
])('%s is reported as %s', (_name, severity, template) => {
  expect(lintTemplate(template, { asOf })).toMatchObject([{ severity }]);
});

test('an emoji remains a warning in a label with a line break', () => {
  expect(lintTemplate(buttons(reply('Buy\nnow 🎉')), { asOf })).toMatchObject([{ severity: 'error' }, { severity: 'warning' }]);
});

test('the rules of a day apply', () => {
  const template = marketing(body, links({ type: 'COPY_CODE', example: letters(18) }));
  expect(lintTemplate(template, { asOf: '2025-10-01' })).toMatchObject([{ rule: 'copyCodeLength' }]);
  expect(lintTemplate(template, { asOf: new Date('2026-01-01') })).toEqual([]);
});

test('hostile definitions never throw', () => {
  const hostile: readonly unknown[] = [null, undefined, 1, 'x', [], {}, [[]], [null], { type: 1 }];
  for (const value of hostile) {
    for (const type of ['HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL', 'LIMITED_TIME_OFFER']) {
      const component = { type, text: value, format: value, example: value, buttons: value, cards: value, limited_time_offer: value };
      lintTemplate({ name: value, language: value, category: value, parameter_format: value, components: [component, value] });
      lintTemplate({ components: [{ type: 'BUTTONS', buttons: [{ type: 'URL', url: value, example: value }, value] }] });
    }
  }
  expect(lintTemplate({})).toEqual([]);
});

describe('actions', () => {
  const { client, bodies } = recordingClient({ id: '1', status: 'PENDING', category: 'UTILITY', success: true, data: [] });
  const wrong = [{ type: 'BODY' as const, text: '{{1}}' }];

  test('reject a template with errors before the request, and list all of them', async () => {
    const created = createTemplate(client, { name: 'a', language: 'en', category: 'UTILITY', components: wrong });
    await expect(created).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'components[0].text' });
    await expect(created).rejects.toThrow(/starts with a variable.*ends with a variable.*body_text/s);
    await expect(editTemplate(client, { templateId: '1', components: wrong })).rejects.toThrow('starts with a variable');
    await expect(upsertTemplates(client, { name: 'A', languages: ['en'], components: [] })).rejects.toThrow('a-z');
    expect(bodies).toEqual([]);
  });

  test("send any template with lint: 'off', without the option in the body", async () => {
    await createTemplate(client, { name: 'a', language: 'en', category: 'UTILITY', components: wrong, lint: 'off' });
    await editTemplate(client, { templateId: '1', components: wrong, lint: 'off' });
    await upsertTemplates(client, { name: 'A', languages: ['en'], components: [], lint: 'off' });
    expect(bodies).toHaveLength(3);
    for (const sent of bodies) expect(sent).not.toHaveProperty('lint');
    await expect(editTemplate(client, { templateId: '1', lint: 'never' as never })).rejects.toMatchObject({ field: 'lint' });
  });
});
