import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether tests can start servers of their own. */
export const redisInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** Whether there is a Redis to test with: one that tests start, or that of the environment variable REDIS_URL. */
export const redisThere: boolean = redisInstalled || Boolean(process.env.REDIS_URL);

/** A server that a test started. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what its folder holds. */
  restart(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a Redis on a free port of this machine, in a folder of its own, with nothing kept on disk unless `settings` say so. */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  let server: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const killed = server;
    server = undefined;
    if (!killed || killed.exitCode !== null) return;
    await new Promise((resolve) => {
      killed.once('exit', resolve);
      killed.kill('SIGKILL');
    });
  };
  const start = async (): Promise<void> => {
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    server = started;
    const endToo = (): boolean => started.kill('SIGKILL');
    process.once('exit', endToo);
    started.once('exit', () => process.off('exit', endToo));
    let log = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (log.includes('Ready to accept connections')) return;
        log += text;
        if (log.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => {
        reject(new Error(`redis-server ended: ${log}`));
      });
    });
  };

  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    kill,
    restart: start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** One of the lower ports: a server of a cluster takes another one 10,000 above it. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has such an address.
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (port < 55_000) return port;
  }
}
