import { randomBytes } from 'node:crypto';
import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { conversationChanges, postgresSchema, postgresUpserts } from 'wa-coexist/coexistence';
import { threadIdOf, type ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror } from 'wa-coexist/sqlite';
import { isLong } from '../../long-runs.js';
import { addTo, tables, usePostgresMirror } from './postgres-mirror.js';
import { anyOrders, chunk, edit, mara, message, phoneNumberId, reaction, textOf, timeAt } from './script.js';

const postgres = usePostgresMirror();

async function rowsAfter(events: readonly ConversationEvent[]): Promise<unknown> {
  await postgres.empty();
  await addTo(postgres.database(), events);
  return Promise.all(tables.map(async (table) => (await postgres.database().query(`SELECT * FROM wa_${table} ORDER BY 1, 2, 3`)).rows));
}

describe('the mirror in Postgres', () => {
  test('contains the same rows after any order and any repetition', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders(), async ([events, mixed]) => {
        expect(await rowsAfter(mixed)).toEqual(await rowsAfter(events));
      }),
      { numRuns: isLong ? 1_000 : 10 },
    );
  });

  test('has useful column types, and stores texts without characters that Postgres rejects', async () => {
    const odd = 'a\0b \ud800 \\u0000 👍';
    await rowsAfter([message(mara, 'wamid.1', 1, textOf(odd))]);
    const { rows } = await postgres.database().query('SELECT text, content, occurred_at, customer_id FROM wa_messages');
    const body = 'a\ufffdb \ufffd \\u0000 👍';
    expect(rows).toEqual([{ text: body, content: { type: 'text', text: { body } }, occurred_at: timeAt(1), customer_id: mara.userId }]);
  });

  test('indexes IDs of any length, and finds their rows by the full ID', { timeout: 60_000 }, async () => {
    // Random, because PostgreSQL compresses values.
    const long = (length: number): string => randomBytes(length).toString('base64url');
    for (const length of [200, 450, 3_000, 9_000]) {
      const [id, userId] = [`wamid.${long(length)}`, `US.${long(length)}`];
      const person = { userId, name: 'Mara' };
      const events = [
        message(person, id, 1, textOf('Hi')),
        message(person, `wamid.${long(length)}`, 2, reaction(id, '👍')),
        message(person, `wamid.${long(length)}`, 3, edit(id, textOf('Hello'))),
        message(person, `wamid.${long(length)}`, 4, { ...textOf('Quote'), context: { id } }),
      ];
      await rowsAfter(events);
      const { rows } = await postgres.database().query('SELECT customer_id FROM wa_messages');
      const [{ customer_id: customerId } = { customer_id: undefined }] = rows as readonly { readonly customer_id?: unknown }[];
      const { rows: found } = await postgres.database().query('SELECT emoji FROM wa_reactions_of($1, $2)', [phoneNumberId, customerId]);
      expect(found).toEqual([{ emoji: '👍' }]);
      await using mirror = sqliteMirror(':memory:');
      await mirror.handle(events);
      expect(await mirror.message(phoneNumberId, id)).toMatchObject({ text: 'Hello', reactions: [{ emoji: '👍' }] });
      expect(await mirror.edits(phoneNumberId, id)).toHaveLength(1);
      const items = (await mirror.messages(phoneNumberId, person)).items;
      expect(items.map(({ text }) => text)).toEqual(['Quote', 'Hello']);
      expect(items[0]?.answers).toBe(items[1]?.messageId);
    }
  });

  test('writes any part of a history with at most one statement per table', () => {
    const items = Array.from({ length: 3_000 }, (_, index) => ({ id: `wamid.${String(index)}`, second: index, content: textOf('Hi') }));
    expect(postgresUpserts(conversationChanges(chunk(mara, items)))).toHaveLength(4);
    expect(postgresUpserts([])).toEqual([]);
  });

  test('follows aliases in wa_thread_of as threadIdOf does, also in cycles', { timeout: 120_000 }, async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const alias = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    await fc.assert(
      fc.asyncProperty(fc.array(alias, { maxLength: 6 }), async (pairs) => {
        const aliases = new Map(pairs);
        await postgres.empty();
        for (const [from, to] of aliases)
          await postgres.database().query('INSERT INTO wa_aliases VALUES ($1, $2, $3)', [phoneNumberId, from, to]);
        for (const id of ids) {
          const { rows } = await postgres.database().query('SELECT wa_thread_of($1, $2) AS thread', [phoneNumberId, id]);
          expect(rows).toEqual([{ thread: threadIdOf(id, (one) => aliases.get(one)) }]);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('rejects a prefix that is no plain name', () => {
    expect(postgresSchema({ prefix: 'chat_' })).toContain('CREATE TABLE IF NOT EXISTS chat_messages');
    for (const prefix of ['', 'a;b', 'x"', 'ä', '1a']) expect(() => postgresSchema({ prefix })).toThrow(InvalidArgumentError);
    expect(() => postgresUpserts([], { prefix: 'DROP TABLE' })).toThrow(InvalidArgumentError);
  });
});
