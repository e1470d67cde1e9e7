import { randomUUID } from 'node:crypto';
import { describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import {
  checkDatabase,
  checkPrefix,
  migrationOf,
  type PostgresDatabase,
  type PostgresNames,
} from '../../stores/postgres/postgres-database.js';
import { runStatement } from '../../stores/postgres/run-statement.js';
import type { EnqueueOptions } from '../send-options.js';

/** The part of a sender that the outbox uses. */
export interface OutboxSender {
  /** Stores a message for sending. Resolves with its ID. */
  enqueue(message: OutgoingMessage, options?: EnqueueOptions): Promise<string>;
}

/** Options of {@link PostgresOutbox.relayTo}. */
export interface OutboxRelayOptions {
  /** Milliseconds between two checks of the table. @defaultValue 500 */
  readonly intervalMs?: number | undefined;
  /** @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Logs failed checks and messages that break a rule. @defaultValue warnings on stderr */
  readonly logger?: Logger | undefined;
}

/** Moves committed messages to a sender, from {@link PostgresOutbox.relayTo}. */
export interface OutboxRelay extends AsyncDisposable {
  /** Moves all messages that are ready. Returns their number. */
  relayNow(): Promise<number>;
  /** Waits for the current check and stops. */
  close(): Promise<void>;
}

/** Messages that become sends when your transaction commits, from {@link postgresOutbox}. */
export interface PostgresOutbox {
  /** Creates or upgrades the table. */
  migrate(): Promise<void>;
  /**
   * Writes a message inside your transaction. A sender receives it after the commit. A rollback discards it.
   *
   * @param transaction - The connection of your transaction.
   * @param message - The message.
   * @param options - Options of `sender.enqueue`. @defaultValue a random `key`
   * @returns the key of the send
   */
  enqueue(transaction: PostgresDatabase, message: OutgoingMessage, options?: EnqueueOptions): Promise<string>;
  /**
   * Moves committed messages to the outbox of a sender, in the order of `enqueue` for each recipient. Start it in any
   * number of processes. The sender needs a store, and the key of each message prevents a second send.
   *
   * @param sender - A sender with a store.
   * @param options - The interval, the clock and the logger.
   */
  relayTo(sender: OutboxSender, options?: OutboxRelayOptions): OutboxRelay;
}

/** How long a crashed process keeps its messages. */
const leaseSeconds = 30;
const batchSize = 100;

/**
 * Returns the SQL that creates or upgrades the table and the function of {@link postgresOutbox}, as one statement.
 *
 * @param options - The prefix of all names.
 * @throws `InvalidArgumentError` if the prefix isn't a plain name
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { outboxMigration } from 'wa-coexist/postgres';
 *
 * writeFileSync('migrations/003-wa-outbox.sql', outboxMigration());
 * ```
 */
export function outboxMigration({ prefix = 'wa_' }: PostgresNames = {}): string {
  const table = `${checkPrefix('outboxMigration', prefix)}outbox`;
  // The lock serializes this function, so each process sees the leases of the others.
  const take = `CREATE OR REPLACE FUNCTION ${table}_take() RETURNS TABLE (id bigint, send text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('${table}', 0));
  RETURN QUERY UPDATE ${table} AS o SET leased_until = clock_timestamp() + interval '${String(leaseSeconds)} seconds'
    WHERE o.id IN (
      SELECT ready.id FROM ${table} AS ready
      WHERE ready.leased_until <= clock_timestamp() AND ready.failure IS NULL AND NOT EXISTS (
        SELECT FROM ${table} AS earlier WHERE earlier.recipient = ready.recipient AND earlier.id < ready.id
          AND earlier.leased_until > clock_timestamp() AND earlier.failure IS NULL
      ) ORDER BY ready.id LIMIT ${String(batchSize)}
    ) RETURNING o.id, o.send;
END
$$`;
  const statements = [
    `CREATE TABLE IF NOT EXISTS ${table} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      recipient text NOT NULL,
      send text NOT NULL,
      leased_until timestamptz NOT NULL DEFAULT '-infinity',
      failure text
    )`,
    `CREATE INDEX IF NOT EXISTS ${table}_by_recipient ON ${table} (recipient, id)`,
    take,
  ];
  return migrationOf(prefix, 'outbox', [{ version: 1, statements }]);
}

/**
 * Creates an outbox for your own transactions: you write a message together with your own rows, and a sender receives
 * it after the commit. If the transaction is rolled back, the message is never sent.
 *
 * @param db - Your database: an object with `query(text, values)`.
 * @param options - The prefix of the table.
 * @throws `InvalidArgumentError` if the database has no `query` method
 *
 * @example
 * ```ts
 * import { Pool } from 'pg';
 * import { createClient, createSender } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 * import { postgresOutbox, postgresStore } from 'wa-coexist/postgres';
 *
 * const pool = new Pool();
 * const outbox = postgresOutbox(pool);
 * await outbox.migrate();
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * outbox.relayTo(createSender({ client, throughput: 'coexistence', store: postgresStore(pool) }));
 *
 * const transaction = await pool.connect();
 * await transaction.query('BEGIN');
 * await transaction.query('UPDATE orders SET state = $1 WHERE id = $2', ['ready', '4711']);
 * await outbox.enqueue(transaction, { to: '15550100987', ...text('Your order is ready') }, { key: 'ready-4711' });
 * await transaction.query('COMMIT');
 * transaction.release();
 * ```
 */
export function postgresOutbox(db: PostgresDatabase, options: PostgresNames = {}): PostgresOutbox {
  return readOptions('postgresOutbox', options, ({ prefix = 'wa_' }) => {
    checkDatabase('postgresOutbox', db);
    const table = `${checkPrefix('postgresOutbox', prefix)}outbox`;
    return {
      migrate: async () => {
        await runStatement(db, outboxMigration({ prefix }), [], 'write');
      },
      enqueue: async (transaction, message, enqueueOptions = {}) => {
        checkDatabase('enqueue', transaction);
        const { key = randomUUID(), expiresAt, notBefore, ...others } = enqueueOptions;
        const send: StoredSend = {
          message,
          options: { ...others, key, ...time('expiresAt', expiresAt), ...time('notBefore', notBefore) },
        };
        const recipient = message.to ?? message.recipient;
        if (recipient === undefined)
          throw new InvalidArgumentError(
            'enqueue',
            'message',
            `must have a recipient in to or recipient, but is ${describeValue(message)}`,
          );
        const text = `INSERT INTO ${table} (recipient, send) VALUES ($1::text, $2::text)`;
        await runStatement(transaction, text, [recipient, JSON.stringify(send)], 'write');
        return key;
      },
      relayTo: (sender, relayOptions = {}) => startRelay(db, table, sender, relayOptions),
    };
  });
}

/** A row of the table, as JSON. */
interface StoredSend {
  readonly message: OutgoingMessage;
  readonly options: EnqueueOptions & { readonly key: string };
}

function time<Name extends string>(name: Name, value: Date | number | undefined): Partial<Record<Name, number>> {
  // The member has the name of the type.
  return value === undefined ? {} : ({ [name]: Number(value) } as Record<Name, number>);
}

function startRelay(
  db: PostgresDatabase,
  table: string,
  sender: OutboxSender,
  { intervalMs = 500, clock = systemClock, logger: given }: OutboxRelayOptions,
): OutboxRelay {
  const logger = resolveLogger(given);
  let isClosed = false;
  let cancel: () => void = () => undefined;
  let looking: Promise<number> = Promise.resolve(0);

  /**
   * Returns the error of a message that breaks a rule. Other errors leave the message in the table for the next check.
   */
  const pass = async ({ message, options }: StoredSend): Promise<string | undefined> => {
    try {
      await sender.enqueue(message, options);
      return undefined;
    } catch (error) {
      if (error instanceof NotSentError || !(error instanceof Error)) throw error;
      logger.error('outbox.message_invalid', { key: options.key, error });
      return error.message;
    }
  };
  const relayBatch = async (): Promise<number> => {
    const rows = await runStatement(db, `SELECT t.id::text AS id, t.send FROM ${table}_take() AS t ORDER BY t.id`, [], 'write');
    const done: string[] = [];
    try {
      for (const row of rows) {
        // The table contains only JSON of this type.
        const failure = await pass(JSON.parse(String(row['send'])) as StoredSend);
        if (failure === undefined) done.push(String(row['id']));
        else
          await runStatement(
            db,
            `UPDATE ${table} SET failure = $2::text WHERE id = $1::text::bigint`,
            [String(row['id']), failure],
            'write',
          );
      }
    } finally {
      const text = `DELETE FROM ${table} WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::text::jsonb)::bigint))`;
      if (done.length > 0) await runStatement(db, text, [JSON.stringify(done)], 'write');
    }
    return rows.length;
  };
  const relayAll = async (): Promise<number> => {
    let sum = 0;
    for (let count = batchSize; count === batchSize && !isClosed; sum += count) count = await relayBatch();
    return sum;
  };
  const relayNow = (): Promise<number> => (looking = looking.catch(() => 0).then(relayAll));
  const lookLater = (): void => {
    if (isClosed) return;
    cancel = clock.schedule(
      () => {
        void relayNow()
          .catch((error: unknown) => {
            logger.error('outbox.relay_failed', { error });
          })
          .finally(lookLater);
      },
      intervalMs,
      { background: true },
    );
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    cancel();
    await looking.catch(() => 0);
  };
  lookLater();
  return { relayNow, close, [Symbol.asyncDispose]: close };
}
