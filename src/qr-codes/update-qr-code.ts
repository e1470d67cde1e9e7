import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link updateQrCode}. */
export interface UpdateQrCodeParameters extends PhoneNumberParameters {
  /** The code, from {@link createQrCode} or {@link listQrCodes}. */
  readonly code: string;
  /** New prefilled message, at most 140 characters. */
  readonly prefilled_message: string;
}

/**
 * Changes the prefilled message of a QR code. The code and its link stay the same. Create codes with
 * {@link createQrCode}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The code and the new message. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateQrCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updateQrCode(client, { code: '4O4YGZEG3RIVE1', prefilled_message: 'I have another question' });
 * ```
 */
export function updateQrCode(client: Client, parameters: UpdateQrCodeParameters, options: RequestOptions = {}): ApiPromise<QrCode> {
  return readParameters('updateQrCode', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'updateQrCode', phoneNumberId);
    return client.request(
      { method: 'POST', path: [id, 'message_qrdls'], body, operation: 'POST /{phone-number-id}/message_qrdls' },
      options,
    );
  });
}
