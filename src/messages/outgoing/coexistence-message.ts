import type { CallPermissionInteractive, InteractiveMessage, VoiceCallInteractive } from './interactive.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { PinMessage } from './plain.js';

/** Envelope of a message to one person. Meta rejects group messages on a coexistence number. */
interface ToOnePerson {
  readonly recipient_type?: 'individual';
}

/** A message that a coexistence number can send. Group messages, pins and call messages are excluded. */
export type CoexistenceMessage =
  | (Exclude<OutgoingMessage, InteractiveMessage | PinMessage> & ToOnePerson)
  | (Omit<InteractiveMessage, 'interactive' | 'recipient_type'> &
      ToOnePerson & { readonly interactive: Exclude<InteractiveMessage['interactive'], CallPermissionInteractive | VoiceCallInteractive> });

/**
 * Messages that a client can send: a {@link CoexistenceMessage} if its `coexistence` has the literal type `true`,
 * otherwise any message.
 */
export type MessageFor<Coexistence extends boolean> = [Coexistence] extends [true] ? CoexistenceMessage : OutgoingMessage;
