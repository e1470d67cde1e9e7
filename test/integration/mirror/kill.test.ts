import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteMirror } from 'wa-coexist/sqlite';
import { signWebhook, webhookPayload, type PayloadHistoryMessage } from 'wa-coexist/testing';
import { collect } from '../../coexistence/collect.js';

const long = Boolean(process.env['WA_COEXIST_LONG']);
const kills = long ? 30 : 4;
const perThread = 60;
const threadsPerChunk = 5;
const mostAtOnce = 4;

const folder = mkdtempSync(join(tmpdir(), 'mirror-kill-'));
const program = join(folder, 'mirroring.cjs');
const children = new Set<ChildProcess>();
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./mirroring.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Delivery {
  readonly body: string;
  acknowledged: number;
}

/** A history as deliveries: chunks with placeholders, and their files. */
function historyDeliveries(chunks: number): { deliveries: Delivery[]; ids: string[]; files: string[] } {
  const deliveries: Delivery[] = [];
  const ids: string[] = [];
  const files: string[] = [];
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const threads = Array.from({ length: threadsPerChunk }, (_, thread) => {
      const customer = { waId: `1555010${String(1000 + ((chunk + thread) % 40))}` };
      const messages = Array.from({ length: perThread }, (_, index): PayloadHistoryMessage => {
        const id = `wamid.EXAMPLE-${String(chunk)}-${String(thread)}-${String(index)}`;
        ids.push(id);
        const occurredAt = new Date(Date.UTC(2026, 8, 1, 0, 0, chunk * perThread + index));
        if (index % 20 !== 19) return { occurredAt, message: { id, type: 'text', text: { body: `Message ${id}` } } };
        files.push(id);
        const file = webhookPayload('history.media', { customer, occurredAt, message: { id, type: 'image', image: { id: `file-${id}` } } });
        deliveries.push({ body: JSON.stringify(file), acknowledged: 0 });
        return { occurredAt, message: { id, type: 'media_placeholder' } };
      });
      return { customer, messages };
    });
    const progress = Math.floor(((chunk + 1) * 100) / chunks);
    deliveries.push({
      body: JSON.stringify(webhookPayload('history.chunk', { chunkOrder: chunk + 1, progress, threads })),
      acknowledged: 0,
    });
  }
  return { deliveries, ids, files };
}

async function start(file: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(program, [file], { execArgv: ['--no-warnings'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The receiver ended with ${String(code)} before it listened.`);
  });
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number];
  // From here on, the test ends the process.
  ended.catch(() => undefined);
  return { child, url: `http://127.0.0.1:${String(port)}/` };
}

/**
 * Sends deliveries concurrently until all are acknowledged or the receiver was killed. Calls `acknowledged` for each
 * one.
 */
async function deliver(url: string, queue: Delivery[], acknowledged: () => void): Promise<void> {
  const post = async (): Promise<void> => {
    for (let delivery = queue.shift(); delivery; delivery = queue.shift()) {
      try {
        const headers = { 'x-hub-signature-256': signWebhook(delivery.body, 'app-secret') };
        const response = await fetch(url, { method: 'POST', body: delivery.body, headers });
        await response.arrayBuffer();
        if (response.status !== 200) throw new Error(`Refused: ${String(response.status)}`);
        delivery.acknowledged += 1;
        acknowledged();
      } catch {
        // The response was lost with the process.
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, post));
}

test('kill -9 during a history loses and duplicates nothing', { timeout: 300_000 }, async () => {
  const file = join(folder, 'mirror.db');
  const { deliveries, ids, files } = historyDeliveries(kills * 3);
  // Meta sends some deliveries twice, and redelivers those that weren't acknowledged.
  const pending = (): Delivery[] =>
    deliveries
      .filter(({ acknowledged }) => acknowledged === 0 || Math.random() < 0.05)
      .map((delivery) => ({ delivery, at: Math.random() }))
      .sort((left, right) => left.at - right.at)
      .map(({ delivery }) => delivery);

  let killed = 0;
  for (; killed < kills; killed += 1) {
    const { child, url } = await start(file);
    const gone = once(child, 'exit');
    let left = 1 + Math.floor(Math.random() * 10);
    await deliver(url, pending(), () => {
      left -= 1;
      // Immediately, or in the middle of the next transaction.
      if (left === 0) void pause(Math.random() * 20).then(() => child.kill('SIGKILL'));
    });
    child.kill('SIGKILL');
    await gone;
    // All acknowledged data is already stored.
    const database = new DatabaseSync(file);
    const count = Number(database.prepare('SELECT count(*) AS count FROM wa_messages').get()?.['count']);
    database.close();
    const acknowledgedChunks = deliveries.filter(({ acknowledged, body }) => acknowledged > 0 && body.includes('chunk_order')).length;
    expect(count).toBeGreaterThanOrEqual(acknowledgedChunks * perThread * threadsPerChunk);
  }
  const { child, url } = await start(file);
  await deliver(
    url,
    deliveries.filter(({ acknowledged }) => acknowledged === 0),
    () => undefined,
  );
  expect(deliveries.filter(({ acknowledged }) => acknowledged === 0)).toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const mirror = sqliteMirror(file);
  const [, phoneNumberId = ''] = /"phone_number_id":"(\d+)"/.exec(deliveries[0]?.body ?? '') ?? [];
  const messages = await collect(mirror.stream(phoneNumberId));
  await mirror.close();
  console.log(`${String(killed)} kills, ${String(ids.length)} messages: ${String(messages.length)} in the mirror`);
  expect(messages.map(({ messageId }) => messageId).sort()).toEqual([...ids].sort());
  for (const { messageId, type, media } of messages.filter(({ messageId: id }) => files.includes(id)))
    expect([type, media?.id]).toEqual(['image', `file-${messageId}`]);
});
