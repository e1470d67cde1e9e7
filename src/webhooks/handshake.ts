import { createHash, timingSafeEqual } from 'node:crypto';

/** Why a request is no valid handshake. `no-parameters`: it is somebody else's, for example a health check. */
export type HandshakeFault = 'no-parameters' | 'wrong-verify-token' | 'missing-verify-token' | 'wrong-mode' | 'missing-challenge';

/** Finds what is wrong with a handshake; `undefined` if nothing is. Compares every verify token, in constant time. */
export function handshakeFault(query: URLSearchParams, verifyTokens: readonly string[]): HandshakeFault | undefined {
  const token = query.get('hub.verify_token');
  const matches = verifyTokens.filter((expected) => isSameText(token ?? '', expected) && expected !== '');
  if (matches.length === 0) {
    if (token !== null) return 'wrong-verify-token';
    return query.has('hub.mode') || query.has('hub.challenge') ? 'missing-verify-token' : 'no-parameters';
  }
  if (query.get('hub.mode') !== 'subscribe') return 'wrong-mode';
  return query.has('hub.challenge') ? undefined : 'missing-challenge';
}

/**
 * Responds to the request with which Meta verifies an endpoint: `hub.challenge` as plain text if `hub.verify_token` is right, else 403.
 * The response to a stranger repeats nothing of the request, and no part of it is ever read as HTML.
 * Source: Meta, Create a webhook endpoint (Nov 2025).
 */
export function answerHandshake(query: URLSearchParams, fault: HandshakeFault | undefined): Response {
  if (fault !== undefined) return new Response(null, { status: 403 });
  return new Response(query.get('hub.challenge'), {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

/** Compares in a time that tells neither where the texts differ nor how long they are. */
function isSameText(one: string, other: string): boolean {
  const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}
