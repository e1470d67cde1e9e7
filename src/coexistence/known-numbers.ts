import { samePhoneNumber } from '../identity/phone-number-spellings.js';
import type { Store } from '../stores/store.js';
import { globalKey, numberKey } from '../runtime/keys.js';
import { defined } from '../runtime/json.js';
import { readRecord, updateRecord } from '../stores/records.js';
import type { Scope } from './unit-of-work.js';

/** An onboarded number. */
export type KnownNumber = {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly onboardingId: string;
  readonly onboardedAtMs: number;
  /** The number as Meta formats it. */
  readonly displayPhoneNumber?: string;
};

/** The onboarded numbers by phone number ID and by WABA. Account events contain only the WABA ID. */
export interface KnownNumbers {
  /** Stores a number in the transaction of a scope. The later of two onboardings wins. */
  readonly record: (number: KnownNumber, scope: Pick<Scope, 'store'>) => Promise<void>;
  /** Returns a number, or `undefined` if it wasn't onboarded. */
  readonly get: (phoneNumberId: string) => Promise<KnownNumber | undefined>;
  /** Returns the numbers that an event of a WABA concerns: all numbers, or the one with the digits in the event. */
  readonly ofWaba: (wabaId: string, phoneNumber?: string) => Promise<readonly KnownNumber[]>;
}

/** Maximum number of phone numbers per WABA that an account event reaches. Meta's limit is much lower. */
const maxNumbers = 1_000;

/**
 * Creates the index of onboarded numbers in a store.
 *
 * @param store - The store of all modules.
 */
export function knownNumbers(store: Store): KnownNumbers {
  return {
    record: ({ phoneNumberId, wabaId, onboardingId, onboardedAtMs, displayPhoneNumber }, scope) => {
      const number: KnownNumber = { phoneNumberId, wabaId, onboardingId, onboardedAtMs, ...defined({ displayPhoneNumber }) };
      return updateRecord<KnownNumber, undefined>(scope.store, numberKey(number.phoneNumberId), (known) => ({
        ...(known && known.onboardedAtMs > number.onboardedAtMs ? {} : { state: number }),
        also: [{ type: 'set', key: globalKey('waba', number.wabaId, number.phoneNumberId), value: number.phoneNumberId }],
        result: undefined,
      }));
    },
    get: (phoneNumberId) => readRecord<KnownNumber>(store, numberKey(phoneNumberId)),
    ofWaba: async (wabaId, phoneNumber) => {
      const entries = await store.list(`${globalKey('waba', wabaId)}/`, { limit: maxNumbers });
      const numbers: KnownNumber[] = [];
      for (const { value } of entries) {
        const number = typeof value === 'string' ? await readRecord<KnownNumber>(store, numberKey(value)) : undefined;
        if (number?.wabaId === wabaId) numbers.push(number);
      }
      if (phoneNumber === undefined) return numbers;
      const named = numbers.filter(({ displayPhoneNumber: own }) => own !== undefined && samePhoneNumber(own, phoneNumber));
      // The event may mean an imported number without digits, if no other number matches.
      return named.length > 0 ? named : numbers.filter(({ displayPhoneNumber }) => displayPhoneNumber === undefined);
    },
  };
}
