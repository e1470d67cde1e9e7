import { withDocumentName } from './document-name.js';
import type { MediaHeader, TextHeader } from './outgoing/interactive-parts.js';
import type {
  ButtonInteractive,
  CallPermissionInteractive,
  CarouselInteractive,
  CatalogInteractive,
  ContactInfoInteractive,
  CtaUrlInteractive,
  FlowInteractive,
  InteractiveMessage,
  ListInteractive,
  ListRow,
  LocationRequestInteractive,
  MediaCard,
  ProductInteractive,
  ProductListInteractive,
} from './outgoing/interactive.js';

/** A message of one interactive kind. */
export type InteractiveContent<Kind extends InteractiveMessage['interactive']> = Omit<
  InteractiveMessage,
  'interactive' | 'recipient_type'
> & {
  readonly interactive: Kind;
};

/** What may stand below the body. */
export interface FooterOption {
  /** At most 60 characters. */
  readonly footer?: string;
}

/** What may stand around the body. */
export interface FrameOptions extends FooterOption {
  /** A text of at most 60 characters, or a file. */
  readonly header?: string | TextHeader | MediaHeader | undefined;
}

/** What may stand around the body where no file may. */
export interface TextFrameOptions extends FooterOption {
  /** At most 60 characters. */
  readonly header?: string | undefined;
}

/** A button that answers. */
export interface ReplyButton {
  /** Comes back in the answer; at most 256 characters. */
  readonly id: string;
  /** At most 20 characters. */
  readonly title: string;
}

/** What a flow needs beside its name: a draft is sent with `mode: 'draft'`, data by `flow_action_payload`. */
export type FlowOptions = Omit<FlowInteractive['action']['parameters'], 'flow_message_version' | 'flow_cta'> & FrameOptions;

/** A card with a file: its button opens a page, or its buttons answer. All cards have the same. */
export interface CarouselMediaCard {
  readonly header: Extract<MediaHeader, { readonly type: 'image' | 'video' }>;
  /** At most 160 characters and two line breaks. */
  readonly body?: string;
  /** A button that opens a page; its text has at most 20 characters. */
  readonly link?: { readonly display_text: string; readonly url: string };
  /** Buttons that answer. */
  readonly replies?: readonly ReplyButton[];
}

/** A card with a product. */
export interface CarouselProductCard {
  readonly catalog_id: string;
  readonly product_retailer_id: string;
}

const textHeader = (header: string): { readonly header: TextHeader } => ({ header: { type: 'text', text: header } });
const footerOf = (footer: string | undefined): { readonly footer?: { readonly text: string } } =>
  footer === undefined ? {} : { footer: { text: footer } };
const textFrame = ({ header, footer }: TextFrameOptions) => ({ ...(header !== undefined && textHeader(header)), ...footerOf(footer) });
/** A document is shown with its file name. */
const named = (header: TextHeader | MediaHeader): TextHeader | MediaHeader =>
  header.type === 'document' ? { ...header, document: withDocumentName(header.document) } : header;
const frame = ({ header, footer }: FrameOptions) => ({
  ...(typeof header === 'string' ? textHeader(header) : header && { header: named(header) }),
  ...footerOf(footer),
});

/**
 * One to three buttons that answer, in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { buttons } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const question = buttons('Shall we deliver on Friday?', [
 *   { id: 'friday-yes', title: 'Yes' },
 *   { id: 'friday-no', title: 'Another day' },
 * ]);
 * await wa.messages.send({ to: '15550100987', ...question });
 * ```
 */
export function buttons(body: string, replies: readonly ReplyButton[], options: FrameOptions = {}): InteractiveContent<ButtonInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'button',
      ...frame(options),
      body: { text: body },
      action: { buttons: replies.map((reply) => ({ type: 'reply', reply })) },
    },
  };
}

/**
 * A button that opens a list of at most ten rows, in sections or without, in Meta's shape.
 *
 * @param button - Text of the button that opens the list, at most 20 characters.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { list } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const days = list('When shall we come?', 'Choose a day', [
 *   { id: 'mon', title: 'Monday', description: '9 to 12' },
 *   { id: 'tue', title: 'Tuesday' },
 * ]);
 * await wa.messages.send({ to: '15550100987', ...days });
 * ```
 */
export function list(
  body: string,
  button: string,
  rows: readonly ListRow[] | ListInteractive['action']['sections'],
  options: TextFrameOptions = {},
): InteractiveContent<ListInteractive> {
  return {
    type: 'interactive',
    interactive: { type: 'list', ...textFrame(options), body: { text: body }, action: { button, sections: sectionsOf(rows) } },
  };
}

function sectionsOf(rows: readonly ListRow[] | ListInteractive['action']['sections']): ListInteractive['action']['sections'] {
  const sections = rows.filter((row) => 'rows' in row);
  return sections.length > 0 ? sections : [{ rows: rows.filter((row) => 'id' in row) }];
}

/**
 * A button that opens a page, in Meta's shape.
 *
 * @param displayText - Text of the button, at most 20 characters.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { ctaUrl } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...ctaUrl('Your order is on its way.', 'Track it', 'https://shop.example/track/4711') });
 * ```
 */
export function ctaUrl(body: string, displayText: string, url: string, options: FrameOptions = {}): InteractiveContent<CtaUrlInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'cta_url',
      ...frame(options),
      body: { text: body },
      action: { name: 'cta_url', parameters: { display_text: displayText, url } },
    },
  };
}

/**
 * A button that opens a flow, in Meta's shape.
 *
 * @param cta - Text of the button, at most 30 characters, without emoji.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { flow } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const booking = flow('Book your appointment here.', 'Book', {
 *   flow_id: '1013859600285441',
 *   flow_token: 'booking-4711',
 *   flow_action_payload: { screen: 'DATES' },
 * });
 * await wa.messages.send({ to: '15550100987', ...booking });
 * ```
 */
export function flow(body: string, cta: string, options: FlowOptions): InteractiveContent<FlowInteractive> {
  const { header, footer, ...parameters } = options;
  return {
    type: 'interactive',
    interactive: {
      type: 'flow',
      ...frame({ ...(header !== undefined && { header }), ...(footer !== undefined && { footer }) }),
      body: { text: body },
      action: { name: 'flow', parameters: { flow_message_version: '3', flow_cta: cta, ...parameters } },
    },
  };
}

/**
 * One product of the catalog, in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { product } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...product('1013859600285441', 'shoe-42', { body: 'Back in stock' }) });
 * ```
 */
export function product(
  catalogId: string,
  productRetailerId: string,
  options: FooterOption & { readonly body?: string } = {},
): InteractiveContent<ProductInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'product',
      ...(options.body !== undefined && { body: { text: options.body } }),
      ...footerOf(options.footer),
      action: { catalog_id: catalogId, product_retailer_id: productRetailerId },
    },
  };
}

/**
 * At most 30 products of the catalog in at most ten sections, in Meta's shape. The header is a must.
 *
 * @param sections - Retailer ids of the products by the title of their section (at most 24 characters).
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { productList } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const spring = productList('Spring', 'What we have new', '1013859600285441', { Shoes: ['shoe-41', 'shoe-42'], Hats: ['hat-1'] });
 * await wa.messages.send({ to: '15550100987', ...spring });
 * ```
 */
export function productList(
  header: string,
  body: string,
  catalogId: string,
  sections: Readonly<Record<string, readonly string[]>>,
  options: FooterOption = {},
): InteractiveContent<ProductListInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'product_list',
      ...textHeader(header),
      body: { text: body },
      ...footerOf(options.footer),
      action: {
        catalog_id: catalogId,
        sections: Object.entries(sections).map(([title, products]) => ({
          title,
          product_items: products.map((id) => ({ product_retailer_id: id })),
        })),
      },
    },
  };
}

/**
 * A button that opens the whole catalog, in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { catalog } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...catalog('All that we sell', { thumbnail: 'shoe-42' }) });
 * ```
 */
export function catalog(
  body: string,
  options: FooterOption & {
    /** Retailer id of the product whose picture is shown. @defaultValue the first of the catalog */
    readonly thumbnail?: string;
  } = {},
): InteractiveContent<CatalogInteractive> {
  const { thumbnail, footer } = options;
  return {
    type: 'interactive',
    interactive: {
      type: 'catalog_message',
      body: { text: body },
      ...footerOf(footer),
      action: {
        name: 'catalog_message',
        ...(thumbnail !== undefined && { parameters: { thumbnail_product_retailer_id: thumbnail } }),
      },
    },
  };
}

/**
 * Two to ten cards to swipe through, with files or with products, in Meta's shape. Their positions are filled in.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { carousel } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const offers = carousel('This week', [
 *   { header: { type: 'image', image: { id: '1013859600285441' } }, body: 'Shoes', link: { display_text: 'See', url: 'https://shop.example/shoes' } },
 *   { header: { type: 'image', image: { id: '1013859600285442' } }, body: 'Hats', link: { display_text: 'See', url: 'https://shop.example/hats' } },
 * ]);
 * await wa.messages.send({ to: '15550100987', ...offers });
 * ```
 */
export function carousel(
  body: string,
  cards: readonly CarouselMediaCard[] | readonly CarouselProductCard[],
): InteractiveContent<CarouselInteractive> {
  const products = cards.filter((card) => 'catalog_id' in card);
  const media = cards.filter((card) => 'header' in card);
  return {
    type: 'interactive',
    interactive: {
      type: 'carousel',
      body: { text: body },
      action: {
        cards:
          products.length > 0
            ? products.map(({ catalog_id, product_retailer_id }, index) => ({
                card_index: index,
                type: 'product' as const,
                action: { catalog_id, product_retailer_id },
              }))
            : media.map(mediaCard),
      },
    },
  };
}

function mediaCard({ header, body, link, replies = [] }: CarouselMediaCard, index: number): MediaCard {
  return {
    card_index: index,
    // Meta's word for cards with files, whichever buttons they have.
    type: 'cta_url',
    header,
    ...(body !== undefined && { body: { text: body } }),
    action: link
      ? { name: 'cta_url', parameters: link }
      : { buttons: replies.map(({ id, title }) => ({ type: 'quick_reply', quick_reply: { id, title } })) },
  };
}

/**
 * Asks the customer for a location, in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { locationRequest } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...locationRequest('Where shall we deliver?') });
 * ```
 */
export function locationRequest(body: string): InteractiveContent<LocationRequestInteractive> {
  return {
    type: 'interactive',
    interactive: { type: 'location_request_message', body: { text: body }, action: { name: 'send_location' } },
  };
}

/**
 * Asks whether the business may call, in Meta's shape. Not for coexistence numbers, which have no Calling API.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { callPermissionRequest } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...callPermissionRequest('May we call about your order?') });
 * ```
 */
export function callPermissionRequest(body?: string): InteractiveContent<CallPermissionInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'call_permission_request',
      ...(body !== undefined && { body: { text: body } }),
      action: { name: 'call_permission_request' },
    },
  };
}

/**
 * Asks somebody who hides the phone number to share it, in Meta's shape. The answer is a `contacts` message.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { requestContactInfo } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ recipient: 'US.1349', ...requestContactInfo('We need your number for the delivery.') });
 * ```
 */
export function requestContactInfo(body: string): InteractiveContent<ContactInfoInteractive> {
  return {
    type: 'interactive',
    interactive: { type: 'request_contact_info', body: { text: body }, action: { name: 'request_contact_info' } },
  };
}
