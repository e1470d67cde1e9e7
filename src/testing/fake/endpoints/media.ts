import { addFile, fileUrl } from '../files.js';
import { refuse, unknownObject } from '../refusal.js';
import type { Answer, StoredFile } from '../world.js';
import { optionalText, requireProduct, success, type AuthorizedCall, type NumberCall, type Routes } from './call.js';

const mb = 1024 * 1024;

/** MIME types and sizes that Meta takes. Source: Meta, Media (2 Dec 2025). */
const limits: readonly (readonly [types: RegExp, mostBytes: number])[] = [
  [/^audio\/(?:aac|amr|mpeg|mp4|ogg)\b/, 16 * mb],
  [/^image\/(?:jpeg|png)$/, 5 * mb],
  [/^image\/webp$/, 500 * 1024],
  [/^video\/(?:mp4|3gpp)$/, 16 * mb],
  [/^(?:text\/plain|application\/(?:pdf|msword|vnd\.ms-(?:excel|powerpoint)|vnd\.openxmlformats-officedocument\.[\w.]+))\b/, 100 * mb],
];

/** `POST /{phone-number-id}/media`. */
export const mediaRoutes: Routes<NumberCall> = {
  'POST media'(call) {
    requireProduct(call);
    const { file } = call.files;
    if (!file) throw refuse(131008, 'The parameter file is required.');
    const mimeType = optionalText(call, 'type') ?? file.mimeType;
    const [, most] = limits.find(([types]) => types.test(mimeType)) ?? [];
    if (most === undefined) throw refuse(131053, `Param file must be a file with one of the supported types, not ${mimeType}.`);
    if (file.bytes.length > most) throw refuse(131053, `The file has more than ${String(most)} bytes.`);
    const { id } = addFile(call.state.world, { phoneNumberId: call.number.id, mimeType, bytes: file.bytes }, 'upload');
    return { id };
  },
};

/** `GET /{media-id}` and `DELETE /{media-id}`. */
export function mediaNode(call: AuthorizedCall, file: StoredFile): Answer | undefined {
  const { world } = call.state;
  const wanted = optionalText(call, 'phone_number_id');
  if (wanted !== undefined && wanted !== file.phoneNumberId) throw unknownObject(call.method, file.id);
  if (call.method === 'DELETE') {
    world.files.delete(file.id);
    return success;
  }
  if (call.method !== 'GET') return undefined;
  const isGraph = call.origin === 'https://graph.facebook.com';
  return {
    messaging_product: 'whatsapp',
    url: fileUrl(world, file, isGraph ? world.mediaUrl : call.origin),
    mime_type: file.mimeType,
    sha256: file.sha256,
    file_size: file.bytes.length,
    id: file.id,
  };
}
