import type { DatabaseSync } from 'node:sqlite';
import { cleanText } from '../conversation-sql.js';
import type { CustomerRow } from '../conversation-rows.js';
import { customerIdsOf, threadIdOf, type ConversationOptions, type CustomerIds } from '../identity.js';
import { mergeConversationRow } from '../merge-row.js';
import type { MirrorCustomer } from './mirror.js';
import { rowOf, textIn } from './rows.js';

/** Finds the person for the IDs of a number's customers. */
export interface People {
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
  const customer = database.prepare('SELECT * FROM wa_customers WHERE phone_number_id = ? AND customer_id = ?');

  const threadId: People['threadId'] = (phoneNumberId, customerId) =>
    threadIdOf(customerId, (id) => {
      const row = aliasOf.get(phoneNumberId, id);
      return row && textIn(row, 'same_as');
    });
  const members: People['members'] = (phoneNumberId, ofThread) => {
    const ids = new Set([ofThread]);
    // The loop also visits the IDs that it adds.
    for (const id of ids) for (const row of aliasesOf.all(phoneNumberId, id)) ids.add(textIn(row, 'customer_id'));
    return [...ids];
  };
  return {
    threadId,
    members,
    find(phoneNumberId, given) {
      const ids = typeof given === 'string' ? [given] : customerIdsOf(given, options);
      const [id] = ids.map(cleanText);
      return id === undefined ? undefined : threadId(phoneNumberId, id);
    },
    describe(phoneNumberId, ofThread) {
      let known: CustomerRow | undefined;
      const ids = members(phoneNumberId, ofThread);
      for (const id of ids) {
        const row = customer.get(phoneNumberId, id);
        if (row) known = mergeConversationRow('customers', known, rowOf('customers', row));
      }
      const { waId, parentUserId, username, name, contactName } = known ?? {};
      const userId = ofThread === parentUserId || !isUserId(ofThread) ? undefined : ofThread;
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

/** Numbers consist of digits, and usernames begin with `@`. */
function isUserId(id: string): boolean {
  return !/^(?:\d+$|@)/.test(id);
}
