/** Bytes that {@link detectMediaType} reads. */
const headBytes = 64;

/** A text at a position of a file, and the type that it proves. */
type Signature = readonly [position: number, text: string, type: string];

/**
 * The first bytes of the formats that people send. The most specific one first. Sources: RFC 2083 (PNG), RFC 3533 (Ogg),
 * RFC 7845 (Opus), RFC 9649 (WebP), RFC 4867 (AMR), ISO 14496-12 (MP4), ISO 32000 (PDF), the JPEG File Interchange
 * Format, the ID3 standard, and the Matroska specification.
 */
const signatures: readonly Signature[] = [
  [0, '\u00FF\u00D8\u00FF', 'image/jpeg'],
  [0, '\u0089PNG\r\n\u001A\n', 'image/png'],
  [0, 'GIF8', 'image/gif'],
  [8, 'WEBP', 'image/webp'],
  [8, 'WAVE', 'audio/wav'],
  [0, '%PDF-', 'application/pdf'],
  [28, 'OpusHead', 'audio/ogg; codecs=opus'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'ID3', 'audio/mpeg'],
  [0, '\u00FF\u00FB', 'audio/mpeg'],
  [0, '\u00FF\u00F3', 'audio/mpeg'],
  [0, '\u00FF\u00F2', 'audio/mpeg'],
  [0, '\u00FF\u00F1', 'audio/aac'],
  [0, '\u00FF\u00F9', 'audio/aac'],
  [0, '#!AMR\n', 'audio/amr'],
  [4, 'ftypM4A', 'audio/mp4'],
  [4, 'ftyp3g', 'video/3gpp'],
  [4, 'ftypqt', 'video/quicktime'],
  [4, 'ftyphei', 'image/heic'],
  [4, 'ftyphev', 'image/heic'],
  [4, 'ftypmif1', 'image/heif'],
  [4, 'ftypavif', 'image/avif'],
  [4, 'ftyp', 'video/mp4'],
  [0, '\u001AE\u00DF\u00A3', 'video/webm'],
];

/** Formats that contain audio, or audio and video. The bytes that are read don't show which. */
const containers: readonly (readonly string[])[] = [
  ['video/mp4', 'audio/mp4', 'video/3gpp', 'audio/3gpp', 'video/quicktime'],
  ['video/webm', 'audio/webm', 'video/x-matroska'],
  ['image/heic', 'image/heif'],
];

/** Types of files from senders that don't know the type. */
const vague: readonly string[] = ['', 'application/octet-stream', 'binary/octet-stream'];

/** Types by the extension of a file name. Only documents, whose bytes don't show the type. */
const documents: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/**
 * Returns the type of a file: that of its bytes, or the declared one if the bytes show none. A declared type wins if it is
 * another name of the same container, and for texts, which may begin with anything.
 *
 * @param file - The file, with the declared type and the name.
 * @returns the MIME type, or `undefined` if it is unknown
 */
export async function detectMediaType(file: File): Promise<string | undefined> {
  const declared = file.type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (declared.startsWith('text/')) return file.type;
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  const found = signatures.find(([position, text]) => head.startsWith(text, position))?.[2];
  if (found !== undefined) {
    const essence = found.split(';', 1)[0] ?? found;
    // The parameters of Ogg name the codec, which the bytes show.
    const isDeclared = declared === essence && declared !== 'audio/ogg';
    return isDeclared || containers.some((names) => names.includes(declared) && names.includes(essence)) ? file.type : found;
  }
  if (!vague.includes(declared)) return file.type;
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(documents, extension) ? documents[extension] : undefined;
}
