import type { Customer } from '../../webhooks/events/base.js';
import { comparableNumber } from '../linked-records.js';

/** How people are told apart. */
export interface ConversationOptions {
  /**
   * The form in which numbers are compared: numbers with the same form are one person. `(waId) => waId` takes them as Meta writes them.
   *
   * @defaultValue {@link comparableNumber}: Brazilian and Mexican numbers with and without their inner digit are one
   */
  readonly numberKey?: (waId: string) => string;
}

/** Ids of a person; any one will do. */
export interface CustomerIds {
  /** In any format. */
  readonly waId?: string | undefined;
  readonly userId?: string | undefined;
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
}

/**
 * Every id under which a conversation may know a person, the leading one first: the business-scoped user id, else the number, else the
 * parent's user id, else `@` and the user name, as names move. Empty where nothing usable is there.
 *
 * @example
 * ```ts
 * import { customerIdsOf } from 'wa-coexist';
 *
 * customerIdsOf({ waId: '+1 555-010-0987', userId: 'US.90000000000000000001' }); // ['US.90000000000000000001', '15550100987']
 * ```
 */
export function customerIdsOf(
  { waId, userId, parentUserId, username }: CustomerIds,
  { numberKey = comparableNumber }: ConversationOptions = {},
): readonly string[] {
  const ids: string[] = [];
  if (userId !== undefined && userId !== '') ids.push(userId);
  const digits = waId?.replace(/\D/g, '') ?? '';
  if (digits !== '') ids.push(numberKey(digits));
  if (parentUserId !== undefined && parentUserId !== '') ids.push(parentUserId);
  if (ids.length === 0 && username !== undefined && username !== '') ids.push(`@${username}`);
  return ids;
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
 * import { threadIdOf } from 'wa-coexist';
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
