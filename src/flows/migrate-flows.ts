import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** From which WABA to which, and which flows. */
export interface MigrateFlowsParameters {
  /** Where they are. Both WABAs belong to the same business. */
  readonly sourceWabaId: string;
  /** Where they go. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Names, at most 100. @defaultValue all */
  readonly sourceFlowNames?: readonly string[] | undefined;
}

/** What became of them. */
export interface MigratedFlows {
  readonly migrated_flows: readonly { readonly source_name: string; readonly source_id: string; readonly migrated_id: string }[];
  readonly failed_flows: readonly {
    readonly source_name: string;
    readonly error_code?: string | number;
    readonly error_message?: string;
  }[];
}

/**
 * Makes copies of another WABA's flows in this one, as drafts with the same names.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/migrate_flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, migrateFlows } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { failed_flows } = await migrateFlows(client, { sourceWabaId: '104996122399160', sourceFlowNames: ['Booking'] });
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
