import { createHash, timingSafeEqual } from 'node:crypto';
import { overrideVerifyTokens } from '../runtime/override-tokens.js';
import type { CredentialSource } from './credential-source.js';
import type { RequestLog } from './request-log.js';
import type { Counters } from './stats.js';

/** Dependencies of handshakes. */
export interface HandshakeContext {
  readonly verifyTokens: CredentialSource;
  readonly counters: Counters;
  readonly requestLog: RequestLog;
}

/**
 * The reason why a handshake is invalid. `no-parameters`: it isn't from Meta, for example a health check.
 * `no-verify-token`: the receiver has no token to compare.
 */
type HandshakeFault =
  'no-parameters' | 'wrong-verify-token' | 'no-verify-token' | 'missing-verify-token' | 'wrong-mode' | 'missing-challenge';

/** Checks a handshake without its verify token, so incomplete requests cause no token look-up. */
function handshakeFault(query: URLSearchParams): HandshakeFault | undefined {
  if (!query.has('hub.verify_token')) {
    return query.has('hub.mode') || query.has('hub.challenge') ? 'missing-verify-token' : 'no-parameters';
  }
  if (query.get('hub.mode') !== 'subscribe') return 'wrong-mode';
  return query.has('hub.challenge') ? undefined : 'missing-challenge';
}

/** Whether the verify token of a handshake is one of these. Compares all of them in constant time. */
function hasVerifyToken(query: URLSearchParams, verifyTokens: readonly string[]): boolean {
  const token = query.get('hub.verify_token') ?? '';
  return verifyTokens.filter((expected) => isSameText(token, expected) && expected !== '').length > 0;
}

/** Describes how to fix a fault. */
function handshakeRemedy(fault: HandshakeFault): string {
  if (fault === 'no-verify-token') return 'the verifyToken function found no token for the request';
  if (fault === 'wrong-verify-token') {
    return "verifyToken differs from the verify token in the app's webhook settings at Meta, or in the callback override of the number or WABA";
  }
  return 'the request is not from Meta, or a proxy changes the query';
}

/**
 * Responds to the request with which Meta verifies an endpoint: `hub.challenge` as plain text if `hub.verify_token` is
 * valid, else 403. An error response contains no part of the request, and browsers never interpret a response as HTML.
 * Source: Meta, Create a webhook endpoint (Nov 2025).
 */
function answerHandshake(query: URLSearchParams, fault: HandshakeFault | undefined): Response {
  if (fault === 'no-parameters') {
    // For developers who open the URL in a browser.
    const text = 'This address receives WhatsApp webhooks. Meta sends its requests here.\n';
    return new Response(text, { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  }
  if (fault !== undefined) return new Response(null, { status: 403 });
  return new Response(query.get('hub.challenge'), {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

/** Compares strings in a time that depends neither on their length nor on the position of a difference. */
function isSameText(one: string, other: string): boolean {
  const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}

/** Receives the request with which Meta verifies an endpoint. */
export async function receiveHandshake({ verifyTokens, counters, requestLog }: HandshakeContext, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  let fault: HandshakeFault | undefined = handshakeFault(query);
  if (fault === undefined) {
    let tokens: readonly string[];
    try {
      tokens = await verifyTokens(() => request);
    } catch (error) {
      counters.handshake += 1;
      requestLog.error('webhook.handshake_failed', { reason: 'the verifyToken function failed', error });
      return new Response(null, { status: 500 });
    }
    if (!hasVerifyToken(query, [...tokens, ...overrideVerifyTokens()])) {
      fault = tokens.length === 0 ? 'no-verify-token' : 'wrong-verify-token';
    }
  }
  if (fault !== undefined) counters.handshake += 1;
  // Health checks arrive every few seconds.
  if (fault !== undefined && fault !== 'no-parameters') requestLog.warn('webhook.handshake_rejected', fault, handshakeRemedy(fault));
  return answerHandshake(query, fault);
}
