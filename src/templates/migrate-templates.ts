import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** From which WABA to which, and which templates. */
export interface MigrateTemplatesParameters {
  /** Where they are. Both WABAs belong to the same business. */
  readonly sourceWabaId: string;
  /** Where they go. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Which set of 500, from 0. */
  readonly pageNumber?: number | undefined;
  /** Templates a call, at most 500; fewer, if a call takes more than 30 seconds. */
  readonly count?: number | undefined;
  /** Only these, at most 500: those that failed before. */
  readonly templateIds?: readonly string[] | undefined;
}

/** What became of them. */
export interface MigratedTemplates {
  /** Ids in the new WABA. */
  readonly migrated_templates: readonly string[];
  /** Why others were not, by their id. */
  readonly failed_templates: Readonly<Record<string, string>>;
}

/**
 * Makes copies of another WABA's approved templates (quality green or unknown) in this one.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/migrate_message_templates`. Source: Meta, Template migration (14 Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
