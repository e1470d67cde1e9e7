import { Buffer } from 'node:buffer';
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { describeValue } from '../../errors/check-options.js';
import { FileTransferError } from '../../errors/file-transfer-error.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isFlowMedia, type FlowMedia } from './flow-media.js';

const operation = 'decryptFlowMedia';
/** Number of HMAC bytes at the end of the file. */
const macBytes = 10;
const keyBytes = 32;
const blockBytes = 16;

/**
 * Decrypts a file of PhotoPicker or DocumentPicker and verifies it: SHA-256 of the encrypted file, HMAC-SHA256 (its first
 * 10 bytes), AES-256-CBC, and SHA-256 of the result. {@link downloadFlowMedia} also downloads it.
 *
 * The file is untrusted input of the customer. Scan it before you open it. Source: Meta, Media upload components of
 * Flows (Dec 2025).
 *
 * @param encrypted - The bytes of `cdn_url`.
 * @param media - The file, from {@link readFlowMedia}.
 * @returns the bytes of the file
 * @throws `FileTransferError` (`corrupt`) if a check fails, `InvalidArgumentError` if `media` is malformed
 *
 * @example
 * ```ts
 * import { decryptFlowMedia, type FlowMedia } from 'wa-coexist/flows';
 *
 * async function load(media: FlowMedia, encrypted: Response): Promise<Uint8Array> {
 *   return decryptFlowMedia(new Uint8Array(await encrypted.arrayBuffer()), media);
 * }
 * console.log(load);
 * ```
 */
export function decryptFlowMedia(encrypted: Uint8Array, media: FlowMedia): Uint8Array<ArrayBuffer> {
  if (!isFlowMedia(media)) {
    throw new InvalidArgumentError(operation, 'media', 'must have media_id, cdn_url, file_name and all members of encryption_metadata');
  }
  // Callers without TypeScript may pass an ArrayBuffer.
  const given: unknown = encrypted;
  if (!(given instanceof Uint8Array)) {
    throw new InvalidArgumentError(operation, 'encrypted', `must be a Uint8Array, but is ${describeValue(given)}`);
  }
  const {
    encryption_key: key,
    hmac_key: hmacKey,
    iv,
    encrypted_hash: encryptedHash,
    plaintext_hash: plaintextHash,
  } = media.encryption_metadata;
  const vector = Buffer.from(iv, 'base64');
  const cipherKey = Buffer.from(key, 'base64');
  const ciphertext = encrypted.subarray(0, -macBytes);
  const isWellFormed = cipherKey.length === keyBytes && vector.length === blockBytes && ciphertext.length > 0;
  if (!isWellFormed || !isSha256(encrypted, encryptedHash)) throw new FileTransferError(operation, 'corrupt');
  const mac = createHmac('sha256', Buffer.from(hmacKey, 'base64')).update(vector).update(ciphertext).digest().subarray(0, macBytes);
  if (!timingSafeEqual(mac, encrypted.subarray(-macBytes))) throw new FileTransferError(operation, 'corrupt');
  const plain = decrypt(ciphertext, cipherKey, vector);
  if (!plain || !isSha256(plain, plaintextHash)) throw new FileTransferError(operation, 'corrupt');
  return new Uint8Array(plain);
}

function decrypt(ciphertext: Uint8Array, key: Buffer, vector: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, vector);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

function isSha256(bytes: Uint8Array, expected: string): boolean {
  const meant = Buffer.from(expected, 'base64');
  const hash = createHash('sha256').update(bytes).digest();
  return meant.length === hash.length && timingSafeEqual(hash, meant);
}
