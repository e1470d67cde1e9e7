/** A value and when Meta says that it was set. The later one stands; of two at the same moment the same one always does. */
export type DatedValue<Value> = { readonly value: Value; readonly atMs: number };

/** The names of a contact; a removed one has none. */
export type ContactNaming = { readonly present: boolean; readonly fullName?: string; readonly firstName?: string };

/** Everything that is kept of a contact: JSON. A removed one is remembered for a while, or a late edit would bring it back. */
export type ContactState = {
  readonly naming: DatedValue<ContactNaming>;
  readonly waId?: DatedValue<string>;
  readonly userId?: DatedValue<string>;
  readonly parentUserId?: DatedValue<string>;
  readonly username?: DatedValue<string>;
};

/** What a contact event says. */
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

/** A person of the app's address book. */
export interface ContactEntry {
  readonly fullName?: string;
  readonly firstName?: string;
  /** Digits; absent for people who hide their number. */
  readonly waId?: string;
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly username?: string;
  /** When it last changed, by Meta's time. */
  readonly changedAt: Date;
}

/** What became of a contact. Meta says "add" for an edit, too. */
export type ContactChange = 'added' | 'edited' | 'removed';

/**
 * The core of the contacts: takes in what an event says. The last by Meta's time wins, so events may come late, in any order and again;
 * ids that an event leaves out are kept.
 *
 * @example
 * ```ts
 * import { contactChange } from 'wa-coexist/coexistence';
 *
 * const added = contactChange(undefined, { atMs: 2_000, removed: false, fullName: 'Mara Lindqvist', waId: '15550100987' });
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

/** Joins what is known of one contact under two ids. It does not matter in which order. */
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

/** The contact in a state, or `undefined` for a removed one. */
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

/** Of two values the later; at the same second an added contact stands against its removal, as some phones edit by removing and adding. */
function later<Value>(left: DatedValue<Value> | undefined, right: DatedValue<Value> | undefined): DatedValue<Value> | undefined {
  if (!left || !right) return left ?? right;
  if (left.atMs !== right.atMs) return left.atMs > right.atMs ? left : right;
  return rank(left.value) >= rank(right.value) ? left : right;
}

/** Orders values of the same moment, in any way that is always the same: `{"present":true…` sorts after `{"present":false}`. */
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
