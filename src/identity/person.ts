import { comparablePhoneNumber } from './phone-number-spellings.js';

/**
 * The IDs of a person. All properties are optional because Meta sends different IDs in different webhooks, and people
 * can hide their phone number behind a username.
 */
export interface PersonIds {
  /** Phone number in any format. */
  readonly waId?: string | undefined;
  /** Business-scoped user ID (BSUID). Meta issues a new one when the person changes the phone number. */
  readonly userId?: string | undefined;
  /** BSUID of an enrolled parent portfolio. */
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
}

/**
 * One ID of a person as a key: its kind, a colon, and the ID in comparable form. Keys of different kinds never collide.
 */
export type PersonKey = `${'user' | 'phone' | 'parent' | 'username'}:${string}`;

/** Options to compare people. */
export interface PersonOptions {
  /**
   * Returns the form in which phone numbers are compared.
   * @defaultValue `comparablePhoneNumber`
   */
  readonly comparePhoneNumber?: ((number: string) => string | undefined) | undefined;
}

/**
 * Returns the store keys of a person, the leading key first. All modules use this order:
 *
 * 1. The business-scoped user ID. It belongs to exactly one person. Phone numbers can be reassigned to another person.
 * 2. The phone number, in the form of {@link comparablePhoneNumber}.
 * 3. The user ID of the parent portfolio.
 * 4. The username, only if there is no other ID, because usernames can move to another person.
 *
 * @param ids - The IDs of an event, a contact or your own table.
 * @param options - How phone numbers are compared.
 * @returns an empty list if no ID is usable
 *
 * @example
 * ```ts
 * import { personKeys } from 'wa-coexist';
 *
 * personKeys({ waId: '+1 555-010-0987', userId: 'US.9' }); // ['user:US.9', 'phone:15550100987']
 * ```
 */
export function personKeys(ids: PersonIds, { comparePhoneNumber = comparablePhoneNumber }: PersonOptions = {}): readonly PersonKey[] {
  const keys: PersonKey[] = [];
  const { waId, userId, parentUserId, username } = ids;
  if (isId(userId)) keys.push(`user:${userId}`);
  if (isId(waId)) {
    const number = comparePhoneNumber(waId);
    if (number !== undefined && number !== '') keys.push(`phone:${number}`);
    // Meta sometimes sends an opaque ID instead of a number. It identifies the person like a user ID.
    else if (!isId(userId)) keys.push(`user:${waId}`);
  }
  if (isId(parentUserId)) keys.push(`parent:${parentUserId}`);
  if (keys.length === 0 && isId(username)) keys.push(`username:${username.trim().replace(/^@/, '').toLowerCase()}`);
  return keys;
}

/**
 * Returns whether two sets of IDs certainly belong to the same person.
 *
 * Two different user IDs mean two people, even with the same phone number: the number was reassigned. Two IDs of the
 * same parent portfolio mean one person. Equal phone numbers only match if the user IDs don't contradict each other.
 *
 * The function only compares IDs. It doesn't know that Meta replaced a user ID. The modules of `createCoexistence`
 * follow such changes. See {@link personKeys} for the keys.
 *
 * @param left - The IDs of one person.
 * @param right - The IDs of the other person.
 * @param options - How phone numbers are compared.
 * @returns `false` if the IDs contradict each other or have nothing in common
 *
 * @example
 * ```ts
 * import { samePerson } from 'wa-coexist';
 *
 * samePerson({ waId: '5511987654321' }, { waId: '+55 11 8765-4321', userId: 'BR.1' }); // true
 * samePerson({ waId: '15550100987', userId: 'US.1' }, { waId: '15550100987', userId: 'US.2' }); // false
 * ```
 */
export function samePerson(left: PersonIds, right: PersonIds, options: PersonOptions = {}): boolean {
  const [own, other] = [keysByKind(left, options), keysByKind(right, options)];
  for (const kind of ['user', 'parent', 'phone', 'username'] as const) {
    const [one, two] = [own.get(kind), other.get(kind)];
    if (one === undefined || two === undefined) continue;
    if (one === two) return true;
    // Different user IDs with an equal parent ID mean one person in two portfolios. Any other contradiction means two
    // people.
    if (kind !== 'user' || !own.has('parent') || !other.has('parent')) return false;
  }
  return false;
}

function keysByKind(ids: PersonIds, options: PersonOptions): ReadonlyMap<string, PersonKey> {
  return new Map(personKeys(ids, options).map((key) => [key.slice(0, key.indexOf(':')), key]));
}

/**
 * Whether a value is an ID. Strings without any letter or digit, such as `+` or `--`, identify nobody. Otherwise, all
 * people without an ID would be merged into one.
 */
export function isId(value: string | undefined): value is string {
  // IDs come from webhooks and from callers without TypeScript, so they may not be strings.
  return typeof value === 'string' && /[\p{L}\p{N}]/u.test(value);
}

/** A person in the register. */
export interface Person {
  /** Identifies the person in store keys. It doesn't change when the IDs of the person change. */
  readonly id: string;
  /** IDs of people who were merged into this one. State that a module stored under them now belongs to {@link id}. */
  readonly merged: readonly string[];
}
