import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';

/** Which code, and its new text. */
export interface UpdateQrCodeParameters {
  readonly code: string;
  /** At most 140 characters. */
  readonly prefilled_message: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Changes the text behind a QR code; code and link stay.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
