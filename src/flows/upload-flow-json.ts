import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { FlowValidationError } from './flow.js';
import type { FlowJson } from './json/flow-json.js';

/** Parameters of {@link uploadFlowJson}. */
export interface UploadFlowJsonParameters {
  readonly flowId: string;
  /** JSON of the flow, as an object, as text, or from `defineFlow`, at most 10 MB. */
  readonly flowJson: string | FlowJson | Readonly<Record<string, unknown>>;
}

/** Result of {@link uploadFlowJson}. Meta accepted the JSON. `validation_errors` lists its errors. */
export interface UploadedFlowJson {
  readonly success: boolean;
  readonly validation_errors?: readonly FlowValidationError[];
}

/**
 * Uploads the JSON of a draft. Validation errors don't reject the promise: the response contains them with line and
 * column. See {@link createFlow} and {@link publishFlow}.
 *
 * Permission: `whatsapp_business_management`. `POST /{flow-id}/assets`, a form. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID and its JSON. See {@link UploadFlowJsonParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, uploadFlowJson } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const flowJson = {
 *   version: '7.0',
 *   screens: [{ id: 'START', title: 'Hello', terminal: true, layout: { type: 'SingleColumnLayout', children: [] } }],
 * };
 * const { validation_errors } = await uploadFlowJson(client, { flowId: '1234567890123456', flowJson });
 * console.log(validation_errors);
 * ```
 */
export function uploadFlowJson(
  client: Client,
  parameters: UploadFlowJsonParameters,
  options: RequestOptions = {},
): ApiPromise<UploadedFlowJson> {
  return readParameters('uploadFlowJson', parameters, options, () => {
    const { flowId, flowJson } = parameters;
    const form = new FormData();
    form.set('name', 'flow.json');
    form.set('asset_type', 'FLOW_JSON');
    const text = typeof flowJson === 'string' ? flowJson : JSON.stringify(flowJson);
    form.set('file', new File([text], 'flow.json', { type: 'application/json' }));
    return client.request(
      { method: 'POST', path: [flowId, 'assets'], body: form, partial: 'validation_errors', operation: 'POST /{flow-id}/assets' },
      options,
    );
  });
}
