import type { AnyMessage } from '../outgoing/outgoing-message.js';
import { Part } from './part.js';

/**
 * Maximum number of characters of a caption, of contact cards, and of days of a pin. Source: Meta, the page of each
 * message type (Nov 2025).
 */
const captionLimit = 1024;
const cardLimit = 257;
const pinDays = 30;

/**
 * Checks media, locations, contact cards, reactions and pins.
 *
 * @throws `InvalidMessageError`
 */
export function checkContent(message: AnyMessage): void {
  const type = message.type ?? 'text';
  const whole = new Part(message);
  const content = whole.at(type);
  switch (type) {
    case 'image':
    case 'video':
    case 'document':
      content.needed().file().at('caption').atMost(captionLimit);
      return;
    case 'audio':
    case 'sticker':
      content.needed().file().at('caption').notAllowed(`is not allowed, because ${type} messages have no caption`);
      return;
    case 'location':
      content.at('latitude').needed().between(-90, 90);
      content.at('longitude').needed().between(-180, 180);
      return;
    case 'contacts':
      for (const card of content.items(1, cardLimit)) card.at('name').at('formatted_name').needed();
      return;
    case 'reaction':
      content.at('message_id').needed();
      // An empty emoji removes a reaction.
      if (typeof content.at('emoji').value !== 'string') content.at('emoji').reject('is missing');
      whole.at('context').notAllowed('is not allowed with a reaction');
      return;
    case 'pin':
      if (message.recipient_type !== 'group') whole.at('recipient_type').reject('must be group, because only groups support pins');
      content.at('type').oneOf('pin', 'unpin');
      content.at('message_id').needed();
      content.at('expiration_days').whole(1, pinDays);
      return;
    default:
      // Accepts types that Meta adds.
      return;
  }
}
