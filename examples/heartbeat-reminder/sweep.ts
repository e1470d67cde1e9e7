import { createCoexistence, type Client } from 'wa-coexist';
import { type ImportParameters } from 'wa-coexist/coexistence';
import { sqliteStore } from 'wa-coexist/sqlite';

/** One run of the job. */
export interface Run {
  readonly client: Client;
  /** The SQLite file that the receiver of webhooks uses as well, so that what it saw of the app counts. */
  readonly file: string;
  readonly number: ImportParameters;
  /** Whether somebody opened the app on the phone and said so. */
  readonly appOpened: boolean;
  /** Gets a reminder: send a mail, ring somebody. While it throws, the reminder stays due. */
  readonly remind: (text: string) => void | Promise<void>;
}

/**
 * Starts, tells what became due since the last run, and ends. Each reminder comes once, however often the job runs and on however many
 * machines, since the store says what was told.
 */
export async function sweep({ client, file, number, appOpened, remind }: Run): Promise<void> {
  const { clock } = client;
  await using store = sqliteStore({ file, clock });
  await using coexistence = createCoexistence({ client, store, saveToken: () => undefined, sweepIntervalMs: false });
  coexistence.on('heartbeat.due', async ({ stage, overdueAt, probe }) => {
    const link = probe?.linked === false ? 'the link is gone' : `by ${overdueAt.toISOString().slice(0, 10)} the link is lost`;
    await remind(`opening the app is ${stage}: ${link}`);
  });
  coexistence.on('lifecycle.changed', async ({ status }) => {
    if (status === 'disconnected') await remind('the number is off the API: only another signup brings it back');
  });
  coexistence.on('token.expiring', async ({ expiresAt, isAssumed }) => {
    await remind(`the token ${isAssumed ? 'usually ends' : 'ends'} on ${expiresAt.toISOString().slice(0, 10)}`);
  });

  await coexistence.onboarding.import(number); // A number that the store knows stays as it is.
  if (appOpened) await coexistence.heartbeat.recordAppOpened(number);
  await coexistence.sweep();
}
