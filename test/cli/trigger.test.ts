import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWebhook, verifySignature } from 'wa-coexist/webhooks';
import { webhookPayload } from 'wa-coexist/testing';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';
import { createPaint, deliveryLine, requestLine } from '../../src/cli/terminal.js';

/** Runs a command against a receiver that records requests. */
async function run(args: readonly string[], status = 200) {
  const lines: string[] = [];
  const errors: string[] = [];
  const requests: { readonly url: string; readonly body: string; readonly signature: string }[] = [];
  const code = await runCommand(args, {
    write: (line) => void lines.push(line),
    writeError: (line) => void errors.push(line),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push({ url: request.url, body: await request.text(), signature: request.headers.get('x-hub-signature-256') ?? '' });
      return new Response('answer', { status });
    },
    env: { WHATSAPP_APP_SECRET: 'secret', WHATSAPP_PHONE_NUMBER_ID: '1234567890' },
    signal: new AbortController().signal,
  });
  return { code, lines, errors, requests };
}

const to = 'http://127.0.0.1:3000/webhook';

test('trigger posts a signed sample of an event with the number of the environment', async () => {
  const { code, lines, requests } = await run(['trigger', 'message.image', '--to', to]);
  expect({ code, lines }).toEqual({ code: 0, lines: ['200  message.image'] });
  const [{ body, signature } = { body: '', signature: '' }] = requests;
  expect(verifySignature(new TextEncoder().encode(body), signature, 'secret')).toBe(0);
  expect([...parseWebhook(JSON.parse(body))]).toMatchObject([{ type: 'message', phoneNumberId: '1234567890', message: { type: 'image' } }]);
});

test('each listed event can be sent and parses to its type', async () => {
  const { lines: names } = await run(['trigger', '--list']);
  expect(names).toContain('account.disconnected');
  for (const name of names) {
    const { requests } = await run(['trigger', name, '--to', to]);
    const [event] = [...parseWebhook(JSON.parse(requests[0]?.body ?? '{}'))];
    expect(name === event?.type || name.startsWith(`${String(event?.type)}.`), name).toBe(true);
  }
});

test('trigger reports an unknown event, a rejected signature and a missing receiver', async () => {
  expect(await run(['trigger', 'mesage'])).toMatchObject({ code: 2, errors: [expect.stringContaining('no event "mesage"') as string] });
  expect(await run(['trigger', 'message', '--to', to], 401)).toMatchObject({
    code: 1,
    lines: ['401  message: answer', expect.stringContaining('secret') as string],
  });
  expect(await run(['trigger'])).toMatchObject({ code: 2 });
});

test('fixture writes a file for each recorded webhook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  const payload = JSON.stringify(webhookPayload('message', { message: 'Hello', customer: { waId: '15557654321' } }));
  writeFileSync(join(folder, 'capture.ndjson'), `${payload}\n${payload}\n`);
  const { code } = await run(['fixture', join(folder, 'capture.ndjson'), '--out', join(folder, 'out')]);
  expect(code).toBe(0);
  expect(readdirSync(join(folder, 'out'))).toEqual(['capture-1.json', 'capture-2.json']);
  expect(readFileSync(join(folder, 'out', 'capture-1.json'), 'utf8')).not.toContain('15557654321');
  rmSync(folder, { recursive: true });
});

test('lines have colors on request, and never contain terminal escape sequences from messages', () => {
  const at = new Date(2026, 0, 1, 9, 30, 5);
  const entry = {
    kind: 'request',
    method: 'POST',
    path: '1/messages',
    about: 'text\u001B[2J\nx',
    status: 400,
    code: 131047,
    problem: 'Too late',
  } as const;
  expect(requestLine(createPaint('plain'), at, entry)).toBe('09:30:05 <- 400 131047   POST /1/messages text [2J x Too late');
  expect(requestLine(createPaint('colors'), at, entry)).toContain('\u001B[31m400 131047');
  const delivery = { kind: 'delivery', id: 3, fields: ['messages'], about: 'message text', state: 'waiting', duplicate: false } as const;
  const attempts = [{ at: '', status: 500, responseText: 'TypeError' }];
  expect(deliveryLine(createPaint('plain'), at, { ...delivery, attempts })).toBe(
    '09:30:05 -> 500          message text #3 messages TypeError',
  );
});
