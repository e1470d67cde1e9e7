import { makeHandshake } from '../post-webhook.js';
import { invalidParameter, Refusal } from '../refusal.js';
import { requiredText, type Call } from './call.js';
import type { Deliverer } from '../deliverer.js';

type Answer = Readonly<Record<string, unknown>>;

/** Version of the webhook payloads. */
const payloadVersion = 'v26.0';
const onlyObject = 'whatsapp_business_account';

/** `GET /{app-id}/subscriptions`. */
export function listSubscriptions({ state: { world } }: Call, deliverer: Deliverer): Answer {
  const { receiver } = deliverer;
  if (world.app.subscribedFields.size === 0) return { data: [] };
  return {
    data: [
      {
        object: onlyObject,
        callback_url: typeof receiver === 'function' || receiver === undefined ? 'https://receiver.example/webhooks' : String(receiver),
        active: true,
        fields: [...world.app.subscribedFields].map((name) => ({ name, version: payloadVersion })),
      },
    ],
  };
}

/** `POST /{app-id}/subscriptions`: sets callback and fields once the callback has passed the handshake. */
export async function subscribe(call: Call, deliverer: Deliverer): Promise<Answer> {
  const { world } = call.state;
  const object = requiredText(call, 'object');
  if (object !== onlyObject) throw invalidParameter(`Param object must be one of {${onlyObject}} - got "${object}".`);
  const callbackUrl = requiredText(call, 'callback_url');
  const verifyToken = requiredText(call, 'verify_token');
  const { fields } = call.fields;
  const names = typeof fields === 'string' ? fields.split(',') : Array.isArray(fields) ? fields.map(String) : [];
  if (!(await makeHandshake(callbackUrl, verifyToken, String(world.now())))) {
    throw new Refusal(400, {
      message: '(#2200) Callback verification failed with the following errors: HTTP Status Code or challenge do not match',
      type: 'OAuthException',
      code: 2200,
    });
  }
  deliverer.deliverTo(callbackUrl);
  world.app.subscribedFields.clear();
  for (const name of names) world.app.subscribedFields.add(name.trim());
  return { success: true };
}
