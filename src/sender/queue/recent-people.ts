import type { IdentityRegister } from '../../identity/register.js';
import type { Person } from '../../identity/person.js';

/** Limits the number of people in the register of this process. Forgets those that were seen least recently. */
export interface RecentPeople {
  /** Marks a person as seen. */
  readonly touch: (phoneNumberId: string, person: Person) => void;
  /** Excludes a person from the limit, for example because an opt-out is stored under the person's ID. */
  readonly keep: (phoneNumberId: string, person: Person) => void;
  /** Forgets the people over the limit. */
  readonly trim: () => Promise<void>;
}

/** Creates the limit for a register that only this process writes to. */
export function createRecentPeople(register: IdentityRegister, maxPeople: number): RecentPeople {
  /** The phone number ID of each person, in the order in which they were seen. */
  const seen = new Map<string, string>();
  const kept = new Set<string>();
  const touch: RecentPeople['touch'] = (phoneNumberId, { id, merged }) => {
    for (const earlier of merged) {
      seen.delete(earlier);
      if (kept.delete(earlier)) kept.add(id);
    }
    seen.delete(id);
    if (!kept.has(id)) seen.set(id, phoneNumberId);
  };
  return {
    touch,
    keep: (phoneNumberId, person) => {
      kept.add(person.id);
      touch(phoneNumberId, person);
    },
    trim: async () => {
      for (const [id, phoneNumberId] of seen) {
        if (seen.size <= maxPeople) return;
        seen.delete(id);
        await register.forget(phoneNumberId, id);
      }
    },
  };
}
