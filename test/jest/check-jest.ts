/**
 * Runs the suite of examples/tests-with-jest like an integrator: with the packed package and Jest in a temporary
 * folder. It also compiles matchers with the types of Jest. Jest is no development dependency, because its
 * platform-specific packages break the lock file on other platforms.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wa-coexist-jest-'));
const npm = (parameters: readonly string[], cwd: string): string =>
  execFileSync('npm', [...parameters], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Tests with the global `expect` and with the one of `@jest/globals`. */
const typeTests = {
  'global.test.ts': '',
  'imported.test.ts': "import { expect } from '@jest/globals';",
};
const usesOf = (imports: string): string => `${imports}
import 'wa-coexist/testing/jest';
import { createFakeCloudApi } from 'wa-coexist/testing';
expect(createFakeCloudApi()).toHaveSent({ to: '1' });
// @ts-expect-error -- there is no such member
expect(createFakeCloudApi()).toHaveSent({ too: '1' });
`;

try {
  const [packed] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)) as [{ filename: string }];
  cpSync(join(root, 'examples/tests-with-jest'), folder, { recursive: true });
  const file = join(folder, 'package.json');
  const description = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  description.dependencies['wa-coexist'] = `file:./${packed.filename}`;
  description.dependencies['@types/jest'] = '30.0.0';
  writeFileSync(file, JSON.stringify(description, undefined, 2));
  npm(['install', '--no-audit', '--no-fund', '--no-package-lock'], folder);
  execFileSync('npm', ['test'], { cwd: folder, stdio: 'inherit' });
  for (const [name, imports] of Object.entries(typeTests)) writeFileSync(join(folder, name), usesOf(imports));
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: 'ES2023', module: 'NodeNext', types: ['jest'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(typeTests) }));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
