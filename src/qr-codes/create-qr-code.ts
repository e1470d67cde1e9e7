import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode, QrImage } from './qr-code.js';

/** A new code. */
export interface CreateQrCodeParameters {
  /** At most 140 characters. */
  readonly prefilled_message: string;
  /** @defaultValue no image */
  readonly generate_qr_image?: QrImage | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Makes a QR code and short link that open a chat with a text in the input.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct 2025): 2000 a number.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, createQrCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { deep_link_url } = await createQrCode(client, { prefilled_message: 'I have a question', generate_qr_image: 'SVG' });
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
