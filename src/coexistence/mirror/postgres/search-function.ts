import { isShown, positionOf, wordsOf } from './message-index.js';

/** A search that matches more messages than this reads them in the order of time. */
const manyMatches = 5_000;
/** Number of messages that such a search reads. If it finds too few matches, it uses the index of words. */
const lookedAt = 5_000;

/**
 * Returns the function that finds the latest messages with some words. PostgreSQL can't read the index of words in the
 * order of time: it reads all matches and sorts them. So the function reads messages from the latest on if the words are
 * common. Then it finds enough of them soon. The statistics of the index tell how common a word is.
 *
 * @param prefix - The prefix of all names.
 */
export function searchFunction(prefix: string): string {
  const messages = `${prefix}messages`;
  const [at, place, id] = positionOf('m');
  const next = `(before_at IS NULL OR (${at}, ${place}, ${id}) < (before_at, before_place, before_id))`;
  const latest = `ORDER BY ${at} DESC, ${place} DESC, ${id} DESC LIMIT`;
  const ofNumber = `m.phone_number_id = of_number AND ${isShown('m')} AND ${next}`;
  return `CREATE OR REPLACE FUNCTION ${prefix}search(of_number text, of_thread text, words text[], at_most bigint,
  before_at timestamptz, before_place bigint, before_id text) RETURNS SETOF text LANGUAGE plpgsql
  SET enable_indexscan = on SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  query tsquery := to_tsquery('simple', (SELECT string_agg('''' || word || ''':*', ' & ') FROM unnest(words) AS word));
  expected float8;
  found text[];
BEGIN
  IF of_thread IS NOT NULL THEN
    RETURN QUERY SELECT m.message_id::text FROM ${messages} AS m
      WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND ${isShown('m')} AND ${next} AND ${wordsOf('m')} @@ query ${latest} at_most;
    RETURN;
  END IF;
  WITH common AS (
    SELECT element.word, element.frequency FROM pg_stats AS s
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS element(word, frequency)
    WHERE s.schemaname = current_schema() AND s.tablename = '${messages}_by_words' AND element.word IS NOT NULL
  ), frequencies AS (
    SELECT COALESCE((SELECT LEAST(1, sum(common.frequency)) FROM common WHERE starts_with(common.word, lower(given.word))), 0) AS frequency
    FROM unnest(words) AS given(word)
  )
  SELECT CASE WHEN bool_or(f.known IS NULL) THEN 0 ELSE exp(sum(ln(f.known))) END
    * (SELECT c.reltuples FROM pg_class AS c WHERE c.oid = '${messages}'::regclass)
  INTO expected FROM (SELECT NULLIF(frequencies.frequency, 0) AS known FROM frequencies) AS f;
  IF expected > ${String(manyMatches)} THEN
    found := ARRAY(SELECT m.message_id FROM (SELECT m.* FROM ${messages} AS m WHERE ${ofNumber} ${latest} ${String(lookedAt)}) AS m
      WHERE ${wordsOf('m')} @@ query ${latest} at_most);
    IF cardinality(found) >= at_most THEN
      RETURN QUERY SELECT unnest(found);
      RETURN;
    END IF;
  END IF;
  -- Otherwise the planner may read all messages of the number in the order of time.
  PERFORM set_config('enable_indexscan', 'off', true);
  RETURN QUERY SELECT m.message_id::text FROM ${messages} AS m WHERE ${ofNumber} AND ${wordsOf('m')} @@ query ${latest} at_most;
END
$$`;
}
