import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { conversationChanges } from 'wa-coexist/coexistence';
import { conversationTables, type ConversationTableName } from 'wa-coexist/coexistence';
import { sqliteMirror } from 'wa-coexist/sqlite';
import { webhookPayload, type PayloadHistoryThread } from 'wa-coexist/testing';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';

const perChunk = 2000;
const perThread = 100;
const customers = 1000;

/** Generates the chunks of a history on demand. */
function* chunksOf(messages: number): Generator<WebhookEvent> {
  const count = messages / perChunk;
  for (let chunk = 0; chunk < count; chunk += 1) {
    const threads = Array.from({ length: perChunk / perThread }, (_, thread): PayloadHistoryThread => {
      const waId = String(15550200000 + ((chunk * 37 + thread * 101) % customers));
      return {
        customer: { waId, userId: `US.${waId}` },
        messages: Array.from({ length: perThread }, (_, index) => ({
          direction: index % 2 === 0 ? 'inbound' : 'outbound',
          occurredAt: new Date(Date.UTC(2026, 5, 1) + (chunk * perThread + index) * 60_000 + thread * 1000),
          message:
            index % 10 === 9
              ? { type: 'media_placeholder' }
              : `Can I pick up order ${chunk}-${thread}-${index} at five, or is that too late?`,
        })),
      };
    });
    const progress = Math.floor(((chunk + 1) * 100) / count);
    yield* parseWebhook(
      JSON.parse(JSON.stringify(webhookPayload('history.chunk', { phase: 1, chunkOrder: chunk + 1, progress, threads }))),
    );
  }
}

/** The measurement of a history. */
export interface HistoryRun {
  readonly mirrorMs: number;
  /** The time for the same rows with plain inserts, in one transaction per webhook. */
  readonly plainMs: number;
  /** The maximum growth of the heap, after garbage collections. */
  readonly heapMb: number;
}

/** Writes a history to the mirror and, webhook by webhook, its rows to plain tables. */
export async function takeHistory(messages: number): Promise<HistoryRun> {
  const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-bench-'));
  const mirror = sqliteMirror(join(folder, 'mirror.db'));
  const plain = plainInserts(join(folder, 'plain.db'));
  let [mirrorMs, plainMs, heapMb] = [0, 0, 0];
  try {
    globalThis.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    for (const event of chunksOf(messages)) {
      const rows = plain.rowsOf(event);
      const startedAtMs = performance.now();
      await mirror.handle(event);
      const betweenMs = performance.now();
      plain.insert(rows);
      plainMs += performance.now() - betweenMs;
      mirrorMs += betweenMs - startedAtMs;
      // Garbage doesn't count.
      globalThis.gc?.();
      heapMb = Math.max(heapMb, (process.memoryUsage().heapUsed - heapBefore) / 1e6);
    }
    if (plain.count() !== messages) throw new Error('Messages were lost.');
    let found = 0;
    for await (const _ of mirror.stream(phoneNumberId)) found += 1;
    if (found !== messages) throw new Error(`The mirror holds ${found} messages.`);
    return { mirrorMs, plainMs, heapMb };
  } finally {
    await mirror.close();
    plain.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const [someEvent] = chunksOf(perChunk);
const phoneNumberId = someEvent?.phoneNumberId ?? '';

type Value = string | number | null;
type PlainRow = readonly [table: ConversationTableName, values: readonly Value[]];

/**
 * Creates tables with the same columns and keys as the mirror, and prepared statements: the simplest implementation.
 */
function plainInserts(file: string) {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  const tables = Object.entries(conversationTables).map(([name, { key, types }]) => {
    const columns = Object.keys(types);
    database.exec(`CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (${key.join(', ')}))`);
    const insert = database.prepare(`INSERT OR REPLACE INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`);
    return [name, { columns, insert }] as const;
  });
  const byName = Object.fromEntries(tables);
  return {
    rowsOf: (event: WebhookEvent): readonly PlainRow[] =>
      conversationChanges(event).map(({ table, row }) => {
        const values = new Map<string, unknown>(Object.entries(row));
        return [table, byName[table]!.columns.map((column) => plainValue(values.get(column)))];
      }),
    insert(rows: readonly PlainRow[]): void {
      database.exec('BEGIN IMMEDIATE');
      for (const [table, values] of rows) byName[table]!.insert.run(...values);
      database.exec('COMMIT');
    },
    count: () => Number(database.prepare('SELECT count(*) AS count FROM messages').get()?.['count']),
    close: () => {
      database.close();
    },
  };
}

function plainValue(value: unknown): Value {
  if (value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
