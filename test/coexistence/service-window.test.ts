import fc from '../fast-check.js';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createClient,
  createCoexistence,
  createSender,
  ServiceWindowClosedError,
  type Coexistence,
  type CoexistenceOptions,
} from 'wa-coexist';
import {
  mergeServiceWindows,
  readServiceWindow,
  serviceWindowChange,
  type ServiceWindowEvent,
  type ServiceWindowState,
} from 'wa-coexist/coexistence';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks, type WebhookEvent, type WebhookEventOf } from 'wa-coexist/webhooks';
import { pass } from '../sender/virtual-meta.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const phoneNumberId = '339900000000001';
const mara = { waId: '15550100987', userId: 'US.1' };
const rules = { serviceWindowHours: 24 };

describe('the pure functions of the service window', () => {
  test('keep it open as long as the policy says after the last message, and close it to the millisecond', () => {
    const state = serviceWindowChange({}, { type: 'customer-wrote', atMs: hourMs });
    expect(readServiceWindow(state, hourMs + dayMs - 1, rules)).toEqual({ status: 'open', untilMs: hourMs + dayMs });
    expect(readServiceWindow(state, hourMs + dayMs, rules)).toEqual({ status: 'closed', untilMs: hourMs + dayMs });
    expect(readServiceWindow(state, 3 * hourMs, { serviceWindowHours: 1 }).status).toBe('closed');
  });

  test('know that it is closed only after a whole window was watched, or immediately after an onboarding', () => {
    expect(readServiceWindow({}, dayMs, rules).status).toBe('unknown');
    expect(readServiceWindow({}, dayMs, { ...rules, watchedFromMs: 1 }).status).toBe('unknown');
    expect(readServiceWindow({}, dayMs + 1, { ...rules, watchedFromMs: 1 }).status).toBe('closed');
    expect(readServiceWindow({}, 2, { ...rules, watchedFromMs: 1, sinceOnboarding: true }).status).toBe('closed');
  });

  test('ignore a message from before the onboarding', () => {
    const state = serviceWindowChange({}, { type: 'customer-wrote', atMs: 10_000 });
    const read = (watchedFromMs: number) => readServiceWindow(state, 20_000, { ...rules, watchedFromMs, sinceOnboarding: true }).status;
    expect(read(12_000)).toBe('closed');
    expect(read(10_500)).toBe('open');
  });

  test("don't keep it open for a free entry point", () => {
    const state = serviceWindowChange({}, { type: 'free-entry-point', untilMs: 3 * dayMs });
    expect(readServiceWindow(state, dayMs, { ...rules, watchedFromMs: 0 })).toEqual({ status: 'closed', freeUntilMs: 3 * dayMs });
    expect(readServiceWindow(state, 3 * dayMs, { ...rules, watchedFromMs: 0 })).toEqual({ status: 'closed' });
  });

  test('get the same result for any order and repetition of the events, and for two IDs', () => {
    const event: fc.Arbitrary<ServiceWindowEvent> = fc.oneof(
      fc.nat(1e6).map((atMs) => ({ type: 'customer-wrote' as const, atMs: atMs + 1 })),
      fc.nat(1e6).map((atMs) => ({ type: 'free-entry-point' as const, untilMs: atMs + 1 })),
    );
    const play = (events: readonly ServiceWindowEvent[]): ServiceWindowState => events.reduce(serviceWindowChange, {});
    fc.assert(
      fc.property(
        fc
          .array(event, { minLength: 1, maxLength: 12 })
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }), fc.nat(24)),
          ),
        ([list, mixed, cut]) => {
          expect(play(mixed)).toEqual(play(list));
          const [left, right] = [play(mixed.slice(0, cut)), play(mixed.slice(cut))];
          expect(mergeServiceWindows(left, right)).toEqual(play(list));
          expect(mergeServiceWindows(right, left)).toEqual(play(list));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

describe('the service window of a number', () => {
  const bench = (options: Partial<CoexistenceOptions> = {}) => {
    const clock = fakeClock();
    const coexistence = createCoexistence({
      client: createClient({ clock }),
      saveToken: () => undefined,
      sweepIntervalMs: false,
      ...options,
    });
    opened.push(coexistence);
    const base = (customer: WebhookEvent['customer']) => ({
      phoneNumberId,
      raw: {},
      key: 'k',
      customer: customer!,
      occurredAt: new Date(clock.now()),
    });
    const wrote = (content: object = { type: 'text', text: { body: 'Hello' } }, customer: WebhookEvent['customer'] = mara) =>
      ({ ...base(customer), type: 'message', field: 'messages', message: { id: 'wamid.1', ...content } }) as WebhookEventOf<'message'>;
    const get = (customer: NonNullable<WebhookEvent['customer']> = mara) => coexistence.serviceWindow.get({ phoneNumberId, customer });
    const others: readonly WebhookEvent[] = [
      { ...base(mara), type: 'echo', field: 'smb_message_echoes', message: { id: 'wamid.2', type: 'text', text: { body: 'Hello' } } },
      { ...base(mara), type: 'message.revoke', field: 'messages', messageId: 'wamid.3', originalMessageId: 'wamid.1' },
      {
        ...base(mara),
        type: 'message.edit',
        field: 'messages',
        messageId: 'wamid.4',
        originalMessageId: 'wamid.1',
        message: { type: 'text', text: { body: 'x' } },
      },
      {
        ...base(mara),
        type: 'history.media',
        field: 'history',
        direction: 'inbound',
        message: { id: 'wamid.5', type: 'text', text: { body: 'x' } },
      },
      { ...base(mara), type: 'status', field: 'messages', status: { id: 'wamid.6', status: 'read' } },
      wrote({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } }),
      wrote({ type: 'unsupported', errors: [{ code: 131060 }] }),
      wrote({ type: 'system', system: {} }),
    ];
    return { clock, coexistence, wrote, get, others };
  };

  test('is opened by live messages only', async () => {
    const { clock, coexistence, wrote, get, others } = bench();
    await coexistence.handle(others[0]!);
    await clock.advance(dayMs);
    for (const event of others) await coexistence.handle(event);
    expect(await get()).toEqual({ status: 'closed' });
    await coexistence.handle(wrote());
    expect(await get()).toEqual({ status: 'open', until: new Date(clock.now() + dayMs) });
    await clock.advance(dayMs);
    expect(await get()).toEqual({ status: 'closed', until: new Date(clock.now()) });
  });

  test('is the same for a number, a user ID, and another spelling of the number', async () => {
    const { coexistence, wrote, get } = bench();
    await coexistence.handle(wrote(undefined, { userId: 'AR.1' }));
    await coexistence.handle(wrote(undefined, { waId: '5491123456789', userId: 'AR.1' }));
    for (const customer of [{ userId: 'AR.1' }, { waId: '5491123456789' }, { waId: '541123456789' }]) {
      expect(await get(customer)).toMatchObject({ status: 'open' });
    }
    expect((await get({ waId: '15550100111' })).status).toBe('unknown');
  });

  test("can be opened by the caller's own function, or by a recorded message", async () => {
    const { clock, coexistence, get, others } = bench({
      serviceWindow: { opens: ({ message }) => (message.type === 'reaction' ? true : undefined) },
    });
    for (const event of others) await coexistence.handle(event);
    expect(await get()).toMatchObject({ status: 'open' });
    const customer = { waId: '15550100111' };
    const wroteAt = new Date(clock.now() - 23 * hourMs);
    expect(await coexistence.serviceWindow.record({ phoneNumberId, customer, wroteAt })).toEqual({
      status: 'open',
      until: new Date(clock.now() + hourMs),
    });
  });

  test('reports the end of the free entry point that Meta sent', async () => {
    const { clock, coexistence, wrote, get } = bench();
    await coexistence.handle(wrote());
    const until = Math.floor(clock.now() / 1_000) + 72 * 3_600;
    const status = {
      ...wrote(),
      type: 'status',
      status: {
        id: 'wamid.7',
        status: 'sent',
        pricing: { type: 'free_entry_point' },
        conversation: { expiration_timestamp: String(until) },
      },
    } as unknown as WebhookEvent;
    await coexistence.handle(status);
    expect(await get()).toMatchObject({ status: 'open', freeUntil: new Date(until * 1_000) });
  });

  test('rejects messages other than templates in the sender, before the network, if it is closed', async () => {
    const clock = fakeClock();
    const fake = createFakeCloudApi({ clock });
    const number = fake.coexistenceNumber();
    const client = createClient({ fetch: fake.fetch, accessToken: number.accessToken, phoneNumberId: number.phoneNumberId, clock });
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
    const coexistence = createCoexistence({ client, webhooks, saveToken: () => undefined, sweepIntervalMs: false });
    opened.push(coexistence);
    fake.deliverTo(webhooks.fetch);
    const sender = createSender({
      client,
      throughput: 'coexistence',
      clock,
      guards: [coexistence.serviceWindow.guard, coexistence.restrictions.guard],
    });
    const customer = fake.customer(mara.waId);
    customer.send(number.phoneNumberId, 'Do you have rye bread?');
    await fake.settled();
    const send = (message: Parameters<typeof sender.send>[0]) => pass(clock, sender.send(message));
    expect(await send({ to: mara.waId, ...text('Yes') })).toMatchObject({ outcome: 'accepted' });
    await clock.advance(dayMs);
    // Messages from the app don't open a window.
    fake.phone(number).send(mara.waId, 'Still there?');
    await fake.settled();
    const before = fake.requests.length;
    const refused = await send({ to: mara.waId, ...text('Yes') });
    expect(refused).toMatchObject({ outcome: 'rejected', by: 'guard', error: { kind: 'window-closed' } });
    expect(refused.outcome === 'rejected' && refused.error).toBeInstanceOf(ServiceWindowClosedError);
    expect(await send({ recipient: customer.userId, ...text('Yes') })).toMatchObject({ error: { kind: 'window-closed' } });
    expect(fake.requests).toHaveLength(before);
    const context = { phoneNumberId: number.phoneNumberId, priority: 'normal' } as const;
    expect(await coexistence.serviceWindow.guard({ to: mara.waId, ...template('hello_world', 'en_US') }, context)).toEqual({
      verdict: 'pass',
    });
    expect(await send({ to: 'group', recipient_type: 'group', ...text('Yes') })).toMatchObject({
      by: 'guard',
      error: { kind: 'restricted-feature', feature: 'groups-api' },
    });
    await sender.close();
  });
});
