import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { CreatedId } from '../client/results.js';

/** Parameters of {@link addPhoneNumber}. */
export interface AddPhoneNumberParameters {
  /** Country calling code, for example `1`. */
  readonly cc: string;
  /** The phone number without the country calling code. */
  readonly phone_number: string;
  /** Display name. Meta reviews it. */
  readonly verified_name: string;
  /** Moves the number from another account. */
  readonly migrate_phone_number?: boolean | undefined;
  /** ID of a pre-verified number. */
  readonly preverified_id?: string | undefined;
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
}

/**
 * Adds a phone number to a WhatsApp Business Account (WABA). Verify it next with {@link requestVerificationCode} and
 * {@link verifyCode}, then register it with {@link registerPhoneNumber}. Numbers of the WhatsApp Business app are added
 * by Embedded Signup instead.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/phone_numbers`. Source: Meta, Phone numbers (5 Dec
 * 2025).
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The number and its display name. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the new phone number.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError} if no account ID is set,
 *   and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { addPhoneNumber, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { id } = await addPhoneNumber(client, { cc: '1', phone_number: '5550100123', verified_name: 'Corner Shop' });
 * console.log(id);
 * ```
 */
export function addPhoneNumber<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: AddPhoneNumberParameters,
  options: RequestOptions = {},
): ApiPromise<CreatedId> {
  return readParameters('addPhoneNumber', parameters, options, () => {
    const restriction = rejectEndpoint(client, 'add-phone-number');
    const { wabaId, ...body } = parameters;
    const id = wabaIdOf(client, 'addPhoneNumber', wabaId);
    return client.request(
      { method: 'POST', path: [id, 'phone_numbers'], body, operation: 'POST /{waba-id}/phone_numbers', restriction },
      options,
    );
  });
}
