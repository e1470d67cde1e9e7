import { columnName, insertInto, onConflict } from '../conversation-sql.js';
import { columnsOf } from '../conversation-tables.js';
import type { ConversationTableName } from '../conversation-rows.js';
import { best, joinFunction } from '../postgres-joins.js';
import { postgresDialect, recordset } from '../postgres-upserts.js';
import { isShown, positionOf } from './message-index.js';

/** A batch of more people locks the whole mirror, because PostgreSQL has few locks. */
const maxPeopleLocks = 200;

/**
 * Returns the functions that write events. One call writes a batch completely or not at all.
 *
 * @param prefix - The prefix of all names.
 */
export function writeFunctions(prefix: string): readonly string[] {
  return [
    personOf(prefix),
    personsOf(prefix),
    lockPeople(prefix),
    joinFunction(
      prefix,
      `${prefix}joined_in(of_number text, of_thread text, of_token text)`,
      'm.thread_id = of_thread AND m.token = of_token',
    ),
    joinGroup(prefix),
    refreshThread(prefix),
    appendMessage(prefix),
    rethread(prefix),
    write(prefix),
    rebuild(prefix),
    shownId(prefix),
    markRead(prefix),
  ];
}

/** Like `wa_thread_of`, but much faster for people without reports that contain only a number. */
function personOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}person_of(of_number text, of_customer text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  id text := of_customer;
  next_id text;
BEGIN
  IF EXISTS (SELECT FROM ${prefix}owners AS o WHERE o.phone_number_id = of_number AND o.reported_at IS NOT NULL) THEN
    RETURN ${prefix}thread_of(of_number, of_customer);
  END IF;
  FOR step IN 1 .. 64 LOOP
    SELECT a.same_as INTO next_id FROM ${prefix}aliases AS a WHERE a.phone_number_id = of_number AND a.customer_id = id;
    IF next_id IS NULL OR next_id = id THEN RETURN id; END IF;
    id := next_id;
  END LOOP;
  -- The aliases form a cycle.
  RETURN ${prefix}thread_of(of_number, of_customer);
END
$$`;
}

/** Returns the function for the conversations of several people, in their order. Most people have one link at most. */
function personsOf(prefix: string): string {
  const link = `SELECT a.same_as FROM ${prefix}aliases AS a WHERE a.phone_number_id = p.number AND a.customer_id`;
  return `CREATE OR REPLACE FUNCTION ${prefix}persons_of(numbers text[], customers text[]) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  persons text[];
  needs_walk boolean;
BEGIN
  SELECT array_agg(COALESCE(one.same_as, p.id) ORDER BY p.place),
    bool_or(EXISTS (${link} = one.same_as AND a.same_as <> one.same_as)
      OR EXISTS (SELECT FROM ${prefix}owners AS o WHERE o.phone_number_id = p.number AND o.reported_at IS NOT NULL))
  INTO persons, needs_walk
  FROM unnest(numbers, customers) WITH ORDINALITY AS p(number, id, place)
  LEFT JOIN LATERAL (${link} = p.id OFFSET 0) AS one ON true;
  IF needs_walk THEN
    persons := ARRAY(SELECT ${prefix}person_of(p.number, p.id) FROM unnest(numbers, customers) WITH ORDINALITY AS p(number, id, place) ORDER BY p.place);
  END IF;
  RETURN persons;
END
$$`;
}

/**
 * Returns the function that locks people until the transaction ends: their IDs and their conversations. While it waits,
 * another transaction can move a person to another conversation, so it repeats. It returns the conversations.
 */
function lockPeople(prefix: string): string {
  const lock = `hashtextextended(given.number || E'\\n' || ids.id, '${prefix}conversations'::regclass::oid::bigint)`;
  const mirror = `hashtextextended('${prefix}conversations', 1)`;
  return `CREATE OR REPLACE FUNCTION ${prefix}lock_people(numbers text[], customers text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  held bigint[] := '{}';
  wanted bigint[];
  threads text[];
BEGIN
  IF cardinality(customers) > ${String(maxPeopleLocks)} THEN
    PERFORM pg_advisory_xact_lock(${mirror});
    RETURN ${prefix}persons_of(numbers, customers);
  END IF;
  PERFORM pg_advisory_xact_lock_shared(${mirror});
  LOOP
    threads := ${prefix}persons_of(numbers, customers);
    wanted := ARRAY(
      SELECT DISTINCT ${lock} AS id FROM unnest(numbers, customers, threads) AS given(number, customer, thread)
      CROSS JOIN LATERAL (VALUES (given.customer), (given.thread)) AS ids(id) ORDER BY 1
    );
    EXIT WHEN wanted <@ held;
    PERFORM pg_advisory_xact_lock(lock.id) FROM unnest(wanted) AS lock(id) WHERE lock.id <> ALL (held);
    held := held || wanted;
  END LOOP;
  RETURN threads;
END
$$`;
}

/** Returns the function that finds the rows of one message among the rows with a token. */
function joinGroup(prefix: string): string {
  const [at, place] = [best('messages', 'occurredAt'), best('messages', 'place')];
  return `CREATE OR REPLACE FUNCTION ${prefix}join_group(of_number text, of_thread text, of_token text) RETURNS void LANGUAGE sql AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.joined_id COLLATE "C" AS joined_id, count(*) OVER () > 1 AS are_several
    FROM ${prefix}joined_in(of_number, of_thread, of_token) AS j
  ), merged AS (
    SELECT joined.joined_id, ${at} AS at, ${place} AS place
    FROM joined JOIN ${prefix}messages AS m ON m.phone_number_id = of_number AND m.message_id = joined.message_id GROUP BY joined.joined_id
  ), wanted AS (
    SELECT joined.message_id, CASE WHEN joined.are_several THEN joined.joined_id END AS joined_id,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.at END AS at,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.place END AS place
    FROM joined JOIN merged USING (joined_id)
  )
  UPDATE ${prefix}messages AS m SET joined_id = wanted.joined_id, joined_at = wanted.at, joined_place = wanted.place
  FROM wanted WHERE m.phone_number_id = of_number AND m.message_id = wanted.message_id
    AND (m.joined_id, m.joined_at, m.joined_place) IS DISTINCT FROM (wanted.joined_id, wanted.at, wanted.place)
$$`;
}

/** Unread messages are messages of the customer after the last message of the business and after `read_at`. */
function refreshThread(prefix: string): string {
  const [at, place, id] = positionOf('m');
  const shown = `m.phone_number_id = of_number AND m.thread_id = of_thread AND ${isShown('m')}`;
  const latestFirst = `ORDER BY ${at} DESC, ${place} DESC, ${id} DESC LIMIT 1`;
  return `CREATE OR REPLACE FUNCTION ${prefix}refresh_thread(of_number text, of_thread text, newly_read timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  last_one record;
  last_read timestamptz;
  answered record;
  open_messages integer;
BEGIN
  SELECT ${id} AS id, ${at} AS at INTO last_one FROM ${prefix}messages AS m WHERE ${shown} ${latestFirst};
  IF NOT FOUND THEN
    DELETE FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread;
    RETURN;
  END IF;
  last_read := GREATEST((SELECT c.read_at FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread), newly_read);
  SELECT ${at} AS at, ${place} AS place, ${id} AS id INTO answered FROM ${prefix}messages AS m
    WHERE ${shown} AND m.direction = 'outbound' AND (last_read IS NULL OR ${at} > last_read) ${latestFirst};
  SELECT count(*) INTO open_messages FROM ${prefix}messages AS m
    WHERE ${shown} AND m.direction = 'inbound' AND (last_read IS NULL OR ${at} > last_read)
      AND (answered.at IS NULL OR (${at}, ${place}, ${id}) > (answered.at, answered.place, answered.id));
  INSERT INTO ${prefix}conversations AS c (phone_number_id, thread_id, last_message_id, last_at, unread, read_at)
  VALUES (of_number, of_thread, last_one.id, last_one.at, open_messages, last_read)
  ON CONFLICT (phone_number_id, thread_id) DO UPDATE
    SET last_message_id = excluded.last_message_id, last_at = excluded.last_at, unread = excluded.unread, read_at = excluded.read_at
    WHERE (c.last_message_id, c.last_at, c.unread, c.read_at)
      IS DISTINCT FROM (excluded.last_message_id, excluded.last_at, excluded.unread, excluded.read_at);
END
$$`;
}

/**
 * Returns the function that adds one new message to the end of its conversation, without reading the others. It returns
 * whether it could: the message must be later than all others and than the time until which the conversation was read.
 */
function appendMessage(prefix: string): string {
  const [at, place, id] = positionOf('m');
  return `CREATE OR REPLACE FUNCTION ${prefix}append_message(of_number text, wamid text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  added record;
  known record;
  last_one record;
BEGIN
  -- With more conditions, the planner could use another index, and read all messages or conversations of the number.
  SELECT m.thread_id, m.direction, ${at} AS at, ${place} AS place, ${id} AS id, ${isShown('m')} AS is_shown INTO added FROM ${prefix}messages AS m
    WHERE m.phone_number_id = of_number AND m.message_id = wamid;
  SELECT c.last_message_id, c.read_at INTO known FROM ${prefix}conversations AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = added.thread_id;
  SELECT ${at} AS at, ${place} AS place, ${id} AS id INTO last_one FROM ${prefix}messages AS m
    WHERE m.phone_number_id = of_number AND m.message_id = known.last_message_id;
  -- NULL without a message or a conversation.
  IF (added.is_shown AND (added.at, added.place, added.id) > (last_one.at, last_one.place, last_one.id)
    AND COALESCE(known.read_at < added.at, true)) IS NOT TRUE THEN
    RETURN false;
  END IF;
  UPDATE ${prefix}conversations AS c SET last_message_id = added.id, last_at = added.at,
    unread = CASE added.direction WHEN 'inbound' THEN c.unread + 1 ELSE 0 END
    WHERE c.phone_number_id = of_number AND c.thread_id = added.thread_id;
  RETURN true;
END
$$`;
}

/**
 * Returns the function that moves customers of some conversations to the conversation that their IDs belong to now. It
 * joins messages again, and refreshes all conversations that changed.
 */
function rethread(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}rethread(of_number text, threads text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
  changed text[] := threads;
BEGIN
  FOR one IN
    SELECT c.customer_id, c.thread_id AS old_thread, ${prefix}person_of(of_number, c.customer_id) AS new_thread FROM ${prefix}customers AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = ANY (threads)
  LOOP
    CONTINUE WHEN one.old_thread = one.new_thread;
    UPDATE ${prefix}customers AS c SET thread_id = one.new_thread WHERE c.phone_number_id = of_number AND c.customer_id = one.customer_id;
    UPDATE ${prefix}messages AS m SET thread_id = one.new_thread, joined_id = NULL, joined_at = NULL, joined_place = NULL
      WHERE m.phone_number_id = of_number AND m.customer_id = one.customer_id;
    PERFORM ${prefix}refresh_thread(of_number, one.new_thread,
      (SELECT c.read_at FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = one.old_thread));
    changed := changed || one.new_thread;
  END LOOP;
  FOR one IN
    SELECT m.thread_id, m.token FROM ${prefix}messages AS m
    WHERE m.phone_number_id = of_number AND m.thread_id = ANY (changed) AND m.token IS NOT NULL
      AND m.customer_id IN (SELECT c.customer_id FROM ${prefix}customers AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (changed))
    GROUP BY m.thread_id, m.token HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
  LOOP
    PERFORM ${prefix}join_group(of_number, one.thread_id, one.token);
  END LOOP;
  PERFORM ${prefix}refresh_thread(of_number, thread.id, NULL) FROM (SELECT DISTINCT unnest(changed) AS id) AS thread;
END
$$`;
}

function upsert(prefix: string, table: ConversationTableName): string {
  const hasThread = table === 'messages' || table === 'customers';
  const insert = insertInto(table, `${prefix}${table}`);
  if (!hasThread) return `${insert}\nSELECT * FROM ${recordset(table, `given_rows -> '${table}'`)}\n${onConflict(table, postgresDialect)}`;
  const values = columnsOf(table).map((column) => `given.${columnName(column)}`);
  const derived = table === 'messages' ? { customerId: 'thread_id' } : {};
  return `${insert.replace(/\)$/, ', thread_id)')}
  SELECT ${values.join(', ')}, person.thread_id FROM ${recordset(table, `given_rows -> '${table}'`)}
  LEFT JOIN unnest(numbers, customers, new_threads) AS person(phone_number_id, customer_id, thread_id)
    ON person.phone_number_id = given.phone_number_id AND person.customer_id = given.customer_id
  ${onConflict(table, postgresDialect, derived)}`;
}

/** Returns the function that writes a batch. It returns whether the caller knows all erasures. Otherwise it writes no data. */
function write(prefix: string): string {
  // OFFSET 0 makes the planner look up each row. Otherwise, plans from a small table read all rows of the grown table.
  const lookUp = (table: ConversationTableName, column: string): string =>
    `(SELECT r.* FROM ${prefix}${table} AS r WHERE r.phone_number_id = g.value ->> 'phone_number_id' AND r.${column} = g.value ->> '${column}' OFFSET 0)`;
  return `CREATE OR REPLACE FUNCTION ${prefix}mirror_write(changes text, people text, known_erasures bigint) RETURNS boolean LANGUAGE plpgsql
  SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  given_rows jsonb := changes::jsonb;
  numbers text[];
  customers text[];
  old_threads text[];
  new_threads text[];
  has_new_links boolean := false;
  is_joined boolean := false;
  touched jsonb;
  groups jsonb;
  one record;
BEGIN
  SELECT array_agg(p.value ->> 0), array_agg(p.value ->> 1) INTO numbers, customers FROM (
    SELECT p.value FROM jsonb_array_elements(people::jsonb) AS p
    UNION SELECT jsonb_build_array(o.phone_number_id, o.owner_id) FROM jsonb_array_elements(given_rows -> 'owners') AS g
    CROSS JOIN LATERAL ${lookUp('owners', 'customer_id')} AS o
  ) AS p;
  old_threads := ${prefix}lock_people(numbers, customers);
  IF (SELECT s.erasures FROM ${prefix}mirror_state AS s WHERE s.id = 1) <> known_erasures THEN RETURN false; END IF;
  new_threads := old_threads;
  IF given_rows ? 'aliases' THEN
  ${upsert(prefix, 'aliases')};
    has_new_links := FOUND;
  END IF;
  IF given_rows ? 'owners' THEN
  ${upsert(prefix, 'owners')};
    has_new_links := has_new_links OR FOUND;
  END IF;
  IF has_new_links THEN new_threads := ${prefix}persons_of(numbers, customers); END IF;
  ${upsert(prefix, 'customers')};
  -- Conversations and groups that lose a message.
  SELECT jsonb_agg(DISTINCT jsonb_build_array(m.phone_number_id, m.thread_id)),
    jsonb_agg(DISTINCT jsonb_build_array(m.phone_number_id, m.thread_id, m.token)) FILTER (WHERE m.joined_id IS NOT NULL)
  INTO touched, groups
  FROM jsonb_array_elements(given_rows -> 'messages') AS g CROSS JOIN LATERAL ${lookUp('messages', 'message_id')} AS m WHERE m.thread_id IS NOT NULL;
  ${upsert(prefix, 'messages')};
  IF given_rows ? 'edits' THEN
  ${upsert(prefix, 'edits')};
  END IF;
  IF given_rows ? 'reactions' THEN
  ${upsert(prefix, 'reactions')};
  END IF;
  FOR one IN
    SELECT m.phone_number_id AS number, m.thread_id AS thread, m.token
    FROM (SELECT DISTINCT jsonb_build_object('phone_number_id', g -> 'phone_number_id', 'token', g -> 'token') AS value
      FROM jsonb_array_elements(given_rows -> 'messages') AS g WHERE g ->> 'token' IS NOT NULL) AS g
    CROSS JOIN LATERAL ${lookUp('messages', 'token')} AS m
    WHERE m.thread_id IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
    UNION SELECT g ->> 0, g ->> 1, g ->> 2 FROM jsonb_array_elements(groups) AS g
  LOOP
    PERFORM ${prefix}join_group(one.number, one.thread, one.token);
    is_joined := true;
  END LOOP;
  IF touched IS NULL AND NOT is_joined AND old_threads = new_threads AND jsonb_array_length(given_rows -> 'messages') = 1 THEN
    IF ${prefix}append_message(given_rows -> 'messages' -> 0 ->> 'phone_number_id', given_rows -> 'messages' -> 0 ->> 'message_id') THEN
      RETURN true;
    END IF;
  END IF;
  PERFORM ${prefix}refresh_thread(t.number, t.thread, NULL) FROM (
    SELECT p.number, p.thread FROM unnest(numbers, new_threads) AS p(number, thread)
    UNION SELECT t ->> 0, t ->> 1 FROM jsonb_array_elements(touched) AS t
  ) AS t;
  PERFORM ${prefix}rethread(moved.number, moved.threads) FROM (
    SELECT p.number, array_agg(DISTINCT thread.id) AS threads
    FROM unnest(numbers, old_threads, new_threads) AS p(number, old_thread, new_thread)
    CROSS JOIN LATERAL (VALUES (p.old_thread), (p.new_thread)) AS thread(id)
    WHERE p.old_thread <> p.new_thread GROUP BY p.number
  ) AS moved;
  RETURN true;
END
$$`;
}

/** Returns the function that computes all derived columns and rows, for tables that another program has written. */
function rebuild(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}mirror_rebuild() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  UPDATE ${prefix}customers AS c SET thread_id = ${prefix}person_of(c.phone_number_id, c.customer_id)
    WHERE c.thread_id IS DISTINCT FROM ${prefix}person_of(c.phone_number_id, c.customer_id);
  UPDATE ${prefix}messages AS m SET thread_id = c.thread_id FROM ${prefix}customers AS c
    WHERE c.phone_number_id = m.phone_number_id AND c.customer_id = m.customer_id AND m.thread_id IS DISTINCT FROM c.thread_id;
  FOR one IN
    SELECT m.phone_number_id AS number, m.thread_id AS thread, m.token FROM ${prefix}messages AS m
    WHERE m.thread_id IS NOT NULL AND m.token IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
  LOOP
    PERFORM ${prefix}join_group(one.number, one.thread, one.token);
  END LOOP;
  PERFORM ${prefix}refresh_thread(t.phone_number_id, t.thread_id, NULL) FROM (
    SELECT DISTINCT m.phone_number_id, m.thread_id FROM ${prefix}messages AS m WHERE m.thread_id IS NOT NULL
    UNION SELECT c.phone_number_id, c.thread_id FROM ${prefix}conversations AS c
  ) AS t;
END
$$`;
}

/**
 * Returns the function for the wamid under which a conversation shows a message: the row of the exact wamid, or the only
 * message of the conversation with its token.
 */
function shownId(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}shown_id(of_number text, of_thread text, wamid text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(
    (SELECT COALESCE(m.joined_id, m.message_id) FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.message_id = wamid),
    (SELECT min(COALESCE(m.joined_id, m.message_id)) FROM ${prefix}messages AS m
      WHERE m.phone_number_id = of_number AND m.token = ${prefix}token_of(wamid) AND m.thread_id = of_thread
      HAVING count(DISTINCT COALESCE(m.joined_id, m.message_id)) = 1),
    wamid)
$$`;
}

function markRead(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}mark_read(of_number text, of_customer text, up_to timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ${prefix}lock_people(ARRAY[of_number], ARRAY[of_customer]);
  PERFORM ${prefix}refresh_thread(c.phone_number_id, c.thread_id, COALESCE(up_to, c.last_at)) FROM ${prefix}conversations AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = ${prefix}person_of(of_number, of_customer);
END
$$`;
}
