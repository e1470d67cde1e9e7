import type { AccountErrorEvent, EventBase } from '../events/base.js';
import type { EchoMessage, MessageContent } from '../events/message-content.js';
import { personOf } from '../parsing/event-people.js';
import { readErrors } from '../parsing/read-errors.js';
import { readLive } from '../parsing/read-message.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** Your team sent a message in the Business app or on a supported companion device. Never a message from a customer. */
export interface EchoEvent extends EventBase<'echo', 'smb_message_echoes'> {
  readonly message: EchoMessage;
}

/** Your team edited a message in the Business app. */
export interface EchoEditEvent extends EventBase<'echo.edit', 'smb_message_echoes'> {
  /** The wamid of the edit. */
  readonly messageId: string;
  /** The wamid of the edited message. */
  readonly originalMessageId: string;
  /** The new content. */
  readonly message: MessageContent;
}

/** Your team deleted a message in the Business app. */
export interface EchoRevokeEvent extends EventBase<'echo.revoke', 'smb_message_echoes'> {
  /** The wamid of the deletion. */
  readonly messageId: string;
  /** The wamid of the deleted message. */
  readonly originalMessageId: string;
}

type EchoesEvent = EchoEvent | EchoEditEvent | EchoRevokeEvent | AccountErrorEvent;
type EchoesList = 'message_echoes' | 'smb_message_echoes' | 'messages' | 'errors';

/**
 * The field `smb_message_echoes`: the team's actions in the Business app. Every item is an echo, in either list, and
 * never a message of a customer.
 */
export const echoes: WebhookField<EchoesEvent, EchoesList> = {
  lists: { message_echoes: {}, smb_message_echoes: {}, messages: {}, errors: {} },
  read(scope) {
    for (const name of ['message_echoes', 'smb_message_echoes', 'messages'] as const) {
      for (const raw of scope.take(name)) readLive<'echo'>(scope, raw, 'echo', personOf(scope, raw, 'to'));
    }
    readErrors(scope);
  },
};
