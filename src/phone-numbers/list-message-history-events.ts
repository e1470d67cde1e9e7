import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link listMessageHistoryEvents}. */
export interface ListMessageHistoryEventsParameters extends PageParameters {
  /** The `id` of an entry that {@link listMessageHistory} returns. */
  readonly messageHistoryId: string;
  /** Returns only events with this status. */
  readonly statusFilter?: string | undefined;
  /** Meta's field names. @defaultValue Meta's default fields */
  readonly fields?: readonly string[] | undefined;
}

/** A status event of one message. */
export interface MessageHistoryEvent {
  readonly id: string;
  /** `SENT`, `DELIVERED`, `READ`, `FAILED`, `DELETED` or a value that Meta adds. */
  readonly delivery_status: string;
  /** Unix time in seconds. */
  readonly occurrence_timestamp: number;
  /** Unix time in seconds. */
  readonly status_timestamp?: number;
  readonly application?: { readonly id: string; readonly name?: string };
  readonly error_description?: string;
  readonly [field: string]: unknown;
}

/** Item of {@link listMessageHistoryEvents}: a status and its cursor. */
export interface MessageHistoryEdge {
  readonly cursor?: string;
  readonly node: MessageHistoryEvent;
}

/**
 * Lists the status events of one message. Get its history ID from {@link listMessageHistory}.
 *
 * Permission: `whatsapp_business_management`. `GET /{message-history-id}/events`. Source: Meta, OpenAPI v23.0 (Nov
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The history ID, a status filter, fields and the page.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listMessageHistoryEvents } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * for await (const { node } of listMessageHistoryEvents(client, { messageHistoryId: '1234567890123456' })) {
 *   console.log(node.delivery_status);
 * }
 * ```
 */
export function listMessageHistoryEvents(
  client: Client,
  parameters: ListMessageHistoryEventsParameters,
  options: RequestOptions = {},
): Listing<MessageHistoryEdge> {
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
