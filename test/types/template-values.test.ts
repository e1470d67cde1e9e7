import { describe, expect, test } from 'vitest';
import type { MessageTemplate } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { checkTemplate, listTemplateProblems, type TemplateDefinition, type TemplateMessageContent } from 'wa-coexist/templates';
import { buttons, carousel, code, document, flow, hello, image, languages, named, numbered, offer, place } from './template-shapes.js';

type Use = readonly [path: string, definition: TemplateDefinition, build: () => TemplateMessageContent];

const id = '1013859600285441';
const shoe = { header: { image: { id } }, body: ['you'], buttons: [{ urlSuffix: '1' }] } as const;
const other = { header: { image: { id } }, buttons: [{ urlSuffix: '2' }] } as const;

/** Compiled by `tsc -p test/tsconfig.json`: each `@ts-expect-error` is an error if the line below it compiles. */
const wrongUses: readonly Use[] = [
  // @ts-expect-error The template has no variables.
  ['body', hello, () => template(hello, { body: ['Ana'] })],
  // @ts-expect-error The header has no variables.
  ['header', hello, () => template(hello, { header: ['Ana'] })],
  // @ts-expect-error The template has no buttons.
  ['buttons[0]', hello, () => template(hello, { buttons: [{ urlSuffix: '1' }] })],
  // @ts-expect-error The template has no carousel.
  ['cards', hello, () => template(hello, { cards: [] })],
  // @ts-expect-error The template isn't for one-time passwords.
  ['body', hello, () => template(hello, { otp: '123456' })],
  // @ts-expect-error The template has no offer.
  ['offerExpiresAt', hello, () => template(hello, { offerExpiresAt: new Date(0) })],
  // @ts-expect-error Unknown member.
  ['values.bdy', hello, () => template(hello, { bdy: ['Ana'] })],
  // @ts-expect-error Another language.
  ['language', hello, () => template(hello, {}, { language: 'fr' })],
  // @ts-expect-error No values.
  ['body.first_name', named, () => template(named)],
  // @ts-expect-error A missing value.
  ['body.order', named, () => template(named, { body: { first_name: 'Ana' } })],
  // @ts-expect-error A misnamed value.
  ['body.ordr', named, () => template(named, { body: { first_name: 'Ana', ordr: '1042' } })],
  // @ts-expect-error An extra value.
  ['body.total', named, () => template(named, { body: { first_name: 'Ana', order: '1042', total: '9' } })],
  // @ts-expect-error A number for a text.
  ['body.order', named, () => template(named, { body: { first_name: 'Ana', order: 1042 } })],
  // @ts-expect-error A list for named variables.
  ['body[0]', named, () => template(named, { body: ['Ana', '1042'] })],
  // @ts-expect-error A missing value at the end.
  ['body[2]', numbered, () => template(numbered, { header: ['1042'], body: ['Ana', '1042'] })],
  // @ts-expect-error One value too many.
  ['body[3]', numbered, () => template(numbered, { header: ['1042'], body: ['Ana', '1042', '9', '9'] })],
  // @ts-expect-error An object for numbered variables.
  ['body.first_name', numbered, () => template(numbered, { header: ['1042'], body: { first_name: 'Ana' } })],
  // @ts-expect-error The header is missing.
  ['header[0]', numbered, () => template(numbered, { body: ['Ana', '1042', '9'] })],
  // @ts-expect-error A file for a text header.
  ['header.image', numbered, () => template(numbered, { header: { image: { id } }, body: ['Ana', '1042', '9'] })],
  // @ts-expect-error The image is missing.
  ['header.image', image, () => template(image, {})],
  // @ts-expect-error A video for an image.
  ['header.image', image, () => template(image, { header: { video: { id } } })],
  // @ts-expect-error A text for an image.
  ['header.image', image, () => template(image, { header: ['shoes'] })],
  // @ts-expect-error The image has neither ID nor link.
  ['header.image', image, () => template(image, { header: { image: {} } })],
  // @ts-expect-error An image for a document.
  ['header.document', document, () => template(document, { header: { image: { id } }, body: { number: '1' } })],
  // @ts-expect-error The location is missing.
  ['header.location', place, () => template(place)],
  // @ts-expect-error The suffix and the code are missing.
  ['buttons[2].urlSuffix', buttons, () => template(buttons, {})],
  // @ts-expect-error The code is missing.
  ['buttons[3].copyCode', buttons, () => template(buttons, { buttons: [null, null, { urlSuffix: '1' }] })],
  // @ts-expect-error A misnamed value of a button.
  ['values.buttons[2]', buttons, () => template(buttons, { buttons: [null, null, { urlSufix: '1' }, { copyCode: 'A' }] })],
  // @ts-expect-error Values of two buttons in the wrong order.
  ['buttons[2].urlSuffix', buttons, () => template(buttons, { buttons: [null, null, { copyCode: 'A' }, { urlSuffix: '1' }] })],
  // @ts-expect-error A phone button has no value.
  ['buttons[1]', buttons, () => template(buttons, { buttons: [null, { payload: '1' }, { urlSuffix: '1' }, { copyCode: 'A' }] })],
  // @ts-expect-error A URL without a variable has no value.
  ['buttons[4]', buttons, () => template(buttons, { buttons: [null, null, { urlSuffix: '1' }, { copyCode: 'A' }, { urlSuffix: '1' }] })],
  // @ts-expect-error A number as a payload.
  ['buttons[0].payload', buttons, () => template(buttons, { buttons: [{ payload: 1 }, null, { urlSuffix: '1' }, { copyCode: 'A' }] })],
  // @ts-expect-error The flow is missing.
  ['buttons[0].flow', flow, () => template(flow)],
  // @ts-expect-error A payload for a flow.
  ['buttons[0].flow', flow, () => template(flow, { buttons: [{ payload: '1' }] })],
  // @ts-expect-error The one-time password is missing.
  ['otp', code, () => template(code, {})],
  // @ts-expect-error A number as a one-time password.
  ['otp', code, () => template(code, { otp: 123456 })],
  // @ts-expect-error The library fills body and button from otp.
  ['otp', code, () => template(code, { body: ['123456'] })],
  // @ts-expect-error The expiration is missing.
  ['offerExpiresAt', offer, () => template(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A' }] })],
  // @ts-expect-error The expiration is a text.
  ['offerExpiresAt', offer, () => template(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A' }], offerExpiresAt: 'tomorrow' })],
  // @ts-expect-error The cards are missing.
  ['cards[0]', carousel, () => template(carousel, { body: ['Ana'] })],
  // @ts-expect-error One card of two.
  ['cards[1]', carousel, () => template(carousel, { body: ['Ana'], cards: [shoe] })],
  // @ts-expect-error Three cards of two.
  ['cards', carousel, () => template(carousel, { body: ['Ana'], cards: [shoe, other, other] })],
  // @ts-expect-error The body of the first card is missing.
  ['cards[0].body[0]', carousel, () => template(carousel, { body: ['Ana'], cards: [other, other] })],
  // @ts-expect-error The second card has no variables.
  ['cards[1].body', carousel, () => template(carousel, { body: ['Ana'], cards: [shoe, shoe] })],
  // @ts-expect-error The language is missing.
  ['', languages, () => template(languages, { body: { time: '9:00' } })],
  // @ts-expect-error A language that the template doesn't have.
  ['language', languages, () => template(languages, { body: { time: '9:00' } }, { language: 'fr' })],
];

const rightUses: readonly Use[] = [
  ['no values', hello, () => template(hello)],
  ['the language', hello, () => template(hello, {}, { language: 'en_US' })],
  ['named values', named, () => template(named, { body: { first_name: 'Ana', order: '1042' } })],
  [
    'a currency',
    numbered,
    () => {
      const price = { type: 'currency', currency: { fallback_value: '$9', code: 'USD', amount_1000: 9_000 } } as const;
      return template(numbered, { header: ['1042'], body: ['Ana', '1042', price] });
    },
  ],
  ['an image', image, () => template(image, { header: { image: { link: 'https://shop.example/shoe.png' } } })],
  ['a document', document, () => template(document, { header: { document: { id, filename: 'a.pdf' } }, body: { number: '1' } })],
  ['a location', place, () => template(place, { header: { location: { latitude: 52.5, longitude: 13.4, name: 'Shop' } } })],
  ['needed buttons', buttons, () => template(buttons, { buttons: [null, null, { urlSuffix: '1' }, { copyCode: 'A' }] })],
  ['all buttons', buttons, () => template(buttons, { buttons: [{ payload: 'p' }, null, { urlSuffix: '1' }, { copyCode: 'A' }, null] })],
  ['a flow', flow, () => template(flow, { buttons: [{ flow: { flow_token: 't' } }] })],
  ['a one-time password', code, () => template(code, { otp: '123456' })],
  ['an offer', offer, () => template(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A' }], offerExpiresAt: new Date(0) })],
  ['cards', carousel, () => template(carousel, { body: ['Ana'], cards: [shoe, other] })],
  ['a translation', languages, () => template(languages, { body: { time: '9:00' } }, { language: 'es' })],
];

describe('wrong uses of twelve templates', () => {
  test('are at least 40', () => {
    expect(wrongUses.length).toBeGreaterThanOrEqual(40);
    expect(new Set(wrongUses.map(([, definition]) => definition)).size).toBe(12);
  });

  test.each(
    wrongUses.filter(([path]) => path !== '').map(([path, definition, build]) => [definition.name, path, { definition, build }] as const),
  )('%s: %s', (_name, path, { definition, build }) => {
    expect(() => {
      checkTemplate(definition, build());
    }).toThrow(expect.objectContaining({ name: 'InvalidArgumentError', field: path }) as Error);
  });
});

test.each(rightUses)('%s match', (_what, definition, build) => {
  expect(listTemplateProblems(definition, build())).toEqual([]);
});

test.each<[string, TemplateDefinition, () => TemplateMessageContent]>([
  ['otp', code, () => template(code, { otp: '1234567890123456' })],
  [
    'buttons[0].copyCode',
    offer,
    () => template(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A'.repeat(21) }], offerExpiresAt: new Date(0) }),
  ],
  ['offerExpiresAt', offer, () => template(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A' }], offerExpiresAt: new Date(NaN) })],
  ['body.first_name', named, () => template(named, { body: { first_name: '', order: '1' } })],
  ['name', named, () => template('order_shiped', 'en_US')],
  ['body.first_name', named, () => template(named, { body: { first_name: 'Ana\nBo', order: '1' } })],
  ['body.order', named, () => template(named, { body: { first_name: 'Ana', order: '1     2' } })],
  ['body.first_name', named, () => template(named, { body: null } as never)],
  ['otp', code, () => template(code, { otp: ' ' })],
  ['header.image', image, () => template(image, { header: { image: { id, link: 'https://shop.example/a.jpg' } } } as never)],
  ['header.image.link', image, () => template(image, { header: { image: { link: './a.jpg' } } })],
  ['header.image.id', image, () => template(image, { header: { image: { id: 1 } } } as never)],
  ['header.location.longitude', place, () => template(place, { header: { location: { latitude: '1' } } } as never)],
])('checkTemplate finds what types cannot express: %s', (path, definition, build) => {
  expect(listTemplateProblems(definition, build())).toContainEqual(expect.objectContaining({ path }) as unknown);
});

test('values that would be lost or that are no objects are rejected by path', () => {
  expect(() => template(carousel, { body: ['Ana'], cards: [shoe, { ...other, boddy: ['x'] }] } as never)).toThrow(
    'values.cards[1].boddy is unknown. Use header, body, buttons',
  );
  expect(() => template(carousel, { body: ['Ana'], cards: [shoe, null] } as never)).toThrow('values.cards[1] must be an object');
  expect(() => template(image, { header: { image: { id }, video: { id } } } as never)).toThrow(
    'values.header must have only the member image',
  );
});

test('a template from the account accepts any values, and checkTemplate compares them', () => {
  const fetched = { id: '1', status: 'APPROVED', ...named } as MessageTemplate;
  expect(listTemplateProblems(fetched, template(fetched, { body: { first_name: 'Ana', order: '1' } }))).toEqual([]);
  expect(listTemplateProblems(fetched, template(fetched, { body: ['Ana'] }))).not.toEqual([]);
});

test('template builds what Meta expects', () => {
  expect(template(carousel, { body: ['Ana'], cards: [shoe, other] }).template).toEqual({
    name: 'new_arrivals',
    language: { code: 'en_US' },
    components: [
      { type: 'body', parameters: [{ type: 'text', text: 'Ana' }] },
      {
        type: 'carousel',
        cards: [
          {
            card_index: 0,
            components: [
              { type: 'header', parameters: [{ type: 'image', image: { id } }] },
              { type: 'body', parameters: [{ type: 'text', text: 'you' }] },
              { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '1' }] },
            ],
          },
          {
            card_index: 1,
            components: [
              { type: 'header', parameters: [{ type: 'image', image: { id } }] },
              { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '2' }] },
            ],
          },
        ],
      },
    ],
  });
  expect(template(code, { otp: '123456' }).template.components).toEqual([
    { type: 'body', parameters: [{ type: 'text', text: '123456' }] },
    { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '123456' }] },
  ]);
  expect(template(hello)).toEqual({ type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } });
});
