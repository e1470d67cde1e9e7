import { typeOf } from '../errors/check-options.js';
import { InvalidMessageError } from '../errors/usage-errors.js';
import { ruleOn, type PolicyRule } from '../policy/rule.js';
import { callbackDataRows, textLimitRows } from '../policy/text-limits.js';
import { isoDay } from '../runtime/calendar.js';
import type { AnyMessage } from './outgoing/outgoing-message.js';

/**
 * Checks a message against Meta's published limits, before a request is sent. It doesn't check the format of a phone
 * number, because formats vary by country. {@link sendMessage} calls it unless `validate` is `false`.
 *
 * Texts are checked synchronously. The checks of other types are loaded on first use, so programs that only send texts
 * don't bundle them.
 *
 * @param message - A message in Meta's shape.
 * @param nowMs - The time whose rules apply, in milliseconds since the Unix epoch.
 * @returns `undefined` if the check is complete, otherwise a promise.
 * @throws `InvalidMessageError` with field, rule and limit, synchronously or as a rejection.
 */
export function checkMessage(message: AnyMessage, nowMs: number = Date.now()): Promise<void> | undefined {
  const day = isoDay(nowMs);
  if (!message.to && !message.recipient) throw new InvalidMessageError('to', 'is missing (or recipient, for a business-scoped user ID)');
  // A recipient of only letters is a name. Meta's placeholders, such as PHONE_NUMBER, contain other characters.
  if (message.recipient_type !== 'group' && /^[\p{L}\s]+$/u.test(message.to ?? '')) {
    throw new InvalidMessageError('to', 'must be a phone number with its country code, in digits 0 to 9');
  }
  checkLength(message.biz_opaque_callback_data, 'biz_opaque_callback_data', callbackDataRows, day);
  if (message.context && !message.context.message_id) throw new InvalidMessageError('context.message_id', 'is missing');
  switch (message.type) {
    case undefined:
    case 'text': {
      // Callers without TypeScript may omit any member.
      const body: unknown = (message as Partial<typeof message>).text?.body;
      if (typeof body !== 'string' && body !== undefined && body !== null) {
        throw new InvalidMessageError('text.body', `must be a string, but is ${typeOf(body)}`);
      }
      if (!body) throw new InvalidMessageError('text.body', 'is missing or empty');
      checkLength(body, 'text.body', textLimitRows, day);
      return undefined;
    }
    case 'interactive':
      return import('./checks/check-interactive.js').then(({ checkInteractive }) => {
        checkInteractive(message, day);
      });
    case 'template':
      return import('./checks/check-template.js').then(({ checkTemplate }) => {
        checkTemplate(message, day);
      });
    default:
      return import('./checks/check-content.js').then(({ checkContent }) => {
        checkContent(message);
      });
  }
}

function checkLength(text: string | undefined, field: string, rows: readonly PolicyRule<number>[], day: string): void {
  const most = ruleOn(rows, day)?.value ?? Infinity;
  // The number of characters is never higher than the number of UTF-16 units.
  if (text === undefined || text.length <= most) return;
  const { length } = Array.from(text);
  if (length > most) throw new InvalidMessageError(field, `has ${String(length)} characters, but Meta allows ${String(most)}`, most);
}
