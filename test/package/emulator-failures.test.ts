import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as openRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { startEmulator } from '../browser/start-emulator.js';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'emulator-failures-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const seen = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (seen.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (seen.err += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...seen }));
  return { child, seen, ended };
}
const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => start(args, env).ended;

describe('wa-coexist emulator', () => {
  test('exits with 1 and names --port if its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const { code, out, err } = await run(['emulator', '--port', port]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`127.0.0.1:${port} is in use`);
    expect(err).toContain('--port');
    other.close();
  });

  test.each([
    ['in a folder that does not exist', () => join(folder, 'missing', 'x.json'), 'does not exist'],
    ['that is a folder', () => folder, 'is a folder'],
    [
      'below a file',
      () => {
        writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file', 'x.json');
      },
      'no folder',
    ],
    ...['', '{', '[]', '{"nowMs":1,"number":{},"snapshot":{"version":1,"state":{"data":{"numbers":5}}}}', 'token EAAG-secret'].map(
      (text, index) =>
        [
          `with ${JSON.stringify(text)} in it`,
          () => {
            const file = join(folder, `damaged-${String(index)}.json`);
            writeFileSync(file, text);
            return file;
          },
          'does not contain the state',
        ] as const,
    ),
  ] as const)('exits with 1 before it starts for a state file %s', async (_name, file, problem) => {
    const { code, out, err } = await run(['emulator', '--port', '0', '--state', file()]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(problem);
    expect(err).toContain('--state');
    expect(err).not.toMatch(/EAAG|\n {4}at /);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with the first %s at any time', async (signal) => {
    for (const delayMs of [150, 300, 500]) {
      const { child, ended } = start(['emulator', '--port', '0']);
      setTimeout(() => child.kill(signal), delayMs);
      const { err } = await ended;
      expect(err).toBe('');
    }
    const running = start(['emulator', '--port', '0']);
    await expect.poll(() => running.seen.out, { timeout: 30_000 }).toContain('Webhooks are sent to');
    running.child.kill(signal);
    expect((await running.ended).code).toBe(0);
  });

  test('reports that the state cannot be saved, and exits with 1', async () => {
    const home = join(folder, 'gone');
    mkdirSync(home);
    const running = start(['emulator', '--port', '0', '--state', join(home, 'x.json')]);
    await expect.poll(() => running.seen.out, { timeout: 30_000 }).toContain('Webhooks are sent to');
    rmSync(home, { recursive: true });
    running.child.kill('SIGTERM');
    const { code, err } = await running.ended;
    expect(code).toBe(1);
    expect(err).toContain('folder does not exist');
  });

  test.each([
    ['--port', '70000'],
    ['--max-messages', '0'],
    ['--allowed-host', 'a/b'],
    ['--host', ''],
    ['--webhook', 'http://name:password@127.0.0.1/'],
    ['EAAG-secret', ''],
  ])('exits with 2 for %s %s', async (name, value) => {
    const { code, err } = await run(['emulator', name, value]);
    expect(code).toBe(2);
    expect(err).not.toMatch(/password@|EAAG/);
  });
});

describe('another command', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends with the first %s while a server does not respond', async (signal) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`;
    const payload = join(folder, 'payload.json');
    writeFileSync(payload, '{"entry":[]}');
    const env = { ...process.env, WHATSAPP_ACCESS_TOKEN: 'EAAG-secret', WHATSAPP_APP_ID: '1', WHATSAPP_APP_SECRET: 'app-secret' };
    for (const args of [
      ['replay', payload, '--to', url, '--secret', 'app-secret'],
      ['doctor', '--waba', '1', '--base-url', url],
    ]) {
      const running = start(args, env);
      await once(silent, 'connection');
      running.child.kill(signal);
      const { code, out, err } = await running.ended;
      expect(code).toBe(130);
      expect(out + err).not.toMatch(/secret/);
    }
    silent.close();
  });
});

describe('requests that the emulator rejects', () => {
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ do: 'customer.add', customer: '15559990000', name: 'Mallory' });

  test('another host or origin, another content type, and bodies that are too long', async () => {
    await using emulator = await startEmulator('--allowed-host', 'phone.test');
    const { port } = new URL(emulator.url);
    const number = emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '';
    const status = (path: string, headers: Record<string, string>, content = body, method = 'POST') =>
      request(port, path, method, headers, content);
    for (const host of ['evil.test', `evil.test:${port}`, '127.0.0.1', `127.0.0.1:${port}.evil.test`, `localhost:${port}1`, 'a"b']) {
      expect(await status('/emulator/actions', { ...json, host }), host).toBe(403);
      expect(await status('/emulator/view', { host }, '', 'GET'), host).toBe(403);
      expect(await status('/sdk.js', { host }, '', 'GET'), host).toBe(403);
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'phone.test', `phone.test:${port}`]) {
      expect(await status('/emulator/actions', { ...json, host, origin: `http://${host}` }), host).toBe(200);
    }
    const host = `127.0.0.1:${port}`;
    for (const origin of ['http://evil.test', 'null', `http://127.0.0.1:${port}1`, 'file://']) {
      for (const path of ['/emulator/actions', '/emulator/sender']) expect(await status(path, { ...json, host, origin }), origin).toBe(403);
      expect(await status('/emulator/view', { host, origin }, '', 'GET'), origin).toBe(403);
    }
    const stats = JSON.stringify({ number, queued: 5 });
    for (const type of ['text/plain', 'application/jsonx', 'application/json-foo', 'application/x-www-form-urlencoded']) {
      expect(await status('/emulator/sender', { host, 'content-type': type }, stats), type).toBe(415);
      expect(await status('/emulator/actions', { host, 'content-type': type }), type).toBe(415);
    }
    expect(await status('/emulator/sender', { host, ...json }, stats)).toBe(200);
    for (const wrong of ['null', '[]', '{', '{"number":"1","queued":1}', `{"number":"${number}","queued":-1}`]) {
      expect(await status('/emulator/sender', { host, ...json }, wrong), wrong).toBe(400);
    }
    expect(await status('/emulator/actions', { host, ...json }, 'x'.repeat(2 * 1024 * 1024))).toBe(413);
    expect(await status(`/v26.0/${number}/messages`, { host, ...json }, 'x'.repeat(5 * 1024 * 1024))).toBe(413);
    expect(await status(`/v26.0/${number}/messages`, { host, ...json, origin: 'http://shop.test' }, '{}')).toBe(401);
  });

  test('every page forbids framing and MIME sniffing', async () => {
    await using emulator = await startEmulator();
    for (const path of ['/', '/emulator/signup?origin=http://shop.test', '/page/main.js']) {
      const { headers } = await fetch(emulator.url + path);
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
    const { headers } = await fetch(`${emulator.url}/emulator/view`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

/** Sends a request with any headers, which `fetch` doesn't allow. Resolves with the status. */
function request(port: string, path: string, method: string, headers: Record<string, string>, content: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = openRequest(
      { host: '127.0.0.1', port, path, method, headers: { ...headers, 'content-length': content.length } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(content);
  });
}
