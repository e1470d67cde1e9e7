import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** Which token to inspect. */
export interface DebugTokenParameters {
  readonly token: string;
}

/** What a token is good for. */
export interface TokenFacts {
  readonly app_id?: string;
  readonly type?: string;
  readonly is_valid?: boolean;
  /** Unix seconds; 0: never. */
  readonly expires_at?: number;
  readonly scopes?: readonly string[];
  /** The WABAs that were shared are the `target_ids` of `whatsapp_business_management`. */
  readonly granular_scopes?: readonly { readonly scope: string; readonly target_ids?: readonly string[] }[];
  readonly [field: string]: unknown;
}

/**
 * Asks what a token is good for: its app, scopes, WABAs and expiry.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /debug_token`. Source: Meta, Access tokens (Nov 2025).
 *
 * @throws `MissingCredentialsError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, debugToken } from 'wa-coexist';
 *
 * const client = createClient({ appId: '123456789012345', appSecret: 'secret' });
 * const facts = await debugToken(client, { token: 'EAAG…' });
 * console.log(facts.scopes);
 * ```
 */
export function debugToken(client: Client, parameters: DebugTokenParameters, options: RequestOptions = {}): ApiPromise<TokenFacts> {
  return readParameters('debugToken', parameters, options, () => {
    return client
      .request<{ readonly data: TokenFacts }>(
        { method: 'GET', path: ['debug_token'], query: { input_token: parameters.token }, auth: 'app', operation: 'GET /debug_token' },
        options,
      )
      .map(({ data }) => data);
  });
}
