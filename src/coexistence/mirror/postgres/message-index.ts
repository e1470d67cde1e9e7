/**
 * Returns the expressions by which messages of a conversation are sorted.
 *
 * @param row - The alias of the messages.
 */
export function positionOf(row: string): readonly [at: string, place: string, id: string] {
  return [`COALESCE(${row}.joined_at, ${row}.occurred_at)`, `COALESCE(${row}.joined_place, ${row}.place)`, `${row}.message_id`];
}

/**
 * Returns the condition for rows that a conversation shows: no reactions, and one row for each message.
 *
 * @param row - The alias of the messages.
 */
export function isShown(row: string): string {
  return `${row}.type IS DISTINCT FROM 'reaction' AND (${row}.joined_id IS NULL OR ${row}.joined_id = ${row}.message_id)`;
}

/**
 * Returns the words of a message for the full-text search.
 *
 * @param row - The alias of the messages.
 */
export function wordsOf(row: string): string {
  return `to_tsvector('simple'::regconfig, left(COALESCE(${row}.edited_text, ${row}.text), 20000))`;
}
