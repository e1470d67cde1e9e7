import { Logger } from '@nestjs/common';
import { Client, Pool, type ClientBase } from 'pg';
import type { Database, Queries } from './database.ts';

const logger = new Logger('Database');
const reconnectMs = 1_000;

/** A PostgreSQL server, with a pool of connections. */
export function openPostgresServer(connectionString: string): Database {
  const pool = new Pool({ connectionString });
  pool.on('error', (error) => {
    logger.warn(`An idle connection failed: ${error.message}`);
  });
  const listeners = new Set<() => Promise<void>>();
  return {
    ...queries(pool),
    transaction: async (run) => {
      const connection = await pool.connect();
      try {
        await connection.query('BEGIN');
        const result = await run(queries(connection));
        await connection.query('COMMIT');
        connection.release();
        return result;
      } catch (error) {
        // A rollback could fail, too. A closed connection rolls back in any case.
        connection.release(true);
        throw error;
      }
    },
    listen: async (channel, onMessage, onGap) => {
      const listener = await startListener(connectionString, channel, onMessage, onGap);
      listeners.add(listener);
    },
    close: async () => {
      await Promise.all([...listeners].map((stop) => stop()));
      await pool.end();
    },
  };
}

function queries(connection: Pool | ClientBase): Queries {
  return {
    // The caller names the type of the rows, as with pg itself.
    query: async <Row>(text: string, values: (string | null)[] = []) => ({ rows: (await connection.query(text, values)).rows as Row[] }),
  };
}

/** Listens on its own connection, and connects again if it breaks. Returns a function that stops it. */
async function startListener(
  connectionString: string,
  channel: string,
  onMessage: (payload: string) => void,
  onGap: () => void,
): Promise<() => Promise<void>> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let client: Client;
  const connect = async (): Promise<void> => {
    client = new Client({ connectionString, keepAlive: true });
    client.on('notification', ({ payload = '' }) => {
      onMessage(payload);
    });
    client.on('error', (error) => {
      logger.warn(`The connection for notifications failed: ${error.message}`);
    });
    client.once('end', connectLater);
    await client.connect();
    await client.query(`LISTEN ${channel}`);
  };
  const connectLater = (): void => {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      void connect().then(onGap, connectLater);
    }, reconnectMs);
  };
  await connect();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client.end();
  };
}
