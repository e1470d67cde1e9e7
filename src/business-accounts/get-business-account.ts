import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { BusinessAccount } from './business-account.js';

/** Which WABA, and what of it. */
export interface GetBusinessAccountParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Field names of Meta's. @defaultValue Meta's: `id`, `name`, `timezone_id`, `message_template_namespace` */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Reads a WhatsApp Business Account.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
