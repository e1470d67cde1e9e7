import type { FakeTypedContent } from './fake-content.js';
import { timestamp, type BusinessNumber, type Person } from './world.js';

/** The `value` of a change. */
export type WebhookValue = Readonly<Record<string, unknown>>;

/** What `messages`, `history`, `smb_message_echoes` and `smb_app_state_sync` begin with. */
export function head(number: BusinessNumber): WebhookValue {
  return { messaging_product: 'whatsapp', metadata: { display_phone_number: number.waId, phone_number_id: number.id } };
}

/** An element of `contacts`. */
export function contactEntry(person: Person): WebhookValue {
  return {
    profile: { name: person.name, ...(person.username !== undefined && { username: person.username }) },
    ...(!person.hidesNumber && { wa_id: person.waId }),
    user_id: person.userId,
  };
}

/** A message of a customer, as in `messages`. */
export function incomingMessage(person: Person, id: string, atMs: number, content: WebhookValue): WebhookValue {
  return {
    ...(!person.hidesNumber && { from: person.waId }),
    from_user_id: person.userId,
    id,
    timestamp: timestamp(atMs),
    ...content,
  };
}

/** A message typed in the app, as in `message_echoes`. */
export function echoMessage(number: BusinessNumber, person: Person, id: string, atMs: number, content: WebhookValue): WebhookValue {
  return {
    from: number.waId,
    ...(!person.hidesNumber && { to: person.waId }),
    to_user_id: person.userId,
    id,
    timestamp: timestamp(atMs),
    ...content,
  };
}

/** The content of an edit. `M0` is what Meta writes there. */
export function editContent(originalMessageId: string, content: FakeTypedContent): FakeTypedContent {
  return { type: 'edit', edit: { original_message_id: originalMessageId, message: { context: { id: 'M0' }, ...content } } };
}

/** The content of a deletion. */
export function revokeContent(originalMessageId: string): FakeTypedContent {
  return { type: 'revoke', revoke: { original_message_id: originalMessageId } };
}

/** Value of `messages` with one message. */
export function messagesValue(number: BusinessNumber, person: Person, message: WebhookValue): WebhookValue {
  return { ...head(number), contacts: [contactEntry(person)], messages: [message] };
}

/** Value of `smb_message_echoes` with one echo. */
export function echoesValue(number: BusinessNumber, person: Person, echo: WebhookValue): WebhookValue {
  return { ...head(number), contacts: [contactEntry(person)], message_echoes: [echo] };
}

/** What Meta delivers for a message that is not available on this device (131060). */
export function unavailableContent(): WebhookValue {
  const title = 'This message is unavailable.';
  return {
    type: 'unsupported',
    unsupported: { type: 'unknown' },
    errors: [{ code: 131060, title, message: title, error_data: { details: 'This message is currently unavailable.' } }],
  };
}

/** A message of a type that Meta does not hand over (131051). */
export function unsupportedContent(type: string): WebhookValue {
  const title = 'Message type unknown';
  return {
    type: 'unsupported',
    unsupported: { type },
    errors: [{ code: 131051, title, message: title, error_data: { details: 'Message type is currently not supported.' } }],
  };
}
