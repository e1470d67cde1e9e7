import type { KeyObject } from 'node:crypto';
import { FlowRequestError } from '../errors/flow-request-error.js';
import { checkFunction, checkNumbers, checkObject, readOptions } from '../errors/check-options.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { resolveClock } from '../runtime/clock-guard.js';
import type { Logger } from '../runtime/logger.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { readStream } from '../runtime/read-body.js';
import { within } from '../runtime/within.js';
import { decryptFlowRequest, readPrivateKey, type FlowKey } from './decrypt-flow-request.js';
import type { FlowRequest, FlowResponse } from './flow-request.js';

/** Response to an expired `flow_token`. WhatsApp shows the text to the customer, who can't continue. */
export interface FlowTokenExpired {
  readonly tokenExpired: string;
}

/** Options of {@link createFlowEndpoint}. */
export interface FlowEndpointOptions extends FlowKey {
  /**
   * Reports whether Meta sent a request: `(body, header) => verifySignature(body, header, appSecret) >= 0`, with
   * `verifySignature` of `wa-coexist/webhooks`. The header is `X-Hub-Signature-256`.
   */
  readonly verify: (body: Uint8Array, header: string | null) => boolean | Promise<boolean>;
  /**
   * Returns the response to `INIT`, `data_exchange` and `BACK`, within 10 seconds. The endpoint responds to health
   * checks and error reports itself.
   */
  readonly handle: (request: FlowRequest) => FlowResponse | FlowTokenExpired | Promise<FlowResponse | FlowTokenExpired>;
  /**
   * Receives errors that the flow reports, and failures of `verify` and `handle`.
   * @defaultValue prints each kind of warning once to stderr
   */
  readonly logger?: Logger | undefined;
  /**
   * Maximum size of a request body in bytes. Larger requests get status 413 before the signature is checked.
   * @defaultValue 1 MiB
   */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds in which the body of a request must arrive. Slower uploads get status 408.
   * @defaultValue 30 000
   */
  readonly uploadTimeoutMs?: number | undefined;
  /**
   * Milliseconds that `verify` and `handle` may take together. After that, the endpoint responds with 500.
   * @defaultValue 10 000, Meta's own limit
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * Source of the time.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
}

const defaultMaxBytes = 1024 * 1024;

/** Endpoint of a flow. {@link createFlowEndpoint} creates it. */
export interface FlowEndpoint {
  /** Handles a request, as other `fetch` handlers do. It never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Creates the endpoint of flows that exchange data. It verifies the signature (status 432 if invalid), decrypts the
 * request (421 on failure), responds to health checks and error reports, encrypts the response, and reports expired
 * tokens (427). Upload the public key with `setEncryptionKey` first. Use {@link decryptFlowRequest} for an endpoint of
 * your own.
 *
 * Source: Meta, Implementing endpoints for flows (Dec 2025).
 *
 * @param options - The private key, the signature check and the handler. See {@link FlowEndpointOptions}.
 * @throws {@link InvalidArgumentError} for an unreadable private key, a wrong passphrase, or another invalid option.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { createFlowEndpoint } from 'wa-coexist/flows';
 * import { verifySignature } from 'wa-coexist/webhooks';
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
 * const endpoint = createFlowEndpoint({
 *   privateKey,
 *   verify: (body, header) => verifySignature(body, header, 'app secret') >= 0,
 *   handle: ({ action }) => (action === 'INIT' ? { screen: 'START', data: {} } : { screen: 'SUCCESS', data: {} }),
 * });
 * export default { fetch: endpoint.fetch };
 * ```
 */
export function createFlowEndpoint(options: FlowEndpointOptions): FlowEndpoint {
  return readOptions('createFlowEndpoint', options, buildFlowEndpoint);
}

function buildFlowEndpoint(options: FlowEndpointOptions): FlowEndpoint {
  checkFunction('createFlowEndpoint', 'verify', options.verify, 'required');
  checkFunction('createFlowEndpoint', 'handle', options.handle, 'required');
  checkNumbers('createFlowEndpoint', options, {
    maxBytes: { unit: 'bytes' },
    uploadTimeoutMs: { unit: 'ms' },
    handlerTimeoutMs: { unit: 'ms' },
  });
  const { verify, handle, maxBytes = defaultMaxBytes, uploadTimeoutMs = 30_000, handlerTimeoutMs = 10_000 } = options;
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock ?? systemClock, logger);
  const privateKey: KeyObject = readPrivateKey('createFlowEndpoint', options);

  const answer = async (httpRequest: Request): Promise<Response> => {
    const announced = Number(httpRequest.headers.get('content-length') ?? 0);
    if (announced > maxBytes) return new Response(null, { status: 413 });
    const read = httpRequest.body ? await readStream(httpRequest.body, { maxBytes, timeoutMs: uploadTimeoutMs, clock }) : undefined;
    if (read && read.type !== 'complete') return new Response(null, { status: read.type === 'too-large' ? 413 : 408 });
    const body = read ? read.bytes : new Uint8Array();
    const startedAtMs = clock.monotonic();
    const leftMs = (): number => Math.max(1, handlerTimeoutMs - (clock.monotonic() - startedAtMs));
    const verified = await within(clock, leftMs(), () => verify(body, httpRequest.headers.get('x-hub-signature-256')));
    if (verified.type === 'late') return timedOut('verify');
    // Accept only `true`: another return value, such as a promise that the callback forgot to await, must not open the
    // endpoint.
    const isVerified: unknown = verified.value;
    if (isVerified !== true) return new Response(null, { status: 432 });
    const { request, encrypt } = decryptFlowRequest(parsed(body), { privateKey });
    if (request.action === 'ping') return textOf(encrypt({ data: { status: 'active' } }));
    if (request.data?.error !== undefined) {
      // The rest of the report may contain the customer's input.
      logger.warn('flow.error_reported', {
        action: codeOf(request.action),
        screen: codeOf(request.screen),
        error: codeOf(request.data.error),
      });
      return textOf(encrypt({ data: { acknowledged: true } }));
    }
    const handled = await within(clock, leftMs(), () => handle(request));
    if (handled.type === 'late') return timedOut('handle');
    const response = handled.value;
    checkObject('createFlowEndpoint', 'handle', response);
    return isExpired(response) ? textOf(encrypt({ error_msg: response.tokenExpired }), 427) : textOf(encrypt(response));
  };

  const timedOut = (callback: 'verify' | 'handle'): Response => {
    logger.error('flow.handler_timed_out', { callback, handlerTimeoutMs });
    return new Response(null, { status: 500 });
  };

  return {
    async fetch(httpRequest) {
      try {
        return await answer(httpRequest);
      } catch (error) {
        if (error instanceof FlowRequestError) return new Response(null, { status: error.httpStatus });
        logger.error('flow.handler_failed', { error });
        return new Response(null, { status: 500 });
      }
    },
  };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns one of Meta's names of screens, actions and errors. Other values may be the customer's input. */
function codeOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : '[not a code]';
}

function isExpired(response: FlowResponse | FlowTokenExpired): response is FlowTokenExpired {
  return typeof response.tokenExpired === 'string';
}

function textOf(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain' } });
}
