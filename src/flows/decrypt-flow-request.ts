import { Buffer } from 'node:buffer';
import { constants, createCipheriv, createDecipheriv, createPrivateKey, KeyObject, privateDecrypt } from 'node:crypto';
import { describeValue } from '../errors/check-options.js';
import { FlowRequestError } from '../errors/flow-request-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { isRecord } from '../runtime/json.js';
import { parseJson } from '../runtime/parse-json.js';
import { normalizePem } from '../runtime/pem.js';
import type { FlowRequest } from './flow-request.js';

/** The private key that belongs to the public one which `setEncryptionKey` uploaded. */
export interface FlowKey {
  /** PEM, or a key object: parsing the PEM once is quicker. */
  readonly privateKey: string | KeyObject;
  /** Of an encrypted PEM. */
  readonly passphrase?: string | undefined;
}

/** A request that was decrypted, with the way to answer it. */
export interface DecryptedFlowRequest {
  readonly request: FlowRequest;
  /** Encrypts an answer for this request: the body of the response, with status 200 and as `text/plain`. */
  readonly encrypt: (response: object) => string;
}

const tagBytes = 16;

/**
 * Decrypts what a flow sends to its endpoint, and encrypts the answer. `createFlowEndpoint` does the rest of an endpoint as well.
 *
 * The AES key (128 bits) comes encrypted with RSA-OAEP and SHA-256, the text with AES-GCM; an answer takes the same key and the inverted
 * vector. Source: Meta, Implementing endpoints for flows (Dec 2025).
 *
 * @param body - the parsed JSON of the request, which may be anything.
 * @throws `FlowRequestError`, the same for a wrong key, a tampered text and a malformed body: answer with its `httpStatus`. A private key that
 * can't be read throws `InvalidArgumentError`.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { decryptFlowRequest } from 'wa-coexist/flows';
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
 * async function answer(httpRequest: Request): Promise<Response> {
 *   const { request, encrypt } = decryptFlowRequest(await httpRequest.json(), { privateKey });
 *   return new Response(encrypt(request.action === 'ping' ? { data: { status: 'active' } } : { screen: 'START', data: {} }));
 * }
 * console.log(answer);
 * ```
 */
export function decryptFlowRequest(body: unknown, { privateKey, passphrase }: FlowKey): DecryptedFlowRequest {
  const key = readPrivateKey('decryptFlowRequest', { privateKey, ...(passphrase !== undefined && { passphrase }) });
  const { request, aesKey, vector } = open(body, key);
  return {
    request,
    encrypt(response) {
      const cipher = createCipheriv(
        'aes-128-gcm',
        aesKey,
        vector.map((byte) => ~byte),
      );
      return Buffer.concat([cipher.update(JSON.stringify(response), 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
  };
}

/**
 * Reads a private key. Line breaks may be written as `\\n`, as environment variables often have them.
 *
 * @throws `InvalidArgumentError` without the key: what Node throws may quote it.
 */
export function readPrivateKey(owner: string, { privateKey, passphrase }: FlowKey): KeyObject {
  if (privateKey instanceof KeyObject) return privateKey;
  if (typeof privateKey === 'string' && privateKey !== '') {
    try {
      return createPrivateKey({ key: normalizePem(privateKey), ...(passphrase !== undefined && { passphrase }) });
    } catch {
      throw new InvalidArgumentError(owner, 'privateKey', 'must be a private key in PEM format, with its passphrase if it is encrypted');
    }
  }
  throw new InvalidArgumentError(owner, 'privateKey', `must be a private key in PEM format, but is ${describeValue(privateKey)}`);
}

function open(body: unknown, key: KeyObject): { request: FlowRequest; aesKey: Buffer; vector: Buffer } {
  try {
    const sent = isRecord(body) ? body : {};
    const text = bytesOf(sent.encrypted_flow_data);
    const vector = bytesOf(sent.initial_vector);
    const aesKey = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, bytesOf(sent.encrypted_aes_key));
    const decipher = createDecipheriv('aes-128-gcm', aesKey, vector, { authTagLength: tagBytes });
    decipher.setAuthTag(text.subarray(-tagBytes));
    const plain = Buffer.concat([decipher.update(text.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
    const request = parseJson(plain);
    if (!isFlowRequest(request)) throw new FlowRequestError();
    return { request, aesKey, vector };
  } catch {
    throw new FlowRequestError();
  }
}

/** Bytes of a text in base64; of anything else none, with which nothing can be decrypted. */
function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : '', 'base64');
}

function isFlowRequest(value: unknown): value is FlowRequest {
  return isRecord(value) && typeof value.action === 'string';
}
