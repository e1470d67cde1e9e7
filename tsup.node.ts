/**
 * Adds the build for Node to the output of tsup: bundles of all entries with shared chunks in `dist/node`, a `.cjs` file for each of them, and
 * a `.d.cts` file for each declaration. Node opens a few files instead of hundreds, and each class still exists one time. Decision records
 * 0015 and 0027 explain why. It also writes the license notices of all packages that are bundled.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync, type Metafile } from 'esbuild';
import { build as bundle } from 'rolldown';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const forNode = join(dist, 'node');
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { readonly module: string }>;
};

/**
 * Chunks for modules that several entries share. They follow the layers of `src`, so that chunks never import each other in a circle, and
 * lower entries such as `errors` don't load upper layers.
 */
const chunks = [
  { name: 'base', test: /src\/(?:runtime|errors|embedded-signup)\/|src\/webhooks\/(?:incoming-delivery|framework|json-body|aws-envelope)/ },
  { name: 'stores', test: /src\/(?:identity|stores(?!\/(?:redis|postgres|d1)))\// },
  { name: 'webhooks', test: /src\/webhooks\/(?!node)/ },
  { name: 'node-handler', test: /src\/webhooks\/node\// },
  { name: 'redis', test: /src\/stores\/redis\// },
  { name: 'postgres', test: /src\/(?:stores|coexistence\/mirror)\/postgres\// },
  { name: 'client', test: /src\/(?:policy|client)\// },
  { name: 'messages', test: /src\/messages\// },
  { name: 'sender', test: /src\/sender\// },
  // Three entries share it. `wa-coexist/sqlite` doesn't need the other coexistence modules.
  { name: 'mirror', test: /src\/coexistence\/mirror\//, minShareCount: 3 },
  { name: 'coexistence', test: /src\/(?:coexistence|phone-numbers|business-accounts|analytics|access-tokens)\// },
  { name: 'shared' },
];

/** Bundles the entries for Node, and returns the paths of the bundles and chunks. */
async function bundleEntries(): Promise<readonly string[]> {
  rmSync(forNode, { recursive: true, force: true });
  const names = Object.values(entries).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.module.replace(/^\.\/dist\/(.*)\.js$/, '$1')],
  );
  const { output } = await bundle({
    input: Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)])),
    platform: 'node',
    external: /^(?![./])/,
    tsconfig: false,
    transform: { target: 'node22' },
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    output: {
      dir: forNode,
      sourcemap: true,
      sourcemapExcludeSources: true,
      comments: { jsdoc: false },
      chunkFileNames: 'chunks/[name].js',
      minifyInternalExports: false,
      codeSplitting: { minShareCount: 2, groups: chunks },
    },
  });
  return output.flatMap((file) => (file.type === 'chunk' ? [join(forNode, file.fileName)] : []));
}

/** Dependencies without a CommonJS form. The build puts them into one file each. */
const modulesOnly: readonly string[] = ['ky', 'p-queue'];

const thisFile = 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;\n';

/** Writes the CommonJS form of a module. */
function emitCommonJs(file: string): void {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // Jest can't run import() in CommonJS.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
  });
  const rewritten = code.replace(/\brequire\("([^"]+)"\)/g, (call, specifier: string) => {
    if (modulesOnly.includes(specifier)) {
      const path = relative(dirname(file), join(dist, 'vendor', `${specifier}.cjs`));
      return `require("${path.startsWith('.') ? path : `./${path}`}")`;
    }
    if (!specifier.startsWith('.')) return call;
    return `require("${specifier.replace(/\.js$/, '.cjs')}")`;
  });
  writeFileSync(file.replace(/\.js$/, '.cjs'), rewritten.includes('moduleUrl') ? thisFile + rewritten : rewritten);
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

for (const file of await bundleEntries()) emitCommonJs(file);

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
  const text = readFileSync(join(dist, file), 'utf8').replace(
    /(\bfrom |\bimport |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.js\2/g,
    '$1$2$3.cjs$2',
  );
  writeFileSync(join(dist, file.replace(/\.d\.ts$/, '.d.cts')), text);
}
