import { Buffer } from 'node:buffer';
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** `sha256=` and 64 hexadecimal digits. */
const headerLength = 71;

/**
 * Checks that Meta signed a delivery: `X-Hub-Signature-256` holds an HMAC-SHA256 of the raw body, keyed with the app secret.
 *
 * The bytes must be those that arrived. A body that was parsed and printed again has other bytes (Meta escapes `é` as `\u00e9`), and
 * its signature does not match. Meta's hexadecimal digits are lower case; upper case is refused. Every secret is compared, in constant
 * time, so that the time taken tells nothing about which matched. An empty secret matches nothing.
 *
 * The signature holds no time: an old delivery stays genuine for ever. `createWebhooks` tells copies apart by the ids inside.
 * Source: Meta, Webhooks, Validate payloads (Nov 2025).
 *
 * @param bytes the body as it arrived, before any parsing.
 * @param header the value of `X-Hub-Signature-256`, which can be anything: absent, repeated, malformed or huge values match nothing.
 * @param secrets the app secret, or several during a rotation, newest first.
 * @returns the index of the secret that matched (0 for a single one), or -1 for a forged or unsigned delivery.
 * @throws `TypeError` if `bytes` are not bytes, as when a framework handed over a parsed object.
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

/** Whether a text has the form of Meta's signatures. */
export function isSignature(header: string): boolean {
  return /^sha256=[0-9a-f]{64}$/.test(header);
}

/** {@link verifySignature} for secrets that may have been made keys beforehand, which spares a fifth of the time. */
export function matchingSecret(bytes: Uint8Array, header: string | null | undefined, secrets: readonly (string | KeyObject)[]): number {
  const given = Buffer.from(typeof header === 'string' && header.length === headerLength ? header : '');
  // What is not ASCII takes more bytes than characters.
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

/** Makes keys of secrets, and remembers those of the last request: most receivers have the same ones for all requests. */
export function rememberKeys(): (secrets: readonly string[]) => readonly KeyObject[] {
  let known: { readonly secrets: readonly string[]; readonly keys: readonly KeyObject[] } | undefined;
  return (secrets) => {
    if (known?.secrets !== secrets) {
      known = { secrets, keys: secrets.filter((secret) => secret !== '').map((secret) => createSecretKey(secret, 'utf8')) };
    }
    return known.keys;
  };
}
