import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { FlowDetails } from './flow.js';

/** Parameters of {@link listFlows}: the WABA, the fields, and the part of the list. */
export interface ListFlowsParameters extends PageParameters {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /**
   * Names of the fields to return.
   * @defaultValue Meta's: `id`, `name`, `status`, `categories`, `validation_errors`
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Lists the flows of a WABA. It fetches pages on demand. See {@link getFlow} and {@link Listing}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The WABA, the fields to return, and the part of the list. See {@link ListFlowsParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listFlows } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const { id, name, status } of listFlows(client)) console.log(id, name, status);
 * ```
 */
export function listFlows(client: Client, parameters: ListFlowsParameters = {}, options: RequestOptions = {}): Listing<FlowDetails> {
  return readParameters('listFlows', parameters, options, () => {
    const { wabaId, fields, limit } = parameters;
    const id = wabaIdOf(client, 'listFlows', wabaId);
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [id, 'flows'], query: { fields: fields?.join(','), limit, after }, operation: 'GET /{waba-id}/flows' },
          options,
        ),
      parameters.after,
    );
  });
}
