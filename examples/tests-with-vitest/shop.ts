/** The application under test: it makes a client of its own, as applications do, and answers customers. */
import { createClient, sendMessage, text } from 'wa-coexist';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';

export interface ShopSettings {
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly accessToken: string;
  readonly phoneNumberId: string;
}

/** Greets customers, and keeps still where somebody in the shop has answered in the Business app. */
export function openShop({ appSecret, verifyToken, accessToken, phoneNumberId }: ShopSettings): Webhooks {
  const client = createClient({ accessToken, phoneNumberId });
  const webhooks = createWebhooks({ appSecret, verifyToken });
  const answeredInTheApp = new Set<string>();
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
