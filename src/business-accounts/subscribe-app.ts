import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { GraphApiError } from '../errors/graph-api-error.js';
import { rememberOverrideToken } from '../runtime/override-tokens.js';
import type { SubscribedAppsParameters } from './subscribed-app.js';

/** Parameters of {@link subscribeApp}. */
export interface SubscribeAppParameters extends SubscribedAppsParameters {
  /**
   * A callback for the messages of this WABA, instead of the app's callback. Meta verifies it during the request.
   * Without this option, Meta removes an earlier override.
   */
  readonly override?:
    | {
        /** At most 200 characters. */
        readonly callbackUrl: string;
        /**
         * Meta sends it as `hub.verify_token`. Receivers of this process accept it. If another process receives the
         * webhooks, add the token to the list or function in `verifyToken` of its `createWebhooks`.
         */
        readonly verifyToken: string;
      }
    | undefined;
}

/**
 * Subscribes the app that owns the token to the webhooks of a WhatsApp Business Account (WABA). You can repeat the
 * call. Without `override`, it also removes a callback override of the WABA.
 *
 * Meta rejects an override while the app isn't subscribed (100). The function then subscribes the app and repeats the
 * override. It doesn't subscribe the app first, because a plain subscription removes the current override, and webhooks
 * would arrive at the app's own callback in between. If Meta rejects the repeated override, the app stays subscribed
 * without an override. For example, the callback may not return the challenge.
 *
 * Subscribe the app to webhook fields with {@link subscribeAppFields}. End the subscription with
 * {@link unsubscribeApp}. An override is documented only for the field `messages`. An override of a number has
 * priority: {@link setPhoneNumberWebhook}.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/subscribed_apps`. Source: Meta, WhatsApp Business
 * Accounts (Dec 2025) and Webhook overrides (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The account and an optional callback override. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, subscribeApp } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await subscribeApp(client);
 * await subscribeApp(client, {
 *   override: { callbackUrl: 'https://example.com/shop-7', verifyToken: 'a secret of mine' },
 * });
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

/** Meta has no separate code for this error. The text is from January 2026. */
function isSubscriptionMissing(error: unknown): boolean {
  return error instanceof GraphApiError && error.code === 100 && /must be subscribed/i.test(error.message);
}
