import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { ComplianceContact } from './business-compliance-info.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link updateBusinessComplianceInfo}. */
export interface UpdateBusinessComplianceInfoParameters extends PhoneNumberParameters {
  /** 2 to 128 characters. */
  readonly entity_name: string;
  /**
   * `LIMITED_LIABILITY_PARTNERSHIP`, `SOLE_PROPRIETORSHIP`, `PARTNERSHIP`, `PUBLIC_COMPANY`, `PRIVATE_COMPANY`, `OTHER`
   * or a value that Meta adds.
   */
  readonly entity_type: string;
  /** Name of the entity type `OTHER`. */
  readonly entity_type_custom?: string | undefined;
  /** Whether the entity is registered. Only for `OTHER` and `PARTNERSHIP`. */
  readonly is_registered?: boolean | undefined;
  readonly grievance_officer_details: ComplianceContact & { readonly name: string };
  readonly customer_care_details: ComplianceContact;
}

/**
 * Sets the compliance information that Indian law requires of businesses. Read it with
 * {@link getBusinessComplianceInfo}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/business_compliance_info`. Source: Meta, OpenAPI
 * v23.0 (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The compliance information. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateBusinessComplianceInfo } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updateBusinessComplianceInfo(client, {
 *   entity_name: 'Corner Shop Private Limited',
 *   entity_type: 'PRIVATE_COMPANY',
 *   grievance_officer_details: { name: 'A. Officer', email: 'officer@example.com' },
 *   customer_care_details: { email: 'care@example.com' },
 * });
 * ```
 */
export function updateBusinessComplianceInfo(
  client: Client,
  parameters: UpdateBusinessComplianceInfoParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('updateBusinessComplianceInfo', parameters, options, () => {
    const { phoneNumberId, ...info } = parameters;
    const id = phoneNumberIdOf(client, 'updateBusinessComplianceInfo', phoneNumberId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'business_compliance_info'],
        body: { messaging_product: 'whatsapp', ...info },
        operation: 'POST /{phone-number-id}/business_compliance_info',
      },
      options,
    );
  });
}
