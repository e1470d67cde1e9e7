import { columnName, insertInto, onConflict } from '../conversation-sql.js';
import { columnsOf } from '../conversation-tables.js';
import type { ConversationTableName } from '../conversation-rows.js';
import { best, joinFunction } from '../postgres-joins.js';
import { postgresDialect, recordset } from '../postgres-upserts.js';
import { originRanks } from '../ranks.js';
import { isShown, ofNumber, positionOf } from './message-index.js';

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
    joinFunction(prefix, `${prefix}joined_in(of_number text, of_thread text, of_token text)`, [
      `${ofNumber('m')} = of_number AND m.thread_id = of_thread AND m.token = of_token`,
    ]),
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

/**
 * Returns the function that finds the rows of one message among the rows with a token. It returns whether a row changed.
 * It looks up each row, because a plan of a join from a small table could read all messages of the number later.
 */
function joinGroup(prefix: string): string {
  const [at, place] = [best('messages', 'occurredAt'), best('messages', 'place')];
  return `CREATE OR REPLACE FUNCTION ${prefix}join_group(of_number text, of_thread text, of_token text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  one record;
  has_changed boolean := false;
BEGIN
  FOR one IN
    WITH joined AS MATERIALIZED (
      SELECT j.message_id COLLATE "C" AS message_id, j.joined_id COLLATE "C" AS joined_id, count(*) OVER () > 1 AS are_several
      FROM ${prefix}joined_in(of_number, of_thread, of_token) AS j
    ), merged AS (
      SELECT joined.joined_id, ${at} AS at, ${place} AS place FROM joined
      CROSS JOIN LATERAL (SELECT r.* FROM ${prefix}messages AS r WHERE r.phone_number_id = of_number AND r.message_id = joined.message_id OFFSET 0) AS m
      GROUP BY joined.joined_id
    )
    SELECT joined.message_id, CASE WHEN joined.are_several THEN joined.joined_id END AS joined_id,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.at END AS at,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.place END AS place
    FROM joined JOIN merged USING (joined_id)
  LOOP
    UPDATE ${prefix}messages AS m SET joined_id = one.joined_id, joined_at = one.at, joined_place = one.place
      WHERE m.phone_number_id = of_number AND m.message_id = one.message_id
      AND (m.joined_id, m.joined_at, m.joined_place) IS DISTINCT FROM (one.joined_id, one.at, one.place);
    has_changed := has_changed OR FOUND;
  END LOOP;
  RETURN has_changed;
END
$$`;
}

/** A message of the app this soon after a message of the customer is probably an automatic reply. */
const automaticSeconds = 3;

/**
 * Returns the function that computes the row of a conversation again. Unread messages are live messages of the customer
 * after the last message that a person wrote in the Business app, and after `read_at`. A message through the API can
 * come from a bot, so it doesn't count as an answer.
 */
function refreshThread(prefix: string): string {
  const [at, place, id] = positionOf('m');
  const [writtenAt] = positionOf('w');
  const shown = (row: string): string => `${row}.phone_number_id = of_number AND ${row}.thread_id = of_thread AND ${isShown(row)}`;
  const latestFirst = `ORDER BY ${at} DESC, ${place} DESC, ${id} DESC LIMIT 1`;
  return `CREATE OR REPLACE FUNCTION ${prefix}refresh_thread(of_number text, of_thread text, newly_read timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  last_one record;
  last_read timestamptz;
  answered record;
  open_messages integer;
BEGIN
  SELECT ${id} AS id, ${at} AS at INTO last_one FROM ${prefix}messages AS m WHERE ${shown('m')} ${latestFirst};
  IF NOT FOUND THEN
    DELETE FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread;
    RETURN;
  END IF;
  last_read := GREATEST((SELECT c.read_at FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread), newly_read);
  SELECT ${at} AS at, ${place} AS place, ${id} AS id INTO answered FROM ${prefix}messages AS m
    WHERE ${shown('m')} AND m.direction = 'outbound' AND m.author = 'app' AND (last_read IS NULL OR ${at} > last_read)
      AND NOT EXISTS (SELECT FROM ${prefix}messages AS w WHERE ${shown('w')} AND w.direction = 'inbound'
        AND ${writtenAt} BETWEEN ${at} - interval '${String(automaticSeconds)} seconds' AND ${at})
    ${latestFirst};
  SELECT count(*) INTO open_messages FROM ${prefix}messages AS m
    WHERE ${shown('m')} AND ${isUnread('m')} AND (last_read IS NULL OR ${at} > last_read)
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

/** Messages of the history don't count as unread. */
function isUnread(row: string): string {
  return `${row}.direction = 'inbound' AND ${row}.origin_rank >= ${String(originRanks.live)}`;
}

/**
 * Returns the function that adds one new message to the end of its conversation, without reading the others. It returns
 * whether it could: the message must be later than all others and than the time until which the conversation was read.
 */
function appendMessage(prefix: string): string {
  const [at, , id] = positionOf('m');
  return `CREATE OR REPLACE FUNCTION ${prefix}append_message(of_number text, wamid text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  added record;
  known record;
BEGIN
  -- With more conditions, the planner could use another index, and read all messages or conversations of the number.
  SELECT m.thread_id, ${at} AS at, ${id} AS id, ${isShown('m')} AND (m.direction = 'inbound' OR m.author = 'api') AS can_append,
    CASE WHEN ${isUnread('m')} THEN 1 ELSE 0 END AS unread INTO added FROM ${prefix}messages AS m
    WHERE m.phone_number_id = of_number AND m.message_id = wamid;
  SELECT c.last_at, c.read_at INTO known FROM ${prefix}conversations AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = added.thread_id;
  -- NULL without a message or a conversation.
  IF (added.can_append AND added.at > known.last_at AND COALESCE(known.read_at < added.at, true)) IS NOT TRUE THEN
    RETURN false;
  END IF;
  UPDATE ${prefix}conversations AS c SET last_message_id = added.id, last_at = added.at, unread = c.unread + added.unread
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
    SELECT p.id AS customer_id, p.thread_id AS old_thread, ${prefix}person_of(of_number, p.id) AS new_thread FROM (
      SELECT c.customer_id AS id, c.thread_id FROM ${prefix}customers AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (threads)
      UNION SELECT m.peer_id, m.thread_id FROM ${prefix}messages AS m
        WHERE m.phone_number_id = of_number AND m.thread_id = ANY (threads) AND m.customer_id IS NULL
    ) AS p
  LOOP
    CONTINUE WHEN one.old_thread = one.new_thread;
    UPDATE ${prefix}customers AS c SET thread_id = one.new_thread WHERE c.phone_number_id = of_number AND c.customer_id = one.customer_id;
    UPDATE ${prefix}messages AS m SET thread_id = one.new_thread, joined_id = NULL, joined_at = NULL, joined_place = NULL
      WHERE m.phone_number_id = of_number AND m.customer_id = one.customer_id;
    UPDATE ${prefix}messages AS m SET thread_id = one.new_thread, joined_id = NULL, joined_at = NULL, joined_place = NULL
      WHERE m.phone_number_id = of_number AND m.thread_id = one.old_thread AND m.customer_id IS NULL AND m.peer_id = one.customer_id;
    PERFORM ${prefix}refresh_thread(of_number, one.new_thread,
      (SELECT c.read_at FROM ${prefix}conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = one.old_thread));
    changed := changed || one.new_thread;
  END LOOP;
  FOR one IN
    SELECT m.thread_id, m.token FROM (
      SELECT m.* FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.thread_id = ANY (changed)
        AND m.customer_id IN (SELECT c.customer_id FROM ${prefix}customers AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (changed))
      UNION ALL SELECT m.* FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.thread_id = ANY (changed) AND m.customer_id IS NULL
    ) AS m
    WHERE m.token IS NOT NULL GROUP BY m.thread_id, m.token HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
  LOOP
    PERFORM ${prefix}join_group(of_number, one.thread_id, one.token);
  END LOOP;
  PERFORM ${prefix}refresh_thread(of_number, thread.id, NULL) FROM (SELECT DISTINCT unnest(changed) AS id) AS thread;
END
$$`;
}

function upsert(prefix: string, table: ConversationTableName): string {
  const rows = recordset(table, `given_rows -> '${table}'`);
  const insert = (columns: readonly string[]): string =>
    insertInto(table, `${prefix}${table}`).replace(/\)$/, `${columns.map((column) => `, ${column}`).join('')})`);
  const values = columnsOf(table).map((column) => `given.${columnName(column)}`);
  const thread = (
    customer: string,
  ): string => `LEFT JOIN unnest(numbers, customers, new_threads) AS person(phone_number_id, customer_id, thread_id)
    ON person.phone_number_id = given.phone_number_id AND person.customer_id = ${customer}`;
  const peer = `LEFT JOIN jsonb_to_recordset(given_rows -> 'peers') AS peer(phone_number_id text, message_id text, peer_id text)
    ON given.customer_id IS NULL AND peer.phone_number_id = given.phone_number_id AND peer.message_id = given.message_id`;
  switch (table) {
    case 'customers':
      return `${insert(['thread_id'])}\nSELECT ${values.join(', ')}, person.thread_id FROM ${rows} ${thread('given.customer_id')}
  ${onConflict(table, postgresDialect)}`;
    case 'messages':
      return `${insert(['peer_id', 'thread_id'])}\nSELECT ${values.join(', ')}, peer.peer_id, person.thread_id FROM ${rows} ${peer}
  ${thread('COALESCE(given.customer_id, peer.peer_id)')}
  ${onConflict(table, postgresDialect, { customerId: ['peer_id', 'thread_id'] })}`;
    case 'edits':
    case 'reactions':
      return `${insert(['peer_id'])}\nSELECT ${values.join(', ')}, peer.peer_id FROM ${rows} ${peer}
  ${onConflict(table, postgresDialect, { customerId: ['peer_id'] })}`;
    default:
      return `${insert([])}\nSELECT ${values.join(', ')} FROM ${rows}\n${onConflict(table, postgresDialect)}`;
  }
}

/** Returns the function that writes a batch. It returns whether the caller knows the latest erasure. Otherwise it writes no data. */
function write(prefix: string): string {
  // OFFSET 0 makes the planner look up each row. Otherwise, plans from a small table read all rows of the grown table.
  const lookUp = (table: ConversationTableName, column: string): string =>
    `(SELECT r.* FROM ${prefix}${table} AS r WHERE r.phone_number_id = g.value ->> 'phone_number_id' AND r.${column} = g.value ->> '${column}' OFFSET 0)`;
  const given = "jsonb_array_elements(given_rows -> 'messages') AS g";
  // What the conversation of a message depends on. Most statuses change none of it.
  const state = `jsonb_build_array(m.thread_id, m.direction, m.author, m.type, m.occurred_at, m.place, m.origin_rank)`;
  return `CREATE OR REPLACE FUNCTION ${prefix}mirror_write(changes text, people text, known_erasures bigint) RETURNS boolean LANGUAGE plpgsql
  SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  given_rows jsonb := changes::jsonb;
  numbers text[];
  customers text[];
  old_threads text[];
  new_threads text[];
  has_new_links boolean := false;
  known jsonb;
  groups jsonb;
  changed jsonb := '[]';
  one record;
BEGIN
  SELECT array_agg(p.value ->> 0), array_agg(p.value ->> 1) INTO numbers, customers FROM (
    SELECT p.value FROM jsonb_array_elements(people::jsonb) AS p
    UNION SELECT jsonb_build_array(o.phone_number_id, o.owner_id) FROM jsonb_array_elements(given_rows -> 'owners') AS g
    CROSS JOIN LATERAL ${lookUp('owners', 'customer_id')} AS o
  ) AS p;
  old_threads := ${prefix}lock_people(numbers, customers);
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    -- The snapshot of the transaction can be older than an erasure. Then this fails, and the caller repeats the transaction.
    PERFORM FROM ${prefix}mirror_state FOR SHARE;
  END IF;
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
  -- The rows before the change, and the groups that can lose a message.
  SELECT jsonb_object_agg(m.phone_number_id || E'\\n' || m.message_id, ${state}),
    jsonb_agg(DISTINCT jsonb_build_array(m.phone_number_id, m.thread_id, m.token)) FILTER (WHERE m.joined_id IS NOT NULL)
  INTO known, groups FROM ${given} CROSS JOIN LATERAL ${lookUp('messages', 'message_id')} AS m;
  ${upsert(prefix, 'messages')};
  IF given_rows ? 'edits' THEN
  ${upsert(prefix, 'edits')};
  END IF;
  IF given_rows ? 'reactions' THEN
  ${upsert(prefix, 'reactions')};
  END IF;
  FOR one IN
    SELECT m.phone_number_id AS number, m.thread_id AS thread, m.token
    FROM (SELECT DISTINCT g ->> 'phone_number_id' AS number, g ->> 'token' AS token FROM ${given} WHERE g ->> 'token' IS NOT NULL) AS g
    CROSS JOIN LATERAL (SELECT r.* FROM ${prefix}messages AS r WHERE ${ofNumber('r')} = g.number AND r.token = g.token OFFSET 0) AS m
    WHERE m.thread_id IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
    UNION SELECT g ->> 0, g ->> 1, g ->> 2 FROM jsonb_array_elements(groups) AS g
  LOOP
    IF ${prefix}join_group(one.number, one.thread, one.token) THEN
      changed := changed || jsonb_build_array(jsonb_build_array(one.number, one.thread));
    END IF;
  END LOOP;
  IF known IS NULL AND changed = '[]' AND old_threads = new_threads AND jsonb_array_length(given_rows -> 'messages') = 1 THEN
    IF ${prefix}append_message(given_rows -> 'messages' -> 0 ->> 'phone_number_id', given_rows -> 'messages' -> 0 ->> 'message_id') THEN
      RETURN true;
    END IF;
  END IF;
  PERFORM ${prefix}refresh_thread(t.number, t.thread, NULL) FROM (
    SELECT m.phone_number_id AS number, thread.id AS thread FROM ${given} CROSS JOIN LATERAL ${lookUp('messages', 'message_id')} AS m
    CROSS JOIN LATERAL (SELECT known -> (m.phone_number_id || E'\\n' || m.message_id) AS state) AS before
    CROSS JOIN LATERAL (VALUES (m.thread_id), (before.state ->> 0)) AS thread(id)
    WHERE before.state IS DISTINCT FROM ${state}
    UNION SELECT t ->> 0, t ->> 1 FROM jsonb_array_elements(changed) AS t
  ) AS t WHERE t.thread IS NOT NULL;
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
  ${['messages', 'edits', 'reactions']
    .map(
      (table) => `UPDATE ${prefix}${table} AS r SET peer_id = ${prefix}peer_id_of(r.message_id)
    WHERE r.customer_id IS NULL AND r.peer_id IS NULL AND ${prefix}peer_id_of(r.message_id) IS NOT NULL;`,
    )
    .join('\n  ')}
  UPDATE ${prefix}messages AS m SET thread_id = ${prefix}person_of(m.phone_number_id, m.peer_id)
    WHERE m.customer_id IS NULL AND m.thread_id IS DISTINCT FROM ${prefix}person_of(m.phone_number_id, m.peer_id);
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
      WHERE ${ofNumber('m')} = of_number AND m.token = ${prefix}token_of(wamid) AND m.thread_id = of_thread
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
