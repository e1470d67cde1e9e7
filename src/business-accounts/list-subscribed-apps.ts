import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SubscribedApp, SubscribedAppsParameters } from './subscribed-app.js';

/**
 * Lists the apps that receive the webhooks of a WhatsApp Business Account (WABA). Add your app with
 * {@link subscribeApp}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business
 * Accounts (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The account. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listSubscribedApps } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const app of listSubscribedApps(client)) console.log(app.whatsapp_business_api_data.id);
 * ```
 */
export function listSubscribedApps(
  client: Client,
  parameters: SubscribedAppsParameters = {},
  options: RequestOptions = {},
): Listing<SubscribedApp> {
  return readParameters('listSubscribedApps', parameters, options, () => {
    const id = wabaIdOf(client, 'listSubscribedApps', parameters.wabaId);
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [id, 'subscribed_apps'], query: { after }, operation: 'GET /{waba-id}/subscribed_apps' },
          options,
        ),
      undefined,
    );
  });
}
