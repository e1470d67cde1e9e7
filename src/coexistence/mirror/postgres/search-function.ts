import { hasTime, indexedWordsOf, isShown, numberWord, positionOf, wordsOf, wordsIn } from './message-index.js';

/** Number of messages that a search reads to find out whether the words are common. */
const sampleSize = 100;
/** Maximum number of messages that a search for common words reads. */
const maxRead = 20_000;
/** Reading a message and its words takes about as long as reading this number of matches from the index. */
const matchesPerRead = 10;

/**
 * Returns the function that finds the latest messages with some words. PostgreSQL can't read the index of words in the
 * order of time: it reads all matches and sorts them. So the function first looks at the latest messages. If the words
 * are common there, it finds enough matches soon. Otherwise, it uses the index.
 *
 * @param prefix - The prefix of all names.
 */
export function searchFunction(prefix: string): string {
  const messages = `${prefix}messages`;
  const [at, place, id] = positionOf('m');
  const next = `(before_at IS NULL OR (${at}, ${place}, ${id}) < (before_at, before_place, before_id))`;
  const latest = `ORDER BY ${at} DESC, ${place} DESC, ${id} DESC LIMIT`;
  const ofNumber = `m.phone_number_id = of_number AND ${isShown('m')} AND ${next}`;
  const inLatest = (count: string): string =>
    `ARRAY(SELECT m.message_id FROM (SELECT m.* FROM ${messages} AS m WHERE ${ofNumber} AND ${hasTime('m')} ${latest} ${count}) AS m
      WHERE ${wordsOf('m')} @@ query ${latest} at_most)`;
  return `CREATE OR REPLACE FUNCTION ${prefix}search(of_number text, of_thread text, given text, at_most bigint,
  before_at timestamptz, before_place bigint, before_id text) RETURNS SETOF text LANGUAGE plpgsql
  SET enable_indexscan = on SET enable_bitmapscan = on SET enable_sort = on SET enable_seqscan = off SET jit = off
  SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  query tsquery := (SELECT string_agg('''' || word.lexeme || ''':*', ' & ')::tsquery FROM unnest(${wordsIn('given')}) AS word);
  found text[];
  frequency float8;
  of_all float8;
BEGIN
  IF query IS NULL THEN RETURN; END IF;
  IF of_thread IS NOT NULL THEN
    RETURN QUERY SELECT m.message_id::text FROM ${messages} AS m
      WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND ${isShown('m')} AND ${next} AND ${wordsOf('m')} @@ query ${latest} at_most;
    RETURN;
  END IF;
  found := ${inLatest(String(sampleSize))};
  frequency := cardinality(found) / ${String(sampleSize)}.0;
  IF cardinality(found) < at_most AND frequency > 0 THEN
    -- The number's part of all messages. It is unknown for numbers with few messages.
    of_all := (SELECT element.frequency FROM pg_stats AS s
      CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS element(word, frequency)
      WHERE s.schemaname = current_schema() AND s.tablename = '${messages}_by_words' AND element.word = ${numberWord('of_number')});
    IF at_most / frequency * ${String(matchesPerRead)} < frequency * of_all * (SELECT c.reltuples FROM pg_class AS c WHERE c.oid = '${messages}'::regclass) THEN
      found := ${inLatest(`LEAST(ceil(1.5 * at_most / frequency), ${String(maxRead)})::bigint`)};
    END IF;
  END IF;
  IF cardinality(found) >= at_most THEN
    RETURN QUERY SELECT unnest(found);
    RETURN;
  END IF;
  -- Otherwise the planner may read all messages of the number in the order of time.
  PERFORM set_config('enable_indexscan', 'off', true);
  query := ('''' || replace(replace(${numberWord('of_number')}, '\\', '\\\\'), '''', '''''') || '''')::tsquery && query;
  RETURN QUERY SELECT m.message_id::text FROM ${messages} AS m WHERE ${ofNumber} AND (${indexedWordsOf('m')}) @@ query ${latest} at_most;
END
$$`;
}
