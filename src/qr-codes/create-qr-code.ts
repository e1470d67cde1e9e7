import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode, QrImage } from './qr-code.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link createQrCode}. */
export interface CreateQrCodeParameters extends PhoneNumberParameters {
  /** Prefilled message, at most 140 characters. */
  readonly prefilled_message: string;
  /** Format of the QR image in the response. @defaultValue no image */
  readonly generate_qr_image?: QrImage | undefined;
}

/**
 * Creates a QR code and a short link that open a chat with a prefilled message. Change the message later with
 * {@link updateQrCode}. A phone number can have 2,000 codes.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The message and the image format. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The code and its link.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createQrCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { deep_link_url } = await createQrCode(client, {
 *   prefilled_message: 'I have a question',
 *   generate_qr_image: 'SVG',
 * });
 * console.log(deep_link_url);
 * ```
 */
export function createQrCode(client: Client, parameters: CreateQrCodeParameters, options: RequestOptions = {}): ApiPromise<QrCode> {
  return readParameters('createQrCode', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'createQrCode', phoneNumberId);
    return client.request(
      { method: 'POST', path: [id, 'message_qrdls'], body, operation: 'POST /{phone-number-id}/message_qrdls' },
      options,
    );
  });
}
