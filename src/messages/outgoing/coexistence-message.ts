import type { CallPermissionInteractive, InteractiveMessage, VoiceCallInteractive } from './interactive.js';
import type { MessageRecipient } from '../../identity/recipient.js';
import type { AnyMessage, OutgoingMessage } from './outgoing-message.js';
import type { PinMessage } from './plain.js';

/** Envelope of a message to one person. Meta rejects group messages on a coexistence number. */
interface ToOnePerson {
  readonly recipient_type?: 'individual';
}

/** A message that a coexistence number can send, with or without a recipient. */
export type AnyCoexistenceMessage =
  | (Exclude<AnyMessage, InteractiveMessage | PinMessage> & ToOnePerson)
  | (Omit<InteractiveMessage, 'interactive' | 'recipient_type'> &
      ToOnePerson & { readonly interactive: Exclude<InteractiveMessage['interactive'], CallPermissionInteractive | VoiceCallInteractive> });

/**
 * A message that a coexistence number can send. It requires `to` or `recipient`. Group messages, pins and call messages
 * are excluded.
 */
export type CoexistenceMessage = AnyCoexistenceMessage & MessageRecipient;

/**
 * Messages that a client can send: a {@link CoexistenceMessage} if its `coexistence` has the literal type `true`,
 * otherwise any message.
 */
export type MessageFor<Coexistence extends boolean> = [Coexistence] extends [true] ? CoexistenceMessage : OutgoingMessage;

/** The messages of {@link MessageFor}, with or without a recipient. */
export type ContentFor<Coexistence extends boolean> = [Coexistence] extends [true] ? AnyCoexistenceMessage : AnyMessage;
