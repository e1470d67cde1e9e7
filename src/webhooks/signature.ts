import { Buffer } from 'node:buffer';
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** `sha256=` and 64 hexadecimal digits. */
const headerLength = 71;

/**
 * Verifies that Meta signed a delivery. `X-Hub-Signature-256` contains an HMAC-SHA256 of the raw body, with the app
 * secret as key. {@link createWebhooks} does this for you.
 *
 * Pass the exact bytes of the request. A body that was parsed and serialized again has other bytes (Meta escapes `é` as
 * `\u00e9`), so its signature doesn't match. Meta sends lower-case digits, and the function rejects upper case. It
 * compares all secrets in constant time. An empty secret never matches.
 *
 * The signature contains no time, so an old delivery remains valid. `createWebhooks` detects duplicates by their IDs.
 * Source: Meta, Webhooks, Validate payloads (Nov 2025).
 *
 * @param bytes - The raw body, before any parsing.
 * @param header - The value of `X-Hub-Signature-256`. Absent, repeated and malformed values never match.
 * @param secrets - The app secret, or several during a rotation, newest first.
 * @returns the index of the secret that matched (0 for a single one), or -1 if the signature is invalid.
 * @throws `TypeError` if `bytes` are not bytes, for example a parsed object.
 *
 * @example
 * ```ts
 * import { parseJson, parseWebhook, verifySignature } from 'wa-coexist/webhooks';
 *
 * async function receive(request: Request): Promise<Response> {
 *   const bytes = new Uint8Array(await request.arrayBuffer());
 *   const secretIndex = verifySignature(bytes, request.headers.get('x-hub-signature-256'), ['new-secret', 'old-secret']);
 *   if (secretIndex === -1) return new Response(null, { status: 401 });
 *   for (const event of parseWebhook(parseJson(new TextDecoder().decode(bytes)))) console.log(event.type, event.key);
 *   return new Response(null, { status: 200 });
 * }
 * ```
 */
export function verifySignature(bytes: Uint8Array, header: string | null | undefined, secrets: string | readonly string[]): number {
  return matchingSecret(bytes, header, typeof secrets === 'string' ? [secrets] : secrets);
}

/** Returns whether a text has the form of Meta's signatures. */
export function isSignature(header: string): boolean {
  return /^sha256=[0-9a-f]{64}$/.test(header);
}

/** {@link verifySignature} for secrets that can also be keys, which saves a fifth of the time. */
export function matchingSecret(bytes: Uint8Array, header: string | null | undefined, secrets: readonly (string | KeyObject)[]): number {
  const given = Buffer.from(typeof header === 'string' && header.length === headerLength ? header : '');
  // Characters outside ASCII have more than one byte.
  const isWhole = given.length === headerLength;
  const compared = isWhole ? given : Buffer.alloc(headerLength);
  let match = -1;
  let index = 0;
  for (const secret of secrets) {
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`);
    if (timingSafeEqual(expected, compared) && isWhole && secret !== '' && match === -1) match = index;
    index += 1;
  }
  return match;
}

/**
 * Converts secrets to keys, and caches the keys of the last request, because most receivers always have the same
 * secrets.
 */
export function rememberKeys(): (secrets: readonly string[]) => readonly KeyObject[] {
  let known: { readonly secrets: readonly string[]; readonly keys: readonly KeyObject[] } | undefined;
  return (secrets) => {
    if (known?.secrets !== secrets) {
      known = { secrets, keys: secrets.filter((secret) => secret !== '').map((secret) => createSecretKey(secret, 'utf8')) };
    }
    return known.keys;
  };
}
