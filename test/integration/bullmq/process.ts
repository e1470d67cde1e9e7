import { Redis } from 'ioredis';
import { createClient } from 'wa-coexist';
import { createBullSender } from 'wa-coexist/bullmq';

/** A process that sends, and queues messages on request. */

/** Commands to a process. */
export type Order =
  | { readonly type: 'enqueue'; readonly items: readonly { readonly from: string; readonly to: string; readonly text: string }[] }
  | { readonly type: 'send'; readonly from: string; readonly to: string; readonly text: string; readonly key?: string }
  | { readonly type: 'close' };

/** Reports of a process. */
export type Told =
  | { readonly type: 'ready' }
  | { readonly type: 'enqueued' }
  | { readonly type: 'outcome'; readonly outcome: string; readonly messageId: string | undefined }
  | { readonly type: 'unknown'; readonly text: string }
  | { readonly type: 'closed' };

/** Number of messages that are queued concurrently. */
const enqueuedAtOnce = 50;

const [redisUrl = '', metaUrl = '', cap = '20', numbers = '100', accessToken = ''] = process.argv.slice(2);
const tell = (told: Told): void => {
  process.send?.(told);
};
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
connection.on('error', () => undefined);
const client = createClient({ accessToken, baseUrl: metaUrl });
const sender = createBullSender({ client, throughput: Number(cap), connection, numbers: Number(numbers) });
sender.on('unknown', ({ message }) => {
  tell({ type: 'unknown', text: 'text' in message && typeof message.text === 'object' ? message.text.body : '' });
});
process.on('message', (order: Order) => void carryOut(order));

async function carryOut(order: Order): Promise<void> {
  if (order.type === 'enqueue') {
    // Calls keep their order.
    for (let start = 0; start < order.items.length; start += enqueuedAtOnce) {
      const items = order.items.slice(start, start + enqueuedAtOnce);
      await Promise.all(items.map(({ from, to, text }) => sender.enqueue({ to, type: 'text', text: { body: text } }, { from })));
    }
    tell({ type: 'enqueued' });
  } else if (order.type === 'send') {
    const { from, to, text, key } = order;
    const result = await sender.send({ to, type: 'text', text: { body: text } }, { from, ...(key !== undefined && { key }) });
    tell({ type: 'outcome', outcome: result.outcome, messageId: result.outcome === 'accepted' ? result.messageId : undefined });
  } else {
    await sender.close();
    connection.disconnect();
    tell({ type: 'closed' });
  }
}
tell({ type: 'ready' });
