import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { SuccessResult } from '../client/results.js';
import type { FlowParameters } from './flow-parameters.js';

/**
 * Deprecates a published flow permanently. Afterwards, it can't be sent or opened. Use {@link deleteFlow} for drafts.
 *
 * Permission: `whatsapp_business_management`. `POST /{flow-id}/deprecate`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} (139001 to 139004) and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deprecateFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await deprecateFlow(client, { flowId: '1234567890123456' });
 * ```
 */
export function deprecateFlow(client: Client, parameters: FlowParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('deprecateFlow', parameters, options, () => {
    return client.request({ method: 'POST', path: [parameters.flowId, 'deprecate'], operation: 'POST /{flow-id}/deprecate' }, options);
  });
}
