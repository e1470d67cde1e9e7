import { Text } from 'whatsapp-api-js/messages';
import { WhatsAppAPI } from 'whatsapp-api-js/middleware/web-standard';
import { appSecret } from '../harness/deliveries.ts';
import { place, type Library } from './library.ts';

export const whatsappApiJs: Library = {
  name: 'whatsapp-api-js',
  programs: {
    send: "export { WhatsAppAPI } from 'whatsapp-api-js'; export { Text } from 'whatsapp-api-js/messages';",
    receive: "export { WhatsAppAPI } from 'whatsapp-api-js/middleware/web-standard';",
  },
  imports: { send: 'whatsapp-api-js', receive: 'whatsapp-api-js/middleware/web-standard' },
  sender(origin) {
    // It supports no other address than Meta's.
    const toOrigin: typeof fetch = (url, init) =>
      fetch(typeof url === 'string' ? url.replace('https://graph.facebook.com', origin) : url, init);
    const api = new WhatsAppAPI({ token: 'token', appSecret, v: 'v26.0', ponyfill: { fetch: toOrigin } });
    // Its newer form also requires a business-scoped user ID.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return { send: (to, body) => api.sendMessage(place.phoneNumberId, to, new Text(body)) };
  },
  receiver() {
    const api = new WhatsAppAPI({ token: 'token', appSecret, webhookVerifyToken: 'verify-token', v: 'v26.0' });
    const told: string[] = [];
    api.on.message = ({ message }) => void told.push(`message ${message.id}`);
    return {
      timed: true,
      async receive(request) {
        const status = await api.handle_post(request);
        return { response: new Response(null, { status }), told: told.splice(0), raw: [] };
      },
    };
  },
};
