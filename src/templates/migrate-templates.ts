import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link migrateTemplates}. */
export interface MigrateTemplatesParameters {
  /** ID of the WABA with the templates. Both WABAs must belong to the same business. */
  readonly sourceWabaId: string;
  /**
   * ID of the WABA that receives the copies.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /** Number of the set of 500 templates, from 0. */
  readonly pageNumber?: number | undefined;
  /** Number of templates per call, at most 500. Use fewer if a call takes longer than 30 seconds. */
  readonly count?: number | undefined;
  /** Copies only these templates, at most 500. Use it for templates that failed before. */
  readonly templateIds?: readonly string[] | undefined;
}

/** Result of {@link migrateTemplates}. */
export interface MigratedTemplates {
  /** IDs in the new WABA. */
  readonly migrated_templates: readonly string[];
  /** Errors of the other templates, by ID. */
  readonly failed_templates: Readonly<Record<string, string>>;
}

/**
 * Copies the approved templates of another WABA (quality green or unknown) to this one. See {@link migrateFlows} for
 * flows.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/migrate_message_templates`. Source: Meta, Template
 * migration (14 Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The source WABA, and the templates to copy. See {@link MigrateTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, migrateTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '104996122399160', timeoutMs: 60_000 });
 * const { failed_templates } = await migrateTemplates(client, { sourceWabaId: '102290129340398', pageNumber: 0 });
 * console.log(failed_templates);
 * ```
 */
export function migrateTemplates(
  client: Client,
  parameters: MigrateTemplatesParameters,
  options: RequestOptions = {},
): ApiPromise<MigratedTemplates> {
  return readParameters('migrateTemplates', parameters, options, () => {
    const { sourceWabaId, wabaId, pageNumber, count, templateIds } = parameters;
    const id = wabaIdOf(client, 'migrateTemplates', wabaId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'migrate_message_templates'],
        body: { source_waba_id: sourceWabaId, page_number: pageNumber, count, template_ids: templateIds },
        operation: 'POST /{waba-id}/migrate_message_templates',
      },
      options,
    );
  });
}
