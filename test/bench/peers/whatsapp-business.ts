import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WABAClient, WebhookClient } from 'whatsapp-business';
import { place, type Library } from './library.ts';

export const whatsappBusiness: Library = {
  name: 'whatsapp-business',
  programs: {
    send: "export { WABAClient } from 'whatsapp-business';",
    receive: "export { WebhookClient } from 'whatsapp-business';",
  },
  imports: { send: 'whatsapp-business', receive: 'whatsapp-business' },
  sender(origin) {
    const client = new WABAClient({ accountId: place.wabaId, phoneId: place.phoneNumberId, apiToken: 'token' });
    // It supports no other address than Meta's.
    client.restClient.fetch.defaults.baseURL = origin;
    return { send: (to, body) => client.sendMessage({ to, type: 'text', text: { body } }) };
  },
  async receiver() {
    const told: string[] = [];
    const app = express();
    app.use(express.json());
    const webhooks = new WebhookClient({ token: 'verify-token', path: '/', expressApp: { app, shouldStartListening: false } });
    webhooks.initWebhook({ onMessageReceived: ({ id }) => void told.push(`message ${String(id)}`) });
    // Prevents Express from printing failed requests.
    app.set('env', 'test');
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A TCP server has an address with a port.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return {
      // It needs a server, whose time would count.
      timed: false,
      async receive(request) {
        const response = await fetch(url, { method: 'POST', headers: request.headers, body: await request.arrayBuffer() });
        return { response, told: told.splice(0), raw: [] };
      },
      async close() {
        server.close().closeAllConnections();
        await once(server, 'close');
      },
    };
  },
};
