import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { CreatedId } from '../client/results.js';

/** A number for a WABA. */
export interface AddPhoneNumberParameters {
  /** Calling code, as `1`. */
  readonly cc: string;
  /** The number without the calling code. */
  readonly phone_number: string;
  /** The display name that Meta will review. */
  readonly verified_name: string;
  /** Whether it is moved from another account. */
  readonly migrate_phone_number?: boolean | undefined;
  /** Id of a number that was verified beforehand. */
  readonly preverified_id?: string | undefined;
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
}

/**
 * Adds a number to a WABA; it is to be verified and registered then. A number of the WhatsApp Business app comes by Embedded Signup instead.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/phone_numbers`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseEndpoint(client, 'add-phone-number');
    const { wabaId, ...body } = parameters;
    const id = wabaIdOf(client, 'addPhoneNumber', wabaId);
    return client.request(
      { method: 'POST', path: [id, 'phone_numbers'], body, operation: 'POST /{waba-id}/phone_numbers', restriction },
      options,
    );
  });
}
