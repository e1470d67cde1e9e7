import type { MessageRule } from './find-message-problem.js';

/** Rules with the page of Meta that they are from, and its date. */
export interface MessageRules {
  readonly source: string;
  readonly rules: readonly MessageRule[];
}

const file = (path: string): MessageRule => ({ path, either: ['id', 'link'] });
const captioned = (type: string): MessageRules => ({
  source: 'Meta, Media messages (Nov 2025)',
  rules: [{ path: type, needed: true }, file(type), { path: `${type}.caption`, label: `Param ${type}['caption']`, maxLength: 1_024 }],
});
const uncaptioned = (type: string): MessageRules => ({
  source: 'Meta, Media messages (Nov 2025)',
  rules: [{ path: type, needed: true }, file(type), { path: `${type}.caption`, forbidden: true }],
});

/** What Meta requires of messages by type. Texts, reactions and calls of the API itself are checked by the routes. */
export const rulesOfTypes: Readonly<Record<string, MessageRules>> = {
  image: captioned('image'),
  video: captioned('video'),
  document: captioned('document'),
  audio: uncaptioned('audio'),
  sticker: uncaptioned('sticker'),
  location: {
    source: 'Meta, Location messages (Nov 2025)',
    rules: [
      { path: 'location.latitude', needed: true },
      { path: 'location.longitude', needed: true },
    ],
  },
  contacts: {
    source: 'Meta, Contacts messages (Nov 2025)',
    rules: [
      { path: 'contacts', count: [1, 257] },
      { path: 'contacts[].name.formatted_name', needed: true },
    ],
  },
  pin: {
    source: 'Meta, Groups API (Feb 2026)',
    rules: [
      { path: 'recipient_type', oneOf: ['group'] },
      { path: 'pin.type', oneOf: ['pin', 'unpin'] },
      { path: 'pin.message_id', needed: true },
      { path: 'pin.expiration_days', whole: [1, 30] },
    ],
  },
};

const action = 'interactive.action';
const forbidden = (...names: readonly string[]): readonly MessageRule[] =>
  names.map((name) => ({ path: `interactive.${name}`, forbidden: true }));
const needed = (...names: readonly string[]): readonly MessageRule[] =>
  names.map((name) => ({ path: `interactive.${name}`, needed: true }));
const body = (maxLength = 1_024): readonly MessageRule[] => [
  { path: 'interactive.body.text', label: 'Body text', needed: true, maxLength },
];
const optionalBody: readonly MessageRule[] = [{ path: 'interactive.body?.text', label: 'Body text', needed: true, maxLength: 1_024 }];
const footer: readonly MessageRule[] = [{ path: 'interactive.footer?.text', label: 'Footer text', needed: true, maxLength: 60 }];
const frame: readonly MessageRule[] = [...body(), ...footer];
const named = (name: string): MessageRule => ({ path: `${action}.name`, oneOf: [name] });

/** Headers by their type. Media have a file, and any other header has a text. */
const mediaHeader = (type: string): MessageRules => ({
  source: 'Meta, Interactive messages (Nov 2025)',
  rules: [{ path: `interactive.header.${type}`, needed: true }, file(`interactive.header.${type}`)],
});
export const rulesOfMediaHeaders: Readonly<Record<string, MessageRules>> = {
  image: mediaHeader('image'),
  video: mediaHeader('video'),
  document: mediaHeader('document'),
};
export const rulesOfTextHeader: MessageRules = {
  source: 'Meta, Interactive messages (Nov 2025)',
  rules: [
    ...needed('header.type'),
    { path: 'interactive.header.text', label: 'Header text', needed: true, maxLength: 60 },
    { path: 'interactive.header.sub_text', maxLength: 60 },
  ],
};
/** Interactive messages that take no media in their header. Source: Meta, Interactive list and Multi-product messages (Nov 2025). */
export const textHeaderOnly: ReadonlySet<string> = new Set(['list', 'product_list']);

const link = (at: string): readonly MessageRule[] => [
  { path: `${at}.name`, oneOf: ['cta_url'] },
  { path: `${at}.parameters.display_text`, label: 'Button display text', needed: true, maxLength: 20 },
  { path: `${at}.parameters.url`, needed: true, format: [/^(?:https?:\/\/|[{<‹])/i, 'URL'] },
];
const sections = (items: string, max: number): readonly MessageRule[] => [
  { path: `${action}.sections`, label: 'sections', count: [1, 10] },
  { path: `${action}.sections[].title`, label: 'Section title', neededIfSeveral: true, maxLength: 24 },
  { path: `${action}.sections[].${items}`, label: items, count: [1, max], maxTotal: max },
];

const order = `${action}.parameters.order?`;
const orderDetails: readonly MessageRule[] = [
  ...frame,
  named('review_and_pay'),
  { path: `${action}.parameters.reference_id`, needed: true, maxLength: 60 },
  ...needed('action.parameters.currency', 'action.parameters.total_amount.value', 'action.parameters.total_amount.offset'),
  { path: `${order}.items`, label: 'items', count: [1, Infinity] },
  { path: `${order}.items[].name`, label: 'Item name', needed: true, maxLength: 60 },
  { path: `${order}.items[].quantity`, label: 'Item quantity', needed: true, whole: [1, Number.MAX_SAFE_INTEGER] },
  { path: `${order}.subtotal.value`, needed: true },
  { path: `${order}.tax?.description`, maxLength: 60 },
  { path: `${order}.shipping?.description`, maxLength: 60 },
  { path: `${order}.discount?.description`, maxLength: 60 },
  { path: `${order}.discount?.discount_program_name`, maxLength: 60 },
  { path: `${order}.expiration?.description`, maxLength: 120 },
];

/** What Meta requires of interactive messages by their own type. Types that are not here pass. */
export const rulesOfInteractive: Readonly<Record<string, MessageRules>> = {
  button: {
    source: 'Meta, Interactive reply buttons messages (Nov 2025)',
    rules: [
      ...frame,
      { path: `${action}.buttons`, label: 'buttons', count: [1, 3] },
      { path: `${action}.buttons[].reply.id`, label: 'Button id', needed: true, maxLength: 256, unique: true },
      { path: `${action}.buttons[].reply.title`, label: 'Button title', needed: true, maxLength: 20, unique: true },
    ],
  },
  list: {
    source: 'Meta, Interactive list messages (Nov 2025)',
    rules: [
      ...body(4_096),
      ...footer,
      { path: `${action}.button`, label: 'Button text', needed: true, maxLength: 20 },
      ...sections('rows', 10),
      { path: `${action}.sections[].rows[].id`, label: 'Row id', needed: true, maxLength: 200, unique: true },
      { path: `${action}.sections[].rows[].title`, label: 'Row title', needed: true, maxLength: 24 },
      { path: `${action}.sections[].rows[].description`, label: 'Row description', maxLength: 72 },
    ],
  },
  cta_url: { source: 'Meta, Interactive call-to-action URL button messages (Nov 2025)', rules: [...frame, ...link(action)] },
  flow: {
    source: 'Meta, Sending a Flow (Dec 2025)',
    rules: [
      ...frame,
      named('flow'),
      { path: `${action}.parameters.flow_message_version`, needed: true },
      { path: `${action}.parameters`, either: ['flow_id', 'flow_name'] },
      { path: `${action}.parameters.flow_cta`, needed: true, maxLength: 30 },
    ],
  },
  location_request_message: { source: 'Meta, Location request messages (Nov 2025)', rules: [...frame, named('send_location')] },
  address_message: {
    source: 'Meta, Address messages (Nov 2025)',
    rules: [
      ...frame,
      named('address_message'),
      { path: `${action}.parameters.country`, needed: true, maxLength: 2 },
      { path: `${action}.parameters.values?.in_pin_code`, maxLength: 6 },
      { path: `${action}.parameters.saved_addresses?[].id`, needed: true },
    ],
  },
  catalog_message: { source: 'Meta, Catalog messages (Nov 2025)', rules: [...frame, named('catalog_message')] },
  product: {
    source: 'Meta, Single-product messages (Nov 2025)',
    rules: [...forbidden('header'), ...optionalBody, ...footer, ...needed('action.catalog_id', 'action.product_retailer_id')],
  },
  product_list: {
    source: 'Meta, Multi-product messages (Nov 2025)',
    rules: [
      ...needed('header'),
      ...frame,
      ...needed('action.catalog_id'),
      ...sections('product_items', 30),
      { path: `${action}.sections[].product_items[].product_retailer_id`, needed: true },
    ],
  },
  carousel: {
    source: 'Meta, Interactive media and product carousel messages (Dec 2025)',
    rules: [
      ...forbidden('header', 'footer'),
      ...body(),
      { path: `${action}.cards`, label: 'cards', count: [2, 10], alike: true },
      { path: `${action}.cards[].card_index`, needed: true, whole: [0, 9], unique: true },
    ],
  },
  voice_call: {
    source: 'Meta, Call button messages (Dec 2025)',
    rules: [
      ...frame,
      named('voice_call'),
      { path: `${action}.parameters.display_text`, maxLength: 20 },
      { path: `${action}.parameters.ttl_minutes`, whole: [1, 43_200] },
      { path: `${action}.parameters.payload`, maxLength: 512 },
    ],
  },
  call_permission_request: {
    source: 'Meta, Call permission requests (Dec 2025)',
    rules: [...forbidden('header'), ...optionalBody, ...footer, named('call_permission_request')],
  },
  order_details: { source: 'Meta, Orders (Brazil, 21 May 2026), Payments API (India, 21 May 2026)', rules: orderDetails },
  order_status: {
    source: 'Meta, Orders (Brazil, 21 May 2026), Payments API (India, 21 May 2026)',
    rules: [
      ...frame,
      named('review_order'),
      { path: `${action}.parameters.reference_id`, needed: true, maxLength: 60 },
      { path: `${action}.parameters.order?.status`, needed: true },
      { path: `${action}.parameters.order?.description`, maxLength: 120 },
      { path: `${action}.parameters.payment?.status`, needed: true },
    ],
  },
  request_contact_info: { source: 'Meta, Request contact information (2026)', rules: [...frame, named('request_contact_info')] },
};

/** Cards of a carousel, by their kind of content. */
export const rulesOfCards: Readonly<Record<'product' | 'image' | 'video' | 'media' | 'link' | 'buttons', MessageRules>> = {
  product: {
    source: 'Meta, Interactive product carousel messages (Dec 2025)',
    rules: [
      { path: 'action.catalog_id', needed: true },
      { path: 'action.product_retailer_id', needed: true },
    ],
  },
  image: {
    source: 'Meta, Interactive media carousel messages (Dec 2025)',
    rules: [{ path: 'header.image', needed: true }, file('header.image')],
  },
  video: {
    source: 'Meta, Interactive media carousel messages (Dec 2025)',
    rules: [{ path: 'header.video', needed: true }, file('header.video')],
  },
  media: {
    source: 'Meta, Interactive media carousel messages (Dec 2025)',
    rules: [
      { path: 'type', oneOf: ['cta_url'] },
      { path: 'header.type', oneOf: ['image', 'video'] },
      { path: 'body.text', label: 'Card body text', maxLength: 160, maxLineBreaks: 2 },
      { path: 'action', needed: true },
    ],
  },
  link: { source: 'Meta, Interactive media carousel messages (Dec 2025)', rules: link('action') },
  buttons: {
    source: 'Meta, Interactive media carousel messages (Dec 2025)',
    rules: [
      { path: 'action.buttons', label: 'buttons', count: [1, 2] },
      { path: 'action.buttons[].type', oneOf: ['quick_reply'] },
      { path: 'action.buttons[].quick_reply.id', label: 'Button id', needed: true, maxLength: 256 },
      { path: 'action.buttons[].quick_reply.title', label: 'Button title', needed: true, maxLength: 20 },
    ],
  },
};
/** No two quick replies of a carousel share an ID. */
export const quickReplyIds: readonly MessageRule[] = [
  { path: 'interactive.action.cards[].action.buttons[].quick_reply.id', label: 'Button id', unique: true },
];
