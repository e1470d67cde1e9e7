import { typeOf } from '../errors/check-options.js';
import { InvalidMessageError } from '../errors/usage-errors.js';
import type { OutgoingMessage } from './outgoing/outgoing-message.js';

/** Maximum number of characters of a text, and of the caller's own data. Source: Meta, Send messages (4 Nov 2025). */
const textLimit = 4096;
const callbackDataLimit = 512;

/**
 * Checks a message against the limits that Meta publishes, before the network. It doesn't check the format of `to`,
 * because formats vary by country. {@link sendMessage} calls it unless `validate` is `false`.
 *
 * Texts are checked immediately. The checks of other types are loaded on first use, so that programs that only send
 * texts don't bundle them.
 *
 * @param message - A message in Meta's shape.
 * @returns `undefined` if the check is complete, otherwise a promise.
 * @throws `InvalidMessageError` with field, rule and limit, immediately or as a rejection.
 */
export function checkMessage(message: OutgoingMessage): Promise<void> | undefined {
  if (!message.to && !message.recipient) throw new InvalidMessageError('to', 'is missing (or recipient, for a business-scoped user ID)');
  checkLength(message.biz_opaque_callback_data, 'biz_opaque_callback_data', callbackDataLimit);
  if (message.context && !message.context.message_id) throw new InvalidMessageError('context.message_id', 'is missing');
  switch (message.type) {
    case undefined:
    case 'text': {
      // Callers without TypeScript may leave out any member.
      const body: unknown = (message as Partial<typeof message>).text?.body;
      if (typeof body !== 'string' && body !== undefined && body !== null) {
        throw new InvalidMessageError('text.body', `must be a string, but is ${typeOf(body)}`);
      }
      if (!body) throw new InvalidMessageError('text.body', 'is missing or empty');
      checkLength(body, 'text.body', textLimit);
      return undefined;
    }
    case 'interactive':
      return import('./checks/check-interactive.js').then(({ checkInteractive }) => {
        checkInteractive(message);
      });
    case 'template':
      return import('./checks/check-template.js').then(({ checkTemplate }) => {
        checkTemplate(message);
      });
    default:
      return import('./checks/check-content.js').then(({ checkContent }) => {
        checkContent(message);
      });
  }
}

function checkLength(text: string | undefined, field: string, most: number): void {
  // The number of characters is never higher than the number of UTF-16 units.
  if (text === undefined || text.length <= most) return;
  const { length } = Array.from(text);
  if (length > most) throw new InvalidMessageError(field, `has ${String(length)} characters, but Meta allows ${String(most)}`, most);
}
