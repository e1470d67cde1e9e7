import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';
import type { FlowParameters } from './flow-parameters.js';

/**
 * Publishes a flow. You can then send it to any customer. You can't change a published flow. Clone it with
 * {@link createFlow} instead.
 *
 * Permission: `whatsapp_business_management`. `POST /{flow-id}/publish`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} (139001 to 139004) and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, publishFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await publishFlow(client, { flowId: '1234567890123456' });
 * ```
 */
export function publishFlow(client: Client, parameters: FlowParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('publishFlow', parameters, options, () => {
    return client.request({ method: 'POST', path: [parameters.flowId, 'publish'], operation: 'POST /{flow-id}/publish' }, options);
  });
}
