import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link listFlowAssets}: the flow, and the part of the list. */
export interface ListFlowAssetsParameters extends PageParameters {
  readonly flowId: string;
}

/** A file of a flow. */
export interface FlowAsset {
  readonly name: string;
  /** `FLOW_JSON` or a value that Meta adds. */
  readonly asset_type: string;
  /** Temporary URL of the file. It needs no token. */
  readonly download_url: string;
}

/**
 * Lists the files of a flow with their URLs. Currently, this is only its JSON. See {@link uploadFlowJson}.
 *
 * Permission: `whatsapp_business_management`. `GET /{flow-id}/assets`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The flow ID, and the part of the list. See {@link ListFlowAssetsParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listFlowAssets } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * for await (const { name, download_url } of listFlowAssets(client, { flowId: '1234567890123456' }))
 *   console.log(name, download_url);
 * ```
 */
export function listFlowAssets(client: Client, parameters: ListFlowAssetsParameters, options: RequestOptions = {}): Listing<FlowAsset> {
  return readParameters('listFlowAssets', parameters, options, () => {
    const { flowId, limit } = parameters;
    return listing(
      (after) =>
        client.request({ method: 'GET', path: [flowId, 'assets'], query: { limit, after }, operation: 'GET /{flow-id}/assets' }, options),
      parameters.after,
    );
  });
}
