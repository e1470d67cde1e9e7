import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link unarchiveTemplates}. */
export interface UnarchiveTemplatesParameters {
  /** IDs of at most 100 templates. */
  readonly templateIds: readonly string[];
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
}

/** Result of {@link unarchiveTemplates}. */
export interface UnarchivedTemplates {
  /** IDs of the restored templates. */
  readonly unarchived_templates: readonly string[];
  /** Errors of the other templates, by ID. */
  readonly failed_templates?: Readonly<Record<string, string>>;
}

/**
 * Restores archived message templates and their previous status, within 28 days of {@link archiveTemplates}.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/message_templates/unarchive` at `api.facebook.com`.
 * Source: Meta, Template archival (2 Jun 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - IDs of at most 100 templates.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
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
