/** Names that Windows reserves for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:\s|$)/i;

/** Maximum number of bytes of a name on common file systems. */
const mostBytes = 255;

/** Maximum number of characters to examine: a hostile name may be megabytes long. */
const mostCharacters = 1000;

/**
 * Returns a safe name for a file that a customer named. See {@link downloadMedia}.
 *
 * It removes folders, separators, control characters, characters that Windows rejects, and reserved names. The result
 * has at most 255 bytes, including its extension. A name that begins with `-` gets a leading `_`, because commands
 * would read it as an option. Never use a customer's file name as a path.
 *
 * @param name - The customer's file name.
 * @param fallback - Name for an empty result, `'file'` by default.
 *
 * @example
 * ```ts
 * import { safeFilename } from 'wa-coexist';
 *
 * safeFilename('../../invoice?.pdf'); // 'invoice_.pdf'
 * safeFilename('con.txt'); // '_con.txt'
 * ```
 */
export function safeFilename(name: string, fallback = 'file'): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .slice(-mostCharacters)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (plain === '') return fallback;
  const [stem = ''] = plain.split('.');
  return cut(plain.startsWith('-') || reserved.test(stem.trim()) ? `_${plain}` : plain);
}

/** Shortens the part before the extension. */
function cut(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const room = mostBytes - bytesOf(extension);
  let bytes = 0;
  let kept = '';
  for (const character of name.slice(0, name.length - extension.length)) {
    bytes += bytesOf(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept.replace(/[\s.]+$/, '') + extension;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
