import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { FlowDetails } from './flow.js';

/** Which flow, and what of it. */
export interface GetFlowParameters {
  readonly flowId: string;
  /**
   * Field names of Meta's; `preview.invalidate(false)` for the address of its preview, `health_status.phone_number(id)` for its health on a number.
   * @defaultValue Meta's: `id`, `name`, `status`, `categories`, `validation_errors`
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Reads a flow.
 *
 * Permission `whatsapp_business_management`. `GET /{flow-id}`. Source: Meta, Flows API (Dec 2025). Its metrics were taken out of the API on 30 Apr 2026.
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, getFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { status, preview } = await getFlow(client, {
 *   flowId: '1234567890123456',
 *   fields: ['status', 'preview.invalidate(false)'],
 * });
 * console.log(status, preview?.preview_url);
 * ```
 */
export function getFlow(client: Client, parameters: GetFlowParameters, options: RequestOptions = {}): ApiPromise<FlowDetails> {
  return readParameters('getFlow', parameters, options, () => {
    const { flowId, fields } = parameters;
    return client.request({ method: 'GET', path: [flowId], query: { fields: fields?.join(',') }, operation: 'GET /{flow-id}' }, options);
  });
}
