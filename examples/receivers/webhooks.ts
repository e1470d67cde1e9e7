import { createWebhooks } from 'wa-coexist/webhooks';

/** The receiver with its handlers, the same in every framework. It throws if a variable is missing. */
export const webhooks = createWebhooks({
  appSecret: process.env['WHATSAPP_APP_SECRET'],
  verifyToken: process.env['WHATSAPP_VERIFY_TOKEN'],
});

webhooks.on('message', ({ customer, message }) => {
  if (message.type === 'text') console.log(`${customer?.name ?? 'a customer'} wrote: ${message.text.body}`);
});
webhooks.on('echo', ({ message }) => {
  if (message.type === 'text') console.log(`somebody in the shop answered: ${message.text.body}`);
});
