import { columnName } from '../conversation-sql.js';
import { columnsOf } from '../conversation-tables.js';
import { best } from '../postgres-joins.js';

/** The columns of a person: the most reliable values of all their IDs. The rows of customers are `m`. */
function personColumns(threadId: string): readonly string[] {
  const merged = columnsOf('customers')
    .filter((column) => column !== 'phoneNumberId' && column !== 'customerId')
    .map((column) => `${best('customers', column)} AS ${columnName(column)}`);
  const isOfParent = `COALESCE(bool_or(m.customer_id = ${threadId} AND m.parent_user_id = ${threadId}), false)`;
  const userId = `CASE WHEN ${threadId} ~ '^([0-9]+$|@)' OR ${isOfParent} THEN NULL ELSE ${threadId} END AS user_id`;
  return [...merged, userId];
}

/**
 * Returns the query of all people, one row for each conversation.
 *
 * @param prefix - The prefix of all names.
 */
export function allPeople(prefix: string): string {
  return `SELECT m.phone_number_id, m.thread_id, ${personColumns('m.thread_id').join(', ')}
    FROM ${prefix}customers AS m WHERE m.thread_id IS NOT NULL GROUP BY m.phone_number_id, m.thread_id`;
}

/**
 * Returns the lateral query of the person of one conversation. PostgreSQL can't look up one row of {@link allPeople} in
 * a join, because it would aggregate all people first.
 *
 * @param prefix - The prefix of all names.
 * @param row - The alias of a row with a `phone_number_id` and a `thread_id`.
 */
export function personIn(prefix: string, row: string): string {
  return `(SELECT ${personColumns(`${row}.thread_id`).join(', ')}
    FROM ${prefix}customers AS m WHERE m.phone_number_id = ${row}.phone_number_id AND m.thread_id = ${row}.thread_id)`;
}
