import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { child, messageOf } from '../harness/child.ts';
import { quantile } from '../harness/compare.ts';
import { textDelivery } from '../harness/deliveries.ts';
import type { Measurement } from '../harness/figure.ts';
import { openConnections, requestBytes } from '../harness/http-connections.ts';

const connections = 20;
const batch = 500;
const rounds = 40;
const warmUpRounds = 30;

/** The measurements of a batch, in milliseconds. */
interface Took {
  /** Processor time of the server. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

interface Server {
  readonly takes: (requests: readonly Buffer[]) => Promise<Took>;
  readonly close: () => void;
}

/**
 * Compares a receiver over HTTP with a plain server that verifies the signature and parses the JSON. Each server has
 * its own process, and they alternate. The figure compares webhooks per second of processor time of the server, because
 * other programs also use the machine. The details contain webhooks per second of wall-clock time.
 */
export async function compareToBareServer(kind: 'handle' | 'inbox'): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-bench-'));
  const bare = await open('bare', '');
  const receiver = await open(kind, join(folder, 'inbox.db'));
  try {
    const took: Record<'bare' | 'receiver', Took[]> = { bare: [], receiver: [] };
    for (let round = 0; round < warmUpRounds + rounds; round += 1) {
      const requests = Array.from({ length: batch }, (_, index) => requestBytes(textDelivery(round * batch + index)));
      const turns = [['bare', bare] as const, ['receiver', receiver] as const];
      for (const [name, server] of round % 2 === 0 ? turns : turns.reverse()) {
        const one = await server.takes(requests);
        if (round >= warmUpRounds) took[name].push(one);
      }
    }
    const perSecond = (name: 'bare' | 'receiver', time: keyof Took): number =>
      (batch * 1_000) /
      quantile(
        took[name].map((one) => one[time]),
        0.5,
      );
    return {
      value: perSecond('receiver', 'cpuMs') / perSecond('bare', 'cpuMs'),
      unit: '×',
      details: {
        [`${kind} a second`]: perSecond('receiver', 'cpuMs'),
        'bare a second': perSecond('bare', 'cpuMs'),
        [`${kind} a second of the clock`]: perSecond('receiver', 'wallMs'),
        'bare a second of the clock': perSecond('bare', 'wallMs'),
      },
    };
  } finally {
    bare.close();
    receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(kind: string, file: string): Promise<Server> {
  const server = child(new URL('./server.ts', import.meta.url), [kind, file]);
  const clients = await openConnections(await messageOf<number>(server), connections);
  const cpuMs = async (): Promise<number> => {
    const answer = once(server, 'message');
    server.send('cpu?');
    return Number((await answer)[0]);
  };
  return {
    takes: async (requests) => {
      const before = await cpuMs();
      const startedAtMs = performance.now();
      await clients.post(requests);
      const wallMs = performance.now() - startedAtMs;
      return { cpuMs: (await cpuMs()) - before, wallMs };
    },
    close: () => {
      clients.close();
      server.kill('SIGKILL');
    },
  };
}
