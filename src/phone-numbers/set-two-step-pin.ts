import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkPin } from './check-pin.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setTwoStepPin}. */
export interface SetTwoStepPinParameters extends PhoneNumberParameters {
  /** Six digits. */
  readonly pin: string;
}

/**
 * Sets or changes the two-step verification PIN of a phone number. The API can't turn two-step verification off.
 *
 * Meta has been removing the PIN from eligible Cloud API numbers since 23 September 2026, but
 * {@link registerPhoneNumber} still requires one.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, Two-step verification (Dec 2025,
 * 26 Sep 2026).
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The new PIN. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link InvalidArgumentError} if the PIN is not six
 *   digits, {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, setTwoStepPin } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await setTwoStepPin(client, { pin: '123456' });
 * ```
 */
export function setTwoStepPin<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: SetTwoStepPinParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('setTwoStepPin', parameters, options, () => {
    const { pin, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'setTwoStepPin', phoneNumberId);
    const restriction = rejectEndpoint(client, 'set-two-step-pin', id);
    checkPin('setTwoStepPin', pin);
    return client.request({ method: 'POST', path: [id], body: { pin }, operation: 'POST /{phone-number-id}', restriction }, options);
  });
}
