import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectFeature } from '../client/non-coexistence-client.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { MessageRecipient } from '../identity/recipient.js';
import { checkMessage } from './check-message.js';
import type { TemplateMessage } from './outgoing/template.js';
import { restrictionOfParts, type SentMessage } from './send-message.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** A marketing template, with the members that only this endpoint accepts. */
export interface MarketingMessage extends TemplateMessage {
  /**
   * Fallback if the Marketing Messages API can't send: use the Cloud API, or fail.
   * @defaultValue `'CLOUD_API_FALLBACK'`
   */
  readonly product_policy?: OpenEnum<'CLOUD_API_FALLBACK' | 'STRICT'>;
  /**
   * Whether Meta may use the customer's activity (reads, taps) to improve deliveries.
   * @defaultValue the setting of the account
   */
  readonly message_activity_sharing?: boolean;
  /**
   * Multiplies the max price of the template for this message: 0.5 halves it. It has no effect on templates without
   * `optimization_spec`. Source: Meta, Max price (11 Sep 2026, beta).
   */
  readonly bid_spec?: { readonly per_message_bid_multiplier: number };
}

/** A marketing message with its recipient, and the number that sends it if that isn't the client's. */
export type SendMarketingMessageParameters = MarketingMessage & MessageRecipient & { readonly phoneNumberId?: string | undefined };

/**
 * Sends a marketing template through the Marketing Messages API, which optimizes time and audience. It works on
 * coexistence numbers. Status webhooks have the category `marketing_lite`, or `marketing` if the Cloud API sent the
 * message. Use {@link sendMessage} for other messages.
 *
 * A new template, or one that was unused for 7 days, needs up to 10 minutes first (134101). The account must be
 * onboarded (134102).
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/marketing_messages`. Source: Meta, Marketing
 * Messages API (3 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Recipient and template in Meta's shape, and the options of this endpoint. See
 * {@link MarketingMessage}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError}, {@link InvalidMessageError} or {@link MissingTargetError} before it sends
 *   anything, and the errors of {@link Client.request}. All are rejections of the promise.
 *
 * @example
 * ```ts
 * import { createClient, sendMarketingMessage } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sent = await sendMarketingMessage(client, {
 *   to: '15550100987',
 *   ...template('spring_sale', 'en_US'),
 *   product_policy: 'STRICT',
 * });
 * console.log(sent.messages[0].id);
 * ```
 */
export function sendMarketingMessage(
  client: Client,
  parameters: SendMarketingMessageParameters,
  options: RequestOptions = {},
): ApiPromise<SentMessage> {
  return readParameters('sendMarketingMessage', parameters, options, () => {
    return new ApiPromise(readInPromise('sendMarketingMessage', checkAndSend(client, parameters, options)));
  });
}

async function checkAndSend(
  client: Client,
  parameters: SendMarketingMessageParameters,
  options: RequestOptions,
): Promise<ApiResult<SentMessage>> {
  const { phoneNumberId, ...message } = parameters;
  const id = phoneNumberIdOf(client, 'sendMarketingMessage', phoneNumberId);
  const restriction = rejectFeature(client, 'marketing-messages-api', id) ?? restrictionOfParts(message, client, id);
  if (options.validate ?? client.validate) await checkMessage(message, client.clock.now());
  return client
    .request<SentMessage>(
      {
        method: 'POST',
        path: [id, 'marketing_messages'],
        body: { messaging_product: 'whatsapp', ...message },
        operation: 'POST /{phone-number-id}/marketing_messages',
        restriction,
      },
      options,
    )
    .withResponse();
}
