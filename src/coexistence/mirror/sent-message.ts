import type { AnyMessage, OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { MessageEnvelope } from '../../messages/outgoing/envelope.js';
import type { SentMessage } from '../../messages/send-message.js';

/** The content of a sent message, discriminated by `type`. */
export type SentContent<Message extends AnyMessage = AnyMessage> = Message extends AnyMessage
  ? Omit<Message, keyof MessageEnvelope | 'type'> & { readonly type: NonNullable<Message['type']> }
  : never;

/** A sent message that Meta accepted, from {@link sentMessage}. */
export interface SentThroughApi {
  readonly type: 'sent';
  /** ID of the number that sent the message. */
  readonly phoneNumberId: string;
  readonly message: OutgoingMessage;
  /** Meta's response. */
  readonly response: SentMessage;
  readonly sentAt: Date;
}

/**
 * Creates a conversation event from a message that you sent. Pass the result of `sendMessage`, or the sender's `sent`
 * event. Without it, the conversation learns about the message only from its statuses, which don't contain the content.
 * Pass the event to {@link conversationChanges} or to a mirror.
 *
 * @param sent - The number, the message, Meta's response, and the time.
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { sentMessage } from 'wa-coexist/coexistence';
 * import { sqliteMirror } from 'wa-coexist/sqlite';
 *
 * const mirror = sqliteMirror('conversations.db');
 * const phoneNumberId = '106540352242922';
 * const client = createClient({ accessToken: 'token', phoneNumberId });
 * const sender = createSender({ client, throughput: 'coexistence' });
 * sender.on('sent', (sent) => void mirror.handle(sentMessage(sent)));
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
  /** Time of the send. The sender's `sent` event contains it. @defaultValue now */
  readonly sentAt?: Date;
}): SentThroughApi {
  return { type: 'sent', phoneNumberId, message, response, sentAt };
}
