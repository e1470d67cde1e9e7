import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { MessageEnvelope } from '../../messages/outgoing/envelope.js';
import type { SentMessage } from '../../messages/send-message.js';

/** The content of a message as it was sent through the API, discriminated by `type`. */
export type SentContent<Message extends OutgoingMessage = OutgoingMessage> = Message extends OutgoingMessage
  ? Omit<Message, keyof MessageEnvelope | 'type'> & { readonly type: NonNullable<Message['type']> }
  : never;

/** A message of one's own that Meta accepted. Made by {@link sentMessage}. */
export interface SentThroughApi {
  readonly type: 'sent';
  /** Graph id of the number that it went out from. */
  readonly phoneNumberId: string;
  readonly message: OutgoingMessage;
  /** Meta's answer. */
  readonly response: SentMessage;
  readonly sentAt: Date;
}

/**
 * Tells the conversation of a message of one's own, as soon as Meta accepted it: what `sendMessage` answered, or what the sender's event
 * `sent` holds. Without it the conversation learns of the message from its status webhooks, and never what it said.
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { sentMessage } from 'wa-coexist/coexistence';
 * import { sqliteMirror } from 'wa-coexist/sqlite';
 *
 * const mirror = sqliteMirror('conversations.db');
 * const phoneNumberId = '106540352242922';
 * const sender = createSender({ client: createClient({ accessToken: 'token', phoneNumberId }), throughput: 'coexistence' });
 * sender.on('sent', (sent) => void mirror.handle(sentMessage({ ...sent, phoneNumberId })));
 * ```
 */
export function sentMessage({
  phoneNumberId,
  message,
  response,
  sentAt = new Date(),
}: {
  readonly phoneNumberId: string;
  readonly message: OutgoingMessage;
  readonly response: SentMessage;
  /** @defaultValue now */
  readonly sentAt?: Date;
}): SentThroughApi {
  return { type: 'sent', phoneNumberId, message, response, sentAt };
}
