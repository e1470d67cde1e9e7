/**
 * Measures the mirror in PostgreSQL on a real server: writing a history compared to plain inserts of the same rows, and
 * the times of pages, thread lists and searches with many messages, which are inserted as rows. Run it with `node`
 * after a build with esbuild: `measure.js [messages] [threads] [messages to write as events]`.
 */
import { Pool } from 'pg';
import { conversationChanges, conversationTables, type ConversationTableName } from 'wa-coexist/coexistence';
import { postgresMirror } from 'wa-coexist/postgres';
import { webhookPayload, type PayloadHistoryThread } from 'wa-coexist/testing';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';
import { fillMirror } from './bulk-rows.js';
import { postgresThere, startPostgres } from '../../stores/postgres/server.js';

const words = 'order bread rolls today tomorrow please thanks invoice delivery address seven baguette rye number late open shop'.split(' ');
const textAt = (index: number): string =>
  `Can I pick up ${words[index % 17] ?? ''} ${words[(index * 7) % 17] ?? ''} ref${String(index % 50_000)} at five, or is that too late?`;

/** The chunks of a history with `perThread` messages in each conversation. */
function* chunksOf(messages: number, perThread: number, numberOf: (chunk: number) => string): Generator<WebhookEvent> {
  const perChunk = 2_000;
  let index = 0;
  for (let chunk = 0; chunk * perChunk < messages; chunk += 1) {
    const threads = Array.from({ length: perChunk / perThread }, (_, thread): PayloadHistoryThread => {
      const waId = String(15550000000 + chunk * (perChunk / perThread) + thread);
      return {
        customer: { waId, userId: `US.${waId}` },
        messages: Array.from({ length: perThread }, (__, place) => ({
          direction: place % 3 === 2 ? 'outbound' : 'inbound',
          occurredAt: new Date(Date.UTC(2026, 5, 1) + (index += 1) * 10_000 + thread),
          message: textAt(index),
        })),
      };
    });
    for (const event of parseWebhook(JSON.parse(JSON.stringify(webhookPayload('history.chunk', { chunkOrder: chunk + 1, threads }))))) {
      yield { ...event, phoneNumberId: numberOf(chunk) };
    }
  }
}

const columnName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const valueOf = (value: unknown): unknown =>
  value === undefined ? null : value instanceof Date || typeof value !== 'object' ? value : JSON.stringify(value);

/** Inserts the rows of an event by multi-row inserts into tables with the same columns and indexes. */
async function insertPlainly(pool: Pool, event: WebhookEvent): Promise<void> {
  const changes = conversationChanges(event);
  const client = await pool.connect();
  await client.query('BEGIN');
  for (const table of Object.keys(conversationTables) as ConversationTableName[]) {
    const rows = changes.flatMap((change) => (change.table === table ? [change.row as Readonly<Record<string, unknown>>] : []));
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    for (let from = 0; from < rows.length; from += 500) {
      const part = rows.slice(from, from + 500);
      let place = 0;
      const marks = part.map(() => `(${columns.map(() => `$${String((place += 1))}`).join(',')})`).join(',');
      await client.query(
        `INSERT INTO plain.wa_${table} (${columns.map(columnName).join(',')}) VALUES ${marks}`,
        part.flatMap((row) => columns.map((column) => valueOf(row[column]))),
      );
    }
  }
  await client.query('COMMIT');
  client.release();
}

async function quantiles(count: number, run: (index: number) => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await run(index);
    times.push(performance.now() - startedAt);
  }
  times.sort((left, right) => left - right);
  return `p50 ${(times[Math.floor(count / 2)] ?? 0).toFixed(1)} ms, p95 ${(times[Math.floor(count * 0.95)] ?? 0).toFixed(1)} ms`;
}

const [messages = 200_000, threads = 20_000, written = 0] = process.argv.slice(2).map(Number);
if (!postgresThere) throw new Error('This needs PostgreSQL.');
const server = await startPostgres();
const pool = new Pool({ ...server.options, max: 4 });
try {
  const mirror = postgresMirror(pool);
  await mirror.migrate();
  await pool.query('CREATE SCHEMA plain');
  for (const table of ['messages', 'edits', 'reactions', 'customers', 'aliases', 'owners']) {
    await pool.query(`CREATE TABLE plain.wa_${table} (LIKE public.wa_${table} INCLUDING ALL)`);
  }
  let [mirrorMs, plainMs] = [0, 0];
  for (const event of chunksOf(written, 100, () => '339900000000001')) {
    let startedAt = performance.now();
    await mirror.handle(event);
    mirrorMs += performance.now() - startedAt;
    startedAt = performance.now();
    await insertPlainly(pool, event);
    plainMs += performance.now() - startedAt;
  }
  if (written > 0) {
    console.log(
      `${String(written)} messages: mirror ${mirrorMs.toFixed(0)} ms, plain ${plainMs.toFixed(0)} ms, ratio ${(mirrorMs / plainMs).toFixed(2)}`,
    );
    await pool.query('TRUNCATE wa_messages, wa_customers, wa_aliases, wa_owners, wa_conversations');
    await pool.query('DROP SCHEMA plain CASCADE');
  }
  const startedAt = performance.now();
  await fillMirror(pool, messages, threads, words);
  console.log(`${String(messages)} messages in ${String(threads)} threads: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const number = '339900000000001';
  const anyone = (index: number): { readonly waId: string } => ({ waId: String(15550000000 + ((index * 7_919) % (threads / 2))) });
  console.log('page of a conversation:', await quantiles(200, (index) => mirror.messages(number, anyone(index))));
  console.log('thread list:', await quantiles(100, () => mirror.threads(number)));
  let after: string | undefined;
  console.log(
    'pages of the thread list:',
    await quantiles(100, async () => {
      after = (await mirror.threads(number, { after })).next;
    }),
  );
  for (const [name, text] of [
    ['rare word', (index: number) => `ref${String(index * 331)}`],
    ['common words', (index: number) => `${words[index % 17] ?? ''} late`],
    ['two words', (index: number) => `${words[index % 17] ?? ''} ref${String(index * 13)}`],
    ['unknown word', (index: number) => `missing${String(index)}`],
    ['start of many rare words', (index: number) => `ref${String(1 + (index % 9))}`],
    ['one letter', (index: number) => 'abcdefghil'.charAt(index % 10)],
  ] as const) {
    console.log(`search, ${name}:`, await quantiles(60, (index) => mirror.search(number, text(index), { limit: 20 })));
  }
  console.log('search in a conversation:', await quantiles(60, (index) => mirror.search(number, 'late', { customer: anyone(index) })));
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  let [count, peak] = [0, 0];
  for await (const message of mirror.stream(number)) {
    count += message.messageId === '' ? 0 : 1;
    if (count % 10_000 === 0) {
      globalThis.gc?.();
      peak = Math.max(peak, process.memoryUsage().heapUsed - heapBefore);
    }
    if (count >= 50_000) break;
  }
  console.log(`stream of ${String(count)}: heap +${(peak / 1e6).toFixed(1)} MB`);
  const { rows } = await pool.query<{ name: string; size: string }>(
    `SELECT relname AS name, pg_size_pretty(pg_relation_size(oid)) AS size FROM pg_class WHERE relname LIKE 'wa_messages%' ORDER BY 1`,
  );
  console.log(rows.map(({ name, size }) => `${name} ${size}`).join(', '));
} finally {
  await pool.end();
  server.stop();
}
