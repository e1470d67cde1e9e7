import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chromiumPath, launch } from './chromium.js';
import { startEmulator, type RunningEmulator } from './start-emulator.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page and the back end of the example, with the emulator instead of Meta. */
async function startPage(emulator: RunningEmulator) {
  const server = spawn(process.execPath, ['examples/embedded-signup/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      ...emulator.env,
      WHATSAPP_SDK_URL: `${emulator.url}/sdk.js`,
      WHATSAPP_SDK_ORIGIN: emulator.url,
      PORT: '0',
    },
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^Open (http\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { address, stop: () => server.kill() };
  }
  throw new Error('The example ended.');
}

describe.skipIf(chromiumPath === undefined)('Embedded Signup from end to end on one machine', () => {
  test('cancelled, an error reported, and finished with the session event before and after the code', async () => {
    await using emulator = await startEmulator('--seed', '9');
    const { address, stop } = await startPage(emulator);
    await emulator.act({ do: 'receiver.set', url: `${address}/webhooks` });
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(address);
      const status = page.getByRole('status');
      const open = async () => {
        const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Connect' }).click()]);
        await popup.getByRole('combobox', { name: 'Number' }).waitFor();
        return popup;
      };
      await (await open()).getByRole('button', { name: 'Cancel' }).click();
      await status.filter({ hasText: 'You left at PHONE_NUMBER_SETUP' }).waitFor();
      await (await open()).getByRole('button', { name: 'Report an error' }).click();
      await status
        .filter({ hasText: '524999' })
        .or(status.filter({ hasText: 'cannot be connected' }))
        .waitFor();

      for (const late of [false, true]) {
        const popup = await open();
        await popup.getByRole('combobox', { name: 'Number' }).selectOption({ index: 1 });
        if (late) await popup.getByRole('checkbox', { name: /comes after the code/ }).check();
        await popup.getByRole('button', { name: 'Finish' }).click();
        await status.filter({ hasText: 'Corner Books: done' }).waitFor();
        if (!late) await page.reload();
      }
      const [, shop] = (await emulator.view()).numbers;
      expect(shop).toMatchObject({ name: 'Corner Books', linked: true });
    } finally {
      await browser.close();
      stop();
    }
  });
});
