import { expect, test } from 'vitest';
import { GraphApiError, sendMessage, type OutgoingMessage } from 'wa-coexist';
import { openShop } from './shop.js';

type Json = Readonly<Record<string, unknown>>;

const value = (text: string, name?: string): Json => ({ type: 'text', text, ...(name !== undefined && { parameter_name: name }) });
const header = (...parameters: Json[]): Json => ({ type: 'header', parameters });
const body = (...parameters: Json[]): Json => ({ type: 'body', parameters });
const button = (subType: string, index: number | string, ...parameters: Json[]): Json => ({
  type: 'button',
  sub_type: subType,
  index,
  parameters,
});
const image: Json = { type: 'image', image: { link: 'https://shop.example/a.png' } };
const cardWith = (...components: Json[]): Json => ({ components });

/** Stored templates by name. */
const templates: Readonly<Record<string, { category?: string; components: Json[] }>> = {
  plain: { components: [{ type: 'BODY', text: 'Order {{1}} of {{2}} is ready.' }] },
  named: { components: [{ type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is ready.' }] },
  titled: {
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
      { type: 'BODY', text: 'It is ready.' },
    ],
  },
  picture: {
    components: [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Fresh bread.' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Stop' }] },
    ],
  },
  buttons: {
    components: [
      { type: 'BODY', text: 'Your order is ready.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100100' },
          { type: 'URL', text: 'See', url: 'https://shop.example/orders/{{1}}' },
          { type: 'URL', text: 'Shop', url: 'https://shop.example' },
          { type: 'COPY_CODE', example: 'BREAD' },
          { type: 'QUICK_REPLY', text: 'Thanks' },
        ],
      },
    ],
  },
  code: {
    category: 'AUTHENTICATION',
    components: [
      { type: 'BODY', add_security_recommendation: true },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy' }] },
    ],
  },
  carousel: {
    components: [
      { type: 'BODY', text: 'Our bread:' },
      {
        type: 'CAROUSEL',
        cards: [1, 2].map(() => ({
          components: [
            { type: 'HEADER', format: 'IMAGE' },
            { type: 'BODY', text: 'Bread {{1}} today' },
          ],
        })),
      },
    ],
  },
  offer: {
    components: [
      { type: 'BODY', text: 'Cheap bread.' },
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Today', has_expiration: true } },
    ],
  },
};

const cards = (...each: Json[][]): Json => ({
  type: 'carousel',
  cards: each.map((components, index) => ({ card_index: index, ...cardWith(...components) })),
});
const card: Json[] = [header(image), body(value('Rye'))];
const buttonValues = [button('url', 1, value('4711')), button('copy_code', '3', { type: 'coupon_code', coupon_code: 'BREAD' })];

async function resultOf(name: string, components: readonly Json[]): Promise<string> {
  const { client, fake, number } = openShop();
  fake.addTemplate(number.wabaId, { name, ...(templates[name] as object) });
  const message = { to: '15550100987', type: 'template', template: { name, language: { code: 'en_US' }, components } };
  try {
    // Bypasses the client's own checks, which would reject some of these first.
    await client.request({ method: 'POST', path: [number.phoneNumberId, 'messages'], body: { messaging_product: 'whatsapp', ...message } });
    return 'accepted';
  } catch (error) {
    if (error instanceof GraphApiError) return `${String(error.code)} ${String(error.details)}`;
    throw error;
  }
}

test.each<[string, Json[]]>([
  ['plain', [body(value('1'), value('2'))]],
  ['named', [body(value('4711', 'order'), value('Ann', 'first_name'))]],
  ['titled', [header(value('4711'))]],
  ['picture', [header(image)]],
  ['picture', [header(image), button('quick_reply', 0, { type: 'payload', payload: 'STOP' })]],
  ['buttons', buttonValues],
  ['code', [body(value('123456')), button('url', '0', value('123456'))]],
  ['carousel', [cards(card, card)]],
  ['offer', [{ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1 } }] }]],
])('the template %s is accepted with %o', async (name, components) => {
  expect(await resultOf(name, components)).toBe('accepted');
});

test.each<[string, string, Json[], RegExp]>([
  ['too few values', 'plain', [body(value('1'))], /^132000 body: number of localizable_params \(1\) does not match .* \(2\)$/],
  ['no values', 'plain', [], /^132000 /],
  ['values without names', 'named', [body(value('Ann'), value('4711'))], /^100 Parameter name is missing or empty$/],
  ['a wrong name', 'named', [body(value('Ann', 'name'), value('4711', 'order'))], /^132012 body: parameter name \(name\)/],
  ['no value for the header', 'titled', [], /^132000 header: number of localizable_params \(0\)/],
  ['no picture', 'picture', [], /^132012 header: Format mismatch, expected IMAGE, received UNKNOWN$/],
  ['a text for a picture', 'picture', [header(value('Bread'))], /^132012 header: Format mismatch, expected IMAGE, received TEXT$/],
  ['a picture for a text', 'titled', [header(image)], /^132012 header: Format mismatch, expected TEXT, received IMAGE$/],
  ['no suffix of a URL', 'buttons', [buttonValues[1] ?? {}], /^131008 buttons: Button at index 1 of type Url requires a parameter$/],
  ['no coupon', 'buttons', [buttonValues[0] ?? {}], /^131008 buttons: Button at index 3 of type CopyCode requires a parameter$/],
  [
    'a value for a button to call',
    'buttons',
    [...buttonValues, button('url', 0, value('1'))],
    /^100 buttons: Button at index 0 is of type Call and does not support parameters$/,
  ],
  ['a value for a fixed URL', 'buttons', [...buttonValues, button('url', 2, value('1'))], /^100 buttons: Button at index 2 is of type Url/],
  ['a value of another kind', 'buttons', [...buttonValues, button('url', 4, value('1'))], /^132012 buttons: Button at index 4/],
  ['a button that is not there', 'buttons', [...buttonValues, button('url', 9, value('1'))], /^132012 .* no button at index 9$/],
  ['a code in the body only', 'code', [body(value('123456'))], /^131008 buttons: Button at index 0 of type Url requires a parameter$/],
  ['a code in the button only', 'code', [button('url', 0, value('123456'))], /^132000 body/],
  ['a long code', 'code', [body(value('1'.repeat(16))), button('url', 0, value('1'.repeat(16)))], /^132018 .*15 characters$/],
  ['two codes', 'code', [body(value('123456')), button('url', 0, value('654321'))], /^132018 /],
  ['no carousel', 'carousel', [], /^131008 carousel/],
  ['three cards for two', 'carousel', [cards(card, card, card)], /^132012 carousel: number of cards \(3\)/],
  ['a card without its body', 'carousel', [cards(card, [header(image)])], /^132000 carousel card 1: body/],
  ['a card without its picture', 'carousel', [cards(card, [body(value('Rye'))])], /^132012 carousel card 1: header/],
  ['no end of the offer', 'offer', [], /^131008 limited_time_offer/],
  ['a long text', 'plain', [body(value('x'.repeat(1_024)), value('1'))], /^132005 /],
  ['a line break', 'plain', [body(value('a\nb'), value('1'))], /^132018 /],
  ['an unknown sub-type', 'buttons', [button('phone_number', 0, value('1'))], /^100 /],
])('%s is rejected as Meta does', async (_what, name, components, error) => {
  const result = await resultOf(name, components);
  if (error.source === '^100 ') expect(result).toBe('100 undefined');
  else expect(result).toMatch(error);
});

test.each<[string, Json[], number, RegExp]>([
  ['a URL as sample', [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://x.example/a.png'] } }], 2388273, /resumable/],
  ['a media ID as sample', [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['8812345678901234'] } }], 2388273, /resumable/],
  ['no sample of a picture', [{ type: 'HEADER', format: 'IMAGE' }], 2388043, /HEADER is missing expected field/],
  [
    'no example of a URL',
    [{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'See', url: 'https://x.example/{{1}}' }] }],
    2388043,
    /BUTTONS/,
  ],
])('a new template with %s is rejected', async (_what, components, subcode, words) => {
  const { client, number } = openShop();
  const json = {
    name: 'x',
    language: 'en_US',
    category: 'MARKETING',
    components: [...components, { type: 'BODY', text: 'Bread for all.' }],
  };
  await expect(client.request({ method: 'POST', path: [number.wabaId, 'message_templates'], body: json })).rejects.toMatchObject({
    code: 100,
    subcode,
    userMessage: expect.stringMatching(words) as string,
  });
});

test('a file of a webhook is only found without phone_number_id', async () => {
  const { client, fake, number, values } = openShop();
  fake.customer('15550100987').send(number.phoneNumberId, { type: 'image', image: {} });
  await fake.settled();
  const { id } = values('messages')[0]?.messages?.[0]?.['image'] as { id: string };
  await expect(client.request({ method: 'GET', path: [id] })).resolves.toMatchObject({ id });
  const query = { phone_number_id: number.phoneNumberId };
  await expect(client.request({ method: 'GET', path: [id], query })).rejects.toMatchObject({ code: 100, subcode: 33 });
});

test('the client sends what the fake accepts', async () => {
  const { client, fake, number } = openShop();
  fake.addTemplate(number.wabaId, { name: 'plain', ...(templates['plain'] as object) });
  const message = {
    to: '15550100987',
    type: 'template',
    template: { name: 'plain', language: { code: 'en_US' }, components: [body(value('1'), value('2'))] },
  };
  // Parsed from JSON, so the compiler doesn't know its type.
  await expect(sendMessage(client, message as unknown as OutgoingMessage)).resolves.toHaveProperty('messages');
});
