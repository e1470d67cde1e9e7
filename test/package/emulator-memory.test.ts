import { existsSync, readFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../browser/start-emulator.js';
import { isLong } from '../long-runs.js';

const [messages, maxMb] = isLong ? [100_000, 300] : [10_000, 300];
const connections = 8;
/** Customers write more often than this number of them. */
const customers = 2_000;

/** The memory of a process, in megabytes. */
function residentMb(pid: number): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1_024) / 1e6;
}

// Only Linux has /proc.
test.skipIf(!existsSync('/proc/self/status'))(
  `the emulator needs at most ${String(maxMb)} MB after ${String(messages)} messages`,
  async () => {
    const receiver = createServer((incoming, response) => {
      incoming.resume().on('end', () => response.end('ok'));
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    onTestFinished(() => {
      agent.destroy();
      receiver.closeAllConnections();
      receiver.close();
    });
    const webhook = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`;
    await using emulator = await startEmulator('--seed', '3', '--webhook', webhook);
    const { WHATSAPP_PHONE_NUMBER_ID: number = '' } = emulator.env;
    const call = async (path: string, method: 'GET' | 'POST', body?: object): Promise<number> => {
      const sent = request(`${emulator.url}${path}`, { method, agent, headers: { 'content-type': 'application/json' } });
      sent.end(body && JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { readonly statusCode: number }];
      response.resume();
      await once(response, 'end');
      return response.statusCode;
    };
    let started = 0;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (started < messages) {
          started += 1;
          const customer = String(15_550_200_000 + (started % customers));
          const text = `Message ${String(started)}: do you have rye bread today?`;
          expect(await call('/emulator/actions', 'POST', { do: 'customer.send', number, customer, text })).toBe(200);
        }
      }),
    );
    expect(residentMb(emulator.pid)).toBeLessThan(maxMb);
    const times: number[] = [];
    for (const path of ['/emulator/view?customer=15550200001', '/emulator/log', '/emulator/log?text=nothing']) {
      for (let index = 0; index < 5; index += 1) {
        const startMs = performance.now();
        expect(await call(path, 'GET')).toBe(200);
        times.push(performance.now() - startMs);
      }
    }
    const medianMs = times.sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;
    console.log(
      `${String(messages)} messages: ${residentMb(emulator.pid).toFixed(0)} MB, median of page requests ${medianMs.toFixed(1)} ms`,
    );
    if (isLong) expect(medianMs).toBeLessThan(100);
  },
  1_800_000,
);
