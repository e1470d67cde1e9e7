import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { typeOf } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { normalizePem } from '../runtime/pem.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setEncryptionKey}. */
export interface SetEncryptionKeyParameters extends PhoneNumberParameters {
  /**
   * RSA public key with 2048 bits in PEM format. Line breaks can be the two characters `\n`, as in environment
   * variables.
   */
  readonly publicKey: string;
}

/**
 * Uploads the public key that WhatsApp uses to encrypt requests to a flow endpoint. Upload it again after you register
 * the number again. {@link createFlowEndpoint} needs the private key, and {@link getEncryptionKey} returns the status.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/whatsapp_business_encryption`, a form.
 * Source: Meta, Business encryption (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The public key. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError} if the key is missing or is a private key, {@link MissingTargetError} without a
 *   phone number ID, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { createClient, setEncryptionKey } from 'wa-coexist';
 *
 * const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await setEncryptionKey(client, { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
 * ```
 */
export function setEncryptionKey(
  client: Client,
  parameters: SetEncryptionKeyParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('setEncryptionKey', parameters, options, () => {
    const { phoneNumberId } = parameters;
    const publicKey = readPublicKey(parameters.publicKey);
    const id = phoneNumberIdOf(client, 'setEncryptionKey', phoneNumberId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'whatsapp_business_encryption'],
        body: new URLSearchParams({ business_public_key: publicKey }),
        operation: 'POST /{phone-number-id}/whatsapp_business_encryption',
      },
      options,
    );
  });
}

function readPublicKey(publicKey: unknown): string {
  if (typeof publicKey !== 'string') {
    throw new InvalidArgumentError('setEncryptionKey', 'publicKey', `must be a public key in PEM format, but is ${typeOf(publicKey)}`);
  }
  const pem = normalizePem(publicKey);
  if (pem.includes('PRIVATE KEY'))
    throw new InvalidArgumentError('setEncryptionKey', 'publicKey', 'must be the public key, but is a private key');
  if (pem === '') throw new InvalidArgumentError('setEncryptionKey', 'publicKey', 'must be a public key in PEM format, but is empty');
  return pem;
}
