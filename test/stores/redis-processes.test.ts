import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { redisStore } from '../../src/stores/redis/index.js';
import { redisInstalled, startRedis, type RedisServer } from './redis/server.js';

const long = Boolean(process.env.WA_COEXIST_LONG);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'redis-processes-'));
const library = join(folder, 'library.mjs');
const children = new Set<ChildProcess>();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe.skipIf(!redisInstalled)('redisStore in several processes', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    await build({
      stdin: {
        contents: `export { redisStore } from './src/stores/redis/index.ts'; export { updateEntry } from './src/stores/records.ts';`,
        resolveDir: root,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: library,
    });
    server = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
    redis = new Redis(server.url, { retryStrategy: () => 5, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await redis.flushall();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** Starts a process that runs `program` with `store`, and with its number as `me`. */
  function run(me: number, program: string): ChildProcess {
    const code = `
      import { Redis } from 'ioredis';
      import { redisStore, updateEntry } from ${JSON.stringify(pathToFileURL(library).href)};
      const redis = new Redis(${JSON.stringify(server.url)}, { retryStrategy: () => 5, maxRetriesPerRequest: null });
      redis.on('error', () => undefined);
      const store = redisStore(redis);
      const me = ${String(me)};
      ${program}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }
  async function linesOf(child: ChildProcess): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) lines.push(line);
    return lines;
  }

  test('six processes lose no update, and exactly one gets each key with setIfAbsent', { timeout: 120_000 }, async () => {
    const started = numbers(6).map((me) =>
      run(
        me,
        `for (let n = 0; n < 150; n += 1) {
          await updateEntry(store, 'count', (count) => (count ?? 0) + 1);
          if ((await store.setIfAbsent('claim/' + n, me)).written) console.log(n);
        }
        await redis.quit();`,
      ),
    );
    const won = await Promise.all(started.map(linesOf));
    expect(
      won
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(numbers(150));
    const store = redisStore(redis);
    expect((await store.get('count'))?.value).toBe(900);
    for (const [me, keys] of won.entries()) for (const key of keys) expect((await store.get(`claim/${key}`))?.value).toBe(me);
  });

  test('six processes acquire each entry of a list once, by due time', { timeout: 120_000 }, async () => {
    const store = redisStore(redis);
    await store.batch(numbers(200).map((n) => ({ type: 'set', key: `due/${String(n).padStart(3, '0')}`, value: n })));
    const started = numbers(6).map((me) =>
      run(
        me,
        `for (let due; (due = await store.list('due/', { limit: 5 })).length > 0; ) {
          for (const { key, value, version } of due) {
            const claim = [{ type: 'delete', key, ifVersion: version }, { type: 'setIfAbsent', key: 'leased/' + value, value: me }];
            if (await store.batch(claim)) console.log(value);
          }
        }
        await redis.quit();`,
      ),
    );
    const claimed = (await Promise.all(started.map(linesOf))).flat();
    expect(claimed.map(Number).sort((a, b) => a - b)).toEqual(numbers(200));
  });

  test(
    'kill -9 of the server loses no acknowledged update, counts none twice, and leaves no partial batch',
    { timeout: 300_000 },
    async () => {
      const store = redisStore(redis);
      const kills = long ? 30 : 3;
      const writers = numbers(3).map((me) =>
        run(
          me,
          `let end = false;
        process.once('SIGTERM', () => (end = true));
        for (let n = 0; !end; n += 1) {
          const tell = (line) => process.stdout.write(line + '\\n');
          const name = me + '/' + n;
          await Promise.all([
            updateEntry(store, 'count', (count) => (count ?? 0) + 1).then(() => tell('count')),
            store.setIfAbsent('single/' + name, n).then(({ written }) => tell((written ? '' : 'not ours: ') + 'single/' + name)),
            store.batch([{ type: 'setIfAbsent', key: 'left/' + name, value: n }, { type: 'setIfAbsent', key: 'right/' + name, value: n }])
              .then((applied) => tell((applied ? '' : 'not ours: ') + 'left/' + name)),
          ]);
        }
        await redis.quit();`,
        ),
      );
      let told = 0;
      for (const writer of writers) writer.stdout!.on('data', () => (told += 1));
      const lines = Promise.all(writers.map(linesOf));
      for (const kill of numbers(kills)) {
        // Any time during their work is suitable. Each kill has a different one.
        const until = told + 20 + kill * 13;
        await vi.waitUntil(() => told >= until, { timeout: 60_000, interval: 5 });
        await server.kill();
        await server.restart();
      }
      for (const writer of writers) writer.kill('SIGTERM');
      const all = (await lines).flat();

      const held = new Set((await store.list('', { limit: 1_000_000 })).map(({ key }) => key));
      expect(all.filter((line) => !held.has(line))).toEqual([]);
      expect((await store.get('count'))?.value).toBe(all.filter((line) => line === 'count').length);
      const halves = [...held].filter((key) => key.startsWith('left/') && !held.has(key.replace('left/', 'right/')));
      expect(halves).toEqual([]);
      expect(all.length).toBeGreaterThan(kills * 20);
    },
  );
});
