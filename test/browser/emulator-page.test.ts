import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { chromiumPath, launch } from './chromium.js';
import { startEmulator, type RunningEmulator } from './start-emulator.js';

/** A receiver as a user has it, and what it was told. */
async function startReceiver(appSecret: string, verifyToken: string) {
  const told: string[] = [];
  const webhooks = createWebhooks({ appSecret, verifyToken });
  webhooks.on('message', ({ message }) => void told.push(`message: ${message.type === 'text' ? message.text.body : message.type}`));
  webhooks.on('echo', ({ message }) => void told.push(`echo: ${message.type === 'text' ? message.text.body : message.type}`));
  webhooks.on('echo.edit', () => void told.push('echo.edit'));
  webhooks.on('echo.revoke', () => void told.push('echo.revoke'));
  webhooks.on('contact', ({ contact }) => void told.push(`contact: ${contact.full_name ?? ''}`));
  webhooks.on('account.disconnected', ({ reason }) => void told.push(`disconnected: ${reason ?? ''}`));
  const server = createServer(toNodeHandler(webhooks)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { told, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhook`, close: () => server.close() };
}

describe.skipIf(chromiumPath === undefined)('the page of the emulator', () => {
  let emulator: RunningEmulator;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    emulator = await startEmulator('--seed', '7');
    receiver = await startReceiver(emulator.env['WHATSAPP_APP_SECRET'] ?? '', emulator.env['WHATSAPP_VERIFY_TOKEN'] ?? '');
    await emulator.act({ do: 'receiver.set', url: receiver.url });
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await emulator.end();
    receiver.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.on('request', (request) => {
      if (!request.url().startsWith(emulator.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(emulator.url);
    await page.getByRole('heading', { name: 'Harbor Bakery' }).waitFor();
    return () => page.close();
  });

  const onPhone = () => page.getByRole('log', { name: /in the Business app/ });
  const onCustomersPhone = () => page.getByRole('log', { name: /on the customer's phone/ });

  test('what a customer writes and what is answered on the phone reach both phones and the receiver', async () => {
    await page.getByRole('textbox', { name: 'Write to Harbor Bakery' }).fill('Do you have rye bread?');
    await page.keyboard.press('Enter');
    await onPhone().getByText('Do you have rye bread?', { exact: true }).waitFor();
    const answer = page.getByRole('textbox', { name: 'Write to Mara Lindqvist from the app' });
    await answer.fill('Fresh since seven.');
    await answer.press('Enter');
    await onCustomersPhone().getByText('Fresh since seven.', { exact: true }).waitFor();
    await expect.poll(() => receiver.told).toEqual(['message: Do you have rye bread?', 'echo: Fresh since seven.']);
    await page.getByRole('button', { name: /smb_message_echoes.*delivered.*200/ }).click();
    await page
      .getByLabel(/^JSON of request/)
      .getByText('"message_echoes"')
      .waitFor();

    await onPhone().getByRole('button', { name: 'Edit “Fresh since seven.”' }).click();
    await page.getByRole('textbox', { name: 'New text' }).fill('Fresh since six.');
    await page.keyboard.press('Enter');
    await onCustomersPhone().getByText('Fresh since six.', { exact: true }).waitFor();
    await onPhone().getByRole('button', { name: 'Delete “Fresh since six.”' }).click();
    await onCustomersPhone().getByText('This message was deleted.').waitFor();
    await expect.poll(() => receiver.told.slice(2)).toEqual(['echo.edit', 'echo.revoke']);
  });

  test('contacts, linked devices, and what coexistence changed', async () => {
    await page.getByText(/^Contacts \(/).click();
    await page.getByRole('textbox', { name: 'Number of the contact' }).fill('+1 555 010 0987');
    await page.getByRole('textbox', { name: 'Name of the contact' }).fill('Mara (rye)');
    await page.getByRole('button', { name: 'Add or rename' }).click();
    await page.getByText('Contacts (1)').waitFor();
    await expect.poll(() => receiver.told).toContain('contact: Mara (rye)');
    await page.getByText(/^Linked devices \(/).click();
    await page.getByRole('combobox', { name: 'Device' }).selectOption('mac');
    await page.getByRole('button', { name: 'Link device' }).click();
    await page.getByText('Linked devices (1 of 4)').waitFor();
    await page.getByText(/^Changed by coexistence \(/).click();
    await page.getByText('Disappearing messages').waitFor();
  });

  test('a campaign keeps to the cap, and the gauge shows it', async () => {
    await page.getByRole('spinbutton', { name: 'Messages of the campaign' }).fill('45');
    await page.getByRole('button', { name: 'Send campaign' }).click();
    await page.getByText(/45 accepted · 0 throttled/).waitFor({ timeout: 20_000 });
    const { gauge } = await emulator.view();
    expect(gauge.cap).toBe(20);
    expect(gauge.throttled).toBe(0);
  });

  test('opened every 13 days the app stays linked; left alone it is disconnected', async () => {
    const linked = page.getByText('linked to the API', { exact: true });
    for (let round = 0; round < 2; round += 1) {
      await page.getByRole('button', { name: 'Advance 13 days' }).click();
      await page.getByText('App last used 13 days ago.').waitFor();
      await linked.waitFor();
      await page.getByRole('button', { name: 'Open app' }).click();
      await page.getByText('App last used today.').waitFor();
    }
    await page.getByRole('button', { name: 'Advance 13 days' }).click();
    await page.getByText('App last used 13 days ago.').waitFor();
    await page.getByRole('button', { name: 'Advance 1 day' }).click();
    await page.getByText('not linked', { exact: true }).waitFor();
    await expect.poll(() => receiver.told.at(-1)).toBe('disconnected: PRIMARY_INACTIVITY');
  });

  test.each([360, 800, 1440])('at %i pixels nothing lies outside, and everything that can be used has a name', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const role of ['button', 'textbox', 'combobox', 'spinbutton'] as const) {
      const all = await page.getByRole(role).count();
      const named = await page.getByRole(role, { name: /\S/ }).count();
      expect({ role, named }).toEqual({ role, named: all });
    }
  });

  test('no request left for another host, and no script failed', () => {
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });
});
