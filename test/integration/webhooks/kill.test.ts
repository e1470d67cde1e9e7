import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from 'wa-coexist';
import { redisStore } from 'wa-coexist/redis';
import { sqliteStore } from 'wa-coexist/sqlite';
import { signWebhook } from 'wa-coexist/testing';
import { redisInstalled, startRedis } from '../../stores/redis/server.js';
import { messages, textMessage } from '../../webhooks/fixtures/delivery.js';
import { secret } from '../../webhooks/fixtures/receive.js';

if (!redisInstalled) console.log('Left out: kill -9 of a receiver on Redis, because there is no redis-server on the PATH.');

const long = Boolean(process.env.WA_COEXIST_LONG);
const kills = long ? 50 : 8;
/** Number of deliveries that Meta sends concurrently. */
const senders = 12;
/** Maximum number of events that a receiver handles concurrently, and that may be unmarked when it is killed. */
const maxInProgress = 64;
/** Longer than the leases of a killed process. */
const leaseIsOverMs = 31_000;
/** A receiver is killed shortly after at most this many acknowledged events. */
const longestLife = 120;
const longestMomentMs = 15;

const folder = mkdtempSync(join(tmpdir(), 'webhooks-kill-'));
const program = join(folder, 'receiver.cjs');
const children = new Set<ChildProcess>();

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./receiver.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The store that the receivers share. */
interface Shared {
  /** A file, or the address of a Redis. */
  readonly address: string;
  /** Opens the store while a receiver uses it. */
  open(): Store;
  /** Opens the store of a killed receiver without changing it. */
  openLeft(): Store;
}

/** Waits for a condition. Fails with its name if it isn't met in time. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`It never came to this: ${what}.`);
    await pause(2);
  }
}

/** Simulates Meta: redelivers until a receiver returns 200. */
function meta(name: string) {
  const acknowledged = new Set<string>();
  let deliveries = 0;
  let events = 0;
  let isOver = false;
  let isGone = false;
  let url: string | undefined;

  const post = async (body: string): Promise<void> => {
    while (!isGone) {
      try {
        if (url) {
          const response = await fetch(url, { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } });
          await response.arrayBuffer();
          if (response.status === 200) return;
        }
      } catch {
        // There is no receiver, or the response was lost with the process.
      }
      await pause(5);
    }
  };
  const send = async (): Promise<void> => {
    while (!isOver) {
      const customer = `1555010${String(1000 + (deliveries % 9000))}`;
      const ids = Array.from({ length: 1 + (deliveries % 3) }, () => `wamid.EXAMPLE-${name}-${String((events += 1))}`);
      deliveries += 1;
      const body = JSON.stringify(messages(...ids.map((id, index) => textMessage(id, 'Hello', `${customer}${String(index)}`))));
      await post(body);
      if (isGone) return;
      for (const id of ids) acknowledged.add(id);
      // Meta doesn't know which responses were lost, and sends some deliveries twice.
      if (deliveries % 10 === 0) await post(body);
    }
  };
  const sending = Array.from({ length: senders }, send);
  return {
    acknowledged,
    deliverTo(port: number | undefined): void {
      url = port === undefined ? undefined : `http://127.0.0.1:${String(port)}/webhooks`;
    },
    /** Creates no new deliveries, and waits until all are acknowledged. */
    async end(): Promise<void> {
      isOver = true;
      await Promise.all(sending);
    },
    [Symbol.dispose](): void {
      isOver = true;
      isGone = true;
    },
  };
}

async function start(parameters: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(program, parameters, { execArgv: ['--no-warnings'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The receiver ended with ${String(code)} before it listened.`);
  });
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number];
  // From here on, the test ends the process.
  ended.catch(() => undefined);
  return { child, port };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Returns the effects in a receiver's file: IDs of messages and the keys of their events, in order. */
function effectsIn(file: string): { id: string; key: string }[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [id = '', key = ''] = line.split(' ');
    return { id, key };
  });
}

async function isMarked(store: Store, key: string): Promise<boolean> {
  const entry = await store.get(`webhooks/events/${key}`);
  return JSON.stringify(entry?.value).includes('"done"');
}

/**
 * Kills receivers at random points and starts the next ones while deliveries arrive. No event may be lost, and few may
 * be handled twice.
 */
async function survives(name: string, { address, open, openLeft }: Shared): Promise<void> {
  using sender = meta(name);
  /** The last run in which an event was handled. */
  const lastRunOf = new Map<string, number>();
  /** The events that each run had handled but not marked when it was killed. Only these may be handled again. */
  const unmarked: Set<string>[] = [];
  let doubles = 0;
  let aheadMs = 0;

  const countEffects = (run: number, file: string): string[] => {
    const effects = effectsIn(file);
    for (const { id, key } of effects) {
      const before = lastRunOf.get(id);
      lastRunOf.set(id, run);
      if (before === undefined) continue;
      doubles += 1;
      expect(before, `${id} was handled twice by one process`).not.toBe(run);
      expect(unmarked[before]?.has(key), `${id} was handled again, though it had been marked`).toBe(true);
    }
    return effects.map(({ key }) => key);
  };

  for (let run = 0; run < kills; run += 1) {
    const file = join(folder, `${name}-${String(run)}`);
    const { child, port } = await start([address, file, String(aheadMs)]);
    sender.deliverTo(port);
    const last = sender.acknowledged.size + Math.random() * longestLife;
    await until('deliveries are acknowledged', () => sender.acknowledged.size >= last);
    await pause(Math.random() * longestMomentMs);
    await killed(child);
    sender.deliverTo(undefined);
    const keys = countEffects(run, file);
    const left = openLeft();
    const marks = await Promise.all(keys.map((key) => isMarked(left, key)));
    await left.close?.();
    unmarked.push(new Set(keys.filter((_, index) => !marks[index])));
    expect(unmarked[run]?.size).toBeLessThanOrEqual(maxInProgress);
    // Some receivers start while the killed one still has its leases, and some later.
    if (Math.random() < 0.5) aheadMs += leaseIsOverMs;
  }

  const last = join(folder, `${name}-last`);
  const { child, port } = await start([address, last, String(aheadMs + leaseIsOverMs)]);
  sender.deliverTo(port);
  await sender.end();
  const store = open();
  await until('the inbox is empty', async () => (await store.list('webhooks/inbox/', { limit: 1 })).length === 0);
  await killed(child);
  countEffects(kills, last);

  const lost = [...sender.acknowledged].filter((id) => !lastRunOf.has(id));
  const inHand = unmarked.reduce((sum, { size }) => sum + size, 0);
  console.log(
    `${name}: ${String(kills)} kills, ${String(sender.acknowledged.size)} events acknowledged, ${String(lost.length)} lost, ` +
      `${String(inHand)} handled and not marked at a kill, ${String(doubles)} handled twice`,
  );
  expect(lost).toEqual([]);
  expect(doubles).toBeLessThanOrEqual(inHand);
  expect(await store.list('webhooks/dead/', { limit: 1 })).toEqual([]);
  await store.close?.();
  expect(sender.acknowledged.size).toBeGreaterThan(kills * 10);
}

describe('kill -9 of a receiver in inbox mode loses nothing, and repeats only events that were handled and not yet marked', () => {
  test('on SQLite', { timeout: 300_000 }, async () => {
    const file = join(folder, 'inbox.db');
    await survives('sqlite', {
      address: file,
      open: () => sqliteStore(file),
      // A copy, with the write-ahead log of the killed process. Opening the file itself would clean it up for the next
      // process.
      openLeft() {
        const copy = join(folder, `${crypto.randomUUID()}.db`);
        for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
        return sqliteStore(copy);
      },
    });
  });

  test.skipIf(!redisInstalled)('on Redis', { timeout: 300_000 }, async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    try {
      const open = (): Store => redisStore(redis);
      await survives('redis', { address: server.url, open, openLeft: open });
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });
});
