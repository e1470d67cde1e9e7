import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { FlowCategory, FlowValidationError } from './flow.js';

/** A new flow. */
export interface CreateFlowParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Each name once a WABA. */
  readonly name: string;
  readonly categories: readonly FlowCategory[];
  /** The flow's JSON, as it is or as a text. @defaultValue Meta's "Hello world" */
  readonly flowJson?: string | Readonly<Record<string, unknown>> | undefined;
  /** A flow to begin with. */
  readonly clone_flow_id?: string | undefined;
  /** Where the flow's endpoint is, from version 3.0 of its JSON on. */
  readonly endpoint_uri?: string | undefined;
  /** Whether it is published at once, if it has no mistakes. */
  readonly publish?: boolean | undefined;
}

/** A flow that was made; with mistakes it is a draft. */
export interface CreatedFlow {
  readonly id: string;
  readonly success?: boolean;
  readonly validation_errors?: readonly FlowValidationError[];
}

/**
 * Makes a flow. Mistakes in its JSON are no error: they are in the answer.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, createFlow } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { id, validation_errors } = await createFlow(client, { name: 'Booking', categories: ['APPOINTMENT_BOOKING'] });
 * console.log(id, validation_errors);
 * ```
 */
export function createFlow(client: Client, parameters: CreateFlowParameters, options: RequestOptions = {}): ApiPromise<CreatedFlow> {
  return readParameters('createFlow', parameters, options, () => {
    const { wabaId, flowJson, ...flow } = parameters;
    const id = wabaIdOf(client, 'createFlow', wabaId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'flows'],
        body: { ...flow, flow_json: typeof flowJson === 'object' ? JSON.stringify(flowJson) : flowJson },
        partial: 'validation_errors',
        operation: 'POST /{waba-id}/flows',
      },
      options,
    );
  });
}
