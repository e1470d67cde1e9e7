import { GraphApiError } from '../../errors/graph-api-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { toError } from '../../errors/to-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import { joinKey } from '../../runtime/keys.js';
import type { StatusEvent } from '../../webhooks/events/messages.js';
import type { UserPreferenceEvent } from '../../webhooks/events/users.js';
import type { GuardVerdict, SendGuard } from '../guard.js';

/** People who want no marketing messages of a number: what is marketing is refused for them, before Meta does (131050). */
export interface OptOuts {
  readonly guard: SendGuard;
  /** A person chose. @throws `StoreError` */
  readonly observe: (event: UserPreferenceEvent) => Promise<void>;
  /** A message failed, perhaps because its recipient opted out. @throws `StoreError` */
  readonly failed: (event: StatusEvent) => Promise<void>;
  /** Meta refused a message: for a choice of its recipient, perhaps. */
  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): void;
}

/** The person stopped marketing messages of this business. Source: Meta, Error codes (Sep 2026). */
const optedOutCode = 131_050;

/** Keeps opt-outs in a store, where all processes find them. */
export function createOptOuts(store: Store, logger: Logger): OptOuts {
  const keyOf = (phoneNumberId: string, person: string): string => joinKey('sender', phoneNumberId, 'opt-out', person);
  const verdictOnPerson = async (phoneNumberId: string, person: string): Promise<GuardVerdict> => {
    const optedOut = await store.get(keyOf(phoneNumberId, digitsOf(person)));
    return optedOut ? { verdict: 'refuse', error: new NotSentError('opted-out') } : { verdict: 'pass' };
  };
  return {
    guard: (message, { phoneNumberId, category }) => {
      const person = message.to ?? message.recipient;
      return category !== 'marketing' || person === undefined ? { verdict: 'pass' } : verdictOnPerson(phoneNumberId, person);
    },
    async observe({ value, phoneNumberId }) {
      if (phoneNumberId === undefined || (value.category !== undefined && value.category !== 'marketing_messages')) return;
      for (const person of [value.wa_id, value.user_id]) {
        if (person === undefined) continue;
        if (value.value === 'stop') await store.set(keyOf(phoneNumberId, digitsOf(person)), true);
        if (value.value === 'resume') await store.delete(keyOf(phoneNumberId, digitsOf(person)));
      }
    },
    async failed({ status, phoneNumberId }) {
      const error = toError(status);
      if (error?.code !== optedOutCode || phoneNumberId === undefined) return;
      for (const person of [status.recipient_id, status.recipient_user_id]) {
        if (person !== undefined) await store.set(keyOf(phoneNumberId, digitsOf(person)), true);
      }
    },
    refused(message, phoneNumberId, error) {
      const person = message.to ?? message.recipient;
      if (!(error instanceof GraphApiError) || error.code !== optedOutCode || person === undefined) return;
      store.set(keyOf(phoneNumberId, digitsOf(person)), true).catch((failure: unknown) => {
        logger.warn('sender.opt_out_not_recorded', { phoneNumberId, error: failure });
      });
    },
  };
}

/** Numbers are compared by their digits, as webhooks have them; business-scoped ids as they are. */
function digitsOf(person: string): string {
  return /^[+\d\s().-]+$/.test(person) ? person.replaceAll(/\D/g, '') : person;
}
