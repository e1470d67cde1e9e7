/**
 * Adds CommonJS to the build: a `.cjs` file for each module that an entry reaches, and a `.d.cts` file for each declaration. Node loads the
 * ES modules also through `require()`; these files are for Jest and other tools that can't load ES modules. Decision record 0015 explains why.
 * It also writes the license notices of all packages that are bundled.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { readonly import: { readonly default: string } }>;
};

/** Dependencies without a CommonJS form. The build puts them into one file each. */
const modulesOnly: readonly string[] = ['ky', 'p-queue'];

const thisFile = 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;\n';

/** Writes the CommonJS form of a module, and returns the modules of the package that it loads. */
function emitModule(file: string): readonly string[] {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // Jest can't run import() in CommonJS.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
  });
  const loaded: string[] = [];
  const rewritten = code.replace(/\brequire\("([^"]+)"\)/g, (call, specifier: string) => {
    if (modulesOnly.includes(specifier)) {
      const path = relative(dirname(file), join(dist, 'vendor', `${specifier}.cjs`));
      return `require("${path.startsWith('.') ? path : `./${path}`}")`;
    }
    if (!specifier.startsWith('.')) return call;
    loaded.push(resolve(dirname(file), specifier));
    return `require("${specifier.replace(/\.js$/, '.cjs')}")`;
  });
  writeFileSync(file.replace(/\.js$/, '.cjs'), rewritten.includes('moduleUrl') ? thisFile + rewritten : rewritten);
  return loaded;
}

/** Writes the license notices of the packages in bundles to a file next to them. @throws `Error` if a package has no license file */
function writeLicenses(folder: string, inputs: readonly Metafile['inputs'][]): void {
  const packages = new Set(
    inputs.flatMap((files) => Object.keys(files).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [])),
  );
  const notices = [...packages].sort().map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { name: string; version: string };
    const license = readdirSync(join(root, path)).find((file) => /^licen[cs]e(?:\.|$)/i.test(file));
    if (license === undefined) throw new Error(`${name} is bundled, but has no license file`);
    return `${name} ${version}\n\n${readFileSync(join(root, path, license), 'utf8').trim()}\n`;
  });
  writeFileSync(join(folder, 'licenses.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
}

const open = Object.values(entries).flatMap((entry) => (typeof entry === 'string' ? [] : [resolve(root, entry.import.default)]));
const reached = new Set(open);
for (let file = open.pop(); file !== undefined; file = open.pop()) {
  for (const next of emitModule(file)) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(next);
  }
}

const vendor = join(dist, 'vendor');
mkdirSync(vendor, { recursive: true });
const vendorInputs: Metafile['inputs'][] = [];
for (const name of modulesOnly) {
  const { metafile } = await build({
    stdin: { contents: `export * from '${name}'; export { default } from '${name}';`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['eventemitter3'],
    absWorkingDir: root,
    metafile: true,
    banner: { js: `/*! Contains ${name}. See licenses.txt. */` },
    outfile: join(vendor, `${name}.cjs`),
  });
  vendorInputs.push(metafile.inputs);
}
writeLicenses(vendor, vendorInputs);

// Written by tsup for the emulator's page.
const page = join(dist, 'testing', 'emulator', 'page');
const pageMetafile = join(page, 'metafile-esm.json');
writeLicenses(page, [(JSON.parse(readFileSync(pageMetafile, 'utf8')) as Metafile).inputs]);
rmSync(pageMetafile);

for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))) {
  const text = readFileSync(join(dist, file), 'utf8').replace(/(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.js\2/g, '$1$2$3.cjs$2');
  writeFileSync(join(dist, file.replace(/\.d\.ts$/, '.d.cts')), text);
}
