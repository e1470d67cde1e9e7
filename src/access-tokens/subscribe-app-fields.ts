import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';

/** Which webhooks, and where to. */
export interface SubscribeAppFieldsParameters {
  readonly appId: string;
  /** Webhook fields, as `messages` and `smb_message_echoes`. */
  readonly fields: readonly string[];
  /** Public https address that Meta verifies at once. */
  readonly callbackUrl: string;
  /** Comes back as `hub.verify_token`; a secret of the receiver's. */
  readonly verifyToken: string;
  /** @defaultValue `'whatsapp_business_account'` */
  readonly object?: string | undefined;
}

/**
 * Subscribes the app to webhook fields, once an app. Each account is subscribed to the app apart from this: `subscribeApp`.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `POST /{app-id}/subscriptions`. Source: Meta, Webhooks (Nov 2025).
 *
 * @throws `MissingCredentialsError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, subscribeAppFields } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * await subscribeAppFields(client, {
 *   appId: '123456789012345',
 *   fields: ['messages', 'smb_message_echoes', 'smb_app_state_sync', 'history', 'account_update'],
 *   callbackUrl: 'https://shop.example/webhooks',
 *   verifyToken: 'the receiver knows',
 * });
 * ```
 */
export function subscribeAppFields(
  client: Client,
  parameters: SubscribeAppFieldsParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('subscribeAppFields', parameters, options, () => {
    const { appId, fields, callbackUrl, verifyToken, object = 'whatsapp_business_account' } = parameters;
    return client.request(
      {
        method: 'POST',
        path: [appId, 'subscriptions'],
        body: { object, callback_url: callbackUrl, verify_token: verifyToken, fields: fields.join(',') },
        auth: 'app',
        operation: 'POST /{app-id}/subscriptions',
      },
      options,
    );
  });
}
