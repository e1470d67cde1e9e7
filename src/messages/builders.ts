import { withDocumentName } from './document-name.js';
import type { MessageContent } from './outgoing/envelope.js';
import type { AudioMessage, DocumentMessage, ImageMessage, StickerMessage, VideoMessage } from './outgoing/media.js';
import type { ContactCardToSend, ContactsMessage, LocationMessage, PinMessage, ReactionMessage, TextMessage } from './outgoing/plain.js';

/**
 * Builds the content of a text message in Meta's shape. See {@link TextMessage}.
 *
 * @param body - The text, 1 to 4,096 characters.
 * @param options - `preview_url` shows a preview of the first link.
 * @returns The content for `sendMessage`, `replyTo` or a sender. Add the recipient.
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
 * Builds the content of an image message in Meta's shape.
 *
 * @param file - A file from `uploadMedia` (`id`), or one that Meta fetches (`link`), with an optional caption.
 * See {@link ImageMessage}.
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
 * Builds the content of a video message in Meta's shape.
 *
 * @param file - A file from `uploadMedia` (`id`), or one that Meta fetches (`link`), with an optional caption.
 * See {@link VideoMessage}.
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
 * Builds the content of an audio message in Meta's shape.
 *
 * @param file - A file from `uploadMedia` (`id`), or one that Meta fetches (`link`). With `voice`, WhatsApp shows
 * it as a voice message. The file must then be OGG with OPUS, mono. See {@link AudioMessage}.
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
 * Builds the content of a document message in Meta's shape. If the document has a `link` without a `filename`, the
 * builder adds the file name at the end of the link. It does so only for names with an extension.
 *
 * @param file - A file from `uploadMedia` (`id`), or one that Meta fetches (`link`), with an optional caption and
 * file name. See {@link DocumentMessage}.
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
 * Builds the content of a sticker message in Meta's shape.
 *
 * @param file - A file from `uploadMedia` (`id`), or one that Meta fetches (`link`). See {@link StickerMessage}.
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
 * Builds the content of a location message in Meta's shape. See {@link LocationMessage}.
 *
 * @param latitude - Latitude in decimal degrees.
 * @param longitude - Longitude in decimal degrees.
 * @param options - Name and address of the location.
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
 * Builds the content of a message with contact cards in Meta's shape. See {@link ContactsMessage}.
 *
 * @param cards - 1 to 257 contact cards.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { contacts } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const ann = {
 *   name: { formatted_name: 'Ann Smith', first_name: 'Ann' },
 *   phones: [{ phone: '+15550100555', wa_id: '15550100555' }],
 * };
 * await wa.messages.send({ to: '15550100987', ...contacts(ann) });
 * ```
 */
export function contacts(...cards: readonly ContactCardToSend[]): MessageContent<ContactsMessage> {
  return { type: 'contacts', contacts: cards };
}

/**
 * Builds the content of a reaction in Meta's shape. See {@link ReactionMessage}.
 *
 * @param messageId - The wamid of a message that is at most 30 days old.
 * @param emoji - The emoji. An empty string removes an earlier reaction.
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
 * Builds the content that pins or unpins a message in a group, in Meta's shape. See {@link PinMessage}.
 *
 * @param messageId - The wamid of the message.
 * @param expirationDays - Days until the pin expires, 1 to 30. Without it, the message is unpinned.
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
export function pin(messageId: string, expirationDays?: number): MessageContent<PinMessage> & { readonly recipient_type: 'group' } {
  return {
    recipient_type: 'group',
    type: 'pin',
    pin:
      expirationDays === undefined
        ? { type: 'unpin', message_id: messageId }
        : { type: 'pin', message_id: messageId, expiration_days: expirationDays },
  };
}
