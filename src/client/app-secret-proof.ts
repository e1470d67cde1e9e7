/**
 * Computes the `appsecret_proof` of a token: the HMAC-SHA256 of the token under the app secret, in hex.
 *
 * It uses Web Crypto, so the client doesn't need a Node module. Source: Meta, Secure Graph API calls (2025).
 *
 * @param token - The access token.
 * @param appSecret - The app secret.
 */
export async function appSecretProof(token: string, appSecret = ''): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(appSecret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(token));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
