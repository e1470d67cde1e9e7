import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** What becomes of a WABA. */
export interface UpdateBusinessAccountParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  readonly name?: string | undefined;
  readonly timezone_id?: string | undefined;
  /** Lets template analytics be collected; cannot be undone. */
  readonly is_enabled_for_insights?: true | undefined;
  /** Marketing templates then go by the Marketing Messages API only (131063 otherwise). */
  readonly disable_marketing_messages_on_cloud_api?: boolean | undefined;
  readonly degrees_of_freedom_spec?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Changes a WhatsApp Business Account.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, updateBusinessAccount } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await updateBusinessAccount(client, { is_enabled_for_insights: true });
 * ```
 */
export function updateBusinessAccount(
  client: Client,
  parameters: UpdateBusinessAccountParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('updateBusinessAccount', parameters, options, () => {
    const { wabaId, ...body } = parameters;
    const id = wabaIdOf(client, 'updateBusinessAccount', wabaId);
    return client.request({ method: 'POST', path: [id], body, operation: 'POST /{waba-id}' }, options);
  });
}
