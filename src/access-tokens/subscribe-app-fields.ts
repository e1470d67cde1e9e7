import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link subscribeAppFields}. */
export interface SubscribeAppFieldsParameters {
  /** ID of the app. */
  readonly appId: string;
  /** Webhook fields, for example `messages` and `smb_message_echoes`. */
  readonly fields: readonly string[];
  /** Public HTTPS URL. Meta verifies it during the request. */
  readonly callbackUrl: string;
  /** Secret of your receiver. Meta sends it as `hub.verify_token`. */
  readonly verifyToken: string;
  /** Type of object. @defaultValue `'whatsapp_business_account'` */
  readonly object?: string | undefined;
}

/**
 * Subscribes the app to webhook fields, once for each app. Subscribe the app to each account separately with
 * {@link subscribeApp}. Remove fields with {@link unsubscribeAppFields}.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `POST /{app-id}/subscriptions`. Source: Meta,
 * Webhooks (Nov 2025).
 *
 * @param client - A client from {@link createClient} with `appId` and `appSecret`.
 * @param parameters - The app, the fields, the callback and its verify token.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingCredentialsError} without `appId` or `appSecret`, and the errors of {@link Client.request}.
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
