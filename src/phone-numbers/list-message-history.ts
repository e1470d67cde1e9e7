import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Which messages, and which part of the list. */
export interface ListMessageHistoryParameters extends PageParameters {
  /** One wamid only. */
  readonly messageId?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** What became of one message. */
export interface MessageHistory {
  /** For {@link listMessageHistoryEvents}. */
  readonly id: string;
  /** The wamid. */
  readonly message_id: string;
  readonly events?: {
    readonly data: readonly {
      readonly id: string;
      /** `SENT`, `DELIVERED`, `READ`, `FAILED`, `DELETED` or a value that Meta adds. */
      readonly delivery_status: string;
      /** Unix seconds. */
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
 * Lists what became of sent messages: their statuses, and whether the webhooks about them arrived. The messages themselves cannot be read.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/message_history`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listMessageHistory } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const { events } of listMessageHistory(client, { messageId: 'wamid.EXAMPLE1' })) console.log(events?.data);
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
