import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const browserFile = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
if (browserFile === undefined) console.log('The page of Embedded Signup is not opened: there is no Chromium here.');

test.runIf(browserFile !== undefined)(
  'the page connects a number through the popup, and reports the step at which a customer left',
  async () => {
    const { WHATSAPP_APP_ID: _id, ...inherited } = process.env;
    const server = spawn(process.execPath, ['examples/embedded-signup/main.ts'], { cwd: root, env: { ...inherited, PORT: '0' } });
    const browser = await chromium.launch({ ...(browserFile !== undefined && { executablePath: browserFile }), args: ['--no-sandbox'] });
    try {
      let address = '';
      for await (const line of createInterface({ input: server.stdout })) {
        address = /^Open (http\S+)$/.exec(line)?.[1] ?? '';
        if (address !== '') break;
      }
      const page = await browser.newPage();
      await page.goto(address);
      const status = page.getByRole('status');
      const open = async () => {
        const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Connect' }).click()]);
        return popup;
      };
      await (await open()).getByRole('button', { name: 'Cancel' }).click();
      await status.filter({ hasText: 'You left at PHONE_NUMBER_SETUP' }).waitFor();
      await (await open()).getByRole('button', { name: 'Connect' }).click();
      await status.filter({ hasText: 'Harbor Bakery: done' }).waitFor();
      expect(await page.getByRole('listitem').count()).toBe(5);
    } finally {
      await browser.close();
      server.kill();
    }
  },
);
