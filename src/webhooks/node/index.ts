/**
 * Webhooks on Node's own HTTP server, and on the frameworks built on it.
 *
 * @module wa-coexist/webhooks/node
 */
export { toNodeHandler, type NodeHandler } from './to-node-handler.js';
export { archiveTo } from './archive-to.js';
