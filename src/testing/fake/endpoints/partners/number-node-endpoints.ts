import { invalidParameter } from '../../refusal.js';
import type { BusinessNumber } from '../../entities.js';
import type { World } from '../../world.js';
import { requiredText, type NumberCall, type Routes } from '../call.js';
import { describeProfile, updateProfile } from '../business-profile-endpoints.js';
import { shown } from './partner-records.js';

/** The ID of the profile of a number. */
export function profileIdOf({ id }: BusinessNumber): string {
  return `2${id.slice(1)}`;
}

/** The ID of the conversational components of a number. */
export function botIdOf({ id }: BusinessNumber): string {
  return `3${id.slice(1)}`;
}

/** The number whose profile or conversational components have an ID. */
export function numberBehind(world: World, id: string): { readonly number: BusinessNumber; readonly kind: 'profile' | 'bot' } | undefined {
  for (const number of world.numbers.values()) {
    if (profileIdOf(number) === id) return { number, kind: 'profile' };
    if (botIdOf(number) === id) return { number, kind: 'bot' };
  }
  return undefined;
}

/** `/{whatsapp-business-profile-id}`. Source: Meta's OpenAPI file (v23.0, Nov 2025). */
export const profileNodeRoutes: Routes<NumberCall> = {
  'GET ': (call) => ({ ...describeProfile(call), id: profileIdOf(call.number) }),
  'POST ': updateProfile,
};

/** `/{whatsapp-business-bot-id}`. Source: Meta's OpenAPI file (v23.0, Nov 2025). */
export const botNodeRoutes: Routes<NumberCall> = {
  'GET ': (call) =>
    shown(call, 'WhatsAppBusinessBot', {
      id: botIdOf(call.number),
      prompts: [],
      commands: [],
      enable_welcome_message: false,
      ...call.number.stored.get('conversational_automation'),
    }),
};

/** `POST /{phone-number-id}/messages_encrypted`: the fake has no key for the content, so it only confirms it. */
export const encryptedMessageRoutes: Routes<NumberCall> = {
  'POST messages_encrypted'(call) {
    const contents = requiredText(call, 'encrypted_contents');
    if (contents.split('.').length !== 5) throw invalidParameter('Param encrypted_contents must be a JWE in compact form.');
    return { encrypted_contents: contents };
  },
};
