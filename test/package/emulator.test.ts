import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, MessageType } from '@great-detail/whatsapp';
import { WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { expect, test } from 'vitest';
import { startEmulator } from '../browser/start-emulator.js';

/** A callback endpoint that records its requests. */
async function startCallback(
  answer: (request: { method: string; url: URL; headers: Record<string, string>; body: string }) => Promise<string> | string,
) {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://callback');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      void Promise.resolve(answer({ method: request.method ?? '', url, headers, body })).then((text) => response.end(text));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, close: () => server.close() };
}

test('@kapso/whatsapp-cloud-api sends and receives against the emulator', async () => {
  await using emulator = await startEmulator('--seed', '3');
  const {
    WHATSAPP_ACCESS_TOKEN: accessToken = '',
    WHATSAPP_PHONE_NUMBER_ID: phoneNumberId = '',
    WHATSAPP_APP_SECRET: appSecret = '',
  } = emulator.env;
  const client = new WhatsAppClient({ accessToken, baseUrl: emulator.url });
  const told: string[] = [];
  const callback = await startCallback(async ({ headers, body }) => {
    if (!verifySignature({ appSecret, rawBody: body, signatureHeader: headers['x-hub-signature-256'] ?? '' })) return 'forged';
    for (const message of normalizeWebhook(JSON.parse(body)).messages) {
      const from = message.from ?? '';
      told.push(`${from}: ${message.text?.body ?? ''}`);
      if (message.kapso?.direction === 'inbound') await client.messages.sendText({ phoneNumberId, to: from, body: 'We open at nine.' });
    }
    return 'ok';
  });
  await emulator.act({ do: 'receiver.set', url: callback.url });
  await emulator.act({ do: 'customer.send', number: phoneNumberId, customer: '15550100987', text: 'When do you open?' });
  const chat = async () =>
    (await emulator.view({ number: phoneNumberId, customer: '15550100987' })).chat.map(({ sender, text }) => `${sender}: ${text}`);
  await expect.poll(chat, { timeout: 20_000 }).toEqual(['customer: When do you open?', 'api: We open at nine.']);
  expect(told).toEqual(['15550100987: When do you open?']);
  callback.close();
});

test('@great-detail/whatsapp sends and receives against the emulator', async () => {
  await using emulator = await startEmulator('--seed', '3');
  const {
    WHATSAPP_ACCESS_TOKEN: accessToken = '',
    WHATSAPP_PHONE_NUMBER_ID: phoneNumberId = '',
    WHATSAPP_APP_SECRET: appSecret = '',
  } = emulator.env;
  const client = new Client({ baseUrl: emulator.url, request: { headers: { Authorization: `Bearer ${accessToken}` } } });
  const told: string[] = [];
  const callback = await startCallback(async ({ method, url, headers, body }) => {
    const event = await client.webhook.eventNotification({ method, query: Object.fromEntries(url.searchParams), headers, body });
    await event.verifySignature(appSecret);
    told.push(event.eventNotification.entry[0]?.changes[0]?.field ?? '');
    return 'ok';
  });
  await emulator.act({ do: 'receiver.set', url: callback.url });
  await emulator.act({ do: 'customer.send', number: phoneNumberId, customer: '15550100987', text: 'Hello' });
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(['messages']);
  await client.message.createMessage({
    phoneNumberID: phoneNumberId,
    to: '15550100987',
    type: MessageType.Text,
    text: { body: 'Hello Mara' },
  });
  const { chat } = await emulator.view({ number: phoneNumberId, customer: '15550100987' });
  expect(chat.map(({ sender, text }) => `${sender}: ${text}`)).toEqual(['customer: Hello', 'api: Hello Mara']);
  callback.close();
});

test('--state restores the state after a restart, and --seed generates the same one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  const file = join(folder, 'world.json');
  const first = await startEmulator('--seed', '5', '--state', file);
  const { WHATSAPP_PHONE_NUMBER_ID: number = '' } = first.env;
  await first.act({ do: 'customer.send', number, customer: '15550100988', text: 'Are you there?' });
  await first.act({ do: 'receiver.set', url: 'http://127.0.0.1:9/webhook' });
  expect(await first.end()).toBe(0);

  const second = await startEmulator('--state', file);
  const { WHATSAPP_BASE_URL: _first, ...before } = first.env;
  const { WHATSAPP_BASE_URL: _second, ...after } = second.env;
  expect(after).toEqual(before);
  const view = await second.view({ number, customer: '15550100988' });
  expect(view.chat.map(({ text }) => text)).toEqual(['Are you there?']);
  expect(view.receiver.url).toBe('http://127.0.0.1:9/webhook');
  await second.end();

  const third = await startEmulator('--seed', '5');
  expect(third.env['WHATSAPP_PHONE_NUMBER_ID']).toBe(number);
  await third.end();
  rmSync(folder, { recursive: true });
});

test('an impossible action explains the reason, and a form of another site is rejected', async () => {
  await using emulator = await startEmulator();
  await expect(emulator.act({ do: 'nothing' })).rejects.toThrow('There is no such action');
  await expect(emulator.act({ do: 'signup', shareHistory: true })).rejects.toThrow(/signup needs "number".*\(Corner Books\)/);
  await expect(emulator.act({ do: 'receiver.set', url: 'ftp://x' })).rejects.toThrow('no http or https address');
  const form = await fetch(`${emulator.url}/emulator/actions`, { method: 'POST', body: new URLSearchParams({ do: 'clock.advance' }) });
  expect(form.status).toBe(415);
});

test('--write-env replaces its variables in a file and preserves other lines, and doctor reads the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  const file = join(folder, '.env');
  writeFileSync(file, '# my settings\nWHATSAPP_APP_ID=old\nOTHER=1\n');
  await using emulator = await startEmulator('--write-env', file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toEqual(['# my settings', 'OTHER=1', ...Object.entries(emulator.env).map(([name, value]) => `${name}=${value}`)]);

  const command = join(import.meta.dirname, '../../dist/cli/main.js');
  const doctor = spawnSync(process.execPath, [command, 'doctor', '--env-file', file], { encoding: 'utf8' });
  expect(doctor.stdout).toMatch(/ok +webhook fields of the app/);
  expect(doctor.stdout).toMatch(/problem +callback URL of the app: the app has no callback URL/);
  expect(doctor.status).toBe(1);
  rmSync(folder, { recursive: true });
});
