/** The application under test: it makes a client of its own, as applications do, and answers customers. */
import { createClient, personKeys, reply } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createWebhooks } from 'wa-coexist/webhooks';

/** Greets customers, and keeps still where somebody in the shop has answered in the Business app. */
export function openShop({ appSecret, verifyToken, accessToken, phoneNumberId }) {
  const client = createClient({ accessToken, phoneNumberId });
  const webhooks = createWebhooks({ appSecret, verifyToken });
  const answeredInTheApp = new Set();
  webhooks.on('echo', (event) => {
    for (const key of personKeys(event.customer ?? {})) answeredInTheApp.add(key);
  });
  webhooks.on('message', async (event) => {
    if (event.message.type !== 'text' || personKeys(event.customer ?? {}).some((key) => answeredInTheApp.has(key))) return;
    await reply(client, event, text(`Hello ${event.customer?.name ?? ''}, we will be with you in a minute.`));
  });
  return webhooks;
}
