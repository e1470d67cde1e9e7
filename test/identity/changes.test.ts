import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { memoryStore, replyTo } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { parseWebhook } from 'wa-coexist/webhooks';
import { identityClaims, type IdentityClaim } from '../../src/identity/claim.js';
import type { PersonIds } from '../../src/identity/person.js';
import { createIdentityRegister, type IdentityRegister } from '../../src/identity/register.js';

const number = '106540352242922';
const dayMs = 86_400_000;

const same = (ids: PersonIds, atMs: number): IdentityClaim => ({ type: 'same', ids, atMs });
const changed = (previous: PersonIds, current: PersonIds, atMs: number): IdentityClaim => ({ type: 'changed', previous, current, atMs });

async function learned(...claims: readonly IdentityClaim[]): Promise<(ids: PersonIds) => Promise<string | undefined>> {
  const register: IdentityRegister = createIdentityRegister(memoryStore());
  for (const claim of claims) await register.learn(number, claim);
  return async (ids) => (await register.find(number, ids))?.id;
}

const systemMessage = (system: object, more: object = {}, shared: object = {}, field = 'messages'): unknown => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550100123', phone_number_id: number },
            ...(field === 'standby'
              ? { standby: { ...shared, messages: [systemItem(system, more)] } }
              : { ...shared, messages: [systemItem(system, more)] }),
          },
        },
      ],
    },
  ],
});
const systemItem = (system: object, more: object): object => ({
  id: 'wamid.SYSTEM',
  timestamp: '1795300000',
  type: 'system',
  system,
  ...more,
});
const claimsOf = (body: unknown): readonly IdentityClaim[] => parseWebhook(body).flatMap((event) => identityClaims(event, 0));

test('a changed user ID without from and contacts has a customer, and links both IDs', async () => {
  const body = systemMessage({
    type: 'user_changed_user_id',
    user_id: 'US.2002',
    previous_user_id: 'US.1001',
    parent_user_id: 'US.ENT.2',
    previous_parent_user_id: 'US.ENT.1',
  });
  expect(parseWebhook(body)[0]?.customer).toEqual({ userId: 'US.2002', parentUserId: 'US.ENT.2' });
  const find = await learned(same({ waId: '15550100987', userId: 'US.1001' }, 1), ...claimsOf(body));
  expect(await find({ userId: 'US.2002' })).toBe(await find({ waId: '+1 555 010 0987' }));
  expect(await find({ parentUserId: 'US.ENT.2' })).toBe(await find({ parentUserId: 'US.ENT.1' }));
});

test('a changed number links the earlier number, whichever user IDs are missing in the event', async () => {
  for (const system of [
    { type: 'user_changed_number', wa_id: '15550100555', user_id: 'US.2002', previous_user_id: 'US.1001' },
    { type: 'user_changed_number', wa_id: '15550100555', user_id: 'US.2002' },
    { type: 'user_changed_number', wa_id: '15550100555' },
    { type: 'user_changed_number', new_wa_id: 15_550_100_555 },
  ]) {
    const body = systemMessage(system, { from: '15550100987' });
    expect(parseWebhook(body)[0]?.customer).toBeDefined();
    const find = await learned(
      same({ waId: '15550100987', userId: 'US.1001' }, 1),
      ...claimsOf(body),
      same({ waId: '15550100555', userId: 'US.2002' }, 1_795_300_060_000),
    );
    expect(await find({ userId: 'US.2002' })).toBe(await find({ userId: 'US.1001' }));
    expect(await find({ waId: '15550100555' })).toBe(await find({ userId: 'US.1001' }));
  }
});

describe('the customer of a change of identity is the person with the new IDs', () => {
  const contacts = [{ profile: { name: 'Mara', username: 'mara' }, wa_id: '15550100987', user_id: 'US.1001' }];
  const old = { from: '15550100987', from_user_id: 'US.1001' };
  const named = { name: 'Mara', username: 'mara' };
  test.each([
    ['a number without user IDs', { type: 'user_changed_number', wa_id: '15550100555' }, old, { ...named, waId: '15550100555' }],
    [
      'a number in the oldest shape',
      { type: 'customer_changed_number', wa_id: '+1 555 010-0555', customer: '15550100987' },
      old,
      { ...named, waId: '15550100555' },
    ],
    [
      'a number with its user ID',
      { type: 'user_changed_number', wa_id: '15550100555', user_id: 'US.2002' },
      old,
      { ...named, waId: '15550100555', userId: 'US.2002' },
    ],
    [
      'a hidden number',
      { type: 'user_changed_number', user_id: 'US.2002', previous_user_id: 'US.1001' },
      {},
      { ...named, userId: 'US.2002' },
    ],
    [
      'a user ID of a known number',
      { type: 'user_changed_user_id', user_id: 'US.2002' },
      old,
      { ...named, waId: '15550100987', userId: 'US.2002' },
    ],
    [
      'a user ID and the number',
      { type: 'user_changed_user_id', user_id: 'US.2002', wa_id: '15550100555' },
      old,
      { ...named, waId: '15550100555', userId: 'US.2002' },
    ],
    [
      'a user ID without from',
      { type: 'user_changed_user_id', user_id: 'US.2002', previous_user_id: 'US.1001' },
      {},
      { ...named, userId: 'US.2002' },
    ],
    [
      'a security code',
      { type: 'customer_identity_changed', wa_id: '15550100987', identity: 'hash' },
      old,
      { ...named, waId: '15550100987', userId: 'US.1001' },
    ],
    ['no IDs', { type: 'user_changed_number', body: 'Mara changed' }, old, { ...named, waId: '15550100987', userId: 'US.1001' }],
  ] as const)('%s', (_name, system, more, expected) => {
    const [event] = parseWebhook(systemMessage(system, more, { contacts }));
    expect(event?.customer).toEqual(expected);
    const standby = parseWebhook(systemMessage(system, more, { contacts }, 'standby'));
    expect(standby.find(({ type }) => type === 'standby.message')?.customer).toEqual(expected);
    if (event?.type !== 'message') throw new Error('no message');
    const { waId, userId } = expected as PersonIds;
    expect(replyTo(event, text('Noted'))).toMatchObject(waId === undefined ? { recipient: userId } : { to: waId });
  });
});

test('only the first new user ID belongs to a number that its owner moved to', async () => {
  const find = await learned(
    same({ waId: '15550100987', userId: 'US.1' }, 1),
    changed({ waId: '15550100987' }, { waId: '15550100555' }, 2),
    same({ waId: '15550100555', userId: 'US.2' }, 3),
    same({ waId: '15550100555', userId: 'US.3' }, 4),
  );
  expect(await find({ userId: 'US.2' })).toBe(await find({ userId: 'US.1' }));
  expect(await find({ userId: 'US.3' })).not.toBe(await find({ userId: 'US.1' }));
  expect(await find({ waId: '15550100555' })).toBe(await find({ userId: 'US.3' }));
});

test('a late report of a change does not touch the next owner of the earlier number', async () => {
  const find = await learned(
    same({ waId: '15550100987', userId: 'US.1' }, 1),
    same({ waId: '15550100987', userId: 'US.9' }, 100),
    changed({ waId: '15550100987' }, { waId: '15550100555', userId: 'US.2' }, 50),
  );
  expect(await find({ userId: 'US.9' })).toBe(await find({ waId: '15550100987' }));
  expect(await find({ userId: 'US.2' })).not.toBe(await find({ userId: 'US.9' }));
  expect(await find({ userId: 'US.1' })).not.toBe(await find({ userId: 'US.9' }));
});

test('a number that was unused for months before a person moved to it belonged to another person', async () => {
  const find = await learned(
    same({ waId: '15550100555' }, 1),
    same({ waId: '15550100987', userId: 'US.1' }, 200 * dayMs),
    changed({ waId: '15550100987', userId: 'US.1' }, { waId: '15550100555', userId: 'US.2' }, 201 * dayMs),
  );
  expect(await find({ waId: '15550100555' })).toBe(await find({ userId: 'US.1' }));
  const register = createIdentityRegister(memoryStore());
  const earlier = await register.learn(number, same({ waId: '15550100555' }, 1));
  const moved = changed({ waId: '15550100987', userId: 'US.1' }, { waId: '15550100555', userId: 'US.2' }, 201 * dayMs);
  const mover = await register.learn(number, moved);
  expect(mover?.id).not.toBe(earlier?.id);
  expect(mover?.merged).toEqual([]);
});

test('keys of a merged person keep the time of their latest claim', async () => {
  const find = await learned(
    same({ userId: 'US.1' }, 1),
    same({ waId: '15550100555', userId: 'US.2' }, 100),
    changed({ userId: 'US.1' }, { userId: 'US.2' }, 101),
    // An older event of an earlier owner.
    same({ waId: '15550100555', userId: 'US.9' }, 50),
  );
  expect(await find({ waId: '15550100555' })).toBe(await find({ userId: 'US.1' }));
  expect(await find({ userId: 'US.9' })).not.toBe(await find({ userId: 'US.1' }));
});

test('a number with a user ID that is not known does not find the owner of the number', async () => {
  const find = await learned(same({ waId: '15550100987', userId: 'US.1' }, 1));
  expect(await find({ waId: '15550100987', userId: 'US.2' })).toBeUndefined();
  expect(await find({ waId: '15550100987' })).toBeDefined();
});

test('an old entry of the address book belongs to the person who still has the number', async () => {
  const find = await learned(
    same({ waId: '15550100987' }, 1),
    same({ userId: 'US.1' }, 200 * dayMs),
    changed({ waId: '15550100987', userId: 'US.1' }, { userId: 'US.2' }, 201 * dayMs),
  );
  expect(await find({ waId: '15550100987' })).toBe(await find({ userId: 'US.2' }));
});

test('a report that names the earlier number only joins both user IDs of its owner in any order, and leaves other owners alone', async () => {
  const phone = { waId: '15550100987' };
  const claims = [
    same({ ...phone, userId: 'US.1' }, 100 * dayMs),
    changed(phone, { userId: 'US.2' }, 101 * dayMs),
    changed(phone, { userId: 'US.2' }, 101 * dayMs),
    same({ ...phone, userId: 'US.2' }, 102 * dayMs),
    same({ ...phone, userId: 'US.9' }, 200 * dayMs),
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(claims, { minLength: claims.length }), async (order) => {
      const find = await learned(...order);
      expect(await find({ userId: 'US.1' })).toBe(await find({ userId: 'US.2' }));
      expect(await find(phone)).toBe(await find({ userId: 'US.9' }));
      const ids = await Promise.all(['US.1', 'US.9'].map((userId) => find({ userId })));
      expect(new Set(ids).size).toBe(2);
    }),
    { numRuns: 500 },
  );
});

test('texts without a letter or digit identify no person in any ID of Meta', async () => {
  for (const blank of ['+', ' ', '--', '\u200b']) {
    const ids = { from: blank, from_user_id: blank, from_parent_user_id: blank };
    const message = { ...ids, id: 'wamid.1', timestamp: '1795300000', type: 'text', text: { body: 'Hi' } };
    const metadata = { display_phone_number: '15550100123', phone_number_id: number };
    const contacts = [{ wa_id: blank, user_id: blank, parent_user_id: blank, profile: { name: 'Mara' } }];
    const changes = [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata, contacts, messages: [message] } }];
    const body = { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] };
    expect(parseWebhook(body)[0]?.customer).toBeUndefined();
    expect(claimsOf(body)).toEqual([]);
    const changed = systemMessage({ type: 'user_changed_number', wa_id: blank, user_id: blank }, { from: '15550100987' });
    expect(parseWebhook(changed)[0]?.customer).toEqual({ waId: '15550100987' });
    const find = await learned(same({ waId: '15550100987' }, 1), ...claimsOf(changed));
    expect(await find({ userId: blank })).toBeUndefined();
    expect(await find({ parentUserId: blank })).toBeUndefined();
  }
});
