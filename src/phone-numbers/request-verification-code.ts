import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import type { SuccessResult } from '../client/results.js';

/** How the code comes. */
export interface RequestVerificationCodeParameters {
  readonly code_method: OpenEnum<'SMS' | 'VOICE'>;
  /** As `en_US`. */
  readonly language: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Has a code sent to a number, to prove that it is one's own.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/request_code`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `MissingTargetError`, `GraphApiError` (136024 verified already) and the connection
 * errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, requestVerificationCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' });
 * ```
 */
export function requestVerificationCode<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: RequestVerificationCodeParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('requestVerificationCode', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'requestVerificationCode', phoneNumberId);
    const restriction = refuseEndpoint(client, 'request-verification-code', id);
    return client.request(
      { method: 'POST', path: [id, 'request_code'], body, operation: 'POST /{phone-number-id}/request_code', restriction },
      options,
    );
  });
}
