import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import type { IdentityClaim } from '../../src/identity/claim.js';
import { personKeys, type PersonIds } from '../../src/identity/person.js';
import { createIdentityRegister } from '../../src/identity/register.js';

const numRuns = process.env.WA_COEXIST_LONG === '1' ? 20_000 : 500;
const number = '106540352242922';

/** Returns all spellings of one Brazilian mobile number. */
const spellings = (subscriber: string): readonly string[] => [
  `55119${subscriber}`,
  `5511${subscriber}`,
  `+55 11 9${subscriber.slice(0, 4)}-${subscriber.slice(4)}`,
  `0055 (11) ${subscriber}`,
];

/** The consecutive identities of a person, and the claims about them. */
const life = fc
  .record({
    userIds: fc.integer({ min: 1, max: 3 }),
    numbers: fc.integer({ min: 1, max: 2 }),
    hasParent: fc.boolean(),
    sights: fc.array(fc.record({ era: fc.nat(), spelling: fc.nat(), shows: fc.constantFrom('both', 'number', 'user', 'parent') }), {
      minLength: 2,
      maxLength: 34,
    }),
    order: fc.infiniteStream(fc.nat()),
  })
  .map(({ userIds, numbers, hasParent, sights, order }) => {
    const eras = Math.max(userIds, numbers);
    const idsIn = (era: number, spelling = 0, person = '1'): PersonIds => ({
      waId: spellings(`87654${String(Math.min(era, numbers - 1))}${person}1`)[spelling % 4],
      userId: `BR.${person}00${String(Math.min(era, userIds - 1))}`,
      ...(hasParent && { parentUserId: `BR.ENT.${person}` }),
    });
    const claims: IdentityClaim[] = [{ type: 'same', ids: idsIn(0), atMs: 0 }];
    for (let era = 1; era < eras; era += 1) {
      claims.push({ type: 'changed', previous: idsIn(era - 1), current: idsIn(era), atMs: era * 1_000_000 });
      claims.push({ type: 'same', ids: idsIn(era), atMs: era * 1_000_000 + 1 });
    }
    for (const { era, spelling, shows } of sights) {
      const at = era % eras;
      const { waId, userId, parentUserId } = idsIn(at, spelling);
      const ids =
        shows === 'number'
          ? { waId }
          : shows === 'user'
            ? { userId }
            : shows === 'parent' && hasParent
              ? { parentUserId, userId }
              : { waId, userId };
      claims.push({ type: 'same', ids, atMs: at * 1_000_000 + 2 });
    }
    const keyed = claims.map((claim) => ({ claim, rank: Number(order.next().value) }));
    return { shuffled: keyed.sort((left, right) => left.rank - right.rank).map(({ claim }) => claim), eras, idsIn };
  });

test('one person with several numbers, spellings and user IDs is one person, in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(life, async ({ shuffled, eras, idsIn }) => {
      const register = createIdentityRegister(memoryStore());
      for (const claim of shuffled) await register.learn(number, claim);
      const found = new Set<string | undefined>();
      for (let era = 0; era < eras; era += 1) {
        for (const spelling of [0, 1, 2, 3]) {
          const { waId, userId } = idsIn(era, spelling);
          for (const ids of [{ waId }, { userId }, { waId, userId }]) found.add((await register.find(number, ids))?.id);
        }
      }
      expect([...found]).toHaveLength(1);
    }),
    { numRuns },
  );
});

test('claims that arrive at the same time in several processes make one person', async () => {
  await fc.assert(
    fc.asyncProperty(life, async ({ shuffled, idsIn }) => {
      const store = memoryStore();
      const registers = [createIdentityRegister(store), createIdentityRegister(store), createIdentityRegister(store)];
      await Promise.all(shuffled.map(async (claim, index) => registers[index % 3]?.learn(number, claim)));
      const { waId, userId } = idsIn(0);
      const [register] = registers;
      expect((await register?.find(number, { waId }))?.id).toBe((await register?.find(number, { userId }))?.id);
    }),
    { numRuns: Math.ceil(numRuns / 5) },
  );
});

test('a recycled number with a new user ID is a new person, and the earlier one keeps the user ID', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (order) => {
      const phone = '15550100987';
      const claims: readonly IdentityClaim[] = [
        { type: 'same', ids: { waId: phone, userId: 'US.1' }, atMs: 1 },
        { type: 'same', ids: { userId: 'US.1' }, atMs: 2 },
        { type: 'same', ids: { waId: phone, userId: 'US.1' }, atMs: 3 },
        { type: 'same', ids: { waId: phone, userId: 'US.2' }, atMs: 10 },
        { type: 'same', ids: { userId: 'US.2' }, atMs: 11 },
        { type: 'same', ids: { waId: `+${phone}`, userId: 'US.2' }, atMs: 12 },
      ];
      const register = createIdentityRegister(memoryStore());
      for (const index of order) {
        const claim = claims[index];
        if (claim) await register.learn(number, claim);
      }
      const [first, second, owner] = [
        await register.find(number, { userId: 'US.1' }),
        await register.find(number, { userId: 'US.2' }),
        await register.find(number, { waId: phone }),
      ];
      expect(first?.id).not.toBe(second?.id);
      expect(owner?.id).toBe(second?.id);
      expect([...(first?.merged ?? []), ...(second?.merged ?? [])]).not.toContain(first?.id);
    }),
    { numRuns },
  );
});

test('different people are never merged', async () => {
  const people: readonly PersonIds[] = [
    // A landline and a mobile number with the same last digits.
    { waId: '551133334444' },
    { waId: '5511933334444', userId: 'BR.2' },
    { waId: '5511987654321', userId: 'BR.3' },
    { waId: '5521987654321', userId: 'BR.4' },
    { waId: '525512345678', userId: 'MX.5' },
    { waId: '15512345678', userId: 'US.6' },
    { userId: 'US.7', parentUserId: 'US.ENT.7' },
    { userId: 'US.8', parentUserId: 'US.ENT.8' },
    { username: 'mara' },
    { username: 'maria' },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: people.length - 1 }), { minLength: 5, maxLength: 40 }), async (sights) => {
      const register = createIdentityRegister(memoryStore());
      for (const [atMs, index] of sights.entries()) await register.learn(number, { type: 'same', ids: people[index] ?? {}, atMs });
      const ids = await Promise.all([...new Set(sights)].map(async (index) => (await register.find(number, people[index] ?? {}))?.id));
      expect(new Set(ids).size).toBe(new Set(sights).size);
    }),
    { numRuns },
  );
});

test('links survive a restart and belong to one business number', async () => {
  const store = memoryStore();
  await createIdentityRegister(store).learn(number, { type: 'same', ids: { waId: '15550100987', userId: 'US.1' }, atMs: 1 });
  const register = createIdentityRegister(store);
  expect((await register.find(number, { userId: 'US.1' }))?.id).toBe((await register.find(number, { waId: '+1 555 010 0987' }))?.id);
  expect(await register.find('206540352242922', { userId: 'US.1' })).toBeUndefined();
});

test('a person without any ID has no key', () => {
  for (const ids of [{}, { waId: '' }, { waId: '+' }, { username: '@' }, { userId: '' }]) expect(personKeys(ids)).toEqual([]);
});
