import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link updateBusinessAccount}. */
export interface UpdateBusinessAccountParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  readonly name?: string | undefined;
  readonly timezone_id?: string | undefined;
  /** Enables template analytics: {@link listTemplateAnalytics}. You can't undo this. */
  readonly is_enabled_for_insights?: true | undefined;
  /**
   * Allows marketing templates only through the Marketing Messages API: {@link sendMarketingMessage}. Other sends fail
   * with 131063.
   */
  readonly disable_marketing_messages_on_cloud_api?: boolean | undefined;
  readonly degrees_of_freedom_spec?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Updates a WhatsApp Business Account (WABA). Read it with {@link getBusinessAccount}.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}`. Source: Meta, WhatsApp Business Accounts (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The fields to change. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
