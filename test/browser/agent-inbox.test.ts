import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemo, type RunningDemo } from '../package/agent-inbox-demo.js';
import { chromiumPath, launch } from './chromium.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const example = fileURLToPath(new URL('../../examples/agent-inbox', import.meta.url));

const mara = '15550100987';
const jonas = '15550100988';

/** The part of axe that the tests use. */
interface Axe {
  run(): Promise<{ violations: { id: string }[] }>;
}

// PGlite needs most of the time, and more on a busy machine.
describe.skipIf(chromiumPath === undefined)('the pages of the agent inbox', { timeout: 180_000 }, () => {
  let demo: RunningDemo;
  let browser: Browser;
  let page: Page;
  let number = '';
  const problems: string[] = [];
  const bodies: Promise<string>[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(example), launch()]);
    const [own] = (await (await fetch(`${demo.url}/api/numbers`)).json()) as { phoneNumberId: string }[];
    number = own?.phoneNumberId ?? '';
    page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
    page.setDefaultTimeout(60_000);
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      // A rejected request is a part of the tests.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
    });
    page.on('response', (response) => {
      if (response.url().startsWith(demo.url) && !response.url().endsWith('/events')) bodies.push(response.text().catch(() => ''));
    });
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await demo[Symbol.asyncDispose]();
  });

  const messageFrom = (author: 'customer' | 'app' | 'api', text: string): Locator =>
    page.locator(`#messages li[data-author=${author}]`).filter({ hasText: text });
  const threadOf = (name: string): Locator => page.locator('#threads button').filter({ hasText: name });
  const openThread = async (name: string): Promise<void> => {
    await threadOf(name).first().click();
    await page.locator('#title').filter({ hasText: name }).waitFor();
  };
  const writes = (customer: string, text: string): Promise<unknown> => demo.act({ do: 'customer.send', number, customer, text });
  const axeProblems = async (): Promise<string[]> => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
    return violations.map(({ id }) => id);
  };

  test('messages of the customer, the bot, the phone and the agent appear live, with statuses and unread counts', async () => {
    await page.goto(demo.url);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await openThread('Mara Lindqvist');
    await writes(mara, 'Is the rye bread sliced?');
    await messageFrom('customer', 'Is the rye bread sliced?').waitFor();
    await messageFrom('api', 'Thank you for your message. A person will reply soon.').nth(1).waitFor();
    await demo.act({ do: 'phone.send', number, customer: mara, text: 'We slice it for you.' });
    await messageFrom('app', 'We slice it for you.').waitFor();

    await page.getByRole('textbox', { name: 'Reply' }).fill('Shall I put one aside?');
    await page.getByRole('button', { name: 'Send' }).click();
    await messageFrom('api', 'Shall I put one aside?').filter({ hasText: 'delivered' }).waitFor();
    await demo.act({ do: 'customer.read', customer: mara });
    await messageFrom('api', 'Shall I put one aside?').filter({ hasText: 'read' }).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('');

    // The team wrote to Tomás from the phone, so the bot is silent. The first message can have the same second as the
    // phone's.
    await writes('15550100990', 'I am five minutes late');
    await threadOf('Tomás Ibarra')
      .getByLabel(/^[12] unread$/)
      .waitFor();
    expect(await axeProblems()).toEqual([]);
  });

  test('what customers write is text, never HTML', async () => {
    await openThread('<b>Bobby</b> & <script>alert(1)</script>');
    await messageFrom('customer', '<img src=x onerror="document.title=1"> is only text').waitFor();
    expect(await page.locator('main img, main script, main b').count()).toBe(0);
    expect(await page.title()).toBe('Agent inbox');
  });

  test('a reply that Meta rejects shows the error and its remedy, and stays in the field', async () => {
    // This customer never wrote, so Meta accepts only templates.
    await demo.act({ do: 'customer.add', customer: '15550100999', name: 'Lena Fors' });
    await demo.act({ do: 'phone.add-contact', number, customer: '15550100999', name: 'Lena Fors' });
    await demo.act({ do: 'phone.send', number, customer: '15550100999', text: 'You left your umbrella here.' });
    await openThread('Lena Fors');
    await page.getByRole('textbox', { name: 'Reply' }).fill('We close at six.');
    await page.getByRole('button', { name: 'Send' }).click();
    const problem = page.getByRole('alert').filter({ hasText: '(window-closed)' });
    await problem.waitFor();
    expect(await problem.textContent()).toContain('template');
    expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('We close at six.');
    await page.getByRole('textbox', { name: 'Reply' }).fill('');
  });

  test('the hand-off button silences the bot, and gives the conversation back', async () => {
    await openThread('Jonas Weber');
    const replies = messageFrom('api', '');
    await messageFrom('api', 'We are open from 7 to 18').waitFor();
    const before = await replies.count();
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByText('Agent replies').waitFor();
    await writes(jonas, 'Do you have oat milk?');
    await messageFrom('customer', 'Do you have oat milk?').waitFor();
    await page.getByRole('button', { name: 'Give back to the bot' }).click();
    await page.getByText('The bot replies').waitFor();
    await writes(jonas, 'How much is it?');
    // The bot replies in order, so a reply to the previous question would also have arrived.
    await messageFrom('api', 'You can find our prices').waitFor();
    expect(await replies.count()).toBe(before + 1);
  });

  test('search finds messages by words, and opens their conversation', async () => {
    const field = page.getByRole('searchbox', { name: 'Search messages' });
    await field.fill('birthday cake');
    await field.press('Enter');
    await threadOf('How much is a birthday cake for twelve?').click();
    await page.locator('#title').filter({ hasText: 'Aisha Rahman' }).waitFor();
    await field.fill('nonsense');
    await field.press('Enter');
    await page.getByText('No message contains these words.').waitFor();
    await field.fill('');
    await threadOf('Mara Lindqvist').waitFor();
  });

  test('a campaign shows its progress, and can be paused, resumed and cancelled', async () => {
    await page.goto(`${demo.url}/campaigns`);
    const create = async (name: string, recipients: readonly string[]): Promise<Locator> => {
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('combobox', { name: 'Template' }).selectOption({ label: 'weekend_offer, en_US' });
      await page.getByRole('textbox', { name: 'Recipients' }).fill(recipients.join('\n'));
      await page.getByRole('button', { name: 'Send' }).click();
      return page.getByRole('article').filter({ has: page.getByRole('heading', { name }) });
    };
    const people = (count: number, from: number): string[] =>
      Array.from({ length: count }, (_, index) => `+1 555 020 ${String(from + index).padStart(4, '0')}, Person ${String(index)}, rye`);

    await create('Wrong', ['15550100987, Mara']);
    await page.getByRole('alert').filter({ hasText: 'Line 1: this template needs 2 values after the phone number. (request)' }).waitFor();

    // With slow responses, the campaign can't be done before it is paused.
    await demo.act({ do: 'fault.add', fault: 'slow' });
    const offer = await create('Rye week', people(40, 1_000));
    await offer.getByText('running: ').waitFor();
    await offer.getByRole('button', { name: 'Pause' }).click();
    await offer.getByText('paused: ').waitFor();
    await demo.act({ do: 'fault.clear' });
    expect(await axeProblems()).toEqual([]);
    await offer.getByRole('button', { name: 'Resume' }).click();
    await offer.getByText(/done: 40 of 40, \d+ accepted, 0 rejected/).waitFor();
    expect(await offer.getByRole('button').count()).toBe(0);

    const other = await create('Too early', people(100, 2_000));
    await other.getByRole('button', { name: 'Cancel' }).click();
    await other.getByText('cancelled: ').waitFor();
  });

  test('the signup page connects a number, whose history appears in the inbox and when the agent scrolls back', async () => {
    await page.goto(`${demo.url}/signup`);
    const connect = async (): Promise<Page> => {
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Connect' }).click()]);
      await popup.getByRole('combobox', { name: 'Number' }).waitFor();
      return popup;
    };
    const status = page.getByRole('status');
    await (await connect()).getByRole('button', { name: 'Cancel' }).click();
    await status.filter({ hasText: 'You left at PHONE_NUMBER_SETUP' }).waitFor();
    const popup = await connect();
    await popup.getByRole('combobox', { name: 'Number' }).selectOption({ index: 1 });
    await popup.getByRole('button', { name: 'Finish' }).click();
    await status.filter({ hasText: 'Corner Books is connected.' }).waitFor();
    expect(await axeProblems()).toEqual([]);

    await page.getByRole('link', { name: 'Open the inbox' }).click();
    await page.locator('#threads button').first().click();
    const messages = page.locator('#messages li');
    // The history arrives in parts, so the conversation can grow for a while.
    await expect
      .poll(
        async () => {
          await page.locator('#messages').evaluate((list) => (list.scrollTop = 0));
          return messages.count();
        },
        { timeout: 60_000, interval: 200 },
      )
      .toBeGreaterThan(40);
  });

  test('no page failed, and the server sent no secret', async () => {
    expect(problems).toEqual([]);
    const view = await (await fetch(`${demo.emulator}/emulator/view`)).text();
    const token = /EAA\w{10,}/.exec(view)?.[0] ?? 'no token';
    const all = (await Promise.all(bodies)).join('\n');
    expect(all).toContain('Mara Lindqvist');
    expect([token, 'fake-app-secret', 'fake-verify-token'].filter((secret) => all.includes(secret))).toEqual([]);
    expect(token).toMatch(/^EAA/);
  });
});
