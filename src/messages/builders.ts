import { withDocumentName } from './document-name.js';
import type { MessageContent } from './outgoing/envelope.js';
import type { AudioMessage, DocumentMessage, ImageMessage, StickerMessage, VideoMessage } from './outgoing/media.js';
import type { ContactCardToSend, ContactsMessage, LocationMessage, PinMessage, ReactionMessage, TextMessage } from './outgoing/plain.js';
import type { TemplateComponent, TemplateMessage } from './outgoing/template.js';

/**
 * The content of a text message in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...text('Hello') });
 * ```
 */
export function text(
  body: string,
  options: { readonly preview_url?: boolean } = {},
): MessageContent<TextMessage> & { readonly type: 'text' } {
  return { type: 'text', text: { body, ...options } };
}

/**
 * The content of an image message in Meta's shape: a file uploaded before (`id`), or one that Meta fetches (`link`).
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { image } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...image({ link: 'https://shop.example/shoe.png', caption: 'New' }) });
 * ```
 */
export function image(file: ImageMessage['image']): MessageContent<ImageMessage> {
  return { type: 'image', image: file };
}

/**
 * The content of a video message in Meta's shape: a file uploaded before (`id`), or one that Meta fetches (`link`).
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { video } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...video({ id: '1013859600285441' }) });
 * ```
 */
export function video(file: VideoMessage['video']): MessageContent<VideoMessage> {
  return { type: 'video', video: file };
}

/**
 * The content of an audio message in Meta's shape; with `voice` it looks like one that somebody spoke (OGG with OPUS, mono).
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { audio } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...audio({ id: '1013859600285441', voice: true }) });
 * ```
 */
export function audio(file: AudioMessage['audio']): MessageContent<AudioMessage> {
  return { type: 'audio', audio: file };
}

/**
 * The content of a message with a document in Meta's shape. A document with a `link` and without a `filename` gets the file name at the end of the
 * link, if that has an extension.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { document } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...document({ id: '1013859600285441', filename: 'invoice-4711.pdf' }) });
 * ```
 */
export function document(file: DocumentMessage['document']): MessageContent<DocumentMessage> {
  return { type: 'document', document: withDocumentName(file) };
}

/**
 * The content of a sticker message in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { sticker } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...sticker({ id: '1013859600285441' }) });
 * ```
 */
export function sticker(file: StickerMessage['sticker']): MessageContent<StickerMessage> {
  return { type: 'sticker', sticker: file };
}

/**
 * The content of a message with a place in Meta's shape; degrees as decimal numbers.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { location } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...location(52.52, 13.405, { name: 'The shop' }) });
 * ```
 */
export function location(
  latitude: number,
  longitude: number,
  options: { readonly name?: string; readonly address?: string } = {},
): MessageContent<LocationMessage> {
  return { type: 'location', location: { latitude, longitude, ...options } };
}

/**
 * The content of a message with contact cards in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { contacts } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const ann = { name: { formatted_name: 'Ann Smith', first_name: 'Ann' }, phones: [{ phone: '+15550100555', wa_id: '15550100555' }] };
 * await wa.messages.send({ to: '15550100987', ...contacts(ann) });
 * ```
 */
export function contacts(...cards: readonly ContactCardToSend[]): MessageContent<ContactsMessage> {
  return { type: 'contacts', contacts: cards };
}

/**
 * The content of a reaction in Meta's shape; an empty emoji takes an earlier one back.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { reaction } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...reaction('wamid.1', '👍') });
 * ```
 */
export function reaction(messageId: string, emoji: string): MessageContent<ReactionMessage> {
  return { type: 'reaction', reaction: { message_id: messageId, emoji } };
}

/**
 * The content that pins a message in a group for some days, in Meta's shape; without days it is unpinned.
 *
 * @param expirationDays - 1 to 30.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { pin } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: 'group-id', ...pin('wamid.1', 7) });
 * ```
 */
export function pin(messageId: string, expirationDays?: number): PinMessage & { readonly recipient_type: 'group' } {
  return {
    recipient_type: 'group',
    type: 'pin',
    pin:
      expirationDays === undefined
        ? { type: 'unpin', message_id: messageId }
        : { type: 'pin', message_id: messageId, expiration_days: expirationDays },
  };
}

/**
 * The content of a template message in Meta's shape. `templateComponents` makes the components of plain values.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 * import { templateComponents } from 'wa-coexist/templates';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...template('order_ready', 'en_US', templateComponents({ body: ['4711'] })) });
 * ```
 */
export function template(name: string, language: string, components?: readonly TemplateComponent[]): MessageContent<TemplateMessage> {
  return { type: 'template', template: { name, language: { code: language }, ...(components && { components }) } };
}
