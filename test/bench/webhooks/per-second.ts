import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { child, messageOf } from '../harness/child.ts';
import { quantile } from '../harness/compare.ts';
import { textDelivery, type Delivery } from '../harness/deliveries.ts';
import type { Measurement } from '../harness/figure.ts';

const concurrency = 20;
const batch = 250;
const rounds = 24;
const warmUpRounds = 8;

interface Server {
  /** Posts deliveries, and resolves with the processor milliseconds of the server. */
  readonly takes: (deliveries: readonly Delivery[]) => Promise<number>;
  readonly close: () => Promise<void>;
}

/**
 * Compares a receiver over HTTP with a bare server that verifies the signature and parses the JSON. Each server has its own process and takes turns
 * with the other. The figures are of their processor time, because other programs use the machine, too.
 */
export async function compareToBareServer(kind: 'handle' | 'inbox'): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-bench-'));
  const bare = await open('bare', '');
  const receiver = await open(kind, join(folder, 'inbox.db'));
  try {
    const times: Record<'bare' | 'receiver', number[]> = { bare: [], receiver: [] };
    for (let round = 0; round < warmUpRounds + rounds; round += 1) {
      const deliveries = Array.from({ length: batch }, (_, index) => textDelivery(round * batch + index));
      const turns = [['bare', bare] as const, ['receiver', receiver] as const];
      for (const [name, server] of round % 2 === 0 ? turns : turns.reverse()) {
        const tookMs = await server.takes(deliveries);
        if (round >= warmUpRounds) times[name].push(tookMs);
      }
    }
    const bareMs = quantile(times.bare, 0.5);
    const receiverMs = quantile(times.receiver, 0.5);
    return {
      value: bareMs / receiverMs,
      unit: '×',
      details: { [`${kind} a second`]: batch / (receiverMs / 1_000), 'bare a second': batch / (bareMs / 1_000) },
    };
  } finally {
    await bare.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(kind: string, file: string): Promise<Server> {
  const server = child(new URL('./server.ts', import.meta.url), [kind, file]);
  const pool = new Pool(`http://127.0.0.1:${String(await messageOf<number>(server))}`, { connections: concurrency });
  const cpuMs = async (): Promise<number> => {
    const answer = once(server, 'message');
    server.send('cpu?');
    return Number((await answer)[0]);
  };
  const post = async ({ bytes, signature }: Delivery): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    const { statusCode, body } = await pool.request({ method: 'POST', path: '/webhooks', headers, body: bytes });
    await body.dump();
    if (statusCode !== 200) throw new Error(`The server responded with ${String(statusCode)}.`);
  };
  return {
    takes: async (deliveries) => {
      const before = await cpuMs();
      const left = [...deliveries];
      const lane = async (): Promise<void> => {
        for (let next = left.pop(); next; next = left.pop()) await post(next);
      };
      await Promise.all(Array.from({ length: concurrency }, lane));
      return (await cpuMs()) - before;
    },
    close: async () => {
      await pool.close();
      server.kill('SIGKILL');
    },
  };
}
