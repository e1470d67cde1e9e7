import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether tests can start their own servers. */
export const redisInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** Whether there is a Redis for tests: one that tests start, or that of the environment variable REDIS_URL. */
export const redisThere: boolean = redisInstalled || Boolean(process.env.REDIS_URL);

/** A server that a test started. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server immediately, like a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the data in its folder. */
  restart(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis on a free port of this machine, in its own folder. It stores nothing on disk unless `settings` enable
 * that.
 */
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

/** Returns a low port, because a cluster server also uses the port 10,000 above it. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has an address with a port.
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (port < 55_000) return port;
  }
}
