import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import type { RequestRestriction } from '../client/coexistence-numbers.js';
import { refuseEndpoint, refuseFeature } from '../client/non-coexistence-client.js';
import { readInPromise } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkMessage } from './check-message.js';
import type { MessageFor } from './outgoing/coexistence-message.js';
import type { OutgoingMessage } from './outgoing/outgoing-message.js';
import { restrictedParts } from './restricted-parts.js';

/** Meta's answer to a send: accepted, not yet delivered. */
export interface SentMessage {
  readonly messaging_product: 'whatsapp';
  /** `wa_id` is absent where the message went to a business-scoped user id; it may differ from `input`. */
  readonly contacts: readonly [{ readonly input: string; readonly wa_id?: string; readonly user_id?: string }];
  readonly messages: readonly [
    {
      /** The wamid: what statuses, echoes and quotes refer to. */
      readonly id: string;
      /** `accepted`, `held_for_quality_assessment`, `paused` or a value that Meta adds. */
      readonly message_status?: string;
      readonly group_id?: string;
    },
  ];
}

/** A message, and the number it goes out from where that is not the client's. */
export type SendMessageParameters<Coexistence extends boolean = boolean> = MessageFor<Coexistence> & {
  readonly phoneNumberId?: string | undefined;
};

/**
 * Sends one message. The promise holds what Meta answered; what becomes of the message arrives as status webhooks.
 *
 * Cloud API has no idempotency key, so a send is repeated only where Meta certainly refused it (a throttling code, no connection);
 * after a timeout or a 5xx its fate is unknown. `createSender` paces, queues and settles such sends.
 *
 * Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/messages`. Source: Meta, Send messages (4 Nov 2025).
 *
 * On a coexistence number it rejects group messages, pins and call messages. It also rejects them without `coexistence: true` if
 * `createCoexistence` on this client knows the number.
 *
 * The promise rejects with `RestrictedFeatureError`, `InvalidMessageError` or `MissingTargetError` before the network; nothing is thrown at once.
 *
 * @throws `RestrictedFeatureError`, `InvalidMessageError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, sendMessage } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sent = await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } });
 * console.log(sent.messages[0].id);
 * ```
 */
export function sendMessage<Coexistence extends boolean>(
  client: Client<Coexistence>,
  parameters: SendMessageParameters<Coexistence>,
  options: RequestOptions = {},
): ApiPromise<SentMessage> {
  return new ApiPromise(readInPromise('sendMessage', checkAndSend(client, parameters, options)));
}

async function checkAndSend(client: Client, parameters: SendMessageParameters, options: RequestOptions): Promise<ApiResult<SentMessage>> {
  const { phoneNumberId, ...message } = parameters;
  const id = phoneNumberIdOf(client, 'sendMessage', phoneNumberId);
  const restriction = refuseEndpoint(client, 'send-message', id) ?? restrictionOfParts(message, client, id);
  if (options.validate ?? client.validate) await checkMessage(message);
  return client
    .request<SentMessage>(
      {
        method: 'POST',
        path: [id, 'messages'],
        body: { messaging_product: 'whatsapp', ...message },
        operation: 'POST /{phone-number-id}/messages',
        restriction,
      },
      options,
    )
    .withResponse();
}

/** Rejects a message with a part that a coexistence number cannot send. @throws `RestrictedFeatureError` */
export function restrictionOfParts(message: OutgoingMessage, client: Client, phoneNumberId: string): RequestRestriction | undefined {
  for (const [, feature] of restrictedParts(message)) {
    const restriction = refuseFeature(client, feature, phoneNumberId);
    if (restriction) return restriction;
  }
  return undefined;
}
