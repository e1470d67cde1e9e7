import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Status of an application for an Official Business Account (the blue badge). */
export interface OfficialBusinessAccount {
  readonly id?: string;
  /**
   * `NOT_STARTED`, `PENDING`, `UNDER_REVIEW`, `APPROVED`, `REJECTED`, `EXPIRED`, `CANCELLED` or a value that Meta adds.
   */
  readonly oba_status?: string;
  readonly status_message?: string;
  readonly [field: string]: unknown;
}

/**
 * Returns whether a phone number is an Official Business Account, or the status of the application. Apply with
 * {@link requestOfficialBusinessAccount}.
 *
 * Meta doesn't document whether a number on the WhatsApp Business app can become an Official Business Account. Vendors
 * say that it can't.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/official_business_account`. Source: Meta,
 * Official Business Account (Nov 2025) and OpenAPI v23.0.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getOfficialBusinessAccount } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log((await getOfficialBusinessAccount(client)).oba_status);
 * ```
 */
export function getOfficialBusinessAccount(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<OfficialBusinessAccount> {
  return readParameters('getOfficialBusinessAccount', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getOfficialBusinessAccount', parameters.phoneNumberId);
    return client.request(
      { method: 'GET', path: [id, 'official_business_account'], operation: 'GET /{phone-number-id}/official_business_account' },
      options,
    );
  });
}
