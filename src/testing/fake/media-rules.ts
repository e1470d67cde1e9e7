import { webhookError } from './refusal.js';
import type { Answer, StoredFile } from './world.js';

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

/** Every MIME type that can be uploaded. */
export const uploadTypes: readonly string[] = Object.values(mediaRules).flatMap(({ types }) => types);

/** The largest file of a MIME type that can be uploaded; nothing if Meta does not take the type. */
export function maxUploadBytes(mimeType: string): number | undefined {
  return Object.values(mediaRules).find(({ types }) => types.includes(bareType(mimeType)))?.maxUploadBytes;
}

/** Why a file can't be sent as a message of a type. Meta reports it by webhook. Seen in chatwoot/chatwoot#10428 (17 Nov 2024). */
export function failureOfFile(type: string, { mimeType, bytes }: StoredFile): Answer | undefined {
  const rule = mediaRules[type];
  // A document can have any type that can be uploaded.
  if (!rule || (type === 'document' && uploadTypes.includes(bareType(mimeType)))) return undefined;
  if (!rule.types.includes(bareType(mimeType))) {
    return webhookError(131053, `Unsupported ${rule.label} mime type ${mimeType}. Please use one of ${rule.types.join(', ')}.`);
  }
  return bytes.length > rule.maxBytes
    ? webhookError(131053, `${rule.label} file size of ${String(bytes.length)} bytes is larger than ${String(rule.maxBytes)} bytes.`)
    : undefined;
}

function bareType(mimeType: string): string {
  return mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
}
