/** Extensions of MIME types whose subtype isn't the extension. */
const extensions: Readonly<Record<string, string>> = {
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'text/calendar': 'ics',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'video/3gpp': '3gp',
  'video/quicktime': 'mov',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/vnd.rar': 'rar',
  'application/gzip': 'gz',
  'application/x-7z-compressed': '7z',
  'application/x-zip-compressed': 'zip',
  'application/octet-stream': 'bin',
};

/**
 * Returns the file name extension of a MIME type, without the dot.
 *
 * @param mimeType - The MIME type, optionally with parameters.
 * @returns `bin` for an unknown type
 */
export function extensionOf(mimeType: string | undefined): string {
  const essence = (mimeType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const known = Object.hasOwn(extensions, essence) ? extensions[essence] : undefined;
  return known ?? /^[a-z]+\/([a-z0-9]{1,5})$/.exec(essence)?.[1] ?? 'bin';
}
