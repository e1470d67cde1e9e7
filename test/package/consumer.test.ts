import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
let consumer = '';

/** A project with the packed tarball and its declared dependencies, and no other package of this repository. */
beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'consumer-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], {
    cwd: root,
    encoding: 'utf8',
  });
  const answer = JSON.parse(packed) as { filename: string }[] | Record<string, { filename: string }>;
  const [tarball] = Object.values(answer);
  const place = join(consumer, 'node_modules', 'wa-coexist');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', join(consumer, tarball!.filename), '-C', place, '--strip-components=1']);
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(consumer, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(consumer, 'node_modules', name));
  }
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
}, 60_000);
afterAll(() => {
  rmSync(consumer, { recursive: true, force: true });
});

const entries = Object.keys(manifest.exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => entry.replace(/^\./, 'wa-coexist'));
const run = (file: string, text: string): string => {
  writeFileSync(join(consumer, file), text);
  return execFileSync(process.execPath, ['--no-warnings', file], { cwd: consumer, encoding: 'utf8' });
};

test('the tarball contains the build and the sources of its source maps, and no other files', () => {
  const place = join(consumer, 'node_modules', 'wa-coexist');
  expect(readdirSync(place).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
  const maps = readdirSync(join(place, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js.map'));
  expect(maps.length).toBeGreaterThan(100);
  for (const file of maps) {
    const path = join(place, 'dist', file);
    const { sources } = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] };
    for (const source of sources) expect(readdirSync(dirname(join(dirname(path), source))), file).toContain(basename(source));
  }
});

test('stack traces with --enable-source-maps name the lines of the sources', () => {
  writeFileSync(
    join(consumer, 'trace.mjs'),
    `import { createClient } from 'wa-coexist'; try { createClient({ fetch: 1 }); } catch ({ stack }) { console.log(stack); }`,
  );
  const output = execFileSync(process.execPath, ['--enable-source-maps', 'trace.mjs'], { cwd: consumer, encoding: 'utf8' });
  expect(output).toMatch(/wa-coexist\/src\/client\/[\w-]+\.ts:\d+:\d+/);
});

/** Entries that register matchers load only in a test runner. */
const registersMatchers = /testing\/(?:vitest|jest)$/;

describe('every entry loads', () => {
  test.each(entries.filter((entry) => !registersMatchers.test(entry)))(
    '%s by import and by require(), the same module both ways',
    (entry) => {
      const names = run(
        'load.mjs',
        `import * as imported from '${entry}';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('${entry}');
       const names = Object.keys(imported).sort();
       for (const name of names) if (required[name] !== imported[name]) throw new Error(name + ' differs');
       console.log(names.length);`,
      );
      expect(Number(names)).toBeGreaterThan(0);
    },
  );

  test('require() from CommonJS', () => {
    expect(run('load.cjs', `const { createClient } = require('wa-coexist'); console.log(typeof createClient({}).request);`).trim()).toBe(
      'function',
    );
  });
});

test('wa-coexist/webhooks handles a delivery without ky, p-queue and msw', () => {
  const hidden = ['ky', 'p-queue', 'msw'].map((name) => `'${name}'`).join(',');
  const output = run(
    'webhooks.mjs',
    `import { registerHooks } from 'node:module';
     registerHooks({ resolve(specifier, context, next) { if ([${hidden}].includes(specifier)) throw new Error('loaded ' + specifier); return next(specifier, context); } });
     const { createWebhooks } = await import('wa-coexist/webhooks');
     const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'verify' });
     const response = await webhooks.fetch(new Request('https://receiver.test/?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=42'));
     console.log(await response.text());`,
  );
  expect(output.trim()).toBe('42');
});

describe('types', () => {
  test.each(['NodeNext', 'Bundler'])('of each entry resolve and compile under %s', (resolution) => {
    const uses = entries.map(
      (entry, index) => `import * as entry${index} from '${entry}';\nexport const names${index}: string[] = Object.keys(entry${index});`,
    );
    writeFileSync(join(consumer, 'uses.ts'), `${uses.join('\n')}\n${sample}`);
    writeFileSync(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          target: 'ES2023',
          lib: ['ES2023', 'DOM', 'DOM.Iterable', 'ESNext.Disposable'],
          module: resolution === 'Bundler' ? 'ESNext' : 'NodeNext',
          moduleResolution: resolution,
          types: ['node'],
        },
        files: ['uses.ts'],
      }),
    );
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    let output = '';
    try {
      execFileSync(process.execPath, [tsc, '-p', consumer], { encoding: 'utf8' });
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    // Errors in the declarations of the optional peer don't count.
    expect(output.split('\n').filter((line) => line.includes('error') && !line.startsWith('../'))).toEqual([]);
  });
});

const sample = `
import { createClient, createSender, sendMessage } from 'wa-coexist';
import { createWebhooks } from 'wa-coexist/webhooks';
const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
export const id: Promise<string> = sendMessage(client, { to: '1', type: 'text', text: { body: 'Hello' } }).then((sent) => sent.messages[0].id);
const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'verify' });
webhooks.on('message', (event) => { if (event.message.type === 'text') console.log(event.message.text.body.length); });
webhooks.on('echo.edit', (event) => { console.log(event.originalMessageId.length); });
export const sender = createSender({ client, throughput: 'coexistence' });
`;
