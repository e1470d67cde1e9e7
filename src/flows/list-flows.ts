import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { FlowDetails } from './flow.js';

/** Which WABA's, what of them, and which part of the list. */
export interface ListFlowsParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Field names of Meta's. @defaultValue Meta's: `id`, `name`, `status`, `categories`, `validation_errors` */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Lists the flows of a WABA, page after page as they are needed.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
