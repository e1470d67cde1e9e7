import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The reason why a request is no valid handshake. `no-parameters`: it isn't from Meta, for example a health check.
 * `no-verify-token`: the receiver has no token to compare.
 */
export type HandshakeFault =
  'no-parameters' | 'wrong-verify-token' | 'no-verify-token' | 'missing-verify-token' | 'wrong-mode' | 'missing-challenge';

/** Finds what is missing in a handshake, without its verify token: so incomplete requests cause no look-up of tokens. */
export function handshakeFault(query: URLSearchParams): HandshakeFault | undefined {
  if (!query.has('hub.verify_token')) {
    return query.has('hub.mode') || query.has('hub.challenge') ? 'missing-verify-token' : 'no-parameters';
  }
  if (query.get('hub.mode') !== 'subscribe') return 'wrong-mode';
  return query.has('hub.challenge') ? undefined : 'missing-challenge';
}

/** Whether the verify token of a handshake is one of these. Compares every one, in constant time. */
export function hasVerifyToken(query: URLSearchParams, verifyTokens: readonly string[]): boolean {
  const token = query.get('hub.verify_token') ?? '';
  return verifyTokens.filter((expected) => isSameText(token, expected) && expected !== '').length > 0;
}

/** Describes how to fix a fault. */
export function handshakeRemedy(fault: HandshakeFault): string {
  if (fault === 'no-verify-token') return 'the verifyToken function found no token for the request';
  if (fault === 'wrong-verify-token') {
    return "verifyToken differs from the verify token in the app's webhook settings at Meta, or in the callback override of the number or WABA";
  }
  return 'it is not from Meta, or a proxy changes the query';
}

/**
 * Responds to the request with which Meta verifies an endpoint: `hub.challenge` as plain text if `hub.verify_token` is right, else 403.
 * The response to a stranger repeats nothing of the request, and no part of it is ever read as HTML.
 * Source: Meta, Create a webhook endpoint (Nov 2025).
 */
export function answerHandshake(query: URLSearchParams, fault: HandshakeFault | undefined): Response {
  if (fault === 'no-parameters') {
    // For developers who open the address in a browser.
    const text = 'This address receives WhatsApp webhooks. Meta sends its requests here.\n';
    return new Response(text, { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  }
  if (fault !== undefined) return new Response(null, { status: 403 });
  return new Response(query.get('hub.challenge'), {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

/** Compares texts in a time that depends neither on their length nor on the position of a difference. */
function isSameText(one: string, other: string): boolean {
  const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}
