/**
 * Takes pictures of the emulator's page: `npm run build && node docs/take-screenshots.ts [FOLDER [STATE…]]`. Needs a Chromium. Without a folder it
 * writes the pictures of the guide: four single ones, and a sheet for each state with three widths and both themes. With a folder it also
 * writes each picture of the sheets there. With states, it writes only their sheets. Look at them before you commit them.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { argv } from 'node:process';
import type { Page } from 'playwright-core';
import { launch } from '../test/browser/chromium.ts';
import { startEmulator } from '../test/browser/start-emulator.ts';

const guide = join(import.meta.dirname, 'guide/images');
const [, , folder, ...onlyStates] = argv;
let receiverStatus = 200;
const receiver = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(receiverStatus).end(receiverStatus === 200 ? 'ok' : 'TypeError: order is undefined at bot.ts:12');
  });
}).listen(3999, '127.0.0.1');
const browser = await launch();
const mara = '15550100987';
const settleMs = 500;
const height = 900;
const widths: readonly number[] = [390, 820, 1440];
/** The pictures of a theme fit into one row of a sheet. */
const sheetScale = 0.5;

/** An emulator and an open page. */
interface Scene {
  readonly page: Page;
  readonly number: string;
  readonly act: (action: object) => Promise<unknown>;
}

/** Brings a fresh emulator into a state. */
type State = (scene: Scene) => Promise<void>;

const conversation: State = async ({ act, number }) => {
  const write = (content: object): Promise<unknown> => act({ do: 'customer.send', number, customer: mara, ...content });
  await act({ do: 'receiver.set', url: 'http://127.0.0.1:3999/webhook' });
  await act({ do: 'phone.add-contact', number, customer: mara, name: 'Mara Lindqvist' });
  await write({ text: 'Good morning! Do you have rye bread today?' });
  await act({ do: 'phone.send', number, customer: mara, text: 'Yes, fresh since seven. Shall I keep one for you?' });
  await write({ text: 'Two please, I come at five.' });
  await write({ content: { type: 'image', image: { data: 'sample', caption: 'We sit here' } } });
  const body = 'Your order 1042 is *confirmed*: two rye breads, 17:00.';
  await act({ do: 'api.send', number, message: { to: mara, type: 'text', text: { body } } });
};
const scenario =
  (name: string): State =>
  async (scene) => {
    await conversation(scene);
    await scene.act({ do: 'scenario.run', name, number: scene.number, customer: mara });
    await scene.page.waitForTimeout(settleMs);
  };
const tab =
  (name: string): State =>
  async (scene) => {
    await conversation(scene);
    await scene.page.getByRole('tab', { name }).click();
  };
const disconnected: State = async ({ page }) => {
  await page.getByRole('combobox', { name: 'Number' }).selectOption({ index: 1 });
  await page.getByRole('heading', { name: 'Corner Books' }).waitFor();
};
const onboarding: State = async (scene) => {
  await disconnected(scene);
  await scene.page.getByRole('button', { name: 'Connect', exact: true }).click();
};

const states: Readonly<Record<string, State>> = {
  'first-steps': () => Promise.resolve(),
  conversation,
  'api-types': scenario('Every type from the API'),
  'customer-types': scenario('Every type from the customer'),
  rejected: async (scene) => {
    await scenario('Every type from the API')(scene);
    await scene.act({ do: 'api.send', number: scene.number, message: { to: '15550100988', type: 'text', text: { body: 'Late' } } });
    await scene.page
      .getByRole('button', { name: /131047/ })
      .last()
      .click();
  },
  'failing-receiver': async (scene) => {
    receiverStatus = 500;
    await conversation(scene);
    await scene.page.waitForTimeout(settleMs);
    await scene.page
      .getByRole('button', { name: /message text/ })
      .first()
      .click();
  },
  disconnected,
  onboarding,
  consent: async (scene) => {
    await onboarding(scene);
    await scene.page.getByRole('button', { name: 'Scan with the phone' }).click();
  },
  templates: tab('Templates'),
  traffic: tab('Traffic'),
  scenarios: tab('Scenarios'),
};

interface Shot {
  readonly state: string;
  readonly path: string | undefined;
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

async function shoot({ state, path, width, theme }: Shot): Promise<Buffer> {
  receiverStatus = 200;
  await using emulator = await startEmulator('--seed', '7');
  const number = emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '';
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(emulator.url);
  await page.getByRole('heading', { name: 'Harbor Bakery' }).waitFor();
  await states[state]?.({ page, number, act: (action) => emulator.act(action) });
  await page.waitForTimeout(settleMs);
  const picture = await page.screenshot({ ...(path !== undefined && { path }) });
  await page.close();
  return picture;
}

/** Takes the six pictures of a state, and writes them next to each other. */
async function shootSheet(state: string): Promise<void> {
  const pictures: { readonly width: number; readonly src: string }[] = [];
  for (const theme of ['light', 'dark'] as const) {
    for (const width of widths) {
      const path = folder === undefined ? undefined : join(folder, `${state}-${String(width)}-${theme}.png`);
      const picture = await shoot({ state, path, width, theme });
      pictures.push({ width, src: `data:image/png;base64,${picture.toString('base64')}` });
    }
  }
  const images = pictures.map(({ width, src }) => `<img src="${src}" style="width:${String(width * sheetScale)}px">`);
  const page = await browser.newPage({ viewport: { width: 1440, height: 100 } });
  const style = 'margin:0;padding:8px;display:flex;flex-wrap:wrap;gap:8px;width:max-content;max-width:1400px;background:#8b9096';
  await page.setContent(`<body style="${style}">${images.join('')}</body>`);
  await page.locator('body').screenshot({ path: join(guide, `emulator-states/${state}.jpg`), type: 'jpeg', quality: 75 });
  await page.close();
}

if (onlyStates.length === 0) {
  await shoot({ state: 'conversation', path: join(guide, 'emulator-wide.png'), width: 1440, theme: 'light' });
  await shoot({ state: 'rejected', path: join(guide, 'emulator-dark.png'), width: 1440, theme: 'dark' });
  await shoot({ state: 'onboarding', path: join(guide, 'emulator-onboarding.png'), width: 1440, theme: 'light' });
  await shoot({ state: 'customer-types', path: join(guide, 'emulator-narrow.png'), width: 420, theme: 'light' });
}
mkdirSync(join(guide, 'emulator-states'), { recursive: true });
if (folder !== undefined) mkdirSync(folder, { recursive: true });
for (const state of onlyStates.length > 0 ? onlyStates : Object.keys(states)) await shootSheet(state);
await browser.close();
receiver.close();
