import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { ConversationalAutomation } from './phone-number.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Returns the prompts and commands of a phone number. Set them with {@link setConversationalAutomation}. Meta removed
 * the welcome message on 27 March 2026.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}?fields=conversational_automation`. Source: Meta,
 * Conversational components (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The prompts and commands, or an empty object.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getConversationalAutomation } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log((await getConversationalAutomation(client)).prompts);
 * ```
 */
export function getConversationalAutomation(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<ConversationalAutomation> {
  return readParameters('getConversationalAutomation', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getConversationalAutomation', parameters.phoneNumberId);
    return client
      .request<{ readonly conversational_automation?: ConversationalAutomation }>(
        { method: 'GET', path: [id], query: { fields: 'conversational_automation' }, operation: 'GET /{phone-number-id}' },
        options,
      )
      .map((number) => number.conversational_automation ?? {});
  });
}
