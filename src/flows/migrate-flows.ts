import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link migrateFlows}. */
export interface MigrateFlowsParameters {
  /** ID of the WABA with the flows. Both WABAs must belong to the same business. */
  readonly sourceWabaId: string;
  /**
   * ID of the WABA that receives the copies.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /**
   * Names of the flows to copy, at most 100.
   * @defaultValue all flows
   */
  readonly sourceFlowNames?: readonly string[] | undefined;
}

/** Result of {@link migrateFlows}. */
export interface MigratedFlows {
  readonly migrated_flows: readonly { readonly source_name: string; readonly source_id: string; readonly migrated_id: string }[];
  readonly failed_flows: readonly {
    readonly source_name: string;
    readonly error_code?: string | number;
    readonly error_message?: string;
  }[];
}

/**
 * Copies the flows of another WABA to this one, as drafts with the same names. Publish them with {@link publishFlow}.
 * See {@link migrateTemplates} for templates.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/migrate_flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The source WABA, and the names of the flows. See {@link MigrateFlowsParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, migrateFlows } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { failed_flows } = await migrateFlows(client, {
 *   sourceWabaId: '104996122399160',
 *   sourceFlowNames: ['Booking'],
 * });
 * console.log(failed_flows);
 * ```
 */
export function migrateFlows(client: Client, parameters: MigrateFlowsParameters, options: RequestOptions = {}): ApiPromise<MigratedFlows> {
  return readParameters('migrateFlows', parameters, options, () => {
    const { sourceWabaId, wabaId, sourceFlowNames } = parameters;
    const id = wabaIdOf(client, 'migrateFlows', wabaId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'migrate_flows'],
        body: { source_waba_id: sourceWabaId, source_flow_names: sourceFlowNames },
        operation: 'POST /{waba-id}/migrate_flows',
      },
      options,
    );
  });
}
