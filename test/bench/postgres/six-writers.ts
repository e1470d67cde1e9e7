/**
 * Measures an inbox of several processes on PostgreSQL while processes are killed, compared to plain inserts of the same
 * rows on as many connections. Run it after a build with esbuild: `six-writers.js [webhooks] [kills] [workers]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { startPostgres } from '../../stores/postgres/server.js';
import { buildWorker, prepare, storm } from '../../integration/postgres/receivers.js';
import { cpuMsOf, serverPid } from './cpu-time.js';

const [webhooks = 6_000, kills = 20, workers = 6] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'six-writers-'));
const server = await startPostgres();
const pool = new Pool({ ...server.options, max: 48 });
try {
  await prepare(pool);
  const program = await buildWorker(folder);
  const postgres = await serverPid(pool);
  // Wall-clock time depends on what else the machine does. CPU time doesn't.
  let before: readonly [own: number, server: number] = [0, 0];
  const perWebhook = (name: string): void => {
    const [own, ofServer] = [cpuMsOf(process.pid), cpuMsOf(postgres)];
    const times = [own - before[0], ofServer - before[1]].map((ms) => (ms / webhooks).toFixed(2));
    console.log(`CPU time of ${name}: ${times.join(' ms in Node.js and ')} ms in PostgreSQL for each webhook`);
    before = [cpuMsOf(process.pid), cpuMsOf(postgres)];
  };
  before = [cpuMsOf(process.pid), cpuMsOf(postgres)];
  const startedAt = performance.now();
  const running = await storm({ program, port: server.options.port, graph: '', workers, webhooks, kills, answers: false });
  const count = async (query: string): Promise<number> => Number((await pool.query<{ n: string }>(query)).rows[0]?.n);
  while ((await count('SELECT count(DISTINCT wamid) AS n FROM own_rows')) < webhooks && performance.now() - startedAt < 900_000)
    await pause(50);
  const handledMs = performance.now() - startedAt;
  perWebhook('the inbox');
  running.stop();
  const [rows, distinct] = [
    await count('SELECT count(*) AS n FROM own_rows'),
    await count('SELECT count(DISTINCT wamid) AS n FROM own_rows'),
  ];
  console.log(
    `${String(workers)} writers, ${String(webhooks)} webhooks, ${String(kills)} kills: acknowledged after ${(running.acknowledgedMs / 1000).toFixed(1)} s,`,
  );
  console.log(
    `handled after ${(handledMs / 1000).toFixed(1)} s, lost ${String(webhooks - distinct)}, handled twice ${String(rows - distinct)}`,
  );

  await pool.query('CREATE SCHEMA plain');
  for (const table of ['wa_messages', 'wa_customers', 'wa_aliases', 'wa_owners', 'wa_store', 'own_rows']) {
    await pool.query(`CREATE TABLE plain.${table} (LIKE public.${table} INCLUDING ALL)`);
  }
  const { rows: messages } = await pool.query<{ readonly message_id: string }>(`SELECT message_id FROM wa_messages`);
  let next = 0;
  before = [cpuMsOf(process.pid), cpuMsOf(postgres)];
  const plainAt = performance.now();
  // For each webhook: the stored delivery, its mark, the message and the own row.
  const insert = async (): Promise<void> => {
    for (let one = messages[next++]; one; one = messages[next++]) {
      const client = await pool.connect();
      await client.query(
        `INSERT INTO plain.wa_store (head, tail, rest, value, version) SELECT convert_to($1 || part, 'UTF8'), '', '', repeat('x', 700), $1
        FROM unnest(ARRAY['body', 'due']) AS part`,
        [one.message_id],
      );
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO plain.wa_store (head, tail, rest, value, version) VALUES (convert_to($1, 'UTF8'), '', '', 'true', $1)`,
        [one.message_id],
      );
      await client.query(`INSERT INTO plain.wa_messages SELECT * FROM public.wa_messages WHERE message_id = $1`, [one.message_id]);
      await client.query('INSERT INTO plain.own_rows VALUES ($1)', [one.message_id]);
      await client.query('COMMIT');
      client.release();
    }
  };
  await Promise.all(Array.from({ length: 36 }, insert));
  const plainMs = performance.now() - plainAt;
  perWebhook('plain inserts');
  console.log(`plain inserts: ${(plainMs / 1000).toFixed(1)} s, ratio ${(plainMs / handledMs).toFixed(2)}`);
} finally {
  await pool.end();
  server.stop();
  rmSync(folder, { recursive: true });
}
