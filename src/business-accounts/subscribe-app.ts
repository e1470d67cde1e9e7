import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { rememberOverrideToken } from '../runtime/override-tokens.js';
import type { SubscribedAppsParameters } from './subscribed-app.js';

/** Which WABA, and where its messages go. */
export interface SubscribeAppParameters extends SubscribedAppsParameters {
  /**
   * A callback for the messages of this WABA in the place of the app's. Meta checks it at once. Without it, one that was set before is taken away.
   */
  readonly override?: {
    /** At most 200 characters. */
    readonly callbackUrl: string;
    /**
     * What Meta sends as `hub.verify_token`. Receivers of this process accept it. If another process receives the webhooks, add it to the list or
     * the function in `verifyToken` of its `createWebhooks`.
     */
    readonly verifyToken: string;
  };
}

/**
 * Subscribes the app that owns the token to the webhooks of a WABA. Safe to repeat; without `override` it also clears a callback override of
 * the WABA.
 *
 * Meta rejects an override while the app is not subscribed (100). With `override`, this function therefore sends two requests: it subscribes the app
 * and then sets the override. If Meta rejects the second request, for example because the callback doesn't return the challenge, the app is subscribed
 * and messages arrive at the app's own callback.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business Accounts (Dec 2025) and
 * Webhook overrides (Nov 2025). An override is documented for the field `messages` alone, and a number's own override comes before it.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, subscribeApp } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await subscribeApp(client);
 * await subscribeApp(client, { override: { callbackUrl: 'https://example.com/shop-7', verifyToken: 'a secret of mine' } });
 * ```
 */
export function subscribeApp(
  client: Client,
  parameters: SubscribeAppParameters = {},
  options: RequestOptions = {},
): ApiPromise<{ readonly success: true }> {
  return readParameters('subscribeApp', parameters, options, () => {
    const { wabaId, override } = parameters;
    const id = wabaIdOf(client, 'subscribeApp', wabaId);
    rememberOverrideToken(override?.verifyToken);
    const subscribe = (body?: object): ApiPromise<{ readonly success: true }> =>
      client.request(
        { method: 'POST', path: [id, 'subscribed_apps'], ...(body && { body }), operation: 'POST /{waba-id}/subscribed_apps' },
        options,
      );
    const subscribed = subscribe();
    if (!override) return subscribed;
    const overridden = async (): Promise<ApiResult<{ readonly success: true }>> => {
      await subscribed;
      return subscribe({ override_callback_uri: override.callbackUrl, verify_token: override.verifyToken }).withResponse();
    };
    return new ApiPromise(overridden());
  });
}
