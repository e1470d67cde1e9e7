import { addFile, fileUrl } from '../files.js';
import { maxUploadBytes, uploadTypes } from '../check-file.js';
import { invalidParameter, refuse, unknownObject } from '../refusal.js';
import type { Answer, StoredFile } from '../entities.js';
import { optionalText, requireProduct, success, type AuthorizedCall, type NumberCall, type Routes } from './call.js';

/** `POST /{phone-number-id}/media`. */
export const mediaRoutes: Routes<NumberCall> = {
  'POST media'(call) {
    requireProduct(call);
    const { file } = call.files;
    if (!file) throw refuse(131008, 'The parameter file is required.');
    const mimeType = optionalText(call, 'type') ?? file.mimeType;
    const most = maxUploadBytes(mimeType);
    if (most === undefined) {
      throw invalidParameter(
        `Param file must be a file with one of the following types: ${uploadTypes.join(', ')}. Received file of type '${mimeType}'.`,
      );
    }
    if (file.bytes.length > most) throw refuse(131053, `The file has more than ${String(most)} bytes.`);
    const { id } = addFile(call.state.world, { phoneNumberId: call.number.id, mimeType, bytes: file.bytes }, 'upload');
    return { id };
  },
};

/** `GET /{media-id}` and `DELETE /{media-id}`. */
export function mediaNode(call: AuthorizedCall, file: StoredFile): Answer | undefined {
  const { world } = call.state;
  const wanted = optionalText(call, 'phone_number_id');
  // Seen in chatwoot/chatwoot#13317 (Jan 2026): files of webhooks are only found without the parameter.
  if (wanted !== undefined && (wanted !== file.phoneNumberId || file.origin === 'webhook')) throw unknownObject(call.method, file.id);
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
