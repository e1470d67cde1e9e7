import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sqliteStore } from 'wa-coexist/sqlite';

const long = Boolean(process.env.WA_COEXIST_LONG);
const folder = mkdtempSync(join(tmpdir(), 'sqlite-processes-'));
const library = join(folder, 'library.mjs');
const children = new Set<ChildProcess>();

beforeAll(async () => {
  await build({
    stdin: {
      contents: `export { sqliteStore } from './src/sqlite/index.ts'; export { updateEntry } from './src/stores/records.ts';`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: library,
  });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
const newFile = (): string => join(folder, `${String((files += 1))}.db`);

/** Starts a process that runs `program` with `store` on `file`, and with its number as `me`. */
function run(file: string, me: number, program: string): ChildProcess {
  return runCode(`
    import { sqliteStore, updateEntry } from ${JSON.stringify(pathToFileURL(library).href)};
    const store = sqliteStore(${JSON.stringify(file)});
    const me = ${String(me)};
    ${program}`);
}
function runCode(code: string): ChildProcess {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
const exit = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      resolve(code ?? signal);
    }),
  );
async function linesOf(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) lines.push(line);
  return lines;
}
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('six processes that open one new file at once', () => {
  test('lose no update, and exactly one gets each key with setIfAbsent', { timeout: 120_000 }, async () => {
    const file = newFile();
    const started = numbers(6).map((me) =>
      run(
        file,
        me,
        `for (let n = 0; n < 150; n += 1) {
          await updateEntry(store, 'count', (count) => (count ?? 0) + 1);
          if ((await store.setIfAbsent('claim/' + n, me)).written) console.log(n);
        }
        await store.close();`,
      ),
    );
    const won = await Promise.all(started.map(linesOf));
    expect(
      won
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(numbers(150));
    await using store = sqliteStore(file);
    expect((await store.get('count'))?.value).toBe(900);
    for (const [me, keys] of won.entries()) for (const key of keys) expect((await store.get(`claim/${key}`))?.value).toBe(me);
  });

  test('acquire each entry of a list once, by due time', { timeout: 120_000 }, async () => {
    const file = newFile();
    await using store = sqliteStore(file);
    await store.batch(numbers(200).map((n) => ({ type: 'set', key: `due/${String(n).padStart(3, '0')}`, value: n })));
    const started = numbers(6).map((me) =>
      run(
        file,
        me,
        `for (let due; (due = await store.list('due/', { limit: 5 })).length > 0; ) {
          for (const { key, value, version } of due) {
            const claim = [{ type: 'delete', key, ifVersion: version }, { type: 'setIfAbsent', key: 'leased/' + value, value: me }];
            if (await store.batch(claim)) console.log(value);
          }
        }
        await store.close();`,
      ),
    );
    const claimed = (await Promise.all(started.map(linesOf))).flat();
    expect(claimed.map(Number).sort((a, b) => a - b)).toEqual(numbers(200));
  });
});

test('wait for a new file that another process has locked', async () => {
  const file = newFile();
  const holder = runCode(`
    import { DatabaseSync } from 'node:sqlite';
    const database = new DatabaseSync(${JSON.stringify(file)});
    database.exec('CREATE TABLE theirs (n INTEGER); BEGIN EXCLUSIVE');
    console.log('held');
    setTimeout(() => database.exec('COMMIT'), 300);`);
  await new Promise((resolve) => holder.stdout!.once('data', resolve));
  await using store = sqliteStore(file);
  expect(await store.set('key', 1)).toMatchObject({ written: true });
});

describe('kill -9 of a writer', () => {
  test('loses no acknowledged write, and leaves no partial batch', { timeout: 300_000 }, async () => {
    const file = newFile();
    const written = new Map<string, number>();
    for (const round of numbers(long ? 50 : 6)) {
      const writers = [0, 1].map((me) =>
        run(
          file,
          me,
          `for (let n = 0; ; n += 1) {
            const tell = (line) => process.stdout.write(line + '\\n');
            const name = [${round}, me, n].join('/');
            await Promise.all([
              store.set('single/' + name, n).then(() => tell('single/' + name + ' ' + n)),
              store.batch([{ type: 'set', key: 'left/' + name, value: n }, { type: 'set', key: 'right/' + name, value: n }]).then(() => tell('left/' + name + ' ' + n)),
            ]);
          }`,
        ),
      );
      const told = await Promise.all(
        writers.map(async (writer, me) => {
          const lines: string[] = [];
          const gone = exit(writer);
          let rest = '';
          writer.stdout!.setEncoding('utf8').on('data', (text: string) => {
            const parts = (rest + text).split('\n');
            rest = parts.pop() ?? '';
            lines.push(...parts);
            // Any time is suitable. Each round has a different one.
            if (lines.length > 20 + round * 7 + me * 31) writer.kill('SIGKILL');
          });
          expect(await gone).toBe('SIGKILL');
          return lines;
        }),
      );
      for (const line of told.flat()) {
        const [key = '', n] = line.split(' ');
        written.set(key, Number(n));
      }

      await using store = sqliteStore(file);
      const held = new Map((await store.list('', { limit: 1_000_000 })).map(({ key, value }) => [key, value]));
      expect([...written].filter(([key, n]) => held.get(key) !== n)).toEqual([]);
      const halves = [...held.keys()].filter((key) => key.startsWith('left/') && !held.has(key.replace('left/', 'right/')));
      expect(halves).toEqual([]);
    }
    expect(written.size).toBeGreaterThan(100);
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  });
});
