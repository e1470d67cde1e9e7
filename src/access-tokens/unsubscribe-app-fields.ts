import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link unsubscribeAppFields}. */
export interface UnsubscribeAppFieldsParameters {
  /** ID of the app. */
  readonly appId: string;
  /** Fields to remove. @defaultValue all fields of the object */
  readonly fields?: readonly string[] | undefined;
  /** Type of object. @defaultValue `'whatsapp_business_account'` */
  readonly object?: string | undefined;
}

/**
 * Removes the app's subscription to webhook fields, immediately and for all accounts. Subscribe again with
 * {@link subscribeAppFields}. To remove the subscription for one account, use {@link unsubscribeApp}.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `DELETE /{app-id}/subscriptions`. Source: Meta,
 * Webhooks (Nov 2025).
 *
 * @param client - A client from {@link createClient} with `appId` and `appSecret`.
 * @param parameters - The app and the fields.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingCredentialsError} without `appId` or `appSecret`, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, unsubscribeAppFields } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * await unsubscribeAppFields(client, { appId: '123456789012345', fields: ['account_alerts'] });
 * ```
 */
export function unsubscribeAppFields(
  client: Client,
  parameters: UnsubscribeAppFieldsParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('unsubscribeAppFields', parameters, options, () => {
    const { appId, fields, object = 'whatsapp_business_account' } = parameters;
    return client.request(
      {
        method: 'DELETE',
        path: [appId, 'subscriptions'],
        query: { object, fields: fields?.join(',') },
        auth: 'app',
        operation: 'DELETE /{app-id}/subscriptions',
      },
      options,
    );
  });
}
