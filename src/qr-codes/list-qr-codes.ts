import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link listQrCodes}. */
export interface ListQrCodesParameters extends PhoneNumberParameters, PageParameters {
  /**
   * Meta's field names, for example `['code', 'prefilled_message', 'qr_image_url.format(SVG)']`.
   *
   * @defaultValue Meta's default fields
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Lists the QR codes of a phone number, newest first. {@link getQrCode} returns one of them.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The fields and the page. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listQrCodes } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const { deep_link_url } of listQrCodes(client)) console.log(deep_link_url);
 * ```
 */
export function listQrCodes(client: Client, parameters: ListQrCodesParameters = {}, options: RequestOptions = {}): Listing<QrCode> {
  return readParameters('listQrCodes', parameters, options, () => {
    const { fields, limit, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'listQrCodes', phoneNumberId);
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'message_qrdls'],
            query: { fields: fields?.join(','), limit, after },
            operation: 'GET /{phone-number-id}/message_qrdls',
          },
          options,
        ),
      parameters.after,
    );
  });
}
