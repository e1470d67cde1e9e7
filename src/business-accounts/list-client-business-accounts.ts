import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import type { BusinessAccount } from './business-account.js';
import type { PortfolioParameters } from './portfolio-parameters.js';

/**
 * Lists the WhatsApp Business Accounts (WABAs) that clients share with a business portfolio, for example by Embedded
 * Signup. {@link listOwnedBusinessAccounts} lists the accounts that the portfolio owns.
 *
 * Permission: `business_management` or `whatsapp_business_management`.
 * `GET /{business-id}/client_whatsapp_business_accounts`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The business portfolio, fields, an account to find and the page.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listClientBusinessAccounts } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * for await (const { id, name } of listClientBusinessAccounts(client, { businessId: '506914307656634' })) {
 *   console.log(id, name);
 * }
 * ```
 */
export function listClientBusinessAccounts(
  client: Client,
  parameters: PortfolioParameters,
  options: RequestOptions = {},
): Listing<BusinessAccount> {
  return readParameters('listClientBusinessAccounts', parameters, options, () => {
    const { businessId, fields, find, limit } = parameters;
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [businessId, 'client_whatsapp_business_accounts'],
            query: { fields: fields?.join(','), find, limit, after },
            operation: 'GET /{business-id}/client_whatsapp_business_accounts',
          },
          options,
        ),
      parameters.after,
    );
  });
}
