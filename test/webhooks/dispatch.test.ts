import { describe, expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import type { Webhooks } from 'wa-coexist/webhooks';
import { business, customer, delivery, echoes, messages, shared, statuses, textMessage } from './fixtures/delivery.js';
import { deliver, gate, receiver, settle } from './fixtures/receive.js';

const day = 24 * 60 * 60 * 1000;

/** Records the IDs of messages in the order in which their handlers run. */
function record(webhooks: Webhooks, act: (id: string, attempt: number) => void | Promise<void> = () => undefined): string[] {
  const ids: string[] = [];
  webhooks.on('message', (event) => {
    ids.push(event.message.id);
    return act(event.message.id, event.delivery.attempt);
  });
  return ids;
}

describe('duplicates', () => {
  test('a redelivery is handled once and counted', async () => {
    const webhooks = receiver();
    const ids = record(webhooks);
    const body = messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2'));
    for (let copy = 0; copy < 3; copy += 1) expect(await deliver(webhooks, body)).toBe(200);
    expect(ids).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2']);
    expect(webhooks.stats()).toMatchObject({ deliveries: 3, handled: 2, dropped: { duplicate: 4 } });
  });

  test('the same item twice in one body, and in two concurrent bodies, is handled once', async () => {
    const webhooks = receiver();
    const ids = record(webhooks, () => settle());
    const item = textMessage('wamid.EXAMPLE1');
    expect(await Promise.all([deliver(webhooks, messages(item, item)), deliver(webhooks, messages(item))])).toEqual([200, 200]);
    expect(ids).toEqual(['wamid.EXAMPLE1']);
  });

  test('a duplicate is detected for eight days', async () => {
    const clock = fakeClock();
    const webhooks = receiver({ clock });
    const ids = record(webhooks);
    const body = messages(textMessage('wamid.EXAMPLE1'));
    await deliver(webhooks, body);
    await clock.advance(7.9 * day);
    await deliver(webhooks, body);
    expect(ids).toHaveLength(1);
    await clock.advance(0.2 * day);
    await deliver(webhooks, body);
    expect(ids).toHaveLength(2);
  });

  test("131060: the stub doesn't make the real message a duplicate", async () => {
    const webhooks = receiver();
    const types: string[] = [];
    webhooks.on('message', ({ message }) => {
      types.push(message.type);
    });
    const stub = {
      ...textMessage('wamid.EXAMPLE1'),
      type: 'unsupported',
      text: undefined,
      errors: [{ code: 131060, title: 'unavailable' }],
    };
    for (const body of [messages(stub), messages(textMessage('wamid.EXAMPLE1')), messages(stub), messages(textMessage('wamid.EXAMPLE1'))]) {
      expect(await deliver(webhooks, body)).toBe(200);
    }
    expect(types).toEqual(['unsupported', 'text']);
  });

  test('the same status twice is one event, and another recipient, status or time is another event', async () => {
    const webhooks = receiver();
    let count = 0;
    webhooks.on('status', () => {
      count += 1;
    });
    const status = { id: 'wamid.EXAMPLE1', status: 'delivered', timestamp: '1790000000', recipient_id: customer };
    await deliver(webhooks, statuses(status, status, { ...status, status: 'read' }, { ...status, timestamp: '1790000001' }));
    await deliver(webhooks, statuses(status));
    expect(count).toBe(3);
  });

  test('a second disconnection is a second event, and events without a time are never duplicates', async () => {
    const webhooks = receiver();
    let count = 0;
    webhooks.on('account.disconnected', () => {
      count += 1;
    });
    const removed = (time?: number) => delivery({ field: 'account_update', value: { event: 'PARTNER_REMOVED' } }, time);
    for (const time of [1, 1, 2]) await deliver(webhooks, removed(time));
    expect(count).toBe(2);
    for (const time of [undefined, undefined]) await deliver(webhooks, removed(time));
    expect(count).toBe(4);
  });

  test('a placeholder and the media of one wamid are two events', async () => {
    const webhooks = receiver();
    const types: string[] = [];
    webhooks.on('*', ({ type }) => {
      types.push(type);
    });
    const item = { from: customer, id: 'wamid.EXAMPLE1', timestamp: '1790000000' };
    const placeholder = { history: [{ threads: [{ id: customer, messages: [{ ...item, type: 'media_placeholder' }] }] }] };
    const media = { messages: [{ ...item, type: 'image', image: { id: '1' } }] };
    for (const value of [media, placeholder, media, placeholder]) {
      await deliver(webhooks, delivery({ field: 'history', value: { ...shared, ...value } }));
    }
    expect(types).toEqual(['history.media', 'history.chunk']);
  });

  test('a verified delivery without events is counted', async () => {
    const webhooks = receiver();
    record(webhooks);
    for (const body of ['{}', '[]', '{"object":"whatsapp_business_account","entry":[]}']) expect(await deliver(webhooks, body)).toBe(200);
    expect(webhooks.stats()).toMatchObject({ deliveries: 3, handled: 0, dropped: { empty: 3 } });
  });

  test('events without a handler are counted and cost no store call', async () => {
    const store = memoryStore();
    const webhooks = receiver({ store });
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
    expect(webhooks.stats().dropped.withoutHandler).toBe(1);
    expect(await store.list('', { limit: 10 })).toEqual([]);
    const ids = record(webhooks);
    await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')));
    expect(ids).toEqual(['wamid.EXAMPLE1']);
  });
});

describe('failures of handlers', () => {
  test('only a failed item is handled again, by all its handlers', async () => {
    const webhooks = receiver();
    const ids = record(webhooks, (id, attempt) => {
      if (id === 'wamid.EXAMPLE2' && attempt < 3) throw new Error('not yet');
    });
    let star = 0;
    webhooks.on('*', () => {
      star += 1;
    });
    const body = messages(...[1, 2, 3].map((n) => textMessage(`wamid.EXAMPLE${n}`, 'Hi', `1555010000${n}`)));
    expect(await deliver(webhooks, body)).toBe(500);
    expect(await deliver(webhooks, body)).toBe(500);
    expect(await deliver(webhooks, body)).toBe(200);
    expect(ids).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2', 'wamid.EXAMPLE3', 'wamid.EXAMPLE2', 'wamid.EXAMPLE2']);
    expect(star).toBe(5);
    expect(webhooks.stats()).toMatchObject({ handled: 3, failed: 2, dropped: { duplicate: 4 } });
  });

  test.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('x');
      },
    ],
    ['rejects', () => Promise.reject(new Error('x'))],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as careless code does.
    ['rejects with nothing', () => Promise.reject(undefined)],
  ])('a handler that %s causes a 500, and receives the redelivery', async (_name, handler) => {
    const webhooks = receiver();
    let calls = 0;
    webhooks.once('message', () => ((calls += 1) === 1 ? handler() : undefined));
    const body = messages(textMessage('wamid.EXAMPLE1'));
    expect(await deliver(webhooks, body)).toBe(500);
    expect(await deliver(webhooks, body)).toBe(200);
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')))).toBe(200);
    expect(calls).toBe(2);
  });

  test('a handler of * counts like any other', async () => {
    const webhooks = receiver();
    const ids = record(webhooks);
    let failures = 1;
    webhooks.on('*', () => {
      if (failures-- > 0) throw new Error('archive is down');
    });
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(500);
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
    expect(ids).toHaveLength(2);
  });

  test('the log contains type and key of the failed event, and the error', async () => {
    const lines: unknown[][] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (...line: unknown[]) => lines.push(line),
    };
    const webhooks = receiver({ logger });
    const error = new Error('x');
    webhooks.on('message', () => Promise.reject(error));
    await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1', 'a secret of the customer')));
    expect(lines[0]?.[1]).toMatchObject({ type: 'message', key: expect.stringContaining('wamid.EXAMPLE1') as unknown, error });
    expect(JSON.stringify(lines)).not.toContain('a secret of the customer');
  });

  test("a store that can't be read fails the delivery before any handler runs, and one that can't record doesn't", async () => {
    const memory = memoryStore();
    const broken = new Set<string>();
    const store = new Proxy(memory, {
      get: (target, name: keyof typeof memory) => (broken.has(name) ? () => Promise.reject(new Error(`${name} is down`)) : target[name]),
    });
    const webhooks = receiver({ store });
    const ids = record(webhooks);
    broken.add('setIfAbsent');
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(500);
    expect(ids).toEqual([]);
    broken.clear();
    broken.add('set');
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')))).toBe(200);
    expect(ids).toEqual(['wamid.EXAMPLE1']);
  });
});

describe('order of events', () => {
  test('events of one customer are in order across deliveries, and others run in the meantime', async () => {
    const webhooks = receiver();
    const first = gate();
    const ids = record(webhooks, (id) => (id === 'wamid.A1' ? first.promise : undefined));
    const a = customer;
    const b = '15550100111';
    const one = deliver(webhooks, messages(textMessage('wamid.A1', '', a), textMessage('wamid.A2', '', a), textMessage('wamid.B1', '', b)));
    const two = deliver(webhooks, messages(textMessage('wamid.A3', '', a), textMessage('wamid.B2', '', b)));
    await settle();
    expect(ids).toEqual(['wamid.A1', 'wamid.B1', 'wamid.B2']);
    first.open();
    expect(await Promise.all([one, two])).toEqual([200, 200]);
    expect(ids).toEqual(['wamid.A1', 'wamid.B1', 'wamid.B2', 'wamid.A2', 'wamid.A3']);
  });

  test('an echo, a status and a message of one customer keep their order', async () => {
    const webhooks = receiver();
    const seen: string[] = [];
    webhooks.on('*', async ({ type }) => {
      await settle();
      seen.push(type);
    });
    const echo = { ...textMessage('wamid.EXAMPLE2', 'Hi', business), to: customer };
    await Promise.all([
      deliver(webhooks, messages(textMessage('wamid.EXAMPLE1'))),
      deliver(webhooks, echoes(echo)),
      deliver(webhooks, statuses({ id: 'wamid.EXAMPLE3', status: 'read', recipient_id: customer })),
    ]);
    expect(seen).toEqual(['message', 'echo', 'status']);
  });

  test('live events run before history and contacts, also in the same body, and never wait for them', async () => {
    const webhooks = receiver();
    const stuck = gate();
    const seen: string[] = [];
    webhooks.on('*', ({ type }) => {
      seen.push(type);
      return type === 'message' ? undefined : stuck.promise;
    });
    const chunk = (n: number) => ({ field: 'history', value: { ...shared, history: [{ metadata: { chunk_order: n }, threads: [] }] } });
    const contact = (n: number) => ({
      field: 'smb_app_state_sync',
      value: { ...shared, state_sync: [{ type: 'contact', action: 'add', contact: { phone_number: `1555020${n}` } }] },
    });
    const live = { field: 'messages', value: { ...shared, messages: [textMessage('wamid.EXAMPLE1')] } };
    const flood = Array.from({ length: 200 }, (_, n) => [chunk(n), contact(n)]).flat();
    const answer = deliver(webhooks, delivery([...flood, live]));
    await settle();
    expect(seen[0]).toBe('message');
    expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')))).toBe(200);
    stuck.open();
    expect(await answer).toBe(200);
    expect(seen).toHaveLength(402);
  });
});

describe('processes with one store', () => {
  test('an event with a slow handler is not run by another process, which asks for a redelivery', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const slow = gate();
    const one = receiver({ store, clock, handlerTimeoutMs: 3_600_000 });
    const two = receiver({ store, clock, handlerTimeoutMs: 3_600_000 });
    const ids = record(one, () => slow.promise);
    const others = record(two);
    const body = messages(textMessage('wamid.EXAMPLE1'));
    const answer = deliver(one, body);
    await clock.advance(10 * 60 * 1000);
    expect(await deliver(two, body)).toBe(500);
    expect(two.stats().pending).toBe(1);
    slow.open();
    expect(await answer).toBe(200);
    expect(await deliver(two, body)).toBe(200);
    expect([ids.length, others.length]).toEqual([1, 0]);
  });

  test('an event of a dead process is handled after half a minute', async () => {
    const dead = fakeClock();
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const one = receiver({ store, clock: dead });
    const two = receiver({ store, clock });
    record(one, () => new Promise(() => undefined));
    const attempts: number[] = [];
    two.on('message', (event) => {
      attempts.push(event.delivery.attempt);
    });
    const body = messages(textMessage('wamid.EXAMPLE1'));
    void deliver(one, body);
    await clock.advance(29_000);
    expect(await deliver(two, body)).toBe(500);
    await clock.advance(2_000);
    expect(await deliver(two, body)).toBe(200);
    expect(attempts).toEqual([2]);
  });
});

test('close accepts no more events and waits for running handlers', async () => {
  const webhooks = receiver();
  const slow = gate();
  const ids = record(webhooks, () => slow.promise);
  const answer = deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')));
  await settle();
  let isClosed = false;
  const closing = webhooks.close().then(() => {
    isClosed = true;
  });
  expect(await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')))).toBe(503);
  await settle();
  expect(isClosed).toBe(false);
  slow.open();
  await closing;
  expect(await answer).toBe(200);
  expect(ids).toEqual(['wamid.EXAMPLE1']);
});

test('handlers can be removed, and once runs once', async () => {
  const webhooks = receiver();
  const seen: string[] = [];
  const handler = (): void => {
    seen.push('on');
  };
  webhooks.on('message', handler);
  webhooks.once('message', () => {
    seen.push('once');
  });
  await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1')));
  webhooks.off('message', handler);
  webhooks.on('message', () => {
    seen.push('other');
  });
  await deliver(webhooks, messages(textMessage('wamid.EXAMPLE2')));
  expect(seen).toEqual(['on', 'once', 'other']);
});

test('each event is handled in the instrument', async () => {
  const operations: string[] = [];
  const webhooks = receiver({
    instrument: (operation, run) => {
      operations.push(operation);
      return run();
    },
  });
  record(webhooks);
  await deliver(webhooks, messages(textMessage('wamid.EXAMPLE1'), textMessage('wamid.EXAMPLE2')));
  expect(operations).toEqual(['webhooks.handle', 'webhooks.handle']);
});
