import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Returns the files of the package as npm publishes it. */
function packedFiles(): readonly string[] {
  const packed = execFileSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const [tarball] = Object.values(JSON.parse(packed) as Record<string, { files: readonly { path: string }[] }>);
  return tarball!.files.map(({ path }) => path);
}

/** Returns a package and the packages that are bundled with it: those that wa-coexist doesn't depend on itself. */
function bundledWith(name: string): readonly string[] {
  const own = manifestOf(root).dependencies ?? {};
  const needed = Object.keys(manifestOf(join(root, 'node_modules', name)).dependencies ?? {});
  return [name, ...needed.filter((other) => !Object.hasOwn(own, other)).flatMap(bundledWith)];
}

const files = packedFiles();
const bundles = new Map([
  ...files.filter((file) => /^dist\/vendor\/[^/]+\.cjs$/.test(file)).map((file) => [file, basename(file, '.cjs')] as const),
  ['dist/testing/emulator/page/main.js', 'preact'] as const,
]);

test('the package contains the bundles of ky, p-queue and Preact', () => {
  expect([...bundles.values()].sort()).toEqual(['ky', 'p-queue', 'preact']);
  expect(files).toEqual(expect.arrayContaining([...bundles.keys()]));
});

test.each([...bundles])('%s has the license notices of its packages next to it', (file, bundled) => {
  const notices = join(dirname(file), 'licenses.txt');
  expect(files).toContain(notices);
  const text = readFileSync(join(root, notices), 'utf8');
  for (const name of bundledWith(bundled)) {
    const folder = join(root, 'node_modules', name);
    const license = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
    expect(text).toContain(`${name} ${manifestOf(folder).version}\n`);
    expect(text).toContain(readFileSync(join(folder, license!), 'utf8').trim());
  }
  expect(readFileSync(join(root, file), 'utf8')).toMatch(/^\/\*! .*licenses\.txt.*\*\//);
});
