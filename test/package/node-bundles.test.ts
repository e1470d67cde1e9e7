import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, unknown> };
const entries = Object.keys(manifest.exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => entry.replace(/^\./, 'wa-coexist'));

/** Entries that load only in a test runner. */
const runnerEntries: readonly string[] = ['wa-coexist/testing/vitest', 'wa-coexist/testing/jest'];

/** Parses the last line of a program's output as JSON. */
function resultOf(program: string, flags: readonly string[]): unknown {
  const output = execFileSync(process.execPath, ['--no-warnings', ...flags, '--eval', program], { cwd: root, encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

/** Returns the files of the package that Node loads for an import of an entry. */
const filesOf = (entry: string): unknown =>
  resultOf(
    `import { registerHooks } from 'node:module';
     const files = new Set();
     registerHooks({ load(url, context, next) { if (url.startsWith(${JSON.stringify(new URL('../../dist/', import.meta.url).href)})) files.add(url); return next(url, context); } });
     await import('${entry}');
     console.log(JSON.stringify([...files]));`,
    ['--input-type=module'],
  );

describe('Node loads a few files of the package', () => {
  test.each(entries.filter((entry) => !runnerEntries.includes(entry)))('fewer than 15 for %s, all of them from dist/node', (entry) => {
    const files = filesOf(entry) as string[];
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThan(15);
    expect(files.filter((file) => !file.includes('/dist/node/'))).toEqual([]);
  });

  test('wa-coexist/errors and wa-coexist/webhooks/node don’t load the client, the sender or the coexistence modules', () => {
    for (const entry of ['wa-coexist/errors', 'wa-coexist/webhooks/node']) {
      const files = filesOf(entry) as string[];
      expect(files.filter((file) => /\/chunks\/(?!(?:base|node-handler)\.js)/.test(file))).toEqual([]);
    }
  });
});

test.each(['wa-coexist', 'wa-coexist/errors'])('an import of %s creates no errors, as each stack takes time', (entry) => {
  const program = `
    let created = 0;
    globalThis.Error = class extends Error {
      constructor(...parameters) {
        super(...parameters);
        created += 1;
      }
    };
    const { InvalidArgumentError } = await import('${entry}');
    const duringImport = created;
    new InvalidArgumentError('', '', '');
    console.log(JSON.stringify({ duringImport, later: created - duringImport }));`;
  expect(resultOf(program, ['--input-type=module'])).toEqual({ duringImport: 0, later: 1 });
});

/** Entries whose peers have no CommonJS form, and entries that load only in a test runner. */
const onlyModules: readonly string[] = ['wa-coexist/testing/msw', 'wa-coexist/nestjs', ...runnerEntries];

/** Returns names that several entries export with different values. */
const differingNames = (load: string): string => `
  const seen = new Map(), differing = [];
  for (const entry of ${JSON.stringify(entries.filter((entry) => !onlyModules.includes(entry)))}) {
    for (const [name, value] of Object.entries(${load})) {
      if (!seen.has(name)) seen.set(name, { value, count: 0 });
      const first = seen.get(name);
      first.count += 1;
      if (first.value !== value) differing.push(entry + ' ' + name);
    }
  }
  const shared = [...seen].filter(([, { count }]) => count > 1).map(([name]) => name);
  console.log(JSON.stringify({ differing, sharesErrors: shared.includes('GraphApiError') }));`;

test.each([
  ['import', differingNames('await import(entry)'), ['--input-type=module']],
  ['require()', differingNames('require(entry)'), ['--input-type=commonjs']],
  ['require() without ES modules', differingNames('require(entry)'), ['--input-type=commonjs', '--no-experimental-require-module']],
])('entries share their classes and functions by %s', (_way, program, flags) => {
  expect(resultOf(program, flags)).toEqual({ differing: [], sharesErrors: true });
});

test('an error of one entry is an instance of the class of another entry', () => {
  const program = `
    import { createClient, sendMessage } from 'wa-coexist';
    import { InvalidMessageError, WhatsAppError } from 'wa-coexist/errors';
    const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
    const interactive = { type: 'button', body: { text: 'x' }, action: { buttons: [] } };
    const thrown = await sendMessage(client, { to: '15550100987', type: 'interactive', interactive }).catch((error) => error);
    console.log(JSON.stringify([thrown instanceof InvalidMessageError, thrown instanceof WhatsAppError]));`;
  expect(resultOf(program, ['--input-type=module'])).toEqual([true, true]);
});

describe('bundlers', () => {
  /** Returns the files of the package in a server bundle. */
  async function filesInBundle(contents: string): Promise<string[]> {
    const { metafile } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      external: ['bullmq'],
      logLevel: 'error',
    });
    return Object.keys(metafile.inputs).filter((file) => file.startsWith('dist/'));
  }

  test('take one file for each source file, so a server that verifies signatures contains no schemas', async () => {
    const files = await filesInBundle(`export { verifySignature } from 'wa-coexist/webhooks';`);
    expect(files).toContain('dist/webhooks/index.js');
    expect(files.filter((file) => file.startsWith('dist/node/'))).toEqual([]);
  });

  test('take one copy if a program both imports and requires the package', async () => {
    const files = await filesInBundle(
      `import { GraphApiError } from 'wa-coexist'; console.log(require('wa-coexist').GraphApiError === GraphApiError, require('wa-coexist/errors'));`,
    );
    expect(files).toContain('dist/errors/index.js');
    expect(files.filter((file) => file.startsWith('dist/node/') || file.endsWith('.cjs'))).toEqual([]);
  });
});
