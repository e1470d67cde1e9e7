import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { D1Database, D1Statement, D1Value } from 'wa-coexist/d1';

/** D1 on node:sqlite: asynchronous, with atomic batches, and blobs that are returned as lists of numbers. */
export function d1Shim(schema: string): D1Database {
  const database = new DatabaseSync(':memory:');
  database.exec(schema);
  const queries = new WeakMap<D1Statement, () => { readonly results: readonly Record<string, unknown>[] }>();
  const statement = (query: string, values: readonly D1Value[]): D1Statement => {
    const run = (): { readonly results: readonly Record<string, unknown>[] } => {
      // D1 limits a query to 100 bound parameters.
      if (values.length > 100) throw new Error('D1_ERROR: too many SQL variables');
      const bound = values.map((value): SQLInputValue => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
      const rows = database.prepare(query).all(...bound);
      return {
        results: rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value])),
        ),
      };
    };
    const made: D1Statement = {
      bind: (...bound) => statement(query, bound),
      all: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return run();
      },
    };
    queries.set(made, run);
    return made;
  };
  return {
    prepare: (query) => statement(query, []),
    batch: async (list) => {
      await new Promise((resolve) => setImmediate(resolve));
      database.exec('BEGIN');
      try {
        const results = list.map((one) => queries.get(one)?.() ?? { results: [] });
        database.exec('COMMIT');
        return results;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
