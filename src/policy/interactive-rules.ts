import { valueOn, type MessageRules, type PartRule } from './message-rules.js';
import { orderReferenceRows } from './order-limits.js';

const needed = 'always';
const needs = (...paths: readonly string[]): readonly PartRule[] => paths.map((path) => ({ path, needed }));
const bans = (...paths: readonly string[]): readonly PartRule[] => paths.map((path) => ({ path, needed: 'never' }));
const atMost = (path: string, most: number): PartRule => ({ path, most });
const text = (path: string, most: number): PartRule => ({ path, needed, most });
const oneOf = (path: string, ...words: readonly string[]): PartRule => ({ path, oneOf: words });
const items = (path: string, least: number, most: number): PartRule => ({ path, items: [least, most] });
const named = (name: string): PartRule => oneOf('action.name', name);
const since = (source: string, ...value: readonly PartRule[]): MessageRules => [{ value, source }];

const footer = text('footer?.text', 60);
const textHeader = bans('header?.image', 'header?.video', 'header?.document');
const body = text('body.text', 1024);
const texts = [body, footer] as const;
const optionalBody = text('body?.text', 1024);
const link = (at: string): readonly PartRule[] => [
  oneOf(`${at}.name`, 'cta_url'),
  text(`${at}.parameters.display_text`, 20),
  { path: `${at}.parameters.url`, needed, url: true },
];
const sections = (at: string): readonly PartRule[] => [items(at, 1, 10), { path: `${at}[].title`, needed: 'if-several', most: 24 }];
const products = (at: string): readonly PartRule[] => [
  ...sections(at),
  { path: `${at}[].product_items`, items: [1, 30], total: [30, 'products'] },
  ...needs(`${at}[].product_items[].product_retailer_id`),
];
const replies = (at: string, reply: string, ...more: readonly PartRule[]): readonly PartRule[] => [
  ...more,
  text(`${at}[].${reply}.id`, 256),
  text(`${at}[].${reply}.title`, 20),
];
const carousels = 'Meta, Interactive media and product carousel messages (22 Dec 2025)';
const orders = 'Meta, Orders (India, Nov 2025; Brazil, 21 May 2026)';
const orderReference = text('action.parameters.reference_id', orderReferenceRows.BRL[0].value);

/**
 * Meta's rules for interactive messages, by kind and day. The paths begin at `interactive`. Messages of other kinds
 * pass, because Meta adds kinds.
 */
export const interactiveRules: Readonly<Record<string, MessageRules>> = {
  button: since(
    'Meta, Interactive reply buttons messages (Nov 2025)',
    ...texts,
    items('action.buttons', 1, 3),
    oneOf('action.buttons[].type', 'reply'),
    ...replies('action.buttons', 'reply'),
    { path: 'action.buttons[].reply.id', unique: true },
    { path: 'action.buttons[].reply.title', unique: true },
  ),
  list: since(
    'Meta, Interactive list messages (Nov 2025)',
    ...textHeader,
    text('body.text', 4096),
    footer,
    text('action.button', 20),
    ...sections('action.sections'),
    { path: 'action.sections[].rows', items: [1, 10], total: [10, 'rows'] },
    { path: 'action.sections[].rows[].id', needed, most: 200, unique: true },
    text('action.sections[].rows[].title', 24),
    atMost('action.sections[].rows[].description', 72),
  ),
  cta_url: since('Meta, Interactive call-to-action URL button messages (Nov 2025)', ...texts, ...link('action')),
  flow: since(
    'Meta, Sending a Flow (Dec 2025)',
    ...texts,
    named('flow'),
    ...needs('action.parameters.flow_message_version'),
    { path: 'action.parameters', either: ['flow_id', 'flow_name'] },
    text('action.parameters.flow_cta', 30),
  ),
  location_request_message: since('Meta, Location request messages (Nov 2025)', ...texts, named('send_location')),
  address_message: since(
    'Meta, Address messages (Nov 2025)',
    ...texts,
    named('address_message'),
    text('action.parameters.country', 2),
    atMost('action.parameters.values.in_pin_code', 6),
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
    ...textHeader,
    ...texts,
    ...needs('action.catalog_id'),
    ...products('action.sections'),
  ),
  carousel: since(
    carousels,
    ...bans('header', 'footer'),
    body,
    items('action.cards', 2, 10),
    { path: 'action.cards[].card_index', needed, whole: [0, 9], unique: true },
    oneOf('action.cards[].type', 'cta_url', 'product'),
    { path: 'action.cards[].action.buttons[].quick_reply.id?', unique: true },
  ),
  voice_call: since(
    'Meta, Call button messages (Dec 2025)',
    ...texts,
    named('voice_call'),
    atMost('action.parameters.display_text', 20),
    { path: 'action.parameters.ttl_minutes', whole: [1, 43_200] },
    atMost('action.parameters.payload', 512),
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
    orderReference,
    ...needs('action.parameters.currency'),
    { path: 'action.parameters.total_amount.value', needed, whole: [0, Number.MAX_SAFE_INTEGER] },
    ...needs('action.parameters.total_amount.offset'),
    items('action.parameters.order?.items', 1, Infinity),
    text('action.parameters.order?.items[].name', 60),
    { path: 'action.parameters.order?.items[].quantity', needed, whole: [1, Number.MAX_SAFE_INTEGER] },
    ...['tax', 'shipping', 'discount'].map((part): PartRule => atMost(`action.parameters.order?.${part}?.description`, 60)),
    atMost('action.parameters.order?.discount?.discount_program_name', 60),
    atMost('action.parameters.order?.expiration?.description', 120),
  ),
  order_status: since(
    orders,
    ...texts,
    named('review_order'),
    orderReference,
    ...needs('action.parameters.order?.status'),
    atMost('action.parameters.order?.description', 120),
    ...needs('action.parameters.payment?.status'),
  ),
};

/** Meta's rules for the cards of a carousel. The paths begin at the card. */
export const cardRules: Readonly<Record<'product' | 'media' | 'link' | 'replies', MessageRules>> = {
  product: since(carousels, ...needs('action.catalog_id', 'action.product_retailer_id')),
  media: since(carousels, oneOf('header.type', 'image', 'video'), { path: 'body.text', most: 160, lineBreaks: 2 }, ...needs('action')),
  link: since(carousels, ...link('action')),
  replies: since(
    carousels,
    ...replies('action.buttons', 'quick_reply', items('action.buttons', 1, 2), oneOf('action.buttons[].type', 'quick_reply')),
  ),
};

const templates = 'Meta, Template messages (2025 and 2026)';

/** Meta's rules for the components of a template message, by type. The paths begin at the component. */
export const componentRules: Readonly<Record<string, MessageRules>> = {
  button: since(templates, ...needs('sub_type'), { path: 'index', whole: [0, 9] }),
  limited_time_offer: since(templates, items('parameters', 1, 1), ...needs('parameters[].limited_time_offer.expiration_time_ms')),
  carousel: since(
    templates,
    items('cards', 2, 10),
    { path: 'cards[].card_index', needed, whole: [0, 9], unique: true },
    items('cards[].components', 1, Infinity),
  ),
  tap_target_configuration: since(
    templates,
    items('parameters', 1, 1),
    items('parameters[].tap_target_configuration', 1, Infinity),
    ...needs('parameters[].tap_target_configuration[].url', 'parameters[].tap_target_configuration[].title'),
  ),
};

/** Meta's rules for the values of a template message, by type. The paths begin at the value. */
export const valueRules: Readonly<Record<string, MessageRules>> = {
  currency: since(templates, ...needs('currency.fallback_value', 'currency.code', 'currency.amount_1000')),
  date_time: since(templates, ...needs('date_time.fallback_value')),
  location: since(templates, ...needs('location.latitude', 'location.longitude')),
  product: since(templates, ...needs('product.product_retailer_id', 'product.catalog_id')),
  payload: since(templates, ...needs('payload')),
  // The limit was 15 characters before December 2025.
  coupon_code: since(templates, text('coupon_code', 20)),
  action: since(templates, ...products('action.sections?')),
};

/** Meta's rules for headers with a text. The paths begin at the header. */
export const textHeaderRules: MessageRules = since('Meta, Interactive messages (Nov 2025)', text('text', 60), atMost('sub_text', 60));

/** Returns the rules of a kind, and `undefined` for kinds that Meta adds. */
export function rulesOf(rules: Readonly<Record<string, MessageRules>>, kind: unknown): MessageRules | undefined {
  return typeof kind === 'string' && Object.hasOwn(rules, kind) ? rules[kind] : undefined;
}

/**
 * Returns the maximum number of characters of a part, or of items of a list.
 *
 * @param kind - The kind of interactive message, for example `list`.
 * @param path - The path of the part, as in {@link interactiveRules}.
 * @param day - The day, as an ISO date.
 */
export function interactiveLimit(kind: string, path: string, day: string): number {
  const rules = rulesOf(interactiveRules, kind);
  const rule = rules && valueOn(rules, day).find((one) => one.path === path && (one.most ?? one.items) !== undefined);
  return rule?.most ?? rule?.items?.[1] ?? Infinity;
}
