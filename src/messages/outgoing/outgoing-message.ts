import type { MessageRecipient } from '../../identity/recipient.js';
import type { InteractiveMessage } from './interactive.js';
import type { AudioMessage, DocumentMessage, ImageMessage, StickerMessage, VideoMessage } from './media.js';
import type { ContactsMessage, LocationMessage, PinMessage, ReactionMessage, TextMessage } from './plain.js';
import type { TemplateMessage } from './template.js';

/** A message of any type, with or without a recipient. {@link OutgoingMessage} requires a recipient. */
export type AnyMessage =
  | TextMessage
  | ImageMessage
  | AudioMessage
  | VideoMessage
  | DocumentMessage
  | StickerMessage
  | LocationMessage
  | ContactsMessage
  | ReactionMessage
  | PinMessage
  | InteractiveMessage
  | TemplateMessage;

/**
 * A message for `POST /{phone-number-id}/messages` in Meta's own shape, so examples of Meta's documentation work
 * unchanged. It requires `to` or `recipient`. See {@link sendMessage}.
 *
 * @example
 * ```ts
 * import type { OutgoingMessage } from 'wa-coexist';
 *
 * const message: OutgoingMessage = { to: '15550100987', type: 'text', text: { body: 'Hello' } };
 * ```
 */
export type OutgoingMessage = AnyMessage & MessageRecipient;
