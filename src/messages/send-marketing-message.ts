import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { refuseFeature } from '../client/non-coexistence-client.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkMessage } from './check-message.js';
import type { TemplateMessage } from './outgoing/template.js';
import { restrictionOfParts, type SentMessage } from './send-message.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** A marketing template, and what only this endpoint takes. */
export interface MarketingMessage extends TemplateMessage {
  /** What happens where Marketing Messages API cannot send: the message goes out through Cloud API, or fails. @defaultValue `'CLOUD_API_FALLBACK'` */
  readonly product_policy?: OpenEnum<'CLOUD_API_FALLBACK' | 'STRICT'>;
  /** Whether Meta may use what people do with the message (read, tapped) to make deliveries better. @defaultValue the setting of the account */
  readonly message_activity_sharing?: boolean;
  /**
   * Multiplies the max price of the template for this message: 0.5 halves it. It has no effect on templates without
   * `optimization_spec`. Source: Meta, Max price (11 Sep 2026, beta).
   */
  readonly bid_spec?: { readonly per_message_bid_multiplier: number };
}

/** A marketing message, and the number it goes out from where that is not the client's. */
export type SendMarketingMessageParameters = MarketingMessage & { readonly phoneNumberId?: string | undefined };

/**
 * Sends a marketing template through Marketing Messages API, which picks the time and the people that marketing reaches best. Works on
 * coexistence numbers. Its statuses have the category `marketing_lite`, or `marketing` where the message went through Cloud API.
 *
 * A new template, or one not used for 7 days, needs up to 10 minutes first (134101); the account has to be onboarded (134102).
 *
 * Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/marketing_messages`. Source: Meta, Marketing Messages API (3 Dec 2025).
 * The promise rejects with `InvalidMessageError` or `MissingTargetError` before the network; nothing is thrown at once.
 *
 * @throws `RestrictedFeatureError`, `InvalidMessageError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, sendMarketingMessage } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sent = await sendMarketingMessage(client, { to: '15550100987', ...template('spring_sale', 'en_US'), product_policy: 'STRICT' });
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
  const restriction = refuseFeature(client, 'marketing-messages-api', id) ?? restrictionOfParts(message, client, id);
  if (options.validate ?? client.validate) await checkMessage(message);
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
