import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { cleanText } from '../conversation-sql.js';
import type { CustomerRow } from '../conversation-rows.js';
import { customerIdsOf, threadIdOf, type ConversationOptions, type CustomerIds } from '../identity.js';
import { mergeConversationRow } from '../merge-row.js';
import type { MirrorCustomer } from './mirror.js';
import { rowOf, textIn } from './sqlite-rows.js';

/** Finds the person for the IDs of a number's customers. */
export interface People {
  /** Returns the ID that an ID was linked to last. */
  linkOf(phoneNumberId: string, customerId: string): string | undefined;
  /** Returns the leading ID of a person. */
  threadId(phoneNumberId: string, customerId: string): string;
  /** Returns all IDs of the person of a thread, including the thread's ID. */
  members(phoneNumberId: string, threadId: string): readonly string[];
  /** Returns the thread that a caller requests. */
  find(phoneNumberId: string, customer: CustomerIds | string): string | undefined;
  /** Returns the data of a person. */
  describe(phoneNumberId: string, threadId: string): MirrorCustomer;
}

/**
 * Creates the lookup for customers and aliases.
 *
 * @param database - The database.
 * @param options - How phone numbers are compared.
 */
export function peopleOf(database: DatabaseSync, options: ConversationOptions): People {
  const aliasOf = database.prepare('SELECT same_as FROM wa_aliases WHERE phone_number_id = ? AND customer_id = ?');
  // Without the index hint, SQLite reads all aliases of the number in key order.
  const aliasesOf = database.prepare(
    'SELECT customer_id FROM wa_aliases INDEXED BY wa_aliases_by_same_as WHERE phone_number_id = ? AND same_as = ? ORDER BY customer_id',
  );
  // Reports with only a number are rare, so most look-ups need no view.
  const hasReports = database.prepare(
    'SELECT 1 FROM wa_owners INDEXED BY wa_owners_by_report WHERE phone_number_id = ? AND reported_at IS NOT NULL LIMIT 1',
  );
  const latestLink = database.prepare(
    'SELECT same_as FROM wa_links WHERE phone_number_id = ? AND customer_id = ? ORDER BY since DESC, same_as DESC LIMIT 1',
  );
  const linksTo = database.prepare('SELECT customer_id FROM wa_links WHERE phone_number_id = ? AND same_as = ? ORDER BY customer_id');
  const customer = database.prepare('SELECT * FROM wa_customers WHERE phone_number_id = ? AND customer_id = ?');

  const linkIn = (links: StatementSync, phoneNumberId: string, id: string): string | undefined => {
    const row = links.get(phoneNumberId, id);
    return row && textIn(row, 'same_as');
  };
  const linkOf: People['linkOf'] = (phoneNumberId, id) => linkIn(hasReports.get(phoneNumberId) ? latestLink : aliasOf, phoneNumberId, id);
  const threadId: People['threadId'] = (phoneNumberId, customerId) => {
    const links = hasReports.get(phoneNumberId) ? latestLink : aliasOf;
    return threadIdOf(customerId, (id) => linkIn(links, phoneNumberId, id));
  };
  const members: People['members'] = (phoneNumberId, ofThread) => {
    const ids = new Set([ofThread]);
    // The loop also visits the IDs that it adds.
    const withReports = hasReports.get(phoneNumberId) !== undefined;
    for (const id of ids) {
      for (const row of (withReports ? linksTo : aliasesOf).all(phoneNumberId, id)) {
        const other = textIn(row, 'customer_id');
        // An ID can have an earlier link, too.
        if (!withReports || linkIn(latestLink, phoneNumberId, other) === id) ids.add(other);
      }
    }
    return [...ids];
  };
  return {
    linkOf,
    threadId,
    members,
    find(phoneNumberId, given) {
      const ids = typeof given === 'string' ? [given] : customerIdsOf(given, options);
      const [id] = ids.map(cleanText);
      return id === undefined ? undefined : threadId(phoneNumberId, id);
    },
    describe(phoneNumberId, ofThread) {
      let known: CustomerRow | undefined;
      let isOfParent = false;
      const ids = members(phoneNumberId, ofThread);
      for (const id of ids) {
        const row = customer.get(phoneNumberId, id);
        if (!row) continue;
        known = mergeConversationRow('customers', known, rowOf('customers', row));
        isOfParent ||= id === ofThread && row.parent_user_id === ofThread;
      }
      const { waId, parentUserId, username, name, contactName } = known ?? {};
      const userId = isOfParent || !isUserId(ofThread) ? undefined : ofThread;
      return {
        threadId: ofThread,
        ...(waId !== undefined && { waId }),
        ...(userId !== undefined && { userId }),
        ...(parentUserId !== undefined && { parentUserId }),
        ...(username !== undefined && { username }),
        ...(name !== undefined && { name }),
        ...(contactName !== undefined && { contactName }),
      };
    },
  };
}

/** People whose look-ups are remembered until {@link CachedPeople.clear}. */
export interface CachedPeople extends Pick<People, 'threadId' | 'members'> {
  /** Forgets all look-ups, because links have changed. */
  clear(): void;
}

/**
 * Remembers the look-ups of one transaction, which concern few people.
 *
 * @param people - Finds the person for an ID.
 */
export function cachePeople(people: People): CachedPeople {
  const threads = new Map<string, string>();
  const members = new Map<string, readonly string[]>();
  const remember = <Value>(known: Map<string, Value>, key: string, find: () => Value): Value => {
    const value = known.get(key) ?? find();
    known.set(key, value);
    return value;
  };
  return {
    threadId: (phoneNumberId, id) => remember(threads, `${phoneNumberId}\n${id}`, () => people.threadId(phoneNumberId, id)),
    members: (phoneNumberId, id) => remember(members, `${phoneNumberId}\n${id}`, () => people.members(phoneNumberId, id)),
    clear() {
      threads.clear();
      members.clear();
    },
  };
}

/** Numbers consist of digits, and usernames begin with `@`. */
function isUserId(id: string): boolean {
  return !/^(?:\d+$|@)/.test(id);
}
