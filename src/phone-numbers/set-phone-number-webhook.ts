import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { rememberOverrideToken } from '../runtime/override-tokens.js';
import type { SuccessResult } from '../client/results.js';

/** Where a number's messages go. */
export interface SetPhoneNumberWebhookParameters {
  /** At most 200 characters. `''` takes the override away. */
  readonly callbackUrl: string;
  /** What Meta sends as `hub.verify_token`; not needed to take an override away. */
  readonly verifyToken?: string | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Sends the messages of one number to a callback of its own, in the place of the WABA's and the app's. Meta checks the address at once.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, Webhook overrides (Nov 2025): documented for the field
 * `messages`; whether `history`, `smb_app_state_sync` and `smb_message_echoes` follow is not, so that those are safest at the app's callback.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, setPhoneNumberWebhook } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await setPhoneNumberWebhook(client, { callbackUrl: 'https://example.com/shop-7', verifyToken: 'a secret of mine' });
 * await setPhoneNumberWebhook(client, { callbackUrl: '' });
 * ```
 */
export function setPhoneNumberWebhook(
  client: Client,
  parameters: SetPhoneNumberWebhookParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('setPhoneNumberWebhook', parameters, options, () => {
    const { callbackUrl, verifyToken, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'setPhoneNumberWebhook', phoneNumberId);
    rememberOverrideToken(verifyToken);
    return client.request(
      {
        method: 'POST',
        path: [id],
        body: { webhook_configuration: { override_callback_uri: callbackUrl, verify_token: verifyToken } },
        operation: 'POST /{phone-number-id}',
      },
      options,
    );
  });
}
