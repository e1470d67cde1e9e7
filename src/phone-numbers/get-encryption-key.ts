import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** The public key that WhatsApp uses to encrypt requests to a flow endpoint. */
export interface EncryptionKey {
  /** The key in PEM format. */
  readonly business_public_key?: string;
  /** `VALID`, `MISMATCH` (upload the key again) or a value that Meta adds. */
  readonly business_public_key_signature_status?: string;
}

/**
 * Returns the public key of a phone number for WhatsApp Flows. Upload one with {@link setEncryptionKey}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/whatsapp_business_encryption`. Source: Meta,
 * Business encryption (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The key and its status, or an empty object if no key was uploaded.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getEncryptionKey } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { business_public_key_signature_status: status } = await getEncryptionKey(client);
 * console.log(status);
 * ```
 */
export function getEncryptionKey(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<EncryptionKey> {
  return readParameters('getEncryptionKey', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getEncryptionKey', parameters.phoneNumberId);
    return client
      .request<{ readonly data?: readonly EncryptionKey[] } & EncryptionKey>(
        { method: 'GET', path: [id, 'whatsapp_business_encryption'], operation: 'GET /{phone-number-id}/whatsapp_business_encryption' },
        options,
      )
      .map((answer) => answer.data?.[0] ?? (answer.data ? {} : answer));
  });
}
