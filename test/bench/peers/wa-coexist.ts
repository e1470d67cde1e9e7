import { createClient, createSender } from 'wa-coexist';
import { createWebhooks } from 'wa-coexist/webhooks';
import { appSecret } from '../harness/deliveries.ts';
import { place, type Library, type Receiver } from './library.ts';

export const waCoexist: Library = {
  name: 'wa-coexist',
  programs: {
    send: "export { createClient, sendMessage } from 'wa-coexist';",
    sendWithinLimits: "export { createClient, createSender } from 'wa-coexist';",
    receive: "export { parseWebhook, verifySignature } from 'wa-coexist/webhooks';",
  },
  imports: { send: 'wa-coexist', receive: 'wa-coexist/webhooks' },
  sender(origin) {
    const client = createClient({ accessToken: 'token', phoneNumberId: place.phoneNumberId, baseUrl: origin });
    const sender = createSender({ client, throughput: 'coexistence' });
    return {
      async send(to, body) {
        const { outcome } = await sender.send({ to, type: 'text', text: { body } });
        if (outcome !== 'accepted') throw new Error(outcome);
      },
      close: () => sender.close(),
    };
  },
  receiver,
};

function receiver(): Receiver {
  const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token' });
  const told: string[] = [];
  webhooks.on('message', ({ message }) => void told.push(`message ${message.id}`));
  webhooks.on('echo', ({ message }) => void told.push(`echo ${message.id}`));
  webhooks.on('echo.edit', ({ messageId, originalMessageId }) => void told.push(`edit ${messageId} of ${originalMessageId}`));
  webhooks.on('history.chunk', ({ threads }) => {
    for (const { messages } of threads) told.push(...messages.map(({ direction, message }) => `history ${message.id} ${direction}`));
  });
  webhooks.on('history.media', ({ message }) => void told.push(`history file ${message.id}`));
  webhooks.on('history.declined', ({ error }) => void told.push(`declined ${error.code}`));
  webhooks.on('contact', ({ action, contact }) => void told.push(`contact ${action} ${contact.phone_number}`));
  webhooks.on('account.disconnected', ({ wabaId }) => void told.push(`disconnected ${wabaId}`));
  return {
    timed: true,
    async receive(request) {
      const response = await webhooks.fetch(request);
      return { response, told: told.splice(0), raw: [] };
    },
  };
}
