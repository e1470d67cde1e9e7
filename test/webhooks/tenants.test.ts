import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks, parseWebhook } from 'wa-coexist/webhooks';
import { messages, textMessage } from './fixtures/delivery.js';
import { deliver, secret, settle } from './fixtures/receive.js';

interface Shop {
  readonly name: string;
}

/** Returns a delivery of one text for one number of one WABA. */
function textFor(wabaId: string, phoneNumberId: string, id: string) {
  return {
    id: wabaId,
    changes: [
      {
        field: 'messages',
        value: {
          messaging_product: 'whatsapp',
          metadata: { display_phone_number: '1555', phone_number_id: phoneNumberId },
          messages: [textMessage(id)],
        },
      },
    ],
  };
}

function platform(route: (phoneNumberId: string | undefined) => Shop | undefined | Promise<Shop | undefined>) {
  const clock = fakeClock();
  const webhooks = createWebhooks<Shop>({
    appSecret: secret,
    verifyToken: 'verify-token',
    clock,
    store: memoryStore({ clock }),
    route: ({ phoneNumberId }) => route(phoneNumberId),
  });
  return { clock, webhooks };
}

test('handlers receive the typed tenant', async () => {
  const { webhooks } = platform((id) => (id === '339900112233445' ? { name: 'Harbor Bakery' } : undefined));
  const names: string[] = [];
  webhooks.on('message', (event) => {
    names.push(event.tenant.name);
  });
  webhooks.on('*', (event) => {
    names.push(event.tenant.name);
  });
  const body = JSON.stringify(messages(textMessage('wamid.EXAMPLE1')));
  const response = await webhooks.fetch(
    new Request('https://shop.example/', { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } }),
  );
  expect(response.status).toBe(200);
  expect(names).toEqual(['Harbor Bakery', 'Harbor Bakery']);
});

test('no item ever reaches another tenant, and each tenant is looked up once per delivery', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(19), { minLength: 1, maxLength: 40 }), async (owners) => {
      let lookups = 0;
      const { webhooks } = platform((id) => {
        lookups += 1;
        return { name: `tenant of ${id}` };
      });
      const got: string[] = [];
      webhooks.on('message', (event) => {
        got.push(event.message.id);
        expect(event.tenant.name).toBe(`tenant of ${event.phoneNumberId}`);
        expect(event.message.id).toContain(`-${event.phoneNumberId}-`);
      });
      const entry = owners.map((owner, index) => textFor(`waba${owner}`, `number${owner}`, `wamid.EXAMPLE-number${owner}-${index}`));
      expect(await deliver(webhooks, { object: 'whatsapp_business_account', entry })).toBe(200);
      expect(got).toHaveLength(owners.length);
      expect(lookups).toBe(new Set(owners).size);
    }),
    { numRuns: 100 },
  );
});

describe('an event without a tenant', () => {
  test('is parked alone, and handled when the tenant is known', async () => {
    const rows = new Map<string, Shop>([['number1', { name: 'first' }]]);
    const { webhooks, clock } = platform((id) => rows.get(id ?? ''));
    const got: string[] = [];
    webhooks.on('message', (event) => {
      got.push(`${event.tenant.name} ${event.message.id}`);
    });
    const entry = [textFor('waba1', 'number1', 'wamid.EXAMPLE1'), textFor('waba2', 'number2', 'wamid.EXAMPLE2')];
    expect(await deliver(webhooks, { object: 'whatsapp_business_account', entry })).toBe(200);
    await settle();
    expect(got).toEqual(['first wamid.EXAMPLE1']);
    rows.set('number2', { name: 'second' });
    await clock.advance(10_000);
    expect(got).toEqual(['first wamid.EXAMPLE1', 'second wamid.EXAMPLE2']);
    await clock.advance(3_600_000);
    expect(got).toHaveLength(2);
  });

  test('is emitted as unrouted after its time limit', async () => {
    const { webhooks, clock } = platform(() => undefined);
    const unrouted: string[] = [];
    webhooks.on('message', () => expect.unreachable());
    webhooks.on('unrouted', (event) => {
      unrouted.push(event.key);
    });
    const body = { object: 'whatsapp_business_account', entry: [textFor('waba2', 'number2', 'wamid.EXAMPLE2')] };
    expect(await deliver(webhooks, body)).toBe(200);
    await clock.advance(14 * 60_000);
    expect(unrouted).toEqual([]);
    await clock.advance(2 * 60_000);
    expect(unrouted).toEqual(parseWebhook(body).map(({ key }) => key));
  });

  test('is routed again with growing delays', async () => {
    let asked = 0;
    const { webhooks, clock } = platform(() => {
      asked += 1;
      return undefined;
    });
    webhooks.on('message', () => expect.unreachable());
    await deliver(webhooks, { object: 'whatsapp_business_account', entry: [textFor('waba2', 'number2', 'wamid.EXAMPLE2')] });
    for (let second = 0; second < 16 * 60; second += 1) await clock.advance(1_000);
    expect(webhooks.stats().dropped.unrouted).toBe(1);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(50);
  });

  test('is dropped and counted if unrouted has no handler', async () => {
    const { webhooks, clock } = platform(() => undefined);
    webhooks.on('message', () => expect.unreachable());
    await deliver(webhooks, { object: 'whatsapp_business_account', entry: [textFor('waba2', 'number2', 'wamid.EXAMPLE2')] });
    await clock.advance(16 * 60_000);
    expect(webhooks.stats().dropped.unrouted).toBe(1);
  });

  test('is parked also if an earlier duplicate of the delivery has parked others', async () => {
    const rows = new Map<string, Shop>();
    let isDown = true;
    const { webhooks, clock } = platform((id) =>
      id === 'number1' && isDown ? Promise.reject(new Error('no connection')) : rows.get(id ?? ''),
    );
    const got: string[] = [];
    webhooks.on('message', (event) => {
      got.push(event.message.id);
    });
    const entry = [textFor('waba1', 'number1', 'wamid.EXAMPLE1'), textFor('waba2', 'number2', 'wamid.EXAMPLE2')];
    const body = { object: 'whatsapp_business_account', entry };
    expect(await deliver(webhooks, body)).toBe(500);
    isDown = false;
    expect(await deliver(webhooks, body)).toBe(200);
    rows.set('number1', { name: 'first' }).set('number2', { name: 'second' });
    await clock.advance(10_000);
    expect(got.sort()).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2']);
  });

  test('is redelivered by Meta if route fails', async () => {
    let isDown = true;
    const { webhooks } = platform(() => (isDown ? Promise.reject(new Error('no connection')) : { name: 'shop' }));
    let handled = 0;
    webhooks.on('message', () => {
      handled += 1;
    });
    const body = { object: 'whatsapp_business_account', entry: [textFor('waba2', 'number2', 'wamid.EXAMPLE2')] };
    expect(await deliver(webhooks, body)).toBe(500);
    isDown = false;
    expect(await deliver(webhooks, body)).toBe(200);
    expect(handled).toBe(1);
  });
});
