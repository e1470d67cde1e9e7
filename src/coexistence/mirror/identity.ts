import type { Customer } from '../../webhooks/events/base.js';
import { personKeys, type PersonIds } from '../../identity/person.js';
import { fingerprint } from '../../runtime/fingerprint.js';
import { normalizePhoneNumber } from '../../identity/phone-number-spellings.js';

/** Options to compare phone numbers. */
export interface ConversationOptions {
  /**
   * Returns the form in which phone numbers are compared. Numbers with the same form belong to the same person. `(waId)
   * => waId` compares the digits.
   *
   * @defaultValue `comparablePhoneNumber`: Brazilian, Mexican and Argentine numbers match with and without their inner
   *   digit
   */
  readonly numberKey?: ((waId: string) => string) | undefined;
}

/** The IDs of a person. One of them is enough. */
export type CustomerIds = PersonIds;

/**
 * Returns all IDs of a person in a conversation, the leading ID first. The order is: the user ID, the phone number, the
 * parent's user ID, and `@` with the username if there is no other ID.
 *
 * @param ids - The IDs, for example `event.customer`.
 * @param options - How phone numbers are compared.
 * @returns the IDs, or an empty list if none is usable. See {@link threadIdOf} for the ID of the conversation.
 *
 * @example
 * ```ts
 * import { customerIdsOf } from 'wa-coexist/coexistence';
 *
 * customerIdsOf({ waId: '+1 555-010-0987', userId: 'US.9' }); // ['US.9', '15550100987']
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

/** Databases limit the size of index rows, for example Postgres to 2,704 bytes. Three IDs and a time must fit. */
const maxIdBytes = 600;

/**
 * Returns the stored form of an ID: the ID, or a digest if it is too long for an index. Meta's IDs have at most about
 * 300 bytes.
 *
 * @param id - The ID.
 */
export function storedId(id: string): string {
  // A UTF-16 code unit takes at most three bytes.
  if (id.length * 3 <= maxIdBytes || new TextEncoder().encode(id).length <= maxIdBytes) return id;
  return `~${fingerprint(id)}.${fingerprint(`${String(id.length)} ${id}`)}`;
}

/**
 * Returns whether a {@link CustomerIds} contains a usable ID.
 *
 * @param customer - The customer of an event.
 */
export function isNamed(customer: Customer | undefined): customer is Customer {
  return customer !== undefined && customerIdsOf(customer).length > 0;
}

/**
 * Returns the ID of a person's conversation for any of their IDs. It follows aliases to the last ID. If aliases form a
 * cycle, for example after a number was changed back, it returns the least ID of the cycle. The order in which aliases
 * arrived doesn't matter.
 *
 * @param customerId - An ID from {@link customerIdsOf}.
 * @param sameAs - Returns the alias target of an ID, if there is one.
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
    if (seen.has(id)) return minOfCycle(id, sameAs);
    seen.add(id);
    id = next;
  }
  return id;
}

function minOfCycle(start: string, sameAs: (customerId: string) => string | undefined): string {
  let least = start;
  for (let id = sameAs(start); id !== undefined && id !== start; id = sameAs(id)) if (id < least) least = id;
  return least;
}
