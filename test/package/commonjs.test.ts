import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const entries = Object.keys(manifest.exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => entry.replace(/^\./, 'wa-coexist'));
let consumer = '';

/** A CommonJS project with the packed tarball. Its dependencies are links to those of the repository, so nothing is downloaded. */
beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'commonjs-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], {
    cwd: root,
    encoding: 'utf8',
  });
  const answer = JSON.parse(packed) as { filename: string }[] | Record<string, { filename: string }>;
  const [tarball] = Object.values(answer);
  const folder = join(consumer, 'node_modules', 'wa-coexist');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(consumer, tarball!.filename), '-C', folder, '--strip-components=1']);
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(consumer, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(consumer, 'node_modules', name));
  }
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'commonjs' }));
}, 120_000);
afterAll(() => {
  rmSync(consumer, { recursive: true, force: true });
});

const run = (file: string, text: string, flags: readonly string[] = []): string => {
  writeFileSync(join(consumer, file), text);
  return execFileSync(process.execPath, ['--no-warnings', ...flags, file], { cwd: consumer, encoding: 'utf8' }).trim();
};
/**
 * Returns the errors of `tsc` in the project and in the declarations of wa-coexist. Those of optional peers don't
 * count.
 */
const compileErrors = (options: object): string[] => {
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: ['node'], ...options }, files: ['uses.ts'] }),
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', consumer], { encoding: 'utf8' });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return stdout.split('\n').filter((line) => line.includes('error') && !/^(?:\.\.\/|node_modules\/(?!wa-coexist\/))/.test(line));
  }
};
const usesOf = (names: readonly string[]): string =>
  [
    ...names.map(
      (name, index) => `import * as entry${index} from '${name}';\nexport const names${index}: string[] = Object.keys(entry${index});`,
    ),
    "import { createClient, sendMessage, GraphApiError } from 'wa-coexist';",
    "import { GraphApiError as SameError } from 'wa-coexist/errors';",
    "const client = createClient({ accessToken: 'token', phoneNumberId: '1' });",
    "export const id: Promise<string> = sendMessage(client, { to: '1', type: 'text', text: { body: 'Hello' } }).then((sent) => sent.messages[0].id);",
    'export const codeOf = (error: unknown): number | undefined => (error instanceof GraphApiError ? error.code : undefined);',
    'export const same: typeof GraphApiError = SameError;',
  ].join('\n');

/** Some peers have no CommonJS form, and the matchers load only in a test runner. */
const loadable = entries.filter((entry) => !/\/(?:nestjs|testing\/(?:msw|vitest|jest))$/.test(entry));

describe('type checks of a CommonJS project pass for every entry', () => {
  test.each([
    ['node10', { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
    ['node16', { module: 'Node16', moduleResolution: 'Node16' }],
  ])(
    'with the module resolution %s',
    (_resolution, options) => {
      writeFileSync(join(consumer, 'uses.ts'), usesOf(entries));
      const lib = ['ES2023', 'DOM', 'DOM.Iterable', 'ESNext.Disposable'];
      expect(compileErrors({ target: 'ES2022', lib, esModuleInterop: true, ...options })).toEqual([]);
    },
    60_000,
  );

  test('with the library of ES2020 and skipLibCheck off', () => {
    const names = ['wa-coexist/webhooks', 'wa-coexist/errors', 'wa-coexist/eligibility', 'wa-coexist/embedded-signup'];
    writeFileSync(
      join(consumer, 'uses.ts'),
      [
        ...names.map((name, index) => `export * as entry${index} from '${name}';`),
        "import { NetworkError } from 'wa-coexist/errors';",
        "export const error: Error = new NetworkError('x', 'not-sent', { cause: new Error('y') });",
      ].join('\n'),
    );
    // Without the types of Node, which add newer libraries.
    const options = { target: 'ES2020', lib: ['ES2020', 'DOM', 'DOM.Iterable'], types: [], skipLibCheck: false };
    expect(compileErrors({ module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0', ...options })).toEqual([]);
  }, 60_000);
});

describe('require()', () => {
  test.each(loadable)('loads %s where ES modules can’t be required, as in Jest', (entry) => {
    const output = run(
      'without-esm.cjs',
      `const names = Object.keys(require('${entry}')); console.log(names.length > 0, require.resolve('${entry}').endsWith('.cjs'));`,
      ['--no-experimental-require-module'],
    );
    expect(output).toBe('true true');
  });

  test('and import share one copy of each class', () => {
    const output = run(
      'one-copy.cjs',
      `const { GraphApiError } = require('wa-coexist');
       import('wa-coexist/errors').then((errors) => console.log(errors.GraphApiError === GraphApiError));`,
    );
    expect(output).toBe('true');
  });

  test('shares classes between entries where ES modules can’t be required', () => {
    const output = run(
      'between-entries.cjs',
      `console.log(require('wa-coexist').GraphApiError === require('wa-coexist/errors').GraphApiError);`,
      ['--no-experimental-require-module'],
    );
    expect(output).toBe('true');
  });

  test('sends a message and loads its checks on demand where ES modules can’t be required', () => {
    const output = run(
      'send.cjs',
      `const { createClient, sendMessage, template } = require('wa-coexist');
       const { createFakeCloudApi } = require('wa-coexist/testing');
       const fake = createFakeCloudApi();
       const { accessToken, phoneNumberId } = fake.coexistenceNumber();
       const customer = fake.customer('15550100987');
       customer.send(phoneNumberId, { type: 'text', text: { body: 'Hi' } });
       const client = createClient({ accessToken, phoneNumberId, fetch: fake.fetch });
       const interactive = { type: 'button', body: { text: 'x' }, action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'x'.repeat(21) } }] } };
       (async () => {
         const sent = await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } });
         const error = await sendMessage(client, { to: '15550100987', type: 'interactive', interactive }).catch((thrown) => thrown.name);
         console.log(sent.messages[0].id.startsWith('wamid.'), error);
       })();`,
      ['--no-experimental-require-module'],
    );
    expect(output).toBe('true InvalidMessageError');
  });
});
