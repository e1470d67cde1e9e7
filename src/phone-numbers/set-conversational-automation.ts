import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { ConversationalAutomation } from './phone-number.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setConversationalAutomation}. */
export type SetConversationalAutomationParameters = Omit<ConversationalAutomation, 'id'> & PhoneNumberParameters;

/**
 * Sets the prompts and commands of a phone number. Omitted lists stay unchanged, and an empty list removes them. Read
 * them with {@link getConversationalAutomation}.
 *
 * Meta removed the welcome message on 27 March 2026, so `enable_welcome_message` has no effect.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/conversational_automation`. Source: Meta,
 * Conversational components (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The prompts and commands. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, setConversationalAutomation } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await setConversationalAutomation(client, {
 *   prompts: ['Where is my order?'],
 *   commands: [{ command_name: 'hours', command_description: 'When we are open' }],
 * });
 * ```
 */
export function setConversationalAutomation(
  client: Client,
  parameters: SetConversationalAutomationParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('setConversationalAutomation', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'setConversationalAutomation', phoneNumberId);
    return client.request(
      { method: 'POST', path: [id, 'conversational_automation'], body, operation: 'POST /{phone-number-id}/conversational_automation' },
      options,
    );
  });
}
