import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import type { ContactEvent } from '../../webhooks/fields/contacts.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { PersonIds } from '../../identity/person.js';
import { normalizePhoneNumber } from '../../identity/phone-number.js';
import type { IdentityRegister } from '../../identity/register.js';
import { defined } from '../../runtime/json.js';
import { personRecords, type PersonRecords } from '../person-records.js';
import { contactChange, contactOf, mergeContacts, type ContactUpdate, type ContactState } from './contact-state.js';
import type { ContactChanged, ContactsModule, StoredContact } from './contacts.js';

/** Dependencies of {@link createContacts}. */
export interface ContactsDeps {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly clock: Clock;
  readonly emit: (changed: ContactChanged) => Promise<void>;
}

/** How long a removed contact is stored. Meta redelivers webhooks for 7 days. */
const tombstoneMs = 30 * 86_400_000;

/**
 * Creates the contacts module. It stores the state of each contact.
 *
 * @param deps - The store, the identity register, the clock and the event callback.
 */
export function createContacts(deps: ContactsDeps): {
  readonly module: ContactsModule;
  readonly observe: (event: WebhookEvent) => Promise<void>;
} {
  const { store, register, clock } = deps;
  const recordsOf = (phoneNumberId: string): PersonRecords<ContactState> =>
    personRecords({ store, register, phoneNumberId, kind: 'contact', merge: mergeContacts });

  const changed = async (event: ContactEvent, phoneNumberId: string): Promise<void> => {
    const news = newsOf(event, clock.now());
    const ids: PersonIds = { ...event.customer, ...idsOf(news) };
    const person = await register.learn(phoneNumberId, { type: 'same', ids, atMs: news.atMs });
    if (!person) return;
    const records = recordsOf(phoneNumberId);
    // Emit before the write, so that the event is emitted again if a listener fails.
    const before = await records.readPerson(person.id);
    const { state, change } = contactChange(before, news);
    const contact = contactOf(state) ?? contactOf(before);
    if (change && contact) await deps.emit({ phoneNumberId, change, contact: { ...contact, key: person.id } });
    await records.updatePerson(person.id, (standing) => {
      const next = contactChange(standing, news).state;
      return { state: next, result: undefined, ...(!next.naming.value.present && { ttlMs: tombstoneMs }) };
    });
  };

  const module: ContactsModule = {
    get: async (phoneNumberId, ids) => {
      const records = recordsOf(phoneNumberId);
      const person = await register.find(phoneNumberId, ids);
      const contact = person && contactOf(await records.readPerson(person.id));
      return contact && { ...contact, key: person.id };
    },
    async *list(phoneNumberId, { after } = {}): AsyncGenerator<StoredContact, void, undefined> {
      for await (const { personId, state } of recordsOf(phoneNumberId).list(after)) {
        const contact = contactOf(state);
        if (contact) yield { ...contact, key: personId };
      }
    },
  };
  return {
    module,
    observe: async (event) => {
      if (event.type === 'contact' && event.phoneNumberId !== undefined) await changed(event, event.phoneNumberId);
    },
  };
}

function newsOf({ action, contact, customer, occurredAt }: ContactEvent, nowMs: number): ContactUpdate {
  const { phone_number: number, user_id, parent_user_id: parent, username: name } = contact;
  const ids: PersonIds = { ...customer, ...defined({ waId: number, userId: user_id, parentUserId: parent, username: name }) };
  const { waId, userId, parentUserId, username } = ids;
  return {
    atMs: occurredAt?.getTime() ?? nowMs,
    removed: action === 'remove',
    fullName: contact.full_name,
    firstName: contact.first_name,
    waId: waId === undefined ? undefined : normalizePhoneNumber(waId),
    userId,
    parentUserId,
    username,
  };
}

function idsOf({ waId, userId, parentUserId, username }: ContactUpdate): PersonIds {
  return { waId, userId, parentUserId, username };
}
