/**
 * Takes the pictures of the emulator's page for the guide: `npm run build && node docs/take-screenshots.ts`. Needs a Chromium. Look at them
 * before you commit them.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launch } from '../test/browser/chromium.ts';
import { startEmulator } from '../test/browser/start-emulator.ts';

const images = join(import.meta.dirname, 'guide/images');
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.end('ok'));
}).listen(3999, '127.0.0.1');
const emulator = await startEmulator('--seed', '7', '--webhook', 'http://127.0.0.1:3999/webhook');
const number = emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '';
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 940 } });
await page.goto(emulator.url);
const bubble = (text: string) => page.getByRole('log').first().getByText(text, { exact: true });
const write = async (line: string | RegExp, text: string): Promise<void> => {
  const box = page.getByRole('textbox', { name: line });
  await box.fill(text);
  await box.press('Enter');
  await bubble(text).waitFor();
};
await emulator.act({ do: 'phone.add-contact', number, customer: '15550100987', name: 'Mara Lindqvist' });
await write('Write to Harbor Bakery', 'Good morning! Do you have rye bread today?');
await write(/from the app/, 'Yes, fresh since seven. Shall I keep one for you?');
await write('Write to Harbor Bakery', 'Two please, I come at five.');
const text = {
  messaging_product: 'whatsapp',
  to: '15550100987',
  type: 'text',
  text: { body: 'Your order 1042 is confirmed: two rye breads, 17:00.' },
};
await fetch(`${emulator.url}/v26.0/${number}/messages`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${String(emulator.env['WHATSAPP_ACCESS_TOKEN'])}` },
  body: JSON.stringify(text),
});
await bubble(text.text.body).waitFor();
await page.getByRole('button', { name: /smb_message_echoes/ }).click();
await page
  .getByLabel(/^JSON of request/)
  .getByText('"message_echoes"')
  .waitFor();
await page.screenshot({ path: join(images, 'emulator-wide.png') });
await page.setViewportSize({ width: 420, height: 1500 });
await page.screenshot({ path: join(images, 'emulator-narrow.png') });
await browser.close();
await emulator.end();
receiver.close();
