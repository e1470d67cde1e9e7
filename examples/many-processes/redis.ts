import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis to work with. */
export interface Redis extends AsyncDisposable {
  readonly url: string;
}

/** That of REDIS_URL, or one that is started here for as long as the program runs; `undefined` where there is no redis-server. */
export async function openRedis(): Promise<Redis | undefined> {
  const { REDIS_URL: url } = process.env;
  if (url !== undefined && url !== '') return { url, [Symbol.asyncDispose]: () => Promise.resolve() };
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'many-processes-'));
  // With an append-only file it forgets neither what is queued nor what was sent.
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    server.once('close', resolve).once('error', () => undefined);
  });
  const isReady = await new Promise<boolean>((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Ready to accept connections')) resolve(true);
    });
    void ended.then(() => {
      resolve(false);
    });
  });
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  };
  if (isReady) return { url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
  await stop();
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
