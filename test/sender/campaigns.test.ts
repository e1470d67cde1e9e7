import { describe, expect, test, vi } from 'vitest';
import { createClient, createSender, memoryStore, silentLogger, type SenderEvents, type SenderOptions, type Store } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';
import { fakeClock } from 'wa-coexist/testing';
import { acceptedMessage, graphError, recordMeta } from '../meta/recorder.js';
import { webhookSource } from './webhook-source.js';
import { message, pass, virtualMeta, type VirtualMetaOptions } from './virtual-meta.js';

function setUp(options: VirtualMetaOptions & Partial<SenderOptions> = {}) {
  const clock = fakeClock();
  const meta = virtualMeta(clock, { cap: 20, travelMs: () => 20, ...options });
  const store = memoryStore({ clock });
  const webhooks = webhookSource();
  const open = () => createSender({ client: meta.client(), throughput: 20, store, webhooks: webhooks.source, ...options });
  return { clock, meta, store, webhooks, open, sender: open() };
}

const source = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `c${String(index)}`, message: message('m', `1555${String(1_000_000 + index)}`) }));

/** Returns the event of a webhook from Meta. */
function eventOf(field: string, value: object): WebhookEvent {
  const metadata = { display_phone_number: '15550100123', phone_number_id: '106540352242922' };
  const [event] = parseWebhook({
    object: 'whatsapp_business_account',
    entry: [
      { id: 'waba-1', time: 1_793_610_000, changes: [{ field, value: { ...(field === 'user_preferences' && { metadata }), ...value } }] },
    ],
  });
  if (!event) throw new Error('no event');
  return event;
}

describe('a campaign', () => {
  test('pauses, lets replies pass, resumes, and reports', async () => {
    const { clock, meta, sender } = setUp();
    const told: [string, string | undefined][] = [];
    sender.on('paused', ({ campaignId }) => void told.push(['paused', campaignId]));
    sender.on('resumed', ({ campaignId }) => void told.push(['resumed', campaignId]));
    const running = sender.sendAll(source(60), { campaignId: 'spring' });
    await clock.advance(1_000);
    await sender.campaigns.pause('spring');
    await clock.advance(500);
    const before = meta.accepted.length;
    expect(before).toBeGreaterThan(5);
    await clock.advance(60_000);
    expect(meta.accepted).toHaveLength(before);
    expect(await pass(clock, sender.send(message('reply')))).toMatchObject({ outcome: 'accepted' });
    expect(await sender.campaigns.report('spring')).toMatchObject({ state: 'paused', accepted: before, open: 60 - before });
    await sender.campaigns.resume('spring');
    expect(await pass(clock, running)).toMatchObject({ accepted: 60 });
    expect(await sender.campaigns.report('spring')).toMatchObject({ state: 'done', accepted: 60, rejected: 0, open: 0 });
    expect(told).toEqual([
      ['paused', 'spring'],
      ['resumed', 'spring'],
    ]);
    await sender.close();
  });

  test('stops after 20 equal rejections also if each message is sent after a pause', async () => {
    const { fetch, requests } = recordMeta(() => graphError(132_000));
    const clock = fakeClock();
    const client = createClient({
      accessToken: 'token',
      phoneNumberId: '106540352242922',
      fetch,
      clock,
      logger: silentLogger,
      maxRetries: 0,
    });
    const sender = createSender({ client, throughput: 20 });
    for (let index = 0; index < 25; index += 1) {
      await pass(clock, sender.send(message('m', `1555${String(1_000_000 + index)}`), { campaignId: 'slow' }));
      await clock.advance(5_000);
    }
    expect(requests).toHaveLength(20);
    expect(await sender.campaigns.report('slow')).toMatchObject({
      state: 'stopped',
      byCode: { 132_000: 20 },
      rejectedBy: { meta: 20, guard: 5 },
      stopped: { code: 132_000, rejections: 20 },
    });
    await sender.campaigns.resume('slow');
    await pass(clock, sender.send(message('m', '15552000000'), { campaignId: 'slow' }));
    expect(requests).toHaveLength(21);
    expect(await sender.campaigns.report('slow')).toMatchObject({ state: 'done' });
    await pass(clock, sender.close());
  });

  test('that is paused sends nothing after a restart, however slowly its state is read', async () => {
    const { clock, meta, store, sender } = setUp();
    await sender.campaigns.pause('spring');
    await sender.close();
    const slow: Store = {
      ...store,
      get: async (key) => {
        if (key.includes('sender/campaign/')) await new Promise<void>((resolve) => void clock.schedule(resolve, 40));
        return store.get(key);
      },
    };
    const restarted = createSender({ client: meta.client(), throughput: 20, store: slow });
    const running = restarted.sendAll(source(10), { campaignId: 'spring' });
    await clock.advance(5_000);
    expect(meta.accepted).toEqual([]);
    expect(restarted.stats().held).toBe(10);
    await pass(clock, restarted.campaigns.resume('spring'));
    expect(await pass(clock, running)).toMatchObject({ accepted: 10 });
    await pass(clock, restarted.close());
  });

  test('stays paused if it is paused during the read of an earlier state', async () => {
    const { clock, meta, store } = setUp();
    let reads = 0;
    const slow: Store = {
      ...store,
      get: async (key) => {
        const entry = await store.get(key);
        if (key.includes('sender/campaign/') && (reads += 1) === 1) await new Promise<void>((resolve) => void clock.schedule(resolve, 400));
        return entry;
      },
    };
    const sender = createSender({ client: meta.client(), throughput: 20, store: slow });
    const running = sender.sendAll(source(10), { campaignId: 'spring' });
    await clock.advance(100);
    await sender.campaigns.pause('spring');
    await clock.advance(5_000);
    expect(meta.accepted).toEqual([]);
    await sender.campaigns.resume('spring');
    expect(await pass(clock, running)).toMatchObject({ accepted: 10 });
    await sender.close();
  });

  test('is paused, resumed and cancelled from another process', async () => {
    const { clock, meta, sender, open } = setUp();
    const other = open();
    const running = sender.sendAll(source(200), { campaignId: 'spring' });
    await clock.advance(1_000);
    await other.campaigns.pause('spring');
    await clock.advance(1_500);
    const before = meta.accepted.length;
    await clock.advance(10_000);
    expect(meta.accepted).toHaveLength(before);
    await other.campaigns.resume('spring');
    await clock.advance(3_000);
    expect(meta.accepted.length).toBeGreaterThan(before);
    await other.campaigns.cancel('spring');
    const result = await pass(clock, running);
    expect(result).toMatchObject({ stoppedBy: 'cancelled', accepted: meta.accepted.length });
    expect(result.rejectedBy.guard).toBe(200 - meta.accepted.length);
    expect(await sender.campaigns.report('spring')).toMatchObject({ state: 'cancelled', accepted: meta.accepted.length });
    await Promise.all([sender.close(), other.close()]);
  });

  test('runs again with the same keys: no message is sent or counted twice', async () => {
    const { clock, meta, sender, open } = setUp();
    const first = sender.sendAll(source(100), { campaignId: 'spring' });
    await clock.advance(2_000);
    await Promise.all([first, sender.close(), clock.advance(1_000)]);
    const next = open();
    expect(await pass(clock, next.sendAll(source(100), { campaignId: 'spring' }))).toMatchObject({ accepted: 100 });
    expect(new Set(meta.accepted.map(({ to }) => to)).size).toBe(100);
    expect(meta.accepted).toHaveLength(100);
    await next.close();
    expect(await open().campaigns.report('spring')).toMatchObject({ accepted: 100 });
  });

  test('counts outcomes that arrive during writes, and a report never contains less than an earlier one', async () => {
    const { clock, meta, store } = setUp();
    const late = async (key: string): Promise<void> => {
      if (key.includes('sender/campaign/')) await new Promise<void>((resolve) => void clock.schedule(resolve, 700));
    };
    const slow: Store = {
      ...store,
      set: async (key, ...rest) => late(key).then(() => store.set(key, ...rest)),
      setIfAbsent: async (key, ...rest) => late(key).then(() => store.setIfAbsent(key, ...rest)),
    };
    const sender = createSender({ client: meta.client(), throughput: 20, store: slow });
    for (const { key, message: spring } of source(30)) await sender.enqueue(spring, { key, campaignId: 'spring' });
    const reported: number[] = [];
    for (let step = 0; step < 60; step += 1) {
      await clock.advance(50);
      void sender.campaigns.report('spring').then(({ accepted }) => reported.push(accepted));
    }
    await clock.advance(5_000);
    expect(meta.accepted).toHaveLength(30);
    expect(await sender.campaigns.report('spring')).toMatchObject({ state: 'done', accepted: 30, open: 0 });
    expect(reported).toEqual(reported.toSorted((one, other) => one - other));
    await pass(clock, sender.close());
  });

  test('reports rejections by code, also those that were written at different times', async () => {
    const { clock, sender } = setUp({ fault: ({ text }) => (/^\d+$/.test(text) ? { code: Number(text) } : undefined) });
    const send = (text: string) => pass(clock, sender.send(message(text), { campaignId: 'spring' }));
    for (const texts of [['131026', '131026'], ['131051', 'fine'], ['131026']]) {
      for (const text of texts) await send(text);
      await clock.advance(2_000);
    }
    expect(await sender.campaigns.report('spring')).toMatchObject({
      state: 'done',
      accepted: 1,
      rejected: 4,
      rejectedBy: { meta: 4, guard: 0 },
      byCode: { 131026: 3, 131051: 1 },
    });
    await sender.close();
  });

  test("of 10,000 messages doesn't delay a live reply", async () => {
    const { clock, meta, sender } = setUp();
    const running = sender.sendAll(source(10_000), { campaignId: 'spring', concurrency: 10_000 });
    await clock.advance(2_000);
    expect(sender.stats().queued).toBeGreaterThan(9_900);
    const askedAtMs = clock.monotonic();
    expect(await pass(clock, sender.send(message('reply', '15550109999')))).toMatchObject({ outcome: 'accepted' });
    expect(clock.monotonic() - askedAtMs).toBeLessThan(1_000);
    expect(meta.accepted.length).toBeLessThan(70);
    await Promise.all([running, sender.close(), clock.advance(1_000)]);
  });
});

describe('templates and people that Meta has stopped', () => {
  const spring = (to: string) => ({ to, ...template('spring', 'en_US') });
  const templates = virtualTemplates;

  test('a paused template is held until it is active again, and others pass', async () => {
    const { clock, webhooks, sender, bodies } = templates();
    await webhooks.deliver(eventOf('message_template_status_update', statusUpdate('PAUSED')));
    const held = sender.send(spring('15550100987'));
    expect(await pass(clock, sender.send({ to: '15550100987', ...template('winter', 'en_US') }))).toMatchObject({ outcome: 'accepted' });
    await clock.advance(1_000);
    expect(bodies).toHaveLength(1);
    await webhooks.deliver(eventOf('message_template_status_update', statusUpdate('APPROVED')));
    expect(await pass(clock, held)).toMatchObject({ outcome: 'accepted' });
    await webhooks.deliver(eventOf('message_template_status_update', statusUpdate('DISABLED')));
    expect(await pass(clock, sender.send(spring('15550100988')))).toMatchObject({ by: 'guard', error: { reason: 'template-disabled' } });
    await sender.close();
  });

  test('a rejection with 132015 holds its message and all others with the template, without a record of it', async () => {
    const { clock, sender, bodies } = templates([132_015]);
    const first = sender.send(spring('15550100987'), { key: 'k1' });
    // The check of templates is loaded on first use.
    await vi.dynamicImportSettled();
    await clock.advance(1_000);
    const sends = [first, sender.send(spring('15550100988'), { key: 'k2' })];
    await clock.advance(60_000);
    expect(sender.stats().held).toBe(2);
    expect(bodies).toHaveLength(1);
    expect(await pass(clock, Promise.all(sends))).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    await sender.close();
  });

  test.each(['aborted', 'expired', 'closed'] as const)('a message that is %s while Meta rejects it for a pause is not held', async (by) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { travelMs: () => 50, fault: () => ({ code: 132_015 }) });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const controller = new AbortController();
    const ends = { aborted: { signal: controller.signal }, expired: { expiresAt: clock.now() + 80 }, closed: {} };
    let outcome: unknown;
    void sender.send(spring('15550100987'), ends[by]).then((result) => (outcome = result));
    await vi.dynamicImportSettled();
    await clock.advance(60);
    expect(sender.stats().inFlight).toBe(1);
    if (by === 'aborted') controller.abort();
    if (by === 'closed') void sender.close();
    await clock.advance(60);
    expect(outcome).toMatchObject({ outcome: 'rejected', by });
    await pass(clock, sender.close());
  });

  test('marketing messages are rejected for people who opted out, until they opt in, and other messages pass', async () => {
    const { clock, webhooks, sender } = templates();
    const choice = (value: string) =>
      eventOf('user_preferences', {
        user_preferences: [{ wa_id: '15550100987', category: 'marketing_messages', value, timestamp: 1_793_610_000 }],
      });
    await webhooks.deliver(choice('stop'));
    const send = (options: object) => pass(clock, sender.send(spring('+1 555 010 0987'), options));
    expect(await send({ category: 'marketing' })).toMatchObject({ by: 'guard', error: { reason: 'opted-out' } });
    expect(await send({ campaignId: 'spring' })).toMatchObject({ by: 'guard', error: { reason: 'opted-out' } });
    expect(await send({ category: 'utility' })).toMatchObject({ outcome: 'accepted' });
    await webhooks.deliver(choice('resume'));
    expect(await send({ category: 'marketing' })).toMatchObject({ outcome: 'accepted' });
    await sender.close();
  });

  test('a rejection with 131050 is remembered as an opt-out', async () => {
    const { clock, sender, bodies } = templates([131_050]);
    const send = () => pass(clock, sender.send(spring('15550100987'), { category: 'marketing' }));
    expect(await send()).toMatchObject({ by: 'meta' });
    expect(await send()).toMatchObject({ by: 'guard', error: { reason: 'opted-out' } });
    expect(bodies).toHaveLength(1);
    await sender.close();
  });
});

function statusUpdate(event: string) {
  return { event, message_template_id: 1, message_template_name: 'spring', message_template_language: 'en-US' };
}

/** A sender whose first requests are rejected with the given codes. */
function virtualTemplates(codes: number[] = []) {
  const clock = fakeClock();
  const { fetch, bodies } = recordMeta((_request, index) => {
    const code = codes.shift();
    return code === undefined ? { messages: [{ id: `wamid.EXAMPLE${String(index + 1)}` }] } : graphError(code);
  });
  const webhooks = webhookSource();
  const client = virtualMeta(clock).client({ fetch });
  return { clock, bodies, webhooks, sender: createSender({ client, throughput: 20, webhooks: webhooks.source }) };
}

describe('throughput from the number', () => {
  function numberApi(number: { is_on_biz_app?: boolean; throughput?: { level: string } } | undefined) {
    const clock = fakeClock();
    const state = { number };
    const { fetch } = recordMeta(({ method }) => {
      if (method === 'POST') return acceptedMessage;
      return state.number ? { id: '1', display_phone_number: '+1 555-010-0123', ...state.number } : graphError(100);
    });
    const webhooks = webhookSource();
    const sender = createSender({ client: virtualMeta(clock).client({ fetch }), webhooks: webhooks.source });
    const changes: SenderEvents['throughput'][] = [];
    sender.on('throughput', (change) => void changes.push(change));
    return { clock, state, webhooks, sender, changes };
  }

  test.each([
    [{ is_on_biz_app: true, throughput: { level: 'STANDARD' } }, 20],
    [{ is_on_biz_app: false, throughput: { level: 'STANDARD' } }, 80],
    [{ throughput: { level: 'HIGH' } }, 1_000],
    [{ throughput: { level: 'NOT_APPLICABLE' } }, 80],
  ])('%j is %i messages per second', async (number, perSecond) => {
    const { clock, sender, changes } = numberApi(number);
    expect(sender.stats().ceiling).toBe(20);
    await clock.advance(0);
    expect(sender.stats().ceiling).toBe(perSecond);
    expect(changes.map((change) => change.perSecond)).toEqual(perSecond === 20 ? [] : [perSecond]);
    await sender.close();
  });

  test('is read again for a number when Meta reports a change of it', async () => {
    const { clock, state, webhooks, sender, changes } = numberApi({ throughput: { level: 'STANDARD' } });
    await clock.advance(0);
    state.number = { throughput: { level: 'HIGH' } };
    await webhooks.deliver(eventOf('phone_number_quality_update', { event: 'THROUGHPUT_UPGRADE', display_phone_number: '15550109999' }));
    await clock.advance(0);
    expect(sender.stats().ceiling).toBe(80);
    await webhooks.deliver(eventOf('phone_number_quality_update', { event: 'THROUGHPUT_UPGRADE', display_phone_number: '15550100123' }));
    await clock.advance(0);
    expect(sender.stats().ceiling).toBe(1_000);
    expect(changes.at(-1)).toEqual({ phoneNumberId: '106540352242922', level: 'high', perSecond: 1_000, before: 80 });
    await sender.close();
  });

  test("is the lowest if it can't be read, and is read again later", async () => {
    const { clock, state, sender } = numberApi(undefined);
    await clock.advance(0);
    expect(sender.stats().ceiling).toBe(20);
    state.number = { throughput: { level: 'HIGH' } };
    await clock.advance(61_000);
    expect(sender.stats().ceiling).toBe(1_000);
    await sender.close();
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});

test('includes inbound messages if the option is set', async () => {
  const run = async (chargeInbound: boolean) => {
    const { clock, meta, webhooks, sender } = setUp({ chargeInbound });
    const sends = source(40).map(({ message: each }) => sender.send(each));
    const inbound: WebhookEvent = {
      type: 'message',
      field: 'messages',
      key: 'k',
      raw: {},
      phoneNumberId: '106540352242922',
      message: { id: 'wamid.IN', type: 'text', text: { body: 'hi' } } as never,
    };
    for (let each = 0; each < 20; each += 1) {
      await webhooks.deliver(inbound);
      await clock.advance(100);
    }
    const sent = meta.accepted.length;
    await Promise.all([...sends, sender.close(), clock.advance(1_000)]);
    return sent;
  };
  expect(await run(true)).toBeLessThan((await run(false)) * 0.75);
});

test('determines how long a planned campaign takes, and the plan reports the messaging limit and closed windows', async () => {
  const clock = fakeClock();
  const { fetch } = recordMeta({ id: '1', whatsapp_business_manager_messaging_limit: 'TIER_250' });
  const sender = createSender({ client: virtualMeta(clock).client({ fetch }), throughput: 20 });
  async function* items() {
    for (let index = 0; index < 400; index += 1) yield { to: `1555${String(1_000_000 + index)}`, ...template('spring', 'en_US') };
    for (let index = 0; index < 100; index += 1) yield message('often', '15550100987');
  }
  const isWindowOpen = async (recipient: string) => recipient.endsWith('0');
  const plan = await sender.plan(items(), { isWindowOpen });
  expect(plan).toEqual({
    messages: 500,
    recipients: 401,
    perSecond: 20,
    durationMs: 55 * 6_000,
    outsideWindow: { recipients: 361, notTemplates: 100 },
    messagingLimit: { limit: 250, beyond: 111 },
    rejected: 0,
    problems: [],
  });
  expect((await sender.plan(source(40), { messagingLimit: Infinity })).durationMs).toBe(2_000);
  await sender.close();
});
