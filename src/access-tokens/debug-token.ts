import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link debugToken}. */
export interface DebugTokenParameters {
  /** The token to inspect. */
  readonly token: string;
}

/** Information about a token. Returned by {@link debugToken}. */
export interface TokenFacts {
  readonly app_id?: string;
  readonly type?: string;
  readonly is_valid?: boolean;
  /** Unix time in seconds. `0` for a token that doesn't expire. */
  readonly expires_at?: number;
  readonly scopes?: readonly string[];
  /** The `target_ids` of `whatsapp_business_management` are the IDs of the shared WhatsApp Business Accounts. */
  readonly granular_scopes?: readonly { readonly scope: string; readonly target_ids?: readonly string[] }[];
  readonly [field: string]: unknown;
}

/**
 * Returns information about a token: its app, scopes, WhatsApp Business Accounts and expiry. Get a business token with
 * {@link exchangeCode}.
 *
 * Needs no permission, but the client's `appId` and `appSecret`. `GET /debug_token`. Source: Meta, Access tokens
 * (Nov 2025).
 *
 * @param client - A client from {@link createClient} with `appId` and `appSecret`.
 * @param parameters - The token to inspect.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingCredentialsError} without `appId` or `appSecret`, and the errors of {@link Client.request}.
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
