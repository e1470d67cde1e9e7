/**
 * A value with the time at which it was set, according to Meta. The later value wins. If two values have the same time,
 * a fixed order decides.
 */
export type DatedValue<Value> = { readonly value: Value; readonly atMs: number };

/** The names of a contact. A removed contact has no names. */
export type ContactNaming = { readonly present: boolean; readonly fullName?: string; readonly firstName?: string };

/**
 * The state of a contact, as JSON. The state of a removed contact is stored for a while, so that a late edit doesn't
 * restore it.
 */
export type ContactState = {
  readonly naming: DatedValue<ContactNaming>;
  readonly waId?: DatedValue<string>;
  readonly userId?: DatedValue<string>;
  readonly parentUserId?: DatedValue<string>;
  readonly username?: DatedValue<string>;
};

/** The content of a contact event. */
export interface ContactUpdate {
  /** Meta's time of the change. */
  readonly atMs: number;
  readonly removed: boolean;
  readonly fullName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly waId?: string | undefined;
  readonly userId?: string | undefined;
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
}

/** A contact of the app's address book. */
export interface ContactEntry {
  readonly fullName?: string;
  readonly firstName?: string;
  /** Digits only. Absent if the person hides the number. */
  readonly waId?: string;
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly username?: string;
  /** Meta's time of the last change. */
  readonly changedAt: Date;
}

/** A change of a contact. Meta also reports an edit as "add". */
export type ContactChange = 'added' | 'edited' | 'removed';

/**
 * Applies a contact event to the state of a contact. The latest event by Meta's time wins, so events can arrive late,
 * repeatedly and in any order. IDs that an event omits stay in the state. This function is pure. Read the result with
 * {@link contactOf}.
 *
 * @param state - The state of the contact, or `undefined` for a new contact.
 * @param news - The content of the event.
 * @returns the next state, and the change if there is one
 *
 * @example
 * ```ts
 * import { contactChange } from 'wa-coexist/coexistence';
 *
 * const contact = { fullName: 'Mara Lindqvist', waId: '15550100987' };
 * const added = contactChange(undefined, { atMs: 2_000, removed: false, ...contact });
 * contactChange(added.state, { atMs: 1_000, removed: true, waId: '15550100987' }).change; // undefined: it is older
 * ```
 */
export function contactChange(
  state: ContactState | undefined,
  news: ContactUpdate,
): { readonly state: ContactState; readonly change: ContactChange | undefined } {
  const update = stateOf(news);
  const next = state ? mergeContacts(state, update) : update;
  return { state: next, change: changeOf(state, next) };
}

/**
 * Merges two states of one contact that were stored under different IDs. The order of the arguments doesn't matter. See
 * {@link contactChange}.
 *
 * @param left - One state.
 * @param right - The other state.
 *
 * @example
 * ```ts
 * import { contactChange, contactOf, mergeContacts } from 'wa-coexist/coexistence';
 *
 * const number = { atMs: 1_000, removed: false, fullName: 'Mara', waId: '15550100987' };
 * const user = { atMs: 2_000, removed: false, fullName: 'Mara Lindqvist', userId: 'US.1' };
 * const merged = mergeContacts(contactChange(undefined, number).state, contactChange(undefined, user).state);
 * contactOf(merged)?.fullName; // 'Mara Lindqvist'
 * ```
 */
export function mergeContacts(left: ContactState, right: ContactState): ContactState {
  const joined = (name: 'waId' | 'userId' | 'parentUserId' | 'username'): Partial<ContactState> => {
    const value = later(left[name], right[name]);
    return value ? { [name]: value } : {};
  };
  return {
    naming: later(left.naming, right.naming) ?? left.naming,
    ...joined('waId'),
    ...joined('userId'),
    ...joined('parentUserId'),
    ...joined('username'),
  };
}

/**
 * Returns the contact of a state, or `undefined` for a removed contact.
 *
 * @param state - The state from {@link contactChange}.
 *
 * @example
 * ```ts
 * import { contactChange, contactOf } from 'wa-coexist/coexistence';
 *
 * const { state } = contactChange(undefined, { atMs: 1_000, removed: false, fullName: 'Mara', waId: '15550100987' });
 * contactOf(state)?.waId; // '15550100987'
 * ```
 */
export function contactOf(state: ContactState | undefined): ContactEntry | undefined {
  if (!state?.naming.value.present) return undefined;
  const { naming, waId, userId, parentUserId, username } = state;
  return {
    ...(naming.value.fullName !== undefined && { fullName: naming.value.fullName }),
    ...(naming.value.firstName !== undefined && { firstName: naming.value.firstName }),
    ...(waId && { waId: waId.value }),
    ...(userId && { userId: userId.value }),
    ...(parentUserId && { parentUserId: parentUserId.value }),
    ...(username && { username: username.value }),
    changedAt: new Date(naming.atMs),
  };
}

function stateOf(news: ContactUpdate): ContactState {
  const { atMs, removed, fullName, firstName } = news;
  const dated = (name: 'waId' | 'userId' | 'parentUserId' | 'username'): Partial<ContactState> => {
    const value = news[name];
    return value === undefined || value === '' ? {} : { [name]: { value, atMs } };
  };
  const naming: ContactNaming = removed
    ? { present: false }
    : { present: true, ...(fullName !== undefined && { fullName }), ...(firstName !== undefined && { firstName }) };
  return { naming: { value: naming, atMs }, ...dated('waId'), ...dated('userId'), ...dated('parentUserId'), ...dated('username') };
}

/**
 * Returns the later value. At the same second, an added contact wins over its removal because some phones edit a
 * contact by removing and adding it.
 */
function later<Value>(left: DatedValue<Value> | undefined, right: DatedValue<Value> | undefined): DatedValue<Value> | undefined {
  if (!left || !right) return left ?? right;
  if (left.atMs !== right.atMs) return left.atMs > right.atMs ? left : right;
  return rank(left.value) >= rank(right.value) ? left : right;
}

/** Orders values of the same time: `{"present":true…` sorts after `{"present":false}`. */
function rank(value: unknown): string {
  return JSON.stringify(value);
}

function changeOf(before: ContactState | undefined, after: ContactState): ContactChange | undefined {
  const wasThere = before?.naming.value.present === true;
  const isThere = after.naming.value.present;
  if (!wasThere) return isThere ? 'added' : undefined;
  if (!isThere) return 'removed';
  return JSON.stringify(shown(before)) === JSON.stringify(shown(after)) ? undefined : 'edited';
}

function shown(state: ContactState | undefined): unknown {
  const { changedAt: _changedAt, ...contact } = contactOf(state) ?? { changedAt: undefined };
  return contact;
}
