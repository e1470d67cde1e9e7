import { valueOn, type LimitRows, type MessageRules, type PartRule } from './message-rules.js';
import { orderReferenceRows } from './order-limits.js';

const needed = 'always';
const needs = (...paths: readonly string[]): readonly PartRule[] => paths.map((path) => ({ path, needed }));
const bans = (...paths: readonly string[]): readonly PartRule[] => paths.map((path) => ({ path, needed: 'never' }));
const named = (name: string): PartRule => ({ path: 'action.name', oneOf: [name] });
const since = (source: string, ...value: readonly PartRule[]): MessageRules => [{ value, source }];

const footer: PartRule = { path: 'footer?.text', needed, most: 60 };
const body: PartRule = { path: 'body.text', needed, most: 1024 };
const texts = [body, footer] as const;
const optionalBody: PartRule = { path: 'body?.text', needed, most: 1024 };
const link = (at: string): readonly PartRule[] => [
  { path: `${at}.name`, oneOf: ['cta_url'] },
  { path: `${at}.parameters.display_text`, needed, most: 20 },
  { path: `${at}.parameters.url`, needed, url: true },
];
const sectionTitle: PartRule = { path: 'action.sections[].title', needed: 'if-several', most: 24 };
const replies = (at: string, reply: string, ...more: readonly PartRule[]): readonly PartRule[] => [
  ...more,
  { path: `${at}[].${reply}.id`, needed, most: 256 },
  { path: `${at}[].${reply}.title`, needed, most: 20 },
];
const carousels = 'Meta, Interactive media and product carousel messages (22 Dec 2025)';
const orders = 'Meta, Orders (India, Nov 2025; Brazil, 21 May 2026)';

/**
 * What Meta requires of interactive messages, by kind and day. The paths begin at `interactive`. Messages of other
 * kinds pass, because Meta adds kinds.
 */
export const interactiveRules: Readonly<Record<string, MessageRules>> = {
  button: since(
    'Meta, Interactive reply buttons messages (Nov 2025)',
    ...texts,
    { path: 'action.buttons', items: [1, 3] },
    { path: 'action.buttons[].type', oneOf: ['reply'] },
    ...replies('action.buttons', 'reply'),
    { path: 'action.buttons[].reply.id', unique: true },
    { path: 'action.buttons[].reply.title', unique: true },
  ),
  list: since(
    'Meta, Interactive list messages (Nov 2025)',
    { path: 'body.text', needed, most: 4096 },
    footer,
    { path: 'action.button', needed, most: 20 },
    { path: 'action.sections', items: [1, 10] },
    sectionTitle,
    {
      path: 'action.sections[].rows',
      items: [1, 10],
      total: [10, 'rows', 'interactive.action.sections'],
    },
    { path: 'action.sections[].rows[].id', needed, most: 200, unique: true },
    { path: 'action.sections[].rows[].title', needed, most: 24 },
    { path: 'action.sections[].rows[].description', most: 72 },
  ),
  cta_url: since('Meta, Interactive call-to-action URL button messages (Nov 2025)', ...texts, ...link('action')),
  flow: since(
    'Meta, Sending a Flow (Dec 2025)',
    ...texts,
    named('flow'),
    { path: 'action.parameters.flow_message_version', needed },
    { path: 'action.parameters', either: ['flow_id', 'flow_name'] },
    { path: 'action.parameters.flow_cta', needed, most: 30 },
  ),
  location_request_message: since('Meta, Location request messages (Nov 2025)', ...texts, named('send_location')),
  address_message: since(
    'Meta, Address messages (Nov 2025)',
    ...texts,
    named('address_message'),
    { path: 'action.parameters.country', needed, most: 2 },
    { path: 'action.parameters.values.in_pin_code', most: 6 },
    ...needs('action.parameters.saved_addresses[].id', 'action.parameters.saved_addresses[].value'),
  ),
  catalog_message: since('Meta, Catalog messages (Nov 2025)', ...texts, named('catalog_message')),
  product: since(
    'Meta, Single-product messages (Nov 2025)',
    ...bans('header'),
    optionalBody,
    footer,
    ...needs('action.catalog_id', 'action.product_retailer_id'),
  ),
  product_list: since(
    'Meta, Multi-product messages (Nov 2025)',
    ...needs('header'),
    ...texts,
    ...needs('action.catalog_id'),
    { path: 'action.sections', items: [1, 10] },
    sectionTitle,
    { path: 'action.sections[].product_items', items: [1, 30], total: [30, 'products', 'interactive.action.sections'] },
    { path: 'action.sections[].product_items[].product_retailer_id', needed },
  ),
  carousel: since(
    carousels,
    ...bans('header', 'footer'),
    body,
    { path: 'action.cards', items: [2, 10] },
    { path: 'action.cards[].card_index', needed, whole: [0, 9], unique: true },
    { path: 'action.cards[].type', oneOf: ['cta_url', 'product'] },
  ),
  voice_call: since(
    'Meta, Call button messages (Dec 2025)',
    ...texts,
    named('voice_call'),
    { path: 'action.parameters.display_text', most: 20 },
    { path: 'action.parameters.ttl_minutes', whole: [1, 43_200] },
    { path: 'action.parameters.payload', most: 512 },
  ),
  call_permission_request: since(
    'Meta, Call permission requests (Dec 2025)',
    ...bans('header'),
    optionalBody,
    footer,
    named('call_permission_request'),
  ),
  request_contact_info: since('Meta, Request contact information (2026)', ...texts, named('request_contact_info')),
  order_details: since(
    orders,
    ...texts,
    named('review_and_pay'),
    { path: 'action.parameters.reference_id', needed, most: orderReferenceRows.BRL[0].value },
    { path: 'action.parameters.currency', needed },
    { path: 'action.parameters.total_amount.value', needed, whole: [0, Number.MAX_SAFE_INTEGER] },
    { path: 'action.parameters.total_amount.offset', needed },
    { path: 'action.parameters.order?.items', items: [1, Infinity] },
    { path: 'action.parameters.order?.items[].name', needed, most: 60 },
    { path: 'action.parameters.order?.items[].quantity', needed, whole: [1, Number.MAX_SAFE_INTEGER] },
    ...['tax', 'shipping', 'discount'].map((part): PartRule => ({ path: `action.parameters.order?.${part}?.description`, most: 60 })),
    { path: 'action.parameters.order?.discount?.discount_program_name', most: 60 },
    { path: 'action.parameters.order?.expiration?.description', most: 120 },
  ),
  order_status: since(
    orders,
    ...texts,
    named('review_order'),
    { path: 'action.parameters.reference_id', needed, most: orderReferenceRows.BRL[0].value },
    { path: 'action.parameters.order?.status', needed },
    { path: 'action.parameters.order?.description', most: 120 },
    { path: 'action.parameters.payment?.status', needed },
  ),
};

/** What Meta requires of the cards of a carousel. The paths begin at the card. */
export const cardRules: Readonly<Record<'product' | 'media' | 'link' | 'replies', MessageRules>> = {
  product: since(carousels, ...needs('action.catalog_id', 'action.product_retailer_id')),
  media: since(carousels, { path: 'header.type', oneOf: ['image', 'video'] }, { path: 'body.text', most: 160 }, { path: 'action', needed }),
  link: since(carousels, ...link('action')),
  replies: since(
    carousels,
    ...replies(
      'action.buttons',
      'quick_reply',
      { path: 'action.buttons', items: [1, 2] },
      { path: 'action.buttons[].type', oneOf: ['quick_reply'] },
    ),
  ),
};

/** Maximum number of line breaks in the text of a card. */
export const cardLineBreaks: LimitRows = [{ value: 2, source: carousels }];

/** What Meta requires of headers with a text. The paths begin at the header. */
export const textHeaderRules: MessageRules = since(
  'Meta, Interactive messages (Nov 2025)',
  { path: 'type', oneOf: ['text', 'image', 'video', 'document'] },
  { path: 'text', needed, most: 60 },
  { path: 'sub_text', most: 60 },
);

/** Kinds that accept only text headers. Source: Meta, Interactive list and Multi-product messages (Nov 2025). */
export const textHeaderKinds: readonly string[] = ['list', 'product_list'];

/**
 * Returns the maximum number of characters of a part, or of items of a list.
 *
 * @param kind - The kind of interactive message, for example `list`.
 * @param path - The path of the part, as in {@link interactiveRules}.
 * @param day - The day, as an ISO date.
 */
export function interactiveLimit(kind: string, path: string, day: string): number {
  const rules = interactiveRules[kind];
  const rule = rules && valueOn(rules, day).find((one) => one.path === path && (one.most ?? one.items) !== undefined);
  return rule?.most ?? rule?.items?.[1] ?? Infinity;
}
