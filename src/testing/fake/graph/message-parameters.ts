import { flag, json, listOf, number, object, oneOf, text, type Parameter, type Parameters } from './parameter.js';

const file: Parameters = { id: text, link: text, caption: text, filename: text, provider: json };
const media = object(file);
const product: Parameters = { product_retailer_id: text, catalog_id: text };

/** Sub-types of buttons, as Meta's error lists them. Seen in shridarpatil/frappe_whatsapp#188 (26 Jan 2026). */
export const buttonSubTypes = [
  'booking_confirmation',
  'catalog',
  'copy_code',
  'flow',
  'mpm',
  'order_details',
  'quick_reply',
  'reminder',
  'url',
  'voice_call',
] as const;

const productSections = listOf(object({ title: text, product_items: listOf(object(product)) }));

/** A value of a component in a template message. */
const templateValue: Parameter = object({
  type: text,
  parameter_name: text,
  text,
  payload: text,
  coupon_code: text,
  group_id: text,
  image: media,
  video: media,
  document: media,
  gif: media,
  currency: object({ fallback_value: text, code: text, amount_1000: number }),
  date_time: object({ fallback_value: text }),
  location: object({ latitude: number, longitude: number, name: text, address: text }),
  product: object(product),
  limited_time_offer: object({ expiration_time_ms: number }),
  action: object({ flow_token: text, thumbnail_product_retailer_id: text, sections: productSections, flow_action_data: json }),
});

const component = (members: Parameters): Parameter =>
  object({ type: text, sub_type: oneOf(...buttonSubTypes), parameters: listOf(templateValue), ...members });

const interactive: Parameter = object({
  type: text,
  header: object({ type: text, text, image: media, video: media, document: media, sub_text: text }),
  body: object({ text }),
  footer: object({ text }),
  action: object({
    ...product,
    name: text,
    button: text,
    buttons: listOf(object({ type: text, reply: object({ id: text, title: text }) })),
    sections: listOf(
      object({
        title: text,
        rows: listOf(object({ id: text, title: text, description: text })),
        product_items: listOf(object(product)),
      }),
    ),
    parameters: object({
      display_text: text,
      url: text,
      flow_message_version: text,
      flow_token: text,
      flow_id: text,
      flow_name: text,
      flow_cta: text,
      country: text,
      reference_id: text,
      payload: text,
    }),
  }),
});

const contact: Parameter = object({
  addresses: json,
  emails: json,
  name: object({ formatted_name: text, first_name: text, last_name: text, middle_name: text, suffix: text, prefix: text }),
  org: json,
  phones: listOf(object({ phone: text, wa_id: text, type: text })),
  urls: json,
  birthday: text,
});

/** The types of messages. Meta's error lists them in capitals. */
export const messageTypes = [
  'audio',
  'contacts',
  'document',
  'image',
  'interactive',
  'location',
  'pin',
  'reaction',
  'sticker',
  'template',
  'text',
  'video',
] as const;

/** What `POST /{phone-number-id}/messages` takes. */
export const messageParameters: Parameters = {
  messaging_product: oneOf('whatsapp'),
  recipient_type: oneOf('individual', 'group'),
  to: text,
  recipient: text,
  type: oneOf(...messageTypes),
  status: oneOf('read'),
  message_id: text,
  typing_indicator: object({ type: oneOf('text') }),
  biz_opaque_callback_data: text,
  recipient_identity_key_hash: text,
  context: object({ message_id: text }),
  text: object({ body: text, preview_url: flag }),
  reaction: object({ message_id: text, emoji: text }),
  location: object({ latitude: number, longitude: number, name: text, address: text }),
  pin: object({ type: oneOf('pin', 'unpin'), message_id: text, expiration_days: number }),
  audio: object({ ...file, voice: flag }),
  document: media,
  image: media,
  sticker: media,
  video: media,
  contacts: listOf(contact),
  interactive,
  template: object({
    name: text,
    language: object({ code: text, policy: text }),
    components: listOf(
      component({ cards: listOf(object({ card_index: number, components: listOf(component({})) })), tap_target_configuration: json }),
    ),
  }),
  product_policy: oneOf('CLOUD_API_FALLBACK', 'STRICT'),
  message_activity_sharing: flag,
};
