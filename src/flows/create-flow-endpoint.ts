import { createPrivateKey } from 'node:crypto';
import { FlowRequestError } from '../errors/flow-request-error.js';
import { silentLogger, type Logger } from '../runtime/logger.js';
import { decryptFlowRequest, type FlowKey } from './decrypt-flow-request.js';
import type { FlowRequest, FlowResponse } from './flow-request.js';

/** Says to WhatsApp that a `flow_token` is no longer good: the customer sees the message and cannot go on. */
export interface FlowTokenExpired {
  readonly tokenExpired: string;
}

/** Options of {@link createFlowEndpoint}. */
export interface FlowEndpointOptions extends FlowKey {
  /**
   * Whether a request is from Meta: `(body, header) => verifySignature(body, header, appSecret) >= 0`, with `verifySignature` of
   * `wa-coexist/webhooks`. The header is `X-Hub-Signature-256`.
   */
  readonly verify: (body: Uint8Array, header: string | null) => boolean;
  /** Answers `INIT`, `data_exchange` and `BACK`, within 10 seconds. Health checks and reports of errors are answered for it. */
  readonly handle: (request: FlowRequest) => FlowResponse | FlowTokenExpired | Promise<FlowResponse | FlowTokenExpired>;
  /** Where reports of errors that the flow sends go, and failures of `handle`. @defaultValue nowhere */
  readonly logger?: Logger;
}

/** An endpoint. */
export interface FlowEndpoint {
  /** Takes a request as `fetch` handlers do. Never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Makes the endpoint of flows that exchange data: it checks the signature (432), decrypts (421), answers health checks and reports of errors,
 * encrypts the answer, and tells of an expired token (427).
 *
 * Source: Meta, Implementing endpoints for flows (Dec 2025).
 *
 * @throws what Node throws for a private key that is none, or a wrong passphrase.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { createFlowEndpoint } from 'wa-coexist';
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
  const { passphrase, verify, handle, logger = silentLogger } = options;
  const privateKey =
    typeof options.privateKey === 'string'
      ? createPrivateKey({ key: options.privateKey, ...(passphrase !== undefined && { passphrase }) })
      : options.privateKey;

  const answer = async (httpRequest: Request): Promise<Response> => {
    const body = new Uint8Array(await httpRequest.arrayBuffer());
    if (!verify(body, httpRequest.headers.get('x-hub-signature-256'))) return new Response(null, { status: 432 });
    const { request, encrypt } = decryptFlowRequest(parsed(body), { privateKey });
    if (request.action === 'ping') return textOf(encrypt({ data: { status: 'active' } }));
    if (request.data?.error !== undefined) {
      logger.warn('a flow reported an error', { action: request.action, screen: request.screen, error: request.data.error });
      return textOf(encrypt({ data: { acknowledged: true } }));
    }
    const response = await handle(request);
    return isExpired(response) ? textOf(encrypt({ error_msg: response.tokenExpired }), 427) : textOf(encrypt(response));
  };

  return {
    async fetch(httpRequest) {
      try {
        return await answer(httpRequest);
      } catch (error) {
        if (error instanceof FlowRequestError) return new Response(null, { status: error.httpStatus });
        logger.error('a flow endpoint could not answer', { error });
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

function isExpired(response: FlowResponse | FlowTokenExpired): response is FlowTokenExpired {
  return typeof response.tokenExpired === 'string';
}

function textOf(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain' } });
}
