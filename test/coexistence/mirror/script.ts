import fc from '../../fast-check.js';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import { sentMessage } from 'wa-coexist/coexistence';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';

export const phoneNumberId = '339900112233445';
const business = '15550100123';
const waba = '211987650043210';

/** The IDs of one person in different webhooks. */
export interface Person {
  readonly waId?: string;
  readonly userId?: string;
  readonly name?: string;
  readonly username?: string;
}
export const mara = { waId: '15550100987', userId: 'US.90000000000000000001', name: 'Mara', username: 'mara.reads' } satisfies Person;

type Json = Readonly<Record<string, unknown>>;

/** Returns the events of a value in one field, as Meta sends it. */
export function eventsOf(field: string, value: Json): readonly WebhookEvent[] {
  const metadata = { display_phone_number: business, phone_number_id: phoneNumberId };
  return parseWebhook({
    object: 'whatsapp_business_account',
    entry: [{ id: waba, changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }] }],
  });
}
function one(events: readonly WebhookEvent[]): WebhookEvent {
  const [event, ...others] = events;
  if (!event || others.length > 0) throw new Error(`Not one event: ${JSON.stringify(events)}`);
  return event;
}
const contactsOf = ({ waId, userId, name, username }: Person): Json => ({
  contacts: [
    { profile: { ...(name && { name }), ...(username && { username }) }, ...(waId && { wa_id: waId }), ...(userId && { user_id: userId }) },
  ],
});
const from = ({ waId, userId }: Person): Json => ({ ...(waId && { from: waId }), ...(userId && { from_user_id: userId }) });
const to = ({ waId, userId }: Person): Json => ({ from: business, ...(waId && { to: waId }), ...(userId && { to_user_id: userId }) });
const at = (second: number): string => String(1_795_000_000 + second);
export const timeAt = (second: number): Date => new Date((1_795_000_000 + second) * 1000);

export const textOf = (body: string): Json => ({ type: 'text', text: { body } });
export const imageOf = (id: string, caption?: string): Json => ({
  type: 'image',
  image: { id, mime_type: 'image/jpeg', ...(caption && { caption }) },
});
export const placeholder: Json = { type: 'media_placeholder' };
export const stub: Json = { type: 'unsupported', errors: [{ code: 131060, title: 'This message is unavailable' }] };

/** A customer wrote, edited, deleted or reacted. */
export const message = (person: Person, id: string, second: number, content: Json): WebhookEvent =>
  one(eventsOf('messages', { ...contactsOf(person), messages: [{ ...from(person), id, timestamp: at(second), ...content }] }));
/** The team wrote, edited, deleted or reacted in the app. */
export const echo = (person: Person, id: string, second: number, content: Json): WebhookEvent =>
  one(
    eventsOf('smb_message_echoes', { ...contactsOf(person), message_echoes: [{ ...to(person), id, timestamp: at(second), ...content }] }),
  );
export const edit = (original: string, content: Json): Json => ({
  type: 'edit',
  edit: { original_message_id: original, message: { context: { id: 'M0' }, ...content } },
});
export const revoke = (original: string): Json => ({ type: 'revoke', revoke: { original_message_id: original } });
export const reaction = (target: string, emoji?: string): Json => ({
  type: 'reaction',
  reaction: { message_id: target, ...(emoji && { emoji }) },
});
export const status = (person: Person, id: string, second: number, word: string, more: Json = {}): WebhookEvent =>
  one(
    eventsOf('messages', {
      statuses: [
        {
          id,
          status: word,
          timestamp: at(second),
          ...(person.waId && { recipient_id: person.waId }),
          ...(person.userId && { recipient_user_id: person.userId }),
          ...more,
        },
      ],
    }),
  );
export const sent = (person: Person, id: string, second: number, content: Json): ConversationEvent =>
  sentMessage({
    phoneNumberId,
    // The tests write the format that Meta documents.
    message: { ...(person.waId ? { to: person.waId } : { recipient: person.userId }), ...content } as never,
    response: {
      messaging_product: 'whatsapp',
      contacts: [
        { input: person.waId ?? person.userId ?? '', ...(person.waId ? { wa_id: person.waId } : { user_id: person.userId ?? '' }) },
      ],
      messages: [{ id }],
    },
    sentAt: timeAt(second),
  });

export interface PastItem {
  readonly id: string;
  readonly second: number;
  readonly content: Json;
  readonly outbound?: boolean;
  readonly status?: string;
}
export const chunk = (person: Person, items: readonly PastItem[], order = 1): WebhookEvent =>
  one(
    eventsOf('history', {
      history: [
        {
          metadata: { phase: 0, chunk_order: order, progress: 50 },
          threads: [
            {
              ...(person.waId && { id: person.waId }),
              context: { ...(person.waId && { wa_id: person.waId }), ...(person.userId && { user_id: person.userId }) },
              messages: items.map(({ id, second, content, outbound = false, status: word = 'READ' }) => ({
                from: outbound ? business : person.waId,
                id,
                timestamp: at(second),
                ...content,
                history_context: { status: word },
              })),
            },
          ],
        },
      ],
    }),
  );
export const pastMedia = (person: Person, id: string, second: number, content: Json, outbound = false): WebhookEvent =>
  one(
    eventsOf('history', {
      ...contactsOf(person),
      ...(outbound
        ? { message_echoes: [{ ...to(person), id, timestamp: at(second), ...content }] }
        : { messages: [{ ...from(person), id, timestamp: at(second), ...content }] }),
    }),
  );
export const contact = (person: Person, second: number, name?: string): WebhookEvent =>
  one(
    eventsOf('smb_app_state_sync', {
      state_sync: [
        {
          type: 'contact',
          action: name === undefined ? 'remove' : 'add',
          contact: {
            ...(name && { full_name: name }),
            ...(person.waId && { phone_number: person.waId }),
            ...(person.userId && { user_id: person.userId }),
          },
          metadata: { timestamp: at(second) },
        },
      ],
    }),
  );
export const newUserId = (waId: string, previous: string, current: string, second: number): WebhookEvent =>
  one(eventsOf('user_id_update', { user_id_update: [{ wa_id: waId, user_id: { previous, current }, timestamp: at(second) }] }));
/** The older report of a new user ID, which names the person only by the number. */
export const newUserIdOfNumber = (waId: string, userId: string, second: number): WebhookEvent =>
  one(
    eventsOf('messages', {
      messages: [
        {
          from: waId,
          id: `wamid.SYSTEM${String(second)}${waId}`,
          timestamp: at(second),
          type: 'system',
          system: { type: 'user_changed_user_id', body: 'New ID', user_id: userId },
        },
      ],
    }),
  );

/** Generates events of two persons about few messages, so that they affect the same rows. */
export function anyEvents(): fc.Arbitrary<ConversationEvent[]> {
  const people = [mara, { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' }, { waId: '15550100989' }] as const;
  /** The person with the number, the user ID, or both. */
  const person = fc.tuple(fc.constantFrom(...people), fc.constantFrom('waId', 'userId', 'both')).map(([who, by]): Person => {
    const { waId, userId, ...rest } = who as Person;
    if (userId === undefined || by === 'waId') return { ...rest, ...(waId && { waId }) };
    return by === 'userId' ? { ...rest, userId } : who;
  });
  const id = fc.constantFrom('wamid.A', 'wamid.B', 'wamid.C', 'wamid.D');
  const second = fc.nat(9);
  const content = fc.constantFrom<Json>(
    textOf('Hello'),
    textOf('Hallo'),
    imageOf('1'),
    imageOf('2', 'Window'),
    stub,
    reaction('wamid.A', '👍'),
    reaction('wamid.A'),
    edit('wamid.B', textOf('Bye')),
    edit('wamid.B', imageOf('3', 'Door')),
    revoke('wamid.C'),
  );
  const past = fc.oneof(content, fc.constant(placeholder));
  const item = fc.record({
    id,
    second,
    content: past,
    outbound: fc.boolean(),
    status: fc.constantFrom('READ', 'SENT', 'ERROR', 'PENDING'),
  });
  const event: fc.Arbitrary<ConversationEvent> = fc.oneof(
    fc.tuple(person, id, second, content).map((args) => message(...args)),
    fc.tuple(person, id, second, content).map((args) => echo(...args)),
    fc.tuple(person, id, second, fc.constantFrom('sent', 'delivered', 'read', 'failed', 'new')).map((args) => status(...args)),
    fc
      .tuple(person, id, second, fc.constantFrom<Json>(textOf('Hello'), imageOf('9'), reaction('wamid.D', '🎉')))
      .map((args) => sent(...args)),
    fc.tuple(person, fc.array(item, { maxLength: 4 }), fc.nat(3)).map((args) => chunk(...args)),
    fc.tuple(person, id, second, fc.constantFrom(imageOf('4'), imageOf('5', 'Past')), fc.boolean()).map((args) => pastMedia(...args)),
    fc.tuple(person, second, fc.constantFrom('Mara', 'Mara L', undefined)).map((args) => contact(...args)),
    fc
      .tuple(
        fc.constantFrom('15550100987', '15550100988'),
        fc.constantFrom('US.1', 'US.90000000000000000001'),
        fc.constantFrom('US.1', 'US.90000000000000000002'),
        second,
      )
      .map((args) => newUserId(...args)),
  );
  return fc.array(event, { minLength: 1, maxLength: 10 });
}

/** Generates events, and the same events in another order with some duplicates. */
export function anyOrders(): fc.Arbitrary<[ConversationEvent[], ConversationEvent[]]> {
  return anyEvents().chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.subarray(events).chain((twice) => fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length })),
    ),
  );
}
