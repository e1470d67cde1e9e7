import { isShown, ofNumber, positionOf } from './message-index.js';
import { personIn } from './people-sql.js';

/** The statements that read a mirror. Each parameter is text. A function has a form for the first page. */
export interface ReadStatements {
  /** Number, thread or ID, limit, and the position. */
  readonly latestFirst: (isFirst: boolean) => string;
  readonly oldestFirst: (isFirst: boolean) => string;
  /** Number, wamid. */
  readonly message: string;
  /** Number, thread or ID (or null for all), text, limit, and the position or nulls. */
  readonly search: string;
  /** Number, limit, and the time and thread of the last one. */
  readonly threads: (isFirst: boolean) => string;
  /** Number, thread or ID. */
  readonly thread: string;
  /** Number, the last thread, limit. */
  readonly threadIds: string;
  /** Number, wamid. */
  readonly edits: string;
  /** Number, thread or ID. */
  readonly person: string;
  readonly numbers: string;
  readonly state: string;
  /** Digests, as a JSON array. */
  readonly erasures: string;
}

const instant = (parameter: string): string => `(timestamptz 'epoch' + ${parameter}::text::bigint * interval '1 millisecond')`;

/** The statements that are functions in the database, with the number of their parameters. */
type ReadFunctionName =
  | 'messages_latest'
  | 'messages_before'
  | 'messages_oldest'
  | 'messages_after'
  | 'message'
  | 'found'
  | 'threads_first'
  | 'threads_after'
  | 'thread';

/**
 * Returns the functions that read pages of messages and threads. PostgreSQL plans the statements of a function once
 * for each connection. A page takes less time than its plan. The settings fix the plans to look-ups in indexes, in the
 * order of the list.
 *
 * @param prefix - The prefix of all names.
 */
export function readFunctions(prefix: string): readonly string[] {
  return Object.entries(pageStatements(prefix)).map(([name, statement]) => {
    const count = Math.max(...[...statement.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place)));
    const parameters = Array.from({ length: count }, () => 'text').join(', ');
    return `CREATE OR REPLACE FUNCTION ${prefix}read_${name}(${parameters})
  RETURNS TABLE (part text, id text, row_place text, at_ms text, at_place text, "json" text) LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off
  SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY ${statement};
END
$$`;
  });
}

/**
 * Returns {@link ReadStatements}. Pages are read by keyset, so a page costs the same at each place of a list.
 *
 * @param prefix - The prefix of all names.
 */
export function readStatements(prefix: string): ReadStatements {
  const call = (name: ReadFunctionName, parameters: number): string =>
    `SELECT * FROM ${prefix}read_${name}(${Array.from({ length: parameters }, (_, index) => `$${String(index + 1)}::text`).join(', ')})`;
  return {
    latestFirst: (isFirst) => (isFirst ? call('messages_latest', 3) : call('messages_before', 6)),
    oldestFirst: (isFirst) => (isFirst ? call('messages_oldest', 3) : call('messages_after', 6)),
    message: call('message', 2),
    search: call('found', 7),
    threads: (isFirst) => (isFirst ? call('threads_first', 2) : call('threads_after', 4)),
    thread: call('thread', 2),
    ...otherStatements(prefix),
  };
}

/** The parts of statements. */
function statementParts(prefix: string) {
  const messages = `${prefix}messages`;
  const [at, place, id] = positionOf('m');
  const milliseconds = (time: string): string => `floor(extract(epoch FROM ${time}) * 1000)::bigint::text`;
  const position = `${milliseconds(at)} AS at_ms, ${place}::text AS at_place`;
  const order = (direction: 'ASC' | 'DESC'): string => `${at} ${direction}, ${place} ${direction}, ${id} ${direction}`;
  const thread = `thread AS MATERIALIZED (SELECT ${prefix}person_of($1::text, $2::text) COLLATE "C" AS id)`;
  const ofThread = `m.phone_number_id = $1::text AND m.thread_id = (SELECT thread.id FROM thread)`;

  /** Two people can have messages with the same token. */
  const ofSamePerson = (row: string, shown: string): string =>
    `${shown}.thread_id = ${prefix}person_of(${row}.phone_number_id, COALESCE(${row}.customer_id,
      (SELECT o.customer_id FROM ${messages} AS o WHERE o.phone_number_id = ${row}.phone_number_id AND o.message_id = ${row}.message_id), ${row}.peer_id))`;

  /** A look-up of rows in an index. In a plain join, a plan from an empty table could read the whole table later. */
  const each = (table: string, row: string, where: string): string =>
    `CROSS JOIN LATERAL (SELECT ${row}.* FROM ${table} AS ${row} WHERE ${where} OFFSET 0) AS ${row}`;

  /** Reads the messages of `page` with everything that belongs to them, as rows of JSON. */
  const withParts = (common: string, page: string): string => `WITH ${common}page AS MATERIALIZED (${page})
    SELECT 'message' AS part, p.message_id AS id, p.row_place::text, p.at_ms, p.at_place, to_jsonb(p)::text AS json FROM page AS p
    UNION ALL SELECT 'spelling', p.message_id, '0', NULL, NULL, to_jsonb(m)::text FROM page AS p
      ${each(messages, 'm', `${ofNumber('m')} = p.phone_number_id AND m.token = p.token`)}
      WHERE p.joined_id IS NOT NULL AND m.joined_id = p.message_id AND m.message_id <> p.message_id
    UNION ALL SELECT 'reaction', p.message_id, '0', NULL, NULL, to_jsonb(r)::text FROM page AS p
      ${each(`${prefix}reactions`, 'r', 'r.phone_number_id = p.phone_number_id AND r.message_id = p.message_id')}
    UNION ALL SELECT 'reaction', p.message_id, '0', NULL, NULL, to_jsonb(r)::text FROM page AS p
      ${each(`${prefix}reactions`, 'r', `${ofNumber('r')} = p.phone_number_id AND ${prefix}token_of(r.message_id) = p.token`)}
      WHERE r.message_id <> p.message_id AND ${ofSamePerson('r', 'p')} AND ${prefix}shown_id(p.phone_number_id, p.thread_id, r.message_id) = p.message_id
    UNION ALL SELECT 'quote', p.message_id, '0', NULL, NULL, to_jsonb(${prefix}shown_id(p.phone_number_id, p.thread_id, p.answers))::text
      FROM page AS p WHERE p.answers IS NOT NULL`;
  const pageOf = (where: string, direction: 'ASC' | 'DESC', limit: string): string =>
    `SELECT row_number() OVER () AS row_place, m.* FROM (SELECT m.*, ${position} FROM ${messages} AS m
      WHERE ${where} ORDER BY ${order(direction)} LIMIT ${limit}::text::bigint) AS m`;
  const bound = (comparison: '<' | '>', first: number): string =>
    `(${at}, ${place}, ${id}) ${comparison} (${instant(`$${String(first)}`)}, $${String(first + 1)}::text::bigint, $${String(first + 2)}::text)`;
  const shownIn = `${ofThread} AND ${isShown('m')}`;
  const conversation = (where: string): string =>
    `listed AS MATERIALIZED (SELECT c.*, row_number() OVER () AS row_place FROM (SELECT c.* FROM ${prefix}conversations AS c WHERE ${where}) AS c), `;
  const lastMessages = `SELECT c.row_place, m.*, ${milliseconds('c.last_at')} AS at_ms, c.thread_id AS at_place FROM listed AS c
    ${each(messages, 'm', 'm.phone_number_id = c.phone_number_id AND m.message_id = c.last_message_id')}`;
  const people = `UNION ALL SELECT 'person', c.last_message_id, '0', c.unread::text, c.thread_id, to_jsonb(p)::text FROM listed AS c
    CROSS JOIN LATERAL ${personIn(prefix, 'c')} AS p`;
  const threads = (where: string): string => `${withParts(conversation(where), lastMessages)} ${people}`;
  const target = `target AS MATERIALIZED (SELECT COALESCE(
      (SELECT COALESCE(m.joined_id, m.message_id) FROM ${messages} AS m WHERE m.phone_number_id = $1::text AND m.message_id = $2::text),
      (SELECT min(COALESCE(m.joined_id, m.message_id)) FROM ${messages} AS m WHERE ${ofNumber('m')} = $1::text AND m.token = ${prefix}token_of($2::text)
        HAVING count(DISTINCT COALESCE(m.joined_id, m.message_id)) = 1)) AS id)`;

  return { messages, position, thread, shownIn, bound, pageOf, each, withParts, threads, target, ofSamePerson };
}

/** Returns the statements of {@link readFunctions}. */
function pageStatements(prefix: string): Readonly<Record<ReadFunctionName, string>> {
  const { messages, position, thread, shownIn, bound, pageOf, each, withParts, threads, target } = statementParts(prefix);
  const pageIn = (where: string, direction: 'ASC' | 'DESC'): string => withParts(`${thread}, `, pageOf(where, direction, '$3'));
  const threadsIn = (where: string): string =>
    threads(
      `c.phone_number_id = $1::text AND c.last_at > '-infinity' ${where} ORDER BY c.last_at DESC, c.thread_id DESC LIMIT $2::text::bigint`,
    );
  return {
    messages_latest: pageIn(shownIn, 'DESC'),
    messages_before: pageIn(`${shownIn} AND ${bound('<', 4)}`, 'DESC'),
    messages_oldest: pageIn(shownIn, 'ASC'),
    messages_after: pageIn(`${shownIn} AND ${bound('>', 4)}`, 'ASC'),
    message: withParts(
      `${target}, `,
      `SELECT 1 AS row_place, m.*, ${position} FROM ${messages} AS m WHERE m.phone_number_id = $1::text AND m.message_id = (SELECT target.id FROM target)`,
    ),
    found: withParts(
      '',
      `SELECT s.row_place, m.*, ${position} FROM ${prefix}search($1::text, ${prefix}person_of($1::text, $2::text), $3::text, $4::text::bigint,
        ${instant('$5')}, $6::text::bigint, $7::text) WITH ORDINALITY AS s(id, row_place)
      ${each(messages, 'm', 'm.phone_number_id = $1::text AND m.message_id = s.id')}`,
    ),
    threads_first: threadsIn(''),
    threads_after: threadsIn(`AND (c.last_at, c.thread_id) < (${instant('$3')}, $4::text)`),
    thread: threads(`c.phone_number_id = $1::text AND c.thread_id = ${prefix}person_of($1::text, $2::text)`),
  };
}

/** Returns the statements that aren't functions. */
function otherStatements(prefix: string): Pick<ReadStatements, 'threadIds' | 'edits' | 'person' | 'numbers' | 'state' | 'erasures'> {
  const { messages, thread, target, ofSamePerson } = statementParts(prefix);
  return {
    threadIds: `SELECT c.thread_id FROM ${prefix}conversations AS c WHERE c.phone_number_id = $1::text AND c.thread_id > $2::text
      ORDER BY c.thread_id LIMIT $3::text::bigint`,
    edits: `WITH ${target}, shown AS (SELECT m.* FROM ${messages} AS m WHERE m.phone_number_id = $1::text AND m.message_id = (SELECT target.id FROM target))
      SELECT s.message_id AS id, to_jsonb(e)::text AS json FROM shown AS s
      JOIN ${prefix}edits AS e ON e.phone_number_id = s.phone_number_id AND e.message_id = s.message_id
      UNION ALL SELECT s.message_id, to_jsonb(e)::text FROM shown AS s
      JOIN ${prefix}edits AS e ON e.phone_number_id = s.phone_number_id AND ${prefix}token_of(e.message_id) = s.token AND e.message_id <> s.message_id
      WHERE ${ofSamePerson('e', 's')} AND ${prefix}shown_id(s.phone_number_id, s.thread_id, e.message_id) = s.message_id`,
    person: `WITH ${thread} SELECT thread.id AS thread_id,
        (SELECT to_jsonb(p)::text FROM (SELECT $1::text AS phone_number_id, thread.id AS thread_id) AS c CROSS JOIN LATERAL ${personIn(prefix, 'c')} AS p) AS json,
        (SELECT json_agg(member ORDER BY member <> thread.id, member COLLATE "C")::text FROM ${prefix}members_of($1::text, thread.id) AS member) AS ids
      FROM thread`,
    numbers: `SELECT DISTINCT c.phone_number_id FROM ${prefix}customers AS c`,
    state: `SELECT s.erasures::text AS erasures, s.digest_key FROM ${prefix}mirror_state AS s`,
    erasures: `SELECT f.digest, f.until_ms::text AS until_ms FROM ${prefix}forgotten AS f
      WHERE f.digest = ANY (ARRAY(SELECT jsonb_array_elements_text($1::text::jsonb)))`,
  };
}
