import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createClient, createCoexistence, InvalidArgumentError, memoryStore } from 'wa-coexist';
import { coexistencePolicy, costEntry, costReport, freeTier, mergeCostEntries, type CostEntry } from 'wa-coexist/coexistence';
import { fakeClock } from 'wa-coexist/testing';
import type { MessagePricing, WebhookEvent } from 'wa-coexist/webhooks';

const phoneNumberId = '339900000000001';
const free = { category: 'service', type: 'free_customer_service' } as const;
const charged = { category: 'service', type: 'regular' } as const;

const status = (id: string, name: string, at: string, pricing?: MessagePricing): WebhookEvent => ({
  type: 'status',
  field: 'messages',
  phoneNumberId,
  key: 'k',
  raw: {},
  customer: { waId: '15550100987' },
  occurredAt: new Date(at),
  status: { id, status: name, ...(pricing && { pricing }) },
});

function entriesOf(events: readonly WebhookEvent[]): readonly CostEntry[] {
  const entries = new Map<string, CostEntry>();
  for (const event of events) {
    const entry = costEntry(event);
    if (entry) entries.set(entry.messageId, mergeCostEntries(entries.get(entry.messageId), entry));
  }
  return [...entries.values()];
}

const deliveries = (count: number, at: string, pricing: MessagePricing): readonly WebhookEvent[] =>
  Array.from({ length: count }, (_, index) => status(`wamid.${at}.${pricing.type ?? ''}.${String(index)}`, 'delivered', at, pricing));

describe('the free tier of service messages', () => {
  const october = { at: new Date('2026-10-15T00:00:00Z') };

  test('counts delivered service messages of the month and reports the remainder', () => {
    const events = [
      ...deliveries(3, '2026-10-02T10:00:00Z', free),
      ...deliveries(1, '2026-10-02T10:00:01Z', { category: 'group_service', type: 'free_group_customer_service' }),
      // None of these uses the tier.
      status('wamid.reaction', 'sent', '2026-10-02T11:00:00Z', free),
      status('wamid.failed', 'failed', '2026-10-02T11:00:00Z', free),
      ...deliveries(2, '2026-10-02T12:00:00Z', { category: 'utility', type: 'regular' }),
      ...deliveries(2, '2026-10-02T12:00:00Z', { category: 'referral_conversion', type: 'free_entry_point' }),
    ];
    expect(freeTier(entriesOf(events), october)).toEqual([
      { phoneNumberId, month: '2026-10', limit: 1_000, used: 4, remaining: 996, charged: 0, exempt: 0 },
    ]);
  });

  test.each([
    ['2026-09-30T23:59:59Z', '2026-09', Infinity, Infinity],
    ['2026-10-01T00:00:00Z', '2026-10', 1_000, 999],
    ['2026-10-31T23:59:59Z', '2026-10', 1_000, 999],
    ['2026-11-01T00:00:00Z', '2026-11', 1_000, 999],
  ])('a delivery at %s counts in %s, without roll-over', (at, month, limit, remaining) => {
    const entries = entriesOf(deliveries(1, at, free));
    expect(freeTier(entries, { at: new Date(at) })).toMatchObject([{ month, limit, used: 1, remaining }]);
    for (const other of ['2026-09-15', '2026-10-15', '2026-11-15'].filter((day) => !day.startsWith(month))) {
      expect(freeTier(entries, { at: new Date(other) })).toMatchObject([{ used: 0, charged: 0 }]);
    }
  });

  test('the month is in the given time zone', () => {
    // 31 October, 23:30 in São Paulo.
    const entries = entriesOf(deliveries(1, '2026-11-01T02:30:00Z', free));
    expect(freeTier(entries, { ...october, timeZone: 'America/Sao_Paulo' })).toMatchObject([{ month: '2026-10', used: 1 }]);
    expect(freeTier(entries, october)).toMatchObject([{ month: '2026-10', used: 0 }]);
    expect(freeTier(entries, { at: new Date('2026-10-31T23:30:00Z'), timeZone: 'Pacific/Auckland' })).toMatchObject([
      { month: '2026-11', used: 1 },
    ]);
  });

  test('a message counts in the month of its delivery, in whichever order its statuses arrive', () => {
    const events = [
      status('wamid.1', 'sent', '2026-10-31T23:59:50Z', free),
      status('wamid.1', 'delivered', '2026-11-01T00:00:05Z', free),
      status('wamid.1', 'read', '2026-12-01T00:00:05Z'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 6 }), (shuffled) => {
        const entries = entriesOf(shuffled);
        expect(freeTier(entries, october)).toMatchObject([{ used: 0 }]);
        expect(freeTier(entries, { at: new Date('2026-11-15') })).toMatchObject([{ used: 1 }]);
      }),
    );
    // Meta omits `delivered` if the customer reads immediately.
    const read = entriesOf([status('wamid.2', 'read', '2026-10-05T00:00:00Z', free), status('wamid.2', 'sent', '2026-10-04T00:00:00Z')]);
    expect(freeTier(read, october)).toMatchObject([{ used: 1 }]);
  });

  test('the remainder is 0 once Meta charges, even if free messages are missing, and exempt ones are not billed', () => {
    const events = [
      ...deliveries(5, '2026-10-20T00:00:00Z', free),
      ...deliveries(2, '2026-10-21T00:00:00Z', charged),
      ...deliveries(3, '2026-10-22T00:00:00Z', { ...charged, subtype: 'paid_exempt' }),
    ];
    expect(freeTier(entriesOf(events), october)).toMatchObject([{ used: 5, remaining: 0, charged: 2, exempt: 3 }]);
    expect(costReport(entriesOf(events)).billed).toBe(2);
    // A charge before free messages belongs to the month before, by the time zone of the account.
    const boundary = [...deliveries(1, '2026-10-01T00:00:01Z', charged), ...deliveries(1, '2026-10-01T08:00:00Z', free)];
    expect(freeTier(entriesOf(boundary), october)).toMatchObject([{ used: 1, remaining: 999, charged: 1 }]);
  });

  test('an unknown time zone and an invalid date are rejected', () => {
    expect(() => freeTier([], { timeZone: 'Mars/Olympus' })).toThrow(InvalidArgumentError);
    expect(() => freeTier([], { at: new Date(Number.NaN) })).toThrow(InvalidArgumentError);
    const client = createClient({ accessToken: 'token', phoneNumberId });
    expect(() => createCoexistence({ client, saveToken: () => undefined, costs: { timeZone: 'Mars/Olympus' } })).toThrow(
      InvalidArgumentError,
    );
  });
});

describe('costs.freeTier', () => {
  test('reads the store number by number, for the current month of the clock and the configured time zone', async () => {
    const clock = fakeClock({ now: new Date('2026-10-31T12:00:00Z') });
    const client = createClient({ accessToken: 'token', phoneNumberId });
    const coexistence = createCoexistence({
      client,
      clock,
      store: memoryStore({ clock }),
      saveToken: () => undefined,
      costs: { keepMs: 62 * 86_400_000, timeZone: 'America/Sao_Paulo' },
    });
    for (const event of deliveries(7, '2026-11-01T01:00:00Z', free)) await coexistence.handle(event);
    const phoneNumberIds = [phoneNumberId, '339900000000002'];
    expect(await coexistence.costs.freeTier({ phoneNumberIds })).toEqual([
      { phoneNumberId, month: '2026-10', limit: 1_000, used: 7, remaining: 993, charged: 0, exempt: 0 },
      { phoneNumberId: '339900000000002', month: '2026-10', limit: 1_000, used: 0, remaining: 1_000, charged: 0, exempt: 0 },
    ]);
    expect(await coexistence.costs.freeTier({ phoneNumberIds: [phoneNumberId], timeZone: 'UTC' })).toMatchObject([{ used: 0 }]);
    await coexistence.close();
  });

  test('an override of the policy replaces the limit, and a policy of September does not', async () => {
    const clock = fakeClock({ now: new Date('2026-10-15T12:00:00Z') });
    const client = createClient({ accessToken: 'token', phoneNumberId });
    const limitWith = async (policy: ReturnType<typeof coexistencePolicy>): Promise<number | undefined> => {
      const coexistence = createCoexistence({ client, clock, policy, store: memoryStore({ clock }), saveToken: () => undefined });
      const [usage] = await coexistence.costs.freeTier({ phoneNumberIds: [phoneNumberId] });
      await coexistence.close();
      return usage?.limit;
    };
    expect(await limitWith(coexistencePolicy({ overrides: { limits: { freeServiceMessages: 5_000 } } }))).toBe(5_000);
    expect(await limitWith(coexistencePolicy({ asOf: '2026-09-01' }))).toBe(1_000);
  });
});
