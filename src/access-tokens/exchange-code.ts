import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** A code of Embedded Signup. */
export interface ExchangeCodeParameters {
  /** Lives 30 seconds and works once. */
  readonly code: string;
  /** The redirect URI of a sign-up by redirect; not for the popup. */
  readonly redirectUri?: string | undefined;
}

/** A business token. */
export interface BusinessToken {
  readonly access_token: string;
  readonly token_type?: string;
  /** Seconds until it expires; absent for tokens that do not. */
  readonly expires_in?: number;
}

/**
 * Turns the code of Embedded Signup into the business token, server to server. The code lives 30 seconds: do this before anything else.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /oauth/access_token`. Source: Meta, Embedded Signup implementation (20 Feb 2026).
 * Neither code nor token reaches an error or a log line.
 *
 * @throws `MissingCredentialsError`, `GraphApiError` (an expired or used code is code 100) and the connection errors of `Client.request`.
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
