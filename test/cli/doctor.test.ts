import { afterEach, describe, expect, test } from 'vitest';
import { createFakeCloudApi, listen, type FakeCloudApi } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { runCommand } from '../../src/cli/run-command.js';

const closing: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A fake Cloud API on a port with one coexistence number, and the command that checks it. */
async function open(prepare: (fake: FakeCloudApi) => void = () => undefined, request = fetch, hasCallback = true) {
  const fake = createFakeCloudApi();
  const server = await listen(fake);
  closing.push(() => server[Symbol.asyncDispose]());
  const number = fake.coexistenceNumber({ displayPhoneNumber: '+1 555-010-0123' });
  if (hasCallback) fake.deliverTo(() => Promise.resolve(new Response()));
  prepare(fake);
  const env = {
    WHATSAPP_ACCESS_TOKEN: number.accessToken,
    WHATSAPP_APP_ID: fake.app.id,
    WHATSAPP_APP_SECRET: fake.app.secret,
    WHATSAPP_BASE_URL: server.url,
  };
  const doctor = async (args: readonly string[] = [], own: Record<string, string> = {}) => {
    const lines: string[] = [];
    const code = await runCommand(['doctor', '--waba', number.wabaId, ...args], {
      write: (line) => lines.push(line),
      writeError: (line) => lines.push(line),
      fetch: request,
      env: { ...env, ...own },
      signal: new AbortController().signal,
    });
    return { code, text: lines.join('\n') };
  };
  return { fake, number, doctor };
}

describe('wa-coexist doctor', () => {
  test('reports no problems, names the number, and only reads', async () => {
    const { fake, number, doctor } = await open();
    const { code, text } = await doctor(['--phone-number', number.phoneNumberId]);
    expect(text).toMatch(/ok +webhook fields of the app/);
    expect(text).toContain('No problems found.');
    expect(text).toContain(`number   ${number.phoneNumberId} +1 555-010-0123, `);
    expect(text).toContain('callback URL of the app: https://receiver.example/webhooks');
    expect(text).toMatch(/skipped +handshake with the receiver: set WHATSAPP_VERIFY_TOKEN/);
    expect(code).toBe(0);
    expect(fake.requests.map(({ method }) => method)).toEqual(fake.requests.map(() => 'GET'));
    expect(fake.requests.some(({ path }) => path.includes('smb_app_data'))).toBe(false);
  });

  test('names missing variables and their remedies, as text and as JSON', async () => {
    const { number, doctor, fake } = await open(({ app }) => {
      app.subscribedFields.delete('smb_message_echoes');
      app.subscribedFields.delete('history');
    });
    const token = fake.issueToken({ wabaIds: [number.wabaId], scopes: ['whatsapp_business_management'] });
    const own = { WHATSAPP_ACCESS_TOKEN: token };
    const { code, text } = await doctor(['--phone-number', number.phoneNumberId], own);
    expect(code).toBe(1);
    expect(text).toMatch(/problem +webhook fields/);
    expect(text).toContain('smb_message_echoes, history');
    expect(text).toMatch(/problem +token/);
    expect(text).toContain('whatsapp_business_messaging');
    expect(text).not.toContain(token);
    expect(text).not.toContain(fake.app.secret);
    const json = await doctor(['--json', '--phone-number', number.phoneNumberId], own);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.text)).toMatchObject({
      ok: false,
      checks: [
        { subject: 'webhook-fields', outcome: 'problem' },
        { subject: 'subscription', outcome: 'ok' },
        { subject: 'token', outcome: 'problem', problems: [{ problem: 'scope', scope: 'whatsapp_business_messaging' }] },
        { subject: 'number', outcome: 'ok' },
        { subject: 'number-callback', outcome: 'ok' },
        { subject: 'app-callback', outcome: 'ok' },
        { subject: 'handshake', outcome: 'skipped' },
      ],
    });
    expect(json.text).not.toContain(token);
  });

  test('lists the numbers of an account if no number is named', async () => {
    const { number, doctor } = await open();
    const { code, text } = await doctor();
    expect(code).toBe(0);
    expect(text).toContain(`${number.phoneNumberId} +1 555-010-0123, `);
  });

  test('reports a number that is only on the Cloud API, and an invalid token', async () => {
    const { fake, doctor } = await open();
    const plain = fake.cloudApiNumber();
    const other = await doctor(['--waba', plain.wabaId, '--phone-number', plain.phoneNumberId], {
      WHATSAPP_ACCESS_TOKEN: plain.accessToken,
    });
    expect(other.code).toBe(1);
    expect(other.text).toMatch(/problem +number on app and Cloud API/);
    const broken = await doctor([], { WHATSAPP_ACCESS_TOKEN: 'expired' });
    expect(broken.code).toBe(1);
    expect(broken.text).toMatch(/unknown +subscription/);
    expect(broken.text).toMatch(/problem +token/);
  });

  test('reports all missing variables together, without the full help', async () => {
    const { doctor } = await open();
    const { code, text } = await doctor([], { WHATSAPP_ACCESS_TOKEN: '', WHATSAPP_APP_ID: '', WHATSAPP_APP_SECRET: '' });
    expect(code).toBe(2);
    for (const name of ['WHATSAPP_ACCESS_TOKEN', 'WHATSAPP_APP_ID', 'WHATSAPP_APP_SECRET']) expect(text).toContain(`  ${name}: `);
    expect(text).not.toContain('WHATSAPP_BUSINESS_ACCOUNT_ID:');
    expect(text.split('\n').length).toBeLessThan(10);
  });

  test('an app without a callback URL is a problem', async () => {
    const { doctor } = await open(undefined, fetch, false);
    const { code, text } = await doctor();
    expect(code).toBe(1);
    expect(text).toMatch(/problem +callback URL of the app: the app has no callback URL/);
  });

  test.each<[string, () => Response | Promise<Response>, RegExp]>([
    ['another verify token', () => new Response(null, { status: 403 }), /problem +handshake .*: the receiver returned 403/],
    ['another page', () => new Response('<h1>Hello</h1>'), /problem +handshake .* without the challenge/],
    ['a wrong path', () => new Response(null, { status: 404 }), /problem +handshake .* returned 404/],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), /problem +handshake .* didn't respond/],
  ])('a callback URL with %s is a problem', async (_what, respond, expected) => {
    const { doctor } = await open(undefined, async (...request) =>
      new Request(...request).url.startsWith('https://receiver.example/') ? respond() : fetch(...request),
    );
    const { code, text } = await doctor([], { WHATSAPP_VERIFY_TOKEN: 'a-verify-token' });
    expect(text).toMatch(expected);
    expect(text).not.toContain('a-verify-token');
    expect(code).toBe(1);
  });

  test('checks the callback URL of a receiver function, as the emulator sets it', async () => {
    const callbackUrl = 'https://shop.example/hook';
    const asked: string[] = [];
    const { doctor } = await open(
      (fake) => {
        fake.deliverTo(() => Promise.resolve(new Response()), { callbackUrl });
      },
      (...request) => {
        const { url } = new Request(...request);
        if (!url.startsWith(callbackUrl)) return fetch(...request);
        asked.push(url);
        return Promise.resolve(new Response(new URL(url).searchParams.get('hub.challenge')));
      },
    );
    const { code, text } = await doctor([], { WHATSAPP_VERIFY_TOKEN: 'a-verify-token' });
    expect(text).toContain(`callback URL of the app: ${callbackUrl}`);
    expect(asked).toHaveLength(1);
    expect(code).toBe(0);
  });

  test('a receiver that accepts the verify token passes the handshake', async () => {
    const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'a-verify-token' });
    const { doctor } = await open(undefined, async (...request) => {
      const made = new Request(...request);
      return made.url.startsWith('https://receiver.example/') ? webhooks.fetch(made) : fetch(made);
    });
    const { code, text } = await doctor([], { WHATSAPP_VERIFY_TOKEN: 'a-verify-token' });
    expect(text).toMatch(/ok +handshake with the receiver: the receiver accepted the verify token/);
    expect(code).toBe(0);
    await webhooks.close();
  });

  test('rejects an unknown option and an invalid address', async () => {
    const { doctor } = await open();
    expect((await doctor(['--register'])).code).toBe(2);
    expect((await doctor(['--base-url', 'ftp://x'])).code).toBe(2);
  });
});
