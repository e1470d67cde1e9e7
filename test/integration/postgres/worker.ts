/**
 * A process that receives webhooks in an inbox on PostgreSQL. Its handler writes the mirror, its own row, the mark of
 * the event and a reply in one transaction. A relay passes committed replies to a sender. The test kills it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { createClient, createSender, systemClock } from 'wa-coexist';
import { postgresMirror, postgresOutbox, postgresStore } from 'wa-coexist/postgres';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const [port = '', graph = '', aheadMs = '0', answers = 'yes'] = process.argv.slice(2);
const pool = new Pool({ host: '127.0.0.1', port: Number(port), user: 'postgres', database: 'postgres', max: 8 });
pool.on('error', () => undefined);
// Ahead of the machine's clock by the time during which processes were down.
const clock = { ...systemClock, now: () => Date.now() + Number(aheadMs) };
const store = postgresStore(pool);
const mirror = postgresMirror(pool);
const outbox = postgresOutbox(pool);
const webhooks = createWebhooks({
  appSecret: 'app-secret',
  verifyToken: 'verify-token',
  mode: 'inbox',
  store,
  clock,
  retry: { firstDelayMs: 50 },
});
if (answers === 'yes') {
  const client = createClient({ accessToken: 'EXAMPLE-TOKEN', phoneNumberId: '106540352242922', baseUrl: graph });
  outbox.relayTo(createSender({ client, throughput: 500, store, takeOverAfterMs: 400, pacing: 'even' }), { intervalMs: 20 });
}
webhooks.on('message', async (event) => {
  const transaction = await pool.connect();
  try {
    await transaction.query('BEGIN');
    const { written } = await store.withTransaction(transaction).setIfAbsent(`handled/${event.key}`, true, { ttlMs: 8 * 86_400_000 });
    if (written) {
      await mirror.withTransaction(transaction).handle(event);
      await transaction.query('INSERT INTO own_rows (wamid) VALUES ($1)', [event.message.id]);
      if (answers === 'yes') {
        await outbox.enqueue(
          transaction,
          { to: event.customer?.waId ?? '', type: 'text', text: { body: event.message.id } },
          { key: event.message.id },
        );
      }
    }
    await transaction.query('COMMIT');
    transaction.release();
  } catch (error) {
    transaction.release(true);
    throw error;
  }
});
const handle = toNodeHandler(webhooks);
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => {
  process.exit();
});
