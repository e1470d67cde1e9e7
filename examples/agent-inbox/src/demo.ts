/**
 * Runs everything on this machine: the application on PGlite, and the emulator with invented customers in the place of Meta.
 *
 *   npm run demo
 *
 * Write as a customer or as the Business app on the page of the emulator, and watch the inbox.
 */
import { setTimeout } from 'node:timers/promises';
import { startApp } from './app.ts';
import { startEmulator, type DemoEmulator } from './demo/emulator.ts';
import { playCustomers } from './demo/play-customers.ts';
import { readSettings } from './settings.ts';
import { WhatsApp } from './whatsapp/whatsapp.ts';

const emulator = await startEmulator(process.env['EMULATOR_PORT'] ?? '4004');
const app = await startApp(settingsFor(emulator));
const port = new URL(await app.getUrl()).port;
await emulator.act({ do: 'receiver.set', url: `http://127.0.0.1:${port}/webhook` });
await playCustomers(emulator, async (waId) => {
  const { handoff } = app.get(WhatsApp).coexistence;
  const conversation = { phoneNumberId: emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '', customer: { waId } };
  while ((await handoff.get(conversation)).assignee === 'bot') await setTimeout(50);
});
console.log(`
Open http://127.0.0.1:${port}
Play the customers and the Business app on ${emulator.url}
Ctrl-C ends both.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    emulator.stop();
  });
}

/** The database is PGlite in memory. With REDIS_URL, the sender uses BullMQ. */
function settingsFor({ url, env }: DemoEmulator) {
  const { PORT = '3000', REDIS_URL } = process.env;
  return readSettings({
    ...env,
    WHATSAPP_CONFIG_ID: '1',
    WHATSAPP_SDK_URL: `${url}/sdk.js`,
    PORT,
    ...(REDIS_URL !== undefined && { REDIS_URL }),
  });
}
