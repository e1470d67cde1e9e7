import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link requestOfficialBusinessAccount}. */
export interface RequestOfficialBusinessAccountParameters extends PhoneNumberParameters {
  readonly business_website_url: string;
  readonly primary_country_of_operation: string;
  readonly primary_language?: string | undefined;
  readonly parent_business_or_brand?: string | undefined;
  /** Links to five to ten articles about the business. Meta doesn't accept paid articles. */
  readonly supporting_links?: readonly string[] | undefined;
  readonly additional_supporting_information?: string | undefined;
}

/**
 * Applies for an Official Business Account (the blue badge). Success means only that Meta received the application.
 * Read its status with {@link getOfficialBusinessAccount}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/official_business_account`. Source: Meta,
 * Official Business Account (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Information about the business. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, requestOfficialBusinessAccount } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await requestOfficialBusinessAccount(client, {
 *   business_website_url: 'https://example.com',
 *   primary_country_of_operation: 'Germany',
 *   supporting_links: [1, 2, 3, 4, 5].map((article) => `https://example.org/${String(article)}`),
 * });
 * ```
 */
export function requestOfficialBusinessAccount(
  client: Client,
  parameters: RequestOfficialBusinessAccountParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('requestOfficialBusinessAccount', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'requestOfficialBusinessAccount', phoneNumberId);
    const restriction = rejectEndpoint(client, 'request-official-business-account', id);
    return client.request(
      {
        method: 'POST',
        path: [id, 'official_business_account'],
        body,
        operation: 'POST /{phone-number-id}/official_business_account',
        restriction,
      },
      options,
    );
  });
}
