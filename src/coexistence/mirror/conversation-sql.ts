import type { ConversationRows, ConversationTableName } from './conversation-rows.js';
import { columnsOf, conversationTables, type ColumnType } from './conversation-tables.js';
import { jsonOf } from './merge-row.js';

/** What databases write differently. */
export interface SqlDialect {
  /** The type of a column. */
  readonly types: Readonly<Record<ColumnType, string>>;
  /** A value that is less than every value of a type. */
  readonly least: Readonly<Record<ColumnType, string>>;
}

/** `phoneNumberId` → `phone_number_id`. */
export function columnName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The statement that makes a table. */
export function createTable(table: ConversationTableName, tableName: string, { types }: SqlDialect): string {
  const { key, types: columnTypes } = conversationTables[table];
  const isKey = (column: string): boolean => (key as readonly string[]).includes(column);
  const lines = Object.entries<ColumnType>(columnTypes).map(
    ([column, type]) => `  ${columnName(column)} ${types[type]}${isKey(column) ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${tableName} (\n${lines.join(',\n')},\n  PRIMARY KEY (${key.map(columnName).join(', ')})\n)`;
}

/** The head of an insert: the table and its columns, in the order of `columnsOf`. */
export function insertInto(table: ConversationTableName, tableName: string): string {
  return `INSERT INTO ${tableName} AS known (${columnsOf(table).map(columnName).join(', ')})`;
}

/** What an insert does where the row is there already: the rule of the tables in SQL. */
export function onConflict(table: ConversationTableName, { least }: SqlDialect): string {
  const { key, groups, types } = conversationTables[table] as {
    readonly key: readonly string[];
    readonly groups: readonly { readonly order: readonly string[]; readonly columns: readonly string[] }[];
    readonly types: Readonly<Record<string, ColumnType>>;
  };
  const values = (row: string, order: readonly string[]): string =>
    order.map((column) => `COALESCE(${row}.${columnName(column)}, ${least[types[column] ?? 'text']})`).join(', ');
  const isGreater = groups.map(({ order }) => `(${values('excluded', order)}) > (${values('known', order)})`);
  const sets = groups.flatMap(({ columns }, index) =>
    columns.map((column) => {
      const name = columnName(column);
      return `  ${name} = CASE WHEN ${isGreater[index] ?? ''} THEN excluded.${name} ELSE known.${name} END`;
    }),
  );
  const conflict = `ON CONFLICT (${key.map(columnName).join(', ')}) DO UPDATE SET\n${sets.join(',\n')}`;
  // Nothing is written where nothing changes.
  return `${conflict}\nWHERE ${isGreater.join('\n  OR ')}`;
}

/** A value as a database takes it: texts without what databases refuse, JSON as a text, times by `time`. */
export function encode<Time>(value: unknown, type: ColumnType, time: (date: Date) => Time): string | number | Time | null {
  if (value === undefined) return null;
  if (type === 'json') return cleanJson(jsonOf(value));
  if (value instanceof Date) return time(value);
  // What is neither is a text: there are no other types of columns.
  return typeof value === 'number' ? value : cleanText(value as string);
}

/** A text without zeros and halves of characters. */
export function cleanText(text: string): string {
  // The quick question first: whether there is any half, or half of a pair.
  return /[\0\ud800-\udfff]/.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, '\ufffd') : text;
}

/** The same inside JSON, where `JSON.stringify` has written them as escapes. */
function cleanJson(json: string): string {
  return json.includes('\\u') ? json.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '\ufffd') : json;
}

/** The values of a row in the order of `columnsOf`, as a database takes them. */
export function valuesOf<Table extends ConversationTableName, Time>(
  table: Table,
  row: ConversationRows[Table],
  time: (date: Date) => Time,
): (string | number | Time | null)[] {
  const { types } = conversationTables[table];
  return columnsOf(table).map((column) => encode(row[column], types[column], time));
}
