import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { BusinessAccount } from './business-account.js';

/** Parameters of {@link getBusinessAccount}. */
export interface GetBusinessAccountParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Meta's field names. @defaultValue `id`, `name`, `timezone_id`, `message_template_namespace` */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Returns a WhatsApp Business Account (WABA). {@link listOwnedBusinessAccounts} and {@link listClientBusinessAccounts}
 * list the accounts of a business portfolio.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The fields to return. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getBusinessAccount } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { account_review_status, health_status } = await getBusinessAccount(client, {
 *   fields: ['account_review_status', 'health_status'],
 * });
 * console.log(account_review_status, health_status?.can_send_message);
 * ```
 */
export function getBusinessAccount(
  client: Client,
  parameters: GetBusinessAccountParameters = {},
  options: RequestOptions = {},
): ApiPromise<BusinessAccount> {
  return readParameters('getBusinessAccount', parameters, options, () => {
    const { wabaId, fields } = parameters;
    const id = wabaIdOf(client, 'getBusinessAccount', wabaId);
    return client.request({ method: 'GET', path: [id], query: { fields: fields?.join(',') }, operation: 'GET /{waba-id}' }, options);
  });
}
