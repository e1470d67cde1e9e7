import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresMirror, postgresStore } from 'wa-coexist/postgres';
import { webhookPayload } from 'wa-coexist/testing';
import { parseWebhook } from 'wa-coexist/webhooks';
import { storeContract } from '../../../src/testing/node/store-contract.js';
import { pgbouncerThere, startPgBouncer } from './pgbouncer.js';
import { postgresThere, startPostgres, type PostgresServer } from './server.js';

const isThere = postgresThere && pgbouncerThere;
if (!isThere) console.log('Left out: the tests with PgBouncer in transaction mode, because there is no PostgreSQL or no PgBouncer here.');

let server: PostgresServer | undefined;
let bouncer: PostgresServer | undefined;
let pool: Pool;
beforeAll(async () => {
  if (!isThere) return;
  server = await startPostgres();
  bouncer = await startPgBouncer(server);
  pool = new Pool({ ...bouncer.options, max: 12 });
  await postgresStore(pool).migrate();
  await postgresMirror(pool).migrate();
}, 120_000);
afterAll(async () => {
  if (!isThere) return;
  await pool.end();
  bouncer?.stop();
  server?.stop();
});

describe.runIf(isThere)('PgBouncer in transaction mode', () => {
  const createStore = async () => {
    await pool.query('TRUNCATE wa_store');
    return postgresStore(pool);
  };
  test.each(storeContract({ createStore }).map((one) => [one.name, one.run] as const))(
    'postgresStore: %s',
    { timeout: 60_000 },
    async (_name, run) => {
      await run();
    },
  );

  test('a transaction commits or discards the rows of the store and the mirror together', async () => {
    const store = postgresStore(pool);
    const mirror = postgresMirror(pool);
    const payload = webhookPayload('message', {
      customer: { waId: '15550100987' },
      message: { id: 'wamid.EXAMPLE1', type: 'text', text: { body: 'Hello' } },
    });
    const [event] = parseWebhook(JSON.parse(JSON.stringify(payload)));
    if (!event) throw new Error('The payload contains one event.');
    const number = event.phoneNumberId ?? '';
    for (const [end, count] of [
      ['ROLLBACK', 0],
      ['COMMIT', 1],
    ] as const) {
      const client = await pool.connect();
      await client.query('BEGIN');
      expect(await store.withTransaction(client).setIfAbsent('handled', true)).toMatchObject({ written: true });
      await mirror.withTransaction(client).handle(event);
      await client.query(end);
      client.release();
      expect((await mirror.threads(number)).items.length).toBe(count);
      expect((await mirror.search(number, 'hello')).items.length).toBe(count);
      expect(await store.get('handled')).toEqual(count === 0 ? undefined : { value: true, version: expect.any(String) as string });
    }
  });
});
