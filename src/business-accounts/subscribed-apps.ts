import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { wabaIdOf } from '../client/require-target.js';

/** An app that gets the webhooks of a WABA. */
export interface SubscribedApp {
  readonly whatsapp_business_api_data: { readonly id: string; readonly link?: string; readonly name?: string };
  /** Where messages of this WABA go in the place of the app's own callback. */
  readonly override_callback_uri?: string;
}

/** Which WABA. */
export interface SubscribedAppsParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string;
}

/**
 * Lists the apps that get the webhooks of a WABA.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listSubscribedApps } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { data } = await listSubscribedApps(client);
 * console.log(data.map((app) => app.whatsapp_business_api_data.id));
 * ```
 */
export function listSubscribedApps(
  client: Client,
  parameters: SubscribedAppsParameters = {},
  options: RequestOptions = {},
): ApiPromise<{ readonly data: readonly SubscribedApp[] }> {
  const id = wabaIdOf(client, 'listSubscribedApps', parameters.wabaId);
  return client.request({ method: 'GET', path: [id, 'subscribed_apps'], operation: 'GET /{waba-id}/subscribed_apps' }, options);
}

/**
 * Subscribes the app that owns the token to the webhooks of a WABA. Safe to repeat; it also clears a callback override of the WABA.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, subscribeApp } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await subscribeApp(client);
 * ```
 */
export function subscribeApp(
  client: Client,
  parameters: SubscribedAppsParameters = {},
  options: RequestOptions = {},
): ApiPromise<{ readonly success: true }> {
  const id = wabaIdOf(client, 'subscribeApp', parameters.wabaId);
  return client.request({ method: 'POST', path: [id, 'subscribed_apps'], operation: 'POST /{waba-id}/subscribed_apps' }, options);
}
