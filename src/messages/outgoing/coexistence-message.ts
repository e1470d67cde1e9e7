import type { CallPermissionInteractive, InteractiveMessage, VoiceCallInteractive } from './interactive.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { PinMessage } from './plain.js';

/** An envelope to one person: Meta rejects groups on a coexistence number. */
interface ToOnePerson {
  readonly recipient_type?: 'individual';
}

/** A message that a number which is also on the WhatsApp Business app can send: not to a group, no pin, no call. */
export type CoexistenceMessage =
  | (Exclude<OutgoingMessage, InteractiveMessage | PinMessage> & ToOnePerson)
  | (Omit<InteractiveMessage, 'interactive' | 'recipient_type'> &
      ToOnePerson & { readonly interactive: Exclude<InteractiveMessage['interactive'], CallPermissionInteractive | VoiceCallInteractive> });

/** What a client can send: a {@link CoexistenceMessage} if its `coexistence` is literally `true`, otherwise any message. */
export type MessageFor<Coexistence extends boolean> = [Coexistence] extends [true] ? CoexistenceMessage : OutgoingMessage;
