import { signatureOf } from './fake/sha-256.js';

/**
 * Signs a webhook body as Meta does. {@link webhookPayload} creates bodies.
 *
 * @param body - The exact body that you send. A string is signed as its UTF-8 bytes.
 * @param secret - The app secret of the receiver.
 * @returns the value of the header `X-Hub-Signature-256`.
 *
 * @example
 * ```ts
 * import { signWebhook } from 'wa-coexist/testing';
 *
 * const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });
 * await fetch('http://127.0.0.1:3000/webhooks', {
 *   method: 'POST',
 *   headers: { 'content-type': 'application/json', 'x-hub-signature-256': signWebhook(body, 'app-secret') },
 *   body,
 * });
 * ```
 */
export function signWebhook(body: string | Uint8Array, secret: string): string {
  return signatureOf(body, secret);
}
