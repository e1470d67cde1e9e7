import Client, { MessageType } from '@great-detail/whatsapp';
import { appSecret } from '../harness/deliveries.ts';
import { place, type Library } from './library.ts';

export const greatDetail: Library = {
  name: '@great-detail/whatsapp',
  programs: {
    send: "export { default } from '@great-detail/whatsapp';",
    receive: "export { default } from '@great-detail/whatsapp';",
  },
  imports: { send: '@great-detail/whatsapp', receive: '@great-detail/whatsapp' },
  sender(origin) {
    const sdk = new Client({ baseUrl: origin, request: { headers: { authorization: 'Bearer token' } } });
    return {
      send: (to, body) => sdk.message.createMessage({ phoneNumberID: place.phoneNumberId, to, type: MessageType.Text, text: { body } }),
    };
  },
  receiver() {
    const sdk = new Client();
    return {
      timed: true,
      async receive(request) {
        const event = await sdk.webhook.eventNotification({
          method: request.method,
          query: {},
          body: await request.text(),
          headers: Object.fromEntries(request.headers),
        });
        try {
          await event.verifySignature(appSecret);
        } catch {
          return { response: new Response(null, { status: 401 }), told: [], raw: [] };
        }
        const changes = event.eventNotification.entry.flatMap((entry) => entry.changes);
        // It passes on the JSON. Typed members count as reported.
        const told = changes.flatMap((change) => {
          if (change.field === 'messages') return (change.value.messages ?? []).map(({ id }) => `message ${id}`);
          if (change.field !== 'account_update' || change.value.event !== 'PARTNER_REMOVED') return [];
          return [`disconnected ${change.value.waba_info.waba_id}`];
        });
        return { response: new Response(null, { status: 200 }), told, raw: changes.map(({ field }) => field) };
      },
    };
  },
};
