import { describe, expect, test } from 'vitest';
import { parseWebhook, type WebhookEvent, type WebhookEventOf } from 'wa-coexist/webhooks';
import {
  business,
  contacts,
  customer,
  delivery,
  echoes,
  messages,
  metadata,
  phoneNumberId,
  shared,
  statuses,
  textMessage,
  userId,
  wabaId,
} from './fixtures/delivery.js';
import { samples } from './fixtures/samples.js';

/** Returns the only event of a delivery, which must have the given type. */
function only<Type extends WebhookEvent['type']>(body: unknown, type: Type): WebhookEventOf<Type> {
  const events = parseWebhook(body);
  expect(events.map((event) => event.type)).toEqual([type]);
  return events[0] as WebhookEventOf<Type>;
}
const history = (value: object, time?: number) => delivery({ field: 'history', value: { ...shared, ...value } }, time);
const thread = (items: readonly unknown[], more: object = { id: customer }) =>
  history({ history: [{ threads: [{ ...more, messages: items }] }] });
const directions = (body: unknown) =>
  only(body, 'history.chunk').threads.flatMap((item) => item.messages.map((message) => message.direction));

describe('each documented field', () => {
  test.each(samples)('$name', ({ body, types }) => {
    const events = parseWebhook(body);
    expect(events.map((event) => event.type)).toEqual(types);
    for (const event of events) {
      expect(event.field).toBe(body.entry[0]!.changes[0]!.field);
      expect(event.key.startsWith(`${event.type}/`)).toBe(true);
      expect(event.raw).toBeDefined();
    }
    expect(new Set(events.map((event) => event.key)).size).toBe(events.length);
  });

  test('known members are unchanged, and members without a type are kept', () => {
    const item = { ...textMessage('wamid.EXAMPLE1'), brand_new: { deep: [1] } };
    const event = only(messages(item), 'message');
    expect(event.message).toBe(item);
    expect(event.raw).toBe(item);
  });

  test("parsing doesn't change the body", () => {
    for (const { body } of samples) {
      const before = structuredClone(body);
      parseWebhook(body);
      expect(body).toEqual(before);
    }
  });

  test('the same body has the same events', () => {
    for (const { body } of samples) expect(parseWebhook(structuredClone(body))).toEqual(parseWebhook(body));
  });
});

describe('each event', () => {
  test('has WABA, number, customer, time and key', () => {
    expect(only(messages(textMessage('wamid.EXAMPLE1')), 'message')).toMatchObject({
      field: 'messages',
      wabaId,
      phoneNumberId,
      displayPhoneNumber: business,
      customer: { waId: customer, userId, username: 'mara.reads', name: 'Mara' },
      occurredAt: new Date(1790000000 * 1000),
      key: `message/${phoneNumberId}/wamid.EXAMPLE1`,
    });
  });

  test.each([
    ['1790000000', new Date(1790000000_000)],
    [1790000000, new Date(1790000000_000)],
    ['never', undefined],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
    [-1, undefined],
    [1e300, undefined],
    [undefined, undefined],
  ])('with the time %j has the time %j', (timestamp, occurredAt) => {
    const event = only(messages({ ...textMessage('wamid.EXAMPLE1'), timestamp }), 'message');
    expect(event.occurredAt).toEqual(occurredAt);
    expect('occurredAt' in event).toBe(occurredAt !== undefined);
    expect(event.message).toMatchObject({ type: 'text', text: { body: 'Hello' } });
  });

  test('has the WABA of waba_info, which takes precedence over the entry, which may be a partner', () => {
    const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: wabaId, owner_business_id: '778800991122334' } };
    const body = { entry: [{ id: '640064006400640', time: 1, changes: [{ field: 'account_update', value }] }] };
    expect(only(body, 'account.disconnected').wabaId).toBe(wabaId);
    const solution = { event: 'SOLUTION_CREATED', solution_id: '1' };
    const partner = { entry: [{ id: '640064006400640', time: 1, changes: [{ field: 'partner_solutions', value: solution }] }] };
    expect(only(partner, 'partner_solutions').wabaId).toBeUndefined();
  });

  test('needs only entry', () => {
    const body = { entry: [{ changes: [{ field: 'messages', value: { messages: [textMessage('wamid.EXAMPLE1')] } }] }] };
    const event = only(body, 'message');
    expect(event.wabaId).toBeUndefined();
    expect(event.phoneNumberId).toBeUndefined();
    expect(event.customer).toEqual({ waId: customer });
  });

  test.each([[undefined], [null], [1], ['text'], [[]], [{}], [{ entry: null }], [{ entry: {} }], [{ entry: [] }]])(
    '%j has no events',
    (body) => {
      expect(parseWebhook(body)).toEqual([]);
    },
  );
});

describe('people', () => {
  const from = (item: object, people: readonly unknown[] = contacts) =>
    only(
      delivery({
        field: 'messages',
        value: { ...shared, contacts: people, messages: [{ id: 'wamid.EXAMPLE1', type: 'text', text: { body: 'Hi' }, ...item }] },
      }),
      'message',
    ).customer;

  test('a person who hides the number has only a user ID', () => {
    expect(from({ from_user_id: userId, from_parent_user_id: 'US.ENT.1' }, [])).toEqual({ userId, parentUserId: 'US.ENT.1' });
    expect(from({ from: '', from_user_id: userId }, [])).toEqual({ userId });
    expect(from({}, [{ user_id: userId, profile: { username: 'mara.reads' } }])).toEqual({ userId, username: 'mara.reads' });
    expect(from({}, [])).toBeUndefined();
  });

  test('a user ID in the place of a number stays a user ID', () => {
    expect(from({ from: 'US.13' }, [])).toEqual({ userId: 'US.13' });
    expect(from({ from: 'US.13', from_user_id: 'US.14' }, [])).toEqual({ userId: 'US.14' });
  });

  test('numbers become digits in any format', () => {
    expect(from({ from: '+1 (555) 010-0987' }, [])).toEqual({ waId: customer });
    expect(from({ from: 15550100987 }, [])).toEqual({ waId: customer });
  });

  test('no person gets the name or the ID of another one', () => {
    expect(from({ from: '15550100111' })).toEqual({ waId: '15550100111' });
    expect(from({ from_user_id: 'US.other' })).toEqual({ userId: 'US.other' });
  });

  test('a person is found in the contacts under another spelling of the number', () => {
    const people = [
      { wa_id: '551133334444', user_id: 'BR.2', profile: { name: 'Ida' } },
      { wa_id: '5511987654321', user_id: 'BR.1', profile: { name: 'Mara' } },
    ];
    expect(from({ from: '551187654321' }, people)).toEqual({ waId: '551187654321', userId: 'BR.1', name: 'Mara' });
    expect(from({ from: '5511933334444' }, people)).toEqual({ waId: '5511933334444' });
  });

  test('each item finds its own among several people', () => {
    const other = { wa_id: '15550100111', user_id: 'US.2', profile: { name: 'Ida' } };
    const body = delivery({
      field: 'messages',
      value: { ...shared, contacts: [null, other, ...contacts], messages: [textMessage('a'), textMessage('b', 'Hi', '15550100111')] },
    });
    expect(parseWebhook(body).map((event) => event.customer?.name)).toEqual(['Mara', 'Ida']);
  });

  test('a status is about its recipient, or about the participant of a group', () => {
    const status = { id: 'wamid.EXAMPLE1', status: 'read', timestamp: '1790000000' };
    expect(only(statuses({ ...status, recipient_id: customer }), 'status').customer).toEqual({ waId: customer });
    expect(only(statuses({ ...status, recipient_user_id: userId, parent_recipient_user_id: 'US.ENT.1' }), 'status').customer).toEqual({
      userId,
      parentUserId: 'US.ENT.1',
    });
    for (const name of ['recipient_participant_id', 'participant_recipient_id']) {
      const group = { ...status, recipient_id: 'GROUP1', recipient_type: 'group', [name]: customer };
      expect(only(statuses(group), 'status').customer).toEqual({ waId: customer });
    }
  });

  test('an event with a changed ID contains the present ID', () => {
    const update = { wa_id: customer, user_id: { previous: userId, current: 'US.2' }, timestamp: '1795600000' };
    const body = delivery({ field: 'user_id_update', value: { ...shared, user_id_update: [update] } });
    expect(only(body, 'user_id_update')).toMatchObject({ customer: { waId: customer, userId: 'US.2' }, value: update });
  });
});

describe('messages', () => {
  test('a new type, or one without its content, is a message with unknown content and everything in raw', () => {
    for (const item of [
      { id: 'wamid.EXAMPLE1', from: customer, type: 'hologram', hologram: { a: 1 } },
      { id: 'wamid.EXAMPLE1', from: customer, type: 'text' },
      { id: 'wamid.EXAMPLE1', from: customer, type: 'text', text: { body: 1 } },
      { id: 'wamid.EXAMPLE1', from: customer, type: 'image', image: null },
      { id: 'wamid.EXAMPLE1', from: customer, type: 'location', location: { latitude: 'x' } },
    ]) {
      const { message, customer: person } = only(messages(item), 'message');
      expect(message).toMatchObject({ id: 'wamid.EXAMPLE1', type: 'unknown', originalType: item.type, raw: item });
      expect(person?.waId).toBe(customer);
    }
    const untyped = { id: 'wamid.EXAMPLE1', location: { latitude: 1, longitude: 2 } };
    expect(only(messages(untyped), 'message').message).toMatchObject({ type: 'unknown', originalType: undefined, raw: untyped });
  });

  test.each([[null], ['text'], [1], [[]], [{}]])('an item %j is a message with unknown content, too', (item) => {
    const event = only(messages(item), 'message');
    expect(event.message).toEqual({ id: '', type: 'unknown', originalType: undefined, raw: item });
    expect(event.raw).toBe(item);
  });

  test("an invalid part is omitted and doesn't affect the rest", () => {
    const item = { ...textMessage('wamid.EXAMPLE1'), context: 'odd', referral: null, group_id: {}, errors: [{ code: 'odd' }] };
    const { message, raw } = only(messages(item), 'message');
    expect(message).toEqual(textMessage('wamid.EXAMPLE1'));
    expect(raw).toBe(item);
  });

  test('131060: the stub and the real message of the same wamid have different keys', () => {
    const stub = {
      from: customer,
      id: 'wamid.EXAMPLE1',
      timestamp: '1790000000',
      type: 'unsupported',
      unsupported: { type: 'unknown' },
      errors: [{ code: 131060, title: 'This message is unavailable.' }],
    };
    const first = only(messages(stub), 'message');
    const second = only(messages(textMessage('wamid.EXAMPLE1')), 'message');
    expect(first.message.type).toBe('unsupported');
    expect(first.message.errors?.[0]?.code).toBe(131060);
    expect(second.message.type).toBe('text');
    expect(first.key).not.toBe(second.key);
  });

  test('edit and revoke have their own ID and their target', () => {
    const edit = {
      from: customer,
      id: 'wamid.EXAMPLE2',
      type: 'edit',
      edit: { original_message_id: 'wamid.EXAMPLE1', message: { type: 'text', text: { body: 'Two loaves' } } },
    };
    expect(only(messages(edit), 'message.edit')).toMatchObject({
      messageId: 'wamid.EXAMPLE2',
      originalMessageId: 'wamid.EXAMPLE1',
      message: { type: 'text', text: { body: 'Two loaves' } },
    });
    const revoke = { from: customer, id: 'wamid.EXAMPLE3', type: 'revoke', revoke: { original_message_id: 'wamid.EXAMPLE1' } };
    expect(only(messages(revoke), 'message.revoke')).toMatchObject({ messageId: 'wamid.EXAMPLE3', originalMessageId: 'wamid.EXAMPLE1' });
  });

  test('an edit to an unknown type, and an edit or revoke without a target, are unknown', () => {
    const edit = { id: 'wamid.EXAMPLE2', type: 'edit', edit: { original_message_id: 'wamid.EXAMPLE1', message: { type: 'hologram' } } };
    expect(only(messages(edit), 'message.edit').message).toMatchObject({ type: 'unknown', originalType: 'hologram' });
    const nested = { ...edit, edit: { original_message_id: 'wamid.EXAMPLE1', message: edit } };
    expect(only(messages(nested), 'message.edit').message).toMatchObject({ type: 'unknown', originalType: 'edit' });
    for (const type of ['edit', 'revoke']) {
      expect(only(messages({ id: 'wamid.EXAMPLE2', type }), 'message').message).toMatchObject({ type: 'unknown', originalType: type });
    }
  });

  test('a status without ID or status is unknown, and the other items are parsed', () => {
    const good = { id: 'wamid.EXAMPLE1', status: 'sent', timestamp: '1790000000', recipient_id: customer };
    const events = parseWebhook(statuses({}, good, null, { id: 'wamid.EXAMPLE2' }));
    expect(events.map((event) => event.type)).toEqual(['unknown', 'status', 'unknown', 'unknown']);
    expect(events[3]?.raw).toEqual({ id: 'wamid.EXAMPLE2' });
  });

  test('an unknown status is a status', () => {
    expect(only(statuses({ id: 'wamid.EXAMPLE1', status: 'in_orbit' }), 'status').status.status).toBe('in_orbit');
  });

  test('errors outside messages belong to the account, never to a message', () => {
    const body = delivery({ field: 'messages', value: { ...shared, errors: [{ code: 131060, title: 'Unsupported' }, { code: 'odd' }] } });
    expect(parseWebhook(body).map((event) => event.type)).toEqual(['account.error', 'unknown']);
  });

  test('a new list next to known ones is kept', () => {
    const body = delivery({ field: 'messages', value: { ...shared, messages: [textMessage('wamid.EXAMPLE1')], holograms: [{ id: 'h' }] } });
    const events = parseWebhook(body);
    expect(events.map((event) => event.type)).toEqual(['message', 'unknown']);
    expect(events[1]).toMatchObject({ field: 'messages', phoneNumberId, raw: { holograms: [{ id: 'h' }] } });
  });
});

describe('echoes', () => {
  const echo = { ...textMessage('wamid.EXAMPLE1', 'We open at nine', business), to: '+1 (555) 010-0987', to_user_id: userId };

  test('the customer is the recipient', () => {
    expect(only(echoes(echo), 'echo')).toMatchObject({ customer: { waId: customer, userId }, key: `echo/${phoneNumberId}/wamid.EXAMPLE1` });
  });

  test.each(['message_echoes', 'messages', 'smb_message_echoes'])('is an echo under %s, with and without from', (name) => {
    const { from: _from, ...withoutFrom } = echo;
    const body = delivery({ field: 'smb_message_echoes', value: { ...shared, [name]: [echo, { ...withoutFrom, id: 'wamid.EXAMPLE2' }] } });
    expect(parseWebhook(body).map((event) => event.type)).toEqual(['echo', 'echo']);
  });

  test('statuses and other items in the same value are never live ones', () => {
    const body = delivery({
      field: 'smb_message_echoes',
      value: { ...shared, message_echoes: [echo], statuses: [{ id: 'wamid.EXAMPLE1', status: 'read' }] },
    });
    expect(parseWebhook(body).map((event) => event.type)).toEqual(['echo', 'unknown']);
  });

  test('an empty or missing value is unknown', () => {
    expect(only(delivery({ field: 'smb_message_echoes', value: null }), 'unknown').raw).toBeNull();
    expect(only(delivery({ field: 'smb_message_echoes', value: shared }), 'unknown').raw).toEqual(shared);
  });
});

describe('history', () => {
  test('a chunk keeps its position, its threads and each message', () => {
    const body = history({
      history: [
        {
          metadata: { phase: 2, chunk_order: 1, progress: 100 },
          threads: [
            {
              id: customer,
              context: { wa_id: customer, user_id: userId, username: 'mara.reads' },
              messages: [{ ...textMessage('wamid.EXAMPLE1', 'Ready', business), history_context: { status: 'READ' } }],
            },
          ],
        },
      ],
    });
    expect(only(body, 'history.chunk')).toMatchObject({
      phase: 2,
      chunkOrder: 1,
      progress: 100,
      threads: [
        {
          id: customer,
          customer: { waId: customer, userId, username: 'mara.reads' },
          messages: [
            {
              direction: 'outbound',
              occurredAt: new Date(1790000000_000),
              status: 'READ',
              message: { id: 'wamid.EXAMPLE1', type: 'text', text: { body: 'Ready' } },
            },
          ],
        },
      ],
    });
  });

  test('each element of history[] is one event, with phases as numbers, strings and words', () => {
    const phases = [0, '1', 'COMPLETE', null, undefined];
    const events = parseWebhook(history({ history: phases.map((phase, order) => ({ metadata: { phase, chunk_order: order } })) }));
    expect(events.map((event) => event.type === 'history.chunk' && event.phase)).toEqual([0, 1, undefined, undefined, undefined]);
  });

  test.each<[string, string, object, string]>([
    ['the customer of the thread', customer, { id: customer }, 'inbound'],
    ['the business', business, { id: customer }, 'outbound'],
    ['the business, written otherwise', '+1 555-010-0123', { id: customer }, 'outbound'],
    ['the customer, written otherwise', '+1 555-010-0987', { id: customer }, 'inbound'],
    ['the customer of a thread with nothing but a context', customer, { context: { wa_id: customer } }, 'inbound'],
    ['the business, to somebody without a number', business, { context: { user_id: userId } }, 'outbound'],
    ['a stranger in a thread without a number', '15550100555', { context: { user_id: userId } }, 'inbound'],
    ['a Brazilian customer without the ninth digit', '551187654321', { id: '5511987654321' }, 'inbound'],
    ['a Mexican customer without the 1', '525512345678', { id: '5215512345678' }, 'inbound'],
    ['an Argentine customer with the 9', '5491123456789', { id: '541123456789' }, 'inbound'],
    ['a landline of Brazil that ends like the mobile number of the customer', '551133334444', { id: '5511933334444' }, 'outbound'],
    ['a number of another country that ends like the number of the customer', '49301550100987', { id: customer }, 'outbound'],
    ['somebody who is not the customer', '15550100555', { id: customer }, 'outbound'],
  ])('the direction follows from %s', (_name, from, more, direction) => {
    // `to` has the opposite value, and is ignored.
    const item = { ...textMessage('wamid.EXAMPLE1', 'Hi', from), to: direction === 'inbound' ? customer : business };
    expect(directions(thread([item], more))).toEqual([direction]);
  });

  test('without from, it is a customer who hides the number, and the user ID decides nothing', () => {
    const { from: _from, ...hidden } = textMessage('wamid.EXAMPLE1');
    expect(directions(thread([hidden], { context: { user_id: userId } }))).toEqual(['inbound']);
    expect(directions(thread([{ ...textMessage('wamid.EXAMPLE1', 'Hi', business), from_user_id: userId }]))).toEqual(['outbound']);
  });

  test('edits, deletions and unknown items stay in the chunk', () => {
    const items = [
      { from: customer, id: 'wamid.EXAMPLE1', type: 'edit', edit: { original_message_id: 'wamid.EXAMPLE0', message: { type: 'text' } } },
      { from: customer, id: 'wamid.EXAMPLE2', type: 'revoke', revoke: { original_message_id: 'wamid.EXAMPLE0' } },
      { from: customer, id: 'wamid.EXAMPLE3', type: 'errors', text: { body: 'x' } },
      null,
    ];
    const [only0] = only(thread(items), 'history.chunk').threads;
    expect(only0?.messages.map(({ message }) => message.type)).toEqual(['edit', 'revoke', 'unknown', 'unknown']);
  });

  test('media of placeholders have a direction by field for echoes and by sender for messages, and their own key', () => {
    const image = { type: 'image', image: { id: '880011223344' }, timestamp: '1790000000' };
    const events = parseWebhook(
      history({
        messages: [
          { ...image, id: 'wamid.EXAMPLE1', from: customer },
          { ...image, id: 'wamid.EXAMPLE2', from: business, to: customer },
        ],
        message_echoes: [{ ...image, id: 'wamid.EXAMPLE3', from: business, to: customer }],
      }),
    );
    expect(events.map((event) => [event.type, event.type === 'history.media' && event.direction, event.customer?.waId])).toEqual([
      ['history.media', 'inbound', customer],
      ['history.media', 'outbound', customer],
      ['history.media', 'outbound', customer],
    ]);
    expect(new Set(events.map((event) => event.key)).size).toBe(3);
    expect(events.every((event) => event.key.startsWith('history.media/'))).toBe(true);
  });

  test('a declined history is found in history[], in the value, and next to an empty chunk', () => {
    const errors = [{ code: 2593109, title: 'History sync is turned off' }];
    expect(only(history({ history: [{ errors }] }), 'history.declined').error.code).toBe(2593109);
    expect(only(history({ errors }), 'history.declined').error.code).toBe(2593109);
    const both = history({ history: [{ metadata: { phase: 0, chunk_order: 0, progress: 0 }, threads: [] }], errors });
    expect(parseWebhook(both).map((event) => event.type)).toEqual(['history.chunk', 'history.declined']);
  });

  test('events in a history are never live', () => {
    const body = history({
      messages: [textMessage('wamid.EXAMPLE1'), null, { type: 'edit', edit: { original_message_id: 'a' } }],
      message_echoes: [textMessage('wamid.EXAMPLE2')],
      statuses: [{ id: 'wamid.EXAMPLE3', status: 'read' }],
      smb_message_echoes: [textMessage('wamid.EXAMPLE4')],
    });
    const types = parseWebhook(body).map((event) => event.type);
    expect(types).toEqual(['history.media', 'history.media', 'history.media', 'history.media', 'unknown', 'unknown']);
  });

  test('chunks have the same key for a duplicate, and another one for other messages, another order or another sync', () => {
    const chunk = (id: string, order: number) => ({
      metadata: { phase: 1, chunk_order: order, progress: 50 },
      threads: [{ id: customer, messages: [textMessage(id)] }],
    });
    const keyOf = (id: string, order: number, time?: number) => only(history({ history: [chunk(id, order)] }, time), 'history.chunk').key;
    const key = keyOf('wamid.EXAMPLE1', 1);
    expect(keyOf('wamid.EXAMPLE1', 1)).toBe(key);
    expect(keyOf('wamid.EXAMPLE2', 1)).not.toBe(key);
    expect(keyOf('wamid.EXAMPLE1', 2)).not.toBe(key);
    expect(keyOf('wamid.EXAMPLE1', 1, 1795400000)).not.toBe(key);
  });
});

describe('contacts', () => {
  const sync = (...items: readonly unknown[]) => delivery({ field: 'smb_app_state_sync', value: { ...shared, state_sync: items } });

  test('added, removed and added again are three events', () => {
    const at = (action: string, timestamp: string) => ({
      type: 'contact',
      action,
      contact: { phone_number: customer },
      metadata: { timestamp },
    });
    const events = parseWebhook(sync(at('add', '1795300100'), at('remove', '1795300200'), at('add', '1795300300')));
    expect(events.map((event) => event.type === 'contact' && event.action)).toEqual(['add', 'remove', 'add']);
    expect(new Set(events.map((event) => event.key)).size).toBe(3);
  });

  test('formatted numbers, null names, an action inside and no action are accepted', () => {
    const events = parseWebhook(
      sync(
        { type: 'contact', action: 'add', contact: { full_name: null, first_name: 'Mara', phone_number: '+1 555 010-0987' } },
        { type: 'contact', contact: { action: 'remove', phone_number: customer } },
        { contact: { user_id: userId, username: 'mara.reads' } },
      ),
    );
    expect(events).toMatchObject([
      { type: 'contact', action: 'add', contact: { first_name: 'Mara', phone_number: '+1 555 010-0987' }, customer: { waId: customer } },
      { type: 'contact', action: 'remove', customer: { waId: customer } },
      { type: 'contact', action: 'add', customer: { userId, username: 'mara.reads' } },
    ]);
    expect(events[0]).not.toHaveProperty('contact.full_name');
  });

  test('an item without a contact, or of another type, is unknown, and a rejection is an error of the account', () => {
    const items = [{ type: 'contact', action: 'add' }, { type: 'label', contact: {} }, null];
    expect(parseWebhook(sync(...items)).map((event) => [event.type, event.raw])).toEqual(items.map((item) => ['unknown', item]));
    const refused = delivery({ field: 'smb_app_state_sync', value: { ...shared, errors: [{ code: 2593109 }] } });
    expect(only(refused, 'account.error')).toMatchObject({ field: 'smb_app_state_sync', error: { code: 2593109 } });
  });
});

describe('account_update', () => {
  const account = (value: unknown, time?: number) => delivery({ field: 'account_update', value }, time);

  test('a disconnection is read in the shape of the guide, of the reference, in both at the same time and in neither', () => {
    const info = { reason: 'CHANGE_NUMBER', initiated_by: 'USER' };
    expect(
      only(account({ event: 'PARTNER_REMOVED', phone_number: '+1 555-010-0123', disconnection_info: info }), 'account.disconnected'),
    ).toMatchObject({
      reason: 'CHANGE_NUMBER',
      initiatedBy: 'USER',
      phoneNumber: business,
    });
    const plain = only(account({ event: 'PARTNER_REMOVED' }), 'account.disconnected');
    expect('reason' in plain || 'initiatedBy' in plain || 'phoneNumber' in plain).toBe(false);
    const odd = only(account({ event: 'PARTNER_REMOVED', disconnection_info: { reason: 1, initiated_by: null } }), 'account.disconnected');
    expect('reason' in odd).toBe(false);
  });

  test('names in lower case, new names, and no name are accepted', () => {
    only(account({ event: 'account_offboarded' }), 'account.offboarded');
    expect(only(account({ event: 'IN_ORBIT', more: 1 }), 'account.update')).toMatchObject({ event: 'IN_ORBIT', value: { more: 1 } });
    only(account({ decision: 'APPROVED' }), 'unknown');
  });

  test('the time of the entry is the time of the event, as a number and as a string', () => {
    const at = new Date(1795400000_000);
    expect(only(account({ event: 'ACCOUNT_OFFBOARDED' }, 1795400000), 'account.offboarded').occurredAt).toEqual(at);
    expect(
      only(delivery({ field: 'account_update', value: { event: 'ACCOUNT_OFFBOARDED' } }, '1795400000'), 'account.offboarded').occurredAt,
    ).toEqual(at);
  });

  test('two disconnections at different times or of two numbers are two events, and one without a time has a key that says so', () => {
    const keyOf = (value: object, time?: number) => only(account({ event: 'PARTNER_REMOVED', ...value }, time), 'account.disconnected').key;
    expect(keyOf({}, 1)).toBe(keyOf({}, 1));
    expect(keyOf({}, 1)).not.toBe(keyOf({}, 2));
    expect(keyOf({ phone_number: business }, 1)).not.toBe(keyOf({ phone_number: customer }, 1));
    expect(keyOf({})).toMatch(/\/@$/);
  });
});

describe('other fields', () => {
  test('template IDs are numbers or strings, and null is absent', () => {
    const value = { message_template_id: 806312974732579, event: 'APPROVED', reason: null };
    const event = only(delivery({ field: 'message_template_status_update', value }), 'message_template_status_update');
    expect(event.value).toEqual({ message_template_id: '806312974732579', event: 'APPROVED' });
    expect(event.raw).toBe(value);
    only(
      delivery({ field: 'message_template_status_update', value: { ...value, message_template_id: '8' } }),
      'message_template_status_update',
    );
  });

  test('a value without the members of its type is unknown', () => {
    expect(only(delivery({ field: 'security', value: { requester: '1' } }), 'unknown')).toMatchObject({
      field: 'security',
      raw: { requester: '1' },
    });
  });

  test('an invalid field, an entry without changes, and an invalid change are unknown', () => {
    expect(only({ entry: [{ id: wabaId, changes: [{ value: { a: 1 } }] }] }, 'unknown')).toMatchObject({
      field: '',
      wabaId,
      raw: { value: { a: 1 } },
    });
    expect(only({ entry: [{ id: wabaId, messaging: [] }] }, 'unknown').raw).toEqual({ id: wabaId, messaging: [] });
    expect(only({ entry: [null] }, 'unknown').raw).toBeNull();
    expect(only({ entry: [{ changes: ['x'] }] }, 'unknown').raw).toBe('x');
    for (const field of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(only(delivery({ field, value: { a: 1 } }), 'unknown').field).toBe(field);
    }
  });

  test('a call is about the person at the other end', () => {
    const call = { id: 'wacid.EXAMPLE1', event: 'connect', from: business, to: customer, timestamp: '1795400000' };
    const calls = (item: object) => delivery({ field: 'calls', value: { ...shared, calls: [item] } });
    expect(only(calls({ ...call, direction: 'BUSINESS_INITIATED' }), 'call').customer?.waId).toBe(customer);
    expect(only(calls(call), 'call').customer?.waId).toBe(customer);
    expect(only(calls({ ...call, from: customer, to: business }), 'call').customer?.waId).toBe(customer);
    expect(only(calls({ ...call, from: '+1 555 010-0123' }), 'call').customer?.waId).toBe(customer);
    expect(only(calls({ ...call, from: 'US.1', to: business }), 'call').customer).toEqual({ userId: 'US.1' });
  });

  test('standby is separate from live events', () => {
    const value = { metadata, standby: { messages: [textMessage('wamid.EXAMPLE1')], extra: [1] } };
    const events = parseWebhook(delivery({ field: 'standby', value }));
    expect(events.map((event) => event.type)).toEqual(['standby.message', 'unknown']);
    expect(events[0]?.phoneNumberId).toBe(phoneNumberId);
  });
});

describe('keys of events', () => {
  test('of statuses contain wamid, status, time and recipient', () => {
    const status = { id: 'wamid.EXAMPLE1', status: 'delivered', timestamp: '1790000000', recipient_id: customer };
    const keyOf = (change: object) => only(statuses({ ...status, ...change }), 'status').key;
    const keys = [
      {},
      { status: 'read' },
      { timestamp: '1790000001' },
      { recipient_id: '15550100111' },
      { recipient_participant_id: '1' },
    ].map(keyOf);
    expect(new Set(keys).size).toBe(5);
    expect(keyOf({ pricing: { category: 'service' } })).toBe(keys[0]);
  });

  test('differ for the same wamid of another number', () => {
    const other = { ...shared, metadata: { ...metadata, phone_number_id: '339900112233446' } };
    const one = only(messages(textMessage('wamid.EXAMPLE1')), 'message').key;
    const two = only(delivery({ field: 'messages', value: { ...other, messages: [textMessage('wamid.EXAMPLE1')] } }), 'message').key;
    expect(one).not.toBe(two);
  });

  test('are short and printable, for any IDs', () => {
    for (const id of ['x'.repeat(100_000), '\ud800', 'a b', '\u0000', 'é', '\n']) {
      const { key } = only(messages(textMessage(id)), 'message');
      expect(key).toMatch(/^[\x21-\x7e]{1,300}$/);
      expect(only(messages(textMessage(id)), 'message').key).toBe(key);
    }
    expect(only(messages(textMessage('\ud800')), 'message').key).not.toBe(only(messages(textMessage('\ud801')), 'message').key);
  });

  test('of many parts have no time if there is none', () => {
    const body = { entry: [{ id: 'a b', changes: [{ field: 'account_update', value: { event: 'PARTNER_REMOVED' } }] }] };
    expect(only(body, 'account.disconnected').key).toMatch(/\/@$/);
  });
});
