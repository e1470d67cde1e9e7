import { mediaRules } from './fake-media-rules.js';
import { webhookError } from './refusal.js';
import type { Answer, StoredFile } from './entities.js';

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
