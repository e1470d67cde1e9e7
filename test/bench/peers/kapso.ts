import { Buffer } from 'node:buffer';
import { WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { appSecret } from '../harness/deliveries.ts';
import { place, type Library } from './library.ts';

export const kapso: Library = {
  name: '@kapso/whatsapp-cloud-api',
  programs: {
    send: "export { WhatsAppClient } from '@kapso/whatsapp-cloud-api';",
    receive: "export { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';",
  },
  imports: { send: '@kapso/whatsapp-cloud-api', receive: '@kapso/whatsapp-cloud-api/server' },
  sender(origin) {
    const client = new WhatsAppClient({ accessToken: 'token', baseUrl: origin });
    return { send: (to, body) => client.messages.sendText({ phoneNumberId: place.phoneNumberId, to, body }) };
  },
  receiver() {
    return {
      timed: true,
      async receive(request) {
        const rawBody = Buffer.from(await request.arrayBuffer());
        const signatureHeader = request.headers.get('x-hub-signature-256') ?? '';
        if (!verifySignature({ appSecret, rawBody, signatureHeader }))
          return { response: new Response(null, { status: 401 }), told: [], raw: [] };
        const { messages, raw } = normalizeWebhook(JSON.parse(rawBody.toString('utf8')));
        const told = messages.map(({ id, kapso: about }) => `${about?.direction === 'outbound' ? 'echo' : 'message'} ${id}`);
        return { response: new Response(null, { status: 200 }), told, raw: Object.keys(raw) };
      },
    };
  },
};
