import { Redis } from 'ioredis';
import { createClient } from 'wa-coexist';
import { createBullSender } from 'wa-coexist/bullmq';

/** One of the processes that send: started by main.ts. */

/** What it is told at its start. */
export interface Orders {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly graphUrl: string;
  /** The token of each number, by its Graph id. In a real one: your vault. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** What it tells: that it is there, and what became of a message that it had. */
export type News = { readonly type: 'ready' } | { readonly type: 'sent' | 'unknown'; readonly key: string } | { readonly type: 'settled' };

const tell = (news: News): void => {
  process.send?.(news);
};
process.once('message', ({ redisUrl, prefix, graphUrl, tokens }: Orders) => {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const client = createClient({ baseUrl: graphUrl, accessToken: ({ phoneNumberId }) => tokens[phoneNumberId ?? ''] });
  // Two numbers at a time, so that all processes have some.
  const sender = createBullSender({ client, throughput: 'coexistence', connection, prefix, numbers: 2 });
  sender.on('sent', ({ key = '' }) => {
    tell({ type: 'sent', key });
  });
  sender.on('unknown', ({ key = '' }) => {
    tell({ type: 'unknown', key });
  });
  sender.on('settled', () => {
    tell({ type: 'settled' });
  });
  process.once('SIGTERM', () => {
    void sender
      .close()
      .then(() => connection.quit())
      .then(() => {
        process.disconnect();
      });
  });
  tell({ type: 'ready' });
});
