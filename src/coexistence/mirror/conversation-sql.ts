import type { ConversationRows, ConversationTableName } from './conversation-rows.js';
import { columnsOf, conversationTables, type ColumnType } from './conversation-tables.js';
import { jsonOf } from './merge-row.js';

/** The differences between databases. */
export interface SqlDialect {
  /** The SQL type of a column type. */
  readonly types: Readonly<Record<ColumnType, string>>;
  /** An SQL value that is less than all values of a column type. */
  readonly least: Readonly<Record<ColumnType, string>>;
}

/**
 * Converts `phoneNumberId` to `phone_number_id`.
 *
 * @param name - The name of a member.
 */
export function columnName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Returns the statement that creates a table.
 *
 * @param table - The table.
 * @param tableName - Its name in the database.
 * @param dialect - The SQL types.
 */
export function createTable(table: ConversationTableName, tableName: string, { types }: SqlDialect): string {
  const { key, types: columnTypes } = conversationTables[table];
  const isKey = (column: string): boolean => (key as readonly string[]).includes(column);
  const lines = Object.entries<ColumnType>(columnTypes).map(
    ([column, type]) => `  ${columnName(column)} ${types[type]}${isKey(column) ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${tableName} (\n${lines.join(',\n')},\n  PRIMARY KEY (${key.map(columnName).join(', ')})\n)`;
}

/**
 * Returns the start of an insert with the columns in the order of `columnsOf`.
 *
 * @param table - The table.
 * @param tableName - Its name in the database.
 */
export function insertInto(table: ConversationTableName, tableName: string): string {
  return `INSERT INTO ${tableName} AS known (${columnsOf(table).map(columnName).join(', ')})`;
}

/**
 * Returns the conflict clause of an insert. It implements the merge rule of `conversationTables` in SQL.
 *
 * @param table - The table.
 * @param dialect - The least values.
 * @param derived - Columns of the table that follow another column, by the name of that column.
 */
export function onConflict(
  table: ConversationTableName,
  { least }: SqlDialect,
  derived: Readonly<Partial<Record<string, readonly string[]>>> = {},
): string {
  const { key, groups, types } = conversationTables[table] as {
    readonly key: readonly string[];
    readonly groups: readonly { readonly order: readonly string[]; readonly columns: readonly string[]; readonly wins?: string }[];
    readonly types: Readonly<Record<string, ColumnType>>;
  };
  const values = (row: string, order: readonly string[]): string =>
    order.map((column) => `COALESCE(${row}.${columnName(column)}, ${least[types[column] ?? 'text']})`).join(', ');
  const isNext = groups.map(({ order, wins }) => {
    if (wins !== 'least') return `(${values('excluded', order)}) > (${values('known', order)})`;
    // A group with this rule has one column.
    const [column = ''] = order.map(columnName);
    return `(excluded.${column} < known.${column} OR (known.${column} IS NULL AND excluded.${column} IS NOT NULL))`;
  });
  const sets = groups.flatMap(({ columns }, index) =>
    columns
      .flatMap((column) => [columnName(column), ...(derived[column] ?? [])])
      .map((name) => `  ${name} = CASE WHEN ${isNext[index] ?? ''} THEN excluded.${name} ELSE known.${name} END`),
  );
  const conflict = `ON CONFLICT (${key.map(columnName).join(', ')}) DO UPDATE SET\n${sets.join(',\n')}`;
  // Skip the write if no column changes.
  return `${conflict}\nWHERE ${isNext.join('\n  OR ')}`;
}

/**
 * Returns the statement that creates the view of all links between IDs: the rows of `aliases`, and the links from
 * reports that contain only a phone number. Such a report concerns the person who had the number right before it. If an
 * ID has several links, the latest one applies.
 *
 * @param prefix - The prefix of the table names.
 * @param create - The start of the statement.
 */
export function createLinks(prefix: string, create: string): string {
  // The first message with new IDs can have the same second as the report, so an earlier owner takes precedence.
  const isBetter = `(other.first_at < report.reported_at, other.first_at, other.owner_id) > (owner.first_at < report.reported_at, owner.first_at, owner.owner_id)`;
  const sameNumber = (row: string): string => `${row}.phone_number_id = report.phone_number_id AND ${row}.customer_id = report.customer_id`;
  const isBefore = (row: string): string => `${row}.owner_id <> report.owner_id AND ${row}.first_at <= report.reported_at`;
  return `${create} ${prefix}links AS
  SELECT phone_number_id, customer_id, same_as, since FROM ${prefix}aliases
  UNION ALL
  SELECT owner.phone_number_id, owner.owner_id, report.owner_id, report.reported_at
  FROM ${prefix}owners AS report JOIN ${prefix}owners AS owner ON ${sameNumber('owner')} AND ${isBefore('owner')}
  WHERE report.reported_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ${prefix}owners AS other WHERE ${sameNumber('other')} AND ${isBefore('other')} AND ${isBetter}
  )`;
}

/**
 * Encodes a value for a database: strings without unsupported characters, JSON as a string, and times by `time`.
 *
 * @param value - The value.
 * @param type - The column type.
 * @param time - Encodes a time.
 */
export function encode<Time>(value: unknown, type: ColumnType, time: (date: Date) => Time): string | number | Time | null {
  if (value === undefined) return null;
  if (type === 'json') return cleanJson(jsonOf(value));
  if (value instanceof Date) return time(value);
  // All other values are strings because there are no other column types.
  return typeof value === 'number' ? value : cleanText(value as string);
}

/**
 * Replaces null characters and unpaired surrogates, which databases reject.
 *
 * @param text - The text.
 */
export function cleanText(text: string): string {
  // Check first because most texts contain none of these characters.
  return /[\0\ud800-\udfff]/.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, '\ufffd') : text;
}

/** Replaces the same characters inside JSON, where `JSON.stringify` escapes them. */
function cleanJson(json: string): string {
  return json.includes('\\u') ? json.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '\ufffd') : json;
}

/**
 * Returns the encoded values of a row in the order of `columnsOf`.
 *
 * @param table - The table.
 * @param row - The row.
 * @param time - Encodes a time.
 */
export function valuesOf<Table extends ConversationTableName, Time>(
  table: Table,
  row: ConversationRows[Table],
  time: (date: Date) => Time,
): (string | number | Time | null)[] {
  const { types } = conversationTables[table];
  return columnsOf(table).map((column) => encode(row[column], types[column], time));
}
