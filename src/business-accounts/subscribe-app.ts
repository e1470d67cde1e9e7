import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { GraphApiError } from '../errors/graph-api-error.js';
import { rememberOverrideToken } from '../runtime/override-tokens.js';
import type { SubscribedAppsParameters } from './subscribed-app.js';

/** Which WABA, and where its messages go. */
export interface SubscribeAppParameters extends SubscribedAppsParameters {
  /**
   * A callback for the messages of this WABA, which replaces the app's. Meta verifies it during the call. Without this option, Meta clears an earlier one.
   */
  readonly override?:
    | {
        /** At most 200 characters. */
        readonly callbackUrl: string;
        /**
         * What Meta sends as `hub.verify_token`. Receivers of this process accept it. If another process receives the webhooks, add it to the list or
         * the function in `verifyToken` of its `createWebhooks`.
         */
        readonly verifyToken: string;
      }
    | undefined;
}

/**
 * Subscribes the app that owns the token to the webhooks of a WABA. Safe to repeat; without `override` it also clears a callback override of
 * the WABA.
 *
 * Meta rejects an override while the app is not subscribed (100). The function then subscribes the app and repeats the override. It doesn't subscribe
 * first, because a plain subscription clears the override that is set, and webhooks would arrive at the app's own callback in between. If Meta
 * rejects the repeated override, for example because the callback doesn't return the challenge, the app is subscribed without an override.
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
): ApiPromise<Subscribed> {
  return readParameters('subscribeApp', parameters, options, () => {
    const { wabaId, override } = parameters;
    const id = wabaIdOf(client, 'subscribeApp', wabaId);
    rememberOverrideToken(override?.verifyToken);
    const subscribe = (body?: object): ApiPromise<Subscribed> =>
      client.request(
        { method: 'POST', path: [id, 'subscribed_apps'], ...(body && { body }), operation: 'POST /{waba-id}/subscribed_apps' },
        options,
      );
    if (!override) return subscribe();
    const setOverride = (): Promise<ApiResult<Subscribed>> =>
      subscribe({ override_callback_uri: override.callbackUrl, verify_token: override.verifyToken }).withResponse();
    const answer = setOverride().catch(async (error: unknown) => {
      if (!isSubscriptionMissing(error)) throw error;
      await subscribe();
      return setOverride();
    });
    return new ApiPromise(answer);
  });
}

interface Subscribed {
  readonly success: true;
}

/** Meta has no code of its own for this error. Its text was seen in January 2026. */
function isSubscriptionMissing(error: unknown): boolean {
  return error instanceof GraphApiError && error.code === 100 && /must be subscribed/i.test(error.message);
}
