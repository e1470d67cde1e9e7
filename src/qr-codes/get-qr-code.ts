import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';

/** Which code, and what of it. */
export interface GetQrCodeParameters {
  readonly code: string;
  /** As `['code', 'prefilled_message', 'qr_image_url.format(SVG)']`. @defaultValue Meta's */
  readonly fields?: readonly string[] | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Reads a QR code; `undefined` if there is none.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/message_qrdls/{code}`. Source: Meta, QR codes (31 Oct 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, getQrCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log((await getQrCode(client, { code: '4O4YGZEG3RIVE1' }))?.prefilled_message);
 * ```
 */
export function getQrCode(client: Client, parameters: GetQrCodeParameters, options: RequestOptions = {}): ApiPromise<QrCode | undefined> {
  return readParameters('getQrCode', parameters, options, () => {
    const { code, fields, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'getQrCode', phoneNumberId);
    return client
      .request<{ readonly data: readonly QrCode[] }>(
        {
          method: 'GET',
          path: [id, 'message_qrdls', code],
          query: { fields: fields?.join(',') },
          operation: 'GET /{phone-number-id}/message_qrdls/{code}',
        },
        options,
      )
      .map(({ data }) => data[0]);
  });
}
