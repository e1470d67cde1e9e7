import { isRecord } from '../../runtime/json.js';
import type { Customer, EventBase } from '../events/base.js';
import type { WebhookEvent, WebhookEventOf } from '../events/event.js';
import { fit, type Schema } from '../schemas/schema.js';
import { contentKeyOf, keyOf } from './event-key.js';
import { indexContacts, type ContactIndex } from './identity.js';
import { sharedMembers, type ListName } from './lists.js';
import { listOf, recordOf, textOf, timeOf } from './loose.js';

/** What an event of one type has beside what every event has. */
type Content<Type extends WebhookEvent['type']> = Omit<WebhookEventOf<Type>, keyof EventBase<string, string>>;

/** What a reader tells of an item beside its content. */
export interface ItemFacts {
  readonly customer?: Customer | undefined;
  /** The item's own time; where it is not named at all, the entry's time stands for it. */
  readonly occurredAt?: Date | undefined;
  /** What tells the item from every other of its type and number; where there is nothing of the kind, its digest and time do. */
  readonly ids?: readonly (string | undefined)[] | undefined;
}

/** One change of a delivery on its way to events: what its items share, and what became of them. */
export interface Scope {
  /** The inner object, as Meta sent it. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The business number, as Meta wrote it. */
  readonly displayPhoneNumber: string | undefined;
  /** Meta's time of the whole entry. */
  readonly sentAt: Date | undefined;
  /** The people of `contacts[]`. */
  contacts(): ContactIndex;
  /** The items of a list; they count as read, so that nobody reports them as left over. */
  take(name: ListName): readonly unknown[];
  /** The scope of an object inside the value that is built like a value; it counts as read. */
  inner(name: string): Scope | undefined;
  /** An item, or the part of it that is named first, as the schema's type; where it is not, the item becomes an event of type `unknown`. */
  fit<Value>(schema: Schema<Value>, part: unknown, raw?: unknown): Value | undefined;
  /** Adds an event. */
  emit<Type extends WebhookEvent['type']>(type: Type, raw: unknown, content: Content<Type>, facts?: ItemFacts): void;
  /** Adds an event of type `unknown` for each object or list of the value that nobody has read. */
  emitLeftovers(): void;
}

/** Where a change stands: in which entry, under which field, and which WABA and number it names. */
export interface Place {
  readonly field: string;
  readonly entryId: string | undefined;
  readonly sentAt: Date | undefined;
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
  readonly displayPhoneNumber: string | undefined;
}

type Writable<Members> = { -readonly [Name in keyof Members]: Members[Name] };

/** Makes the scope of one change; its events are added to `events`. */
export function scopeOf(place: Place, value: Readonly<Record<string, unknown>>, events: WebhookEvent[]): Scope {
  const { field, wabaId, phoneNumberId, displayPhoneNumber, sentAt } = place;
  const owner = phoneNumberId ?? place.entryId;
  // The scope itself holds what these say.
  const taken = new Set(sharedMembers);
  let contacts: ContactIndex | undefined;

  const emit: Scope['emit'] = (type, raw, content, facts = {}) => {
    const { customer, ids } = facts;
    const occurredAt = 'occurredAt' in facts ? facts.occurredAt : sentAt;
    // Member by member: to spread what may be absent takes five times as long.
    const key = ids ? keyOf(type, owner, ids) : contentKeyOf(type, owner, field, raw, occurredAt);
    const event: Writable<Omit<EventBase<string, string>, 'raw'>> = { type, field, key };
    if (wabaId !== undefined) event.wabaId = wabaId;
    if (phoneNumberId !== undefined) event.phoneNumberId = phoneNumberId;
    if (displayPhoneNumber !== undefined) event.displayPhoneNumber = displayPhoneNumber;
    if (customer) event.customer = customer;
    if (occurredAt) event.occurredAt = occurredAt;
    // Every member is there: what all events have is written above, the rest is the content of this very type.
    events.push({ ...event, ...content, raw } as unknown as WebhookEvent);
  };
  return {
    value,
    displayPhoneNumber,
    sentAt,
    contacts: () => (contacts ??= indexContacts(value.contacts)),
    take(name) {
      if (Array.isArray(value[name])) taken.add(name);
      return listOf(value[name]);
    },
    inner(name) {
      const part = value[name];
      if (!isRecord(part)) return undefined;
      taken.add(name);
      return scopeOf(place, part, events);
    },
    fit(schema, part, raw = part) {
      const fitted = fit(schema, part);
      if (fitted === undefined) emit('unknown', raw, {});
      return fitted;
    },
    emit,
    emitLeftovers() {
      for (const name of Object.keys(value)) {
        const part = value[name];
        if (typeof part === 'object' && part !== null && !taken.has(name)) emit('unknown', { [name]: part }, {});
      }
    },
  };
}

/** The place of a change: `waba_info.waba_id` goes before the entry's id, which may be a partner's business portfolio. */
export function placeOf(field: string, entry: Readonly<Record<string, unknown>>, value: Readonly<Record<string, unknown>>): Place {
  const metadata = recordOf(value.metadata);
  const recipient = recordOf(value.recipient);
  const entryId = textOf(entry.id);
  return {
    field,
    entryId,
    sentAt: timeOf(entry.time),
    wabaId: textOf(recordOf(value.waba_info).waba_id) ?? (field === 'partner_solutions' ? undefined : entryId),
    phoneNumberId: textOf(metadata.phone_number_id ?? recordOf(value.phone_number_settings).phone_number_id ?? recipient.phone_number_id),
    displayPhoneNumber: textOf(
      metadata.display_phone_number ?? value.display_phone_number ?? value.phone_number ?? recipient.display_phone_number,
    ),
  };
}
