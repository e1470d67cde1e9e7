/**
 * The endpoint that Meta calls while a customer fills in a Flow: decryption, health checks and encrypted responses.
 *
 * @module wa-coexist/flows
 */

// errors

// flows
export { createFlowEndpoint, type FlowTokenExpired, type FlowEndpointOptions, type FlowEndpoint } from './create-flow-endpoint.js';
export { decryptFlowRequest, type FlowKey, type DecryptedFlowRequest } from './decrypt-flow-request.js';
export type { FlowRequest, FlowResponse } from './flow-request.js';
export type { FlowCategory, FlowValidationError } from './flow.js';
