import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteStore } from 'wa-coexist/sqlite';
import { listenReady } from '../meta/ready-fake.js';

const kills = process.env['WA_COEXIST_LONG'] ? 100 : 4;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'outbox-kills-'));
const library = join(folder, 'library.mjs');
const file = join(folder, 'outbox.db');
const children = new Set<ChildProcess>();

let meta: Awaited<ReturnType<typeof listenReady>>;

beforeAll(async () => {
  const contents = "export { createClient, createSender } from './src/index.ts'; export { sqliteStore } from './src/sqlite/index.ts';";
  await build({ stdin: { contents, resolveDir: root }, bundle: true, platform: 'node', format: 'esm', outfile: library });
  meta = await listenReady({}, async (_text, respond) => {
    const response = await respond();
    await pause(Math.random() * 60);
    return response;
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await meta.close();
  rmSync(folder, { recursive: true, maxRetries: 5 });
});

const acknowledged = new Set<string>();
const unknown = new Set<string>();
const emitted = new Set<string>();
const replayed = new Set<string>();
let unsettled = 0;

/**
 * Starts a process that enqueues new keys, and enqueues or sends those of earlier processes again, half of them
 * concurrently with the recovery. Without `fresh`, it only repeats keys, waits until the outbox is empty, and reports
 * how many of its calls have no result.
 */
async function run(first: number, fresh: number, repeated: readonly number[]): Promise<ChildProcess> {
  const code = `
    import { writeSync } from 'node:fs';
    import { createClient, createSender, sqliteStore } from ${JSON.stringify(pathToFileURL(library).href)};
    const say = (...words) => writeSync(1, words.join(' ') + '\\n');
    const store = sqliteStore(${JSON.stringify(file)});
    const client = createClient(${JSON.stringify({ accessToken: meta.accessToken, phoneNumberId: '1', baseUrl: meta.url })});
    const sender = createSender({ client, throughput: 120, store, takeOverAfterMs: 400, pacing: 'even' });
    for (const name of ['sent', 'unknown', 'rejected']) sender.on(name, ({ key, replayed }) => say(name, key, replayed ? 'replayed' : ''));
    const message = (number) => ({ to: '1555' + (1000000 + number), type: 'text', text: { body: String(number) } });
    let open = 0;
    const call = async (number, how) => {
      open += 1;
      try {
        await sender[how](message(number), { key: String(number) });
        if (how === 'enqueue') say('enqueued', number);
      } catch (error) {
        say('refused', number, error.message);
      }
      open -= 1;
    };
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const alive = setInterval(() => undefined, 1_000);
    say('up');
    const repeated = ${JSON.stringify(repeated)};
    repeated.forEach((number, index) => void call(number, index % 3 === 0 ? 'send' : 'enqueue'));
    for (let number = ${String(first)}; number < ${String(first + fresh)}; number += 1) {
      void call(number, number % 5 === 0 ? 'send' : 'enqueue');
      if (number % 10 === 0) await pause(5);
    }
    if (${String(fresh === 0)}) {
      do {
        await pause(500);
        await sender.sweep();
        await sender.drain();
      } while ((await store.list('sender/queue/', { limit: 1 })).length > 0);
      say('unsettled', open);
      await sender.close();
      await store.close();
      clearInterval(alive);
    }`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', code], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [what = '', key = '', mark] = line.split(' ');
      if (what === 'up') resolve();
      if (what === 'enqueued') acknowledged.add(key);
      if (what === 'unknown') unknown.add(key);
      if (what === 'unsettled') unsettled += Number(key);
      if (what === 'sent' || what === 'unknown' || what === 'rejected') emitted.add(key);
      if (mark === 'replayed') replayed.add(key);
    });
  });
  return child;
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => {
      children.delete(child);
      resolve();
    });
  });

test(`two processes share an outbox and are killed ${String(kills)} times: every key is sent once`, { timeout: 600_000 }, async () => {
  const perLife = 60;
  let next = 0;
  const start = async (): Promise<ChildProcess> => {
    // The program can't know which calls of its earlier processes succeeded, so it repeats them.
    const repeated = Array.from({ length: Math.min(next, perLife * 2) }, (_, index) => next - 1 - index);
    const child = await run(next, perLife, repeated);
    next += perLife;
    return child;
  };
  const slots = [await start(), await start()];
  for (let kill = 0; kill < kills; kill += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 500));
    const child = slots[kill % 2]!;
    const gone = ended(child);
    child.kill('SIGKILL');
    await gone;
    slots[kill % 2] = await start();
  }
  const gone = slots.map(ended);
  for (const child of slots) child.kill('SIGKILL');
  await Promise.all(gone);
  const recent = Array.from({ length: Math.min(next, perLife * 4) }, (_, index) => next - 1 - index);
  await Promise.all([run(0, 0, recent), run(0, 0, recent)].map(async (started) => ended(await started)));

  const accepted = new Map<string, number>();
  for (const { text } of meta.accepted) accepted.set(text, (accepted.get(text) ?? 0) + 1);
  const twice = [...accepted].filter(([, count]) => count > 1).map(([key]) => key);
  const lost = [...acknowledged].filter((key) => !accepted.has(key) && !unknown.has(key));
  const silent = [...acknowledged].filter((key) => !emitted.has(key));
  const store = sqliteStore(file);
  const left = (await store.list('sender/queue/', { limit: 10 })).map(({ key }) => key);
  await store.close();
  console.log(
    JSON.stringify({
      kills: kills + 2,
      acknowledged: acknowledged.size,
      accepted: accepted.size,
      unknown: unknown.size,
      replayed: replayed.size,
      lost: lost.length,
      twice: twice.length,
      silent: silent.length,
      unsettled,
      left: left.length,
    }),
  );
  expect(acknowledged.size).toBeGreaterThan(kills * 5);
  expect({ lost, twice, silent, unsettled, left }).toEqual({ lost: [], twice: [], silent: [], unsettled: 0, left: [] });
});
