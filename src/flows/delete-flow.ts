import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';
import type { FlowParameters } from './flow-parameters.js';

/**
 * Deletes a flow with the status `DRAFT`. Use {@link deprecateFlow} for published flows.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{flow-id}`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} (139005 and others) and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await deleteFlow(client, { flowId: '1234567890123456' });
 * ```
 */
export function deleteFlow(client: Client, parameters: FlowParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('deleteFlow', parameters, options, () => {
    return client.request({ method: 'DELETE', path: [parameters.flowId], operation: 'DELETE /{flow-id}' }, options);
  });
}
