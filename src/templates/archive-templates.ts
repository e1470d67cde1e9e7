import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link archiveTemplates}. */
export interface ArchiveTemplatesParameters {
  /** IDs of at most 100 templates. */
  readonly templateIds: readonly string[];
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
}

/** Result of {@link archiveTemplates}. */
export interface ArchivedTemplates {
  /** IDs of the archived templates. */
  readonly archived_templates: readonly string[];
  /** Errors of the other templates, by ID. */
  readonly failed_templates?: Readonly<Record<string, string>>;
}

/**
 * Archives message templates. You can't send archived templates, and Meta deletes them after 28 days. Meta also
 * archives templates that were unused for 12 months. {@link unarchiveTemplates} restores them.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/message_templates/archive` at `api.facebook.com`.
 * Source: Meta, Template archival (2 Jun 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - IDs of at most 100 templates.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { archiveTemplates, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { failed_templates } = await archiveTemplates(client, { templateIds: ['564750795574598'] });
 * console.log(failed_templates);
 * ```
 */
export function archiveTemplates(
  client: Client,
  parameters: ArchiveTemplatesParameters,
  options: RequestOptions = {},
): ApiPromise<ArchivedTemplates> {
  return readParameters('archiveTemplates', parameters, options, () => {
    const { wabaId, templateIds } = parameters;
    const id = wabaIdOf(client, 'archiveTemplates', wabaId);
    return client.request(
      {
        method: 'POST',
        host: 'api.facebook.com',
        path: [id, 'message_templates', 'archive'],
        body: { hsm_ids: templateIds },
        operation: 'POST /{waba-id}/message_templates/archive',
      },
      options,
    );
  });
}
