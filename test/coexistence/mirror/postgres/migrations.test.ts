import { PGlite } from '@electric-sql/pglite';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import { mirrorMigration, outboxMigration, postgresMirror, storeMigration, type PostgresMirror } from 'wa-coexist/postgres';
import fc from '../../../fast-check.js';
import { collect } from '../../collect.js';
import { draw, drawnEvents, linked } from '../draws.js';
import { mara, message, phoneNumberId, textOf, timeAt } from '../script.js';

/** SQL that programs of earlier versions ran: the first and the last state of version 1. */
const sqlOf = (name: string): string => readFileSync(new URL(`version-1/${name}.sql`, import.meta.url), 'utf8');

/** Events of several business numbers. */
const numbers = fc
  .sample(
    fc.array(draw, { maxLength: 14 }).map((drawn) => drawnEvents([...linked, ...drawn], String)),
    { numRuns: 12, seed: 20_261_130 },
  )
  .map((events, index) => ({ number: `33990011223${String(1000 + index)}`, events }));
async function fed(mirror: PostgresMirror): Promise<void> {
  for (const { number, events } of numbers) {
    await mirror.handle(events.map((event): ConversationEvent => ({ ...event, phoneNumberId: number })));
  }
}
async function everything(mirror: PostgresMirror): Promise<unknown> {
  const all = [];
  for (const { number } of numbers) {
    const { items } = await mirror.threads(number, { limit: 1_000 });
    all.push([items, await collect(mirror.export(number)), (await mirror.search(number, 'text')).items]);
  }
  return all;
}

/** Everything that the SQL has created, apart from the order of the columns. */
async function schemaOf(database: PGlite): Promise<unknown> {
  const queries = [
    `SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY 1, 2`,
    `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 2`,
    `SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace ORDER BY 1`,
    `SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
    'SELECT part, version FROM wa_schema ORDER BY 1',
  ];
  return Promise.all(queries.map(async (query) => (await database.query(query)).rows));
}

test.each(['mirror-first', 'mirror-last'])(
  'migrate() upgrades a mirror of version 1 with its rows: %s',
  { timeout: 120_000 },
  async (sql) => {
    await using earlier = await PGlite.create();
    await using current = await PGlite.create();
    await earlier.exec(sqlOf(sql));
    const [upgraded, created] = [postgresMirror(earlier), postgresMirror(current)];
    await created.migrate();
    const erased = { waId: '15550100990' };
    for (const mirror of [upgraded, created]) {
      await fed(mirror);
      await mirror.handle([message(erased, 'wamid.erased', 1, textOf('Secret')), message(mara, 'wamid.read', 2, textOf('Read'))]);
      await mirror.forget(erased);
      await mirror.markRead(phoneNumberId, mara);
    }
    await upgraded.migrate();
    expect(await schemaOf(earlier)).toEqual(await schemaOf(current));
    const after = postgresMirror(earlier);
    expect(await everything(after)).toEqual(await everything(created));
    await after.handle([message(erased, 'wamid.erased', 1, textOf('Secret')), message(mara, 'wamid.new', 3, textOf('New'))]);
    expect((await after.threads(phoneNumberId)).items).toMatchObject([{ name: 'Mara', unread: 1, lastMessage: { occurredAt: timeAt(3) } }]);
  },
);

test('a program of an earlier version leaves a newer schema unchanged', { timeout: 60_000 }, async () => {
  await using database = await PGlite.create();
  await postgresMirror(database).migrate();
  const before = await schemaOf(database);
  await database.exec(sqlOf('mirror-last'));
  expect(await schemaOf(database)).toEqual(before);
});

/**
 * If this test fails, the SQL has changed. If a release contains the version, increase it, store its SQL in a folder
 * such as `version-1`, and test the upgrade from it.
 */
test('a change of the SQL needs a new version', () => {
  const digest = (sql: string): string => createHash('sha256').update(sql).digest('hex').slice(0, 16);
  expect({ mirror: digest(mirrorMigration()), store: digest(storeMigration()), outbox: digest(outboxMigration()) }).toEqual({
    mirror: 'a5c71209baaed6d4',
    store: 'aab7768c0e6274c1',
    outbox: '18793309103fa4d1',
  });
});
