import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
let folder = '';

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** A project with the packed package. Its dependencies are links to those of the repository. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })) as
    { filename: string }[] | Record<string, { filename: string }>;
  const [tarball] = Object.values(packed);
  const place = join(folder, 'node_modules/wa-coexist');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball!.filename), '-C', place, '--strip-components=1']);
  for (const name of [...Object.keys(dependencies), 'vitest', '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  write('package.json', '{ "private": true, "type": "module" }');
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Errors of the compiler in a file of the project. */
function compileErrors(file: string, text: string): readonly string[] {
  write(file, text);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: 'ES2023', module: 'NodeNext', types: ['node'] };
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes('error'));
}

const fakeOf = `import { createFakeCloudApi } from 'wa-coexist/testing';\nconst fake = createFakeCloudApi();\n`;

test('one line in the configuration of Vitest registers the matchers', () => {
  write('vitest.config.ts', `export default { test: { setupFiles: ['wa-coexist/testing/vitest'] } };`);
  write(
    'fake.test.js',
    `${fakeOf}import { expect, test } from 'vitest';
     test('passes', () => { expect(fake).not.toHaveSent({ text: 'Hello' }); });
     test('fails', () => { expect(fake).toHaveSent({ text: 'Hello' }); });`,
  );
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--reporter=json', '--outputFile=result.json'], { cwd: folder });
  const { testResults } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
    testResults: readonly { assertionResults: readonly { status: string; failureMessages: readonly string[] }[] }[];
  };
  expect(testResults[0]?.assertionResults).toMatchObject([
    { status: 'passed' },
    { status: 'failed', failureMessages: [expect.stringContaining('sent a message like {"text":"Hello"}') as string] },
  ]);
  expect(status).toBe(1);
}, 60_000);

test('the import for Vitest contains the types', () => {
  const uses = `${fakeOf}import { expect } from 'vitest';\nimport 'wa-coexist/testing/vitest';\nexpect(fake).toHaveSent({ to: '1' });\n`;
  expect(compileErrors('vitest.ts', uses)).toEqual([]);
  expect(compileErrors('vitest.ts', `${uses}expect(fake).toHaveSent({ too: '1' });`)).toEqual([expect.stringContaining('too') as string]);
}, 60_000);

test('the import for Jest registers the matchers, and without Jest it names the fix', () => {
  const run = (before: string): string =>
    spawnSync(process.execPath, ['--input-type=module', '--eval', `${before} await import('wa-coexist/testing/jest');`], {
      cwd: folder,
      encoding: 'utf8',
    }).stderr;
  expect(run('globalThis.expect = { extend: (matchers) => console.error(Object.keys(matchers).join()) };').trim()).toBe(
    'toHaveSent,toHaveRequested,toHaveDelivered',
  );
  expect(run('')).toContain('setupFilesAfterEnv');
});

test('the import for Jest contains the types of @jest/globals and of @types/jest', () => {
  // The declarations that Jest 30 and @types/jest 30 have for matchers. `npm run check:jest` uses the real ones.
  write('node_modules/expect/package.json', '{ "name": "expect", "types": "index.d.ts" }');
  write('node_modules/expect/index.d.ts', 'export interface Matchers<R extends void | Promise<void>, T = unknown> { toBe(value: T): R }');
  write(
    'jest-types.d.ts',
    'declare namespace jest { interface Matchers<R, T = {}> { toBe(value: T): R } }\ndeclare const expect: <T>(value: T) => jest.Matchers<void, T>;',
  );
  const uses = `/// <reference path="jest-types.d.ts" />
    import type { Matchers } from 'expect';
    import 'wa-coexist/testing/jest';
    ${fakeOf}
    declare const imported: <T>(value: T) => Matchers<void, T>;
    imported(fake).toHaveSent({ to: '1' });
    expect(fake).toHaveRequested({ errorCode: 131047 });\n`;
  expect(compileErrors('jest.ts', uses)).toEqual([]);
  expect(compileErrors('jest.ts', `${uses}imported(fake).toHaveSent({ too: '1' }); expect(fake).toHaveSent({ two: '1' });`)).toEqual([
    expect.stringContaining('too') as string,
    expect.stringContaining('two') as string,
  ]);
}, 60_000);
