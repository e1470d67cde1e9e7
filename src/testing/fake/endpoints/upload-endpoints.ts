import { invalidParameter, unknownObject, unsupportedPath } from '../refusal.js';
import type { Answer } from '../entities.js';
import { optionalText, requiredText, type AuthorizedCall } from './call.js';

/** What can be uploaded in pieces. Source: Meta's Postman collection (Sep 2025). */
const fileTypes: ReadonlySet<string> = new Set(['application/pdf', 'image/jpeg', 'image/jpg', 'image/png', 'video/mp4']);

/** `POST /{app-id}/uploads`. */
export function createUpload(call: AuthorizedCall): Answer {
  const { world } = call.state;
  const fileType = requiredText(call, 'file_type');
  if (!fileTypes.has(fileType)) throw invalidParameter(`Param file_type must be one of {${[...fileTypes].join(', ')}}.`);
  const fileLength = Number(call.fields.file_length);
  if (!Number.isInteger(fileLength) || fileLength < 1) throw invalidParameter('Param file_length must be a positive integer.');
  const id = world.ids.uploadId();
  const [path = id] = id.split('?');
  world.uploads.set(path, { id, fileType, fileLength, bytes: new Uint8Array() });
  return { id };
}

/** `POST /{upload-id}` takes bytes, `GET /{upload-id}` says how many came. */
export function uploadNode(call: AuthorizedCall, id: string): Answer {
  const upload = call.state.world.uploads.get(id);
  if (!upload || new URLSearchParams(upload.id.split('?')[1]).get('sig') !== optionalText(call, 'sig'))
    throw unknownObject(call.method, id);
  if (call.method === 'GET') return { id: upload.id, file_offset: upload.bytes.length };
  if (call.method !== 'POST') throw unsupportedPath(call.method, id);
  if (call.fileOffset !== upload.bytes.length) throw invalidParameter(`The file offset must be ${String(upload.bytes.length)}.`);
  const bytes = new Uint8Array(upload.bytes.length + call.bytes.length);
  bytes.set(upload.bytes);
  bytes.set(call.bytes, upload.bytes.length);
  if (bytes.length > upload.fileLength) throw invalidParameter('The file is longer than was said.');
  upload.bytes = bytes;
  return bytes.length < upload.fileLength ? { id: upload.id, file_offset: bytes.length } : { h: call.state.world.ids.handle() };
}
