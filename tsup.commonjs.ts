/**
 * Adds CommonJS to the build: a `.cjs` file for each module that an entry reaches, and a `.d.cts` file for each declaration. Node loads the
 * ES modules also through `require()`; these files are for Jest and other tools that can't load ES modules. Decision record 0015 explains why.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { readonly import: { readonly default: string } }>;
};

/** Dependencies without a CommonJS form. The build puts them into one file each. */
const modulesOnly: Readonly<Record<string, string>> = {
  ky: '/*! Contains ky, MIT licence, copyright Sindre Sorhus */',
  'p-queue': '/*! Contains p-queue and p-timeout, MIT licence, copyright Sindre Sorhus */',
};

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
    if (Object.hasOwn(modulesOnly, specifier)) {
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

const open = Object.values(entries).flatMap((entry) => (typeof entry === 'string' ? [] : [resolve(root, entry.import.default)]));
const reached = new Set(open);
for (let file = open.pop(); file !== undefined; file = open.pop()) {
  for (const next of emitModule(file)) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(next);
  }
}

mkdirSync(join(dist, 'vendor'), { recursive: true });
for (const [name, banner] of Object.entries(modulesOnly)) {
  await build({
    stdin: { contents: `export * from '${name}'; export { default } from '${name}';`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['eventemitter3'],
    banner: { js: banner },
    outfile: join(dist, 'vendor', `${name}.cjs`),
  });
}

for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))) {
  const text = readFileSync(join(dist, file), 'utf8').replace(/(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.js\2/g, '$1$2$3.cjs$2');
  writeFileSync(join(dist, file.replace(/\.d\.ts$/, '.d.cts')), text);
}
