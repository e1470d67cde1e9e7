import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SubscribedAppsParameters } from './subscribed-app.js';
import type { SuccessResult } from '../client/results.js';

/**
 * Removes the subscription of the app that owns the token to the webhooks of a WhatsApp Business Account (WABA). The
 * app then receives no webhooks of its phone numbers. Subscribe again with {@link subscribeApp}.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business
 * Accounts (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The account. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, unsubscribeApp } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await unsubscribeApp(client);
 * ```
 */
export function unsubscribeApp(
  client: Client,
  parameters: SubscribedAppsParameters = {},
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('unsubscribeApp', parameters, options, () => {
    const id = wabaIdOf(client, 'unsubscribeApp', parameters.wabaId);
    return client.request({ method: 'DELETE', path: [id, 'subscribed_apps'], operation: 'DELETE /{waba-id}/subscribed_apps' }, options);
  });
}
