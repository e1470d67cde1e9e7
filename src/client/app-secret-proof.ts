/**
 * The `appsecret_proof` of a token: HMAC-SHA256 of the token under the app's secret, in hex. Source: Meta, Secure Graph API calls (2025).
 * By the Web Crypto of the runtime, so that a client needs no module of Node's.
 */
export async function appSecretProof(token: string, appSecret = ''): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(appSecret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(token));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
