import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { threadControlRequest, type ThreadControlResult, type ThreadParameters } from './thread-control-request.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/**
 * Takes control of a thread from its owner. Only the escalation partner can do this (2494191 otherwise). The previous
 * owner receives a `messaging_handovers` webhook with `control_taken`. Return the thread with {@link passThreadControl}
 * or {@link releaseThreadControl}.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/thread_control`. Source: Meta, Thread control (25
 * Sep 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The customer of the thread, and text for the other responder. `phoneNumberId` defaults to the
 *   client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link PermissionError} (2494191) if the app is not the escalation partner, {@link InvalidArgumentError} if
 *   not exactly one of `to` and `recipient` is set, or if `metadata` is too long, {@link MissingTargetError} without a
 *   phone number ID, any other {@link GraphApiError}, and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, takeThreadControl } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await takeThreadControl(client, { to: '15550100987', metadata: 'A person takes over' });
 * ```
 */
export function takeThreadControl(
  client: Client,
  parameters: ThreadParameters,
  options: RequestOptions = {},
): ApiPromise<ThreadControlResult> {
  return readParameters('takeThreadControl', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'takeThreadControl', parameters.phoneNumberId);
    return client.request(threadControlRequest(id, 'takeThreadControl', 'take', parameters), options);
  });
}
