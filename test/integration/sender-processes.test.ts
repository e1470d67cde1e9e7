import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteStore } from 'wa-coexist/sqlite';
import { listenReady } from '../meta/ready-fake.js';
import { redisInstalled, startRedis } from '../stores/redis/server.js';

const long = Boolean(process.env.WA_COEXIST_LONG);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sender-processes-'));
const library = join(folder, 'library.mjs');
const children = new Set<ChildProcess>();

let meta: Awaited<ReturnType<typeof listenReady>>;
/** Returns how often each text was accepted. */
const countAccepted = (): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { text } of meta.accepted) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};

beforeAll(async () => {
  await build({
    stdin: {
      contents: `export { createClient, createSender } from './src/index.ts';
        export { sqliteStore } from './src/sqlite/index.ts'; export { redisStore } from './src/stores/redis/index.ts';`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: library,
  });
  meta = await listenReady({}, async (_text, respond) => {
    await pause(Math.random() * 10);
    const response = await respond();
    await pause(Math.random() * 10);
    return response;
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await meta.close();
  rmSync(folder, { recursive: true });
});

/** Starts a process with a sender on a store. `say` writes a line that `lines` yields here. */
function run(store: string, program: string): { readonly child: ChildProcess; readonly lines: AsyncIterable<string> } {
  const code = `
    import { createClient, createSender, redisStore, sqliteStore } from ${JSON.stringify(pathToFileURL(library).href)};
    ${store}
    const client = createClient(${JSON.stringify({ accessToken: meta.accessToken, phoneNumberId: '1', baseUrl: meta.url })});
    const sender = createSender({ client, throughput: 500, store, takeOverAfterMs: 300 });
    const say = (line) => process.stdout.write(line + '\\n');
    const message = (text, to = '15550100987') => ({ to, type: 'text', text: { body: text } });
    ${program}`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', code], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function linesOf({ lines }: ReturnType<typeof run>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const sqlite = (file: string): string => `const store = sqliteStore(${JSON.stringify(file)});`;

test('kill -9 at any moment: each enqueued message is sent, and none arrives twice', { timeout: 300_000 }, async () => {
  const file = join(folder, 'outbox.db');
  const kills = long ? 30 : 3;
  const enqueued = new Set<string>();
  const unknown = new Set<string>();
  const note = (line: string): void => {
    const [what, text = ''] = line.split(' ');
    if (what === 'enqueued') enqueued.add(text);
    if (what === 'unknown') unknown.add(text);
  };
  for (let life = 0; life < kills; life += 1) {
    const started = run(
      sqlite(file),
      `sender.on('unknown', ({ key }) => say('unknown ' + key));
       say('up');
       for (let number = 0; ; number += 10) {
         await Promise.all(Array.from({ length: 10 }, async (_, offset) => {
           const text = '${String(life)}-' + (number + offset);
           await sender.enqueue(message(text, '1555' + (1000000 + number + offset)), { key: text });
           say('enqueued ' + text);
         }));
       }`,
    );
    for await (const line of started.lines) {
      if (line === 'up') setTimeout(() => started.child.kill('SIGKILL'), 50 + Math.random() * 600);
      note(line);
    }
  }
  const last = run(
    sqlite(file),
    `sender.on('unknown', ({ key }) => say('unknown ' + key));
     for (;;) {
       await sender.sweep();
       await sender.drain();
       if ((await store.list('sender/queue/', { limit: 1 })).length === 0) break;
       // Until the records of the killed processes can be taken over.
       await new Promise((resolve) => setTimeout(resolve, 50));
     }
     await sender.close();
     await store.close();`,
  );
  for (const line of await linesOf(last)) note(line);
  const store = sqliteStore(file);
  const accepted = countAccepted();
  const lost: string[] = [];
  for (const text of enqueued) {
    if (accepted.has(text) || unknown.has(text)) continue;
    // A message that was recorded as unknown when its process was killed, before it could report that.
    const record = (await store.get(`sender/1/key/${text}`))?.value as { state?: string } | undefined;
    if (record?.state !== 'unknown') lost.push(text);
  }
  await store.close();
  const doubled = [...accepted].filter(([, count]) => count > 1).map(([text]) => text);
  console.log(
    `kills ${String(kills)}: enqueued ${String(enqueued.size)}, accepted ${String(accepted.size)}, unknown ${String(unknown.size)}, lost ${String(lost.length)}, doubled ${String(doubled.length)}`,
  );
  expect(enqueued.size).toBeGreaterThan(kills * 5);
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
});

describe('the same key from several processes, before, during and after', () => {
  const sameKey = async (store: string, text: string): Promise<void> => {
    const program = (copies: number): string => `
      const results = await Promise.all(Array.from({ length: ${String(copies)} }, () => sender.send(message('${text}'), { key: 'k' })));
      for (const { outcome } of results) say(outcome);
      await sender.close();
      process.exit(0);`;
    const during = await Promise.all([run(store, program(2)), run(store, program(1)), run(store, program(1))].map(linesOf));
    const after = await linesOf(run(store, program(1)));
    expect(countAccepted().get(text)).toBe(1);
    expect(during.flat()).toContain('accepted');
    for (const outcome of during.flat()) expect(['accepted', 'unknown']).toContain(outcome);
    expect(after).toEqual(['accepted']);
  };

  test('one message is sent with SQLite', { timeout: 60_000 }, async () => {
    await sameKey(sqlite(join(folder, 'keys.db')), 'sqlite');
  });

  test.skipIf(!redisInstalled)('one message is sent with Redis', { timeout: 60_000 }, async () => {
    const redis = await startRedis('--appendonly', 'yes');
    try {
      await sameKey(`import { Redis } from 'ioredis'; const store = redisStore(new Redis(${JSON.stringify(redis.url)}));`, 'redis');
    } finally {
      await redis.stop();
    }
  });
});
