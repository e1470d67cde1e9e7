import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Which templates. */
export interface UnarchiveTemplatesParameters {
  /** At most 100. */
  readonly templateIds: readonly string[];
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
}

/** What became of them. */
export interface UnarchivedTemplates {
  /** Their ids. */
  readonly unarchived_templates: readonly string[];
  /** Why others were not, by their id. */
  readonly failed_templates?: Readonly<Record<string, string>>;
}

/**
 * Brings archived message templates back to the status they had, within 28 days of their being archived.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/message_templates/unarchive` at `api.facebook.com`. Source: Meta, Template archival
 * (2 Jun 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, unarchiveTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { failed_templates } = await unarchiveTemplates(client, { templateIds: ['564750795574598'] });
 * console.log(failed_templates);
 * ```
 */
export function unarchiveTemplates(
  client: Client,
  parameters: UnarchiveTemplatesParameters,
  options: RequestOptions = {},
): ApiPromise<UnarchivedTemplates> {
  return readParameters('unarchiveTemplates', parameters, options, () => {
    const { wabaId, templateIds } = parameters;
    const id = wabaIdOf(client, 'unarchiveTemplates', wabaId);
    return client.request(
      {
        method: 'POST',
        host: 'api.facebook.com',
        path: [id, 'message_templates', 'unarchive'],
        body: { hsm_ids: templateIds },
        operation: 'POST /{waba-id}/message_templates/unarchive',
      },
      options,
    );
  });
}
