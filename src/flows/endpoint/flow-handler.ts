import { checkFunction, checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { validateStandard } from '../../errors/validate-standard.js';
import { isStandardSchema, type StandardSchema } from '../../runtime/standard-schema.js';
import type { FlowIssue } from '../reply/parse-flow-reply.js';
import type { FlowRequest, FlowResponse } from './flow-request.js';

/** Response to an expired `flow_token`. WhatsApp shows the text to the customer, who can't continue. */
export interface FlowTokenExpired {
  readonly tokenExpired: string;
}

/** The result of a handler. */
export type FlowResult = FlowResponse | FlowTokenExpired;

/** Responds to a request of a Flow, within 10 seconds. */
export type FlowHandler = (request: FlowRequest) => FlowResult | Promise<FlowResult>;

/**
 * Handlers of a screen, by action. `INIT` and `BACK` rarely have a screen. With `BACK`, it is the one that the customer
 * leaves. Meta may add actions.
 */
export interface FlowActionHandlers {
  readonly data_exchange?: FlowHandler | undefined;
  readonly BACK?: FlowHandler | undefined;
  readonly INIT?: FlowHandler | undefined;
  readonly [action: string]: FlowHandler | undefined;
}

/** Handlers by screen. A function handles `data_exchange`. */
export type FlowScreenHandlers = Readonly<Record<string, FlowHandler | FlowActionHandlers>>;

/** A request whose data a schema checked. See {@link FlowRequest}. */
export interface CheckedFlowRequest<Data> {
  readonly version: string;
  readonly action: string;
  readonly screen?: string;
  /** The output of the schema. */
  readonly data: Data;
  readonly flow_token?: string;
  readonly [field: string]: unknown;
}

/** Options of {@link flowHandler}. */
export interface FlowHandlerOptions {
  /**
   * Returns the response to data that doesn't match the schema.
   * @defaultValue the same screen, with the messages of the schema as its `error_message`, which WhatsApp shows
   */
  readonly onInvalid?: ((issues: readonly FlowIssue[], request: FlowRequest) => FlowResult | Promise<FlowResult>) | undefined;
}

/**
 * Creates a handler whose data has the type of a schema. Invalid data doesn't reach the handler.
 *
 * @param schema - A schema that implements Standard Schema, for the `data` of the request.
 * @param handler - The handler.
 * @param options - See {@link FlowHandlerOptions}.
 * @returns a handler for `createFlowEndpoint({ screens })`
 * @throws `InvalidArgumentError` if the schema isn't a Standard Schema, or the handler isn't a function
 *
 * @example
 * ```ts
 * import { completeFlow, flowHandler } from 'wa-coexist/flows';
 * import * as z from 'zod';
 *
 * const details = flowHandler(z.object({ guests: z.coerce.number() }), (request) =>
 *   completeFlow(request, { guests: request.data.guests }),
 * );
 * console.log(typeof details);
 * ```
 */
export function flowHandler<Data>(
  schema: StandardSchema<unknown, Data>,
  handler: (request: CheckedFlowRequest<Data>) => FlowResult | Promise<FlowResult>,
  options: FlowHandlerOptions = {},
): FlowHandler {
  if (!isStandardSchema(schema)) throw new InvalidArgumentError('flowHandler', 'schema', 'must implement Standard Schema');
  // Callers without TypeScript may pass any value.
  const given: unknown = handler;
  if (typeof given !== 'function') throw new InvalidArgumentError('flowHandler', 'handler', 'must be a function');
  checkObject('flowHandler', 'options', options);
  const { onInvalid = showIssues } = options;
  checkFunction('flowHandler', 'onInvalid', onInvalid);
  return async (request) => {
    const result = await validateStandard('flowHandler', schema, request.data ?? {});
    return result.issues ? onInvalid(result.issues, request) : handler({ ...request, data: result.value });
  };
}

/**
 * Creates the response that ends a Flow. WhatsApp closes it and sends an `nfm_reply` with the values and the
 * `flow_token`. Read it with {@link parseFlowReply}.
 *
 * Source: Meta, Implementing endpoints for Flows (Dec 2025).
 *
 * @param request - The request to respond to. Only its `flow_token` is needed.
 * @param values - The values of the reply.
 * @returns the response
 *
 * @example
 * ```ts
 * import { completeFlow } from 'wa-coexist/flows';
 *
 * const request = { version: '3.0', action: 'data_exchange', screen: 'DETAILS', flow_token: 'booking-4711' };
 * console.log(completeFlow(request, { table: 7 }));
 * ```
 */
export function completeFlow(
  request: { readonly flow_token?: string | undefined },
  values: Readonly<Record<string, unknown>> = {},
): FlowResponse {
  return { screen: 'SUCCESS', data: { extension_message_response: { params: { ...values, flow_token: request.flow_token } } } };
}

/** Finds the handler for the screen and the action of a request. Returns `undefined` if there is none. */
export function findScreenHandler(screens: FlowScreenHandlers, { screen, action }: FlowRequest): FlowHandler | undefined {
  const own = typeof screen === 'string' && Object.hasOwn(screens, screen) ? screens[screen] : undefined;
  if (typeof own === 'function') return action === 'data_exchange' ? own : undefined;
  return own && Object.hasOwn(own, action) ? own[action] : undefined;
}

function showIssues(issues: readonly FlowIssue[], { screen }: FlowRequest): FlowResponse {
  return { ...(screen !== undefined && { screen }), data: { error_message: issues.map(({ message }) => message).join(' ') } };
}
