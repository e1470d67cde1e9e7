import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { rememberOverrideToken } from '../runtime/override-tokens.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setPhoneNumberWebhook}. */
export interface SetPhoneNumberWebhookParameters extends PhoneNumberParameters {
  /** At most 200 characters. `''` removes the override. */
  readonly callbackUrl: string;
  /** Meta sends it as `hub.verify_token`. Not needed to remove an override. */
  readonly verifyToken?: string | undefined;
}

/**
 * Sends the messages of one phone number to its own callback, instead of the callback of the WABA or the app. Meta
 * verifies the callback during the request. {@link subscribeApp} sets a callback for a whole WABA.
 *
 * Meta documents the override for the field `messages`. It doesn't document whether `history`, `smb_app_state_sync` and
 * `smb_message_echoes` also use it. The app's callback is the safest place for these fields.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, Webhook overrides (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The callback. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
