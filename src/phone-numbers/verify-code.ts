import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CreatedId, SuccessResult } from '../client/results.js';

/** The code that came. */
export interface VerifyCodeParameters {
  /** Digits without a hyphen. */
  readonly code: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Proves with the code that came that a number is one's own. It can be registered then.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/verify_code`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, verifyCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await verifyCode(client, { code: '123830' });
 * ```
 */
export function verifyCode<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: VerifyCodeParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult & Partial<CreatedId>> {
  return readParameters('verifyCode', parameters, options, () => {
    const { code, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'verifyCode', phoneNumberId);
    const restriction = refuseEndpoint(client, 'verify-code', id);
    return client.request(
      { method: 'POST', path: [id, 'verify_code'], body: { code }, operation: 'POST /{phone-number-id}/verify_code', restriction },
      options,
    );
  });
}
