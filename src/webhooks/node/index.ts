/**
 * Webhooks on Node's own HTTP server, on the frameworks built on it, and on AWS Lambda.
 *
 * @module wa-coexist/webhooks/node
 */
export { toNodeHandler, type NodeHandler } from './to-node-handler.js';
export {
  toLambdaHandler,
  type LambdaBatchResult,
  type LambdaHandler,
  type LambdaHandlerOptions,
  type LambdaHttpResult,
} from './to-lambda-handler.js';
export { archiveTo } from './archive-to.js';
