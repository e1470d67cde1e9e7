import type { Deliverer } from '../deliverer.js';
import { makeHandshake } from '../post-webhook.js';
import { invalidParameter } from '../refusal.js';
import type { Answer } from '../entities.js';
import { listOf, requiredText, success, type Call } from './call.js';
import { callbackRefused } from './callback-override.js';

/** Version of the webhook payloads. */
const payloadVersion = 'v26.0';
const onlyObject = 'whatsapp_business_account';

/** `GET /{app-id}/subscriptions`. */
export function listSubscriptions({ state: { world } }: Call, deliverer: Deliverer): Answer {
  const { callbackUrl } = deliverer;
  if (world.app.subscribedFields.size === 0) return { data: [] };
  return {
    data: [
      {
        object: onlyObject,
        ...(callbackUrl !== undefined && { callback_url: callbackUrl }),
        active: true,
        fields: [...world.app.subscribedFields].map((name) => ({ name, version: payloadVersion })),
      },
    ],
  };
}

/** `POST /{app-id}/subscriptions`: sets callback and fields once the callback has passed the handshake. */
export async function subscribe(call: Call, deliverer: Deliverer): Promise<Answer> {
  const { world } = call.state;
  requireObject(call);
  const callbackUrl = requiredText(call, 'callback_url');
  const verifyToken = requiredText(call, 'verify_token');
  if (!(await makeHandshake(callbackUrl, verifyToken, String(Math.floor(world.now()))))) throw callbackRefused();
  deliverer.deliverTo(callbackUrl);
  world.app.subscribedFields.clear();
  for (const name of listOf(call, 'fields')) world.app.subscribedFields.add(String(name));
  return success;
}

/** `DELETE /{app-id}/subscriptions`: takes away some fields, or all of them. */
export function unsubscribe(call: Call): Answer {
  const { subscribedFields } = call.state.world.app;
  requireObject(call);
  if (call.fields.fields === undefined) subscribedFields.clear();
  for (const name of listOf(call, 'fields')) subscribedFields.delete(String(name));
  return success;
}

function requireObject(call: Call): void {
  const object = requiredText(call, 'object');
  if (object !== onlyObject) throw invalidParameter(`Param object must be one of {${onlyObject}} - got "${object}".`);
}
