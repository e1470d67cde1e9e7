import { PGlite } from '@electric-sql/pglite';
import fc from '../../../fast-check.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidArgumentError, messageToken } from 'wa-coexist';
import { conversationChanges, postgresSchema, postgresUpserts, type ConversationEvent } from 'wa-coexist/coexistence';
import { mirrorMigration, postgresMirror, type PostgresMirror } from 'wa-coexist/postgres';
import { sqliteMirror, type MirroredMessage, type SqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { chooseRuns } from '../../../long-runs.js';
import { collect } from '../../collect.js';
import { draw, drawnEvents, linked } from '../draws.js';
import {
  anyOrders,
  chunk,
  contact,
  echo,
  edit,
  imageOf,
  mara,
  message,
  newUserId,
  phoneNumberId,
  reaction,
  sent,
  status,
  textOf,
  timeAt,
} from '../script.js';

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await postgresMirror(database).migrate();
}, 120_000);
afterAll(() => database.close());

const tables = ['messages', 'edits', 'reactions', 'customers', 'aliases', 'owners', 'conversations', 'forgotten'];
async function empty(): Promise<void> {
  await database.query(`TRUNCATE ${tables.map((table) => `wa_${table}`).join(', ')}`);
  await database.query('UPDATE wa_mirror_state SET erasures = 0');
}
async function fed(events: readonly ConversationEvent[], size = 1): Promise<PostgresMirror> {
  await empty();
  const mirror = postgresMirror(database, { clock: fakeClock({ now: timeAt(20) }) });
  for (let from = 0; from < events.length; from += size) await mirror.handle(events.slice(from, from + size));
  return mirror;
}
const jon = { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' };

/** A message that isn't stored can be quoted under any of its wamids. */
function comparable(messages: readonly MirroredMessage[]): readonly unknown[] {
  const ids = new Set(messages.map(({ messageId }) => messageId));
  return messages.map((one) => ({
    ...one,
    answers: one.answers === undefined || ids.has(one.answers) ? one.answers : messageToken(one.answers),
  }));
}
async function everything(mirror: PostgresMirror | SqliteMirror): Promise<unknown> {
  const { items } = await mirror.threads(phoneNumberId, { limit: 1_000 });
  const threads = [];
  for (const thread of items) {
    const { unread: _unread, lastMessage, ...person } = { unread: 0, ...thread };
    const messages = await collect(mirror.stream(phoneNumberId, thread.threadId));
    const edits = await Promise.all(messages.map(({ messageId }) => mirror.edits(phoneNumberId, messageId)));
    threads.push({ person, last: lastMessage.messageId, messages: comparable(messages), edits });
  }
  return threads;
}

describe('postgresMirror', () => {
  test('returns what the SQLite mirror returns, after any order and in batches of any size', { timeout: 3_600_000 }, async () => {
    const draws = fc
      .array(
        draw.filter(({ kind }) => kind !== 'recycled'),
        { maxLength: 14 },
      )
      .chain((some) => fc.shuffledSubarray([...some, ...linked], { minLength: some.length + linked.length }));
    await fc.assert(
      fc.asyncProperty(draws, fc.integer({ min: 1, max: 8 }), async (drawn, size) => {
        const events = drawnEvents(drawn, String);
        const mirror = await fed(events, size);
        await using other = sqliteMirror(':memory:');
        await other.handle(events);
        expect(await everything(mirror)).toEqual(await everything(other));
      }),
      { numRuns: chooseRuns(1_000, 40) },
    );
  });

  test('returns the same conversations after any order and any repetition', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders(), fc.integer({ min: 1, max: 8 }), async ([events, mixed], size) => {
        const straight = await everything(await fed(events));
        expect(await everything(await fed(mixed, size))).toEqual(straight);
      }),
      { numRuns: chooseRuns(1_000, 15) },
    );
  });

  test('pages continue after the last item, while other messages arrive', async () => {
    const customers = Array.from({ length: 23 }, (_, index) => ({ waId: `1555010${String(1000 + index)}` }));
    const mirror = await fed(
      customers.map((person, index) => message(person, `wamid.${String(index)}`, index, textOf('Hi'))),
      23,
    );
    const threadIds: string[] = [];
    let after: string | undefined;
    do {
      const page = await mirror.threads(phoneNumberId, { limit: 5, after });
      threadIds.push(...page.items.map(({ threadId }) => threadId));
      await mirror.handle(message({ waId: '15550109999' }, `wamid.new${String(threadIds.length)}`, 100, textOf('New')));
      after = page.next;
    } while (after !== undefined);
    expect(threadIds).toEqual(customers.map(({ waId }) => waId).reverse());
    const many = Array.from({ length: 57 }, (_, index) => `wamid.m${String(index).padStart(2, '0')}`);
    await mirror.handle(
      many.map((id, index) => message(index % 2 === 0 ? { waId: jon.waId } : jon, id, Math.floor(index / 4), textOf('Hi'))),
    );
    for (const order of ['latest-first', 'oldest-first'] as const) {
      const ids: string[] = [];
      let next: string | undefined;
      do {
        const page = await mirror.messages(phoneNumberId, jon, { limit: 10, order, after: next });
        ids.push(...page.items.map(({ messageId }) => messageId));
        next = page.next;
      } while (next !== undefined);
      expect(ids).toEqual(order === 'oldest-first' ? many : [...many].reverse());
    }
    expect(await collect(mirror.stream(phoneNumberId))).toHaveLength(23 + 57 + 5);
    await expect(mirror.messages(phoneNumberId, jon, { after: 'nonsense' })).rejects.toThrow(InvalidArgumentError);
  });

  test('counts unread messages since the last message of the business and since markRead', async () => {
    const mirror = await fed([message(mara, 'wamid.1', 1, textOf('One')), message(mara, 'wamid.2', 2, textOf('Two'))]);
    const unread = async () => (await mirror.thread(phoneNumberId, mara))?.unread;
    expect(await unread()).toBe(2);
    await mirror.handle(echo(mara, 'wamid.3', 3, textOf('Answer')));
    expect(await unread()).toBe(0);
    await mirror.handle([message(mara, 'wamid.4', 4, textOf('Four')), message(mara, 'wamid.5', 5, textOf('Five'))]);
    await mirror.handle(message(mara, 'wamid.6', 6, reaction('wamid.3', '👍')));
    expect(await unread()).toBe(2);
    await mirror.markRead(phoneNumberId, mara, { until: timeAt(4) });
    expect(await unread()).toBe(1);
    await mirror.markRead(phoneNumberId, { waId: mara.waId });
    expect(await unread()).toBe(0);
    await mirror.handle(newUserId(mara.waId, mara.userId, 'US.7', 7));
    expect(await unread()).toBe(0);
    expect(await mirror.thread(phoneNumberId, { waId: mara.waId })).toMatchObject({ threadId: 'US.7', unread: 0 });
    await mirror.markRead(phoneNumberId, 'nobody');
  });

  test('finds messages by the start of their words, in one conversation or in all', async () => {
    const mirror = await fed([
      message(mara, 'wamid.1', 1, textOf("Do you have rye-bread? It's urgent")),
      message(jon, 'wamid.2', 2, textOf('Rye bread & rolls, please')),
      message(jon, 'wamid.3', 3, textOf('Baguettes')),
      message(jon, 'wamid.4', 4, edit('wamid.3', textOf('Rye baguettes'))),
    ]);
    const found = async (text: string, customer?: object) =>
      (await mirror.search(phoneNumberId, text, { customer })).items.map(({ messageId }) => messageId);
    expect(await found('RYE')).toEqual(['wamid.3', 'wamid.2', 'wamid.1']);
    expect(await found('rye bre')).toEqual(['wamid.2', 'wamid.1']);
    expect(await found('rye', mara)).toEqual(['wamid.1']);
    expect(await found("ur'; & | !*:gent")).toEqual([]);
    expect(await found('')).toEqual([]);
    const { items, next } = await mirror.search(phoneNumberId, 'rye', { limit: 2 });
    expect(items).toHaveLength(2);
    expect((await mirror.search(phoneNumberId, 'rye', { limit: 2, after: next })).items).toMatchObject([{ messageId: 'wamid.1' }]);
  });

  test('finds words next to punctuation, in other languages and by one letter, in the latest messages and in old ones', async () => {
    const texts = [
      'Write to anna@example.com or see https://shop.example/order-17/a_b',
      'Paid 3.50, invoice #2026-117 (final)',
      'मुझे हिन्दी में जवाब दें',
      'Ich möchte „Brötchen“',
      '面包。谢谢',
      'Сколько стоит доставка?',
      "C'est l'heure",
    ];
    const fillers = Array.from({ length: 150 }, (_, index) => message(jon, `wamid.filler${String(index)}`, 100 + index, textOf('Nothing')));
    const mirror = await fed([...texts.map((text, index) => message(mara, `wamid.${String(index)}`, index, textOf(text))), ...fillers]);
    const found = async (text: string) => (await mirror.search(phoneNumberId, text)).items.map(({ messageId }) => messageId);
    for (const [text, index] of [
      ['example.com', 0],
      ['anna@exa', 0],
      ['shop order', 0],
      ['17', 0],
      ['a_b', 0],
      ['3.5', 1],
      ['117 final', 1],
      ['हिन्दी', 2],
      ['हिन्', 2],
      ['brötchen', 3],
      ['BRÖ', 3],
      ['w', 0],
      ['面', 4],
      ['谢谢', 4],
      ['доставка', 5],
      ['heure', 6],
      ['l', 6],
    ] as const) {
      expect([text, await found(text)]).toEqual([text, [`wamid.${String(index)}`]]);
    }
    expect((await mirror.search(phoneNumberId, 'n', { limit: 200 })).items).toHaveLength(150);
    expect((await mirror.search('another number', 'brötchen')).items).toEqual([]);
    expect(await found('\0 \ud800')).toEqual([]);
  });

  test('forgets a person, and redelivered events do not restore the data', async () => {
    const story = [
      chunk({ waId: mara.waId }, [{ id: 'wamid.0', second: 0, content: textOf('Old secret') }]),
      message(mara, 'wamid.1', 1, textOf('My secret')),
      message(mara, 'wamid.2', 2, edit('wamid.1', imageOf('880', 'My other secret'))),
      echo(mara, 'wamid.3', 3, imageOf('881', 'Secret answer')),
      message(mara, 'wamid.4', 4, reaction('wamid.3', '👍')),
      sent(mara, 'wamid.5', 5, textOf('Secret offer')),
      status(mara, 'wamid.5', 6, 'read'),
      contact(mara, 7, 'Mara Secret'),
    ];
    const mirror = await fed([...story, message(jon, 'wamid.8', 8, textOf('Not hers'))]);
    const other = postgresMirror(database);
    await other.handle(message(jon, 'wamid.9', 9, textOf('Hello')));
    const erasure = await mirror.forget({ waId: mara.waId });
    expect([...erasure.messageIds].sort()).toEqual(['wamid.0', 'wamid.1', 'wamid.3', 'wamid.4', 'wamid.5']);
    expect([...erasure.mediaIds].sort()).toEqual(['880', '881']);
    expect(erasure).toMatchObject({ edits: 1, reactions: 1 });
    expect(erasure.ids.map(({ id }) => id).sort()).toEqual([mara.waId, mara.userId].sort());
    for (const table of tables) {
      const { rows } = await database.query(`SELECT * FROM wa_${table}`);
      expect(JSON.stringify(rows)).not.toMatch(/ecret|Mara|15550100987|wamid.1/);
    }
    // The other process reads the erasure from the database.
    for (const one of [mirror, other]) for (const event of story) await one.handle(event);
    expect(await mirror.thread(phoneNumberId, mara)).toBeUndefined();
    await mirror.handle(message(mara, 'wamid.40', 40, textOf('Hello again')));
    expect((await collect(mirror.stream(phoneNumberId, mara))).map(({ text }) => text)).toEqual(['Hello again']);
    expect((await mirror.threads(phoneNumberId)).items.map(({ name }) => name)).toEqual(['Mara', 'Jon']);
  });

  test('removes messages before a time, and people without messages', async () => {
    const mirror = await fed([
      message(mara, 'wamid.1', 1, textOf('Old')),
      message(jon, 'wamid.2', 2, textOf('Old, too')),
      message(jon, 'wamid.3', 3, reaction('wamid.2', '👍')),
      message(jon, 'wamid.4', 50, textOf('New')),
    ]);
    expect(await mirror.removeBefore(timeAt(50))).toBe(3);
    expect((await mirror.threads(phoneNumberId)).items.map(({ name }) => name)).toEqual(['Jon']);
    expect(await mirror.removeBefore(timeAt(50), { phoneNumberId })).toBe(0);
    expect((await database.query('SELECT * FROM wa_customers')).rows).toHaveLength(1);
    expect((await database.query('SELECT * FROM wa_reactions')).rows).toHaveLength(0);
  });

  test('exports a person as JSON', async () => {
    const mirror = await fed([
      message(mara, 'wamid.1', 1, textOf('Tow loaves')),
      message(mara, 'wamid.2', 2, edit('wamid.1', textOf('Two loaves'))),
      message(jon, 'wamid.3', 3, textOf('Hi')),
    ]);
    expect(JSON.parse(JSON.stringify(await collect(mirror.export(phoneNumberId, mara))))).toMatchObject([
      { record: 'customer', customer: { name: 'Mara', waId: mara.waId }, ids: [mara.userId, mara.waId] },
      { record: 'message', message: { messageId: 'wamid.1', text: 'Two loaves' }, edits: [{ editId: 'wamid.2' }] },
    ]);
    expect(await collect(mirror.export(phoneNumberId))).toHaveLength(4);
  });

  test('the views wa_threads and wa_people contain one row for each person', async () => {
    await fed([
      message({ waId: mara.waId }, 'wamid.1', 1, textOf('Hi')),
      message(mara, 'wamid.2', 2, textOf('Hello')),
      contact(mara, 3, 'Mara L.'),
    ]);
    expect((await database.query('SELECT thread_id, wa_id, user_id, name, contact_name FROM wa_people')).rows).toEqual([
      { thread_id: mara.userId, wa_id: mara.waId, user_id: mara.userId, name: 'Mara', contact_name: 'Mara L.' },
    ]);
    expect((await database.query('SELECT thread_id, contact_name, last_text, last_direction, unread FROM wa_threads')).rows).toEqual([
      { thread_id: mara.userId, contact_name: 'Mara L.', last_text: 'Hello', last_direction: 'inbound', unread: 2 },
    ]);
  });

  test('upgrades the tables of postgresSchema with their rows, and can run again', { timeout: 60_000 }, async () => {
    await using earlier = await PGlite.create();
    await earlier.exec(postgresSchema());
    const events = [message({ waId: mara.waId }, 'wamid.1', 1, textOf('Hi')), message(mara, 'wamid.2', 2, textOf('Hello'))];
    for (const event of events) {
      for (const { text, values } of postgresUpserts(conversationChanges(event))) await earlier.query(text, [...values]);
    }
    const mirror = postgresMirror(earlier);
    await mirror.migrate();
    await earlier.exec(mirrorMigration());
    expect((await collect(mirror.stream(phoneNumberId, mara))).map(({ text }) => text)).toEqual(['Hi', 'Hello']);
    expect((await mirror.threads(phoneNumberId)).items).toMatchObject([{ threadId: mara.userId, unread: 2 }]);
    expect((await earlier.query('SELECT part, version FROM wa_schema')).rows).toEqual([{ part: 'mirror', version: 1 }]);
  });
});
