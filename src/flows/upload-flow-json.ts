import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { FlowValidationError } from './flow.js';

/** Which flow, and its JSON. */
export interface UploadFlowJsonParameters {
  readonly flowId: string;
  /** As it is, or as a text; at most 10 MB. */
  readonly flowJson: string | Readonly<Record<string, unknown>>;
}

/** The JSON was taken; whether it is right, `validation_errors` tells. */
export interface UploadedFlowJson {
  readonly success: boolean;
  readonly validation_errors?: readonly FlowValidationError[];
}

/**
 * Uploads the JSON of a draft. Mistakes in it are no error: they are in the answer, with line and column.
 *
 * Permission `whatsapp_business_management`. `POST /{flow-id}/assets`, a form. Source: Meta, Flows API (Dec 2025).
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, uploadFlowJson } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const flowJson = { version: '7.0', screens: [{ id: 'START', title: 'Hello', terminal: true, layout: { type: 'SingleColumnLayout', children: [] } }] };
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
