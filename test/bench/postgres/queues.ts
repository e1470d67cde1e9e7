/**
 * Measures three ways to store webhooks before they are handled, in one process on a real server: the inbox on
 * `postgresStore`, a table with `FOR UPDATE SKIP LOCKED` in the mode `enqueue`, and pg-boss in the mode `enqueue`. The
 * last one needs a folder in which pg-boss is installed. Run it after a build with esbuild:
 * `queues.js [webhooks] [folder with pg-boss]`.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { postgresStore } from 'wa-coexist/postgres';
import { signWebhook, webhookPayload } from 'wa-coexist/testing';
import { createWebhooks, type WebhookDelivery, type Webhooks } from 'wa-coexist/webhooks';
import { startPostgres } from '../../stores/postgres/server.js';
import { cpuMsOf, serverPid } from './cpu-time.js';

/** The part of pg-boss that this program uses. */
interface Boss {
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean }): Promise<void>;
  createQueue(name: string): Promise<void>;
  send(name: string, data: object): Promise<unknown>;
  fetch(name: string, options: { readonly batchSize: number }): Promise<readonly { readonly id: string; readonly data: WebhookDelivery }[]>;
  complete(name: string, id: string): Promise<void>;
}

/** A queue of the mode `enqueue`. */
interface Queue {
  add(delivery: WebhookDelivery): Promise<unknown>;
  take(limit: number): Promise<readonly (readonly [id: string, delivery: WebhookDelivery])[]>;
  remove(id: string): Promise<unknown>;
}

const webhooks = Number(process.argv[2] ?? 4_000);
const bossFolder = process.argv[3];
const maxInHand = 256;
const server = await startPostgres();
const pool = new Pool({ ...server.options, max: 8 });
const store = postgresStore(pool);
const postgres = await serverPid(pool);
let sent = 0;

/** Delivers webhooks to a receiver whose handler inserts one row, and prints the times. */
async function measure(name: string, receiver: Webhooks): Promise<void> {
  receiver.on('message', async (event) => {
    await pool.query('INSERT INTO own_rows (wamid) VALUES ($1)', [event.message.id]);
  });
  await pool.query('TRUNCATE own_rows');
  const requests = Array.from({ length: webhooks }, (_, index) => {
    sent += 1;
    const body = JSON.stringify(
      webhookPayload('message', {
        customer: { waId: String(15550100000 + (index % 500)) },
        message: { id: `wamid.in${String(sent)}`, type: 'text', text: { body: `Message ${String(index)}` } },
      }),
    );
    return { body, headers: { 'x-hub-signature-256': signWebhook(body, 'app-secret') } };
  });
  const [ownBefore, serverBefore, startedAt] = [cpuMsOf(process.pid), cpuMsOf(postgres), performance.now()];
  let next = 0;
  const deliver = async (): Promise<void> => {
    for (let one = requests[next++]; one; one = requests[next++]) {
      await receiver.fetch(new Request('http://127.0.0.1/', { method: 'POST', ...one }));
    }
  };
  await Promise.all(Array.from({ length: 36 }, deliver));
  const handled = async (): Promise<number> => Number((await pool.query<{ n: string }>('SELECT count(*) AS n FROM own_rows')).rows[0]?.n);
  while ((await handled()) < webhooks) await pause(20);
  const seconds = (performance.now() - startedAt) / 1_000;
  const [own, ofServer] = [(cpuMsOf(process.pid) - ownBefore) / webhooks, (cpuMsOf(postgres) - serverBefore) / webhooks];
  console.log(
    `${name}: ${(webhooks / seconds).toFixed(0)} webhooks/s, CPU time for each ${own.toFixed(2)} ms in Node.js and ${ofServer.toFixed(2)} ms in PostgreSQL`,
  );
}

/** Measures a queue with the mode `enqueue`. Without a store, only one process can handle events. */
async function measureQueue(name: string, queue: Queue, options: { readonly store?: typeof store }): Promise<void> {
  const receiver = createWebhooks({
    ...{ appSecret: 'app-secret', verifyToken: 'verify-token', ...options },
    mode: 'enqueue',
    enqueue: async (delivery) => {
      await queue.add(delivery);
    },
  });
  let [inHand, isOpen] = [0, true];
  const work = async (): Promise<void> => {
    while (isOpen) {
      const taken = inHand < maxInHand ? await queue.take(Math.min(64, maxInHand - inHand)) : [];
      for (const [id, delivery] of taken) {
        inHand += 1;
        void receiver
          .process(delivery)
          .then(() => queue.remove(id))
          .finally(() => (inHand -= 1));
      }
      if (taken.length === 0) await pause(10);
    }
  };
  const working = work();
  await measure(name, receiver);
  isOpen = false;
  await working;
  await receiver.close();
}

const table: Queue = {
  add: ({ id, ...delivery }) =>
    pool.query('INSERT INTO queue (id, delivery) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, JSON.stringify(delivery)]),
  async take(limit) {
    const { rows } = await pool.query<{ id: string; delivery: string }>(
      `UPDATE queue SET due_at = clock_timestamp() + interval '30 seconds' WHERE id IN (
        SELECT id FROM queue WHERE due_at <= clock_timestamp() ORDER BY due_at, place LIMIT $1 FOR UPDATE SKIP LOCKED
      ) RETURNING id, delivery`,
      [limit],
    );
    return rows.map(({ id, delivery }) => [id, JSON.parse(delivery) as WebhookDelivery] as const);
  },
  remove: (id) => pool.query('DELETE FROM queue WHERE id = $1', [id]),
};

try {
  await store.migrate();
  await pool.query('CREATE TABLE own_rows (wamid text NOT NULL)');
  await pool.query(`CREATE TABLE queue (id text PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY, delivery text NOT NULL,
    due_at timestamptz NOT NULL DEFAULT '-infinity')`);
  await pool.query('CREATE INDEX queue_by_time ON queue (due_at, place)');
  const receiver = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', mode: 'inbox', store });
  await measure('inbox on postgresStore', receiver);
  await receiver.close();
  await measureQueue('SKIP LOCKED', table, { store });
  await measureQueue('SKIP LOCKED, duplicates in memory', table, {});
  if (bossFolder !== undefined) {
    // The folder contains a version with this interface: 10 or 11.
    const PgBoss = createRequire(join(bossFolder, 'package.json'))('pg-boss') as new (options: object) => Boss;
    const boss = new PgBoss({ ...server.options, max: 8 });
    await boss.start();
    await boss.createQueue('webhooks');
    const queue: Queue = {
      add: (delivery) => boss.send('webhooks', delivery),
      take: async (batchSize) => (await boss.fetch('webhooks', { batchSize })).map(({ id, data }) => [id, data] as const),
      remove: (id) => boss.complete('webhooks', id),
    };
    await measureQueue('pg-boss', queue, { store });
    await measureQueue('pg-boss, duplicates in memory', queue, {});
    await boss.stop({ graceful: false });
  }
} finally {
  await pool.end();
  server.stop();
}
