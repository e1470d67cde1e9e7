import { createHmac } from 'node:crypto';

/**
 * Returns the value of the header `X-Hub-Signature-256` for a webhook body, as Meta signs it. Strings are signed as
 * UTF-8 bytes. Source: Meta, Webhooks, Validate payloads (Nov 2025).
 */
export function signBody(body: Uint8Array | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
