import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { sendMessage, type OutgoingMessage } from 'wa-coexist';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

const to = '15550100987';
const chars = (count: number): string => 'x'.repeat(count);
const times = <Item>(count: number, make: (index: number) => Item): Item[] => Array.from({ length: count }, (_, index) => make(index));

/** A message from a caller without types, for whom the rules also apply. */
type Wire = Readonly<Record<string, unknown>>;
const text = (more: Wire = {}): Wire => ({ to, type: 'text', text: { body: 'Hello' }, ...more });
const media = (type: string, content: unknown): Wire => ({ to, type, [type]: content });
const interactive = (content: Wire, more: Wire = {}): Wire => ({ to, type: 'interactive', interactive: content, ...more });
const body = { text: 'Choose' };

const replies = (...ids: [id: string, title: string][]): Wire[] => ids.map(([id, title]) => ({ type: 'reply', reply: { id, title } }));
const buttons = (list: unknown, more: Wire = {}): Wire => interactive({ type: 'button', body, action: { buttons: list }, ...more });
const oneButton = replies(['a', 'A']);

const row = (id: string, more: Wire = {}): Wire => ({ id, title: 'Row', ...more });
const list = (sections: unknown, action: Wire = {}, more: Wire = {}): Wire =>
  interactive({ type: 'list', body, action: { button: 'Open', sections, ...action }, ...more });

const ctaUrl = (display_text: string, url: string, more: Wire = {}): Wire =>
  interactive({ type: 'cta_url', body, action: { name: 'cta_url', parameters: { display_text, url } }, ...more });
const flow = (parameters: Wire): Wire => interactive({ type: 'flow', body, action: { name: 'flow', parameters } });
const flowBasics = { flow_message_version: '3', flow_cta: 'Book', flow_id: '1' };

const items = (count: number, prefix = 'p'): Wire[] => times(count, (index) => ({ product_retailer_id: `${prefix}${index}` }));
const productList = (sections: unknown, more: Wire = {}): Wire =>
  interactive({ type: 'product_list', header: { type: 'text', text: 'Spring' }, body, action: { catalog_id: '1', sections }, ...more });

const image = { type: 'image', image: { id: '1' } };
const linkAction = { name: 'cta_url', parameters: { display_text: 'See', url: 'https://shop.example' } };
const card = (index: number, more: Wire = {}): Wire => ({ card_index: index, type: 'cta_url', header: image, action: linkAction, ...more });
const quickReplies = (count: number, card = 'q'): Wire => ({
  buttons: times(count, (index) => ({ type: 'quick_reply', quick_reply: { id: `${card}${index}`, title: 'Yes' } })),
});
const productCard = (index: number): Wire => ({
  card_index: index,
  type: 'product',
  action: { catalog_id: '1', product_retailer_id: 'p' },
});
const reply = (index: number, ...replies: readonly (readonly [string, string])[]): Wire =>
  card(index, { action: { buttons: replies.map(([id, title]) => ({ type: 'quick_reply', quick_reply: { id, title } })) } });
const carousel = (cards: unknown, more: Wire = {}): Wire => interactive({ type: 'carousel', body, action: { cards }, ...more });
const address = (parameters: Wire): Wire =>
  interactive({ type: 'address_message', body, action: { name: 'address_message', parameters: { country: 'IN', ...parameters } } });
const amount = (value: number): Wire => ({ value, offset: 100 });
const order = (change: Wire, parameters: Wire = {}): Wire =>
  interactive({
    type: 'order_details',
    body,
    action: {
      name: 'review_and_pay',
      parameters: {
        reference_id: 'order-1',
        type: 'digital-goods',
        currency: 'INR',
        total_amount: amount(110),
        order: {
          status: 'pending',
          items: [{ name: 'Bread', amount: amount(50), quantity: 2 }],
          subtotal: amount(100),
          tax: amount(10),
          ...change,
        },
        ...parameters,
      },
    },
  });
const orderStatus = (parameters: Wire): Wire =>
  interactive({ type: 'order_status', body, action: { name: 'review_order', parameters: { reference_id: 'order-1', ...parameters } } });
const voiceCall = (parameters: Wire): Wire => interactive({ type: 'voice_call', body, action: { name: 'voice_call', parameters } });

const template = (...components: Wire[]): Wire => ({
  to,
  type: 'template',
  template: { name: 'order_ready', language: { code: 'en_US' }, components },
});
const values = (type: string, ...parameters: Wire[]): Wire => ({ type, parameters });
const button = (sub_type: string, parameter: Wire, more: Wire = {}): Wire => ({
  type: 'button',
  sub_type,
  index: 0,
  parameters: [parameter],
  ...more,
});
const templateCard = (index: number, ...components: Wire[]): Wire => ({ card_index: index, components });
const offerEnd = { type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1 } };
const tapTarget = { type: 'tap_target_configuration', tap_target_configuration: [{ url: 'https://shop.example', title: 'Shop' }] };
const mpm = (sections: unknown): Wire => button('mpm', { type: 'action', action: { thumbnail_product_retailer_id: 'p', sections } });

type Case = readonly [rule: string, field: string, wrong: Wire, limit?: number];

const wrong: Record<string, readonly Case[]> = {
  envelope: [
    ['no recipient', 'to', text({ to: undefined })],
    ['an empty recipient', 'to', text({ to: '' })],
    ['data of the caller over 512', 'biz_opaque_callback_data', text({ biz_opaque_callback_data: chars(513) }), 512],
    ['a quote of nothing', 'context.message_id', text({ context: {} })],
  ],
  text: [
    ['no text', 'text.body', { to }],
    ['an empty body', 'text.body', text({ text: { body: '' } })],
    ['a body over 4,096', 'text.body', text({ text: { body: chars(4097) } }), 4096],
    ['a body over 4,096 without type', 'text.body', { to, text: { body: chars(4097) } }, 4096],
  ],
  media: [
    ...['image', 'video', 'document', 'audio', 'sticker'].flatMap((type): Case[] => [
      [`${type} without content`, type, { to, type }],
      [`${type} without id and link`, type, media(type, {})],
      [`${type} with an empty id`, type, media(type, { id: '' })],
      [`${type} with id and link`, type, media(type, { id: '1', link: 'https://shop.example/f' })],
      [`${type} with a path instead of a link`, `${type}.link`, media(type, { link: './photo.jpg' })],
    ]),
    ...['image', 'video', 'document'].map((type): Case => [
      `${type} caption over 1,024`,
      `${type}.caption`,
      media(type, { id: '1', caption: chars(1025) }),
      1024,
    ]),
    ...['audio', 'sticker'].map((type): Case => [`${type} with a caption`, `${type}.caption`, media(type, { id: '1', caption: 'x' })]),
  ],
  'location, contacts, reaction, pin': [
    ['no latitude', 'location.latitude', media('location', { longitude: 1 })],
    ['an empty longitude', 'location.longitude', media('location', { latitude: 0, longitude: '' })],
    ['a latitude over 90', 'location.latitude', media('location', { latitude: 90.5, longitude: 0 }), 90],
    ['a longitude that is no number', 'location.longitude', media('location', { latitude: 0, longitude: 'east' }), 180],
    ['a latitude that is NaN', 'location.latitude', media('location', { latitude: NaN, longitude: 0 }), 90],
    ['no cards', 'contacts', media('contacts', []), 1],
    [
      '258 cards',
      'contacts',
      media(
        'contacts',
        times(258, () => ({ name: { formatted_name: 'Ann' } })),
      ),
      257,
    ],
    ['a card without a name', 'contacts[1].name.formatted_name', media('contacts', [{ name: { formatted_name: 'Ann' } }, { name: {} }])],
    ['a reaction to nothing', 'reaction.message_id', media('reaction', { emoji: '👍' })],
    ['a reaction without emoji', 'reaction.emoji', media('reaction', { message_id: 'wamid.EXAMPLE9' })],
    [
      'a reaction that quotes',
      'context',
      { ...media('reaction', { message_id: 'wamid.EXAMPLE9', emoji: '' }), context: { message_id: 'wamid.EXAMPLE9' } },
    ],
    ['a pin outside a group', 'recipient_type', media('pin', { type: 'pin', message_id: 'wamid.EXAMPLE9', expiration_days: 7 })],
    ['a pin of nothing', 'pin.message_id', { ...media('pin', { type: 'pin' }), recipient_type: 'group' }],
    ['a pin of an unknown kind', 'pin.type', { ...media('pin', { type: 'stick', message_id: 'wamid.EXAMPLE9' }), recipient_type: 'group' }],
    ...[0, 31, 1.5].map((days): Case => [
      `a pin for ${days} days`,
      'pin.expiration_days',
      { ...media('pin', { type: 'pin', message_id: 'wamid.EXAMPLE9', expiration_days: days }), recipient_type: 'group' },
      30,
    ]),
  ],
  'interactive frame': [
    ['no kind', 'interactive.type', interactive({})],
    ['interactive to a group', 'type', { ...buttons(oneButton), recipient_type: 'group' }],
    ['no body', 'interactive.body.text', interactive({ type: 'button', action: { buttons: oneButton } })],
    ['a body over 1,024', 'interactive.body.text', buttons(oneButton, { body: { text: chars(1025) } }), 1024],
    ['a list body over 4,096', 'interactive.body.text', list([{ rows: [row('a')] }], {}, { body: { text: chars(4097) } }), 4096],
    ['a footer over 60', 'interactive.footer.text', buttons(oneButton, { footer: { text: chars(61) } }), 60],
    ['an empty footer', 'interactive.footer.text', buttons(oneButton, { footer: { text: '' } })],
    ['a header over 60', 'interactive.header.text', buttons(oneButton, { header: { type: 'text', text: chars(61) } }), 60],
    [
      'a second header line over 60',
      'interactive.header.sub_text',
      buttons(oneButton, { header: { type: 'text', text: 'x', sub_text: chars(61) } }),
      60,
    ],
    ['a header of an empty text', 'interactive.header.text', buttons(oneButton, { header: { type: 'text', text: '' } })],
    ['a header without kind', 'interactive.header.type', buttons(oneButton, { header: { text: 'x' } })],
    [
      'a header file with id and link',
      'interactive.header.image',
      buttons(oneButton, { header: { type: 'image', image: { id: '1', link: 'https://shop.example/i' } } }),
    ],
    ['a header file that is not there', 'interactive.header.video', buttons(oneButton, { header: { type: 'video' } })],
    ['a body of spaces', 'interactive.body.text', buttons(oneButton, { body: { text: ' \n\u00a0' } })],
    ['a body that is no text', 'interactive.body.text', buttons(oneButton, { body: { text: 5 } })],
    ['a button of another kind', 'interactive.action.buttons[0].type', buttons([{ type: 'url', reply: { id: 'a', title: 'A' } }])],
    ['a title of spaces', 'interactive.action.buttons[0].reply.title', buttons(replies(['a', ' ']))],
    ['an ID that is no text', 'interactive.action.buttons[0].reply.id', buttons([{ type: 'reply', reply: { id: 7, title: 'A' } }])],
    ['a title of 21 emoji', 'interactive.action.buttons[0].reply.title', buttons(replies(['a', '😀'.repeat(21)])), 20],
    ['a link without scheme', 'interactive.action.parameters.url', ctaUrl('See', 'shop.example')],
    ['a link that runs code', 'interactive.action.parameters.url', ctaUrl('See', 'javascript:alert(1)')],
    ['a link with a misspelt scheme', 'interactive.action.parameters.url', ctaUrl('See', 'httpss://shop.example')],
    ['a list with a file on top', 'interactive.header.image', list([{ rows: [row('a')] }], {}, { header: image })],
  ],
  buttons: [
    ['no buttons', 'interactive.action.buttons', buttons([]), 1],
    ['four buttons', 'interactive.action.buttons', buttons(replies(['a', 'A'], ['b', 'B'], ['c', 'C'], ['d', 'D'])), 3],
    ['no id', 'interactive.action.buttons[0].reply.id', buttons(replies(['', 'A']))],
    ['an id over 256', 'interactive.action.buttons[0].reply.id', buttons(replies([chars(257), 'A'])), 256],
    ['no title', 'interactive.action.buttons[1].reply.title', buttons(replies(['a', 'A'], ['b', '']))],
    ['a title over 20', 'interactive.action.buttons[2].reply.title', buttons(replies(['a', 'A'], ['b', 'B'], ['c', chars(21)])), 20],
    ['the same id twice', 'interactive.action.buttons[1].reply.id', buttons(replies(['a', 'A'], ['a', 'B']))],
    ['the same title twice', 'interactive.action.buttons[2].reply.title', buttons(replies(['a', 'A'], ['b', 'B'], ['c', 'A']))],
  ],
  list: [
    ['no button', 'interactive.action.button', list([{ rows: [row('a')] }], { button: '' })],
    ['a button over 20', 'interactive.action.button', list([{ rows: [row('a')] }], { button: chars(21) }), 20],
    ['no sections', 'interactive.action.sections', list([]), 1],
    ['eleven sections', 'interactive.action.sections', list(times(11, (index) => ({ title: `S${index}`, rows: [row(`r${index}`)] }))), 10],
    ['a section without rows', 'interactive.action.sections[0].rows', list([{ rows: [] }]), 1],
    [
      'two sections, one without title',
      'interactive.action.sections[1].title',
      list([{ title: 'A', rows: [row('a')] }, { rows: [row('b')] }]),
    ],
    ['a section title over 24', 'interactive.action.sections[0].title', list([{ title: chars(25), rows: [row('a')] }]), 24],
    ['eleven rows in one section', 'interactive.action.sections[0].rows', list([{ rows: times(11, (index) => row(`r${index}`)) }]), 10],
    [
      'eleven rows in two sections',
      'interactive.action.sections',
      list([
        { title: 'A', rows: times(6, (index) => row(`a${index}`)) },
        { title: 'B', rows: times(5, (index) => row(`b${index}`)) },
      ]),
      10,
    ],
    ['a row without id', 'interactive.action.sections[0].rows[0].id', list([{ rows: [row('')] }])],
    ['a row id over 200', 'interactive.action.sections[0].rows[0].id', list([{ rows: [row(chars(201))] }]), 200],
    ['a row without title', 'interactive.action.sections[0].rows[0].title', list([{ rows: [row('a', { title: '' })] }])],
    [
      'a row title over 24',
      'interactive.action.sections[0].rows[1].title',
      list([{ rows: [row('a'), row('b', { title: chars(25) })] }]),
      24,
    ],
    [
      'a description over 72',
      'interactive.action.sections[0].rows[0].description',
      list([{ rows: [row('a', { description: chars(73) })] }]),
      72,
    ],
    [
      'the same row id in two sections',
      'interactive.action.sections[1].rows[0].id',
      list([
        { title: 'A', rows: [row('a')] },
        { title: 'B', rows: [row('a')] },
      ]),
    ],
  ],
  'cta_url and flow': [
    ['no text on the button', 'interactive.action.parameters.display_text', ctaUrl('', 'https://shop.example')],
    ['a text over 20', 'interactive.action.parameters.display_text', ctaUrl(chars(21), 'https://shop.example'), 20],
    ['no address', 'interactive.action.parameters.url', ctaUrl('See', '')],
    [
      'the name of another action',
      'interactive.action.name',
      ctaUrl('See', 'https://shop.example', { action: { ...linkAction, name: 'flow' } }),
    ],
    [
      'the name of another action for a flow',
      'interactive.action.name',
      interactive({ type: 'flow', body, action: { name: 'cta_url', parameters: flowBasics } }),
    ],
    [
      'a flow without version',
      'interactive.action.parameters.flow_message_version',
      flow({ ...flowBasics, flow_message_version: undefined }),
    ],
    ['a flow without button text', 'interactive.action.parameters.flow_cta', flow({ ...flowBasics, flow_cta: '' })],
    ['a button text over 30', 'interactive.action.parameters.flow_cta', flow({ ...flowBasics, flow_cta: chars(31) }), 30],
    ['a flow with id and name', 'interactive.action.parameters', flow({ ...flowBasics, flow_name: 'book' })],
    ['a flow without id and name', 'interactive.action.parameters', flow({ ...flowBasics, flow_id: undefined })],
  ],
  products: [
    [
      'a product with a header',
      'interactive.header',
      interactive({ type: 'product', header: { type: 'text', text: 'x' }, action: { catalog_id: '1', product_retailer_id: 'p' } }),
    ],
    ['a product of no catalog', 'interactive.action.catalog_id', interactive({ type: 'product', action: { product_retailer_id: 'p' } })],
    ['no product', 'interactive.action.product_retailer_id', interactive({ type: 'product', action: { catalog_id: '1' } })],
    ['a list without header', 'interactive.header', productList([{ product_items: items(1) }], { header: undefined })],
    ['a list with a file on top', 'interactive.header.image', productList([{ product_items: items(1) }], { header: image })],
    [
      'a list of no catalog',
      'interactive.action.catalog_id',
      productList([{ product_items: items(1) }], { action: { sections: [{ product_items: items(1) }] } }),
    ],
    ['no sections', 'interactive.action.sections', productList([]), 1],
    [
      'eleven sections',
      'interactive.action.sections',
      productList(times(11, (index) => ({ title: `S${index}`, product_items: items(1) }))),
      10,
    ],
    ['a section without products', 'interactive.action.sections[0].product_items', productList([{ product_items: [] }]), 1],
    ['31 products in one section', 'interactive.action.sections[0].product_items', productList([{ product_items: items(31) }]), 30],
    [
      '31 products in two sections',
      'interactive.action.sections',
      productList([
        { title: 'A', product_items: items(16, 'a') },
        { title: 'B', product_items: items(15, 'b') },
      ]),
      30,
    ],
    [
      'two sections, one without title',
      'interactive.action.sections[0].title',
      productList([{ product_items: items(1) }, { title: 'B', product_items: items(1) }]),
    ],
    ['a section title over 24', 'interactive.action.sections[0].title', productList([{ title: chars(25), product_items: items(1) }]), 24],
    ['a product without id', 'interactive.action.sections[0].product_items[0].product_retailer_id', productList([{ product_items: [{}] }])],
  ],
  carousel: [
    ['a header', 'interactive.header', carousel([card(0), card(1)], { header: { type: 'text', text: 'x' } })],
    ['a footer', 'interactive.footer', carousel([card(0), card(1)], { footer: { text: 'x' } })],
    ['one card', 'interactive.action.cards', carousel([card(0)]), 2],
    ['eleven cards', 'interactive.action.cards', carousel(times(11, (index) => card(index % 10))), 10],
    [
      'a card with three line breaks of any kind',
      'interactive.action.cards[1].body.text',
      carousel([card(0), card(1, { body: { text: 'a\r\nb\rc\nd' } })]),
      2,
    ],
    [
      'a card with a link without scheme',
      'interactive.action.cards[0].action.parameters.url',
      carousel([card(0, { action: { ...linkAction, parameters: { display_text: 'See', url: 'shop.example' } } }), card(1)]),
    ],
    ['a card without position', 'interactive.action.cards[1].card_index', carousel([card(0), card(1, { card_index: undefined })])],
    ['position -1', 'interactive.action.cards[0].card_index', carousel([card(-1), card(1)]), 9],
    ['position 10', 'interactive.action.cards[1].card_index', carousel([card(0), card(10)]), 9],
    ['the same position twice', 'interactive.action.cards[1].card_index', carousel([card(0), card(0)])],
    [
      'a card with a text on top',
      'interactive.action.cards[0].header.type',
      carousel([card(0, { header: { type: 'text', text: 'x' } }), card(1)]),
    ],
    [
      'a card without file',
      'interactive.action.cards[1].header.image',
      carousel([card(0), card(1, { header: { type: 'image', image: {} } })]),
    ],
    [
      'a card whose file is not there',
      'interactive.action.cards[0].header.video',
      carousel([card(0, { header: { type: 'video' } }), card(1)]),
    ],
    ['a card text over 160', 'interactive.action.cards[1].body.text', carousel([card(0), card(1, { body: { text: chars(161) } })]), 160],
    ['three line breaks', 'interactive.action.cards[0].body.text', carousel([card(0, { body: { text: '1\n2\n3\n4' } }), card(1)]), 2],
    ['a card without action', 'interactive.action.cards[0].action', carousel([card(0, { action: undefined }), card(1)])],
    [
      'a button text over 20',
      'interactive.action.cards[1].action.parameters.display_text',
      carousel([card(0), card(1, { action: { name: 'cta_url', parameters: { display_text: chars(21), url: 'https://shop.example' } } })]),
      20,
    ],
    ['other buttons than the first card', 'interactive.action.cards[1]', carousel([card(0), card(1, { action: quickReplies(1) })])],
    [
      'more buttons than the first card',
      'interactive.action.cards[1]',
      carousel([card(0, { action: quickReplies(1) }), card(1, { action: quickReplies(2, 'r') })]),
    ],
    [
      'a label over 20',
      'interactive.action.cards[0].action.buttons[0].quick_reply.title',
      carousel([reply(0, ['a', chars(21)]), reply(1, ['b', 'Yes'])]),
      20,
    ],
    [
      'an id over 256',
      'interactive.action.cards[0].action.buttons[0].quick_reply.id',
      carousel([reply(0, [chars(257), 'Yes']), reply(1, ['b', 'Yes'])]),
      256,
    ],
    [
      'three quick replies',
      'interactive.action.cards[0].action.buttons',
      carousel([0, 1].map((index) => reply(index, [`a${String(index)}`, '1'], [`b${String(index)}`, '2'], [`c${String(index)}`, '3']))),
      2,
    ],
    [
      'the same id on two cards',
      'interactive.action.cards[1].action.buttons[0].quick_reply.id',
      carousel([reply(0, ['a', 'Yes']), reply(1, ['a', 'No'])]),
    ],
    ['products beside files', 'interactive.action.cards[1]', carousel([card(0), productCard(1)])],
    [
      'a card without buttons',
      'interactive.action.cards[0].action.buttons',
      carousel([card(0, { action: { buttons: [] } }), card(1, { action: { buttons: [] } })]),
      1,
    ],
    [
      'a card button of another kind',
      'interactive.action.cards[0].action.buttons[0].type',
      carousel([card(0, { action: { buttons: [{ type: 'reply', quick_reply: { id: 'q', title: 'Yes' } }] } }), card(1)]),
    ],
    [
      'a quick reply without id',
      'interactive.action.cards[0].action.buttons[0].quick_reply.id',
      carousel([card(0, { action: { buttons: [{ type: 'quick_reply', quick_reply: { title: 'Yes' } }] } }), card(1)]),
    ],
    [
      'a quick reply without title',
      'interactive.action.cards[0].action.buttons[0].quick_reply.title',
      carousel([card(0, { action: { buttons: [{ type: 'quick_reply', quick_reply: { id: 'q' } }] } }), card(1)]),
    ],
    [
      'a product card of no product',
      'interactive.action.cards[0].action.product_retailer_id',
      carousel([{ card_index: 0, type: 'product', action: { catalog_id: '1' } }, productCard(1)]),
    ],
    [
      'a product card of no catalog',
      'interactive.action.cards[0].action.catalog_id',
      carousel([{ card_index: 0, type: 'product', action: { product_retailer_id: 'p' } }, productCard(1)]),
    ],
  ],
  'other kinds': [
    [
      'another name for a location request',
      'interactive.action.name',
      interactive({ type: 'location_request_message', body, action: { name: 'location' } }),
    ],
    [
      'another name for an address request',
      'interactive.action.name',
      interactive({ type: 'address_message', body, action: { name: 'address', parameters: { country: 'IN' } } }),
    ],
    ['another name for a call button', 'interactive.action.name', interactive({ type: 'voice_call', body, action: { name: 'call' } })],
    [
      'an address request without country',
      'interactive.action.parameters.country',
      interactive({ type: 'address_message', body, action: { name: 'address_message', parameters: {} } }),
    ],
    ['a catalog without body', 'interactive.body.text', interactive({ type: 'catalog_message', action: { name: 'catalog_message' } })],
    ['another name for a catalog', 'interactive.action.name', interactive({ type: 'catalog_message', body, action: { name: 'catalog' } })],
    ['a card of an unknown type', 'interactive.action.cards[1].type', carousel([card(0), card(1, { type: 'other' })])],
    [
      'an image and a video in one carousel',
      'interactive.action.cards[1].header.type',
      carousel([card(0), card(1, { header: { type: 'video', video: { id: '1' } } })]),
    ],
    ['a pin code over 6', 'interactive.action.parameters.values.in_pin_code', address({ values: { in_pin_code: chars(7) } }), 6],
    ['a saved address without an ID', 'interactive.action.parameters.saved_addresses[0].id', address({ saved_addresses: [{ value: {} }] })],
    ['an order without an ID', 'interactive.action.parameters.reference_id', order({}, { reference_id: '' })],
    ['an order ID over 60', 'interactive.action.parameters.reference_id', order({}, { reference_id: chars(61), currency: 'BRL' }), 60],
    ['an order ID over 35 in India', 'interactive.action.parameters.reference_id', order({}, { reference_id: chars(36) }), 35],
    ['an order without items', 'interactive.action.parameters.order.items', order({ items: [] }), 1],
    [
      'an order with a long name',
      'interactive.action.parameters.order.items[0].name',
      order({ items: [{ name: chars(61), amount: amount(1), quantity: 1 }] }),
      60,
    ],
    ['the name of a country', 'interactive.action.parameters.country', address({ country: 'India' }), 2],
    [
      'a saved address without value',
      'interactive.action.parameters.saved_addresses[0].value',
      address({ saved_addresses: [{ id: 'a' }] }),
    ],
    ['an amount with another divisor', 'interactive.action.parameters.order.tax.offset', order({ tax: { value: 10, offset: 1000 } }), 100],
    [
      'a price with another divisor than the total',
      'interactive.action.parameters.order.items[0].amount.offset',
      order({ items: [{ name: 'Bread', amount: { value: 50, offset: 10 }, quantity: 2 }] }, { currency: 'USD' }),
      100,
    ],
    ['a wrong subtotal', 'interactive.action.parameters.order.subtotal.value', order({ subtotal: amount(99) }), 100],
    ['a wrong total', 'interactive.action.parameters.total_amount.value', order({ shipping: amount(1) }), 111],
    [
      'another divisor in India',
      'interactive.action.parameters.total_amount.offset',
      order({}, { total_amount: { value: 110, offset: 10 } }),
      100,
    ],
    [
      'a long description of a tax',
      'interactive.action.parameters.order.tax.description',
      order({ tax: { ...amount(10), description: chars(61) } }),
      60,
    ],
    ['an order status without an order ID', 'interactive.action.parameters.reference_id', orderStatus({ reference_id: undefined })],
    [
      'a long order status',
      'interactive.action.parameters.order.description',
      orderStatus({ order: { status: 'shipped', description: chars(121) } }),
      120,
    ],
    ['a call text over 20', 'interactive.action.parameters.display_text', voiceCall({ display_text: chars(21) }), 20],
    ['a call button for 0 minutes', 'interactive.action.parameters.ttl_minutes', voiceCall({ ttl_minutes: 0 }), 43_200],
    ['a call button for 43,201 minutes', 'interactive.action.parameters.ttl_minutes', voiceCall({ ttl_minutes: 43_201 }), 43_200],
    ['call data over 512', 'interactive.action.parameters.payload', voiceCall({ payload: chars(513) }), 512],
    [
      'a call permission with a header',
      'interactive.header',
      interactive({ type: 'call_permission_request', header: { type: 'text', text: 'x' }, action: { name: 'call_permission_request' } }),
    ],
    [
      'a contact request without body',
      'interactive.body.text',
      interactive({ type: 'request_contact_info', action: { name: 'request_contact_info' } }),
    ],
  ],
  template: [
    ['no name', 'template.name', { to, type: 'template', template: { language: { code: 'en_US' } } }],
    ['no language', 'template.language.code', { to, type: 'template', template: { name: 'order_ready', language: {} } }],
    ['a component without kind', 'template.components[0].type', template({ parameters: [] })],
    [
      'an empty value',
      'template.components[0].parameters[1].text',
      template(values('body', { type: 'text', text: 'a' }, { type: 'text', text: '' })),
    ],
    ['a line break', 'template.components[0].parameters[0].text', template(values('BODY', { type: 'text', text: 'a\nb' }))],
    ['a tab', 'template.components[0].parameters[0].text', template(values('header', { type: 'text', text: 'a\tb' }))],
    ['five spaces', 'template.components[0].parameters[0].text', template(values('body', { type: 'text', text: 'a     b' }))],
    [
      'names for some only',
      'template.components[0].parameters[1].parameter_name',
      template(values('body', { type: 'text', text: 'a', parameter_name: 'x' }, { type: 'text', text: 'b' })),
    ],
    [
      'the same name twice',
      'template.components[0].parameters[1].parameter_name',
      template(values('body', { type: 'text', text: 'a', parameter_name: 'x' }, { type: 'text', text: 'b', parameter_name: 'x' })),
    ],
    [
      'a header file with id and link',
      'template.components[0].parameters[0].image',
      template(values('header', { type: 'image', image: { id: '1', link: 'https://shop.example/i' } })),
    ],
    ['a header file that is not there', 'template.components[0].parameters[0].gif', template(values('header', { type: 'gif' }))],
    [
      'a place without longitude',
      'template.components[0].parameters[0].location.longitude',
      template(values('header', { type: 'location', location: { latitude: 1 } })),
    ],
    [
      'a product of no catalog',
      'template.components[0].parameters[0].product.catalog_id',
      template(values('header', { type: 'product', product: { product_retailer_id: 'p' } })),
    ],
    [
      'a currency without amount',
      'template.components[0].parameters[0].currency.amount_1000',
      template(values('body', { type: 'currency', currency: { fallback_value: '1 EUR', code: 'EUR' } })),
    ],
    [
      'a date without fallback',
      'template.components[0].parameters[0].date_time.fallback_value',
      template(values('body', { type: 'date_time', date_time: {} })),
    ],
    ['a button without kind', 'template.components[0].sub_type', template({ type: 'button', index: 0, parameters: [] })],
    ['button 10', 'template.components[0].index', template(button('url', { type: 'text', text: 'a' }, { index: '10' })), 9],
    ['a reply without payload', 'template.components[0].parameters[0].payload', template(button('quick_reply', { type: 'payload' }))],
    ['an address without suffix', 'template.components[0].parameters[0].text', template(button('url', { type: 'text', text: '' }))],
    ['no coupon', 'template.components[0].parameters[0].coupon_code', template(button('copy_code', { type: 'coupon_code' }))],
    [
      'a coupon over 20',
      'template.components[0].parameters[0].coupon_code',
      template(button('copy_code', { type: 'coupon_code', coupon_code: chars(21) })),
      20,
    ],
    [
      'eleven sections',
      'template.components[0].parameters[0].action.sections',
      template(mpm(times(11, (index) => ({ title: `S${index}`, product_items: items(1) })))),
      10,
    ],
    [
      '31 products',
      'template.components[0].parameters[0].action.sections',
      template(
        mpm([
          { title: 'A', product_items: items(16, 'a') },
          { title: 'B', product_items: items(15, 'b') },
        ]),
      ),
      30,
    ],
    [
      'an offer without end',
      'template.components[0].parameters[0].limited_time_offer.expiration_time_ms',
      template(values('limited_time_offer', { type: 'limited_time_offer', limited_time_offer: {} })),
    ],
    ['an offer without content', 'template.components[0].parameters', template({ type: 'limited_time_offer' }), 1],
    ['one card', 'template.components[0].cards', template({ type: 'carousel', cards: [templateCard(0, values('body'))] }), 2],
    [
      'eleven cards',
      'template.components[0].cards',
      template({ type: 'carousel', cards: times(11, (index) => templateCard(index, values('body'))) }),
      10,
    ],
    [
      'the same position twice',
      'template.components[0].cards[1].card_index',
      template({ type: 'carousel', cards: [templateCard(0, values('body')), templateCard(0, values('body'))] }),
    ],
    ['button -1', 'template.components[0].index', template(button('url', { type: 'text', text: 'a' }, { index: -1 })), 9],
    ['a value without kind', 'template.components[0].parameters[0].type', template(values('body', { text: 'a' }))],
    ['a value of a button without kind', 'template.components[0].parameters[0].type', template(button('url', { text: 'a' }))],
    ['two ends of an offer', 'template.components[0].parameters', template(values('limited_time_offer', offerEnd, offerEnd)), 1],
    ...[-1, 10].map((index): Case => [
      `a card at position ${index}`,
      'template.components[0].cards[1].card_index',
      template({ type: 'carousel', cards: [templateCard(0, values('body')), templateCard(index, values('body'))] }),
      9,
    ]),
    [
      'a card without position',
      'template.components[0].cards[0].card_index',
      template({ type: 'carousel', cards: [{ components: [values('body')] }, templateCard(1, values('body'))] }),
    ],
    [
      'a card without components',
      'template.components[0].cards[1].components',
      template({ type: 'carousel', cards: [templateCard(0, values('body')), templateCard(1)] }),
      1,
    ],
    ['a tap target without content', 'template.components[0].parameters', template(values('tap_target_configuration')), 1],
    ['two tap targets', 'template.components[0].parameters', template(values('tap_target_configuration', tapTarget, tapTarget)), 1],
    [
      'a tap target that leads nowhere',
      'template.components[0].parameters[0].tap_target_configuration',
      template(values('tap_target_configuration', { type: 'tap_target_configuration', tap_target_configuration: [] })),
      1,
    ],
    [
      'a tap target without address',
      'template.components[0].parameters[0].tap_target_configuration[0].url',
      template(values('tap_target_configuration', { type: 'tap_target_configuration', tap_target_configuration: [{ title: 'Shop' }] })),
    ],
    [
      'a wrong value in a card',
      'template.components[0].cards[1].components[0].parameters[0].text',
      template({
        type: 'carousel',
        cards: [templateCard(0, values('body')), templateCard(1, values('body', { type: 'text', text: 'a\nb' }))],
      }),
    ],
    [
      'a tap target without title',
      'template.components[0].parameters[0].tap_target_configuration[0].title',
      template(
        values('tap_target_configuration', {
          type: 'tap_target_configuration',
          tap_target_configuration: [{ url: 'https://shop.example' }],
        }),
      ),
    ],
  ],
};

/** Sends messages that the types don't allow. */
const send = (message: Wire, client = recordingClient(acceptedMessage)) => ({
  ...client,
  // The rules also apply to callers without types.
  sent: sendMessage(client.client, message as unknown as OutgoingMessage),
});

for (const [family, cases] of Object.entries(wrong)) {
  describe(`rejected before the network, with field and limit: ${family}`, () => {
    for (const [rule, field, message, limit] of cases) {
      test(`${rule} (${field})`, async () => {
        const { sent, bodies } = send(message);
        const error: unknown = await sent.catch((reason: unknown) => reason);
        expect(error).toMatchObject({ name: 'InvalidMessageError', kind: 'invalid-message', field, limit });
        expect(String(error)).toContain(field);
        expect(bodies).toEqual([]);
      });
    }
  });
}

const rightAtTheLimit: readonly (readonly [what: string, right: Wire])[] = [
  ['a text of 4,096', text({ text: { body: chars(4096) }, biz_opaque_callback_data: chars(512) })],
  ['a text of 4,096 emoji, of which each is one character', text({ text: { body: '👍'.repeat(4096) } })],
  ['a text to a business-scoped user id', { recipient: 'US.90000000000000000001', text: { body: 'Hello' } }],
  ['a text to a group', text({ recipient_type: 'group' })],
  ...['image', 'video', 'document'].map(
    (type) => [`a caption of 1,024 (${type})`, media(type, { link: 'https://shop.example/f', caption: chars(1024) })] as const,
  ),
  ['a voice message', media('audio', { id: '1', voice: true })],
  ['a sticker', media('sticker', { id: '1' })],
  ['a place on both lines', media('location', { latitude: 0, longitude: 0 })],
  ['a place in strings', media('location', { latitude: '52.52', longitude: '13.4' })],
  [
    '257 cards',
    media(
      'contacts',
      times(257, () => ({ name: { formatted_name: 'Ann' } })),
    ),
  ],
  ['a reaction that is taken back', media('reaction', { message_id: 'wamid.EXAMPLE9', emoji: '' })],
  ...[1, 30].map(
    (days) =>
      [
        `a pin for ${days} days`,
        { ...media('pin', { type: 'pin', message_id: 'wamid.EXAMPLE9', expiration_days: days }), recipient_type: 'group' },
      ] as const,
  ),
  ['an unpin', { ...media('pin', { type: 'unpin', message_id: 'wamid.EXAMPLE9' }), recipient_type: 'group' }],
  [
    'three buttons, everything as long as it may be',
    buttons(replies([chars(256), chars(20)], ['b', 'B'], ['c', 'C']), {
      header: { type: 'text', text: chars(60), sub_text: chars(60) },
      body: { text: chars(1024) },
      footer: { text: chars(60) },
    }),
  ],
  [
    'buttons under a file',
    buttons(oneButton, { header: { type: 'document', document: { link: 'https://shop.example/d', filename: 'd.pdf' } } }),
  ],
  [
    'ten sections of one row, everything as long as it may be',
    list(
      times(10, (index) => ({
        title: `${index}${chars(23)}`,
        rows: [{ id: `${index}${chars(199)}`, title: chars(24), description: chars(72) }],
      })),
      { button: chars(20) },
      { body: { text: chars(4096) }, header: { type: 'text', text: chars(60) } },
    ),
  ],
  ['ten rows in one section without title', list([{ rows: times(10, (index) => row(`r${index}`)) }])],
  ['a link button of 20', ctaUrl(chars(20), 'https://shop.example')],
  ['a flow by name, a button text of 30', flow({ flow_message_version: '3', flow_name: 'book', flow_cta: chars(30) })],
  ['a product without body', interactive({ type: 'product', action: { catalog_id: '1', product_retailer_id: 'p' } })],
  [
    '30 products in ten sections',
    productList(
      times(10, (index) => ({ title: `${index}${chars(23)}`, product_items: items(3, `s${index}`) })),
      { header: { type: 'text', text: chars(60) } },
    ),
  ],
  ['30 products in one section', productList([{ product_items: items(30) }])],
  ['two cards', carousel([card(0), card(1)])],
  ['ten cards of 160 with two line breaks', carousel(times(10, (index) => card(index, { body: { text: `1\n2\n${chars(156)}` } })))],
  ['cards with quick replies', carousel([card(0, { action: quickReplies(2) }), card(1, { action: quickReplies(2, 'r') })])],
  ['cards with products', carousel([productCard(0), productCard(1)])],
  ['a location request', interactive({ type: 'location_request_message', body, action: { name: 'send_location' } })],
  [
    'an address request',
    interactive({ type: 'address_message', body, action: { name: 'address_message', parameters: { country: 'IN' } } }),
  ],
  ['a catalog', interactive({ type: 'catalog_message', body, action: { name: 'catalog_message' } })],
  ['a call button at its limits', voiceCall({ display_text: chars(20), ttl_minutes: 43_200, payload: chars(512) })],
  ['a call button for a minute', voiceCall({ ttl_minutes: 1 })],
  ['a call permission without body', interactive({ type: 'call_permission_request', action: { name: 'call_permission_request' } })],
  ['a contact request', interactive({ type: 'request_contact_info', body, action: { name: 'request_contact_info' } })],
  ['an order', order({})],
  ['a total without an order', order({}, { order: undefined })],
  ['a status of an order', orderStatus({ order: { status: 'a-new-status', description: chars(120) } })],
  ['a status of a payment', orderStatus({ payment: { status: 'captured' } })],
  ['an address at its limit', address({ values: { in_pin_code: chars(6) } })],
  ['a bill in the older form', interactive({ type: 'order_details', order_details: {} })],
  ['a kind that Meta adds', interactive({ type: 'brand_new', anything: 1 })],
  ['a type that Meta adds', { to, type: 'brand_new', brand_new: {} }],
  ['a template without components', { to, type: 'template', template: { name: 'order_ready', language: { code: 'en_US' } } }],
  [
    'positional and named values',
    template(values('header', { type: 'text', text: 'a' }), values('body', { type: 'text', text: 'a    b', parameter_name: 'x' })),
  ],
  [
    'buttons 0 and 9, a coupon of 20',
    template(
      button('copy_code', { type: 'coupon_code', coupon_code: chars(20) }),
      button('url', { type: 'text', text: 'a' }, { index: '9' }),
    ),
  ],
  [
    'a call button without position',
    template({ type: 'button', sub_type: 'voice_call', parameters: [{ type: 'ttl_minutes', ttl_minutes: 1 }] }),
  ],
  ['the end of an offer, a tap target', template(values('limited_time_offer', offerEnd), values('tap_target_configuration', tapTarget))],
  ['ten template cards', template({ type: 'carousel', cards: times(10, (index) => templateCard(index, values('body'))) })],
  ['30 products in ten sections of a template', template(mpm(times(10, (index) => ({ title: `S${index}`, product_items: items(3) }))))],
  ['a component that Meta adds', template({ type: 'brand_new' })],
];

test.each(rightAtTheLimit)('a message exactly at the limit is sent unchanged: %s', async (_what, message) => {
  const { sent, bodies } = send(message);
  await sent;
  expect(bodies).toEqual([{ messaging_product: 'whatsapp', ...message }]);
});

test('validate: false turns all checks off', async () => {
  const all = Object.values(wrong).flat();
  const { client, bodies } = recordingClient(acceptedMessage, { validate: false });
  for (const [, , message] of all) await sendMessage(client, message as unknown as OutgoingMessage);
  expect(bodies).toHaveLength(all.length);
});

test('any message is either rejected by field or sent unchanged', async () => {
  const type = fc.constantFrom('text', 'image', 'contacts', 'reaction', 'pin', 'interactive', 'template');
  const kind = fc.constantFrom('button', 'list', 'flow', 'product_list', 'carousel', 'header', 'body');
  const content = fc.record(
    { type: kind, action: fc.anything(), components: fc.array(fc.record({ type: kind, parameters: fc.anything(), cards: fc.anything() })) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(type, fc.oneof(fc.anything(), content), async (name, value) => {
      const { sent } = send({ to, type: name, [name]: value });
      const outcome: unknown = await sent.catch((reason: unknown) => reason);
      if (outcome instanceof Error) expect(outcome.name).toBe('InvalidMessageError');
    }),
    { numRuns: 1_000 },
  );
});

test('the format of a number is not checked, but a name is rejected', async () => {
  for (const number of ['+55 (11) 9999-0001', '(555) 0100', '1', '{{Recipient-Phone-Number}}', '<PHONE_NUMBER>'])
    await send(text({ to: number })).sent;
  await send(text({ to: 'Y2FwaV9ncm91cA', recipient_type: 'group' })).sent;
  for (const name of ['Mara', 'Ana Gómez', ' ']) {
    await expect(send(text({ to: name })).sent).rejects.toMatchObject({ name: 'InvalidMessageError', field: 'to' });
  }
});
