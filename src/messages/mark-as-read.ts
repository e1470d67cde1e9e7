import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { refuseEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Which message was read. */
export interface MarkAsReadParameters {
  /**
   * The wamid of a message that is at most 30 days old. In a one-to-one chat, earlier messages count as read as well. In a group each message is
   * marked individually.
   */
  readonly messageId: string;
  /** Shows that a reply is being written, until it arrives or 25 seconds pass. @defaultValue `false` */
  readonly typing?: boolean | undefined;
  /** The number that received it. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Shows the customer that a message was read and, with `typing`, that a reply is being written. Messages of groups can be marked as read since
 * 14 May 2026.
 *
 * Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/messages`. Source: Meta, Mark messages as read, Typing indicators (Oct 2025),
 * changelog (14 May 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, markAsRead } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await markAsRead(client, { messageId: 'wamid.1', typing: true });
 * ```
 */
export function markAsRead(client: Client, parameters: MarkAsReadParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('markAsRead', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'markAsRead', parameters.phoneNumberId);
    const restriction = refuseEndpoint(client, 'mark-as-read', id);
    return client.request(
      {
        method: 'POST',
        path: [id, 'messages'],
        body: {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: parameters.messageId,
          ...(parameters.typing && { typing_indicator: { type: 'text' } }),
        },
        operation: 'POST /{phone-number-id}/messages (read)',
        restriction,
      },
      options,
    );
  });
}
