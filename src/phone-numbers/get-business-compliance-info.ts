import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { BusinessComplianceInfo } from './business-compliance-info.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Returns the compliance information that Indian law requires of businesses. Set it with
 * {@link updateBusinessComplianceInfo}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/business_compliance_info`. Source: Meta, OpenAPI
 * v23.0 (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns `undefined` if no information was set.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getBusinessComplianceInfo } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log((await getBusinessComplianceInfo(client))?.entity_name);
 * ```
 */
export function getBusinessComplianceInfo(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<BusinessComplianceInfo | undefined> {
  return readParameters('getBusinessComplianceInfo', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getBusinessComplianceInfo', parameters.phoneNumberId);
    return client
      .request<{ readonly data: readonly BusinessComplianceInfo[] }>(
        { method: 'GET', path: [id, 'business_compliance_info'], operation: 'GET /{phone-number-id}/business_compliance_info' },
        options,
      )
      .map(({ data }) => data[0]);
  });
}
