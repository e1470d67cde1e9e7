import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient, listFlows } from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { runCommand } from '../../src/cli/run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'cli-flows-'));
const file = join(folder, 'booking.json');
let out: string[] = [];
let err: string[] = [];

beforeEach(() => {
  out = [];
  err = [];
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(args: readonly string[], env: Record<string, string> = {}, fetch = globalThis.fetch): Promise<number> {
  return runCommand(['flows', ...args], {
    write: (line) => out.push(line),
    writeError: (line) => err.push(line),
    fetch,
    env,
    signal: new AbortController().signal,
  });
}

const footer = { type: 'Footer', label: 'Book', 'on-click-action': { name: 'complete', payload: {} } };
const booking = (label = 'Book') => ({
  version: '7.3',
  screens: [{ id: 'DETAILS', terminal: true, layout: { type: 'SingleColumnLayout', children: [{ ...footer, label }] } }],
});
const write = (flow: unknown): void => {
  writeFileSync(file, typeof flow === 'string' ? flow : JSON.stringify(flow, null, 2));
};

describe('flows lint', () => {
  test('accepts a Flow without errors', async () => {
    write(booking());
    expect(await run(['lint', file])).toBe(0);
    expect(out).toEqual([`${file}: 0 errors`]);
  });

  test('prints the line of each error', async () => {
    write(booking('x'.repeat(36)));
    expect(await run(['lint', file])).toBe(1);
    expect(out[0]).toMatch(
      new RegExp(`^${file}:12:\\d+ error screens\\[0\\]\\.layout\\.children\\[0\\]\\.label has 36 characters.*\\[footerLabelLength: Meta`),
    );
    write('{');
    expect(await run(['lint', file])).toBe(1);
  });

  test.each([
    [[]],
    [['lint']],
    [['lint', 'a', 'b']],
    [['bake', 'a']],
    [['lint', 'a', '--colour']],
    [['publish', 'a']],
    [['publish', 'a', '--waba', '1']],
  ])('rejects the arguments %j', async (args) => {
    expect(await run(args)).toBe(2);
    expect(err.join('\n')).toContain('wa-coexist flows');
  });

  test('a missing file is an error', async () => {
    expect(await run(['lint', join(folder, 'missing.json')])).toBe(1);
    expect(err.join('\n')).toContain('missing.json');
  });
});

describe('flows publish', () => {
  test('creates the Flow, updates the draft with its name, and leaves a published one alone', async () => {
    const fake = createFakeCloudApi();
    const shop = fake.coexistenceNumber();
    const env = { WHATSAPP_ACCESS_TOKEN: shop.accessToken, WHATSAPP_BUSINESS_ACCOUNT_ID: shop.wabaId };
    const client = createClient({ ...shop, fetch: fake.fetch });
    const flows = () => listFlows(client, { fields: ['name', 'status', 'categories', 'endpoint_uri'] }).page();

    write(booking());
    expect(await run(['publish', file, '--draft'], env, fake.fetch)).toBe(0);
    expect(out[0]).toMatch(/^Created the Flow booking \(\d+\)\.$/);
    expect((await flows()).data).toMatchObject([{ name: 'booking', status: 'DRAFT', categories: ['OTHER'] }]);

    const more = ['--categories', 'APPOINTMENT_BOOKING, SURVEY', '--endpoint-uri', 'https://example.com/flow'];
    expect(await run(['publish', file, ...more], env, fake.fetch)).toBe(0);
    expect(out.slice(1)).toMatchObject([
      expect.stringMatching(/^Updated the Flow booking/),
      expect.stringMatching(/^Published the Flow booking/),
    ]);
    expect((await flows()).data).toMatchObject([
      { name: 'booking', status: 'PUBLISHED', categories: ['APPOINTMENT_BOOKING', 'SURVEY'], endpoint_uri: 'https://example.com/flow' },
    ]);

    expect(await run(['publish', file], env, fake.fetch)).toBe(1);
    expect(out.join('\n')).toContain('another --name');
    expect(await run(['publish', file, '--name', 'booking 2'], env, fake.fetch)).toBe(0);
    expect((await flows()).data).toHaveLength(2);
    expect([...out, ...err].join('\n')).not.toContain(shop.accessToken);
    await fake.close();
  });

  test('prints the errors of the linter before the first request, or those of Meta with --skip-lint', async () => {
    const fake = createFakeCloudApi();
    const shop = fake.coexistenceNumber();
    const env = { WHATSAPP_ACCESS_TOKEN: shop.accessToken, WHATSAPP_BUSINESS_ACCOUNT_ID: shop.wabaId };
    write({ ...booking(), version: '4.0' });
    expect(await run(['publish', file], env, fake.fetch)).toBe(1);
    expect(fake.requests).toEqual([]);
    expect(out.join('\n')).toContain(`${file}:2:14 error version can't be published`);
    out = [];
    expect(await run(['publish', file, '--skip-lint'], env, fake.fetch)).toBe(1);
    expect(out.join('\n')).toContain(`${file}:2:14 error Invalid Flow JSON version. [INVALID_FLOW_JSON_VERSION]`);
    expect(out.at(-1)).toContain('remains a draft');
    await fake.close();
  });

  test('an error of Meta is printed', async () => {
    const fake = createFakeCloudApi();
    const shop = fake.coexistenceNumber();
    write(booking());
    const env = { WHATSAPP_ACCESS_TOKEN: 'wrong', WHATSAPP_BUSINESS_ACCOUNT_ID: shop.wabaId };
    expect(await run(['publish', file], env, fake.fetch)).toBe(1);
    expect(err.join('\n')).toContain('190');
    await fake.close();
  });
});
