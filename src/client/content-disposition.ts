/**
 * Reads the file name of a `Content-Disposition` header. `filename*` overrides `filename`. Folders and control
 * characters are removed, because a server chooses the name.
 *
 * Source: RFC 6266 (2011) for the header, RFC 8187 (2017, formerly RFC 5987) for `filename*`.
 */
export function filenameOf(header: string | null): string | undefined {
  if (header === null) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, token = ''] of header.matchAll(/;\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1'));
  }
  const extended = decodeExtended(parameters.get('filename*'));
  return cleaned(extended ?? decodeRaw(parameters.get('filename')));
}

/** Reads the file name at the end of a URL. */
export function filenameOfUrl(url: URL): string | undefined {
  const last = url.pathname.split('/').at(-1) ?? '';
  try {
    return cleaned(decodeURIComponent(last));
  } catch {
    // An invalid percent sign is part of the name.
    return cleaned(last);
  }
}

/** Decodes `UTF-8'en'%e2%82%ac.pdf`. */
function decodeExtended(value: string | undefined): string | undefined {
  const [, charset = '', encoded = ''] = /^([\w-]+)'[^']*'(.*)$/.exec(value ?? '') ?? [];
  try {
    if (/^utf-8$/i.test(charset)) return decodeURIComponent(encoded);
    if (/^iso-8859-1$/i.test(charset)) {
      return encoded.replace(/%([\da-f]{2})/gi, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  } catch {
    // Not UTF-8: use the plain name.
  }
  return undefined;
}

/** Decodes UTF-8 in a header. `fetch` reads headers as Latin-1, but many servers write UTF-8. */
function decodeRaw(value: string | undefined): string | undefined {
  const codes = Array.from(value ?? '', (character) => character.charCodeAt(0));
  if (value === undefined || !codes.some((code) => code > 0x7f) || codes.some((code) => code > 0xff)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes));
  } catch {
    return value;
  }
}

function cleaned(name: string | undefined): string | undefined {
  const last = name
    ?.split(/[/\\]/)
    .at(-1)
    ?.replace(/[\p{Cc}\p{Cs}]/gu, '')
    .trim();
  return last === undefined || /^\.*$/.test(last) ? undefined : last;
}
