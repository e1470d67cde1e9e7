/**
 * Returns the expressions by which messages of a conversation are sorted.
 *
 * @param row - The alias of the messages.
 */
export function positionOf(row: string): readonly [at: string, place: string, id: string] {
  return [`COALESCE(${row}.joined_at, ${row}.occurred_at)`, `COALESCE(${row}.joined_place, ${row}.place)`, `${row}.message_id`];
}

/**
 * Returns the condition for rows that a conversation shows: no reactions, and one row for each message. A row without a
 * time has no customer, because only a status or a change of the message has arrived, and the webhook named nobody.
 *
 * @param row - The alias of the messages.
 */
export function isShown(row: string): string {
  return `${row}.type IS DISTINCT FROM 'reaction' AND (${row}.joined_id IS NULL OR ${row}.joined_id = ${row}.message_id)
    AND COALESCE(${row}.joined_at, ${row}.occurred_at) IS NOT NULL`;
}

/**
 * Returns the condition of the index by time. Queries in the order of time contain it.
 *
 * @param row - The alias of the messages.
 */
export function hasTime(row: string): string {
  return `COALESCE(${row}.joined_at, ${row}.occurred_at) > '-infinity'`;
}

/**
 * Returns the number of a row for look-ups by a token. The expression hides the primary key from the planner: a plan
 * from a small table could use its first column only, and read all rows of the number later.
 *
 * @param row - The alias of the row.
 */
export function ofNumber(row: string): string {
  return `(${row}.phone_number_id || '')`;
}

/**
 * Punctuation that separates words. Without it, PostgreSQL would store an address, a path or a number such as `3-17` as
 * one word, and the locale of the database would decide about most characters.
 */
const punctuation = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~\u00a0\u00a1\u00ab\u00b7\u00bb\u00bf–—‘’‚“”„…‹›、。《》「」『』【】・！（），：；？～،؛؟।`;

/**
 * Returns the words in a text, in lower case.
 *
 * @param text - An expression of type `text`.
 */
export function wordsIn(text: string): string {
  const separators = punctuation.replaceAll("'", "''");
  return `to_tsvector('simple'::regconfig, translate(${text}, '${separators}', '${' '.repeat(punctuation.length)}'))`;
}

/**
 * Returns the words of a message.
 *
 * @param row - The alias of the messages.
 */
export function wordsOf(row: string): string {
  return wordsIn(`left(COALESCE(${row}.edited_text, ${row}.text), 20000)`);
}

/**
 * Returns the word of a business number in the index. It starts with a space, so no word of a text starts like it.
 *
 * @param number - An expression of type `text`.
 */
export function numberWord(number: string): string {
  return `(' ' || left(${number}, 400))`;
}

/**
 * Returns the words of a message in the index of words. They contain its number, so that a search doesn't read the
 * matches of other numbers.
 *
 * @param row - The alias of the messages.
 */
export function indexedWordsOf(row: string): string {
  return `array_to_tsvector(ARRAY[${numberWord(`${row}.phone_number_id`)}]) || ${wordsOf(row)}`;
}
