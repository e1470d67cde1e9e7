import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Which templates. */
export interface ArchiveTemplatesParameters {
  /** At most 100. */
  readonly templateIds: readonly string[];
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
}

/** What became of them. */
export interface ArchivedTemplates {
  /** Their ids. */
  readonly archived_templates: readonly string[];
  /** Why others were not, by their id. */
  readonly failed_templates?: Readonly<Record<string, string>>;
}

/**
 * Archives message templates: they cannot be sent any more, and Meta deletes them 28 days later. Meta itself archives what was idle for 12 months.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/message_templates/archive` at `api.facebook.com`. Source: Meta, Template archival
 * (2 Jun 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
