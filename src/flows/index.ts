/**
 * Flows: the endpoint that Meta calls while a customer fills in a Flow, its files and replies, and the JSON of Flows.
 *
 * @module wa-coexist/flows
 */

// errors

// flows
export { createFlowEndpoint, type FlowEndpointOptions, type FlowEndpoint } from './endpoint/create-flow-endpoint.js';
export { decryptFlowRequest, type FlowKey, type DecryptedFlowRequest } from './endpoint/decrypt-flow-request.js';
export {
  completeFlow,
  flowHandler,
  type CheckedFlowRequest,
  type FlowActionHandlers,
  type FlowHandler,
  type FlowHandlerOptions,
  type FlowResult,
  type FlowScreenHandlers,
  type FlowTokenExpired,
} from './endpoint/flow-handler.js';
export type { FlowRequest, FlowResponse } from './endpoint/flow-request.js';
export { verifyFlowTokenSignature, type FlowTokenSignatureOptions } from './endpoint/verify-flow-token-signature.js';
export { decryptFlowMedia } from './media/decrypt-flow-media.js';
export { downloadFlowMedia, type DownloadFlowMediaParameters, type FlowMediaFile } from './media/download-flow-media.js';
export { readFlowMedia, type FlowMedia, type FlowMediaEncryption } from './media/flow-media.js';
export { parseFlowReply, type FlowIssue, type FlowReply } from './reply/parse-flow-reply.js';
export { defineFlow } from './json/define-flow.js';
export type * from './json/flow-actions.js';
export type * from './json/flow-components.js';
export type { FlowFinding } from './json/flow-finding.js';
export type { FlowDataField, FlowJson, FlowScreen } from './json/flow-json.js';
export { lintFlow, type LintFlowOptions } from './json/lint-flow.js';
export type { FlowCategory, FlowValidationError } from './flow.js';
export type { StandardSchema, StandardResult } from '../runtime/standard-schema.js';
