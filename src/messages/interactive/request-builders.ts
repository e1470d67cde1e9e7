import { buildFrame, type FrameOptions, type InteractiveContent } from './message-frame.js';
import type { AddressInteractive, VoiceCallInteractive } from '../outgoing/interactive.js';

/** Parameters of {@link addressRequest}, in Meta's shape. */
export type AddressRequestParameters = AddressInteractive['action']['parameters'];

/** Parameters of {@link voiceCall}, in Meta's shape. */
export type VoiceCallParameters = NonNullable<VoiceCallInteractive['action']['parameters']>;

/**
 * Builds the content of a message that asks the customer for an address, in Meta's shape. The reply is an
 * `nfm_reply` with the name `address_message`. Available in India. See {@link AddressInteractive}.
 *
 * To ask again because of a wrong value, pass the earlier `values` together with `validation_errors`.
 *
 * Source: Meta, Address messages (Nov 2025).
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param parameters - The country, and optionally known values, saved addresses and errors by field.
 * @param options - Header and footer. See {@link FrameOptions}.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { addressRequest } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const question = addressRequest('Where shall we deliver?', { country: 'IN', values: { name: 'Asha', city: 'Pune' } });
 * await wa.messages.send({ to: '919000090000', ...question });
 * ```
 */
export function addressRequest(
  body: string,
  parameters: AddressRequestParameters,
  options: FrameOptions = {},
): InteractiveContent<AddressInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'address_message',
      ...buildFrame(options),
      body: { text: body },
      action: { name: 'address_message', parameters },
    },
  };
}

/**
 * Builds the content of a message with a button that calls the business on WhatsApp, in Meta's shape. Coexistence
 * numbers can't send it, because they don't support the Calling API. See {@link VoiceCallInteractive}.
 *
 * Source: Meta, Call button messages (Dec 2025).
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param parameters - Text of the button (at most 20 characters), lifetime in minutes (1 to 43,200), and your own data
 * for the webhook of the call (at most 512 characters).
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { voiceCall } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const offer = voiceCall('Any questions? Call us.', { display_text: 'Call us', ttl_minutes: 60, payload: 'order-4711' });
 * await wa.messages.send({ to: '15550100987', ...offer });
 * ```
 */
export function voiceCall(body: string, parameters?: VoiceCallParameters): InteractiveContent<VoiceCallInteractive> {
  return {
    type: 'interactive',
    interactive: { type: 'voice_call', body: { text: body }, action: { name: 'voice_call', ...(parameters && { parameters }) } },
  };
}
