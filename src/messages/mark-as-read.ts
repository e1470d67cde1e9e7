import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link markAsRead}. */
export interface MarkAsReadParameters {
  /**
   * The wamid of a message that is at most 30 days old. In a one-to-one chat, Meta also marks earlier messages as read.
   * In a group, mark each message individually.
   */
  readonly messageId: string;
  /**
   * Shows a typing indicator until your reply arrives or 25 seconds pass.
   * @defaultValue `false`
   */
  readonly typing?: boolean | undefined;
  /**
   * The number that received the message.
   * @defaultValue the client's
   */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Marks a message as read and, with `typing`, shows a typing indicator. Group messages are supported since 14 May 2026.
 * Send the reply with {@link reply} or {@link sendMessage}.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/messages`. Source: Meta, Mark messages as read,
 * Typing indicators (Oct 2025), changelog (14 May 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The wamid of the message, and whether to show a typing indicator.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
    const restriction = rejectEndpoint(client, 'mark-as-read', id);
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
