import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import type { Logger } from 'wa-coexist';
import { createWebhooks, DeliveryNotHandledError, parseWebhook, type WebhookDelivery } from 'wa-coexist/webhooks';
import { delivery, echoes, messages, shared, textMessage } from './fixtures/delivery.js';
import { deliver, secret, settle } from './fixtures/receive.js';

/** A receiver in front of a queue, which stores its items as text, like real queues. */
function queued(options: { maxItemBytes?: number; fails?: () => boolean; logger?: Logger } = {}) {
  const queue: string[] = [];
  const webhooks = createWebhooks({
    appSecret: secret,
    verifyToken: 'verify-token',
    mode: 'enqueue',
    enqueue: (taken) => {
      if (options.fails?.()) throw new Error('the queue is full');
      queue.push(JSON.stringify(taken));
    },
    ...(options.maxItemBytes !== undefined && { maxItemBytes: options.maxItemBytes }),
    ...(options.logger && { logger: options.logger }),
  });
  const work = async (): Promise<void> => {
    for (const text of queue.splice(0)) await webhooks.process(JSON.parse(text) as WebhookDelivery);
  };
  return { webhooks, queue, work };
}

test('a delivery is acknowledged after the queue has it, and handled by the worker', async () => {
  const { webhooks, queue, work } = queued();
  const ids: string[] = [];
  webhooks.on('message', (event) => {
    ids.push(event.message.id);
    expect(event.delivery.receivedAt).toBeInstanceOf(Date);
    expect(event.delivery.secretIndex).toBe(0);
  });
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  expect([ids.length, queue.length]).toEqual([0, 1]);
  await work();
  expect(ids).toEqual(['wamid.EXAMPLE1']);
});

test('a delivery whose time the queue has changed to an invalid one is handled as current', async () => {
  const { webhooks } = queued();
  const received: Date[] = [];
  webhooks.on('message', (event) => {
    received.push(event.delivery.receivedAt);
  });
  await webhooks.process({ body: messages(textMessage('wamid.EXAMPLE1')), receivedAt: 'yesterday' });
  expect(received.map((date) => Number.isNaN(date.getTime()))).toEqual([false]);
});

test('a queue that fails causes a redelivery by Meta, and is logged and counted', async () => {
  let isFull = true;
  const errors: unknown[] = [];
  const quiet = (): void => undefined;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: (_message: string, details?: object) => void errors.push(details) };
  const { webhooks, queue } = queued({ fails: () => isFull, logger });
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(500);
  expect(errors).toEqual([
    { deliveryId: expect.any(String) as unknown, error: expect.objectContaining({ message: 'the queue is full' }) as unknown },
  ]);
  expect(webhooks.stats().rejected.notAccepted).toBe(1);
  isFull = false;
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
  expect(queue).toHaveLength(1);
});

test('a handler that fails causes a redelivery by the queue, and only its event is handled again', async () => {
  const { webhooks, queue } = queued();
  const tries: string[] = [];
  webhooks.on('message', (event) => {
    tries.push(event.message.id);
    if (event.message.id === 'wamid.EXAMPLE2' && event.delivery.attempt === 1) throw new Error('not yet');
  });
  await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2')));
  const taken = JSON.parse(queue[0]!) as WebhookDelivery;
  await expect(webhooks.process(taken)).rejects.toThrow(DeliveryNotHandledError);
  await webhooks.process(taken);
  expect(tries).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2', 'wamid.EXAMPLE2']);
});

describe('deliveries are split below maxItemBytes', () => {
  /** Returns the content of events, without data that depends on the splitting. */
  const content = (body: unknown): string[] =>
    parseWebhook(body)
      .flatMap((event) =>
        event.type === 'history.chunk'
          ? event.threads.flatMap((thread) => thread.messages.map(({ message }) => `history ${thread.id} ${message.id}`))
          : [`${event.type} ${event.key}`],
      )
      .sort();
  const text = fc.string({ minLength: 0, maxLength: 300, unit: 'grapheme' });
  const live = fc
    .array(text, { minLength: 1, maxLength: 30 })
    .map((texts) => messages(...texts.map((body, index) => textMessage(`wamid.EXAMPLE${index}`, body))));
  const past = fc.array(fc.array(text, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 }).map((threads) =>
    delivery({
      field: 'history',
      value: {
        ...shared,
        history: [
          {
            metadata: { phase: 1, chunk_order: 3, progress: 40 },
            threads: threads.map((texts, thread) => ({
              id: `1555010${thread}`,
              messages: texts.map((body, index) => textMessage(`wamid.EXAMPLE${thread}-${index}`, body, `1555010${thread}`)),
            })),
          },
        ],
      },
    }),
  );
  const several = fc
    .tuple(live, past)
    .map(([one, other]) => ({ object: one.object, entry: [...one.entry, ...other.entry, ...echoes(textMessage('wamid.EXAMPLEe')).entry] }));

  test.each([
    ['of live messages', live],
    ['of history', past],
    ['of several entries', several],
  ])('%s, and every item is in exactly one part', async (_name, bodies) => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.integer({ min: 1_500, max: 6_000 }), async (body, maxItemBytes) => {
        const { webhooks, queue } = queued({ maxItemBytes });
        expect(await deliver(webhooks, body)).toBe(200);
        const parts = queue.map((taken) => (JSON.parse(taken) as WebhookDelivery).body);
        expect(parts.flatMap(content).sort()).toEqual(content(body));
        for (const part of parts) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(maxItemBytes);
        expect(new Set(queue.map((taken) => (JSON.parse(taken) as WebhookDelivery).id)).size).toBe(queue.length);
      }),
      { numRuns: 150 },
    );
  });

  test('an item that exceeds the limit stays whole', async () => {
    const { webhooks, queue } = queued({ maxItemBytes: 1_000 });
    const body = messages(textMessage('wamid.EXAMPLE1', 'x'.repeat(3_000)), textMessage('wamid.EXAMPLE2'));
    expect(await deliver(webhooks, body)).toBe(200);
    const parts = queue.map((taken) => (JSON.parse(taken) as WebhookDelivery).body);
    expect(parts.map(content)).toEqual(content(body).map((item) => [item]));
    expect(JSON.stringify(parts[0])).toContain('x'.repeat(3_000));
  });
});

describe('events() as an async iterator', () => {
  test('returns events in order, and an event counts as handled when the next one is requested', async () => {
    const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'verify-token' });
    const stop = new AbortController();
    const seen: string[] = [];
    const looping = (async () => {
      for await (const event of webhooks.events('message', { signal: stop.signal })) {
        seen.push(event.message.id);
        await settle();
        if (seen.length === 3) stop.abort();
      }
    })();
    await settle();
    const statuses = await Promise.all(['1', '2', '3'].map((id) => deliver(webhooks, messages(textMessage(`wamid.EXAMPLE${id}`)))));
    await looping;
    expect(seen).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2', 'wamid.EXAMPLE3']);
    expect(statuses).toEqual([200, 200, 200]);
  });

  test('ends when the receiver is closed, after the current event', async () => {
    const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'verify-token' });
    const seen: string[] = [];
    const looping = (async () => {
      for await (const event of webhooks.events('message')) {
        seen.push(event.message.id);
        await settle();
      }
    })();
    await settle();
    const statuses = Promise.all(['1', '2'].map((id) => deliver(webhooks, messages(textMessage(`wamid.EXAMPLE${id}`)))));
    await settle();
    await webhooks.close();
    await looping;
    expect(await statuses).toEqual([200, 200]);
    expect(seen).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2']);
  });

  test('loses no event if the loop ends early, because the delivery is handled again', async () => {
    const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'verify-token' });
    const one = messages(textMessage('wamid.EXAMPLE1', 'Hello', '15550100001'));
    const other = messages(textMessage('wamid.EXAMPLE2', 'Hello', '15550100002'));
    const looping = (async () => {
      for await (const event of webhooks.events('message')) {
        expect(event.message.id).toBe('wamid.EXAMPLE1');
        break;
      }
    })();
    await settle();
    const statuses = Promise.all([deliver(webhooks, one), deliver(webhooks, other)]);
    await looping;
    expect(await statuses).toEqual([500, 500]);
    const ids: string[] = [];
    webhooks.on('message', (event) => {
      ids.push(event.message.id);
    });
    expect(await Promise.all([deliver(webhooks, one), deliver(webhooks, other)])).toEqual([200, 200]);
    expect(ids.sort()).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2']);
  });
});

describe('archive', () => {
  test('receives the exact bytes before all other steps, and only of verified deliveries', async () => {
    const log: string[] = [];
    const webhooks = createWebhooks({
      appSecret: secret,
      verifyToken: 'verify-token',
      archive: ({ bytes }) => {
        log.push(new TextDecoder().decode(bytes));
      },
    });
    webhooks.on('message', () => {
      log.push('handled');
    });
    const body = `${JSON.stringify(messages(textMessage('wamid.EXAMPLE1', 'Crème 🥐'))).replaceAll('/', '\\/')}\n`;
    expect(await deliver(webhooks, body)).toBe(200);
    const forged = new Request('https://shop.example/', { method: 'POST', body, headers: { 'x-hub-signature-256': 'sha256=00' } });
    expect((await webhooks.fetch(forged)).status).toBe(401);
    expect(log).toEqual([body, 'handled']);
  });

  test('that fails causes a redelivery, and no event is handled before', async () => {
    let handled = 0;
    const webhooks = createWebhooks({
      appSecret: secret,
      verifyToken: 'verify-token',
      archive: () => Promise.reject(new Error('disk full')),
    });
    webhooks.on('message', () => {
      handled += 1;
    });
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(500);
    expect(handled).toBe(0);
  });
});
