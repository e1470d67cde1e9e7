import type { WebhookError } from '../events/base.js';
import type {
  ContactCard,
  EchoMessage,
  EditContent,
  InteractiveAnswer,
  MediaObject,
  MessageContent,
  MessageContext,
  MessageReferral,
  OrderContent,
  RevokeContent,
  UnsupportedContent,
} from '../events/message-content.js';
import { anything, fields, flag, idText, jsonText, list, number, numeric, orText, text, type Schema } from './schema.js';

/** An error inside a webhook. */
export const webhookError: Schema<WebhookError> = /* @__PURE__ */ fields<WebhookError>(
  { code: number },
  {
    title: text,
    message: text,
    href: text,
    error_data: /* @__PURE__ */ orText(/* @__PURE__ */ fields<NonNullable<WebhookError['error_data']>>({}, { details: text }), 'details'),
  },
);
/** Errors inside a webhook. */
export const webhookErrors: Schema<WebhookError[]> = /* @__PURE__ */ list(webhookError);

const mediaShape = { id: idText, mime_type: text, sha256: text, url: text, caption: text };
/** A file. */
export const media: Schema<MediaObject> = /* @__PURE__ */ fields<MediaObject>({}, mediaShape);

type Entry<List> = List extends readonly (infer Element)[] ? Element : never;

const contactCard: Schema<ContactCard> = /* @__PURE__ */ fields<ContactCard>(
  {},
  {
    name: /* @__PURE__ */ fields<NonNullable<ContactCard['name']>>(
      {},
      { formatted_name: text, first_name: text, middle_name: text, last_name: text, prefix: text, suffix: text },
    ),
    phones: /* @__PURE__ */ list(/* @__PURE__ */ fields<Entry<ContactCard['phones']>>({}, { phone: idText, wa_id: idText, type: text })),
    emails: /* @__PURE__ */ list(/* @__PURE__ */ fields<Entry<ContactCard['emails']>>({}, { email: text, type: text })),
    addresses: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<Entry<ContactCard['addresses']>>(
        {},
        { street: text, city: text, state: text, zip: text, country: text, country_code: text, type: text },
      ),
    ),
    urls: /* @__PURE__ */ list(/* @__PURE__ */ fields<Entry<ContactCard['urls']>>({}, { url: text, type: text })),
    org: /* @__PURE__ */ fields<NonNullable<ContactCard['org']>>({}, { company: text, department: text, title: text }),
    birthday: text,
    origin: text,
    vcard: text,
  },
);

const interactive: Schema<InteractiveAnswer> = /* @__PURE__ */ fields<InteractiveAnswer>(
  { type: text },
  {
    button_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['button_reply']>>({ id: idText }, { title: text }),
    list_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['list_reply']>>({ id: idText }, { title: text, description: text }),
    nfm_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['nfm_reply']>>({}, { name: text, body: text, response_json: jsonText }),
    call_permission_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['call_permission_reply']>>(
      {},
      { response: text, is_permanent: flag, expiration_timestamp: numeric, response_source: text },
    ),
    product: anything,
    payment_method: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['payment_method']>>(
      {},
      { payment_method: text, payment_timestamp: numeric, reference_id: idText, last_four_digits: text, credential_id: idText },
    ),
  },
);

const order: Schema<OrderContent['order']> = /* @__PURE__ */ fields<OrderContent['order']>(
  {},
  {
    catalog_id: idText,
    text,
    product_items: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<Entry<OrderContent['order']['product_items']>>(
        {},
        { product_retailer_id: idText, quantity: numeric, item_price: numeric, currency: text },
      ),
    ),
  },
);

const context: Schema<MessageContext> = /* @__PURE__ */ fields<MessageContext>(
  {},
  {
    id: idText,
    from: idText,
    from_user_id: idText,
    forwarded: flag,
    frequently_forwarded: flag,
    referred_product: /* @__PURE__ */ fields<NonNullable<MessageContext['referred_product']>>(
      {},
      { catalog_id: idText, product_retailer_id: idText },
    ),
  },
);

const referral: Schema<MessageReferral> = /* @__PURE__ */ fields<MessageReferral>(
  {},
  {
    source_url: text,
    source_id: idText,
    source_type: text,
    headline: text,
    body: text,
    media_type: text,
    image_url: text,
    video_url: text,
    thumbnail_url: text,
    ctwa_clid: text,
    ref: text,
    welcome_message: /* @__PURE__ */ fields<NonNullable<MessageReferral['welcome_message']>>({}, { text }),
  },
);

type AnyContent = MessageContent | EditContent | RevokeContent;

/** Message types with required content under the key of the same name. */
type BodyType = Exclude<AnyContent['type'], 'request_welcome' | 'media_placeholder' | 'unsupported' | 'unknown'>;

type ContentOf<Type extends BodyType> = Extract<AnyContent, { readonly type: Type }>;
type Body<Type extends BodyType> = Type extends keyof ContentOf<Type> ? ContentOf<Type>[Type] : never;

/** A message with all possible members. `type` decides which content is required. */
export type AnyMessage = Partial<Omit<EchoMessage, 'type'>> & { readonly [Type in BodyType]?: Body<Type> } & {
  readonly type?: string;
  readonly unsupported?: NonNullable<UnsupportedContent['unsupported']>;
};

/** The required content of each type that has content, under the key of the same name. */
export const bodies: { readonly [Type in BodyType]: Schema<Body<Type>> } = {
  text: /* @__PURE__ */ fields<Body<'text'>>({ body: text }, {}),
  image: media,
  video: media,
  audio: /* @__PURE__ */ fields<Body<'audio'>>({}, { ...mediaShape, voice: flag }),
  document: /* @__PURE__ */ fields<Body<'document'>>({}, { ...mediaShape, filename: text }),
  sticker: /* @__PURE__ */ fields<Body<'sticker'>>({}, { ...mediaShape, animated: flag }),
  location: /* @__PURE__ */ fields<Body<'location'>>({ latitude: number, longitude: number }, { name: text, address: text, url: text }),
  contacts: /* @__PURE__ */ list(contactCard),
  reaction: /* @__PURE__ */ fields<Body<'reaction'>>({ message_id: idText }, { emoji: text }),
  button: /* @__PURE__ */ fields<Body<'button'>>({}, { payload: text, text }),
  interactive,
  order,
  system: /* @__PURE__ */ fields<Body<'system'>>(
    {},
    {
      type: text,
      body: text,
      wa_id: idText,
      new_wa_id: idText,
      user_id: idText,
      previous_user_id: idText,
      parent_user_id: idText,
      previous_parent_user_id: idText,
      customer: idText,
      identity: text,
    },
  ),
  edit: /* @__PURE__ */ fields<Body<'edit'>>({ original_message_id: idText }, { message: anything }),
  revoke: /* @__PURE__ */ fields<Body<'revoke'>>({ original_message_id: idText }, {}),
};

/** A message of any type and direction. */
export const anyMessage: Schema<AnyMessage> = /* @__PURE__ */ fields<AnyMessage>(
  {},
  {
    id: idText,
    type: text,
    timestamp: idText,
    from: idText,
    from_user_id: idText,
    from_parent_user_id: idText,
    to: idText,
    to_user_id: idText,
    to_parent_user_id: idText,
    group_id: idText,
    context,
    referral,
    errors: webhookErrors,
    unsupported: /* @__PURE__ */ fields<NonNullable<UnsupportedContent['unsupported']>>({}, { type: text }),
    ...bodies,
  },
);
