import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { FlowDetails } from './flow.js';

/** Parameters of {@link getFlow}. */
export interface GetFlowParameters {
  readonly flowId: string;
  /**
   * Names of the fields to return. `preview.invalidate(false)` returns the URL of the preview,
   * `health_status.phone_number(id)` the health on a number.
   * @defaultValue Meta's: `id`, `name`, `status`, `categories`, `validation_errors`
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Reads a flow. {@link listFlows} reads all flows of a WABA.
 *
 * Permission: `whatsapp_business_management`. `GET /{flow-id}`. Source: Meta, Flows API (Dec 2025). Meta removed the
 * metrics of flows from the API on 30 Apr 2026.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID and the fields to return. See {@link GetFlowParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
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
