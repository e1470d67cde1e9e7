import type { FakeHandoverOptions } from './fake-thread.js';
import type { FakeTypedContent } from './fake-content.js';
import { timestamp } from './chats.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';

/** The `value` of a change. */
export type WebhookValue = Readonly<Record<string, unknown>>;

/** One change, as it becomes an element of `entry[].changes[]`. */
export interface Change {
  /** The WABA, or the portfolio where Meta puts that. */
  readonly entryId: string;
  readonly field: string;
  readonly value: WebhookValue;
  /** Unix seconds, where Meta writes a time. */
  readonly time?: number;
  /** The WABA whose subscription decides, where `entryId` is another's. */
  readonly wabaId?: string;
  /** A callback in the place of the app's. */
  readonly callbackUrl?: string;
}

/** An element of `entry`. */
export interface WebhookEntry {
  readonly id: string;
  /** Unix seconds; Meta writes none on messages. */
  readonly time?: number;
  readonly changes: readonly { readonly value: Readonly<Record<string, unknown>>; readonly field: string }[];
}

/** The facts about the business number of a webhook. */
export type NumberFacts = Pick<BusinessNumber, 'id' | 'waId'>;

/** What is needed of the person that a webhook is about. */
export type PersonFacts = Pick<Person, 'waId' | 'userId' | 'parentUserId' | 'name' | 'username' | 'hidesNumber'>;

/** Puts changes of the same WABA and time into one entry, as Meta does when it batches. */
export function entriesOf(changes: readonly Change[]): readonly WebhookEntry[] {
  const entries = new Map<string, WebhookEntry & { readonly changes: WebhookEntry['changes'][number][] }>();
  for (const { entryId, time, field, value } of changes) {
    const key = `${entryId} ${String(time)}`;
    const entry = entries.get(key) ?? { id: entryId, ...(time !== undefined && { time }), changes: [] };
    entry.changes.push({ value, field });
    entries.set(key, entry);
  }
  return [...entries.values()];
}

/** What `messages`, `history`, `smb_message_echoes` and `smb_app_state_sync` begin with. */
export function head(number: NumberFacts): WebhookValue {
  return { messaging_product: 'whatsapp', metadata: { display_phone_number: number.waId, phone_number_id: number.id } };
}

/** An element of `contacts`. */
export function contactEntry(person: PersonFacts): WebhookValue {
  return {
    profile: { name: person.name, ...(person.username !== undefined && { username: person.username }) },
    ...(!person.hidesNumber && { wa_id: person.waId }),
    user_id: person.userId,
    ...(person.parentUserId !== undefined && { parent_user_id: person.parentUserId }),
  };
}

/** A message of a customer, as in `messages`. */
export function incomingMessage(person: PersonFacts, id: string, atMs: number, content: WebhookValue): WebhookValue {
  return {
    ...(!person.hidesNumber && { from: person.waId }),
    from_user_id: person.userId,
    ...(person.parentUserId !== undefined && { from_parent_user_id: person.parentUserId }),
    id,
    timestamp: timestamp(atMs),
    ...content,
  };
}

/** A message typed in the app, as in `message_echoes`. */
export function echoMessage(number: NumberFacts, person: PersonFacts, id: string, atMs: number, content: WebhookValue): WebhookValue {
  return {
    from: number.waId,
    ...(!person.hidesNumber && { to: person.waId }),
    to_user_id: person.userId,
    ...(person.parentUserId !== undefined && { to_parent_user_id: person.parentUserId }),
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
export function messagesValue(number: NumberFacts, person: PersonFacts, message: WebhookValue): WebhookValue {
  return { ...head(number), contacts: [contactEntry(person)], messages: [message] };
}

/** Value of `smb_message_echoes` with one echo. */
export function echoesValue(number: NumberFacts, person: PersonFacts, echo: WebhookValue): WebhookValue {
  return { ...head(number), contacts: [contactEntry(person)], message_echoes: [echo] };
}

/** Value of `messaging_handovers`: it names roles, never other apps. */
export function handoverValue(
  number: NumberFacts,
  person: PersonFacts,
  change: FakeHandoverOptions & {
    readonly type: 'control_passed' | 'control_taken';
    readonly previous: string | undefined;
    readonly owner: string;
    readonly atMs: number;
  },
): WebhookValue {
  const { type, previous, owner, atMs, metadata, summary } = change;
  return {
    messaging_product: 'whatsapp',
    recipient: { display_phone_number: number.waId, phone_number_id: number.id },
    sender: { ...(!person.hidesNumber && { phone_number: person.waId }), user_id: person.userId },
    type,
    timestamp: timestamp(atMs),
    [type]: {
      ...(previous !== undefined && { previous_owner_role: previous }),
      new_owner_role: owner,
      ...(metadata !== undefined && { metadata }),
      ...(summary !== undefined && { conversation_context: { type: 'summary', summary: { text: summary } } }),
    },
  };
}

/** Value of `standby`: what happens in a thread that another responder owns. */
export function standbyValue(number: NumberFacts, person: PersonFacts, items: WebhookValue): WebhookValue {
  return { ...head(number), standby: { contacts: [contactEntry(person)], ...items } };
}

/** An element of `threads`. */
export function historyThread(person: PersonFacts, messages: readonly WebhookValue[]): WebhookValue {
  return {
    ...(!person.hidesNumber && { id: person.waId }),
    context: {
      ...(!person.hidesNumber && { wa_id: person.waId }),
      user_id: person.userId,
      ...(person.parentUserId !== undefined && { parent_user_id: person.parentUserId }),
      ...(person.username !== undefined && { username: person.username }),
    },
    messages,
  };
}

/** A message of the past. `to` is missing where the business wrote, as in Meta's own examples. */
export function pastMessage(
  number: NumberFacts,
  person: PersonFacts,
  { id, atMs, content, sender, status }: Pick<ChatMessage, 'id' | 'atMs' | 'content' | 'sender'> & { readonly status: string },
): WebhookValue {
  const context = { history_context: { status } };
  return sender === 'customer'
    ? { ...incomingMessage(person, id, atMs, content), ...context }
    : { from: number.waId, id, timestamp: timestamp(atMs), ...content, ...context };
}

/** Value of `history` with the file of one placeholder: `messages` from customers, `message_echoes` from the business. */
export function historyMediaValue(
  number: NumberFacts,
  person: PersonFacts,
  { id, atMs, content, sender }: Pick<ChatMessage, 'id' | 'atMs' | 'content' | 'sender'>,
): WebhookValue {
  const { profile, ...contact } = contactEntry(person);
  return {
    ...head(number),
    // History holds no profile names.
    contacts: [{ ...(person.username !== undefined && { profile: { username: person.username } }), ...contact }],
    ...(sender === 'customer'
      ? { messages: [incomingMessage(person, id, atMs, content)] }
      : { message_echoes: [echoMessage(number, person, id, atMs, content)] }),
  };
}

/** The word that the business does not share its history (2593109). */
export function declinedError(): WebhookValue {
  const title = 'History sync is turned off by the business from the WhatsApp Business App';
  return { code: 2593109, title, message: title, error_data: { details: 'History sharing is turned off by the business' } };
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

/** A message of a type that Meta doesn't deliver (131051). */
export function unsupportedContent(type: string): WebhookValue {
  const title = 'Message type unknown';
  return {
    type: 'unsupported',
    unsupported: { type },
    errors: [{ code: 131051, title, message: title, error_data: { details: 'Message type is currently not supported.' } }],
  };
}
