import { fork, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Pool } from 'pg';
import { postgresMirror, postgresOutbox, postgresStore } from 'wa-coexist/postgres';
import { signWebhook, webhookPayload } from 'wa-coexist/testing';

/** Builds the worker into a folder, and returns its path. */
export async function buildWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'worker.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['pg-native'],
    outfile,
  });
  return outfile;
}

/** Creates all tables, including one of the test. */
export async function prepare(pool: Pool): Promise<void> {
  await postgresStore(pool).migrate();
  await postgresMirror(pool).migrate();
  await postgresOutbox(pool).migrate();
  await pool.query('CREATE TABLE own_rows (wamid text NOT NULL)');
}

/** A Graph API that counts the messages that it accepted. */
export interface Graph {
  readonly url: string;
  readonly accepted: Map<string, number>;
  readonly server: Server;
}

export async function startGraph(): Promise<Graph> {
  const accepted = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('error', () => undefined);
    request.on('end', () => {
      // The sender sends only texts.
      const { text } = JSON.parse(body) as { text: { body: string } };
      accepted.set(text.body, (accepted.get(text.body) ?? 0) + 1);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: `wamid.answer.${text.body}` }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, accepted, server };
}

export interface StormOptions {
  readonly program: string;
  readonly port: number;
  readonly graph: string;
  readonly workers: number;
  readonly webhooks: number;
  readonly kills: number;
  readonly answers: boolean;
}

/** Returns the body and the headers of a webhook. */
function deliveryOf(index: number): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const payload = webhookPayload('message', {
    customer: { waId: String(15550100000 + (index % 500)) },
    occurredAt: new Date(Date.UTC(2026, 5, 1) + index * 1_000),
    message: { id: `wamid.in${String(index)}`, type: 'text', text: { body: `Message ${String(index)}` } },
  });
  const body = JSON.stringify(payload);
  return { body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signWebhook(body, 'app-secret') } };
}

/**
 * Kills and replaces workers at random times while webhooks arrive. Returns the time until all webhooks were
 * acknowledged.
 */
export async function storm({ program, port, graph, workers, webhooks, kills, answers }: StormOptions): Promise<{
  readonly acknowledgedMs: number;
  readonly stop: () => void;
}> {
  let [aheadMs, isOver, left] = [0, false, kills];
  const children: (ChildProcess | undefined)[] = [];
  const urls: (string | undefined)[] = [];
  const start = async (place: number): Promise<void> => {
    const child = fork(program, [String(port), graph, String(aheadMs), answers ? 'yes' : 'no'], { stdio: 'inherit' });
    children[place] = child;
    const [own] = await new Promise<[number]>((resolve, reject) => {
      child.once('message', (message) => {
        resolve([Number(message)]);
      });
      child.once('exit', () => {
        reject(new Error('The worker ended before it listened.'));
      });
    });
    urls[place] = `http://127.0.0.1:${String(own)}/`;
  };
  await Promise.all(Array.from({ length: workers }, (_, place) => start(place)));
  // Meta's own work isn't part of the measurement.
  const deliveries = Array.from({ length: webhooks }, (_, index) => deliveryOf(index));
  const startedAt = performance.now();
  let next = 0;
  const post = async (index: number): Promise<void> => {
    const delivery = deliveries[index];
    for (;;) {
      const url = urls[Math.floor(Math.random() * workers)];
      try {
        if (url !== undefined && (await fetch(url, { method: 'POST', ...delivery })).status === 200) return;
      } catch {
        // The worker was killed. Meta redelivers the webhook.
      }
      await pause(5);
    }
  };
  const meta = Array.from({ length: workers * 6 }, async () => {
    while (next < webhooks) await post(next++);
  });
  const killer = (async () => {
    while (left > 0 && !isOver) {
      await pause(Math.random() * 400);
      const place = Math.floor(Math.random() * workers);
      if (next * (kills + 1) < webhooks * (kills - left + 1)) continue;
      left -= 1;
      urls[place] = undefined;
      children[place]?.kill('SIGKILL');
      // The lease of a killed process lasts 30 seconds.
      aheadMs += 31_000;
      await start(place);
    }
  })();
  await Promise.all(meta);
  const acknowledgedMs = performance.now() - startedAt;
  isOver = true;
  await killer;
  if (kills > 0) {
    // Advances the clocks of all workers past the leases of the killed ones.
    aheadMs += 31_000;
    for (let place = 0; place < workers; place += 1) {
      children[place]?.kill('SIGKILL');
      await start(place);
    }
  }
  return {
    acknowledgedMs,
    stop: () => {
      for (const child of children) child?.kill('SIGKILL');
    },
  };
}
