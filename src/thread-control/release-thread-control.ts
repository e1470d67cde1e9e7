import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { threadControlRequest, type ThreadControlResult, type ThreadParameters } from './thread-control-request.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/**
 * Releases a thread that this app owns. Meta routes the next message of the customer by its entry point. Meta sends no
 * webhook about the release, and releasing a thread without an owner succeeds. To choose the new owner, use
 * {@link passThreadControl}.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/thread_control`. Source: Meta, Thread control (25
 * Sep 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The customer of the thread, and text for the other responder. `phoneNumberId` defaults to the
 *   client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link InvalidArgumentError} if not exactly one of `to` and `recipient` is set, or if `metadata` is too long,
 *   {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, releaseThreadControl } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await releaseThreadControl(client, { to: '15550100987' });
 * ```
 */
export function releaseThreadControl(
  client: Client,
  parameters: ThreadParameters,
  options: RequestOptions = {},
): ApiPromise<ThreadControlResult> {
  return readParameters('releaseThreadControl', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'releaseThreadControl', parameters.phoneNumberId);
    return client.request(threadControlRequest(id, 'releaseThreadControl', 'release', parameters), options);
  });
}
