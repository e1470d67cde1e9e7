import fc from '../fast-check.js';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence } from 'wa-coexist';
import { costEntry, costReport, mergeCostEntries, reconcileCosts, type CostEntry, type CostsOptions } from 'wa-coexist/coexistence';
import { countriesOf } from 'wa-coexist/eligibility';
import { fakeClock } from 'wa-coexist/testing';
import type { WebhookEvent, WebhookEventOf } from 'wa-coexist/webhooks';
import { recordMeta } from '../meta/recorder.js';

const phoneNumberId = '339900000000001';
const base = (second: number) => ({
  phoneNumberId,
  key: 'k',
  raw: {},
  customer: { waId: '15550100987' },
  occurredAt: new Date(second * 1_000),
});
const echo = (id: string, second = 1_795_300_000): WebhookEvent => ({
  ...base(second),
  type: 'echo',
  field: 'smb_message_echoes',
  message: { id, type: 'text', text: { body: 'We open at nine' } },
});
const status = (
  id: string,
  name: string,
  pricing?: WebhookEventOf<'status'>['status']['pricing'],
  second = 1_795_300_000,
): WebhookEvent => ({ ...base(second), type: 'status', field: 'messages', status: { id, status: name, ...(pricing && { pricing }) } });
const utility = { category: 'utility', type: 'regular', pricing_model: 'PMP', billable: true } as const;
const service = { category: 'service', type: 'free_customer_service', pricing_model: 'PMP', billable: false } as const;

function entriesOf(events: readonly WebhookEvent[]): CostEntry[] {
  const entries = new Map<string, CostEntry>();
  for (const event of events) {
    const entry = costEntry(event);
    if (entry) entries.set(entry.messageId, mergeCostEntries(entries.get(entry.messageId), entry));
  }
  return [...entries.values()];
}

describe('costs', () => {
  test("contain echoes as free messages of the app, statuses as messages of the API with Meta's price, and no other events", () => {
    expect(costEntry(echo('wamid.1'))).toEqual({
      messageId: 'wamid.1',
      carriedBy: 'app',
      atMs: 1_795_300_000_000,
      phoneNumberId,
      waId: '15550100987',
    });
    expect(costEntry(status('wamid.2', 'sent', utility))).toMatchObject({
      messageId: 'wamid.2',
      carriedBy: 'api',
      status: 'sent',
      pricing: { category: 'utility', type: 'regular', model: 'PMP', billable: true },
      pricedBy: 'sent',
    });
    const others: WebhookEvent[] = [
      { ...base(1), type: 'message', field: 'messages', message: { id: 'wamid.3', type: 'text', text: { body: 'Hello' } } },
      { ...base(1), type: 'history.chunk', field: 'history', threads: [] },
      { ...base(1), type: 'echo.revoke', field: 'smb_message_echoes', messageId: 'wamid.4', originalMessageId: 'wamid.1' },
    ];
    for (const event of others) expect(costEntry(event)).toBeUndefined();
  });

  test('contain one entry per message for any statuses, in any order and repeatedly', () => {
    const about = fc.constantFrom(
      echo('wamid.1', 5),
      status('wamid.1', 'sent', utility, 6),
      status('wamid.1', 'delivered', service, 7),
      status('wamid.1', 'read', undefined, 8),
      status('wamid.1', 'failed', undefined, 7),
      status('wamid.1', 'a-status-of-next-year', utility, 9),
    );
    fc.assert(
      fc.property(
        fc
          .array(about, { minLength: 1, maxLength: 6 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }))),
        ([list, mixed]) => {
          expect(entriesOf(mixed)).toEqual(entriesOf(list));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(entriesOf([echo('wamid.1', 5), status('wamid.1', 'read', undefined, 8), status('wamid.1', 'sent', utility, 6)])).toMatchObject([
      { carriedBy: 'api', status: 'read', atMs: 5_000, pricing: { category: 'utility' } },
    ]);
  });

  test('are split by app and API, category and type in a report, without failed messages', () => {
    const entries = entriesOf([
      echo('wamid.1'),
      echo('wamid.2'),
      echo('wamid.3'),
      status('wamid.4', 'delivered', utility),
      status('wamid.5', 'sent', service),
      status('wamid.6', 'sent', service),
      status('wamid.7', 'read'),
      status('wamid.8', 'failed'),
      status('wamid.9', 'sent', { category: 'marketing', billable: true }),
    ]);
    expect(costReport(entries)).toEqual({
      messages: 8,
      app: 3,
      api: 5,
      billed: 2,
      failed: 1,
      appShare: 3 / 8,
      rows: [
        { category: 'service', type: 'free_customer_service', messages: 2 },
        { category: 'marketing', type: 'unknown', messages: 1 },
        { category: 'unknown', type: 'unknown', messages: 1 },
        { category: 'utility', type: 'regular', messages: 1 },
      ],
      groups: [],
    });
    expect(costReport([])).toEqual({ messages: 0, app: 0, api: 0, billed: 0, failed: 0, appShare: 0, rows: [], groups: [] });
  });

  test('are reported for a period and grouped as requested, also with hostile names', () => {
    const day = 86_400;
    const entries = entriesOf([
      echo('wamid.1', 20_000 * day),
      echo('wamid.2', 20_001 * day),
      status('wamid.3', 'sent', { category: '__proto__', type: 'constructor' }, 20_001 * day + 5),
      echo('wamid.4', 20_002 * day),
    ]);
    const span = { from: new Date(20_000 * day * 1_000), to: new Date(20_002 * day * 1_000) };
    const byDay = costReport(entries, { ...span, by: 'day' });
    expect(byDay.messages).toBe(3);
    expect(byDay.groups.map(({ group, app, api }) => [group, app, api])).toEqual([
      ['2024-10-04', 1, 0],
      ['2024-10-05', 1, 1],
    ]);
    expect(costReport(entries, { by: 'category' }).groups.map(({ group }) => group)).toEqual(['__proto__', 'app']);
    expect(costReport(entries, { by: 'wabaId' }).groups.map(({ group }) => group)).toEqual(['unknown']);
    expect(costReport(entries, { by: ({ waId }) => waId?.slice(0, 1) ?? '' }).groups).toMatchObject([{ group: '1', messages: 4 }]);
  });
});

describe('more details of an entry', () => {
  test("the tenant of the receiver and the customer's user ID are stored, and group the report", () => {
    const hidden = { ...echo('wamid.1'), tenant: 'bakery', customer: { userId: 'BR.123' } };
    const other = { ...status('wamid.2', 'sent', utility), tenant: { id: 7 } };
    const entries = [hidden, other].flatMap((event) => costEntry(event) ?? []);
    expect(entries[0]).toMatchObject({ tenant: 'bakery', userId: 'BR.123' });
    expect(costReport(entries, { by: 'tenant' }).groups.map(({ group, messages }) => [group, messages])).toEqual([
      ['bakery', 1],
      ['unknown', 1],
    ]);
    expect(costReport(entries, { by: 'country' }).groups.map(({ group }) => group)).toEqual(['BR', 'unknown']);
    const countryOf = (waId: string): string | undefined => countriesOf(waId)[0];
    expect(
      costReport([{ messageId: 'w', carriedBy: 'app', atMs: 1, waId: '442071234567' }], { by: 'country', countryOf }).groups,
    ).toMatchObject([{ group: 'GB', app: 1 }]);
  });

  test('the statuses of a payment are no outgoing message', () => {
    const payment = status('wamid.1', 'success');
    if (payment.type !== 'status') throw new Error('no status');
    expect(costEntry({ ...payment, status: { ...payment.status, type: 'payment' } })).toBeUndefined();
  });
});

describe("entries compared to Meta's analytics", () => {
  const span = { from: new Date(1_795_200_000_000), to: new Date(1_795_400_000_000) };
  const entries = entriesOf([
    echo('wamid.0'),
    status('wamid.1', 'delivered', utility),
    status('wamid.2', 'read', utility),
    status('wamid.3', 'delivered', service),
    status('wamid.4', 'sent', service),
    status('wamid.5', 'failed'),
    status('wamid.6', 'delivered', utility, 1_795_500_000),
    status('wamid.7', 'delivered', { category: 'authentication-international', type: 'regular' }),
  ]);
  const point = (pricing_category: string, pricing_type: string, volume: number, cost = 0) => ({
    start: 0,
    end: 1,
    pricing_category,
    pricing_type,
    volume,
    cost,
  });

  test('agree by category and type over delivered messages of the period', () => {
    const points = [
      point('UTILITY', 'REGULAR', 1, 0.02),
      point('UTILITY', 'REGULAR', 1, 0.03),
      point('SERVICE', 'FREE_CUSTOMER_SERVICE', 1),
      point('AUTHENTICATION_INTERNATIONAL', 'REGULAR', 1, 0.1),
    ];
    const { agrees, counted, reported, cost } = reconcileCosts(entries, points, span);
    expect({ agrees, counted, reported }).toEqual({ agrees: true, counted: 4, reported: 4 });
    expect(cost).toBeCloseTo(0.15);
  });

  test('differ if one side has more, with the largest difference first', () => {
    const { agrees, difference, rows } = reconcileCosts(
      entries,
      [point('MARKETING', 'REGULAR', 5, 0.5), point('UTILITY', 'REGULAR', 1)],
      span,
    );
    expect(agrees).toBe(false);
    expect(difference).toBe(2);
    expect(rows.map(({ category, difference: by }) => [category, by])).toEqual([
      ['marketing', 5],
      ['authentication_international', -1],
      ['service', -1],
      ['utility', -1],
    ]);
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

describe('the costs of a number', () => {
  const open = (costs?: CostsOptions) => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const coexistence = createCoexistence({
      client: createClient({ clock }),
      store,
      saveToken: () => undefined,
      sweepIntervalMs: false,
      ...(costs && { costs }),
    });
    opened.push(coexistence);
    const recorded: CostEntry[] = [];
    coexistence.on('cost.recorded', (entry) => void recorded.push(entry));
    return { coexistence, store, recorded, clock };
  };

  test('are emitted, and stored only on request, for a number of days', async () => {
    const told = open();
    await told.coexistence.handle(echo('wamid.1'));
    expect(told.recorded).toHaveLength(1);
    expect(await told.coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).toMatchObject({ messages: 0 });

    const kept = open({ keepMs: 35 * 86_400_000 });
    const events = [
      echo('wamid.1'),
      status('wamid.2', 'sent', utility),
      status('wamid.2', 'delivered', utility),
      status('wamid.2', 'delivered', utility),
    ];
    for (const event of events) await kept.coexistence.handle(event);
    expect(kept.recorded.at(-1)).toMatchObject({ messageId: 'wamid.2', status: 'delivered' });
    expect(await kept.coexistence.costs.report({ phoneNumberIds: [phoneNumberId, 'another'] })).toMatchObject({
      messages: 2,
      app: 1,
      api: 1,
      billed: 1,
    });
    await kept.clock.advance(35 * 86_400_000);
    expect(await kept.coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).toMatchObject({ messages: 0 });
  });

  test("are compared to Meta's analytics of the account", async () => {
    const data_points = [{ start: 1, end: 2, pricing_category: 'UTILITY', pricing_type: 'REGULAR', volume: 3, cost: 0.3 }];
    const { fetch, requests } = recordMeta({ pricing_analytics: { data: [{ data_points }] } });
    const coexistence = createCoexistence({
      client: createClient({ accessToken: 'token', fetch }),
      saveToken: () => undefined,
      sweepIntervalMs: false,
      costs: { keepMs: 62 * 86_400_000 },
    });
    opened.push(coexistence);
    await coexistence.handle(status('wamid.1', 'delivered', utility));
    const answer = await coexistence.costs.reconcile({
      wabaId: '102290129340398',
      phoneNumberIds: [phoneNumberId],
      from: new Date(1_795_200_000_000),
      to: new Date(1_795_400_000_000),
    });
    expect(decodeURIComponent(requests[0]?.href ?? '')).toMatch(
      /102290129340398.*pricing_analytics.*1795200000.*1795400000.*PRICING_CATEGORY.*PRICING_TYPE/,
    );
    expect(answer).toMatchObject({ agrees: false, rows: [{ category: 'utility', counted: 1, reported: 3, difference: 2 }] });
  });

  test('are read page by page', async () => {
    const { coexistence } = open({ keepMs: 1 * 86_400_000 });
    for (let index = 0; index < 1_100; index += 1) await coexistence.handle(echo(`wamid.${String(index)}`));
    expect(await coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).toMatchObject({ app: 1_100 });
  });
});
