import { fail } from 'node:assert';
import type { JsonValue } from '../../../runtime/json.js';
import type { ListedEntry, Store } from '../../../stores/store.js';

export interface Time {
  /** Whether time passes to the millisecond. */
  readonly exact: boolean;
  /** A time to live that is worth waiting for. */
  readonly ttlMs: number;
  readonly pass: (durationMs: number) => Promise<void>;
}

export type Check = (store: Store, time: Time) => Promise<void>;

export function versionOf(result: Awaited<ReturnType<Store['set']>>): string {
  return result.written ? result.version : fail('the write took place');
}

export function keysOf(entries: readonly ListedEntry[]): readonly string[] {
  return entries.map(({ key }) => key);
}

/** By code points, which is the order of UTF-8 bytes. */
export function inOrder(keys: readonly string[]): string[] {
  const points = (key: string): number[] => Array.from(key, (character) => character.codePointAt(0) ?? 0);
  return [...keys].sort((left, right) => {
    const [a, b] = [points(left), points(right)];
    const index = a.findIndex((point, at) => point !== b[at]);
    return index === -1 ? a.length - b.length : (a[index] ?? 0) - (b[index] ?? -1);
  });
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function digits(n: number): string {
  return String(n).padStart(4, '0');
}

/** Increments a counter by compare-and-swap. Limited, so that a store that returns outdated versions fails instead of looping forever. */
export async function increment(store: Store, key: string): Promise<void> {
  for (const _ of numbers(1_000)) {
    const entry = await store.get(key);
    const { written } = entry
      ? await store.set(key, Number(entry.value) + 1, { ifVersion: entry.version })
      : await store.setIfAbsent(key, 1);
    if (written) return;
  }
  fail(`${key} was read and written 1,000 times and never held still`);
}

export async function transfer(store: Store, from: string, to: string): Promise<void> {
  for (const _ of numbers(1_000)) {
    const [source, target] = [await store.get(from), await store.get(to)];
    if (!source || !target) fail('an account was lost');
    const applied = await store.batch([
      { type: 'set', key: from, value: Number(source.value) - 1, ifVersion: source.version },
      { type: 'set', key: to, value: Number(target.value) + 1, ifVersion: target.version },
    ]);
    if (applied) return;
  }
  fail(`${from} and ${to} were read and written 1,000 times and never held still`);
}

export async function contentsOf(store: Store): Promise<Record<string, JsonValue>> {
  return Object.fromEntries((await store.list('', { limit: 1_000 })).map(({ key, value }) => [key, value]));
}

/** Runs other work for a while, so that the test reaches stores in memory between any two steps. */
export async function microtasks(count: number): Promise<void> {
  for (const _ of numbers(count)) await Promise.resolve();
}

/** Keys with a special meaning in a query language or a file system. A store compares only their bytes. */
export const oddKeys = (): readonly string[] => [
  ...[
    'a',
    'A',
    'a ',
    ' a',
    'a\n',
    'a\u0000',
    'a\u0000b',
    'a/b',
    'a//b',
    'a:b',
    'a.b',
    '..',
    '%',
    '_',
    '*',
    '?',
    '[a]',
    '\\',
    '\\\\',
    "'",
    '"',
    '`',
    '{a}',
    '$a',
  ],
  ...[
    'é',
    'e\u0301',
    'ß',
    'ss',
    'İ',
    'i',
    '漢',
    '😀',
    '\ufeffa',
    '\u200ba',
    '1',
    '01',
    '1.0',
    '1e0',
    'null',
    'undefined',
    '__proto__',
    'constructor',
  ],
  ...['k'.repeat(1_000), `${'k'.repeat(999)}l`, '😀'.repeat(200)],
];
