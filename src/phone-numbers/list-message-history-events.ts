import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Which message's, which events, and which part of the list. */
export interface ListMessageHistoryEventsParameters extends PageParameters {
  /** The `id` of an entry of {@link listMessageHistory}. */
  readonly messageHistoryId: string;
  /** Only events of this status. */
  readonly statusFilter?: string | undefined;
  readonly fields?: readonly string[] | undefined;
}

/** A status of one message. */
export interface MessageHistoryEvent {
  readonly id: string;
  /** `SENT`, `DELIVERED`, `READ`, `FAILED`, `DELETED` or a value that Meta adds. */
  readonly delivery_status: string;
  /** Unix seconds. */
  readonly occurrence_timestamp: number;
  /** Unix seconds. */
  readonly status_timestamp?: number;
  readonly application?: { readonly id: string; readonly name?: string };
  readonly error_description?: string;
  readonly [field: string]: unknown;
}

/**
 * Lists the statuses of one message.
 *
 * Permission `whatsapp_business_management`. `GET /{message-history-id}/events`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listMessageHistoryEvents } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * for await (const { node } of listMessageHistoryEvents(client, { messageHistoryId: '1234567890123456' })) console.log(node.delivery_status);
 * ```
 */
export function listMessageHistoryEvents(
  client: Client,
  parameters: ListMessageHistoryEventsParameters,
  options: RequestOptions = {},
): Listing<{ readonly cursor?: string; readonly node: MessageHistoryEvent }> {
  return readParameters('listMessageHistoryEvents', parameters, options, () => {
    const { messageHistoryId, statusFilter, fields, limit } = parameters;
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [messageHistoryId, 'events'],
            query: { status_filter: statusFilter, fields: fields?.join(','), limit, after },
            operation: 'GET /{message-history-id}/events',
          },
          options,
        ),
      parameters.after,
    );
  });
}
