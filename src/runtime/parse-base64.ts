/**
 * Decodes base64, or base64url.
 *
 * @param text - The encoded bytes, with or without padding.
 * @returns `undefined` if the text isn't base64
 */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
