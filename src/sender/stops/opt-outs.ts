import { GraphApiError } from '../../errors/graph-api-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { UserPreferenceEvent } from '../../webhooks/events/users.js';
import type { SendGuard } from '../guard.js';

/** People who want no marketing messages of a number: what is marketing is refused for them, before Meta does (131050). */
export interface OptOuts {
  readonly guard: SendGuard;
  /** A person chose. @throws `StoreError` */
  readonly observe: (event: UserPreferenceEvent) => Promise<void>;
  /** Meta refused a message: for a choice of its recipient, perhaps. */
  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): void;
}

/** The person stopped marketing messages of this business. Source: Meta, Error codes (Sep 2026). */
const optedOutCode = 131_050;

/** Keeps opt-outs in a store, where all processes find them. */
export function createOptOuts(store: Store, logger: Logger): OptOuts {
  const keyOf = (phoneNumberId: string, person: string): string => `sender/${phoneNumberId}/opt-out/${person}`;
  return {
    guard: async (message, { phoneNumberId, category }) => {
      const person = message.to ?? message.recipient;
      if (category !== 'marketing' || person === undefined) return { verdict: 'pass' };
      const optedOut = await store.get(keyOf(phoneNumberId, digitsOf(person)));
      return optedOut ? { verdict: 'refuse', error: new NotSentError('opted-out') } : { verdict: 'pass' };
    },
    async observe({ value, phoneNumberId }) {
      if (phoneNumberId === undefined || (value.category !== undefined && value.category !== 'marketing_messages')) return;
      for (const person of [value.wa_id, value.user_id]) {
        if (person === undefined) continue;
        if (value.value === 'stop') await store.set(keyOf(phoneNumberId, digitsOf(person)), true);
        if (value.value === 'resume') await store.delete(keyOf(phoneNumberId, digitsOf(person)));
      }
    },
    refused(message, phoneNumberId, error) {
      const person = message.to ?? message.recipient;
      if (!(error instanceof GraphApiError) || error.code !== optedOutCode || person === undefined) return;
      store.set(keyOf(phoneNumberId, digitsOf(person)), true).catch((failure: unknown) => {
        logger.warn('an opt-out could not be recorded; Meta will tell it again', { phoneNumberId, error: failure });
      });
    },
  };
}

/** Numbers are compared by their digits, as webhooks have them; business-scoped ids as they are. */
function digitsOf(person: string): string {
  return /^[+\d\s().-]+$/.test(person) ? person.replaceAll(/\D/g, '') : person;
}
