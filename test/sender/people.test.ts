import fc from '../fast-check.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient, createSender, memoryStore, wait, type OutgoingMessage, type SenderOptions, type Store } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { parseWebhook } from 'wa-coexist/webhooks';
import { graphError, recordMeta } from '../meta/recorder.js';
import { pass } from './virtual-meta.js';
import { webhookSource } from './webhook-source.js';

const phoneNumberId = '106540352242922';
const runs = process.env.WA_COEXIST_LONG === '1' ? 20_000 : 200;
const folder = mkdtempSync(join(tmpdir(), 'sender-people-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Request {
  readonly name: string;
  readonly startedAtMs: number;
  endedAtMs: number;
}

/** A sender whose requests take some time, and its webhooks. */
function setUp(options: Partial<SenderOptions> = {}, travelMs: (name: string) => number = () => 50, reply?: () => Response) {
  const clock = options.clock ? (options.clock as ReturnType<typeof fakeClock>) : fakeClock();
  const requests: Request[] = [];
  const { fetch, bodies } = recordMeta(async ({ body }) => {
    const { text, template } = body as { readonly text?: { readonly body: string }; readonly template?: { readonly name: string } };
    const name = text?.body ?? template?.name ?? '';
    const request = { name, startedAtMs: clock.monotonic(), endedAtMs: Infinity };
    requests.push(request);
    await wait(clock, travelMs(name));
    request.endedAtMs = clock.monotonic();
    return reply?.() ?? { messaging_product: 'whatsapp', messages: [{ id: `wamid.${String(requests.length)}` }] };
  });
  const webhooks = webhookSource();
  const client = createClient({ accessToken: 'token', phoneNumberId, fetch, clock });
  const sender = createSender({ client, throughput: 1_000, webhooks: webhooks.source, ...options });
  let seconds = 1_793_610_000;
  const deliver = async (field: string, value: object): Promise<void> => {
    const metadata = { display_phone_number: '15550100123', phone_number_id: phoneNumberId };
    const changes = [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }];
    for (const event of parseWebhook({ object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] }))
      await webhooks.deliver(event);
  };
  const at = (): string => String((seconds += 60));
  return {
    clock,
    requests,
    bodies,
    sender,
    deliver,
    /** The customer writes with a phone number and a user ID. */
    inbound: (ids: { readonly waId?: string; readonly userId?: string }) =>
      deliver('messages', {
        contacts: [{ profile: { name: 'Ada' }, wa_id: ids.waId, user_id: ids.userId }],
        messages: [
          { from: ids.waId, from_user_id: ids.userId, id: `wamid.in${at()}`, timestamp: at(), type: 'text', text: { body: 'Hi' } },
        ],
      }),
    choose: (ids: { readonly wa_id?: string; readonly user_id?: string }, value: 'stop' | 'resume') =>
      deliver('user_preferences', { user_preferences: [{ ...ids, category: 'marketing_messages', value, timestamp: at() }] }),
    chooseAt: (ids: { readonly wa_id?: string; readonly user_id?: string }, value: 'stop' | 'resume', timestamp: number) =>
      deliver('user_preferences', { user_preferences: [{ ...ids, category: 'marketing_messages', value, timestamp }] }),
    changeUserId: (previous: string, current: string) =>
      deliver('messages', {
        messages: [
          {
            id: `wamid.sys${at()}`,
            timestamp: at(),
            type: 'system',
            system: { type: 'user_changed_user_id', body: 'Changed', user_id: current, previous_user_id: previous },
          },
        ],
      }),
    changeNumber: (previous: string, current: string) =>
      deliver('messages', {
        messages: [
          {
            from: previous,
            id: `wamid.sys${at()}`,
            timestamp: at(),
            type: 'system',
            system: { type: 'user_changed_number', body: 'Changed', wa_id: current },
          },
        ],
      }),
    send: (recipient: string, name: string) => sender.send({ ...fieldOf(recipient), ...text(name) }),
    market: async (recipient: string): Promise<string> => {
      const sent = sender.send({ ...fieldOf(recipient), ...template('spring', 'en_US') }, { category: 'marketing' });
      const result = await pass(clock, sent);
      return result.outcome === 'rejected' ? ((result.error as { reason?: string }).reason ?? result.by) : result.outcome;
    },
  };
}

function fieldOf(recipient: string): { readonly to: string } | { readonly recipient: string } {
  return /^[A-Z]{2}\./.test(recipient) ? { recipient } : { to: recipient };
}

/** An item of a webhook with both IDs of a person. */
function linking(role: 'from' | 'to' | 'recipient') {
  const number = role === 'recipient' ? 'recipient_id' : role;
  const ids = { [number]: '15550100987', [`${role}_user_id`]: 'US.1001' };
  return {
    ...ids,
    ...(role === 'to' && { from: '15550100123' }),
    id: 'wamid.1',
    timestamp: '1793700000',
    type: 'text',
    text: { body: 'Hi' },
  };
}

const slowFirst = (name: string): number => (name === 'first' ? 300 : 10);

describe('the queue of a person', () => {
  test.each([
    ['punctuation', '15550100987', '+1 555 010-0987'],
    ['the ninth digit of Brazil', '5511987654321', '+55 11 8765-4321'],
    ['the 1 of Mexico', '5215512345678', '525512345678'],
    ['the 9 of Argentina', '5491123456789', '+54 11 2345 6789'],
  ])('is one for both spellings of a number: %s', async (_name, one, other) => {
    const { clock, sender, send, requests } = setUp({}, slowFirst);
    await pass(clock, Promise.all([send(one, 'first'), send(other, 'second')]));
    expect(requests.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(requests[1]?.startedAtMs).toBeGreaterThanOrEqual(requests[0]?.endedAtMs ?? Infinity);
    await sender.close();
  });

  test('is not shared by a landline and a mobile number that look alike', async () => {
    const { clock, sender, send, requests } = setUp({}, slowFirst);
    await pass(clock, Promise.all([send('551133334444', 'first'), send('5511933334444', 'second')]));
    expect(requests[1]?.startedAtMs).toBeLessThan(requests[0]?.endedAtMs ?? 0);
    await sender.close();
  });

  test('is one for a phone number and a user ID that one event contained, also while a message is in flight', async () => {
    const { clock, sender, send, requests, inbound } = setUp({}, slowFirst);
    const sends = [send('15550100987', 'first')];
    await clock.advance(50);
    expect(requests).toHaveLength(1);
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    sends.push(send('US.1001', 'second'), send('15550100987', 'third'), send('US.1001', 'fourth'));
    await pass(clock, Promise.all(sends));
    expect(requests.map(({ name }) => name)).toEqual(['first', 'second', 'third', 'fourth']);
    expect(requests[1]?.startedAtMs).toBeGreaterThanOrEqual(requests[0]?.endedAtMs ?? Infinity);
    await sender.close();
  });

  test.each([
    ['a message in a conversation of another app', 'standby', { standby: { messages: [linking('from')] } }],
    ['an echo in a conversation of another app', 'standby', { standby: { message_echoes: [linking('to')] } }],
    ['a status in a conversation of another app', 'standby', { standby: { statuses: [{ ...linking('recipient'), status: 'sent' }] } }],
    ['a call', 'calls', { calls: [{ ...linking('from'), event: 'connect', direction: 'USER_INITIATED' }] }],
    ['the status of a call', 'calls', { statuses: [{ ...linking('recipient'), type: 'call', status: 'RINGING' }] }],
  ])('is one for a phone number and a user ID that %s contained', async (_name, field, value) => {
    const { clock, sender, send, requests, deliver } = setUp({}, slowFirst);
    await deliver(field, value);
    await pass(clock, Promise.all([send('15550100987', 'first'), send('US.1001', 'second')]));
    expect(requests[1]?.startedAtMs).toBeGreaterThanOrEqual(requests[0]?.endedAtMs ?? Infinity);
    await sender.close();
  });

  test('is one after a restart, and in a process without webhooks, by the links in the store', async () => {
    const store = sqliteStore(join(folder, 'links.db'));
    const before = setUp({ store });
    await before.inbound({ waId: '15550100987', userId: 'US.1001' });
    await before.changeUserId('US.1001', 'US.2002');
    await before.sender.close();
    const { clock, sender, send, requests } = setUp({ store, webhooks: webhookSource().source }, slowFirst);
    const names = ['US.2002', '+1 (555) 010-0987', 'US.1001', '15550100987'];
    const sends = names.map((recipient, index) => send(recipient, index === 0 ? 'first' : String(index + 1)));
    await pass(clock, Promise.all(sends));
    expect(requests.map(({ name }) => name)).toEqual(['first', '2', '3', '4']);
    for (const [index, { startedAtMs }] of requests.entries()) {
      if (index > 0) expect(startedAtMs).toBeGreaterThanOrEqual(requests[index - 1]?.endedAtMs ?? Infinity);
    }
    await sender.close();
  });

  test('has one pair rate', async () => {
    const { clock, sender, send, requests, inbound } = setUp();
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    const sends = Array.from({ length: 46 }, (_, index) => send(index % 2 === 0 ? '15550100987' : 'US.1001', String(index)));
    await clock.advance(5_000);
    expect(requests).toHaveLength(45);
    await pass(clock, Promise.all(sends));
    expect(requests.map(({ name }) => name)).toEqual(sends.map((_, index) => String(index)));
    await sender.close();
  });

  test('a plan counts a person once', async () => {
    const { sender, inbound } = setUp();
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    const recipients = ['15550100987', '+1 555 010-0987', 'US.1001', '15550100988'];
    const plan = await sender.plan(
      recipients.map((recipient): OutgoingMessage => ({ ...fieldOf(recipient), ...text('Hello') })),
      { messagingLimit: 250 },
    );
    expect(plan).toMatchObject({ messages: 4, recipients: 2, outsideWindow: { recipients: 2, notTemplates: 4 } });
    await sender.close();
  });

  test('a plan counts a person once whom another process knows', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const before = setUp({ store, clock });
    await before.inbound({ waId: '15550100987', userId: 'US.1001' });
    await before.sender.close();
    const { sender } = setUp({ store, clock });
    const planned = ['15550100987', 'US.1001'].map((recipient): OutgoingMessage => ({ ...fieldOf(recipient), ...text('Hello') }));
    expect(await sender.plan(planned, { messagingLimit: 250 })).toMatchObject({ messages: 2, recipients: 1 });
    await sender.close();
  });

  test('delays a message by a second at most if its store hangs, and further messages not at all', async () => {
    const memory = memoryStore();
    const store: Store = {
      ...memory,
      get: (key) => (key.includes('/identity/') ? new Promise(() => undefined) : memory.get(key)),
    };
    const { clock, sender, send, requests } = setUp({ store, logger: silent });
    const startMs = clock.monotonic();
    await pass(clock, send('15550100987', 'first'));
    expect((requests[0]?.startedAtMs ?? Infinity) - startMs).toBeLessThanOrEqual(1_100);
    const nextMs = clock.monotonic();
    await pass(clock, send('15550100988', 'second'));
    expect((requests[1]?.startedAtMs ?? Infinity) - nextMs).toBeLessThanOrEqual(100);
    await sender.close();
  });
});

describe('an opt-out', () => {
  test.each([
    ['a number', { wa_id: '5511987654321' }, '551187654321'],
    ['a user ID, and a message goes to the number', { user_id: 'BR.1001' }, '+55 11 8765-4321'],
    ['a number, and a message goes to the user ID', { wa_id: '551187654321' }, 'BR.1001'],
  ])('counts for the whole person if the webhook contains %s', async (_name, ids, recipient) => {
    const { sender, inbound, choose, market } = setUp();
    await inbound({ waId: '5511987654321', userId: 'BR.1001' });
    await choose(ids, 'stop');
    expect(await market(recipient)).toBe('opted-out');
    await choose({ user_id: 'BR.1001' }, 'resume');
    expect(await market(recipient)).toBe('accepted');
    await sender.close();
  });

  test('is learned before the link of the two IDs', async () => {
    const { sender, inbound, choose, market } = setUp();
    await choose({ user_id: 'US.1001' }, 'stop');
    expect(await market('15550100987')).toBe('accepted');
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    expect(await market('15550100987')).toBe('opted-out');
    await sender.close();
  });

  test('is learned from a failed status with code 131050, which can contain a user ID only', async () => {
    const { sender, inbound, deliver, market } = setUp();
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    const errors = [{ code: 131_050, title: 'Stopped' }];
    await deliver('messages', {
      statuses: [{ id: 'wamid.1', status: 'failed', timestamp: '1793700000', recipient_user_id: 'US.1001', errors }],
    });
    expect(await market('+1 555 010-0987')).toBe('opted-out');
    expect(await market('US.1001')).toBe('opted-out');
    await sender.close();
  });

  test('is learned for the member of a group whose message failed, and group messages are still accepted', async () => {
    const { clock, sender, deliver, market } = setUp();
    const group = 'Y2FwaV9ncm91cDox';
    const errors = [{ code: 131_050, title: 'Stopped' }];
    const failed = { id: 'wamid.1', status: 'failed', timestamp: '1793700000', recipient_id: group, recipient_type: 'group', errors };
    await deliver('messages', {
      statuses: [{ ...failed, recipient_participant_id: '15550100987', recipient_participant_user_id: 'US.1001' }, { ...failed }],
    });
    expect(await market('+1 555 010-0987')).toBe('opted-out');
    expect(await market('US.1001')).toBe('opted-out');
    expect(await market(group)).toBe('accepted');
    const toGroup = { to: group, recipient_type: 'group' as const, ...template('spring', 'en_US') };
    expect(await pass(clock, sender.send(toGroup, { category: 'marketing' }))).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });

  test('is not learned for a group that Meta rejects, and does not count for a group with the ID of a person', async () => {
    const codes = [131_050];
    const { clock, sender, choose, market } = setUp({}, undefined, () => {
      const code = codes.shift();
      return code === undefined ? Response.json({ messaging_product: 'whatsapp', messages: [{ id: 'wamid.1' }] }) : graphError(code);
    });
    const toGroup = { to: '15550100987', recipient_type: 'group' as const, ...template('spring', 'en_US') };
    const send = () => pass(clock, sender.send(toGroup, { category: 'marketing' }));
    expect(await send()).toMatchObject({ outcome: 'rejected', by: 'meta' });
    expect(await market('15550100987')).toBe('accepted');
    await choose({ wa_id: '15550100987' }, 'stop');
    expect(await market('15550100987')).toBe('opted-out');
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });

  test('follows a person whose number and user ID change, and stays with them when the number has a new owner', async () => {
    const { sender, inbound, choose, changeUserId, changeNumber, market } = setUp();
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    await choose({ wa_id: '15550100987' }, 'stop');
    await changeNumber('15550100987', '15550100555');
    await changeUserId('US.1001', 'US.2002');
    expect(await market('US.2002')).toBe('opted-out');
    expect(await market('15550100555')).toBe('opted-out');
    await inbound({ waId: '15550100987', userId: 'US.7777' });
    expect(await market('15550100987')).toBe('accepted');
    expect(await market('US.7777')).toBe('accepted');
    expect(await market('US.2002')).toBe('opted-out');
    await sender.close();
  });

  test.each([
    ['an opt-out', 'stop', 'opted-out'],
    ['an opt-in', 'resume', 'accepted'],
  ] as const)('is decided by the latest choice, also if %s arrives before an older choice', async (_name, value, expected) => {
    const earlier = value === 'stop' ? 'resume' : 'stop';
    for (const [one, other] of [
      [{ wa_id: '5511987654321' }, { wa_id: '551187654321' }],
      // The two IDs are linked later.
      [{ wa_id: '5511987654321' }, { user_id: 'BR.1001' }],
    ] as const) {
      const { sender, inbound, chooseAt, market } = setUp();
      await chooseAt(one, value, 1_793_600_200);
      await chooseAt(other, earlier, 1_793_600_100);
      await inbound({ waId: '5511987654321', userId: 'BR.1001' });
      expect(await market('BR.1001')).toBe(expected);
      expect(await market('+55 11 8765-4321')).toBe(expected);
      await sender.close();
    }
  });

  test.each([
    [100, 300],
    [300, 100],
  ])('is as late as the latest of several, which arrive in the order %i, %i', async (...times) => {
    const { sender, chooseAt, market } = setUp();
    const at = (seconds: number): number => 1_793_600_000 + seconds;
    const ids = { wa_id: '15550100987' };
    for (const seconds of times) await chooseAt(ids, 'stop', at(seconds));
    await chooseAt(ids, 'resume', at(200));
    expect(await market('15550100987')).toBe('opted-out');
    for (const seconds of times) await chooseAt(ids, 'resume', at(300 + seconds));
    expect(await market('15550100987')).toBe('accepted');
    await chooseAt(ids, 'stop', at(500));
    expect(await market('15550100987')).toBe('accepted');
    await sender.close();
  });

  test('ends with an opt-in, and a failed status from before it does not renew it', async () => {
    const { sender, chooseAt, deliver, market } = setUp();
    await chooseAt({ wa_id: '15550100987' }, 'resume', 1_793_600_200);
    const failedAt = (timestamp: string): Promise<void> =>
      deliver('messages', {
        statuses: [{ id: 'wamid.1', status: 'failed', timestamp, recipient_id: '15550100987', errors: [{ code: 131_050 }] }],
      });
    await failedAt('1793600100');
    expect(await market('15550100987')).toBe('accepted');
    await failedAt('1793600300');
    expect(await market('15550100987')).toBe('opted-out');
    await sender.close();
  });

  test('before an opt-in stays without effect when the opt-in is no longer stored', async () => {
    const clock = fakeClock();
    const { sender, inbound, chooseAt, market } = setUp({ clock, store: memoryStore({ clock }) });
    await chooseAt({ wa_id: '5511987654321' }, 'resume', 1_793_600_200);
    await chooseAt({ user_id: 'BR.1001' }, 'stop', 1_793_600_100);
    // Only this message links the two IDs.
    await inbound({ waId: '5511987654321', userId: 'BR.1001' });
    await clock.advance(31 * 86_400_000);
    expect(await market('BR.1001')).toBe('accepted');
    await sender.close();
  });

  test('that two processes learn in the wrong order is decided by the latest choice', async () => {
    const store = sqliteStore(join(folder, 'order.db'));
    const [one, other] = [setUp({ store }), setUp({ store })];
    await one.inbound({ waId: '15550100987', userId: 'US.1001' });
    await one.chooseAt({ user_id: 'US.1001' }, 'resume', 1_793_600_200);
    await other.chooseAt({ wa_id: '15550100987' }, 'stop', 1_793_600_100);
    expect(await one.market('15550100987')).toBe('accepted');
    await other.chooseAt({ wa_id: '15550100987' }, 'stop', 1_793_600_300);
    await one.chooseAt({ user_id: 'US.1001' }, 'resume', 1_793_600_250);
    expect(await other.market('US.1001')).toBe('opted-out');
    await Promise.all([one.sender.close(), other.sender.close()]);
  });

  test('moves to the person one time if two persons turn out to be one in two processes', async () => {
    const store = sqliteStore(join(folder, 'moves.db'));
    const [one, other] = [setUp({ store }), setUp({ store })];
    await one.choose({ user_id: 'US.1001' }, 'stop');
    await other.choose({ wa_id: '15550100987' }, 'stop');
    await one.inbound({ waId: '15550100987', userId: 'US.1001' });
    const results = await Promise.all([one.market('15550100987'), other.market('US.1001')]);
    expect(results).toEqual(['opted-out', 'opted-out']);
    const entries = await store.list('sender/', { limit: 100 });
    expect(entries.filter(({ key }) => key.includes('opt-out'))).toHaveLength(1);
    await other.choose({ wa_id: '15550100987' }, 'resume');
    expect(await one.market('US.1001')).toBe('accepted');
    await Promise.all([one.sender.close(), other.sender.close()]);
  });

  test('that an earlier version stored under a single ID counts for the person, and moves one time', async () => {
    const store = sqliteStore(join(folder, 'earlier.db'));
    await store.set(`sender/${phoneNumberId}/opt-out/US.1001`, true);
    const { sender, inbound, market } = setUp({ store });
    expect(await market('US.1001')).toBe('opted-out');
    await inbound({ waId: '15550100987', userId: 'US.1001' });
    expect(await market('15550100987')).toBe('opted-out');
    expect(await store.get(`sender/${phoneNumberId}/opt-out/US.1001`)).toBeUndefined();
    await sender.close();
  });
});

describe('a status', () => {
  test('settles an unknown send if it spells the wamid differently and contains only the user ID', async () => {
    const { clock, sender, send, bodies, deliver } = setUp({}, undefined, () => new Response('', { status: 500 }));
    const result = await pass(clock, send('15550100987', 'first'));
    expect(result.outcome).toBe('unknown');
    const status = {
      id: 'wamid.HBgEVVMuMRUUABEYCVRPS0VOLjAwMQA=',
      status: 'sent',
      timestamp: '1793700000',
      recipient_user_id: 'US.1001',
      biz_opaque_callback_data: (bodies[0] as { readonly biz_opaque_callback_data: string }).biz_opaque_callback_data,
    };
    await deliver('messages', { statuses: [status] });
    if (result.outcome === 'unknown') expect(await result.settled).toMatchObject({ outcome: 'accepted', messageId: status.id });
    await sender.close();
  });
});

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('in any order of events and sends', () => {
  /** The IDs of one person. Events link neighbors in this list. */
  const people = [
    ['5511987654321', '+55 11 8765-4321', 'BR.1'],
    ['5215512345678', '+52 55 1234-5678', 'MX.1', 'MX.2'],
    ['15550100987', '+1 555 010-0987', 'US.1', 'US.2', '001 555 010 0987', 'US.3'],
    ['5491123456789', 'AR.1'],
  ] as const;
  const isNumber = (id: string): boolean => !/^[A-Z]{2}\./.test(id);
  const step = fc.record({
    type: fc.constantFrom('send' as const, 'send' as const, 'event' as const, 'stop' as const, 'resume' as const, 'market' as const),
    id: fc.nat(5),
    pauseMs: fc.constantFrom(0, 0, 1, 40, 200),
  });

  test(`one person has one queue and one opt-out (${String(runs)} runs)`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...people),
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        fc.array(fc.nat(120), { minLength: 41, maxLength: 41 }),
        async (ids, steps, isShared, travel) => {
          const clock = fakeClock();
          const shared = isShared ? { store: memoryStore({ clock }) } : {};
          const { sender, send, requests, inbound, choose, changeUserId, market } = setUp(
            { ...shared, clock },
            (name) => travel[Number(name)] ?? 10,
          );
          const idOf = (index: number): string => ids[index % ids.length] ?? ids[0];
          const [number] = ids;
          const userIds = ids.filter((id) => !isNumber(id));
          const [firstUserId = ''] = userIds;
          await inbound({ waId: number, userId: firstUserId });
          for (const [index, userId] of userIds.entries()) if (index > 0) await changeUserId(userIds[index - 1] ?? '', userId);
          const sends: Promise<unknown>[] = [];
          let optedOut = false;
          for (const { type, id, pauseMs } of steps) {
            const chosen = idOf(id);
            if (type === 'send') sends.push(send(chosen, String(sends.length)));
            else if (type === 'event') await inbound({ waId: number, userId: userIds.at(-1) ?? '' });
            else if (type === 'market') expect(await market(chosen)).toBe(optedOut ? 'opted-out' : 'accepted');
            else {
              await choose(isNumber(chosen) ? { wa_id: chosen } : { user_id: chosen }, type);
              optedOut = type === 'stop';
            }
            if (pauseMs > 0) await clock.advance(pauseMs);
          }
          await pass(clock, Promise.all(sends));
          const texts = requests.filter(({ name }) => name !== 'spring');
          expect(texts.map(({ name }) => name)).toEqual(sends.map((_, index) => String(index)));
          for (const [index, { startedAtMs }] of requests.entries()) {
            if (index > 0) expect(startedAtMs).toBeGreaterThanOrEqual(requests[index - 1]?.endedAtMs ?? Infinity);
          }
          await sender.close();
        },
      ),
      { numRuns: runs },
    );
  });

  test(`different people are never merged (${String(runs)} runs)`, { timeout: 3_600_000 }, async () => {
    const owner = fc.record({ user: fc.nat(3), stops: fc.boolean() });
    const twins = fc.constantFrom(
      ['551133334444', '5511933334444'] as const,
      ['15550100987', '15550100988'] as const,
      ['525512345678', '5255123456789'] as const,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(owner, { minLength: 2, maxLength: 8 }), twins, fc.boolean(), async (owners, [number, twin], isShared) => {
        const clock = fakeClock();
        const { sender, inbound, choose, market, send, requests } = setUp({
          clock,
          ...(isShared && { store: memoryStore({ clock }) }),
        });
        const optedOut = new Map<string, boolean>();
        let present = '';
        for (const { user, stops } of owners) {
          present = `US.${String(user + 1)}`;
          await inbound({ waId: number, userId: present });
          if (stops) {
            await choose({ wa_id: number, user_id: present }, 'stop');
            optedOut.set(present, true);
          }
        }
        for (const { user } of owners) {
          const userId = `US.${String(user + 1)}`;
          expect(await market(userId)).toBe(optedOut.get(userId) === true ? 'opted-out' : 'accepted');
        }
        expect(await market(number)).toBe(optedOut.get(present) === true ? 'opted-out' : 'accepted');
        expect(await market(twin)).toBe('accepted');
        const before = requests.length;
        const others = [...new Set(owners.map(({ user }) => `US.${String(user + 1)}`))].filter((id) => id !== present);
        const sends = [number, twin, ...others].map((recipient) => send(recipient, recipient));
        await pass(clock, Promise.all(sends));
        const own = requests.slice(before);
        expect(own).toHaveLength(sends.length);
        // Each person has a separate queue, so all messages are sent before the first response arrives.
        const firstEndMs = Math.min(...own.map(({ endedAtMs }) => endedAtMs));
        for (const { startedAtMs } of own) expect(startedAtMs).toBeLessThan(firstEndMs);
        await sender.close();
      }),
      { numRuns: runs },
    );
  });
});
