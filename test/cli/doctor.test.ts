import { afterEach, describe, expect, test } from 'vitest';
import { createFakeCloudApi, listen, type FakeCloudApi } from 'wa-coexist/testing';
import { runCommand } from '../../src/cli/run-command.js';

const closing: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A fake Cloud API on a port with one coexistence number, and the command over it. */
async function open(prepare: (fake: FakeCloudApi) => void = () => undefined) {
  const fake = createFakeCloudApi();
  const server = await listen(fake);
  closing.push(() => server[Symbol.asyncDispose]());
  const number = fake.coexistenceNumber({ displayPhoneNumber: '+1 555-010-0123' });
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
      fetch,
      env: { ...env, ...own },
      signal: new AbortController().signal,
    });
    return { code, text: lines.join('\n') };
  };
  return { fake, number, doctor };
}

describe('wa-coexist doctor', () => {
  test('says that all is well, and only reads', async () => {
    const { fake, number, doctor } = await open();
    const { code, text } = await doctor(['--phone-number', number.phoneNumberId]);
    expect(text).toMatch(/ok +webhook fields of the app/);
    expect(text).toContain('All is well.');
    expect(code).toBe(0);
    expect(fake.requests.map(({ method }) => method)).toEqual(fake.requests.map(() => 'GET'));
    expect(fake.requests.some(({ path }) => path.includes('smb_app_data'))).toBe(false);
  });

  test('names what is missing and what to do about it, as text and as JSON', async () => {
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
      ],
    });
    expect(json.text).not.toContain(token);
  });

  test('lists the numbers of an account where none was named', async () => {
    const { number, doctor } = await open();
    const { code, text } = await doctor();
    expect(code).toBe(0);
    expect(text).toContain(`${number.phoneNumberId} +1 555-010-0123: on app and Cloud API`);
  });

  test('a number on Cloud API alone, and a token that is no good, are told', async () => {
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

  test.each(['WHATSAPP_ACCESS_TOKEN', 'WHATSAPP_APP_ID', 'WHATSAPP_APP_SECRET'])('says that %s is missing', async (name) => {
    const { doctor } = await open();
    const { code, text } = await doctor([], { [name]: '' });
    expect(code).toBe(2);
    expect(text).toContain(name);
  });

  test('does not understand an option that it lacks, nor an address that is none', async () => {
    const { doctor } = await open();
    expect((await doctor(['--register'])).code).toBe(2);
    expect((await doctor(['--base-url', 'ftp://x'])).code).toBe(2);
  });
});
