import type { MessageRule } from './find-message-problem.js';
import type { MessageRules } from './fake-message-rules.js';

const source = 'Meta, Template messages (Nov 2025)';
const text: readonly MessageRule[] = [{ path: 'text', needed: true, string: true, oneLine: true }];
const file = (type: string): MessageRules => ({
  source,
  rules: [
    { path: type, needed: true },
    { path: type, either: ['id', 'link'] },
  ],
});
const members = (type: string, ...names: readonly string[]): MessageRules => ({
  source,
  rules: names.map((name) => ({ path: `${type}.${name}`, needed: true })),
});

/** What Meta requires of the components of a template message. Types are compared without regard to case, and unknown ones pass. */
export const rulesOfComponents: Readonly<Record<string, MessageRules>> = {
  button: {
    source,
    rules: [
      { path: 'sub_type', needed: true },
      { path: 'index', whole: [0, 9] },
    ],
  },
  limited_time_offer: {
    source: 'Meta, Limited-time offer templates (Nov 2025)',
    rules: [
      { path: 'parameters', count: [1, 1] },
      { path: 'parameters[].limited_time_offer.expiration_time_ms', needed: true },
    ],
  },
  carousel: {
    source: 'Meta, Media card carousel templates (Nov 2025)',
    rules: [
      { path: 'cards', label: 'cards', count: [2, 10] },
      { path: 'cards[].card_index', needed: true, whole: [0, 9], unique: true },
      { path: 'cards[].components', count: [1, Infinity] },
    ],
  },
  tap_target_configuration: {
    source: 'Meta, Tap target titles (Mar 2026)',
    rules: [
      { path: 'parameters', count: [1, 1] },
      { path: 'parameters[].tap_target_configuration', count: [1, Infinity] },
      { path: 'parameters[].tap_target_configuration[].url', needed: true },
      { path: 'parameters[].tap_target_configuration[].title', needed: true },
    ],
  },
};

/** Values of headers and bodies by their type. */
export const rulesOfValues: Readonly<Record<string, MessageRules>> = {
  text: { source, rules: text },
  image: file('image'),
  video: file('video'),
  gif: file('gif'),
  document: file('document'),
  currency: members('currency', 'fallback_value', 'code', 'amount_1000'),
  date_time: members('date_time', 'fallback_value'),
  location: members('location', 'latitude', 'longitude'),
  product: members('product', 'product_retailer_id', 'catalog_id'),
};

/** Values of buttons by their type. */
export const rulesOfButtonValues: Readonly<Record<string, MessageRules>> = {
  text: { source, rules: text },
  payload: { source, rules: [{ path: 'payload', needed: true }] },
  coupon_code: { source: 'Meta, Coupon code templates (Dec 2025)', rules: [{ path: 'coupon_code', needed: true, maxLength: 20 }] },
  action: {
    source: 'Meta, Multi-product message templates (Nov 2025)',
    rules: [
      { path: 'action.sections?', label: 'sections', count: [1, 10] },
      { path: 'action.sections[].title', label: 'Section title', neededIfSeveral: true, maxLength: 24 },
      { path: 'action.sections[].product_items', label: 'product_items', count: [1, 30], maxTotal: 30 },
      { path: 'action.sections[].product_items[].product_retailer_id', needed: true },
    ],
  },
};
