import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { chromiumPath, launch } from './chromium.js';
import { startEmulator, type RunningEmulator } from './start-emulator.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A typical receiver, and the events that it received. */
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

/** The part of axe that the tests use. */
interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
}

describe.skipIf(chromiumPath === undefined)('the page of the emulator', () => {
  let emulator: RunningEmulator;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let browser: Browser;
  let page: Page;
  let number = '';
  const mara = '15550100987';
  const foreign: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    emulator = await startEmulator('--seed', '7');
    number = emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '';
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
  const openTab = (name: string) => page.getByRole('tab', { name }).click();
  const axeProblems = async (): Promise<string[]> => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary ?? ''}`),
    );
  };

  test('messages and replies appear on both phones and in the receiver, and can be edited and deleted', async () => {
    await page.getByRole('textbox', { name: 'Write to Harbor Bakery', exact: true }).fill('Do you have rye bread?');
    await page.keyboard.press('Enter');
    await onPhone().getByText('Do you have rye bread?', { exact: true }).waitFor();
    const answer = page.getByRole('textbox', { name: 'Write to Mara Lindqvist from the app', exact: true });
    await answer.fill('Fresh since seven.');
    await answer.press('Enter');
    await onCustomersPhone().getByText('Fresh since seven.', { exact: true }).waitFor();
    await expect.poll(() => receiver.told).toEqual(['message: Do you have rye bread?', 'echo: Fresh since seven.']);
    await page.getByRole('button', { name: /echo text.*200/ }).click();
    await page
      .getByLabel(/^JSON of entry/)
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

  test('the number switcher shows the other number and stays there', async () => {
    const switcher = page.getByRole('combobox', { name: 'Number' });
    const books = (await emulator.view()).numbers.find(({ name }) => name === 'Corner Books')?.phoneNumberId ?? '';
    await switcher.selectOption(books);
    await page.getByRole('heading', { name: 'Corner Books' }).waitFor();
    await page.getByText('Not connected', { exact: true }).waitFor();
    // Two more changes of the emulator must not select the first number again.
    for (const text of ['One', 'Two']) {
      await emulator.act({ do: 'customer.send', number, customer: '15550100989', text });
      await page.waitForTimeout(200);
    }
    expect(await switcher.inputValue()).toBe(books);
    await switcher.press('ArrowUp');
    await page.getByRole('heading', { name: 'Harbor Bakery' }).waitFor();
    expect(await switcher.inputValue()).toBe(number);
  });

  test('onboarding shows a QR code and a consent screen, and posts the code and the session event', async () => {
    const posted: unknown[] = [];
    const backend = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        posted.push(JSON.parse(body));
        response.end('onboarding started');
      });
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const books = (await emulator.view()).numbers.find(({ name }) => name === 'Corner Books');
    await page.getByRole('combobox', { name: 'Number' }).selectOption(books?.phoneNumberId ?? '');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('img', { name: /^QR code of http/ }).waitFor();
    await page
      .getByRole('textbox', { name: /Post the code/ })
      .fill(`http://127.0.0.1:${String((backend.address() as AddressInfo).port)}/signup`);
    expect(await axeProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Scan with the phone' }).click();
    await page.getByRole('radio', { name: /Share 24 chats/ }).waitFor();
    expect(await axeProblems()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('onboarding started').waitFor();
    expect(posted).toMatchObject([{ code: expect.any(String) as string, sessionEvent: { data: { waba_id: books?.wabaId } } }]);
    await page.getByLabel('Code and session event').getByText('"FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"').waitFor();
    await page.getByRole('button', { name: 'Close the dialog' }).click();
    await page.getByText('Connected to the API', { exact: true }).waitFor();
    backend.close();
  });

  test('each type of message is visible on both phones, and the customer can answer with buttons, lists and reactions', async () => {
    await page.getByRole('combobox', { name: 'Whose phone' }).selectOption(mara);
    await emulator.act({ do: 'scenario.run', name: 'Every type from the API', number, customer: mara });
    await emulator.act({ do: 'scenario.run', name: 'Every type from the customer', number, customer: mara });
    for (const phone of [onPhone(), onCustomersPhone()]) {
      await phone.getByRole('img', { name: 'Like this one' }).waitFor();
      await phone.getByRole('button', { name: 'Play the voice message' }).waitFor();
      await phone.getByRole('img', { name: 'Video' }).waitFor();
      await phone.getByText('menu.pdf').waitFor();
      await phone.getByRole('img', { name: 'Sticker' }).waitFor();
      await phone.getByRole('img', { name: 'Map of Old Town' }).waitFor();
      await phone.getByText('Jonas Weber').first().waitFor();
      await phone.locator('strong', { hasText: 'Bold' }).waitFor();
      await phone.getByText(/Welcome and congratulations/).waitFor();
      await phone.getByRole('link', { name: 'Open the order' }).waitFor();
    }
    await onCustomersPhone().getByRole('button', { name: 'Yes, confirm' }).click();
    await onCustomersPhone().getByRole('button', { name: 'Open the menu' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Rye bread/ })
      .click();
    await onPhone().getByText('750 g, baked at six').last().waitFor();
    await onCustomersPhone()
      .getByRole('button', { name: /^React to “.*Follow your order/ })
      .click();
    await onCustomersPhone().getByRole('button', { name: 'React with 👍' }).click();
    await onPhone().getByRole('img', { name: 'Reaction 👍' }).waitFor();
    const { chat } = await emulator.view({ number, customer: mara });
    expect(chat.slice(-2).map(({ content, quote }) => [content, quote?.sender])).toEqual([
      [{ interactive: { type: 'button_reply', button_reply: { id: 'confirm', title: 'Yes, confirm' } } }, 'api'],
      [{ interactive: { type: 'list_reply', list_reply: { id: 'rye', title: 'Rye bread', description: '750 g, baked at six' } } }, 'api'],
    ]);
  });

  test('the log shows rejected requests with code and remedy, finds them, and sends webhooks again', async () => {
    await emulator.act({ do: 'api.send', number, message: { to: '15550100988', type: 'text', text: { body: 'Late' } } });
    await page.getByRole('button', { name: 'Problems' }).click();
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('131047');
    await page.getByRole('button', { name: /POST .*131047/ }).click();
    await page.getByText(/^131047: /).waitFor();
    await page
      .getByText(/template/i)
      .first()
      .waitFor();
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
    await page.getByRole('button', { name: 'Problems' }).click();
    await page.getByRole('button', { name: 'Webhooks', exact: true }).click();
    const before = receiver.told.length;
    await emulator.act({ do: 'customer.send', number, customer: mara, text: 'Once more' });
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('Once more');
    await expect.poll(() => page.getByRole('button', { name: /message text/ }).count()).toBe(1);
    await page.getByRole('button', { name: /message text/ }).click();
    await page.getByRole('button', { name: 'Edit and resend' }).click();
    const editor = page.getByRole('textbox', { name: 'JSON to send' });
    await editor.fill((await editor.inputValue()).replace('Once more', 'Edited').replaceAll(/"wamid\.[^"]*"/g, '"wamid.edited"'));
    await page.locator('.editor').getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => receiver.told.slice(before)).toEqual(['message: Once more', 'message: Edited']);
  });

  test('contacts, linked devices, and the features that coexistence changed', async () => {
    await page.getByRole('button', { name: 'Contacts', exact: true }).click();
    await page.getByRole('textbox', { name: 'Number of the contact' }).fill('+1 555 010 0987');
    await page.getByRole('textbox', { name: 'Name of the contact' }).fill('Mara (rye)');
    await page.getByRole('button', { name: 'Add or rename' }).click();
    await page.getByText('Contacts (1)').waitFor();
    await expect.poll(() => receiver.told).toContain('contact: Mara (rye)');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('combobox', { name: 'Device' }).selectOption('mac');
    await page.getByRole('button', { name: 'Link device' }).click();
    await page.getByText('Linked devices (1 of 4)').waitFor();
    await page.getByText(/^Changed by coexistence \(/).click();
    await page.getByText('Disappearing messages').waitFor();
  });

  test('faults, templates and saved scenarios can be used from the page', async () => {
    await openTab('Traffic');
    await page.getByRole('button', { name: /Status 500 for the next request/ }).click();
    await expect
      .poll(async () => (await emulator.view()).faults.filter(({ active }) => active).map(({ name }) => name))
      .toEqual(['server-error']);
    await page.getByRole('button', { name: 'Remove all faults' }).click();
    await openTab('Templates');
    await page.getByRole('button', { name: 'Reject hello_world' }).first().click();
    await page.getByText('rejected', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Approve hello_world' }).first().click();
    await page.getByText('approved', { exact: true }).first().waitFor();
    await openTab('Scenarios');
    await page.getByRole('textbox', { name: 'Name of the scenario' }).fill('Decide twice');
    await page.getByRole('spinbutton', { name: 'Number of actions' }).fill('2');
    await page.getByRole('button', { name: 'Save 2 actions' }).click();
    await page.getByRole('button', { name: 'Run Decide twice' }).click();
    expect((await emulator.view()).scenarios.at(-1)).toEqual({ name: 'Decide twice', steps: 2, builtIn: false });
  });

  test('a campaign stays within the rate limit, and the gauge shows the rate', async () => {
    await openTab('Traffic');
    const before = (await emulator.view()).gauge.accepted;
    await page.getByRole('spinbutton', { name: 'Messages of the campaign' }).fill('45');
    await page.getByRole('button', { name: 'Send campaign' }).click();
    await page.getByText(new RegExp(`${String(before + 45)} accepted · 0 throttled`)).waitFor({ timeout: 20_000 });
    const { gauge } = await emulator.view();
    expect(gauge.cap).toBe(20);
    expect(gauge.throttled).toBe(0);
  });

  test.each(['light', 'dark'] as const)('axe finds no problem in the %s theme', async (theme) => {
    await page.evaluate((name) => {
      localStorage.setItem('wa-coexist-theme', name);
    }, theme);
    await page.reload();
    await page.getByRole('heading', { name: 'Harbor Bakery' }).waitFor();
    await page.getByRole('combobox', { name: 'Whose phone' }).selectOption(mara);
    await emulator.act({ do: 'api.send', number, message: { to: '15550100988', type: 'text', text: { body: 'Late' } } });
    await page
      .getByRole('button', { name: /131047/ })
      .last()
      .click();
    expect(await axeProblems()).toEqual([]);
    for (const tab of ['Setup', 'Templates', 'Traffic', 'Scenarios']) {
      await openTab(tab);
      expect(await axeProblems(), tab).toEqual([]);
    }
    for (const screen of ['Chats', 'Contacts', 'Settings']) {
      await page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
      expect(await axeProblems(), screen).toEqual([]);
    }
  });

  test('new messages and webhooks shift the layout by less than 0.05', async () => {
    await page.evaluate(() => {
      const shifts = globalThis as unknown as { shift: number };
      shifts.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    for (let count = 0; count < 5; count += 1) {
      await emulator.act({ do: 'customer.send', number, customer: mara, text: `Message ${String(count)}` });
      await page.waitForTimeout(250);
    }
    await emulator.act({ do: 'scenario.run', name: 'Every type from the customer', number, customer: mara });
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => (globalThis as unknown as { shift: number }).shift)).toBeLessThan(0.05);
  });

  test('an app that is opened every 13 days stays connected, and an unused one is disconnected', async () => {
    const linked = page.getByText('Connected to the API', { exact: true });
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    for (let round = 0; round < 2; round += 1) {
      await page.getByRole('button', { name: 'Advance 13 days' }).click();
      await page.getByText(/App last used 13 days ago/).waitFor();
      await linked.waitFor();
      await page.getByRole('button', { name: 'Open app' }).click();
      await page.getByText(/App last used today/).waitFor();
    }
    await page.getByRole('button', { name: 'Advance 13 days' }).click();
    await page.getByText(/App last used 13 days ago/).waitFor();
    await page.getByRole('button', { name: 'Advance 1 day' }).click();
    await page.getByText('Not connected', { exact: true }).waitFor();
    await page.getByText(/can't send or receive messages of this number/).waitFor();
    await expect.poll(() => receiver.told).toContain('disconnected: PRIMARY_INACTIVITY');
  });

  test.each([360, 800, 1440])('at %i pixels everything fits, and every control has a name', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const role of ['button', 'textbox', 'combobox', 'tab'] as const) {
      // Another width shows another number of controls, and the page may be rendered between the two counts.
      const unnamed = async (): Promise<number> =>
        (await page.getByRole(role).count()) - (await page.getByRole(role, { name: /\S/ }).count());
      await expect.poll(unnamed, { message: `controls of the role ${role} without a name` }).toBe(0);
    }
  });

  test('no request left for another host, and no script failed', () => {
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)('the page of an unused emulator', () => {
  test('shows the first steps and copies the variables', async () => {
    await using emulator = await startEmulator('--seed', '7');
    const browser = await launch();
    const context = await browser.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(emulator.url);
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByRole('button', { name: 'Copy .env' }).click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(
      Object.entries(emulator.env)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    );
    await browser.close();
  });
});
