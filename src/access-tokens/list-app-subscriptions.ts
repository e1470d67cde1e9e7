import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import type { AppParameters } from './app-parameters.js';

/** Webhook subscription of an app for one type of object. Returned by {@link listAppSubscriptions}. */
export interface AppSubscription {
  /** `whatsapp_business_account` for all webhooks of this library. */
  readonly object: string;
  readonly callback_url?: string;
  readonly active?: boolean;
  readonly fields?: readonly { readonly name: string; readonly version?: string }[];
}

/**
 * Lists the webhook fields that the app is subscribed to. An app subscribes once, in the App Dashboard or with
 * {@link subscribeAppFields}.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /{app-id}/subscriptions`. Source: Meta,
 * Webhooks (Nov 2025).
 *
 * @param client - A client from {@link createClient} with `appId` and `appSecret`.
 * @param parameters - The ID of the app.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingCredentialsError} without `appId` or `appSecret`, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listAppSubscriptions } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * for await (const { fields = [] } of listAppSubscriptions(client, { appId: '123456789012345' })) {
 *   console.log(fields.map(({ name }) => name));
 * }
 * ```
 */
export function listAppSubscriptions(client: Client, parameters: AppParameters, options: RequestOptions = {}): Listing<AppSubscription> {
  return readParameters('listAppSubscriptions', parameters, options, () => {
    const { appId } = parameters;
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [appId, 'subscriptions'], query: { after }, auth: 'app', operation: 'GET /{app-id}/subscriptions' },
          options,
        ),
      undefined,
    );
  });
}
