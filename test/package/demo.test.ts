import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createFakeCloudApi, listen } from 'wa-coexist/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the demo like `npm run demo` after the build. */
function demo(args: string[], environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const { WHATSAPP_ACCESS_TOKEN: _token, WHATSAPP_PHONE_NUMBER_ID: _id, ...inherited } = process.env;
  const child = spawn(process.execPath, ['examples/demo/main.ts', ...args], { cwd: root, env: { ...inherited, ...environment } });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}

test('the demo runs and prints its summary as the last line', async () => {
  const { code, output } = await demo(['--json']);
  expect(output).not.toContain('\r');
  expect(code, output).toBe(0);
  const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(summary).toMatchObject({
    contacts: 40,
    historyMessages: 6000,
    echoes: 2,
    echoEdits: 1,
    echoRevokes: 1,
    botSilenced: 1,
    sent: 200,
    rejected: 0,
    unknown: 0,
  });
  expect(summary['maxInOneSecond']).toBeLessThanOrEqual(20);
  expect(summary['historyMediaJoined']).toBeGreaterThan(0);
  expect(summary['duplicatesDropped']).toBeGreaterThan(0);
  expect(summary).toHaveProperty('throttled');
  expect(summary).toHaveProperty('seconds');
  expect(summary['costs']).toMatchObject({ app: 2 });
  expect(Date.parse(String(summary['heartbeatDueAt']))).toBeGreaterThan(Date.now());
});

describe('--live', () => {
  test('without variables explains what to set and where Meta shows it', async () => {
    const { code, output } = await demo(['--live']);
    expect(code).toBe(1);
    expect(output).toMatch(/WHATSAPP_ACCESS_TOKEN: .*API Setup/);
    expect(output).toMatch(/WHATSAPP_PHONE_NUMBER_ID: .*API Setup/);
  });

  test('reads the token, the number, coexistence and templates, and changes nothing', async () => {
    const fake = createFakeCloudApi();
    await using server = await listen(fake);
    const { accessToken, phoneNumberId, wabaId } = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
    const { code, output } = await demo(['--live'], {
      WHATSAPP_ACCESS_TOKEN: accessToken,
      WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
      WHATSAPP_BUSINESS_ACCOUNT_ID: wabaId,
      WHATSAPP_BASE_URL: server.url,
    });
    expect(code, output).toBe(0);
    expect(output).toContain('Harbor Bakery');
    expect(output).toContain('A coexistence number');
    expect(output).toContain('hello_world');
    expect(fake.requests.map(({ method }) => method)).toEqual(fake.requests.map(() => 'GET'));
  });

  test('with an invalid token reports it', async () => {
    const fake = createFakeCloudApi();
    await using server = await listen(fake);
    const { phoneNumberId } = fake.coexistenceNumber();
    const { code, output } = await demo(['--live'], {
      WHATSAPP_ACCESS_TOKEN: 'expired',
      WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
      WHATSAPP_BASE_URL: server.url,
    });
    expect(code).toBe(1);
    expect(output).toContain('Meta could not be read');
  });
});
