import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import { addFile, filesOf, flowFileUrl } from '../files.js';
import { sha256 } from '../sha-256.js';
import type { BusinessNumber } from '../entities.js';
import type { World } from '../world.js';
import type { FakeFlowFile } from './fake-flow.js';

/** Bytes of the HMAC at the end of an encrypted file. */
const macBytes = 10;

/** Reads the files that a test passes for a picker. */
export function readFiles(name: string, value: unknown): readonly FakeFlowFile[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((file) => {
    const { bytes, fileName, mimeType }: Readonly<Record<string, unknown>> = isRecord(file) ? file : {};
    if (!(bytes instanceof Uint8Array) || typeof fileName !== 'string' || typeof mimeType !== 'string') {
      throw new InvalidArgumentError('fakeFlow.submit', name, 'must be a list of files with bytes, fileName and mimeType');
    }
    return { bytes, fileName, mimeType };
  });
}

/** Makes the elements of a picker in `nfm_reply`: files that the business downloads by their ID. */
export function replyFiles(world: World, number: BusinessNumber, files: readonly FakeFlowFile[]): readonly object[] {
  const newFile = filesOf(world, number.id);
  return files.map(({ bytes, fileName, mimeType }) => {
    const { id, sha256: checksum } = newFile({ mimeType, bytes });
    return { file_name: fileName, mime_type: mimeType, sha256: checksum, id };
  });
}

/** Makes the elements of a picker in a request to the endpoint: encrypted files on the CDN. */
export async function exchangeFiles(world: World, number: BusinessNumber, files: readonly FakeFlowFile[]): Promise<readonly object[]> {
  return Promise.all(
    files.map(async ({ bytes, fileName }) => {
      const { encrypted, metadata } = await encryptFile(bytes);
      const stored = addFile(world, { phoneNumberId: number.id, mimeType: 'application/octet-stream', bytes: encrypted }, 'webhook');
      return { media_id: stored.id, cdn_url: flowFileUrl(world, stored), file_name: fileName, encryption_metadata: metadata };
    }),
  );
}

/** Encrypts a file with AES-256-CBC and adds the first bytes of its HMAC. */
async function encryptFile(bytes: Uint8Array): Promise<{ readonly encrypted: Uint8Array; readonly metadata: object }> {
  const { crypto } = globalThis;
  const [key, hmacKey] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(32))];
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, aes, Uint8Array.from(bytes)));
  const hmac = await crypto.subtle.importKey('raw', hmacKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, Uint8Array.from([...iv, ...ciphertext]))).subarray(0, macBytes);
  const encrypted = Uint8Array.from([...ciphertext, ...mac]);
  const metadata = {
    encryption_key: bytesToBase64(key),
    hmac_key: bytesToBase64(hmacKey),
    iv: bytesToBase64(iv),
    encrypted_hash: bytesToBase64(sha256(encrypted)),
    plaintext_hash: bytesToBase64(sha256(bytes)),
  };
  return { encrypted, metadata };
}

/** Bytes in base64. */
export function bytesToBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
