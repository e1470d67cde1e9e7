import type { IdentityRegister } from '../../identity/register.js';
import type { Person } from '../../identity/person.js';

/** Limits the people in a register of this process: it forgets those who were seen least recently. */
export interface RecentPeople {
  /** A person was seen. */
  readonly touch: (phoneNumberId: string, person: Person) => void;
  /** Never forgets a person, for example because the opt-out of the person is stored under the ID of the register. */
  readonly keep: (phoneNumberId: string, person: Person) => void;
  /** Forgets the people over the limit. */
  readonly trim: () => Promise<void>;
}

/** Makes the limit for a register that no other process writes to. */
export function createRecentPeople(register: IdentityRegister, maxPeople: number): RecentPeople {
  /** The number of each person, in the order in which they were seen. */
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
