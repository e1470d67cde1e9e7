import { InvalidMessageError } from '../errors/usage-errors.js';
import type { OutgoingMessage } from './outgoing/outgoing-message.js';

/**
 * Holds a message against the limits that Meta publishes, before the network. Never against the format of `to`: formats vary by country.
 *
 * @throws `InvalidMessageError` naming field and rule.
 */
export function checkMessage(message: OutgoingMessage): void {
  if (!message.to && !message.recipient) throw new InvalidMessageError('to', 'is missing (or recipient, for a business-scoped user id)');
  limit(message.biz_opaque_callback_data, 'biz_opaque_callback_data', 512);
  switch (message.type) {
    case 'reaction':
      if (!message.reaction.message_id) throw new InvalidMessageError('reaction.message_id', 'is missing');
      if (message.context) throw new InvalidMessageError('context', 'is not allowed with a reaction');
      return;
    case 'template':
      if (!message.template.name) throw new InvalidMessageError('template.name', 'is missing');
      if (!message.template.language.code) throw new InvalidMessageError('template.language.code', 'is missing');
      return;
    case 'text':
    case undefined:
      if (message.text.body === '') throw new InvalidMessageError('text.body', 'is empty');
      limit(message.text.body, 'text.body', 4096);
      return;
    default:
      return;
  }
}

function limit(value: string | undefined, field: string, most: number): void {
  if (value !== undefined && value.length > most)
    throw new InvalidMessageError(field, `has ${String(value.length)} characters; Meta takes ${String(most)}`);
}
