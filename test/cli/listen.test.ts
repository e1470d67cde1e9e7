import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { signWebhook, webhookPayload } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { runCommand } from '../../src/cli/run-command.js';
import { openEmulator } from '../testing/open-emulator.js';

const env = { WHATSAPP_APP_SECRET: 'secret', WHATSAPP_VERIFY_TOKEN: 'verify' };
const body = JSON.stringify(webhookPayload('message'));

/** Starts `listen` on a free port until the end of the test. */
async function startListen(args: readonly string[], variables: Readonly<Record<string, string>> = env) {
  const lines: string[] = [];
  const errors: string[] = [];
  const controller = new AbortController();
  const ended = runCommand(['listen', '--port', '0', ...args], {
    write: (line) => void lines.push(line),
    writeError: (line) => void errors.push(line),
    fetch,
    env: variables,
    signal: controller.signal,
  });
  const stop = async (): Promise<number> => {
    controller.abort();
    return ended;
  };
  onTestFinished(() => void stop());
  await vi.waitUntil(() => lines.length > 0 || errors.length > 0);
  return { lines, errors, stop, ended, url: /http:\/\/127\.0\.0\.1:\d+\//.exec(lines[0] ?? '')?.[0] ?? '' };
}

/** Starts a program that receives webhooks, until the end of the test. */
async function startProgram(handler: Parameters<typeof createServer>[1]) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhook`;
}

const deliver = (url: string, secret = 'secret'): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } });

test('listen prints one line per webhook, and ends on a signal', async () => {
  const { url, lines, errors, stop } = await startListen([]);
  expect((await deliver(url)).status).toBe(200);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/ -> 200 .*message/);
  expect(await stop()).toBe(0);
  expect(errors).toEqual([]);
  await expect(deliver(url)).rejects.toThrow();
});

test('listen rejects an invalid signature with 401, and does not forward it', async () => {
  let forwarded = 0;
  const program = await startProgram((_request, response) => {
    forwarded += 1;
    response.end();
  });
  const { url, lines } = await startListen(['--forward-to', program]);
  expect((await deliver(url, 'another secret')).status).toBe(401);
  expect(lines[1]).toContain('the signature is invalid');
  expect(forwarded).toBe(0);
});

test('listen accepts a handshake with the verify token, and no other', async () => {
  const { url, lines } = await startListen([]);
  const ask = (token: string): Promise<Response> => fetch(`${url}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=4711`);
  expect(await (await ask('verify')).text()).toBe('4711');
  expect((await ask('wrong')).status).toBe(403);
  expect(lines.slice(1).map((line) => /-> (\d+) handshake/.exec(line)?.[1])).toEqual(['200', '403']);
});

test('listen forwards the exact body and signature, and returns the response of the program', async () => {
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'verify' });
  onTestFinished(() => webhooks.close());
  const texts: unknown[] = [];
  webhooks.on('message', ({ message }) => void texts.push(message.type === 'text' && message.text.body));
  const { url } = await startListen(['--forward-to', await startProgram(toNodeHandler(webhooks))]);
  expect((await deliver(url)).status).toBe(200);
  expect(texts).toHaveLength(1);

  const broken = await startProgram((request, response) => {
    request.resume().on('end', () => response.writeHead(500).end('TypeError at bot.ts:12'));
  });
  const failing = await startListen(['--forward-to', broken]);
  expect((await deliver(failing.url)).status).toBe(500);
  expect(failing.lines[1]).toMatch(/-> 500 .*TypeError at bot\.ts:12/);
});

test('listen responds with 502 if the program does not', async () => {
  const { url, lines } = await startListen(['--forward-to', 'http://127.0.0.1:9/webhook']);
  expect((await deliver(url)).status).toBe(502);
  expect(lines[1]).toContain('your program did not respond');
});

test('listen becomes the receiver of an emulator', async () => {
  const { fake, number, url } = await openEmulator();
  const { lines } = await startListen(['--emulator', url], { WHATSAPP_APP_SECRET: fake.app.secret });
  fake.customer('15550100987').send(number.phoneNumberId, 'Do you have rye bread?');
  await vi.waitFor(() => {
    expect(lines.slice(1).join('\n')).toMatch(/-> 200 .*message/);
  });
});

test.each<[string, readonly string[], RegExp, number]>([
  ['an address without an emulator', ['--emulator', 'http://127.0.0.1:9'], /no emulator responds at http:\/\/127\.0\.0\.1:9/, 1],
  ['a port that is none', ['--port', 'x'], /--port "x" is no port/, 2],
  ['an address that is none', ['--forward-to', 'shop'], /--forward-to/, 2],
])('listen with %s ends with an error', async (_name, args, text, code) => {
  const { errors, ended } = await startListen(args);
  expect(await ended).toBe(code);
  expect(errors.join('\n')).toMatch(text);
});
