import { columnName } from './conversation-sql.js';
import { columnsOf, conversationTables, type ColumnType } from './conversation-tables.js';
import type { ConversationTableName } from './conversation-rows.js';
import { contentRanks, originRanks } from './ranks.js';

const types: Readonly<Record<ColumnType, string>> = { text: 'text COLLATE "C"', integer: 'bigint', time: 'timestamptz', json: 'jsonb' };
const returned: Readonly<Record<ColumnType, string>> = { ...types, text: 'text' };

/**
 * Returns the statements that upgrade tables of an earlier version. They add missing columns and compute the tokens of
 * stored messages. They have no effect on current tables.
 *
 * @param prefix - The prefix of the table names.
 * @param tables - The tables.
 */
export function postgresMigration(prefix: string, tables: readonly ConversationTableName[]): readonly string[] {
  const steps = tables.flatMap((table) =>
    columnsOf(table).map((column) => {
      const type = types[typeOf(table, column)];
      const isKey = (conversationTables[table].key as readonly string[]).includes(column);
      return isKey ? [] : [{ table: `${prefix}${table}`, column: columnName(column), type }];
    }),
  );
  const additions = steps.flat().map(({ table, column, type }) => {
    const fill = column === 'token' ? ` UPDATE ${table} SET token = ${prefix}token_of(message_id);` : '';
    return `  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = '${column}' AND NOT attisdropped) THEN
    ALTER TABLE ${table} ADD COLUMN ${column} ${type};${fill}
  END IF;`;
  });
  return [tokenOf(prefix), `DO $$ BEGIN\n${additions.join('\n')}\nEND $$`];
}

/**
 * Returns the functions that merge the rows of a message that Meta reported under several wamids.
 *
 * @param prefix - The prefix of the table names.
 */
export function postgresJoins(prefix: string): readonly string[] {
  return [
    peerOf(prefix),
    peerIdOf(prefix),
    sameMessage(prefix),
    membersOf(prefix),
    joined(prefix),
    messageOf(prefix),
    conversation(prefix),
    reactionsOf(prefix),
    editsOf(prefix),
  ];
}

const peer = `convert_from(substr(bytes, 4, peer_end - 3), 'SQL_ASCII')`;

/**
 * Returns a function that parses a wamid like `parseMessageId`. It calls no other function of the schema, because
 * PostgreSQL doesn't find them when it builds an index.
 */
function partOf(prefix: string, name: 'token' | 'peer' | 'peer_id', result: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}${name}_of(of_message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  digits text := rtrim(translate(substr(of_message, 7), '-_', '+/'), '=');
  bytes bytea;
  peer_end int;
  token_end int;
BEGIN
  IF of_message IS NULL OR length(of_message) > 1000 OR of_message !~ '^wamid\\.[A-Za-z0-9+/_-]+={0,2}$' OR length(digits) % 4 = 1 THEN
    RETURN NULL;
  END IF;
  bytes := decode(digits || repeat('=', (4 - length(digits) % 4) % 4), 'base64');
  IF length(bytes) < 3 OR get_byte(bytes, 0) <> 28 OR get_byte(bytes, 1) <> 24 THEN RETURN NULL; END IF;
  peer_end := 3 + get_byte(bytes, 2);
  IF length(bytes) < peer_end + 6 OR peer_end = 3 OR peer_end > 130 OR get_byte(bytes, peer_end) <> 21 OR get_byte(bytes, peer_end + 2) <> 0
    OR get_byte(bytes, peer_end + 3) NOT IN (17, 18) OR get_byte(bytes, peer_end + 4) <> 24 THEN RETURN NULL; END IF;
  token_end := peer_end + 6 + get_byte(bytes, peer_end + 5);
  IF length(bytes) <> token_end + 1 OR token_end = peer_end + 6 OR token_end > peer_end + 133 OR get_byte(bytes, token_end) <> 0 THEN
    RETURN NULL;
  END IF;
  FOR place IN 3 .. token_end - 1 LOOP
    IF (place < peer_end OR place > peer_end + 5) AND get_byte(bytes, place) NOT BETWEEN 32 AND 126 THEN RETURN NULL; END IF;
  END LOOP;
  RETURN ${result};
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$`;
}

function tokenOf(prefix: string): string {
  return partOf(prefix, 'token', `convert_from(substr(bytes, peer_end + 7, token_end - peer_end - 6), 'SQL_ASCII')`);
}

function peerOf(prefix: string): string {
  return partOf(prefix, 'peer', peer);
}

/** Returns the function for the ID of the person in a wamid, as `customerIdsOf` compares phone numbers by default. */
function peerIdOf(prefix: string): string {
  const brazil = `regexp_replace(ltrim(${peer}, '+'), '^55([1-9]{2})9([6-9][0-9]{7})$', '55\\1\\2')`;
  return partOf(prefix, 'peer_id', `regexp_replace(${brazil}, '^(52)1([0-9]{10})$|^(54)9([0-9]{10})$', '\\1\\2\\3\\4')`);
}

/**
 * Returns the function that decides whether two wamids with the same token may belong to one message. They do if they
 * contain the same peer, or a number and a user ID.
 */
function sameMessage(prefix: string): string {
  const number = (wamid: string): string => `${prefix}peer_id_of(${wamid})`;
  return `CREATE OR REPLACE FUNCTION ${prefix}same_message(one text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN ${number('one')} = ${number('other')} THEN true
    ELSE (${prefix}peer_of(one) ~ '^\\+?[0-9]+$') <> (${prefix}peer_of(other) ~ '^\\+?[0-9]+$') END
$$`;
}

function membersOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}members_of(of_number text, of_customer text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE members (id) AS (
    SELECT ${prefix}thread_of(of_number, of_customer) COLLATE "C"
    UNION
    SELECT link.customer_id FROM members
    JOIN ${prefix}links AS link ON link.phone_number_id = of_number AND link.same_as = members.id
    WHERE ${prefix}link_of(of_number, link.customer_id) = members.id
  )
  SELECT id FROM members
$$`;
}

/** Returns the function that implements `onlyMessageId` in SQL. */
function joined(prefix: string): string {
  const isMember = isMemberOf(prefix);
  return joinFunction(prefix, `${prefix}joined(of_number text, of_customer text)`, [
    `m.phone_number_id = of_number AND ${isMember('m.customer_id')}`,
    `m.phone_number_id = of_number AND m.customer_id IS NULL AND ${isMember(`${prefix}peer_id_of(m.message_id)`)}`,
  ]);
}

/** Returns the condition that an ID belongs to the person of a conversation. */
function isMemberOf(prefix: string): (id: string) => string {
  return (id) => `${id} IN (SELECT ${prefix}members_of(of_number, of_customer) COLLATE "C")`;
}

/**
 * Returns a function that implements `onlyMessageId` for some messages of a number.
 *
 * @param prefix - The prefix of the table names.
 * @param head - The name and the parameters. The first parameter is `of_number`.
 * @param conditions - Each of them selects messages `m`. Messages don't fulfill several of them.
 */
export function joinFunction(prefix: string, head: string, conditions: readonly string[]): string {
  const sent = String(contentRanks.sent);
  const past = String(contentRanks.history);
  const historyMedia = String(originRanks.historyMedia);
  const isFromMeta = (row: string): string => `COALESCE(${row}.content_rank, ${sent}) <> ${sent}`;
  const isContent = (row: string): string => `COALESCE(${row}.content_rank, 0) >= ${past}`;
  const bothFromMeta = `${isFromMeta('one')} AND ${isFromMeta('other')}`;
  const own = `SELECT m.message_id, m.token, m.direction, m.type, m.text, m.occurred_at, m.content_rank, m.origin_rank,
      m.content_rank IS NOT NULL OR COALESCE(m.origin_rank, 0) >= ${historyMedia} AS is_copy
    FROM ${prefix}messages AS m`;
  const blank = `E' \\t\\n\\r\\f\\v'`;
  return `CREATE OR REPLACE FUNCTION ${head} RETURNS TABLE (message_id text, token text, joined_id text)
LANGUAGE sql STABLE AS $$
  WITH own AS MATERIALIZED (
    ${conditions.map((condition) => `${own} WHERE ${condition}`).join('\n    UNION ALL ')}
  ), several AS (
    SELECT own.token, bool_or(own.is_copy) AS has_copy FROM own WHERE own.token IS NOT NULL GROUP BY own.token HAVING count(*) > 1
  ), candidates AS (
    SELECT own.* FROM own JOIN several USING (token) WHERE own.is_copy OR NOT several.has_copy
  ), ambiguous AS (
    SELECT one.token FROM candidates AS one JOIN candidates AS other ON one.token = other.token AND one.message_id < other.message_id
    CROSS JOIN LATERAL (SELECT
      ${bothFromMeta} AS are_from_meta,
      one.occurred_at IS NULL OR other.occurred_at IS NULL OR one.occurred_at = other.occurred_at AS has_same_time,
      COALESCE(${prefix}same_message(one.message_id, other.message_id), false) AS is_same_id,
      one.text IS NOT NULL AND other.text IS NOT NULL
        AND (one.type IS DISTINCT FROM other.type OR btrim(one.text, ${blank}) <> btrim(other.text, ${blank})) AS has_other_text,
      ${isContent('one')} AND ${isContent('other')} AND one.type IS DISTINCT FROM other.type AS has_other_type
    ) AS pair
    WHERE one.direction <> other.direction
      OR NOT pair.is_same_id AND NOT (pair.are_from_meta AND pair.has_same_time)
      OR (pair.has_other_text OR pair.are_from_meta AND pair.has_other_type)
        AND NOT (pair.are_from_meta AND pair.has_same_time AND pair.is_same_id)
  ), firsts AS (
    SELECT DISTINCT ON (c.token) c.token, c.message_id FROM candidates AS c
    WHERE NOT EXISTS (SELECT FROM ambiguous WHERE ambiguous.token = c.token)
    ORDER BY c.token, c.content_rank DESC NULLS LAST, c.origin_rank DESC NULLS LAST, c.message_id
  )
  SELECT own.message_id, own.token, COALESCE(firsts.message_id, own.message_id) FROM own LEFT JOIN firsts ON firsts.token = own.token
$$`;
}

/** Returns the common tables that {@link resolved} needs. */
function joinedRows(prefix: string): string {
  return `joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.token COLLATE "C" AS token, j.joined_id COLLATE "C" AS joined_id
    FROM ${prefix}joined(of_number, of_customer) AS j
  ), only_one AS MATERIALIZED (
    SELECT token, min(joined_id) AS joined_id FROM joined WHERE token IS NOT NULL GROUP BY token HAVING count(DISTINCT joined_id) = 1
  )`;
}

/** Returns the expression for the stored message of a wamid: the exact message, or the only message with its token. */
function resolved(prefix: string, wamid: string): string {
  return `COALESCE(
    (SELECT joined.joined_id FROM joined WHERE joined.message_id = ${wamid}),
    (SELECT m.message_id FROM ${prefix}messages AS m WHERE m.phone_number_id = of_number AND m.message_id = ${wamid}),
    (SELECT only_one.joined_id FROM only_one WHERE only_one.token = ${prefix}token_of(${wamid})),
    ${wamid})`;
}

function messageOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}message_of(of_number text, of_customer text, of_message text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH ${joinedRows(prefix)}
  SELECT ${resolved(prefix, 'of_message')}
$$`;
}

function conversation(prefix: string): string {
  const columns = columnsOf('messages').filter((column) => column !== 'phoneNumberId' && column !== 'messageId');
  const merged = columns.map((column) => `${best('messages', column)} AS ${columnName(column)}`);
  const selected = columns.map((column) => (column === 'answers' ? resolved(prefix, 'one.answers') : `one.${columnName(column)}`));
  return `${functionOf(prefix, 'conversation', 'messages', ['phoneNumberId', 'messageId', ...columns])}
  WITH ${joinedRows(prefix)}, one AS (
    SELECT joined.joined_id, ${merged.join(',\n      ')}
    FROM joined JOIN ${prefix}messages AS m ON m.phone_number_id = of_number AND m.message_id = joined.message_id
    GROUP BY joined.joined_id
  )
  SELECT of_number, one.joined_id, ${selected.join(', ')} FROM one WHERE one.customer_id IS NOT NULL
$$`;
}

/** Returns the condition for reactions and edits of a person. If the webhook named nobody, the wamid decides. */
function isOfPerson(prefix: string, row: string): string {
  return isMemberOf(prefix)(`COALESCE(${row}.customer_id, ${prefix}peer_id_of(${row}.message_id))`);
}

function reactionsOf(prefix: string): string {
  const columns = columnsOf('reactions').filter((column) => !['phoneNumberId', 'messageId', 'reactor'].includes(column));
  const merged = columns.map((column) => best('reactions', column));
  return `${functionOf(prefix, 'reactions_of', 'reactions', ['phoneNumberId', 'messageId', 'reactor', ...columns])}
  WITH ${joinedRows(prefix)}, m AS (
    SELECT ${resolved(prefix, 'r.message_id')} AS joined_id, r.* FROM ${prefix}reactions AS r
    WHERE r.phone_number_id = of_number AND (${isOfPerson(prefix, 'r')}
      OR r.message_id IN (SELECT joined.message_id FROM joined))
  )
  SELECT of_number, m.joined_id, m.reactor, ${merged.join(', ')} FROM m GROUP BY m.joined_id, m.reactor
$$`;
}

function editsOf(prefix: string): string {
  const columns = columnsOf('edits').filter((column) => !['phoneNumberId', 'editId', 'messageId'].includes(column));
  return `${functionOf(prefix, 'edits_of', 'edits', ['phoneNumberId', 'editId', 'messageId', ...columns])}
  WITH ${joinedRows(prefix)}, m AS (
    SELECT ${resolved(prefix, 'e.message_id')} AS joined_id, COALESCE(${prefix}token_of(e.edit_id), e.edit_id) AS edit_token, e.*
    FROM ${prefix}edits AS e
    WHERE e.phone_number_id = of_number AND (${isOfPerson(prefix, 'e')}
      OR e.message_id IN (SELECT joined.message_id FROM joined))
  )
  SELECT DISTINCT ON (m.joined_id, m.edit_token, m.edited_text, m.edited_at)
    of_number, m.edit_id, m.joined_id, ${columns.map((column) => `m.${columnName(column)}`).join(', ')}
  FROM m ORDER BY m.joined_id, m.edit_token, m.edited_text, m.edited_at, m.edit_rank DESC NULLS LAST, m.edit_id
$$`;
}

function functionOf(prefix: string, name: string, table: ConversationTableName, columns: readonly string[]): string {
  const outputs = columns.map((column) => `${columnName(column)} ${returned[typeOf(table, column)]}`);
  return `CREATE OR REPLACE FUNCTION ${prefix}${name}(of_number text, of_customer text) RETURNS TABLE (${outputs.join(', ')})
LANGUAGE sql STABLE AS $$`;
}

/**
 * Returns the aggregate that selects a column from the most reliable row `m`, like `mergeConversationRow`.
 *
 * @param table - The table.
 * @param column - The member of the row.
 */
export function best(table: ConversationTableName, column: string): string {
  const groups: readonly { readonly order: readonly string[]; readonly columns: readonly string[] }[] = conversationTables[table].groups;
  const order = groups.find(({ columns }) => columns.includes(column))?.order ?? [];
  return `(array_agg(m.${columnName(column)} ORDER BY ${order.map((by) => `m.${columnName(by)} DESC NULLS LAST`).join(', ')}))[1]`;
}

function typeOf(table: ConversationTableName, column: string): ColumnType {
  const columnTypes: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  return columnTypes[column] ?? 'text';
}
