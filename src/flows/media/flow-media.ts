import { isRecord } from '../../runtime/json.js';

/** Keys and checksums of an encrypted file, in base64. */
export interface FlowMediaEncryption {
  readonly encryption_key: string;
  readonly hmac_key: string;
  readonly iv: string;
  /** SHA-256 of the encrypted file. */
  readonly encrypted_hash: string;
  /** SHA-256 of the decrypted file. */
  readonly plaintext_hash: string;
}

/** A file that a customer uploaded with PhotoPicker or DocumentPicker, as the endpoint receives it. */
export interface FlowMedia {
  readonly media_id: string;
  /** URL of the encrypted file. It is available for up to 20 days. */
  readonly cdn_url: string;
  /** Name that the customer's device chose. Pass it to `safeFilename` before you use it as a path. */
  readonly file_name: string;
  readonly encryption_metadata: FlowMediaEncryption;
}

const keys = ['encryption_key', 'hmac_key', 'iv', 'encrypted_hash', 'plaintext_hash'];

/**
 * Reads the files of a PhotoPicker or DocumentPicker from the data of a request. It skips malformed elements, so
 * compare the number of files if your form needs them.
 *
 * Source: Meta, Media upload components of Flows (Dec 2025).
 *
 * @param value - The value of the picker, for example `request.data?.photos`. It may be any value.
 * @returns the files. Pass them to {@link downloadFlowMedia}
 *
 * @example
 * ```ts
 * import { readFlowMedia, type FlowRequest } from 'wa-coexist/flows';
 *
 * function countPhotos(request: FlowRequest): number {
 *   return readFlowMedia(request.data?.photos).length;
 * }
 * console.log(countPhotos({ version: '3.0', action: 'data_exchange' }));
 * ```
 */
export function readFlowMedia(value: unknown): readonly FlowMedia[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isFlowMedia);
}

/** Returns whether a value is a file with all of its keys. */
export function isFlowMedia(value: unknown): value is FlowMedia {
  if (!isRecord(value)) return false;
  const { media_id: id, cdn_url: url, file_name: name, encryption_metadata: encryption } = value;
  const areTexts = [id, url, name].every((text) => typeof text === 'string');
  return areTexts && isRecord(encryption) && keys.every((key) => typeof encryption[key] === 'string');
}
