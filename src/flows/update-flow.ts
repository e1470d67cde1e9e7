import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { FlowCategory } from './flow.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link updateFlow}. Omitted members remain unchanged. */
export interface UpdateFlowParameters {
  readonly flowId: string;
  readonly name?: string | undefined;
  readonly categories?: readonly FlowCategory[] | undefined;
  readonly endpoint_uri?: string | undefined;
  /** ID of the app whose secret signs requests to the endpoint. */
  readonly application_id?: string | undefined;
}

/**
 * Updates the name, the categories, the endpoint or the app of a flow. Use {@link uploadFlowJson} for its JSON.
 *
 * Permission: `whatsapp_business_management`. `POST /{flow-id}`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID, and the members to change. See {@link UpdateFlowParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await updateFlow(client, { flowId: '1234567890123456', endpoint_uri: 'https://example.com/flow' });
 * ```
 */
export function updateFlow(client: Client, parameters: UpdateFlowParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('updateFlow', parameters, options, () => {
    const { flowId, ...body } = parameters;
    return client.request({ method: 'POST', path: [flowId], body, operation: 'POST /{flow-id}' }, options);
  });
}
