/** The application under test: it makes a client of its own, as applications do, and answers customers. */
import { createClient, sendMessage, text } from 'wa-coexist';
import { createWebhooks } from 'wa-coexist/webhooks';

/** Greets customers, and keeps still where somebody in the shop has answered in the Business app. */
export function openShop({ appSecret, verifyToken, accessToken, phoneNumberId }) {
  const client = createClient({ accessToken, phoneNumberId });
  const webhooks = createWebhooks({ appSecret, verifyToken });
  const answeredInTheApp = new Set();
  webhooks.on('echo', (event) => {
    if (event.customer?.waId) answeredInTheApp.add(event.customer.waId);
  });
  webhooks.on('message', async (event) => {
    const to = event.customer?.waId;
    if (to === undefined || event.message.type !== 'text' || answeredInTheApp.has(to)) return;
    await sendMessage(client, { to, ...text(`Hello ${event.customer?.name ?? ''}, we will be with you in a minute.`) });
  });
  return webhooks;
}
