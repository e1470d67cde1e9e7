import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-'));
const program = join(folder, 'main.mjs');

beforeAll(async () => {
  await build({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', outfile: program });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) =>
    child.once('close', (code) => {
      resolve({ code, out, err });
    }),
  );
}

test('the command begins with a shebang line', () => {
  expect(readFileSync(source, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('exits with 0 if all responses were 200, with 1 if not, and with 2 for invalid arguments', async () => {
  let status = 200;
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const payload = join(folder, 'payload.json');
  writeFileSync(payload, '{"entry":[]}');

  expect(await run('replay', payload, '--to', to, '--secret', 's')).toEqual({
    code: 0,
    out: `200       ${payload}\n1 returned 200\n`,
    err: '',
  });
  expect(await run('replay', payload, 'missing', '--to', to, '--secret', 's')).toMatchObject({ code: 1 });
  status = 503;
  expect(await run('replay', payload, '--to', to, '--secret', 's')).toMatchObject({ code: 1, err: '' });
  expect(await run('replay')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('FILES are missing') as string });
  expect(await run('--help')).toMatchObject({ code: 0, err: '' });
  server.close();
  server.closeAllConnections();
});
