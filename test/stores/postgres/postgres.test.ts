import { PGlite } from '@electric-sql/pglite';
import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/invalid-argument-error.js';
import { StoreError } from '../../../src/errors/store-error.js';
import { postgresStore, type PostgresDatabase } from '../../../src/postgres/index.js';
import { storeContract } from '../../../src/testing/node/store-contract.js';
import { postgresThere, startPostgres, type PostgresServer } from './server.js';

if (!postgresThere)
  console.log('Left out: the tests of postgresStore on a server, because there is no PostgreSQL here. They run on PGlite.');

/** The SQL of the first version. */
const versionOne = readFileSync(new URL('version-1/store-first.sql', import.meta.url), 'utf8');
let server: PostgresServer | undefined;
let pool: Pool | undefined;
let sql: postgres.Sql | undefined;
let lite: PGlite;
beforeAll(async () => {
  lite = await PGlite.create();
  if (!postgresThere) return;
  server = await startPostgres();
  pool = new Pool({ ...server.options, max: 10 });
  const { user, ...options } = server.options;
  sql = postgres({ ...options, username: user, max: 5, prepare: false, onnotice: () => undefined });
}, 120_000);
afterAll(async () => {
  await pool?.end();
  await sql?.end();
  await lite.close();
  server?.stop();
});

const drivers: readonly (readonly [string, () => PostgresDatabase | undefined])[] = [
  ['PGlite', () => lite],
  ['pg with ten connections', () => pool],
  [
    'postgres.js',
    () =>
      sql && {
        query: async (text, values) => ({ rows: await (sql as postgres.Sql).unsafe(text, values) }),
      },
  ],
];

for (const [name, driver] of drivers) {
  describe.runIf(name === 'PGlite' || postgresThere)(`postgresStore on ${name}`, () => {
    const db = (): PostgresDatabase => driver() as PostgresDatabase;
    const createStore = async () => {
      const store = postgresStore(db());
      await store.migrate();
      await db().query('TRUNCATE wa_store', []);
      return store;
    };
    test.each(storeContract({ createStore }).map((one) => [one.name, one.run] as const))('%s', { timeout: 60_000 }, async (_name, run) => {
      await run();
    });

    test('keys with thousands of bytes are found, listed in order and deleted', async () => {
      const store = await createStore();
      const long = 'ü'.repeat(6_000);
      const keys = [long.slice(0, 500), `${long.slice(0, 500)}a`, long, `${long}\0`, `${long}b`, `${long}c`, `${long}ü`];
      for (const key of [...keys].reverse()) await store.set(key, key.length);
      const list = async (after?: string) => (await store.list(long, { limit: 2, after })).map(({ key }) => key);
      expect(await list()).toEqual([long, `${long}\0`]);
      expect(await list(`${long}\0`)).toEqual([`${long}b`, `${long}c`]);
      expect(await list(`${long}c`)).toEqual([`${long}ü`]);
      expect((await store.list('', { limit: 10 })).map(({ key }) => key)).toEqual(keys);
      expect(await store.get(`${long}b`)).toMatchObject({ value: 6_001 });
      expect(await store.delete(`${long}b`)).toBe(true);
      expect(await store.get(`${long}b`)).toBeUndefined();
    });

    test('migrate can run in several processes, repeatedly', async () => {
      await Promise.all(Array.from({ length: 5 }, () => postgresStore(db(), { prefix: 'other_' }).migrate()));
      const store = postgresStore(db(), { prefix: 'other_' });
      await store.set('a', 1);
      expect(await store.get('a')).toMatchObject({ value: 1 });
    });

    test('migrate upgrades a table of version 1 with its rows', async () => {
      await db().query(versionOne.replaceAll('wa_', 'earlier_'), []);
      await db().query('TRUNCATE earlier_store', []);
      const store = postgresStore(db(), { prefix: 'earlier_' });
      await db().query(
        `SELECT earlier_store_write('[{"head": "61", "tail": "", "rest": "", "condition": "none", "value": "1", "version": "x.1"}]')`,
        [],
      );
      await store.migrate();
      expect(await store.get('a')).toEqual({ value: 1, version: 'x.1' });
      await Promise.all(['b', 'c', 'd'].map((key) => store.setIfAbsent(key, key)));
      expect((await store.list('', { limit: 9 })).map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
      expect((await db().query('SELECT version FROM earlier_schema', [])).rows).toEqual([{ version: 2 }]);
    });

    test('a missing table is reported with the fix, and without values', async () => {
      const failure = postgresStore(db(), { prefix: 'missing_' }).set('a', 'secret');
      await expect(failure).rejects.toThrow(StoreError);
      await expect(failure).rejects.toThrow(/42\w+: .*Call migrate\(\) first/s);
      await expect(failure).rejects.not.toThrow(/secret/);
    });
  });
}

describe.runIf(postgresThere)('postgresStore and transactions', () => {
  test('writes of a transaction become visible with its commit, and a rollback discards them', async () => {
    const store = postgresStore(pool as Pool);
    await store.migrate();
    const client = await (pool as Pool).connect();
    try {
      for (const end of ['ROLLBACK', 'COMMIT']) {
        await client.query('BEGIN');
        await store.withTransaction(client).setIfAbsent('in/transaction', 1);
        expect(await store.get('in/transaction')).toBeUndefined();
        await client.query(end);
      }
      expect(await store.get('in/transaction')).toMatchObject({ value: 1 });
    } finally {
      client.release();
    }
  });

  test('a transaction with locked keys delays only writers of the same keys', async () => {
    const store = postgresStore(pool as Pool);
    await store.migrate();
    const client = await (pool as Pool).connect();
    try {
      await client.query('BEGIN');
      await store.withTransaction(client).set('locked', 1);
      await store.set('other', 2);
      let isDone = false;
      const waiting = store.set('locked', 3).then((result) => {
        isDone = true;
        return result;
      });
      await store.set('another', 4);
      expect(isDone).toBe(false);
      await client.query('COMMIT');
      expect(await waiting).toMatchObject({ written: true });
      expect(await store.get('locked')).toMatchObject({ value: 3 });
    } finally {
      client.release();
    }
  });
});

test('a value without query is rejected', () => {
  expect(() => postgresStore({} as PostgresDatabase)).toThrow(InvalidArgumentError);
  expect(() => postgresStore({ query: () => Promise.resolve({ rows: [] }) }, { prefix: 'a;b' })).toThrow(InvalidArgumentError);
});
