/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:\s|$)/i;

/** Bytes that a name has at most on the file systems in use. */
const mostBytes = 255;

/** Characters of a name that are looked at: a hostile one may be megabytes long. */
const mostCharacters = 1000;

/**
 * A name for a file that a customer named: without folders, separators, control characters, characters that Windows refuses, and names that mean
 * something to a system; at most 255 bytes, with its extension. A name that begins with `-`, which commands take for an option, gets a `_`. Names of customers are text and never paths.
 *
 * @param fallback - what an empty name becomes. @defaultValue `'file'`
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
