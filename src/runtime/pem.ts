import { parseBase64 } from './parse-base64.js';

/** A PEM on one line, as in shell variables and settings pages. The text between the lines has no headers. */
const oneLine = /^(-----BEGIN [A-Z0-9 ]+-----)[ \t]+([A-Za-z0-9+/= \t]+?)[ \t]*(-----END [A-Z0-9 ]+-----)$/;

/**
 * Normalizes a PEM from environment variables, `.env` files or JSON: with `\n` or `\r\n` as characters, in quotes, on
 * one line with spaces, or entirely in base64.
 *
 * @param text - The PEM, in any of these forms.
 */
export function normalizePem(text: string): string {
  const unescaped = text
    .replaceAll(/(?:\\+r)?\\+n/g, '\n')
    .trimStart()
    .replace(/^(["'])\s*([^]*)\1\s*$/, '$2');
  const pem = unescaped.includes('-----BEGIN') ? unescaped : (decodePem(unescaped) ?? unescaped);
  const [, begin, body, end] = oneLine.exec(pem.trim()) ?? [];
  return begin === undefined || body === undefined || end === undefined ? pem : `${begin}\n${body.replaceAll(/\s+/g, '\n')}\n${end}\n`;
}

/** Decodes a PEM that is entirely in base64. */
function decodePem(text: string): string | undefined {
  const bytes = parseBase64(text.replaceAll(/\s+/g, ''));
  const decoded = bytes && new TextDecoder().decode(bytes).trimStart();
  return decoded?.startsWith('-----BEGIN') === true ? normalizePem(decoded) : undefined;
}
