import { Buffer } from 'node:buffer';
import { constants, createCipheriv, createDecipheriv, createPrivateKey, KeyObject, privateDecrypt } from 'node:crypto';
import { describeValue } from '../../errors/check-options.js';
import { FlowRequestError } from '../../errors/flow-request-error.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import { parseJson } from '../../runtime/parse-json.js';
import { normalizePem } from '../../runtime/pem.js';
import type { FlowRequest } from './flow-request.js';

/** Private key for the public key that you uploaded with `setEncryptionKey`. */
export interface FlowKey {
  /**
   * Private key in PEM format, or a key object. Environment variables may contain it with `\\n` for line breaks, in quotes,
   * on one line, or in base64. A key object is faster, because the PEM is parsed only once.
   */
  readonly privateKey: string | KeyObject | undefined;
  /** Passphrase of an encrypted PEM. */
  readonly passphrase?: string | undefined;
}

/** A decrypted request, with a function that encrypts the response. */
export interface DecryptedFlowRequest {
  readonly request: FlowRequest;
  /** Encrypts a response to this request. Send the result as the body, with status 200 and as `text/plain`. */
  readonly encrypt: (response: object) => string;
}

const tagBytes = 16;

/**
 * Decrypts a request of a flow, and encrypts the response. {@link createFlowEndpoint} also handles the other tasks of
 * an endpoint.
 *
 * The AES key (128 bits) is encrypted with RSA-OAEP and SHA-256, the text with AES-GCM. A response uses the same key
 * and the inverted vector. Source: Meta, Implementing endpoints for flows (Dec 2025).
 *
 * @param body - The parsed JSON of the request. It may be any value.
 * @param key - The private key and its passphrase. See {@link FlowKey}.
 * @throws `FlowRequestError` for a wrong key, a tampered text and a malformed body: respond with its
 * `httpStatus`. `InvalidArgumentError` for an unreadable private key.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { decryptFlowRequest } from 'wa-coexist/flows';
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
 * async function answer(httpRequest: Request): Promise<Response> {
 *   const { request, encrypt } = decryptFlowRequest(await httpRequest.json(), { privateKey });
 *   return new Response(
 *     encrypt(request.action === 'ping' ? { data: { status: 'active' } } : { screen: 'START', data: {} }),
 *   );
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
 * Reads a private key in the forms of {@link FlowKey}.
 *
 * @throws `InvalidArgumentError` without the key, because Node's error may quote it.
 */
export function readPrivateKey(owner: string, { privateKey, passphrase }: FlowKey): KeyObject {
  const key = privateKey instanceof KeyObject ? privateKey : parsePrivateKey(owner, privateKey, passphrase);
  if (key.type === 'private' && key.asymmetricKeyType === 'rsa') return key;
  const kind = key.type === 'private' ? `a private key of the type ${key.asymmetricKeyType ?? 'unknown'}` : `a ${key.type} key`;
  throw new InvalidArgumentError(owner, 'privateKey', `must be a private RSA key, but is ${kind}`);
}

function parsePrivateKey(owner: string, privateKey: string | undefined, passphrase: string | undefined): KeyObject {
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
    return { request: withObjectAsData(request), aesKey, vector };
  } catch {
    throw new FlowRequestError();
  }
}

/** Decodes a base64 text. Returns no bytes for other values, so the decryption fails. */
function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : '', 'base64');
}

/** The data comes from the customer's device. A handler must be able to rely on its type. */
function withObjectAsData({ data, ...request }: FlowRequest): FlowRequest {
  return isRecord(data) ? { ...request, data } : request;
}

function isFlowRequest(value: unknown): value is FlowRequest {
  return isRecord(value) && typeof value.action === 'string';
}
