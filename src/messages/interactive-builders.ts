import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { MediaHeader } from './outgoing/interactive-parts.js';
import type {
  ButtonInteractive,
  CallPermissionInteractive,
  CarouselInteractive,
  ContactInfoInteractive,
  CtaUrlInteractive,
  FlowInteractive,
  ListInteractive,
  ListRow,
  LocationRequestInteractive,
  MediaCard,
} from './outgoing/interactive.js';
import { type InteractiveContent, type FrameOptions, type TextFrameOptions, textFrame, buildFrame } from './interactive/message-frame.js';

/** A reply button. */
export interface ReplyButton {
  /** Returned in the customer's reply. At most 256 characters. */
  readonly id: string;
  /** Text of the button, at most 20 characters. */
  readonly title: string;
}

/** Options of {@link flow}. Send a draft with `mode: 'draft'`, and pass data in `flow_action_payload`. */
export type FlowOptions = Omit<FlowInteractive['action']['parameters'], 'flow_message_version' | 'flow_cta'> & FrameOptions;

/** A carousel card with a file. It has either a link or reply buttons. All cards have the same kind. */
export interface CarouselMediaCard {
  readonly header: Extract<MediaHeader, { readonly type: 'image' | 'video' }>;
  /** Text of the card, at most 160 characters and two line breaks. */
  readonly body?: string;
  /** Button that opens a page. Its text has at most 20 characters. */
  readonly link?: { readonly display_text: string; readonly url: string };
  /** Reply buttons. */
  readonly replies?: readonly ReplyButton[];
}

/** A carousel card with a product. */
export interface CarouselProductCard {
  readonly catalog_id: string;
  readonly product_retailer_id: string;
}

/**
 * Builds the content of a message with reply buttons, in Meta's shape. See {@link ButtonInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param replies - One to three buttons with unique IDs and titles.
 * @param options - Header and footer. See {@link FrameOptions}.
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
      ...buildFrame(options),
      body: { text: body },
      action: { buttons: replies.map((reply) => ({ type: 'reply', reply })) },
    },
  };
}

/**
 * Builds the content of a message with a button that opens a list, in Meta's shape. See {@link ListInteractive}.
 *
 * @param body - Text of the message, at most 4,096 characters.
 * @param button - Text of the button that opens the list, at most 20 characters.
 * @param rows - At most ten rows in total, either as a plain list or in sections.
 * @param options - Header and footer. See {@link TextFrameOptions}.
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
 * Builds the content of a message with a button that opens a page, in Meta's shape. See {@link CtaUrlInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param displayText - Text of the button, at most 20 characters.
 * @param url - URL of the page.
 * @param options - Header and footer. See {@link FrameOptions}.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { ctaUrl } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({
 *   to: '15550100987',
 *   ...ctaUrl('Your order is on its way.', 'Track it', 'https://shop.example/track/4711'),
 * });
 * ```
 */
export function ctaUrl(body: string, displayText: string, url: string, options: FrameOptions = {}): InteractiveContent<CtaUrlInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'cta_url',
      ...buildFrame(options),
      body: { text: body },
      action: { name: 'cta_url', parameters: { display_text: displayText, url } },
    },
  };
}

/**
 * Builds the content of a message with a button that opens a flow, in Meta's shape. See {@link FlowInteractive}, and
 * `createFlow` to create a flow.
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param cta - Text of the button, at most 30 characters, without emoji.
 * @param options - Flow ID or name, data, header and footer. See {@link FlowOptions}.
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
      ...buildFrame({ ...(header !== undefined && { header }), ...(footer !== undefined && { footer }) }),
      body: { text: body },
      action: { name: 'flow', parameters: { flow_message_version: '3', flow_cta: cta, ...parameters } },
    },
  };
}

/**
 * Builds the content of a carousel message in Meta's shape. The builder fills in the positions of the cards. See
 * {@link CarouselInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param cards - Two to ten cards, either all with files or all with products.
 * @throws `InvalidArgumentError` if a card has both a link and replies, or if cards with files and products are mixed.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { carousel } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const offers = carousel('This week', [
 *   {
 *     header: { type: 'image', image: { id: '1013859600285441' } },
 *     body: 'Shoes',
 *     link: { display_text: 'See', url: 'https://shop.example/shoes' },
 *   },
 *   {
 *     header: { type: 'image', image: { id: '1013859600285442' } },
 *     body: 'Hats',
 *     link: { display_text: 'See', url: 'https://shop.example/hats' },
 *   },
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
  if (products.length > 0 && media.length > 0)
    throw new InvalidArgumentError('carousel', 'cards', 'must all have files, or all have products');
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
  if (link && replies.length > 0)
    throw new InvalidArgumentError('carousel', `cards[${String(index)}]`, 'has a link and replies, but Meta allows only one of them');
  return {
    card_index: index,
    // Meta uses this type for all cards with files, including those with reply buttons.
    type: 'cta_url',
    header,
    ...(body !== undefined && { body: { text: body } }),
    action: link
      ? { name: 'cta_url', parameters: link }
      : { buttons: replies.map(({ id, title }) => ({ type: 'quick_reply', quick_reply: { id, title } })) },
  };
}

/**
 * Builds the content of a message that asks the customer for a location, in Meta's shape. See
 * {@link LocationRequestInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
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
 * Builds the content of a message that asks the customer to permit calls, in Meta's shape. Coexistence numbers can't
 * send it, because they don't support the Calling API. See {@link CallPermissionInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
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
 * Builds the content of a message that asks a customer with a hidden phone number to share it, in Meta's shape. The
 * customer's reply is a `contacts` message. See {@link ContactInfoInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
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
