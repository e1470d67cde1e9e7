import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** A token of the app itself. */
export interface AppAccessToken {
  readonly access_token: string;
  readonly token_type?: string;
}

/**
 * Asks for a token of the app itself, for calls that concern the app and no business. The library's own such calls need none: they
 * use id and secret.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /oauth/access_token`. Source: Meta, Access tokens (Nov 2025).
 *
 * @throws `MissingCredentialsError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, getAppAccessToken } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * const { access_token } = await getAppAccessToken(client);
 * console.log(access_token.length);
 * ```
 */
export function getAppAccessToken(client: Client, options: RequestOptions = {}): ApiPromise<AppAccessToken> {
  return readParameters('getAppAccessToken', {}, options, () => {
    return client.request(
      {
        method: 'GET',
        path: ['oauth', 'access_token'],
        query: { grant_type: 'client_credentials' },
        auth: 'app-credentials',
        operation: 'GET /oauth/access_token (client credentials)',
      },
      options,
    );
  });
}
