/**
 * Runs the suite of examples/tests-with-jest like an integrator: with the packed package and Jest in a temporary
 * folder. Jest is no development dependency, because its platform-specific packages break the lock file on other
 * platforms.
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

try {
  const [packed] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)) as [{ filename: string }];
  cpSync(join(root, 'examples/tests-with-jest'), folder, { recursive: true });
  const file = join(folder, 'package.json');
  const description = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  description.dependencies['wa-coexist'] = `file:./${packed.filename}`;
  writeFileSync(file, JSON.stringify(description, undefined, 2));
  npm(['install', '--no-audit', '--no-fund', '--no-package-lock'], folder);
  execFileSync('npm', ['test'], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
