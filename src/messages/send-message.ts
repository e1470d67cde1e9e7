import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import type { RequestRestriction } from '../client/coexistence-numbers.js';
import { rejectEndpoint, rejectFeature } from '../client/non-coexistence-client.js';
import { readInPromise } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkMessage } from './check-message.js';
import type { MessageFor } from './outgoing/coexistence-message.js';
import type { AnyMessage } from './outgoing/outgoing-message.js';
import { restrictedParts } from './restricted-parts.js';

/** Meta's response to a send. The message is accepted, but not yet delivered. */
export interface SentMessage {
  readonly messaging_product: 'whatsapp';
  /** The recipient. `wa_id` is missing if you sent to a business-scoped user ID. It may differ from `input`. */
  readonly contacts: readonly [{ readonly input: string; readonly wa_id?: string; readonly user_id?: string }];
  readonly messages: readonly [
    {
      /** The wamid. Status webhooks, echoes and quotes refer to it. */
      readonly id: string;
      /** `accepted`, `held_for_quality_assessment`, `paused` or a value that Meta adds. */
      readonly message_status?: string;
      readonly group_id?: string;
    },
  ];
}

/** A message with its recipient, and the number that sends it if that isn't the client's. */
export type SendMessageParameters<Coexistence extends boolean = boolean> = MessageFor<Coexistence> & {
  readonly phoneNumberId?: string | undefined;
};

/**
 * Sends a message to one recipient. The promise resolves with Meta's response. Status webhooks report the delivery.
 *
 * The Cloud API has no idempotency key. The client therefore retries a send only if Meta certainly rejected it (a
 * rate-limit code, no connection). After a timeout or a 5xx error, the delivery is unknown. {@link createSender} adds
 * queues, rate limits and the result of unknown sends.
 *
 * For coexistence numbers, it rejects group messages, pins and call messages. It also does this without
 * `coexistence: true` if `createCoexistence` uses this client and knows the number.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/messages`. Source: Meta, Send messages (4 Nov
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Recipient (`to` or `recipient`) and content in Meta's shape. See {@link OutgoingMessage}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError}, {@link InvalidMessageError} or {@link MissingTargetError} before it sends
 *   anything, and the errors of {@link Client.request}. All are rejections of the promise.
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
  const { id, message, restriction } = await checkBeforeSending(client, parameters, options);
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

/** A message that passed all checks, and its sending number. */
interface CheckedMessage {
  readonly id: string;
  readonly message: AnyMessage;
  readonly restriction: RequestRestriction | undefined;
}

/** Runs all checks of {@link sendMessage}. @throws its errors from before the request */
export async function checkBeforeSending(
  client: Client,
  parameters: SendMessageParameters,
  options: RequestOptions,
): Promise<CheckedMessage> {
  const { phoneNumberId, ...message } = parameters;
  const id = phoneNumberIdOf(client, 'sendMessage', phoneNumberId);
  const restriction = rejectEndpoint(client, 'send-message', id) ?? restrictionOfParts(message, client, id);
  if (options.validate ?? client.validate) await checkMessage(message, client.clock.now());
  return { id, message, restriction };
}

/**
 * Rejects a message with a part that a coexistence number can't send.
 *
 * @throws `RestrictedFeatureError`
 */
export function restrictionOfParts(message: AnyMessage, client: Client, phoneNumberId: string): RequestRestriction | undefined {
  for (const [, feature] of restrictedParts(message)) {
    const restriction = rejectFeature(client, feature, phoneNumberId);
    if (restriction) return restriction;
  }
  return undefined;
}
