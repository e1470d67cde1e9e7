import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresThere, startPostgres, type PostgresServer } from '../../stores/postgres/server.js';
import { buildWorker, prepare, startGraph, storm, type Graph } from './receivers.js';

if (!postgresThere) console.log('Left out: kill -9 of receivers on PostgreSQL, because there is no PostgreSQL here.');

const folder = mkdtempSync(join(tmpdir(), 'postgres-kills-'));
const webhooks = process.env['WA_COEXIST_LONG'] ? 20_000 : 600;
const kills = process.env['WA_COEXIST_LONG'] ? 60 : 6;
let server: PostgresServer | undefined;
let pool: Pool | undefined;
let graph: Graph | undefined;
let program = '';
beforeAll(async () => {
  if (!postgresThere) return;
  server = await startPostgres();
  pool = new Pool({ ...server.options, max: 4 });
  graph = await startGraph();
  program = await buildWorker(folder);
  await prepare(pool);
}, 120_000);
afterAll(async () => {
  await pool?.end();
  graph?.server.close();
  server?.stop();
  rmSync(folder, { recursive: true });
});

test.runIf(postgresThere)(
  'killed processes lose no webhook, handle none twice, and send the reply of each committed transaction once',
  { timeout: 1_800_000 },
  async () => {
    if (!server || !pool || !graph) throw new Error('The server was not started.');
    const database = pool;
    const { accepted } = graph;
    const running = await storm({ program, port: server.options.port, graph: graph.url, workers: 2, webhooks, kills, answers: true });
    const count = async (query: string): Promise<number> => Number((await database.query<{ n: string }>(query)).rows[0]?.n);
    const isDone = async (): Promise<boolean> =>
      (await count('SELECT count(*) AS n FROM own_rows')) >= webhooks && (await count('SELECT count(*) AS n FROM wa_outbox')) === 0;
    for (const end = Date.now() + 120_000; !(await isDone()) && Date.now() < end;) await pause(100);
    // A sender continues with messages of killed processes.
    for (let before = -1; before < accepted.size;) {
      before = accepted.size;
      await pause(3_000);
    }
    running.stop();
    expect(await count('SELECT count(DISTINCT wamid) AS n FROM own_rows')).toBe(webhooks);
    expect(await count('SELECT count(*) AS n FROM own_rows')).toBe(webhooks);
    expect(await count(`SELECT count(*) AS n FROM wa_messages WHERE direction = 'inbound'`)).toBe(webhooks);
    // A sender that was killed during a request doesn't know its outcome, and never repeats it.
    expect([...accepted.values()].filter((times) => times > 1)).toEqual([]);
    console.log(
      `${String(webhooks)} webhooks, ${String(kills)} kills: ${String(accepted.size)} answers, the others have an unknown outcome.`,
    );
    expect(accepted.size).toBeGreaterThanOrEqual(webhooks - kills * 40);
    expect(await count('SELECT count(*) AS n FROM wa_outbox')).toBe(0);
  },
);
