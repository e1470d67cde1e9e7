/**
 * Posts deliveries at a steady rate, independent of the responses, and reports the time of each response to its parent.
 */
import { Agent, request } from 'node:http';
import { textDelivery, type Delivery } from '../harness/deliveries.ts';

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface LoadReport {
  /** Milliseconds from the scheduled time of a delivery to the end of its response. */
  readonly tookMs: readonly number[];
  /** Number of responses other than 200, and of requests without a response in time. */
  readonly refused: number;
}

/** How long Meta waits for a response. Third parties report 5 to 10 seconds. */
const timeoutMs = 10_000;

const agent = new Agent({ keepAlive: true });

function post(port: number, { bytes, signature }: Delivery): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': bytes.length, 'x-hub-signature-256': signature };
    const signal = AbortSignal.timeout(timeoutMs);
    const posted = request({ host: '127.0.0.1', port, method: 'POST', path: '/webhooks', agent, headers, signal }, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    posted.on('error', () => {
      resolve(0);
    });
    posted.end(bytes);
  });
}

async function load(port: number, { perSecond, seconds }: Load): Promise<LoadReport> {
  const deliveries = Array.from({ length: perSecond * seconds }, (_, index) => textDelivery(index));
  const tookMs: number[] = [];
  let refused = 0;
  const startedAtMs = performance.now();
  const running: Promise<void>[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    const dueAtMs = startedAtMs + (index * 1000) / perSecond;
    while (performance.now() < dueAtMs) await new Promise((resolve) => setTimeout(resolve, 1));
    running.push(
      post(port, delivery).then((status) => {
        tookMs.push(performance.now() - dueAtMs);
        if (status !== 200) refused += 1;
      }),
    );
  }
  await Promise.all(running);
  return { tookMs, refused };
}

const [port, perSecond, seconds] = process.argv.slice(2).map(Number);
process.send?.(await load(port ?? 0, { perSecond: perSecond ?? 0, seconds: seconds ?? 0 }));
agent.destroy();
