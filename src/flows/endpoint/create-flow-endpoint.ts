import type { KeyObject } from 'node:crypto';
import { FlowRequestError } from '../../errors/flow-request-error.js';
import { checkFunction, checkNumbers, checkObject, checkOneOf, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import type { Logger } from '../../runtime/logger.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { isRecord } from '../../runtime/json.js';
import { readStream } from '../../runtime/read-body.js';
import { within } from '../../runtime/within.js';
import { matchingSecret } from '../../webhooks/signature.js';
import { decryptFlowRequest, readPrivateKey, type FlowKey } from './decrypt-flow-request.js';
import { findScreenHandler, type FlowHandler, type FlowResult, type FlowScreenHandlers, type FlowTokenExpired } from './flow-handler.js';
import { verifyFlowTokenSignature } from './verify-flow-token-signature.js';

/** Options of {@link createFlowEndpoint}. */
export interface FlowEndpointOptions extends FlowKey {
  /**
   * App secret of the app that is connected to the flow, or several during a rotation. The endpoint verifies
   * `X-Hub-Signature-256` and `flow_token_signature` with it.
   */
  readonly appSecret?: string | readonly string[] | undefined;
  /**
   * Returns whether Meta sent a request. Replaces the check with `appSecret`:
   * `(body, header) => verifySignature(body, header, appSecret) >= 0`, with `verifySignature` of `wa-coexist/webhooks`.
   * The header is `X-Hub-Signature-256`.
   */
  readonly verify?: ((body: Uint8Array, header: string | null) => boolean | Promise<boolean>) | undefined;
  /**
   * Whether requests need a valid `flow_token_signature`. Requests with an invalid one get status 432. WhatsApp sends it
   * with version 7.3 of the flow JSON and `data_api_version` 4.0.
   * @defaultValue `'if-present'` with `appSecret`, otherwise `'ignore'`
   */
  readonly tokenSignature?: 'required' | 'if-present' | 'ignore' | undefined;
  /** Responds to `INIT`: the customer opens the flow. */
  readonly init?: FlowHandler | undefined;
  /** Handlers by screen and action. See {@link FlowScreenHandlers}. */
  readonly screens?: FlowScreenHandlers | undefined;
  /**
   * Responds to requests that have no handler in `init` and `screens`, within 10 seconds. The endpoint responds to health
   * checks and error reports itself.
   */
  readonly handle?: FlowHandler | undefined;
  /**
   * Receives errors that the flow reports, and failures of `verify` and the handlers.
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
   * Milliseconds that `verify` and the handler may take together. Afterwards, the endpoint responds with 500.
   * @defaultValue 10 000, Meta's own limit
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * Source of the time.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
}

const owner = 'createFlowEndpoint';
const defaultMaxBytes = 1024 * 1024;

/** Endpoint of a flow. {@link createFlowEndpoint} creates it. */
export interface FlowEndpoint {
  /** Handles a request, like other `fetch` handlers. It never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Creates the endpoint of flows that exchange data. It verifies the signature (status 432 if invalid), decrypts the
 * request (421 on failure), responds to health checks and error reports, encrypts the response, and reports expired
 * tokens (427). Upload the public key with `setEncryptionKey` first. Use {@link decryptFlowRequest} for your own
 * endpoint.
 *
 * Source: Meta, Implementing endpoints for flows (Dec 2025).
 *
 * @param options - The private key, the app secret and the handlers. See {@link FlowEndpointOptions}.
 * @throws `InvalidArgumentError` for an unreadable private key, a wrong passphrase, or another invalid option.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { completeFlow, createFlowEndpoint } from 'wa-coexist/flows';
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
 * const endpoint = createFlowEndpoint({
 *   privateKey,
 *   appSecret: 'app-secret',
 *   init: () => ({ screen: 'DETAILS', data: {} }),
 *   screens: {
 *     DETAILS: ({ data }) => ({ screen: 'CONFIRM', data: { guests: data?.guests } }),
 *     CONFIRM: {
 *       data_exchange: (request) => completeFlow(request, { booked: true }),
 *       BACK: () => ({ screen: 'DETAILS', data: {} }),
 *     },
 *   },
 * });
 * export default { fetch: endpoint.fetch };
 * ```
 */
export function createFlowEndpoint(options: FlowEndpointOptions): FlowEndpoint {
  return readOptions(owner, options, buildFlowEndpoint);
}

function buildFlowEndpoint(options: FlowEndpointOptions): FlowEndpoint {
  const { verify, handle, init, screens } = options;
  const { secrets, tokenSignature } = checkHandlers(options);
  checkNumbers(owner, options, {
    maxBytes: { unit: 'bytes' },
    uploadTimeoutMs: { unit: 'ms' },
    handlerTimeoutMs: { unit: 'ms' },
  });
  const { maxBytes = defaultMaxBytes, uploadTimeoutMs = 30_000, handlerTimeoutMs = 10_000 } = options;
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock ?? systemClock, logger);
  const privateKey: KeyObject = readPrivateKey(owner, options);

  const answer = async (httpRequest: Request): Promise<Response> => {
    const announced = Number(httpRequest.headers.get('content-length') ?? 0);
    if (announced > maxBytes) return new Response(null, { status: 413 });
    const read = httpRequest.body ? await readStream(httpRequest.body, { maxBytes, timeoutMs: uploadTimeoutMs, clock }) : undefined;
    if (read && read.type !== 'complete') return new Response(null, { status: read.type === 'too-large' ? 413 : 408 });
    const body = read ? read.bytes : new Uint8Array();
    const startedAtMs = clock.monotonic();
    const leftMs = (): number => Math.max(1, handlerTimeoutMs - (clock.monotonic() - startedAtMs));
    const header = httpRequest.headers.get('x-hub-signature-256');
    const verified = await within(clock, leftMs(), () => (verify ? verify(body, header) : matchingSecret(body, header, secrets) >= 0));
    if (verified.type === 'late') return timedOut('verify');
    // Accepts only `true`. Any other return value, such as a promise that the callback forgot to await, must not open
    // the endpoint.
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
    const isSigned = verifyFlowTokenSignature(request, secrets, { nowMs: clock.now() });
    const isChecked = tokenSignature === 'required' || (tokenSignature === 'if-present' && request.flow_token_signature !== undefined);
    if (isChecked && !isSigned) {
      logger.warn('flow.token_signature_invalid', { action: codeOf(request.action), screen: codeOf(request.screen) });
      return new Response(null, { status: 432 });
    }
    const handler = findScreenHandler(screens ?? {}, request) ?? (request.action === 'INIT' ? init : undefined) ?? handle;
    if (!handler) {
      const remedy = 'add a handler for this screen and action to screens, or a handle for all others';
      logger.error('flow.handler_missing', { action: codeOf(request.action), screen: codeOf(request.screen), remedy });
      return new Response(null, { status: 500 });
    }
    const handled = await within(clock, leftMs(), () => handler(request));
    if (handled.type === 'late') return timedOut('handle');
    const response = handled.value;
    checkObject(owner, 'the result of the handler', response);
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

/** Checks the handlers and the secrets. Returns the secrets and the mode of `flow_token_signature`. */
function checkHandlers(options: FlowEndpointOptions) {
  const { verify, appSecret, handle, init, screens } = options;
  checkFunction(owner, 'verify', verify, appSecret === undefined ? 'required' : 'optional');
  checkFunction(owner, 'init', init);
  checkFunction(owner, 'handle', handle, init === undefined && screens === undefined ? 'required' : 'optional');
  checkScreens(screens);
  const secrets = readSecrets(appSecret);
  const { tokenSignature = secrets.length > 0 ? 'if-present' : 'ignore' } = options;
  checkOneOf(owner, 'tokenSignature', tokenSignature, ['required', 'if-present', 'ignore']);
  if (tokenSignature !== 'ignore' && secrets.length === 0) {
    throw new InvalidArgumentError(owner, 'appSecret', `is missing. The check of flow_token_signature (${tokenSignature}) needs it`);
  }
  return { secrets, tokenSignature };
}

function readSecrets(appSecret: FlowEndpointOptions['appSecret']): readonly string[] {
  // Callers without TypeScript may pass any value.
  const given: unknown = appSecret;
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const secrets = list.filter((secret): secret is string => typeof secret === 'string' && secret !== '');
  if (secrets.length === 0 || secrets.length < list.length) {
    throw new InvalidArgumentError(owner, 'appSecret', 'must be the app secret, or a list of app secrets');
  }
  return secrets;
}

function checkScreens(screens: FlowScreenHandlers | undefined): void {
  if (screens === undefined) return;
  checkObject(owner, 'screens', screens);
  for (const [screen, own] of Object.entries<unknown>(screens)) {
    if (typeof own === 'function') continue;
    checkObject(owner, `screens.${screen}`, own);
    for (const [action, handler] of Object.entries(isRecord(own) ? own : {})) checkFunction(owner, `screens.${screen}.${action}`, handler);
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Returns the value if it has the form of Meta's names of screens, actions and errors. Other values may be the
 * customer's input.
 */
function codeOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : '[not a code]';
}

function isExpired(response: FlowResult): response is FlowTokenExpired {
  return typeof response.tokenExpired === 'string';
}

function textOf(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain' } });
}
