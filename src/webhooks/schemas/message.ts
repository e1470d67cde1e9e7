import type { WebhookError } from '../events/base.js';
import type {
  AudioContent,
  ButtonContent,
  ContactCard,
  DocumentContent,
  EchoMessage,
  EditContent,
  InteractiveAnswer,
  LocationContent,
  MediaObject,
  MessageContent,
  MessageContext,
  MessageReferral,
  OrderContent,
  ReactionContent,
  RevokeContent,
  StickerContent,
  SystemContent,
  TextContent,
  UnsupportedContent,
} from '../events/message-content.js';
import { anything, fields, flag, list, number, numeric, text, type Schema } from './schema.js';

/** An error inside a webhook. */
export const webhookError: Schema<WebhookError> = /* @__PURE__ */ fields<WebhookError>(
  { code: number },
  {
    title: text,
    message: text,
    href: text,
    error_data: /* @__PURE__ */ fields<NonNullable<WebhookError['error_data']>>({}, { details: text }),
  },
);
/** Errors inside a webhook. */
export const webhookErrors: Schema<WebhookError[]> = /* @__PURE__ */ list(webhookError);

const mediaShape = { id: text, mime_type: text, sha256: text, url: text, caption: text };
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
    phones: /* @__PURE__ */ list(/* @__PURE__ */ fields<Entry<ContactCard['phones']>>({}, { phone: text, wa_id: text, type: text })),
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
    button_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['button_reply']>>({ id: text }, { title: text }),
    list_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['list_reply']>>({ id: text }, { title: text, description: text }),
    nfm_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['nfm_reply']>>({}, { name: text, body: text, response_json: text }),
    call_permission_reply: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['call_permission_reply']>>(
      {},
      { response: text, is_permanent: flag, expiration_timestamp: numeric, response_source: text },
    ),
    payment_method: /* @__PURE__ */ fields<NonNullable<InteractiveAnswer['payment_method']>>(
      {},
      { payment_method: text, payment_timestamp: numeric, reference_id: text, last_four_digits: text, credential_id: text },
    ),
  },
);

const order: Schema<OrderContent['order']> = /* @__PURE__ */ fields<OrderContent['order']>(
  {},
  {
    catalog_id: text,
    text,
    product_items: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<Entry<OrderContent['order']['product_items']>>(
        {},
        { product_retailer_id: text, quantity: numeric, item_price: numeric, currency: text },
      ),
    ),
  },
);

const context: Schema<MessageContext> = /* @__PURE__ */ fields<MessageContext>(
  {},
  {
    id: text,
    from: text,
    from_user_id: text,
    forwarded: flag,
    frequently_forwarded: flag,
    referred_product: /* @__PURE__ */ fields<NonNullable<MessageContext['referred_product']>>(
      {},
      { catalog_id: text, product_retailer_id: text },
    ),
  },
);

const referral: Schema<MessageReferral> = /* @__PURE__ */ fields<MessageReferral>(
  {},
  {
    source_url: text,
    source_id: text,
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

/** The contents that stand under the key named by `type`. */
interface Bodies {
  readonly text?: TextContent['text'];
  readonly image?: MediaObject;
  readonly video?: MediaObject;
  readonly audio?: AudioContent['audio'];
  readonly document?: DocumentContent['document'];
  readonly sticker?: StickerContent['sticker'];
  readonly location?: LocationContent['location'];
  readonly contacts?: readonly ContactCard[];
  readonly reaction?: ReactionContent['reaction'];
  readonly button?: ButtonContent['button'];
  readonly interactive?: InteractiveAnswer;
  readonly order?: OrderContent['order'];
  readonly system?: SystemContent['system'];
  readonly unsupported?: NonNullable<UnsupportedContent['unsupported']>;
  readonly edit?: EditContent['edit'];
  readonly revoke?: RevokeContent['revoke'];
}

/** The types of message whose content may be missing, or has no place to stand. */
export type BodilessType = Extract<MessageContent['type'], 'request_welcome' | 'media_placeholder' | 'unsupported'>;

/** A message with all that it may have; which body must be there depends on `type`. */
export type AnyMessage = Partial<Omit<EchoMessage, 'type'>> & Bodies & { readonly type?: string };

/** A message of any type and direction. */
export const anyMessage: Schema<AnyMessage> = /* @__PURE__ */ fields<AnyMessage>(
  {},
  {
    id: text,
    type: text,
    timestamp: text,
    from: text,
    from_user_id: text,
    from_parent_user_id: text,
    to: text,
    to_user_id: text,
    to_parent_user_id: text,
    group_id: text,
    context,
    referral,
    errors: webhookErrors,
    text: /* @__PURE__ */ fields<TextContent['text']>({ body: text }, {}),
    image: media,
    video: media,
    audio: /* @__PURE__ */ fields<AudioContent['audio']>({}, { ...mediaShape, voice: flag }),
    document: /* @__PURE__ */ fields<DocumentContent['document']>({}, { ...mediaShape, filename: text }),
    sticker: /* @__PURE__ */ fields<StickerContent['sticker']>({}, { ...mediaShape, animated: flag }),
    location: /* @__PURE__ */ fields<LocationContent['location']>(
      { latitude: number, longitude: number },
      { name: text, address: text, url: text },
    ),
    contacts: /* @__PURE__ */ list(contactCard),
    reaction: /* @__PURE__ */ fields<ReactionContent['reaction']>({ message_id: text }, { emoji: text }),
    button: /* @__PURE__ */ fields<ButtonContent['button']>({}, { payload: text, text }),
    interactive,
    order,
    system: /* @__PURE__ */ fields<SystemContent['system']>(
      {},
      { type: text, body: text, wa_id: text, user_id: text, parent_user_id: text, customer: text, identity: text },
    ),
    unsupported: /* @__PURE__ */ fields<NonNullable<UnsupportedContent['unsupported']>>({}, { type: text }),
    edit: /* @__PURE__ */ fields<EditContent['edit']>({ original_message_id: text }, { message: anything }),
    revoke: /* @__PURE__ */ fields<RevokeContent['revoke']>({ original_message_id: text }, {}),
  },
);
