import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror, type SqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { chooseRuns } from '../../long-runs.js';
import { collect } from '../collect.js';
import { useMirrors } from './mirrors.js';
import {
  chunk,
  echo,
  edit,
  imageOf,
  mara,
  message,
  newUserId,
  pastMedia,
  phoneNumberId,
  placeholder,
  reaction,
  revoke,
  sent,
  status,
  textOf,
  timeAt,
  type Person,
} from './script.js';
import { spelledWamid } from './wamids.js';

const numRuns = chooseRuns(2_000, 200);
const { folder, open: openMirror, fed: feedMirror } = useMirrors({ clock: fakeClock({ now: timeAt(1_000) }) });
const open = (file?: string): SqliteMirror => openMirror({ ...(file !== undefined && { file }) });
const fed = (events: readonly ConversationEvent[], file?: string): Promise<SqliteMirror> =>
  feedMirror(events, { ...(file !== undefined && { file }) });
let numbers = 0;
/** Handles the events on a separate business number, so that runs of a property can share a mirror. */
async function fedAlone(mirror: SqliteMirror, events: readonly ConversationEvent[]): Promise<string> {
  const number = `3399001122${String((numbers += 1)).padStart(8, '0')}`;
  // In deliveries of one or several events.
  const size = 1 + (numbers % 16);
  for (let from = 0; from < events.length; from += size) {
    await mirror.handle(events.slice(from, from + size).map((event) => ({ ...event, phoneNumberId: number })));
  }
  return number;
}

const jon = { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' };
/** The two spellings of a wamid: that of the message and that of later events, in both directions. */
const spellings = fc.constantFrom<readonly [Spelling, Spelling]>(
  ['phone', 'user'],
  ['user', 'phone'],
  ['phone', 'phone'],
  ['user', 'user'],
);
type Spelling = 'phone' | 'user';
const id = (person: { waId: string; userId: string }, token: string, spelling: Spelling, isOutbound = false): string =>
  spelledWamid(spelling === 'phone' ? person.waId : person.userId, token, isOutbound);
/** The IDs of the person in a webhook: both, or one. The first message of each run links them. */
const namings = fc.constantFrom<(person: typeof mara) => Person>(
  (person) => person,
  ({ waId }) => ({ waId }),
  ({ userId }) => ({ userId }),
);

/** Messages in both directions with all possible later events, each with its own spelling. */
const conversation = fc
  .record({
    own: spellings,
    theirs: spellings,
    api: spellings,
    media: spellings,
    names: fc.array(namings, { minLength: 14, maxLength: 14 }),
  })
  .map(({ own, theirs, api, media, names }) => {
    const name = (index: number): Person => names[index % names.length]?.(mara) ?? mara;
    const incoming = (spelling: 0 | 1): string => id(mara, 'INCOMING1', theirs[spelling]);
    const app = (spelling: 0 | 1): string => id(mara, 'TYPEDINAPP', own[spelling], true);
    const send = (spelling: 0 | 1): string => id(mara, 'SENTBYAPI1', api[spelling], true);
    const file = (spelling: 0 | 1): string => id(mara, 'WITHAFILE1', media[spelling]);
    const events = [
      message(mara, id(mara, 'LINKSBOTH1', 'phone'), 0, textOf('Hi')),
      message(name(1), incoming(0), 1, textOf('Tow loaves')),
      chunk(mara, [{ id: incoming(1), second: 1, content: textOf('Tow loaves') }]),
      echo(name(2), app(0), 2, textOf('Wrong chat')),
      chunk(mara, [{ id: app(1), second: 2, content: textOf('Wrong chat'), outbound: true }], 2),
      sent({ waId: mara.waId }, send(0), 3, textOf('Noted')),
      echo(name(3), send(1), 4, textOf('Noted')),
      status(name(4), send(1), 5, 'read'),
      status(name(5), send(0), 4, 'delivered'),
      message(name(6), id(mara, 'REACTION01', 'user'), 6, reaction(send(1), '👍')),
      message(name(7), id(mara, 'EDIT000001', 'phone'), 7, edit(incoming(1), textOf('Two loaves'))),
      echo(name(8), id(mara, 'REVOKE0001', 'phone', true), 8, revoke(app(1))),
      message(name(9), id(mara, 'QUOTE00001', 'phone'), 9, { ...textOf('This one'), context: { id: send(1) } }),
      message(name(10), id(mara, 'QUOTE00002', 'user'), 10, { ...textOf('That one'), context: { id: incoming(1) } }),
      chunk(mara, [{ id: file(0), second: 11, content: placeholder }], 3),
      pastMedia(name(11), file(1), 11, imageOf('880011223344', 'Window')),
    ];
    return { events, ids: { incoming, app, send, file } };
  });
const shuffled = conversation.chain(({ events, ids }) =>
  fc.record({
    ids: fc.constant(ids),
    events: fc.subarray(events).chain((twice) => fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length })),
  }),
);

describe('messages with several wamids', () => {
  test(
    'quotes, reactions, edits, deletions, statuses, history and media find their message in any order',
    { timeout: 3_600_000 },
    async () => {
      const mirror = open();
      await fc.assert(
        fc.asyncProperty(shuffled, async ({ events, ids }) => {
          const number = await fedAlone(mirror, events);
          const items = await collect(mirror.stream(number, mara));
          expect(items.map(({ text }) => text)).toEqual(['Hi', 'Two loaves', 'Wrong chat', 'Noted', 'This one', 'That one', 'Window']);
          expect((await mirror.threads(number)).items).toHaveLength(1);
          for (const spelling of [0, 1] as const) {
            expect(await mirror.message(number, ids.app(spelling))).toMatchObject({ author: 'app', revokedAt: timeAt(8) });
            expect(await mirror.message(number, ids.send(spelling))).toMatchObject({
              author: 'api',
              status: 'read',
              reactions: [{ reactor: 'customer', emoji: '👍' }],
            });
            expect(await mirror.edits(number, ids.incoming(spelling))).toHaveLength(1);
            expect(await mirror.message(number, ids.file(spelling))).toMatchObject({ type: 'image', media: { id: '880011223344' } });
          }
          const byText = new Map(items.map((item) => [item.text, item]));
          expect(byText.get('This one')?.answers).toBe(byText.get('Noted')?.messageId);
          expect(byText.get('That one')?.answers).toBe(byText.get('Two loaves')?.messageId);
        }),
        { numRuns },
      );
    },
  );

  test('equal tokens in different conversations never merge messages', { timeout: 3_600_000 }, async () => {
    const people = [mara, jon];
    const mirror = open();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 }),
        spellings,
        async (order, [first, second]) => {
          const token = 'SAMETOKEN1';
          const events = people.flatMap((person, index) => [
            message(person, id(person, token, first), 1 + index, textOf(`From ${person.name}`)),
            message(
              person,
              id(person, `REACTION0${String(index)}`, 'phone'),
              3,
              reaction(id(person, token, second), index === 0 ? '👍' : '🎉'),
            ),
            message(person, id(person, `QUOTE0000${String(index)}`, 'phone'), 4, {
              ...textOf('Quote'),
              context: { id: id(person, token, second) },
            }),
            chunk(person, [{ id: id(person, token, second), second: 1 + index, content: textOf(`From ${person.name}`) }]),
            message(
              person,
              id(person, `EDIT00000${String(index)}`, 'phone'),
              5,
              edit(id(person, token, second), textOf(`Edited by ${person.name}`)),
            ),
          ]);
          const number = await fedAlone(mirror, order.map((index) => events[index] ?? []).flat());
          for (const [index, person] of people.entries()) {
            const [one, quote, ...others] = await collect(mirror.stream(number, person));
            expect(others).toEqual([]);
            expect(one).toMatchObject({ text: `Edited by ${person.name}`, reactions: [{ emoji: index === 0 ? '👍' : '🎉' }] });
            expect(quote?.answers).toBe(one?.messageId);
          }
        },
      ),
      { numRuns },
    );
  });

  test('two messages of one conversation with equal tokens are never merged on a guess', { timeout: 3_600_000 }, async () => {
    const token = 'SAMETOKEN1';
    const ids = {
      before: spelledWamid('15550100555', token),
      now: id(mara, token, 'phone'),
      outbound: id(mara, token, 'phone', true),
      follow: id(mara, token, 'user'),
    };
    const events = [
      message(mara, ids.now, 1, textOf('First')),
      message(mara, ids.before, 2, textOf('Second')),
      echo(mara, ids.outbound, 3, textOf('Third')),
      message(mara, id(mara, 'REVOKE0001', 'phone'), 4, revoke(ids.follow)),
      message(mara, id(mara, 'REACTION01', 'phone'), 5, reaction(ids.follow, '👍')),
      message(mara, id(mara, 'QUOTE00001', 'phone'), 6, { ...textOf('Quote'), context: { id: ids.follow } }),
    ];
    const mirror = open();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (order) => {
        const number = await fedAlone(mirror, order);
        const items = (await collect(mirror.stream(number, mara))).filter(({ text }) => text !== undefined);
        expect(items.map(({ text, revokedAt, reactions }) => [text, revokedAt, reactions])).toEqual(
          ['First', 'Second', 'Third', 'Quote'].map((text) => [text, undefined, []]),
        );
        expect(items.at(-1)?.answers).toBe(ids.follow);
      }),
      { numRuns },
    );
  });

  test('one person with two to six IDs is one row', { timeout: 3_600_000 }, async () => {
    const userIds = ['BR.90000000000000000001', 'BR.90000000000000000002', 'BR.90000000000000000003'];
    const numbers = ['5511987654321', '551187654321', '+55 (11) 98765-4321'];
    const links = [
      message({ waId: numbers[0] ?? '', userId: userIds[0] ?? '' }, 'wamid.link', 0, textOf('Hi')),
      newUserId(numbers[0] ?? '', userIds[0] ?? '', userIds[1] ?? '', 1),
      newUserId(numbers[0] ?? '', userIds[1] ?? '', userIds[2] ?? '', 2),
    ];
    const other = fc.tuple(fc.constantFrom(...numbers, ...userIds), fc.nat(3)).map(([peer, token]) => {
      const person = peer.startsWith('BR.') ? { userId: peer } : { waId: peer };
      return message(
        person,
        spelledWamid(peer, `TOKEN0000${String(token)}${peer.startsWith('BR.') ? peer.at(-1) : ''}`),
        5 + token,
        textOf('Hi'),
      );
    });
    const mirror = open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(other, { minLength: 2, maxLength: 37 }).chain((events) => {
          const all = [...links, ...events];
          return fc.shuffledSubarray(all, { minLength: all.length });
        }),
        async (events) => {
          const number = await fedAlone(mirror, events);
          expect((await mirror.threads(number)).items).toMatchObject([{ threadId: userIds[2] }]);
        },
      ),
      { numRuns },
    );
  });

  test(
    'people with a recycled number, and a landline and a mobile number that look alike, are never merged',
    { timeout: 3_600_000 },
    async () => {
      const recycled = '15550100987';
      const events = [
        message({ waId: recycled, userId: 'US.1' }, spelledWamid(recycled, 'SAMETOKEN1'), 1, textOf('Ann')),
        message({ waId: recycled, userId: 'US.2' }, spelledWamid('US.2', 'SAMETOKEN1'), 50, textOf('Bob')),
        message({ userId: 'US.1' }, spelledWamid('US.1', 'OTHERTOKEN'), 60, textOf('Ann')),
        message({ waId: '551133334444' }, spelledWamid('551133334444', 'SAMETOKEN2'), 3, textOf('Landline')),
        message({ waId: '5511933334444' }, spelledWamid('5511933334444', 'SAMETOKEN2'), 4, textOf('Mobile')),
      ];
      const mirror = open();
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (order) => {
          const number = await fedAlone(mirror, order);
          const { items } = await mirror.threads(number);
          const texts = await Promise.all(
            items.map(async ({ threadId }) => (await collect(mirror.stream(number, threadId))).map(({ text }) => text).join()),
          );
          expect(texts.sort()).toEqual(['Ann,Ann', 'Bob', 'Landline', 'Mobile']);
        }),
        { numRuns },
      );
    },
  );

  test('merged conversations merge their messages, and are split again if the number has a new owner', async () => {
    const [byPhone, byUser] = [id(mara, 'TOKEN00001', 'phone'), id(mara, 'TOKEN00001', 'user')];
    const mirror = await fed([
      message({ waId: mara.waId }, byPhone, 1, textOf('Hello')),
      message({ userId: mara.userId }, byUser, 1, textOf('Hello')),
    ]);
    expect((await mirror.threads(phoneNumberId)).items).toHaveLength(2);
    await mirror.handle(status(mara, id(mara, 'OTHERTOKEN', 'phone', true), 2, 'sent'));
    expect((await collect(mirror.stream(phoneNumberId, mara))).filter(({ text }) => text === 'Hello')).toHaveLength(1);
    await mirror.handle(message({ waId: mara.waId, userId: 'US.3' }, 'wamid.new', 9, textOf('New owner')));
    expect((await collect(mirror.stream(phoneNumberId, { userId: mara.userId }))).map(({ text }) => text)).toContain('Hello');
    expect((await collect(mirror.stream(phoneNumberId, { userId: 'US.3' }))).map(({ text }) => text)).toContain('Hello');
  });

  test('a file of an earlier version gets its tokens, and its messages are merged', async () => {
    const file = join(folder, 'earlier.db');
    const [byPhone, byUser] = [id(mara, 'TOKEN00001', 'phone'), id(mara, 'TOKEN00001', 'user')];
    const quote = id(mara, 'QUOTE00001', 'phone');
    const earlier = sqliteMirror(file);
    await earlier.handle([message(mara, byPhone, 1, textOf('Hello')), message(jon, 'wamid.unknown', 2, textOf('Hi'))]);
    await earlier.close();
    // The data of the earlier version for other spellings: separate rows, without tokens.
    const database = new DatabaseSync(file);
    database.exec(`DROP INDEX wa_messages_by_customer_token; ALTER TABLE wa_messages DROP COLUMN token; DROP TABLE wa_spellings`);
    const insert = database.prepare(
      `INSERT INTO wa_messages (phone_number_id, message_id, customer_id, direction, occurred_at, place, origin_rank, type, text, content,
      content_rank, answers, revoked_at) VALUES (?, ?, ?, 'inbound', ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const at = (second: number): number => timeAt(second).getTime();
    insert.run(phoneNumberId, byUser, mara.userId, at(5), 1, null, null, null, null, null, at(5));
    insert.run(phoneNumberId, quote, mara.userId, at(6), 9, 'text', 'Quote', JSON.stringify(textOf('Quote')), 6, byUser, null);
    database
      .prepare(`INSERT INTO wa_reactions (phone_number_id, message_id, reactor, customer_id, emoji, reacted_at) VALUES (?, ?, ?, ?, ?, ?)`)
      .run(phoneNumberId, byUser, 'business', mara.userId, '👍', at(7));
    database.close();

    const mirror = open(file);
    expect(await collect(mirror.stream(phoneNumberId, mara))).toMatchObject([
      { messageId: byPhone, text: 'Hello', revokedAt: timeAt(5), reactions: [{ emoji: '👍' }] },
      { messageId: quote, answers: byPhone },
    ]);
    expect((await collect(mirror.stream(phoneNumberId, jon))).map(({ text }) => text)).toEqual(['Hi']);
    await mirror.handle(message(mara, id(mara, 'EDIT000001', 'phone'), 8, edit(byUser, textOf('Edited'))));
    expect(await mirror.message(phoneNumberId, byPhone)).toMatchObject({ text: 'Edited' });
    await mirror.close();
    expect(await open(file).message(phoneNumberId, byUser)).toMatchObject({ messageId: byPhone });
  });

  test('a file with an earlier form of the token index keeps its messages and merges their other wamids', async () => {
    const file = join(folder, 'earlier-index.db');
    const [byPhone, byUser] = [id(mara, 'TOKEN00001', 'phone'), id(mara, 'TOKEN00001', 'user')];
    const earlier = sqliteMirror(file);
    await earlier.handle([message(mara, byPhone, 1, textOf('Hello')), message(jon, 'wamid.unknown', 2, textOf('Hi'))]);
    await earlier.close();
    const database = new DatabaseSync(file);
    database.exec(`DROP INDEX wa_messages_by_customer_token;
      CREATE INDEX wa_messages_by_token ON wa_messages (token) WHERE token IS NOT NULL`);
    database.close();

    const mirror = open(file);
    await mirror.handle(message(mara, id(mara, 'REACTION01', 'user'), 3, reaction(byUser, '👍')));
    expect(await mirror.message(phoneNumberId, byPhone)).toMatchObject({ text: 'Hello', reactions: [{ emoji: '👍' }] });
    expect((await collect(mirror.stream(phoneNumberId, jon))).map(({ text }) => text)).toEqual(['Hi']);
  });

  test('duplicates in one transaction are merged under an ID that had no messages before', async () => {
    const mirror = open();
    const [byPhone, byUser] = [id(mara, 'TOKEN00001', 'phone'), id(mara, 'TOKEN00001', 'user')];
    await mirror.handle(message(mara, id(mara, 'LINKSBOTH1', 'phone'), 0, textOf('Hi')));
    await mirror.handle([
      message(mara, id(mara, 'OTHERTOKEN', 'phone'), 2, textOf('Bye')),
      message({ waId: mara.waId }, byPhone, 1, textOf('Hello')),
      message({ userId: mara.userId }, byUser, 1, textOf('Hello')),
    ]);
    expect((await collect(mirror.stream(phoneNumberId, mara))).map(({ text }) => text)).toEqual(['Hi', 'Hello', 'Bye']);
  });

  test('a reaction, an edit and a status without a customer find their message in any order', async () => {
    const [byPhone, byUser] = [id(mara, 'TOKEN00001', 'phone', true), id(mara, 'TOKEN00001', 'user', true)];
    const events = [
      message(mara, id(mara, 'LINKSBOTH1', 'phone'), 0, textOf('Hi')),
      echo(mara, byPhone, 1, textOf('Hello')),
      message({}, id(mara, 'REACTION01', 'user'), 2, reaction(byUser, '👍')),
      echo({}, id(mara, 'EDIT000001', 'user', true), 3, edit(byUser, textOf('Hello!'))),
      status({}, byUser, 4, 'read'),
    ];
    const mirror = open();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (order) => {
        const number = await fedAlone(mirror, order);
        for (const one of [byPhone, byUser]) {
          expect(await mirror.message(number, one)).toMatchObject({ text: 'Hello!', status: 'read', reactions: [{ emoji: '👍' }] });
        }
        expect(await collect(mirror.stream(number, mara))).toHaveLength(2);
      }),
      { numRuns: 100 },
    );
  });
});
