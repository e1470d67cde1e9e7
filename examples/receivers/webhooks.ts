import { createWebhooks } from 'wa-coexist/webhooks';

/** What is the same in every framework: the receiver with its handlers. Without variables it has the secrets of the fake Cloud API. */
export const webhooks = createWebhooks({
  appSecret: process.env['WHATSAPP_APP_SECRET'] ?? 'fake-app-secret',
  verifyToken: process.env['WHATSAPP_VERIFY_TOKEN'] ?? 'fake-verify-token',
});

webhooks.on('message', ({ customer, message }) => {
  if (message.type === 'text') console.log(`${customer?.name ?? 'a customer'} wrote: ${message.text.body}`);
});
webhooks.on('echo', ({ message }) => {
  if (message.type === 'text') console.log(`somebody in the shop answered: ${message.text.body}`);
});
