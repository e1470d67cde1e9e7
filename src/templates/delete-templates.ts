import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Templates to delete: a name in all its languages, one ID with its name, or up to 100 IDs. */
export type DeleteTemplatesParameters = {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
} & (
  | { readonly name: string; readonly templateId?: undefined; readonly templateIds?: undefined }
  | { readonly name: string; readonly templateId: string; readonly templateIds?: undefined }
  | { readonly templateIds: readonly string[]; readonly name?: undefined; readonly templateId?: undefined }
);

/**
 * Deletes message templates: all languages of a name, one template by ID and name, or up to 100 templates by ID. Use
 * {@link archiveTemplates} to keep them for 28 days.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep
 * 2026): the name of a deleted approved template is blocked for 30 days. A disabled template can't be deleted.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - A name, an ID with its name, or IDs. See {@link DeleteTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await deleteTemplates(client, { name: 'order_ready' });
 * await deleteTemplates(client, { name: 'order_ready', templateId: '564750795574598' });
 * await deleteTemplates(client, { templateIds: ['564750795574598', '564750795574599'] });
 * ```
 */
export function deleteTemplates(
  client: Client,
  parameters: DeleteTemplatesParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('deleteTemplates', parameters, options, () => {
    const { wabaId, name, templateId, templateIds } = parameters;
    const id = wabaIdOf(client, 'deleteTemplates', wabaId);
    return client.request(
      {
        method: 'DELETE',
        path: [id, 'message_templates'],
        query: { name, hsm_id: templateId, hsm_ids: templateIds && JSON.stringify(templateIds) },
        operation: 'DELETE /{waba-id}/message_templates',
      },
      options,
    );
  });
}
