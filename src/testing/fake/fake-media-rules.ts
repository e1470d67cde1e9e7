const mb = 1024 * 1024;
const kb = 1024;

/** What Meta takes for one type of message. */
export interface MediaRule {
  readonly label: string;
  readonly types: readonly string[];
  /** At upload. */
  readonly maxUploadBytes: number;
  /** When it is sent. */
  readonly maxBytes: number;
}

const office = 'application/vnd.openxmlformats-officedocument';
const sized = (label: string, types: readonly string[], maxBytes: number, maxUploadBytes = maxBytes): MediaRule => ({
  label,
  types,
  maxBytes,
  maxUploadBytes,
});

/** MIME types and sizes by type of message. Source: Meta, Media (2 Dec 2025). A webp of 2.1 MB was accepted at upload (14 Oct 2024). */
export const mediaRules: Readonly<Record<string, MediaRule>> = {
  audio: sized('Audio', ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg'], 16 * mb),
  document: sized(
    'Document',
    [
      'application/vnd.ms-powerpoint',
      'application/msword',
      `${office}.wordprocessingml.document`,
      `${office}.presentationml.presentation`,
      `${office}.spreadsheetml.sheet`,
      'application/pdf',
      'text/plain',
      'application/vnd.ms-excel',
    ],
    100 * mb,
  ),
  image: sized('Image', ['image/jpeg', 'image/png'], 5 * mb),
  sticker: sized('Sticker', ['image/webp'], 500 * kb, 5 * mb),
  video: sized('Video', ['video/mp4', 'video/3gpp'], 16 * mb),
};
