import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link exchangeCode}. */
export interface ExchangeCodeParameters {
  /** The code. It expires after 30 seconds and works only once. */
  readonly code: string;
  /** Redirect URI, if the signup used a redirect. Don't set it for the popup. */
  readonly redirectUri?: string | undefined;
}

/** A business token. Returned by {@link exchangeCode}. */
export interface BusinessToken {
  readonly access_token: string;
  readonly token_type?: string;
  /** Seconds until the token expires. Absent if it doesn't expire. */
  readonly expires_in?: number;
}

/**
 * Exchanges the code of Embedded Signup for a business token, server to server. The code expires after 30 seconds, so
 * do this first. Inspect the token with {@link debugToken}.
 *
 * Errors and logs contain neither the code nor the token.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /oauth/access_token`. Source: Meta, Embedded
 * Signup implementation (20 Feb 2026).
 *
 * @param client - A client from {@link createClient} with `appId` and `appSecret`.
 * @param parameters - The code and the redirect URI.
 * @param options - See {@link RequestOptions}.
 * @returns The business token.
 * @throws {@link MissingCredentialsError} without `appId` or `appSecret`, {@link GraphApiError} (100 for an expired or
 *   used code), and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, exchangeCode } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * const { access_token } = await exchangeCode(client, { code: 'AQB…' });
 * console.log(access_token.length);
 * ```
 */
export function exchangeCode(client: Client, parameters: ExchangeCodeParameters, options: RequestOptions = {}): ApiPromise<BusinessToken> {
  return readParameters('exchangeCode', parameters, options, () => {
    return client.request(
      {
        method: 'GET',
        path: ['oauth', 'access_token'],
        query: { code: parameters.code, redirect_uri: parameters.redirectUri },
        auth: 'app-credentials',
        operation: 'GET /oauth/access_token',
      },
      options,
    );
  });
}
