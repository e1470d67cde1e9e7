import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';

/** Which webhooks are no longer wanted. */
export interface UnsubscribeAppFieldsParameters {
  readonly appId: string;
  /** @defaultValue all of the object */
  readonly fields?: readonly string[] | undefined;
  /** @defaultValue `'whatsapp_business_account'` */
  readonly object?: string | undefined;
}

/**
 * Takes the app's subscription to webhook fields back: for all accounts, at once.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `DELETE /{app-id}/subscriptions`. Source: Meta, Webhooks (Nov 2025).
 *
 * @throws `MissingCredentialsError`, `GraphApiError` and the connection errors of `Client.request`.
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
