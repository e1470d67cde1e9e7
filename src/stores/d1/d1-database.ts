/** A value that D1 binds. */
export type D1Value = string | number | null | ArrayBuffer;

/** The part of a prepared statement of D1 that the store uses. */
export interface D1Statement {
  /** Sets the parameters. */
  bind(...values: D1Value[]): D1Statement;
  /** Runs the statement and returns its rows. */
  all(): Promise<{ readonly results: readonly Record<string, unknown>[] }>;
}

/** The part of a D1 database that the store uses, as a Worker receives it in `env`. */
export interface D1Database {
  /** Prepares a statement. */
  prepare(query: string): D1Statement;
  /** Runs all statements in one transaction. */
  batch(statements: D1Statement[]): Promise<readonly { readonly results: readonly Record<string, unknown>[] }[]>;
}
