import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Answers the request with which Meta checks an endpoint: `hub.challenge` as plain text if `hub.verify_token` is ours, else 403. Nothing
 * of the request is repeated to a stranger, and nothing of it is ever read as HTML.
 * Source: Meta, Create a webhook endpoint (Nov 2025).
 */
export function answerHandshake(query: URLSearchParams, verifyToken: string): Response {
  const challenge = query.get('hub.challenge');
  const isOurs = isSameText(query.get('hub.verify_token') ?? '', verifyToken);
  if (!isOurs || challenge === null || query.get('hub.mode') !== 'subscribe') return new Response(null, { status: 403 });
  return new Response(challenge, {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

/** Compares in a time that tells neither where the texts differ nor how long they are. */
function isSameText(one: string, other: string): boolean {
  const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}
