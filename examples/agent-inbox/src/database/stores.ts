import {
  postgresMirror,
  postgresOutbox,
  postgresStore,
  type PostgresMirror,
  type PostgresOutbox,
  type PostgresStore,
} from 'wa-coexist/postgres';
import type { Database } from './database.ts';
import { schema } from './schema.ts';

/** The library's tables. */
export abstract class Stores {
  /** The state of the receiver, the sender and the Coexistence modules. */
  abstract readonly store: PostgresStore;
  /** All conversations. */
  abstract readonly mirror: PostgresMirror;
  /** Replies of the bot, written in the transaction of the message that they reply to. */
  abstract readonly replies: PostgresOutbox;
  /** Messages of campaigns. They have their own table, so that replies don't wait behind them. */
  abstract readonly campaignMessages: PostgresOutbox;
}

/** Creates or upgrades all tables. Several processes can do this at the same time. */
export async function openStores(database: Database): Promise<Stores> {
  const stores: Stores = {
    store: postgresStore(database),
    mirror: postgresMirror(database),
    replies: postgresOutbox(database),
    campaignMessages: postgresOutbox(database, { prefix: 'campaign_' }),
  };
  for (const part of Object.values(stores) as { migrate(): Promise<void> }[]) await part.migrate();
  await database.transaction(async (transaction) => {
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('agent-inbox', 0))`);
    for (const statement of schema) await transaction.query(statement);
  });
  return stores;
}
