import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link getQrCode}. */
export interface GetQrCodeParameters extends PhoneNumberParameters {
  /** The code, from {@link createQrCode} or {@link listQrCodes}. */
  readonly code: string;
  /**
   * Meta's field names, for example `['code', 'prefilled_message', 'qr_image_url.format(SVG)']`.
   *
   * @defaultValue Meta's default fields
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Returns a QR code. {@link listQrCodes} lists all codes of a phone number.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/message_qrdls/{code}`. Source: Meta, QR codes (31
 * Oct 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The code and the fields to return. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns `undefined` if the code doesn't exist.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
