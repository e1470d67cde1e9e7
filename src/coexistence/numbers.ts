import { samePhoneNumber } from '../identity/phone-number.js';
import type { Store } from '../stores/store.js';
import { globalKey, numberKey } from '../runtime/keys.js';
import { readRecord, updateRecord } from '../stores/records.js';

/** A number that was onboarded. */
export type KnownNumber = {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly onboardingId: string;
  readonly onboardedAtMs: number;
  /** As Meta shows it. */
  readonly displayPhoneNumber?: string;
};

/** The onboarded numbers, by id and by WABA: account events name only the WABA. */
export interface KnownNumbers {
  /** Writes a number down; of two onboardings the later stands. */
  readonly record: (number: KnownNumber) => Promise<void>;
  /** A number, or `undefined` for one that was not onboarded. */
  readonly get: (phoneNumberId: string) => Promise<KnownNumber | undefined>;
  /** The numbers that an event of a WABA concerns: all, or the one whose digits it names. */
  readonly ofWaba: (wabaId: string, phoneNumber?: string) => Promise<readonly KnownNumber[]>;
}

/** The most numbers of a WABA that an account event reaches. Meta allows far fewer. */
const maxNumbers = 1_000;

/** The onboarded numbers in a store. */
export function knownNumbers(store: Store): KnownNumbers {
  return {
    record: (number) =>
      updateRecord<KnownNumber, undefined>(store, numberKey(number.phoneNumberId), (known) => ({
        ...(known && known.onboardedAtMs > number.onboardedAtMs ? {} : { state: number }),
        also: [{ type: 'set', key: globalKey('waba', number.wabaId, number.phoneNumberId), value: number.phoneNumberId }],
        result: undefined,
      })),
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
      // A number that was adopted without its digits may be meant, where no other is.
      return named.length > 0 ? named : numbers.filter(({ displayPhoneNumber }) => displayPhoneNumber === undefined);
    },
  };
}
