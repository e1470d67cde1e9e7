import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startRedis, type RedisServer } from '../../stores/redis/server.js';
import { startMeta, type Plan } from './meta-server.js';
import type { Order, Told } from './process.js';

/** A message of the test. Its text is its position: number/recipient/index. */
export interface Item {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** The results of all messages. */
export interface Report {
  /** Messages that Meta didn't receive and that weren't reported as unknown. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Messages that Meta received after a later one to the same recipient. */
  readonly outOfOrder: readonly string[];
  readonly unknown: number;
  readonly worstSecond: number;
  readonly refusedShare: number;
  /** The longest time between two messages of one number. It is the time of a takeover if a process was killed. */
  readonly longestPauseMs: number;
  /** When Meta received the first message of each number, by `performance.now()`. */
  readonly firstAtMs: ReadonlyMap<string, number>;
}

/** Processes that send through one Redis to one Meta. */
export interface Fleet {
  readonly redis: RedisServer;
  /** Starts a process that sends from this many numbers at the same time. */
  start(numbers?: number): Promise<ChildProcess>;
  tell(child: ChildProcess, order: Order, answer: Told['type']): Promise<void>;
  /** Resolves when this share of all messages has been reported. @throws if that takes too long. */
  reached(share: number, withinMs: number): Promise<void>;
  /** Resolves when all of these messages have been reported. @throws if that takes too long. */
  tookAll(items: readonly Item[], withinMs: number): Promise<void>;
  report(): Report;
  /** Stops everything, whether the test passed or failed. */
  stop(): Promise<void>;
}

/** Builds the program of the processes. */
export async function buildProcess(): Promise<{ readonly program: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'bullmq-'));
  const program = join(folder, 'process.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./process.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
  return {
    program,
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns the messages of some numbers, to ten recipients each. The first number has the index `first`. */
export function itemsOf(numbers: number, messagesOfNumber: number, first = 0): Item[][] {
  return Array.from({ length: numbers }, (_, index) => {
    const number = first + index;
    const from = `1065403522${String(10_000 + number)}`;
    return Array.from({ length: messagesOfNumber }, (_message, place) => {
      const to = `1555${String(number).padStart(3, '0')}${String(1_000 + (place % 10))}`;
      return { from, to, text: `${from}/${to}/${String(place)}` };
    });
  });
}

/** Starts a persistent Redis, and Meta. */
export async function startFleet(program: string, items: readonly Item[], cap: number, planOf?: () => Plan): Promise<Fleet> {
  const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
  const meta = await startMeta(cap, planOf);
  const unknown = new Set<string>();
  const children = new Set<ChildProcess>();
  const toldOf = (): Set<string> => new Set([...meta.taken.map(({ text }) => text), ...unknown]);

  return {
    redis,
    async start(numbers = 100) {
      const child = fork(program, [redis.url, meta.url, String(cap), String(numbers), meta.accessToken]);
      children.add(child);
      child.on('message', (told: Told) => {
        if (told.type === 'unknown') unknown.add(told.text);
      });
      await once(child, 'message');
      return child;
    },
    tell: (child, order, answer) =>
      new Promise<void>((resolve) => {
        const onMessage = (told: Told): void => {
          if (told.type !== answer) return;
          child.off('message', onMessage);
          resolve();
        };
        child.on('message', onMessage);
        child.send(order);
      }),
    async reached(share, withinMs) {
      const startedAtMs = performance.now();
      while (toldOf().size < items.length * share) {
        if (performance.now() - startedAtMs > withinMs) {
          throw new Error(`Only ${String(toldOf().size)} of ${String(items.length)} messages were told of after ${String(withinMs)} ms.`);
        }
        await pause(20);
      }
    },
    async tookAll(expected, withinMs) {
      const startedAtMs = performance.now();
      for (;;) {
        const told = toldOf();
        const open = expected.filter(({ text }) => !told.has(text));
        if (open.length === 0) return;
        if (performance.now() - startedAtMs > withinMs) {
          throw new Error(`${String(open.length)} messages were not told of after ${String(withinMs)} ms.`);
        }
        await pause(20);
      }
    },
    report() {
      const counts = new Map<string, number>();
      const lastPlaces = new Map<string, number>();
      const outOfOrder: string[] = [];
      const lastAtMs = new Map<string, number>();
      const firstAtMs = new Map<string, number>();
      let longestPauseMs = 0;
      for (const { atMs, from, to, text } of meta.taken) {
        longestPauseMs = Math.max(longestPauseMs, atMs - (lastAtMs.get(from) ?? atMs));
        lastAtMs.set(from, atMs);
        if (!firstAtMs.has(from)) firstAtMs.set(from, atMs);
        counts.set(text, (counts.get(text) ?? 0) + 1);
        const place = Number(text.split('/')[2]);
        if (place < (lastPlaces.get(`${from}/${to}`) ?? 0)) outOfOrder.push(text);
        lastPlaces.set(`${from}/${to}`, place);
      }
      return {
        lost: items.map(({ text }) => text).filter((text) => !counts.has(text) && !unknown.has(text)),
        doubled: [...counts].filter(([, count]) => count > 1).map(([text]) => text),
        outOfOrder,
        unknown: unknown.size,
        worstSecond: meta.worstSecond(),
        refusedShare: meta.refused / Math.max(1, meta.refused + meta.taken.length),
        longestPauseMs: Math.round(longestPauseMs),
        firstAtMs,
      };
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await meta.close();
      await redis.stop();
    },
  };
}
