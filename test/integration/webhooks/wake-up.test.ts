import { expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { messages, textMessage } from '../../webhooks/fixtures/delivery.js';
import { deliver, gate, receiver, settle } from '../../webhooks/fixtures/receive.js';

test('a delivery that arrives while the inbox reads a slow store is handled immediately, before later ones', async () => {
  const clock = fakeClock();
  const memory = memoryStore({ clock });
  const { promise, open } = gate();
  const store = {
    ...memory,
    // Like in a database, the result of the listing is determined immediately, but the response arrives later.
    async list(...parameters: Parameters<typeof memory.list>) {
      const page = await memory.list(...parameters);
      await promise;
      return page;
    },
  };
  const webhooks = receiver({ mode: 'inbox', store, clock });
  const handled: string[] = [];
  webhooks.on('message', ({ message }) => {
    handled.push(message.id);
  });
  await settle();
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  open();
  await settle();
  expect(handled).toEqual(['wamid.EXAMPLE1']);
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')))).toBe(200);
  await settle();
  expect(handled).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2']);
  await webhooks.close();
});
