import { isRecord } from '../../runtime/json.js';
import type { Customer, EventBase } from '../events/base.js';
import { contentKeyOf, digestOf, keyOf } from './event-key.js';
import { listOf, recordOf, textOf, timeOf } from './loose.js';
import { indexContacts, type ContactIndex } from './event-people.js';
import { fit, type Schema } from './schema.js';

/** Members of a value that all of its items share. They aren't items. */
export const sharedMembers: readonly string[] = ['metadata', 'contacts', 'waba_info', 'recipient', 'phone_number_settings'];

type AnyEvent = EventBase<string, string>;

/** Type, item and content of an event: its members besides those that every event has. */
type EmitArguments<Event extends AnyEvent> = Event extends unknown
  ? [type: Event['type'], raw: unknown, content: Omit<Event, keyof AnyEvent>, facts?: ItemFacts]
  : never;

/** Facts about an item besides its content. */
export interface ItemFacts {
  readonly customer?: Customer | undefined;
  /** The time of the item. If a reader doesn't set this member, the time of the entry is used. */
  readonly occurredAt?: Date | undefined;
  /** IDs that distinguish the item from all others of its type and number. Without them, its digest and time distinguish it. */
  readonly ids?: readonly (string | undefined)[] | undefined;
}

/** The origin of a change: its entry, field, WABA and number. */
export interface ChangeOrigin {
  readonly field: string;
  readonly entryId: string | undefined;
  /** Meta's time of the whole entry. */
  readonly sentAt: Date | undefined;
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
  /** The business number, as Meta wrote it. */
  readonly displayPhoneNumber: string | undefined;
}

/** One change of a delivery while it is read into events of the given types. */
export interface Scope<Event extends AnyEvent = never, List extends string = never> extends ChangeOrigin {
  /** The value of the change, as Meta sent it. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The people of `contacts[]`. */
  readonly contacts: () => ContactIndex;
  /** Returns the items of a list, and marks the list as read. */
  readonly take: (name: List) => readonly unknown[];
  /** Returns the scope of an object inside the value that has the shape of a value, and marks the object as read. */
  readonly inner: (name: string) => Scope<Event, List> | undefined;
  /** Checks an item, or a part of it, with a schema. If it doesn't match, emits the item as an event of type `unknown` and returns `undefined`. */
  readonly fit: <Value>(schema: Schema<Value>, part: unknown, raw?: unknown) => Value | undefined;
  /** A digest that identifies long content. */
  readonly digest: (value: unknown) => string;
  /** Adds an event. */
  readonly emit: (...event: EmitArguments<Event>) => void;
  /** Adds an event of type `unknown` for each object or list of the value that wasn't read. */
  readonly emitLeftovers: () => void;
}

type Writable<Members> = { -readonly [Name in keyof Members]: Members[Name] };

/** Creates the scope of one change, which adds its events to `events`. */
export function createScope(origin: ChangeOrigin, value: Readonly<Record<string, unknown>>, events: AnyEvent[]): Scope<AnyEvent, string> {
  const { field, wabaId, phoneNumberId, displayPhoneNumber, sentAt } = origin;
  const owner = phoneNumberId ?? origin.entryId;
  // The members of the origin contain these.
  const taken = new Set(sharedMembers);
  let contacts: ContactIndex | undefined;

  const emit: Scope<AnyEvent>['emit'] = (type, raw, content, facts = {}) => {
    const { customer, ids } = facts;
    const occurredAt = 'occurredAt' in facts ? facts.occurredAt : sentAt;
    // Spreading optional members would take five times as long.
    const key = ids ? keyOf(type, owner, ids) : contentKeyOf(type, owner, field, raw, occurredAt);
    const event: Writable<Omit<AnyEvent, 'raw'>> = { type, field, key };
    if (wabaId !== undefined) event.wabaId = wabaId;
    if (phoneNumberId !== undefined) event.phoneNumberId = phoneNumberId;
    if (displayPhoneNumber !== undefined) event.displayPhoneNumber = displayPhoneNumber;
    if (customer) event.customer = customer;
    if (occurredAt) event.occurredAt = occurredAt;
    events.push({ ...event, ...content, raw });
  };
  return {
    ...origin,
    value,
    contacts: () => (contacts ??= indexContacts(value.contacts)),
    take(name) {
      if (Array.isArray(value[name])) taken.add(name);
      return listOf(value[name]);
    },
    inner(name) {
      const part = value[name];
      if (!isRecord(part)) return undefined;
      taken.add(name);
      return createScope(origin, part, events);
    },
    fit(schema, part, raw = part) {
      const fitted = fit(schema, part);
      if (fitted === undefined) emit('unknown', raw, {});
      return fitted;
    },
    digest: digestOf,
    emit,
    emitLeftovers() {
      for (const name of Object.keys(value)) {
        const part = value[name];
        if (typeof part === 'object' && part !== null && !taken.has(name)) emit('unknown', { [name]: part }, {});
      }
    },
  };
}

/** Finds the origin of a change. `waba_info.waba_id` has priority over the ID of the entry, which may be a partner's business portfolio. */
export function originOf(field: string, entry: Readonly<Record<string, unknown>>, value: Readonly<Record<string, unknown>>): ChangeOrigin {
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
