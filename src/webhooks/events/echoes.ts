import type { EventBase } from './base.js';
import type { EchoMessage, MessageContent } from './message-content.js';

/** Somebody wrote in the Business app or on a supported companion device. Never a message of a customer. */
export interface EchoEvent extends EventBase<'echo', 'smb_message_echoes'> {
  readonly message: EchoMessage;
}

/** Somebody edited a message in the Business app. */
export interface EchoEditEvent extends EventBase<'echo.edit', 'smb_message_echoes'> {
  /** The edit's own wamid. */
  readonly messageId: string;
  /** The wamid of the message that was edited. */
  readonly originalMessageId: string;
  /** What it says now. */
  readonly message: MessageContent;
}

/** Somebody deleted a message in the Business app. */
export interface EchoRevokeEvent extends EventBase<'echo.revoke', 'smb_message_echoes'> {
  /** The deletion's own wamid. */
  readonly messageId: string;
  /** The wamid of the message that was deleted. */
  readonly originalMessageId: string;
}
