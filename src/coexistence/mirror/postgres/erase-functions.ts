import { hasTime } from './message-index.js';

/**
 * Returns the functions that erase people, and messages before a time.
 *
 * @param prefix - The prefix of all names.
 */
export function eraseFunctions(prefix: string): readonly string[] {
  return [digestOf(prefix), eraseMessages(prefix), forget(prefix), expire(prefix)];
}

/** Returns the function for the digest of an ID. It hashes twice with the key, like HMAC, which PostgreSQL lacks. */
function digestOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}digest_of(kind text, of_number text, of_id text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(s.digest_key, 'UTF8') || sha256(convert_to(s.digest_key || E'\\n' || kind || E'\\n' || of_number || E'\\n' || of_id, 'UTF8'))), 'hex')
  FROM ${prefix}mirror_state AS s
$$`;
}

/** Returns the function that deletes messages with their edits and reactions, and reports what it deleted. */
function eraseMessages(prefix: string): string {
  const ofMessages = (row: string): string =>
    `${row}.phone_number_id = of_number AND (${row}.message_id = ANY (ids) OR ${prefix}token_of(${row}.message_id) = ANY (tokens)
      OR COALESCE(${row}.customer_id, ${row}.peer_id) = ANY (people))`;
  const media = (row: string, column: string): string => `${row}.${column} -> (${row}.${column} ->> 'type') ->> 'id'`;
  return `CREATE OR REPLACE FUNCTION ${prefix}erase_messages(of_number text, ids text[], people text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  tokens text[];
  deleted record;
  edits record;
  reactions integer;
BEGIN
  WITH gone AS (
    DELETE FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.message_id = ANY (ids) RETURNING m.*
  )
  SELECT array_agg(DISTINCT gone.token) FILTER (WHERE gone.token IS NOT NULL) AS tokens,
    array_agg(DISTINCT COALESCE(gone.media_id, ${media('gone', 'content')})) FILTER (WHERE COALESCE(gone.media_id, ${media('gone', 'content')}) IS NOT NULL) AS media
  INTO deleted FROM gone;
  tokens := COALESCE(deleted.tokens, '{}');
  WITH gone AS (DELETE FROM ${prefix}edits AS e WHERE ${ofMessages('e')} RETURNING e.*)
  SELECT COALESCE(array_agg(gone.edit_id), '{}') AS ids, array_agg(${media('gone', 'edited')}) FILTER (WHERE ${media('gone', 'edited')} IS NOT NULL) AS media
  INTO edits FROM gone;
  WITH gone AS (DELETE FROM ${prefix}reactions AS r WHERE ${ofMessages('r')} RETURNING 1)
  SELECT count(*) INTO reactions FROM gone;
  RETURN jsonb_build_object('messageIds', to_jsonb(ids), 'edits', to_jsonb(edits.ids), 'reactions', reactions,
    'mediaIds', (SELECT COALESCE(jsonb_agg(DISTINCT id), '[]') FROM unnest(deleted.media || edits.media) AS id));
END
$$`;
}

/** Returns the function that erases a person with one number. It stores digests, so that the data isn't stored again. */
function forget(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}forget(of_number text, given text, erased_until bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  given_ids text[] := ARRAY(SELECT jsonb_array_elements_text(given::jsonb));
  ids text[];
  message_ids text[];
  erased jsonb;
BEGIN
  PERFORM ${prefix}lock_people(array_fill(of_number, ARRAY[cardinality(given_ids)]), given_ids);
  ids := ARRAY(SELECT DISTINCT id FROM (
    SELECT unnest(given_ids) AS id UNION SELECT ${prefix}members_of(of_number, g) FROM unnest(given_ids) AS g
  ) AS members ORDER BY id);
  message_ids := ARRAY(
    SELECT m.message_id FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.customer_id = ANY (ids)
    UNION ALL SELECT m.message_id FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.customer_id IS NULL AND m.thread_id = ANY (ids)
  );
  erased := ${prefix}erase_messages(of_number, message_ids, ids);
  DELETE FROM ${prefix}customers AS c WHERE c.phone_number_id = of_number AND c.customer_id = ANY (ids);
  DELETE FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (ids);
  DELETE FROM ${prefix}aliases AS a WHERE a.phone_number_id = of_number AND (a.customer_id = ANY (ids) OR a.same_as = ANY (ids));
  DELETE FROM ${prefix}owners AS o WHERE o.phone_number_id = of_number AND (o.customer_id = ANY (ids) OR o.owner_id = ANY (ids));
  INSERT INTO ${prefix}forgotten AS f
    SELECT ${prefix}digest_of('person', of_number, id), erased_until FROM unnest(ids) AS id
    UNION SELECT ${prefix}digest_of('message', of_number, id), 9007199254740991 FROM unnest(message_ids) AS id
    UNION SELECT ${prefix}digest_of('message', of_number, id), 9007199254740991 FROM jsonb_array_elements_text(erased -> 'edits') AS id
    ON CONFLICT (digest) DO UPDATE SET until_ms = GREATEST(f.until_ms, excluded.until_ms);
  -- A counter would repeat the value of an erasure that is rolled back, which a process may know.
  UPDATE ${prefix}mirror_state SET erasures = ('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint;
  RETURN erased || jsonb_build_object('ids', to_jsonb(ids));
END
$$`;
}

/**
 * Returns the function that deletes the oldest messages of a number before a time. It also deletes people without
 * messages who aren't in the address book.
 */
function expire(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}remove_before(of_number text, before timestamptz, at_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  gone text[];
  threads text[];
  empty text[];
BEGIN
  SELECT array_agg(m.message_id), array_agg(DISTINCT m.thread_id) FILTER (WHERE m.thread_id IS NOT NULL) INTO gone, threads FROM (
    SELECT m.message_id, m.thread_id FROM ${prefix}messages AS m
    WHERE m.phone_number_id = of_number AND ${hasTime('m')} AND COALESCE(m.joined_at, m.occurred_at) < before
    ORDER BY COALESCE(m.joined_at, m.occurred_at) LIMIT at_most
  ) AS m;
  IF gone IS NULL THEN RETURN 0; END IF;
  IF threads IS NOT NULL THEN PERFORM ${prefix}lock_people(array_fill(of_number, ARRAY[cardinality(threads)]), threads); END IF;
  PERFORM ${prefix}erase_messages(of_number, gone, '{}');
  PERFORM ${prefix}refresh_thread(of_number, t, NULL) FROM unnest(threads) AS t;
  empty := ARRAY(SELECT m FROM (
    SELECT ${prefix}members_of(of_number, t) AS m FROM unnest(threads) AS t
    WHERE NOT EXISTS (SELECT FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.thread_id = t)
      AND NOT EXISTS (SELECT FROM ${prefix}people AS p WHERE p.phone_number_id = of_number AND p.thread_id = t AND p.contact_name IS NOT NULL)
  ) AS members);
  DELETE FROM ${prefix}customers AS c WHERE c.phone_number_id = of_number AND c.customer_id = ANY (empty);
  DELETE FROM ${prefix}aliases AS a WHERE a.phone_number_id = of_number AND (a.customer_id = ANY (empty) OR a.same_as = ANY (empty));
  DELETE FROM ${prefix}owners AS o WHERE o.phone_number_id = of_number AND (o.customer_id = ANY (empty) OR o.owner_id = ANY (empty));
  RETURN cardinality(gone);
END
$$`;
}
