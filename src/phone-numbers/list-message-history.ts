import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link listMessageHistory}. */
export interface ListMessageHistoryParameters extends PhoneNumberParameters, PageParameters {
  /** Returns only the message with this wamid. */
  readonly messageId?: string | undefined;
  /** Meta's field names. @defaultValue Meta's default fields */
  readonly fields?: readonly string[] | undefined;
}

/** Delivery history of one message. */
export interface MessageHistory {
  /** History ID. Pass it to {@link listMessageHistoryEvents}. */
  readonly id: string;
  /** ID of the message (wamid). */
  readonly message_id: string;
  readonly events?: {
    readonly data: readonly {
      readonly id: string;
      /** `SENT`, `DELIVERED`, `READ`, `FAILED`, `DELETED` or a value that Meta adds. */
      readonly delivery_status: string;
      /** Unix time in seconds. */
      readonly timestamp: number;
      readonly webhook_update_state?: string;
      readonly webhook_uri?: string;
      readonly application?: { readonly id: string; readonly name?: string };
      readonly error_description?: string;
    }[];
  };
  readonly [field: string]: unknown;
}

/**
 * Lists the delivery history of sent messages: their statuses, and whether the webhooks about them were delivered. The
 * API doesn't return the messages themselves. {@link listMessageHistoryEvents} lists the events of one message.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/message_history`. Source: Meta, OpenAPI v23.0
 * (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - A message ID to filter by, fields and the page. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listMessageHistory } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const { events } of listMessageHistory(client, { messageId: 'wamid.EXAMPLE1' })) {
 *   console.log(events?.data);
 * }
 * ```
 */
export function listMessageHistory(
  client: Client,
  parameters: ListMessageHistoryParameters = {},
  options: RequestOptions = {},
): Listing<MessageHistory> {
  return readParameters('listMessageHistory', parameters, options, () => {
    const { messageId, fields, limit, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'listMessageHistory', phoneNumberId);
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'message_history'],
            query: { message_id: messageId, fields: fields?.join(','), limit, after },
            operation: 'GET /{phone-number-id}/message_history',
          },
          options,
        ),
      parameters.after,
    );
  });
}
