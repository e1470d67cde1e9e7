import type { Customer } from '../../webhooks/events/base.js';
import { personKeys, type PersonIds } from '../../identity/person.js';
import { fingerprint } from '../../runtime/fingerprint.js';
import { normalizePhoneNumber } from '../../identity/phone-number.js';

/** How people are compared. */
export interface ConversationOptions {
  /**
   * Returns the form in which phone numbers are compared. Numbers with the same form are one person. `(waId) => waId` compares the digits.
   *
   * @defaultValue `comparablePhoneNumber`: Brazilian, Mexican and Argentine numbers with and without their inner digit are one
   */
  readonly numberKey?: ((waId: string) => string) | undefined;
}

/** IDs of a person. Any one is enough. */
export type CustomerIds = PersonIds;

/**
 * Every ID under which a conversation may know a person, the leading one first. `personKeys` decides the precedence: the user ID, the
 * phone number, the parent's user ID, and `@` with the username if there is no other ID.
 *
 * @param ids - For example `event.customer`.
 * @param options - How phone numbers are compared.
 * @returns An empty list if there is no usable ID.
 *
 * @example
 * ```ts
 * import { customerIdsOf } from 'wa-coexist/coexistence';
 *
 * customerIdsOf({ waId: '+1 555-010-0987', userId: 'US.90000000000000000001' }); // ['US.90000000000000000001', '15550100987']
 * ```
 */
export function customerIdsOf(ids: CustomerIds, { numberKey }: ConversationOptions = {}): readonly string[] {
  const comparePhoneNumber =
    numberKey &&
    ((number: string): string | undefined => {
      const digits = normalizePhoneNumber(number);
      return digits === undefined ? undefined : numberKey(digits);
    });
  return personKeys(ids, { comparePhoneNumber }).map((key) => {
    const id = key.slice(key.indexOf(':') + 1);
    return storedId(key.startsWith('username:') ? `@${id}` : id);
  });
}

/** Databases limit the size of the rows in an index, Postgres to 2,704 bytes. Three IDs and a time must fit. */
const maxIdBytes = 600;

/** The form of an ID in the tables: itself, or a digest if it is longer than an index can contain. Meta's are at most about 300 bytes. */
export function storedId(id: string): string {
  // A character takes at most three bytes for each of its units.
  if (id.length * 3 <= maxIdBytes || new TextEncoder().encode(id).length <= maxIdBytes) return id;
  return `~${fingerprint(id)}.${fingerprint(`${String(id.length)} ${id}`)}`;
}

/** Whether a {@link CustomerIds} names anybody. */
export function isNamed(customer: Customer | undefined): customer is Customer {
  return customer !== undefined && customerIdsOf(customer).length > 0;
}

/**
 * The id that stands for a person, whichever of their ids is given: aliases are followed to the last. Where they lead in a circle, as after a
 * number was changed and changed back, the least id of the circle stands. The same for every order in which the aliases came.
 *
 * @param sameAs the alias of an id, if it has one.
 *
 * @example
 * ```ts
 * import { threadIdOf } from 'wa-coexist/coexistence';
 *
 * const aliases = new Map([['15550100987', 'US.1'], ['US.1', 'US.2']]);
 * threadIdOf('15550100987', (id) => aliases.get(id)); // 'US.2'
 * ```
 */
export function threadIdOf(customerId: string, sameAs: (customerId: string) => string | undefined): string {
  const seen = new Set<string>();
  let id = customerId;
  for (let next = sameAs(id); next !== undefined && next !== id; next = sameAs(id)) {
    if (seen.has(id)) return leastOfCircle(id, sameAs);
    seen.add(id);
    id = next;
  }
  return id;
}

function leastOfCircle(start: string, sameAs: (customerId: string) => string | undefined): string {
  let least = start;
  for (let id = sameAs(start); id !== undefined && id !== start; id = sameAs(id)) if (id < least) least = id;
  return least;
}
