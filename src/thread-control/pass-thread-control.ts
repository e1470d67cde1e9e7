import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { ThreadRole } from '../webhooks/fields/handovers.js';
import { threadControlRequest, type ThreadControlResult, type ThreadParameters } from './thread-control-request.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Parameters of {@link passThreadControl}. */
export type PassThreadControlParameters = ThreadParameters & {
  /** Role of the new owner. `ai_agent` needs Meta Business Agent. @defaultValue the escalation partner */
  readonly targetRole?: ThreadRole | undefined;
};

/**
 * Passes a thread that this app owns to another responder of the same number: a second partner, or Meta Business Agent.
 * The new owner receives a `messaging_handovers` webhook with `control_passed`. Messages of an app that doesn't own the
 * thread fail with 131070. {@link takeThreadControl} and {@link releaseThreadControl} are the other actions.
 *
 * Meta enables thread control for accounts that have several responders and a routing configuration. It doesn't
 * document whether coexistence numbers can use it. To decide between a bot and your team in one app, use the `handoff`
 * module of {@link createCoexistence} instead.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/thread_control`. Source: Meta, Thread control (25
 * Sep and 8 Oct 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The customer of the thread, the role of the new owner, and text for it. `phoneNumberId` defaults
 *   to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link InvalidArgumentError} if not exactly one of `to` and `recipient` is set, or if `metadata` is too long,
 *   {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, passThreadControl } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { request_id } = await passThreadControl(client, {
 *   recipient: 'US.90000000000000000001',
 *   targetRole: 'customer_service',
 *   metadata: 'Asked for a person',
 * });
 * console.log(request_id);
 * ```
 */
export function passThreadControl(
  client: Client,
  parameters: PassThreadControlParameters,
  options: RequestOptions = {},
): ApiPromise<ThreadControlResult> {
  return readParameters('passThreadControl', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'passThreadControl', parameters.phoneNumberId);
    const { targetRole } = parameters;
    const content = targetRole === undefined ? {} : { control_pass: { target_role: targetRole } };
    return client.request(threadControlRequest(id, 'passThreadControl', 'pass', parameters, content), options);
  });
}
