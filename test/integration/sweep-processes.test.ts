import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, type Store } from 'wa-coexist';
import { redisStore } from 'wa-coexist/redis';
import { sqliteStore } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';

const dayMs = 86_400_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sweep-processes-'));
const library = join(folder, 'library.mjs');
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.log('Six processes over Redis are left out: there is no redis-server here.');

beforeAll(async () => {
  const contents = `
    export { createClient, createCoexistence } from './src/index.ts';
    export { sqliteStore } from './src/sqlite/index.ts';
    export { redisStore } from './src/stores/redis/index.ts';`;
  await build({ stdin: { contents, resolveDir: root }, bundle: true, platform: 'node', format: 'esm', outfile: library });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/**
 * The line that a process writes when it starts with a number, and when it ends: successfully, or with a failed
 * handler.
 */
interface Line {
  readonly what: 'begin' | 'done' | 'failed';
  readonly phoneNumberId: string;
  /** Nanoseconds of the machine's monotonic clock, which all processes share. */
  readonly at: bigint;
}

/** A process that sweeps until no work is left, with slow handlers that fail at random. */
async function sweeper(openStore: string, now: number): Promise<Line[]> {
  const code = `
    import { createRequire } from 'node:module';
    import { createClient, createCoexistence, redisStore, sqliteStore } from ${JSON.stringify(pathToFileURL(library).href)};
    const require = createRequire(${JSON.stringify(join(root, 'package.json'))});
    const { store, close } = await (async () => { ${openStore} })();
    const lines = [];
    const tell = (what, phoneNumberId) => lines.push([what, phoneNumberId, process.hrtime.bigint()].join(' '));
    const coexistence = createCoexistence({ client: createClient({}), store, saveToken: () => undefined, sweepIntervalMs: false, heartbeat: { probe: false } });
    coexistence.on('heartbeat.due', async ({ phoneNumberId }) => {
      tell('begin', phoneNumberId);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      const fails = Math.random() < 0.3;
      tell(fails ? 'failed' : 'done', phoneNumberId);
      if (fails) throw new Error('the mail server is away');
    });
    for (let idle = 0; idle < 3;) {
      const { handled, failed } = await coexistence.sweep({ now: new Date(${String(now)}) });
      idle = handled + failed === 0 ? idle + 1 : 0;
      if (idle > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await coexistence.close();
    await close();
    console.log(lines.join('\\n'));`;
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  if (!child.stdout) throw new Error('no output');
  for await (const text of createInterface({ input: child.stdout })) {
    const [what, phoneNumberId = '', at = '0'] = text.split(' ');
    if (what === 'begin' || what === 'done' || what === 'failed') lines.push({ what, phoneNumberId, at: BigInt(at) });
  }
  return lines;
}

/** Six processes sweep 400 due numbers. Returns the history of each number, ordered by time. */
async function sixProcesses(store: Store, openStore: string): Promise<ReadonlyMap<string, readonly Line[]>> {
  // The heartbeats start eleven days ago, so all are due by the machine's clock.
  const clock = fakeClock({ now: new Date(Date.now() - 11 * dayMs) });
  const coexistence = createCoexistence({ client: createClient({ clock }), store, saveToken: () => undefined, sweepIntervalMs: false });
  const numbers = Array.from({ length: 400 }, (_, index) => `3399${String(index).padStart(11, '0')}`);
  for (const phoneNumberId of numbers) await coexistence.heartbeat.recordAppOpened({ phoneNumberId });
  await coexistence.close();
  const now = Date.now();
  const lines = (await Promise.all(Array.from({ length: 6 }, () => sweeper(openStore, now)))).flat();
  lines.sort((one, other) => (one.at < other.at ? -1 : 1));
  return new Map(numbers.map((id) => [id, lines.filter(({ phoneNumberId }) => phoneNumberId === id)]));
}

/** Every number was handled successfully exactly once, and never by two processes at the same time. */
function expectEachOnce(lived: ReadonlyMap<string, readonly Line[]>): void {
  const tally = { handled: 0, failures: 0, atOnce: 0, lost: 0, twice: 0 };
  for (const lines of lived.values()) {
    let running = 0;
    let done = 0;
    for (const { what } of lines) {
      running += what === 'begin' ? 1 : -1;
      if (running > 1) tally.atOnce += 1;
      if (what === 'failed') tally.failures += 1;
      if (what === 'done') done += 1;
    }
    if (done === 0) tally.lost += 1;
    if (done > 1) tally.twice += 1;
    tally.handled += Math.min(done, 1);
  }
  console.log(`six processes, ${String(lived.size)} numbers: ${JSON.stringify(tally)}`);
  expect(tally).toMatchObject({ handled: 400, atOnce: 0, lost: 0, twice: 0 });
  expect(tally.failures).toBeGreaterThan(20);
}

describe('six processes sweep 400 numbers with handlers that fail at random: each due fact is handled, never by two at the same time', () => {
  test('over one SQLite file', { timeout: 180_000 }, async () => {
    const file = join(folder, 'state.db');
    const store = sqliteStore(file);
    const lived = await sixProcesses(
      store,
      `const store = sqliteStore(${JSON.stringify(file)}); return { store, close: () => store.close() };`,
    );
    await store.close();
    expectEachOnce(lived);
  });

  test.runIf(hasRedis)('over one Redis server', { timeout: 180_000 }, async () => {
    const port = await freePort();
    const server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], {
      stdio: 'ignore',
    });
    const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 100, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    try {
      await redis.ping();
      const lived = await sixProcesses(
        redisStore(redis),
        `const { Redis } = require('ioredis');
         const redis = new Redis({ port: ${String(port)}, host: '127.0.0.1' });
         return { store: redisStore(redis), close: () => redis.quit() };`,
      );
      expectEachOnce(lived);
    } finally {
      redis.disconnect();
      server.kill();
    }
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
