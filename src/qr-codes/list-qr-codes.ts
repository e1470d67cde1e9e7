import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { QrCode } from './qr-code.js';

/** Which number's, what of them, and which part of the list. */
export interface ListQrCodesParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
  /** As `['code', 'prefilled_message', 'qr_image_url.format(SVG)']`. @defaultValue Meta's */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Lists the QR codes of a number, the newest first, page after page as they are needed.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/message_qrdls`. Source: Meta, QR codes (31 Oct 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
