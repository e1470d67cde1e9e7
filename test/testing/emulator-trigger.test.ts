import { createClient, WindowClosedError, sendMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { parseWebhook } from 'wa-coexist/webhooks';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';
import { sampleEventNames } from '../../src/testing/payloads/sample-event.js';
import { openEmulator } from './open-emulator.js';

const customer = '15550100987';

/** Runs `wa-coexist trigger` for an emulator. */
async function trigger(event: string, { url, number }: Awaited<ReturnType<typeof openEmulator>>) {
  const lines: string[] = [];
  const code = await runCommand(['trigger', event, '--emulator', url], {
    write: (line) => void lines.push(line),
    writeError: (line) => void lines.push(line),
    fetch,
    env: { WHATSAPP_PHONE_NUMBER_ID: number.phoneNumberId },
    signal: new AbortController().signal,
  });
  return { code, lines };
}

test('a triggered message opens the service window', async () => {
  const emulator = await openEmulator();
  const { accessToken, phoneNumberId } = emulator.number;
  const client = createClient({ accessToken, phoneNumberId, baseUrl: emulator.url, maxRetries: 0 });
  const reply = { to: customer, ...text('Fresh since seven.') };
  await expect(sendMessage(client, reply)).rejects.toThrow(WindowClosedError);
  expect(await trigger('message.image', emulator)).toMatchObject({ code: 0, lines: [expect.stringContaining('customer') as string] });
  expect(await sendMessage(client, reply)).toMatchObject({ messages: [{}] });
  expect((await emulator.view(customer)).chat).toMatchObject([{ sender: 'customer', type: 'image' }, { text: 'Fresh since seven.' }]);
});

test.each(sampleEventNames())('%s creates a webhook with this event', async (name) => {
  const emulator = await openEmulator();
  expect(await trigger(name, emulator)).toMatchObject({ code: 0 });
  const types = emulator.fake.deliveries.flatMap(({ body }) => [...parseWebhook(JSON.parse(body))]).map(({ type }) => type);
  const [type = ''] = types.slice(-1);
  expect(name === type || name.startsWith(`${type}.`), `${name}: ${types.join()}`).toBe(true);
});

test('edits and deletions are about the last message of the customer and of the phone', async () => {
  const emulator = await openEmulator();
  for (const name of ['message', 'message.edit', 'echo', 'echo.edit', 'echo.revoke', 'message.revoke']) await trigger(name, emulator);
  expect((await emulator.view(customer)).chat).toMatchObject([
    { sender: 'customer', edited: true, deleted: true },
    { sender: 'app', edited: true, deleted: true },
  ]);
});

test('a triggered end of the link cuts the link, and later events are samples', async () => {
  const emulator = await openEmulator();
  const { number, act, fake } = emulator;
  const by = (event: string): Promise<unknown> => act({ do: 'webhook.trigger', number: number.phoneNumberId, event });
  expect(await by('account.disconnected')).toEqual({ by: 'phone' });
  expect(fake.phone(number).linked).toBe(false);
  expect(await by('message')).toEqual({ by: 'sample' });
  expect(await by('status.read')).toEqual({ by: 'sample' });
});
