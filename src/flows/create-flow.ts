import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { FlowCategory, FlowValidationError } from './flow.js';
import type { FlowJson } from './json/flow-json.js';

/** Parameters of {@link createFlow}. */
export interface CreateFlowParameters {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /** Name of the flow, unique in its WABA. */
  readonly name: string;
  readonly categories: readonly FlowCategory[];
  /**
   * JSON of the flow, as an object, as text, or from `defineFlow`.
   * @defaultValue Meta's "Hello world"
   */
  readonly flowJson?: string | FlowJson | Readonly<Record<string, unknown>> | undefined;
  /** ID of a flow to copy. */
  readonly clone_flow_id?: string | undefined;
  /** URL of the flow's endpoint, for version 3.0 or later of the flow JSON. */
  readonly endpoint_uri?: string | undefined;
  /** Whether to publish the flow immediately if it has no validation errors. */
  readonly publish?: boolean | undefined;
}

/** A created flow. With validation errors, it is a draft. */
export interface CreatedFlow {
  readonly id: string;
  readonly success?: boolean;
  readonly validation_errors?: readonly FlowValidationError[];
}

/**
 * Creates a flow. Validation errors of its JSON don't reject the promise: the response contains them. See
 * {@link uploadFlowJson} and {@link publishFlow}.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/flows`. Source: Meta, Flows API (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Name, categories and JSON of the flow. See {@link CreateFlowParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
