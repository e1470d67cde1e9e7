import { PGlite } from '@electric-sql/pglite';
import { Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresStore, type PostgresDatabase, type PostgresStore } from '../../../src/postgres/index.js';
import { postgresThere, startPostgres, type PostgresServer } from './server.js';

let server: PostgresServer | undefined;
let pool: Pool | undefined;
let lite: PGlite;
beforeAll(async () => {
  lite = await PGlite.create();
  if (!postgresThere) return;
  server = await startPostgres();
  pool = new Pool({ ...server.options, max: 10 });
}, 120_000);
afterAll(async () => {
  await pool?.end();
  await lite.close();
  server?.stop();
});

/** A database that records its statements, and can reject some of them. */
function recorded(db: PostgresDatabase, isRejected: (text: string) => boolean = () => false) {
  const texts: string[] = [];
  const query: PostgresDatabase['query'] = (text, values) => {
    texts.push(text);
    if (isRejected(text)) return Promise.reject(Object.assign(new Error('rejected'), { code: '22000' }));
    return db.query(text, values);
  };
  return { texts, db: { query } };
}

const numbers = Array.from({ length: 40 }, (_, index) => index);

for (const [name, driver] of [['PGlite', () => lite] as const, ['pg', () => pool] as const]) {
  describe.runIf(name === 'PGlite' || postgresThere)(`concurrent writes of postgresStore on ${name}`, () => {
    const db = (): PostgresDatabase => driver() as PostgresDatabase;
    beforeEach(async () => {
      await postgresStore(db()).migrate();
      await db().query('TRUNCATE wa_store', []);
    });

    test('share statements, and each one has its own result', async () => {
      const { db: counted, texts } = recorded(db());
      const store = postgresStore(counted);
      const old = await store.set('key/7', 'old');
      texts.length = 0;
      const results = await Promise.all([
        ...numbers.map((index) => store.setIfAbsent(`key/${String(index)}`, index)),
        store.delete('absent'),
        store.batch([
          { type: 'set', key: 'batch/1', value: 1 },
          { type: 'setIfAbsent', key: 'batch/2', value: 2 },
        ]),
        store.batch([
          { type: 'set', key: 'lost/1', value: 1 },
          { type: 'set', key: 'lost/2', value: 2, ifVersion: 'another' },
        ]),
      ]);
      expect(texts.length).toBeLessThan(6);
      expect(results.slice(0, 40).map((result) => (result as { written: boolean }).written)).toEqual(numbers.map((index) => index !== 7));
      expect(results.slice(40)).toEqual([false, [expect.any(String), expect.any(String)], false]);
      expect(await store.get('key/7')).toEqual({ value: 'old', version: old.written && old.version });
      expect((await store.list('', { limit: 99 })).length).toBe(42);
      expect(await store.get('key/8')).toEqual({ value: 8, version: expect.any(String) as string });
    });

    test('of the same keys happen one after the other', async () => {
      const store = postgresStore(db());
      const results = await Promise.all(numbers.map((index) => store.setIfAbsent(`key/${String(index % 4)}`, index)));
      expect(results.filter(({ written }) => written).length).toBe(4);
      await Promise.all(numbers.map((index) => store.set('last', index)));
      expect(await store.get('last')).toMatchObject({ value: 39 });
    });

    test('run alone if their common statement fails', async () => {
      const { db: failing, texts } = recorded(db(), (text) => text.includes('write_many'));
      const store = postgresStore(failing);
      const results = await Promise.all(numbers.map((index) => store.set(`key/${String(index)}`, index)));
      expect(results.every(({ written }) => written)).toBe(true);
      expect(texts.some((text) => text.includes('write_many'))).toBe(true);
      expect((await store.list('key/', { limit: 99 })).length).toBe(40);
    });
  });
}

describe.runIf(postgresThere)('concurrent writes and a transaction that has locked a key', () => {
  test('do not wait, except for the write of this key', async () => {
    const store: PostgresStore = postgresStore(pool as Pool);
    const client: PoolClient = await (pool as Pool).connect();
    try {
      await client.query('BEGIN');
      await store.withTransaction(client).set('locked', 'by the transaction');
      let isDone = false;
      const others = numbers.map((index) => store.set(`other/${String(index)}`, index));
      const waiting = store.set('locked', 'later').then((result) => {
        isDone = true;
        return result;
      });
      const more = numbers.map((index) => store.set(`more/${String(index)}`, index));
      expect((await Promise.all([...others, ...more])).every(({ written }) => written)).toBe(true);
      expect(isDone).toBe(false);
      await client.query('COMMIT');
      expect(await waiting).toMatchObject({ written: true });
      expect(await store.get('locked')).toMatchObject({ value: 'later' });
    } finally {
      client.release();
    }
  });
});
