import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, sendMessage, type Coexistence, type CoexistenceEvents } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock, type FakeCloudApiOptions } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { collect } from './collect.js';

const dayMs = 86_400_000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A platform with one business on the fake Cloud API, both on the same virtual clock. */
async function open(options: FakeCloudApiOptions = {}) {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, delivery: { shuffle: true, duplicateShare: 0.3, batch: 3 }, ...options });
  const tokens = new Map<string, string>();
  const client = createClient({
    appId: fake.app.id,
    appSecret: fake.app.secret,
    accessToken: ({ wabaId }) => tokens.get(wabaId ?? '') ?? '',
    clock,
    fetch: fake.fetch,
  });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  const coexistence: Coexistence = createCoexistence({
    client,
    webhooks,
    store: memoryStore({ clock }),
    saveToken: ({ wabaId, token }) => void tokens.set(wabaId ?? '', token),
    sweepIntervalMs: false,
    costs: { keepMs: 35 * 86_400_000 },
  });
  fake.deliverTo(webhooks.fetch);
  closing.push(
    () => fake.close(),
    () => webhooks.close(),
    () => coexistence.close(),
  );
  expect(await fake.verifyCallback()).toBe(true);
  const told: { name: keyof CoexistenceEvents; event: unknown }[] = [];
  const listen = (name: keyof CoexistenceEvents): void => {
    coexistence.on(name, (event) => void told.push({ name, event }));
  };
  const names = [
    'onboarding.done',
    'sync.requested',
    'history.complete',
    'history.declined',
    'history.stalled',
    'handoff.assigned',
    'handoff.released',
    'heartbeat.due',
  ] as const;
  names.forEach(listen);
  return { clock, fake, client, webhooks, coexistence, told, names: () => told.map(({ name }) => name) };
}

describe('the life of a number', () => {
  test('onboarding, sync, a hand-off, reminders, and the disconnection', async () => {
    const { clock, fake, client, webhooks, coexistence, names } = await open();
    const number = fake.businessAppNumber();
    const phone = fake.phone(number);
    const seeded = phone.seedHistory({ contacts: 12, threads: 15, messages: 900 });
    const wamids = new Map<string, string>();
    coexistence.on('history.messages', ({ messages }) => {
      for (const { message } of messages) if (wamids.get(message.id) === undefined) wamids.set(message.id, message.type);
    });
    const files = new Set<string>();
    coexistence.on('history.media', ({ item }) => void files.add(item.message.id));
    const live: string[] = [];
    webhooks.on('message', ({ message }) => void live.push(message.id));

    // Onboarding with only the code and the WABA ID.
    const { code, sessionEvent } = fake.signup(number);
    const onboarding = await coexistence.onboarding.start({ code, sessionEvent: JSON.stringify(sessionEvent) });
    expect(await coexistence.onboarding.resume(onboarding.id)).toMatchObject({
      state: 'done',
      phoneNumberId: number.phoneNumberId,
      contactsSync: 'requested',
      historySync: 'requested',
    });
    expect(fake.requests.filter(({ path }) => path.includes('register'))).toEqual([]);

    // Contacts and history, in any order and partly twice.
    await fake.settled();
    const contacts = await collect(coexistence.contacts.list(number.phoneNumberId));
    expect(contacts).toHaveLength(seeded.contacts);
    const history = await coexistence.history.get(number.phoneNumberId);
    expect(history).toMatchObject({ status: 'receiving', progress: 100, messages: seeded.messages, gaps: [], media: { expected: 0 } });
    expect(wamids.size).toBe(seeded.messages);
    expect(history.media.joined).toBe(history.media.received);
    expect(history.media.joined + history.media.never).toBe(seeded.media);
    expect(files.size).toBeLessThanOrEqual(history.media.received);
    expect(live).toEqual([]);
    await clock.advance(300_000);
    await coexistence.sweep();
    expect(await coexistence.history.get(number.phoneNumberId)).toMatchObject({ status: 'complete' });

    // A customer writes, the bot replies, and a person takes over on the phone.
    const silent: string[] = [];
    webhooks.on('message', async (event) => {
      const turn = await coexistence.handoff.beginReply(event);
      const verdict = await turn.check();
      if (!verdict.allowed) {
        silent.push(verdict.reason);
        return;
      }
      const shop = client.for({ wabaId: number.wabaId, phoneNumberId: number.phoneNumberId, coexistence: true });
      const sent = await sendMessage(shop, { to: event.customer?.waId ?? '', ...text('We are open.') });
      await turn.sent(sent.messages[0].id);
    });
    const mara = fake.customer('15550100987', { name: 'Mara' });
    mara.send(number.phoneNumberId, 'Are you open?');
    await fake.settled();
    expect(mara.inbox.map((message) => [message.via, message.text])).toEqual([['api', 'We are open.']]);
    await clock.advance(5_000);
    const typed = phone.send(mara.waId, 'Until six, and there is rye bread.');
    phone.edit(typed, 'Until seven, and there is rye bread.');
    await fake.settled();
    await clock.advance(5_000);
    mara.send(number.phoneNumberId, 'Thanks!');
    await fake.settled();
    expect(silent).toEqual(['person-holds']);
    expect(mara.inbox).toHaveLength(2);
    const thread = { phoneNumberId: number.phoneNumberId, customer: { waId: mara.waId } };
    expect(await coexistence.handoff.get(thread)).toMatchObject({ assignee: 'person' });
    await clock.advance(30 * 60_000);
    await coexistence.sweep();
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'bot' });

    // The channels of the messages.
    expect(await coexistence.costs.report({ phoneNumberIds: [number.phoneNumberId] })).toMatchObject({
      messages: 2,
      app: 1,
      api: 1,
      appShare: 0.5,
      rows: [{ category: 'service', messages: 1 }],
    });

    // Reminders and the disconnection.
    const heartbeat = await coexistence.heartbeat.get(number.phoneNumberId);
    expect(heartbeat).toMatchObject({ stage: 'ok', lastSign: { kind: 'echo' } });
    await clock.advance(10 * dayMs);
    await coexistence.sweep();
    expect(names()).toEqual([
      'sync.requested',
      'sync.requested',
      'onboarding.done',
      'history.complete',
      'handoff.assigned',
      'handoff.released',
      'heartbeat.due',
    ]);
    phone.disconnect({ reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM', shape: 'reference' });
    await fake.settled();
    expect(await coexistence.heartbeat.get(number.phoneNumberId)).toHaveProperty('endedAt');
    await clock.advance(10 * dayMs);
    await coexistence.sweep();
    expect(names().filter((name) => name === 'heartbeat.due')).toHaveLength(1);
  });

  test('media before their placeholders, a change of device, and a second onboarding', async () => {
    const { clock, fake, coexistence } = await open({ seed: 5 });
    const number = fake.businessAppNumber();
    const phone = fake.phone(number);
    const seeded = phone.seedHistory({ contacts: 3, threads: 4, messages: 300, mediaShare: 0.5 });
    phone.configureHistorySync({ mediaFirst: true, chunkMessages: 25 });
    const onboard = async (): Promise<void> => {
      const { code, sessionEvent } = fake.signup(number);
      const { id } = await coexistence.onboarding.start({ code, sessionEvent });
      expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done', historySync: 'requested' });
      await fake.settled();
    };
    await onboard();
    const first = await coexistence.history.get(number.phoneNumberId);
    expect(first).toMatchObject({ progress: 100, messages: seeded.messages, gaps: [], media: { expected: 0 } });
    expect(first.media.joined).toBe(first.media.received);
    expect(first.media.joined).toBeGreaterThan(0);

    await clock.advance(9 * dayMs);
    phone.changeDevice({ reconnectAfterMs: 120_000 });
    await fake.settled();
    await clock.advance(120_000);
    await fake.settled();
    expect(await coexistence.heartbeat.get(number.phoneNumberId)).toMatchObject({ signs: { reconnected: expect.any(Date) as Date } });

    phone.disconnect();
    await fake.settled();
    await onboard();
    const second = await coexistence.history.get(number.phoneNumberId);
    expect(second).toMatchObject({ progress: 100, gaps: [], media: { expected: 0 } });
    expect(second.messages).toBeGreaterThan(0);
    expect(await coexistence.heartbeat.get(number.phoneNumberId)).not.toHaveProperty('endedAt');
  });

  test('a declined history, and a history that stalls', async () => {
    const { clock, fake, coexistence, names } = await open();
    const [declining, stalling] = [fake.businessAppNumber(), fake.businessAppNumber()];
    fake.phone(declining).declineHistory();
    fake.phone(stalling).seedHistory({ contacts: 2, threads: 3, messages: 200 });
    fake.phone(stalling).configureHistorySync({ chunkMessages: 20, stopAfterChunks: 3 });
    for (const number of [declining, stalling]) {
      const { code, sessionEvent } = fake.signup(number);
      const { id } = await coexistence.onboarding.start({ code, sessionEvent });
      await coexistence.onboarding.resume(id);
    }
    await fake.settled();
    expect(await coexistence.history.get(declining.phoneNumberId)).toMatchObject({ status: 'declined', failure: { code: 2593109 } });
    expect(await coexistence.history.get(stalling.phoneNumberId)).toMatchObject({ status: 'receiving' });
    await clock.advance(6 * 3_600_000);
    await coexistence.sweep();
    expect(await coexistence.history.get(stalling.phoneNumberId)).toMatchObject({ status: 'stalled' });
    expect(names().filter((name) => name.startsWith('history.'))).toEqual(['history.declined', 'history.stalled']);
  });

  test('requests whose responses were lost after Meta acted are never repeated', async () => {
    const { fake, coexistence } = await open();
    const number = fake.businessAppNumber();
    fake.phone(number).seedHistory({ contacts: 2, threads: 3, messages: 60 });
    fake.faults.add({ kind: 'lose-response', endpoint: 'smb_app_data' });
    const { code, sessionEvent } = fake.signup(number);
    const { id } = await coexistence.onboarding.start({ code, sessionEvent });
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done', contactsSync: 'unknown', historySync: 'unknown' });
    await coexistence.onboarding.resume(id);
    await fake.settled();
    expect(fake.requests.filter(({ path }) => path.endsWith('smb_app_data'))).toHaveLength(2);
    // The history proves that Meta accepted the request for it.
    expect(await coexistence.sync.get(number.phoneNumberId)).toMatchObject({
      contacts: { status: 'unknown' },
      history: { status: 'requested' },
    });
    expect(await coexistence.history.get(number.phoneNumberId)).toMatchObject({ messages: 60 });
  });

  test('a missing webhook field prevents all one-time requests, in the fake as at Meta', async () => {
    const { fake, coexistence } = await open();
    fake.app.subscribedFields.delete('smb_message_echoes');
    const number = fake.businessAppNumber();
    const { code, sessionEvent } = fake.signup(number);
    const { id } = await coexistence.onboarding.start({ code, sessionEvent });
    await expect(coexistence.onboarding.resume(id)).rejects.toMatchObject({
      kind: 'subscription-missing',
      missing: ['smb_message_echoes'],
    });
    expect(fake.requests.filter(({ path }) => path.endsWith('smb_app_data'))).toEqual([]);
    fake.app.subscribedFields.add('smb_message_echoes');
    expect(await coexistence.onboarding.resume(id)).toMatchObject({ state: 'done' });
  });
});
