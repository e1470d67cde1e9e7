import { normalizePhoneNumber } from '../../identity/phone-number-spellings.js';
import type { PersonIds } from '../../identity/person.js';
import { defined } from '../../runtime/json.js';
import type { ContactEvent } from '../../webhooks/fields/contacts.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, partsOfSubject, recordsPerPerson } from '../module.js';
import { personRecords, type PersonRecords } from '../person-records.js';
import type { Scope } from '../unit-of-work.js';
import {
  contactChange,
  contactOf,
  mergeContacts,
  type ContactChange,
  type ContactEntry,
  type ContactState,
  type ContactUpdate,
} from './contact-state.js';
import type { ContactsModule, StoredContact } from './contacts-module.js';

/** A change, and the contact after it. For a removed contact, its last values. */
type ContactFact = { readonly change: ContactChange; readonly contact: Omit<ContactEntry, 'changedAt'> & { readonly changedAtMs: number } };

const kind = 'contact';
/** How long a removed contact is stored. Meta redelivers webhooks for 7 days. */
const tombstoneMs = 30 * 86_400_000;

/**
 * Creates the contacts module. It stores the state of each contact.
 *
 * @param deps - What all modules share.
 */
export function createContacts({ clock, run, events }: ModuleContext): ModuleService<ContactsModule> {
  const recordsOf = ({ store, register }: Pick<Scope, 'store' | 'register'>, phoneNumberId: string): PersonRecords<ContactState> =>
    personRecords({ store, register, phoneNumberId, kind, merge: mergeContacts });
  const contacts = createModule<ContactState, ContactUpdate, ContactFact>(
    {
      kind,
      records: (scope) => recordsPerPerson(scope, kind, mergeContacts),
      reduce: (before, news) => {
        const { state, change } = contactChange(before, news);
        const contact = contactOf(state) ?? contactOf(before);
        return { state, facts: change && contact ? [{ change, contact: storedContact(contact) }] : [] };
      },
      ttlMs: ({ naming }) => (naming.value.present ? undefined : tombstoneMs),
      retry: 'redelivery',
      hasListeners: () => events.hasListeners('contact.changed'),
      emit: ({ change, contact: { changedAtMs, ...contact } }, subject) => {
        const { phoneNumberId, personId } = partsOfSubject(subject);
        return events.emit('contact.changed', {
          phoneNumberId,
          change,
          contact: { ...contact, changedAt: new Date(changedAtMs), key: personId },
        });
      },
    },
    run,
    clock,
  );

  return {
    module: {
      get: (phoneNumberId, ids) =>
        run(async (scope) => {
          const person = await scope.register.find(phoneNumberId, ids);
          const contact = person && contactOf(await recordsOf(scope, phoneNumberId).readPerson(person.id));
          return contact && { ...contact, key: person.id };
        }),
      async *list(phoneNumberId, { after } = {}): AsyncGenerator<StoredContact, void, undefined> {
        const records = await run((scope) => Promise.resolve(recordsOf(scope, phoneNumberId)));
        for await (const { personId, state } of records.list(after)) {
          const contact = contactOf(state);
          if (contact) yield { ...contact, key: personId };
        }
      },
    },
    observe: async (event, scope) => {
      if (event.type !== 'contact' || event.phoneNumberId === undefined) return;
      const news = newsOf(event, clock.now());
      const ids: PersonIds = { ...event.customer, ...idsOf(news) };
      const person = await scope.register.learn(event.phoneNumberId, { type: 'same', ids, atMs: news.atMs });
      if (person) await contacts.apply(scope, `${event.phoneNumberId}/${person.id}`, news);
    },
  };
}

function storedContact({ changedAt, ...contact }: ContactEntry): ContactFact['contact'] {
  return { ...contact, changedAtMs: changedAt.getTime() };
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
