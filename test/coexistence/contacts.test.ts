import fc from '../fast-check.js';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence } from 'wa-coexist';
import {
  contactChange,
  contactOf,
  mergeContacts,
  type ContactEntry,
  type ContactChanged,
  type ContactUpdate,
  type ContactState,
  type StoredContact,
} from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import type { WebhookEventOf } from 'wa-coexist/webhooks';
import { collect } from './collect.js';

const phoneNumberId = '339900000000001';
const mara = { waId: '15550100987', userId: 'US.90000000000000000001' };

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

function open(): { coexistence: Coexistence; changes: ContactChanged[]; all: () => Promise<StoredContact[]> } {
  const clock = fakeClock();
  const coexistence = createCoexistence({
    client: createClient({ clock }),
    store: memoryStore({ clock }),
    saveToken: () => undefined,
    sweepIntervalMs: false,
  });
  opened.push(coexistence);
  const changes: ContactChanged[] = [];
  coexistence.on('contact.changed', (change) => void changes.push(change));
  return { coexistence, changes, all: () => collect(coexistence.contacts.list(phoneNumberId)) };
}

type ContactEvent = WebhookEventOf<'contact'>;
type Ids = Pick<ContactEvent['contact'], 'phone_number' | 'user_id' | 'username'>;

function contactEvent(second: number, ids: Ids, name?: string): ContactEvent {
  return {
    type: 'contact',
    field: 'smb_app_state_sync',
    phoneNumberId,
    key: 'k',
    raw: {},
    occurredAt: new Date(1_795_300_000_000 + second * 1_000),
    action: name === undefined ? 'remove' : 'add',
    contact: { ...ids, ...(name !== undefined && { full_name: name, first_name: name.split(' ')[0] ?? name }) },
  };
}

describe('the pure functions of contacts', () => {
  const news = fc.record({
    atMs: fc.nat(5),
    removed: fc.boolean(),
    fullName: fc.constantFrom('Mara', 'Mara Lindqvist', undefined),
    waId: fc.constantFrom('15550100987', undefined),
    userId: fc.constantFrom('US.1', undefined),
    username: fc.constantFrom('mara.reads', 'mara', undefined),
  });
  const stateAfter = (list: readonly ContactUpdate[]): ContactState | undefined =>
    list.reduce<ContactState | undefined>((state, one) => contactChange(state, one).state, undefined);

  test('any order and any number of duplicates give the same contact', () => {
    fc.assert(
      fc.property(
        fc
          .array(news, { minLength: 1, maxLength: 8 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }))),
        ([list, mixed]) => {
          expect(stateAfter(mixed)).toEqual(stateAfter(list));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('contacts that were known under two IDs become one, in either direction', () => {
    const states = fc.array(news, { minLength: 1, maxLength: 4 }).map((list) => {
      const state = stateAfter(list);
      if (!state) throw new Error('a list of at least one gives a state');
      return state;
    });
    fc.assert(
      fc.property(states, states, states, (one, two, three) => {
        expect(mergeContacts(one, two)).toEqual(mergeContacts(two, one));
        expect(mergeContacts(mergeContacts(one, two), three)).toEqual(mergeContacts(one, mergeContacts(two, three)));
        expect(mergeContacts(one, one)).toEqual(one);
      }),
    );
  });

  test('report what changed', () => {
    const added = contactChange(undefined, { atMs: 2, removed: false, fullName: 'Mara', ...mara });
    expect(added.change).toBe('added');
    expect(contactChange(added.state, { atMs: 3, removed: false, fullName: 'Mara', ...mara }).change).toBeUndefined();
    expect(contactChange(added.state, { atMs: 3, removed: false, fullName: 'Mara L.', ...mara }).change).toBe('edited');
    expect(contactChange(added.state, { atMs: 1, removed: true, ...mara }).change).toBeUndefined();
    const removed = contactChange(added.state, { atMs: 3, removed: true, ...mara });
    expect(removed.change).toBe('removed');
    expect(contactOf(removed.state)).toBeUndefined();
    expect(contactChange(removed.state, { atMs: 2, removed: false, fullName: 'Mara', ...mara }).change).toBeUndefined();
    // Some phones edit a contact by removing and adding it within a second.
    expect(contactChange(removed.state, { atMs: 3, removed: false, fullName: 'Mara', ...mara }).change).toBe('added');
  });
});

describe('contacts', () => {
  test('are added, edited and removed, and found by any ID', async () => {
    const { coexistence, changes, all } = open();
    await coexistence.handle(contactEvent(1, { phone_number: mara.waId, user_id: mara.userId, username: 'mara.reads' }, 'Mara Lindqvist'));
    await coexistence.handle(contactEvent(2, { phone_number: '+1 555-010-0987' }, 'Mara L'));
    const known: Partial<ContactEntry> = { fullName: 'Mara L', firstName: 'Mara', ...mara, username: 'mara.reads' };
    expect(await all()).toMatchObject([known]);
    expect(await coexistence.contacts.get(phoneNumberId, { waId: '+1 (555) 010-0987' })).toMatchObject(known);
    expect(await coexistence.contacts.get(phoneNumberId, { userId: mara.userId })).toMatchObject(known);
    expect(await coexistence.contacts.get('another number', mara)).toBeUndefined();
    await coexistence.handle(contactEvent(3, { user_id: mara.userId }));
    await coexistence.handle(contactEvent(2, { phone_number: mara.waId }, 'Mara, late'));
    expect(await all()).toEqual([]);
    expect(changes.map(({ change, contact }) => [change, contact.fullName])).toEqual([
      ['added', 'Mara Lindqvist'],
      ['edited', 'Mara L'],
      ['removed', 'Mara L'],
    ]);
  });

  test('without a number are stored by user ID, and joined when the number arrives', async () => {
    const { coexistence, all } = open();
    await coexistence.handle(contactEvent(1, { user_id: mara.userId, username: 'mara.reads' }, 'Mara'));
    expect(await all()).toMatchObject([{ fullName: 'Mara', userId: mara.userId }]);
    await coexistence.handle(contactEvent(2, { phone_number: mara.waId }, 'Mara of the shop'));
    expect(await all()).toHaveLength(2);
    await coexistence.handle(contactEvent(3, { phone_number: mara.waId, user_id: mara.userId }, 'Mara Lindqvist'));
    expect(await all()).toMatchObject([{ fullName: 'Mara Lindqvist', ...mara, username: 'mara.reads' }]);
    await coexistence.handle(contactEvent(4, { user_id: mara.userId }, 'M. Lindqvist'));
    expect(await all()).toMatchObject([{ fullName: 'M. Lindqvist', waId: mara.waId }]);
  });

  test('end in the same state for any order of events with any of the IDs', async () => {
    const ids = fc.constantFrom<Ids>(
      { phone_number: mara.waId },
      { user_id: mara.userId },
      { phone_number: mara.waId, user_id: mara.userId },
    );
    const events = fc.array(fc.tuple(fc.nat(9), ids, fc.constantFrom('Mara', 'Mara L', undefined)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        events.chain((list) => {
          const both = [5, { phone_number: mara.waId, user_id: mara.userId }, 'Mara Lindqvist'] as const;
          const all = [...list, both];
          return fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }));
        }),
        async ([list, mixed]) => {
          const [straight, shuffled] = [open(), open()];
          for (const [second, who, name] of list) await straight.coexistence.handle(contactEvent(second, who, name));
          for (const [second, who, name] of mixed) await shuffled.coexistence.handle(contactEvent(second, who, name));
          const withoutKey = (contacts: readonly StoredContact[]): readonly object[] =>
            contacts.map((contact) => ({ ...contact, key: '' }));
          expect(withoutKey(await shuffled.all())).toEqual(withoutKey(await straight.all()));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('with and without the ninth digit of Brazil are one person, and a landline is another one', async () => {
    const { coexistence, all } = open();
    await coexistence.handle(contactEvent(1, { phone_number: '5511987654321' }, 'Ana'));
    await coexistence.handle(contactEvent(2, { phone_number: '551187654321' }, 'Ana Souza'));
    await coexistence.handle(contactEvent(3, { phone_number: '551132654321' }, 'Padaria'));
    expect((await all()).map(({ fullName }) => fullName).sort()).toEqual(['Ana Souza', 'Padaria']);
  });

  test('are listed in pages that continue after a key', async () => {
    const { coexistence } = open();
    for (let index = 0; index < 450; index += 1) {
      await coexistence.handle(
        contactEvent(1, { phone_number: `1555010${String(1000 + index)}`, user_id: `US.${String(index)}` }, `Contact ${String(index)}`),
      );
    }
    const keys: string[] = [];
    for await (const { key } of coexistence.contacts.list(phoneNumberId)) keys.push(key);
    expect(keys).toHaveLength(450);
    expect(new Set(keys).size).toBe(450);
    const rest: string[] = [];
    for await (const { key } of coexistence.contacts.list(phoneNumberId, { after: keys[9] ?? '' })) rest.push(key);
    expect(rest).toEqual(keys.slice(10));
  });

  test('are emitted again if a handler fails', async () => {
    const { coexistence, all } = open();
    let told = 0;
    coexistence.on('contact.changed', () => {
      told += 1;
      if (told === 1) throw new Error('the database is away');
    });
    const event = contactEvent(1, { phone_number: mara.waId }, 'Mara');
    await expect(coexistence.handle(event)).rejects.toThrow('the database is away');
    await coexistence.handle(event);
    expect(told).toBe(2);
    expect(await all()).toHaveLength(1);
  });

  test('without a usable ID are ignored, and hostile IDs are harmless', async () => {
    const { coexistence, all } = open();
    await coexistence.handle(contactEvent(1, {}, 'Nobody'));
    await coexistence.handle(contactEvent(1, { phone_number: 'none' }, 'Nobody'));
    for (const userId of ['../../etc', 'US.\ud800', '__proto__', 'x'.repeat(5_000), `${'x'.repeat(4_999)}y`]) {
      await coexistence.handle(contactEvent(1, { user_id: userId }, userId.slice(0, 3)));
    }
    expect(await all()).toHaveLength(5);
  });
});
