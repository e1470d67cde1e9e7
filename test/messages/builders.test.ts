import { expect, test } from 'vitest';
import { sendMessage, type OutgoingMessage } from 'wa-coexist';
import { reaction, template, text } from 'wa-coexist/messages';
import { audio, contacts, document, image, location, pin, sticker, video } from '../../src/messages/builders.js';
import {
  buttons,
  callPermissionRequest,
  carousel,
  ctaUrl,
  flow,
  list,
  locationRequest,
  requestContactInfo,
} from '../../src/messages/interactive-builders.js';
import { catalog, product, productList } from '../../src/messages/interactive/product-builders.js';
import { templateComponents } from '../../src/templates/template-components.js';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

const interactive = (content: object) => ({ type: 'interactive', interactive: content });
const withTemplate = (components: unknown) => ({ type: 'template', template: { name: 'sale', language: { code: 'de' }, components } });

test.each<[string, Omit<OutgoingMessage, 'to'>, object]>([
  ['text', text('Hello', { preview_url: true }), { type: 'text', text: { body: 'Hello', preview_url: true } }],
  ['image', image({ id: '1', caption: 'New' }), { type: 'image', image: { id: '1', caption: 'New' } }],
  ['video', video({ link: 'https://shop.example/v' }), { type: 'video', video: { link: 'https://shop.example/v' } }],
  ['audio', audio({ id: '1', voice: true }), { type: 'audio', audio: { id: '1', voice: true } }],
  ['document', document({ id: '1', filename: 'a.pdf' }), { type: 'document', document: { id: '1', filename: 'a.pdf' } }],
  [
    'document with a link',
    document({ link: 'https://shop.example/files/Invoice%204711.pdf?token=1' }),
    { type: 'document', document: { link: 'https://shop.example/files/Invoice%204711.pdf?token=1', filename: 'Invoice 4711.pdf' } },
  ],
  [
    'document with a link that names no file',
    document({ link: 'https://shop.example/files/4711' }),
    { type: 'document', document: { link: 'https://shop.example/files/4711' } },
  ],
  [
    'document with a file name of its own',
    document({ link: 'https://shop.example/a.pdf', filename: 'b.pdf' }),
    { type: 'document', document: { link: 'https://shop.example/a.pdf', filename: 'b.pdf' } },
  ],
  [
    'buttons under a document with a link',
    buttons('Friday?', [{ id: 'y', title: 'Yes' }], { header: { type: 'document', document: { link: 'https://shop.example/a.pdf' } } }),
    interactive({
      type: 'button',
      header: { type: 'document', document: { link: 'https://shop.example/a.pdf', filename: 'a.pdf' } },
      body: { text: 'Friday?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] },
    }),
  ],
  [
    'template with a document that has a link',
    template('sale', 'de', templateComponents({ header: { type: 'document', document: { link: 'https://shop.example/a.pdf' } } })),
    withTemplate([
      { type: 'header', parameters: [{ type: 'document', document: { link: 'https://shop.example/a.pdf', filename: 'a.pdf' } }] },
    ]),
  ],
  [
    'template with named values called type and size',
    template('sale', 'de', templateComponents({ header: { type: 'size', size: 'L' } })),
    withTemplate([
      {
        type: 'header',
        parameters: [
          { type: 'text', text: 'size', parameter_name: 'type' },
          { type: 'text', text: 'L', parameter_name: 'size' },
        ],
      },
    ]),
  ],
  ['sticker', sticker({ id: '1' }), { type: 'sticker', sticker: { id: '1' } }],
  ['location', location(52.52, 13.4, { name: 'Shop' }), { type: 'location', location: { latitude: 52.52, longitude: 13.4, name: 'Shop' } }],
  ['contacts', contacts({ name: { formatted_name: 'Ann' } }), { type: 'contacts', contacts: [{ name: { formatted_name: 'Ann' } }] }],
  ['reaction', reaction('wamid.EXAMPLE9', '👍'), { type: 'reaction', reaction: { message_id: 'wamid.EXAMPLE9', emoji: '👍' } }],
  [
    'pin',
    pin('wamid.EXAMPLE9', 7),
    { recipient_type: 'group', type: 'pin', pin: { type: 'pin', message_id: 'wamid.EXAMPLE9', expiration_days: 7 } },
  ],
  ['unpin', pin('wamid.EXAMPLE9'), { recipient_type: 'group', type: 'pin', pin: { type: 'unpin', message_id: 'wamid.EXAMPLE9' } }],
  [
    'buttons',
    buttons('Friday?', [{ id: 'y', title: 'Yes' }], { header: 'Delivery', footer: 'Thanks' }),
    interactive({
      type: 'button',
      header: { type: 'text', text: 'Delivery' },
      body: { text: 'Friday?' },
      footer: { text: 'Thanks' },
      action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] },
    }),
  ],
  [
    'buttons under a file',
    buttons('Friday?', [{ id: 'y', title: 'Yes' }], { header: { type: 'image', image: { id: '1' } } }),
    interactive({
      type: 'button',
      header: { type: 'image', image: { id: '1' } },
      body: { text: 'Friday?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] },
    }),
  ],
  [
    'list of rows',
    list('When?', 'Choose', [{ id: 'mon', title: 'Monday' }], { header: 'Days' }),
    interactive({
      type: 'list',
      header: { type: 'text', text: 'Days' },
      body: { text: 'When?' },
      action: { button: 'Choose', sections: [{ rows: [{ id: 'mon', title: 'Monday' }] }] },
    }),
  ],
  [
    'list of sections',
    list('When?', 'Choose', [
      { title: 'Week 1', rows: [{ id: 'mon', title: 'Monday' }] },
      { title: 'Week 2', rows: [{ id: 'tue', title: 'Tuesday' }] },
    ]),
    interactive({
      type: 'list',
      body: { text: 'When?' },
      action: {
        button: 'Choose',
        sections: [
          { title: 'Week 1', rows: [{ id: 'mon', title: 'Monday' }] },
          { title: 'Week 2', rows: [{ id: 'tue', title: 'Tuesday' }] },
        ],
      },
    }),
  ],
  [
    'ctaUrl',
    ctaUrl('On its way', 'Track', 'https://shop.example/t', { footer: 'Thanks' }),
    interactive({
      type: 'cta_url',
      body: { text: 'On its way' },
      footer: { text: 'Thanks' },
      action: { name: 'cta_url', parameters: { display_text: 'Track', url: 'https://shop.example/t' } },
    }),
  ],
  [
    'flow',
    flow('Book here', 'Book', { flow_name: 'booking', flow_token: 't', mode: 'draft', header: 'Visit', footer: 'Thanks' }),
    interactive({
      type: 'flow',
      header: { type: 'text', text: 'Visit' },
      body: { text: 'Book here' },
      footer: { text: 'Thanks' },
      action: {
        name: 'flow',
        parameters: { flow_message_version: '3', flow_cta: 'Book', flow_name: 'booking', flow_token: 't', mode: 'draft' },
      },
    }),
  ],
  [
    'product',
    product('1', 'shoe-42', { body: 'Back', footer: 'Thanks' }),
    interactive({
      type: 'product',
      body: { text: 'Back' },
      footer: { text: 'Thanks' },
      action: { catalog_id: '1', product_retailer_id: 'shoe-42' },
    }),
  ],
  [
    'productList',
    productList('Spring', 'New', '1', { Shoes: ['shoe-41', 'shoe-42'], Hats: ['hat-1'] }),
    interactive({
      type: 'product_list',
      header: { type: 'text', text: 'Spring' },
      body: { text: 'New' },
      action: {
        catalog_id: '1',
        sections: [
          { title: 'Shoes', product_items: [{ product_retailer_id: 'shoe-41' }, { product_retailer_id: 'shoe-42' }] },
          { title: 'Hats', product_items: [{ product_retailer_id: 'hat-1' }] },
        ],
      },
    }),
  ],
  ['catalog', catalog('All'), interactive({ type: 'catalog_message', body: { text: 'All' }, action: { name: 'catalog_message' } })],
  [
    'catalog with a picture',
    catalog('All', { thumbnail: 'shoe-42', footer: 'Thanks' }),
    interactive({
      type: 'catalog_message',
      body: { text: 'All' },
      footer: { text: 'Thanks' },
      action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'shoe-42' } },
    }),
  ],
  [
    'carousel of files with links',
    carousel('Week', [
      { header: { type: 'image', image: { id: '1' } }, body: 'Shoes', link: { display_text: 'See', url: 'https://shop.example/1' } },
      { header: { type: 'image', image: { id: '2' } }, link: { display_text: 'See', url: 'https://shop.example/2' } },
    ]),
    interactive({
      type: 'carousel',
      body: { text: 'Week' },
      action: {
        cards: [
          {
            card_index: 0,
            type: 'cta_url',
            header: { type: 'image', image: { id: '1' } },
            body: { text: 'Shoes' },
            action: { name: 'cta_url', parameters: { display_text: 'See', url: 'https://shop.example/1' } },
          },
          {
            card_index: 1,
            type: 'cta_url',
            header: { type: 'image', image: { id: '2' } },
            action: { name: 'cta_url', parameters: { display_text: 'See', url: 'https://shop.example/2' } },
          },
        ],
      },
    }),
  ],
  [
    'carousel of files with replies',
    carousel('Week', [
      { header: { type: 'video', video: { id: '1' } }, replies: [{ id: 'a', title: 'This' }] },
      { header: { type: 'video', video: { id: '2' } }, replies: [{ id: 'b', title: 'This' }] },
    ]),
    interactive({
      type: 'carousel',
      body: { text: 'Week' },
      action: {
        cards: ['a', 'b'].map((id, index) => ({
          card_index: index,
          type: 'cta_url',
          header: { type: 'video', video: { id: String(index + 1) } },
          action: { buttons: [{ type: 'quick_reply', quick_reply: { id, title: 'This' } }] },
        })),
      },
    }),
  ],
  [
    'carousel of products',
    carousel('Week', [
      { catalog_id: '1', product_retailer_id: 'shoe-41' },
      { catalog_id: '1', product_retailer_id: 'shoe-42' },
    ]),
    interactive({
      type: 'carousel',
      body: { text: 'Week' },
      action: {
        cards: [
          { card_index: 0, type: 'product', action: { catalog_id: '1', product_retailer_id: 'shoe-41' } },
          { card_index: 1, type: 'product', action: { catalog_id: '1', product_retailer_id: 'shoe-42' } },
        ],
      },
    }),
  ],
  [
    'locationRequest',
    locationRequest('Where?'),
    interactive({ type: 'location_request_message', body: { text: 'Where?' }, action: { name: 'send_location' } }),
  ],
  [
    'callPermissionRequest',
    callPermissionRequest('May we call?'),
    interactive({ type: 'call_permission_request', body: { text: 'May we call?' }, action: { name: 'call_permission_request' } }),
  ],
  [
    'callPermissionRequest without body',
    callPermissionRequest(),
    interactive({ type: 'call_permission_request', action: { name: 'call_permission_request' } }),
  ],
  [
    'requestContactInfo',
    requestContactInfo('Your number?'),
    interactive({ type: 'request_contact_info', body: { text: 'Your number?' }, action: { name: 'request_contact_info' } }),
  ],
  ['template', template('sale', 'de'), { type: 'template', template: { name: 'sale', language: { code: 'de' } } }],
  [
    'template with positional values',
    template('sale', 'de', templateComponents({ header: 'Spring', body: ['Ann', { type: 'group_id', group_id: 'g' }] })),
    withTemplate([
      { type: 'header', parameters: [{ type: 'text', text: 'Spring' }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ann' },
          { type: 'group_id', group_id: 'g' },
        ],
      },
    ]),
  ],
  [
    'template with named values',
    template(
      'sale',
      'de',
      templateComponents({
        header: { season: 'Spring' },
        body: { first_name: 'Ann', price: { type: 'currency', currency: { fallback_value: '1 EUR', code: 'EUR', amount_1000: 1000 } } },
      }),
    ),
    withTemplate([
      { type: 'header', parameters: [{ type: 'text', text: 'Spring', parameter_name: 'season' }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ann', parameter_name: 'first_name' },
          { type: 'currency', currency: { fallback_value: '1 EUR', code: 'EUR', amount_1000: 1000 }, parameter_name: 'price' },
        ],
      },
    ]),
  ],
  [
    'template with a file and every button',
    template(
      'sale',
      'de',
      templateComponents({
        header: { type: 'document', document: { id: '1', filename: 'a.pdf' } },
        buttons: [
          { url: 'spring' },
          null,
          { quickReply: 'stop' },
          { copyCode: 'SPRING20' },
          { flow: { flow_token: 't', flow_action_data: { day: 1 } } },
          { catalog: { thumbnail_product_retailer_id: 'shoe-42' } },
        ],
        offerExpiresAt: new Date(1_800_000_000_000),
      }),
    ),
    withTemplate([
      { type: 'header', parameters: [{ type: 'document', document: { id: '1', filename: 'a.pdf' } }] },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: 'spring' }] },
      { type: 'button', sub_type: 'quick_reply', index: 2, parameters: [{ type: 'payload', payload: 'stop' }] },
      { type: 'button', sub_type: 'copy_code', index: 3, parameters: [{ type: 'coupon_code', coupon_code: 'SPRING20' }] },
      {
        type: 'button',
        sub_type: 'flow',
        index: 4,
        parameters: [{ type: 'action', action: { flow_token: 't', flow_action_data: { day: 1 } } }],
      },
      {
        type: 'button',
        sub_type: 'catalog',
        index: 5,
        parameters: [{ type: 'action', action: { thumbnail_product_retailer_id: 'shoe-42' } }],
      },
      {
        type: 'limited_time_offer',
        parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } }],
      },
    ]),
  ],
  [
    'template with a one-time code, which goes into body and button',
    template('sale', 'de', templateComponents({ otp: '123456' })),
    withTemplate([
      { type: 'body', parameters: [{ type: 'text', text: '123456' }] },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '123456' }] },
    ]),
  ],
  [
    'template with cards',
    template(
      'sale',
      'de',
      templateComponents({
        body: ['Ann'],
        cards: [
          { header: { type: 'image', image: { id: '1' } }, buttons: [{ url: 'a' }] },
          { header: { type: 'image', image: { id: '2' } }, buttons: [{ url: 'b' }] },
        ],
      }),
    ),
    withTemplate([
      { type: 'body', parameters: [{ type: 'text', text: 'Ann' }] },
      {
        type: 'carousel',
        cards: ['a', 'b'].map((suffix, index) => ({
          card_index: index,
          components: [
            { type: 'header', parameters: [{ type: 'image', image: { id: String(index + 1) } }] },
            { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: suffix }] },
          ],
        })),
      },
    ]),
  ],
])('%s builds the shape of the API, which passes the checks', async (_name, content, wire) => {
  expect(content).toEqual(wire);
  const { client, bodies } = recordingClient(acceptedMessage);
  // A union loses its members' link between type and content under Omit.
  await sendMessage(client, { to: '15550100987', ...content } as OutgoingMessage);
  expect(bodies).toEqual([{ messaging_product: 'whatsapp', to: '15550100987', ...wire }]);
});

test('a carousel with a part that would be lost is rejected', () => {
  const media = { header: { type: 'image', image: { id: '1' } }, link: { display_text: 'See', url: 'https://shop.example' } } as const;
  const product = { catalog_id: '1', product_retailer_id: 'shoe' };
  expect(() => carousel('Week', [media, { ...media, replies: [{ id: 'a', title: 'A' }] }])).toThrow('cards[1] has a link and replies');
  expect(() => carousel('Week', [media, product] as never)).toThrow('cards must all have files, or all have products');
});
