import { PGlite, type Transaction } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresMirror, type PostgresMirrorAccess } from 'wa-coexist/postgres';
import { chunk, echo, edit, mara, message, phoneNumberId, reaction, sent, status, textOf } from '../script.js';
import { spelledWamid } from '../wamids.js';

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await postgresMirror(database).migrate();
}, 120_000);
afterAll(() => database.close());

const jon = { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' };
const wamid = (index: number, peer: string = jon.waId): string => spelledWamid(peer, `TOKEN${String(index).padStart(7, '0')}`);

/** What programs do often. Each operation concerns few messages. */
const operations: readonly (readonly [name: string, run: (mirror: PostgresMirrorAccess, index: number) => Promise<unknown>])[] = [
  ['a new message', (mirror, index) => mirror.handle(message(mara, wamid(index, mara.waId), index, textOf('Hi')))],
  ['a sent message', (mirror, index) => mirror.handle(sent(mara, wamid(index, mara.waId), index, textOf('Hi')))],
  ['a status', (mirror, index) => mirror.handle(status(mara, wamid(index - 1, mara.waId), index, 'delivered'))],
  ['a status under another wamid', (mirror, index) => mirror.handle(status(mara, wamid(index - 2, mara.userId), index, 'read'))],
  ['a status that names nobody', (mirror, index) => mirror.handle(status({}, wamid(index - 3, mara.userId), index, 'read'))],
  [
    'a reaction',
    (mirror, index) => mirror.handle(message(mara, wamid(index, mara.waId), index, reaction(wamid(index - 5, mara.userId), '👍'))),
  ],
  [
    'an edit',
    (mirror, index) => mirror.handle(message(mara, wamid(index, mara.waId), index, edit(wamid(index - 6, mara.waId), textOf('Edited')))),
  ],
  ['an echo', (mirror, index) => mirror.handle(echo(mara, wamid(index, mara.waId), index, textOf('From the app')))],
  ['a page of a conversation', (mirror) => mirror.messages(phoneNumberId, mara, { limit: 20 })],
  ['a page of the thread list', (mirror) => mirror.threads(phoneNumberId, { limit: 20 })],
  ['a conversation', (mirror) => mirror.thread(phoneNumberId, mara)],
  ['a message', (mirror) => mirror.message(phoneNumberId, wamid(20_000, mara.userId))],
  ['the edits of a message', (mirror) => mirror.edits(phoneNumberId, wamid(20_000, mara.waId))],
  ['marking as read', (mirror) => mirror.markRead(phoneNumberId, mara)],
];

/** Returns the number of rows that a transaction has read so far, or found in an index. */
async function rowsRead(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ n: number }>(
    `SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0))::int AS n FROM pg_stat_xact_user_tables WHERE relname LIKE 'wa_%'`,
  );
  return rows[0]?.n ?? 0;
}

describe('with the plans of a small database', () => {
  test('each operation reads few rows of a large one', { timeout: 300_000 }, async () => {
    const mirror = postgresMirror(database);
    // PostgreSQL plans the statements of functions in the first calls, and then keeps the plans.
    for (let round = 0; round < 8; round += 1) {
      for (const [index, [, run]] of operations.entries()) await run(mirror, 20_000 + round * 20 + index);
    }
    const people = Array.from({ length: 300 }, (_, index) => ({
      waId: String(15550200000 + index),
      userId: `US.8${String(index)}`,
      name: 'Ida',
    }));
    await mirror.handle(people.map((person, index) => message(person, wamid(30_000 + index, person.waId), index, textOf('Hello'))));
    for (let from = 0; from < 600; from += 300) {
      const items = Array.from({ length: 300 }, (_, index) => ({
        id: wamid(from + index),
        second: from + index,
        content: textOf(`Past ${String(index)}`),
      }));
      await mirror.handle(chunk(jon, items, from / 300 + 1));
      await mirror.handle(items.map(({ id }, index) => message(jon, `wamid.R${String(from + index)}`, 10_000, reaction(id, '👍'))));
    }
    const read: Record<string, number> = {};
    for (const [index, [name, run]] of operations.entries()) {
      await database.transaction(async (transaction) => {
        const before = await rowsRead(transaction);
        await run(mirror.withTransaction(transaction), 21_000 + index);
        read[name] = (await rowsRead(transaction)) - before;
      });
    }
    expect(Object.entries(read).filter(([, rows]) => rows > 200)).toEqual([]);
    expect(Object.values(read).every((rows) => rows > 0)).toBe(true);
  });
});
