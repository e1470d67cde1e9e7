import { expect, test } from 'vitest';
import { createClient, markAsRead, sendMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { openEmulator } from './open-emulator.js';

const mara = '15550100987';

async function openChat() {
  const emulator = await openEmulator();
  const { fake, number, url } = emulator;
  const { accessToken, phoneNumberId } = number;
  const client = createClient({ accessToken, phoneNumberId, baseUrl: url, maxRetries: 0 });
  const messageId = fake.customer(mara).send(phoneNumberId, 'Do you have rye bread?');
  return { ...emulator, client, messageId };
}

test('the page shows that the business is typing, until it sends a message', async () => {
  const { client, messageId, view } = await openChat();
  expect(await view(mara)).toMatchObject({ typing: false });
  await markAsRead(client, { messageId });
  expect(await view(mara)).toMatchObject({ typing: false });
  await markAsRead(client, { messageId, typing: true });
  expect(await view(mara)).toMatchObject({ typing: true });
  // There is no typing indicator for other customers.
  expect(await view('15550100988')).toMatchObject({ typing: false });
  await sendMessage(client, { to: mara, ...text('Fresh since seven.') });
  expect(await view(mara)).toMatchObject({ typing: false });
});

test('typing ends after 25 seconds', async () => {
  const { client, messageId, view, act } = await openChat();
  await markAsRead(client, { messageId, typing: true });
  expect(await view(mara)).toMatchObject({ typing: true });
  await act({ do: 'clock.advance', minutes: 25 / 60 });
  expect(await view(mara)).toMatchObject({ typing: false });
});

test('a typing indicator that Meta rejects is not shown', async () => {
  const { client, messageId, view } = await openChat();
  await expect(markAsRead(client, { messageId: 'wamid.unknown', typing: true })).rejects.toMatchObject({ code: 100 });
  expect(await view(mara)).toMatchObject({ typing: false });
  expect(messageId).toMatch(/^wamid\./);
});

test('a number without a Business app is not on the page, and the page works', async () => {
  const { fake, view, number } = await openEmulator();
  fake.cloudApiNumber({ verifiedName: 'Only on the API' });
  const { numbers, phone } = await view();
  expect(numbers.map(({ name }) => name)).toEqual(['Harbor Bakery', 'Corner Books']);
  expect(phone).toMatchObject({ phoneNumberId: number.phoneNumberId });
});

test('the list of chats contains the newest message and the number of messages, newest chat first', async () => {
  const { fake, number, view, act } = await openEmulator();
  fake.customer(mara).send(number.phoneNumberId, 'One');
  fake.customer(mara).send(number.phoneNumberId, 'Two');
  await act({ do: 'clock.advance', minutes: 1 });
  fake.customer('15550100988').send(number.phoneNumberId, 'Later');
  const { phone } = await view();
  expect(phone?.chats).toMatchObject([
    { customerWaId: '15550100988', lastText: 'Later', messages: 1 },
    { customerWaId: mara, lastText: 'Two', messages: 2 },
  ]);
});

test('the log names the customer and the text of a webhook with one message', async () => {
  const { act, number, url } = await openEmulator();
  await act({
    do: 'customer.send',
    number: number.phoneNumberId,
    customer: '15550100987',
    text: `Do you have\nrye bread? ${'x'.repeat(80)}`,
  });
  const { entries } = (await (await fetch(`${url}/emulator/log`)).json()) as { entries: readonly { about: string; excerpt?: string }[] };
  const excerpt = expect.stringMatching(/^Mara Lindqvist: Do you have rye bread\? x+…$/) as string;
  expect(entries).toMatchObject([{ about: 'message text', excerpt }]);
});
