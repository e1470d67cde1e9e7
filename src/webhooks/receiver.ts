import { createSecretKey, type KeyObject } from 'node:crypto';
import { attachDeliveryError } from './delivery-error.js';
import { DeliveryNotHandledError, RawBodyMissingError } from './webhook-errors.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { overrideVerifyTokens } from '../runtime/override-tokens.js';
import type { CredentialSource } from './credential-source.js';
import { answerHandshake, handshakeFault, handshakeRemedy, hasVerifyToken, type HandshakeFault } from './handshake.js';
import { parseJsonBody } from './json-body.js';
import { readStream, type BodyRead } from '../runtime/read-body.js';
import type { ReceivedDelivery } from './received-event.js';
import { createRequestLog } from './request-log.js';
import { isSignature, matchingSecret } from './signature.js';
import type { Counters } from './stats.js';

/** What a receiver works with. */
export interface ReceiverOptions {
  readonly appSecrets: CredentialSource;
  readonly verifyTokens: CredentialSource;
  readonly maxBytes: number;
  /** Milliseconds in which the body of a request must have arrived. */
  readonly uploadTimeoutMs: number;
  /** Aborts when the receiver closes: uploads that have not arrived in full are not waited for. */
  readonly closing: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: Counters;
  /** Receives a verified delivery. The response is 200 after the promise resolves. */
  readonly take: (received: GenuineDelivery) => Promise<void>;
}

/** A delivery whose signature was checked. */
export interface GenuineDelivery {
  readonly bytes: Uint8Array;
  /** The bytes as JSON. */
  readonly body: unknown;
  readonly delivery: Omit<ReceivedDelivery, 'attempt'>;
}

/** Digits of the signature in the ID of a delivery: enough to be unique, too few to sign with. */
const idDigits = 32;

/** Answers Meta's requests: the handshake, and deliveries, whose signature is checked before anything in them is looked at. */
export function createReceiver(options: ReceiverOptions): (request: Request) => Promise<Response> {
  const { appSecrets, verifyTokens, maxBytes, uploadTimeoutMs, closing, clock, logger, counters, take } = options;
  /** Keys of the secrets of the last request: most receivers have the same ones for all requests. */
  let known: { readonly secrets: readonly string[]; readonly keys: readonly KeyObject[] } | undefined;
  const keysOf = (secrets: readonly string[]): readonly KeyObject[] => {
    if (known?.secrets !== secrets) {
      known = { secrets, keys: secrets.filter((secret) => secret !== '').map((secret) => createSecretKey(secret, 'utf8')) };
    }
    return known.keys;
  };

  const log = createRequestLog(clock, logger);
  const rejectSignature = (event: string, reason: string, remedy: string): Response => {
    counters.forged += 1;
    log.warn(event, reason, remedy);
    return answer(401);
  };
  const answerDelivery = async (request: Request): Promise<Response> => {
    let isTaking = false;
    let isLookingUp = false;
    let deliveryId: string | undefined;
    try {
      if (request.bodyUsed) {
        counters.rawBodyMissing += 1;
        const error = new RawBodyMissingError();
        log.error('webhook.raw_body_missing', { error });
        // For developers who try the endpoint by hand. It contains only what the documentation does.
        return new Response(error.message, { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' } });
      }
      const { headers, body: stream } = request;
      const announced = Number(headers.get('content-length') ?? 0);
      const read =
        announced > maxBytes
          ? tooLarge
          : stream
            ? await readStream(stream, { maxBytes, timeoutMs: uploadTimeoutMs, clock, signal: closing })
            : empty;
      if (closing.aborted) return answer(503);
      if (read.type !== 'complete') {
        if (read.type === 'too-large') counters.tooLarge += 1;
        return answer(read.type === 'too-large' ? 413 : 408);
      }
      const { bytes } = read;
      const signature = headers.get('x-hub-signature-256');
      if (signature === null) {
        return rejectSignature(
          'webhook.signature_missing',
          'the request has no X-Hub-Signature-256 header',
          'Meta signs every delivery: it is not from Meta, or a proxy removes the header',
        );
      }
      // Before the look-up, so that strangers can't cause one with every request.
      if (!isSignature(signature)) {
        return rejectSignature(
          'webhook.signature_invalid',
          'the X-Hub-Signature-256 header is not "sha256=" and 64 lower-case hexadecimal digits',
          'it is not from Meta, or a proxy changes the header',
        );
      }
      isLookingUp = true;
      const found = appSecrets(request);
      const secrets = found instanceof Promise ? await found : found;
      isLookingUp = false;
      const secretIndex = matchingSecret(bytes, signature, keysOf(secrets));
      if (secretIndex === -1) {
        return rejectSignature(
          'webhook.signature_invalid',
          secrets.length === 0 ? 'the appSecret function found no secret for the request' : 'the signature matches no appSecret',
          'it is not from Meta, or appSecret belongs to another app, or something changed the body on its way',
        );
      }
      let body: unknown;
      try {
        body = parseJsonBody(bytes);
      } catch {
        counters.notJson += 1;
        logger.warn('webhook.not_json', { bytes: bytes.length });
        return answer(400);
      }
      counters.deliveries += 1;
      isTaking = true;
      deliveryId = signature.slice('sha256='.length, 'sha256='.length + idDigits);
      await take({ bytes, body, delivery: { id: deliveryId, receivedAt: new Date(clock.now()), secretIndex } });
      return answer(200);
    } catch (error) {
      if (isLookingUp) {
        counters.notTaken += 1;
        log.error('webhook.app_secret_failed', { error, consequence: 'the delivery got the status 500, and Meta delivers it again' });
      } else if (isTaking && !(error instanceof DeliveryNotHandledError)) {
        counters.notTaken += 1;
        logger.error('webhook.delivery_not_taken', { deliveryId, error });
      } else {
        // The dispatcher has logged failed handlers. A broken connection needs no entry.
        logger.debug('webhook.delivery_not_handled', { deliveryId, error });
      }
      return attachDeliveryError(answer(500), error);
    }
  };

  const answerCheck = async (request: Request): Promise<Response> => {
    const query = new URL(request.url).searchParams;
    let fault: HandshakeFault | undefined = handshakeFault(query);
    if (fault === undefined) {
      let tokens: readonly string[];
      try {
        tokens = await verifyTokens(request);
      } catch (error) {
        counters.handshake += 1;
        log.error('webhook.handshake_failed', { reason: 'the verifyToken function failed', error });
        return answer(500);
      }
      if (!hasVerifyToken(query, [...tokens, ...overrideVerifyTokens()])) {
        fault = tokens.length === 0 ? 'no-verify-token' : 'wrong-verify-token';
      }
    }
    if (fault !== undefined) counters.handshake += 1;
    // Health checks arrive every few seconds.
    if (fault !== undefined && fault !== 'no-parameters') log.warn('webhook.handshake_rejected', fault, handshakeRemedy(fault));
    return answerHandshake(query, fault);
  };

  return (request) => {
    if (request.method === 'POST') return answerDelivery(request);
    if (request.method === 'GET') return answerCheck(request);
    return Promise.resolve(new Response(null, { status: 405, headers: { allow: 'GET, POST' } }));
  };
}

const tooLarge: BodyRead = { type: 'too-large' };
const empty: BodyRead = { type: 'complete', bytes: new Uint8Array() };

function answer(status: number): Response {
  return new Response(null, { status });
}
