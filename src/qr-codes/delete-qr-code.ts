import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link deleteQrCode}. */
export interface DeleteQrCodeParameters extends PhoneNumberParameters {
  /** The code, from {@link createQrCode} or {@link listQrCodes}. */
  readonly code: string;
}

/**
 * Deletes a QR code. Customers who scan it later see that the code no longer exists. List codes with
 * {@link listQrCodes}.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{phone-number-id}/message_qrdls/{code}`. Source: Meta, QR codes
 * (31 Oct 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The code. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteQrCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await deleteQrCode(client, { code: '4O4YGZEG3RIVE1' });
 * ```
 */
export function deleteQrCode(client: Client, parameters: DeleteQrCodeParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('deleteQrCode', parameters, options, () => {
    const { code, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'deleteQrCode', phoneNumberId);
    return client.request(
      { method: 'DELETE', path: [id, 'message_qrdls', code], operation: 'DELETE /{phone-number-id}/message_qrdls/{code}' },
      options,
    );
  });
}
