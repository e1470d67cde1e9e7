import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { requestAppDataSync } from 'wa-coexist';
import { openShop } from './shop.js';

const aText = expect.any(String) as string;
const dayMs = 24 * 60 * 60 * 1_000;

/** A shop whose history was requested and has arrived. */
async function syncHistory(setUp: (shop: ReturnType<typeof openShop>) => void, options?: Parameters<typeof openShop>[0]) {
  const shop = openShop(options);
  setUp(shop);
  await requestAppDataSync(shop.client, { syncType: 'history' });
  await shop.fake.settled();
  const values = shop.values('history');
  const chunks = values.flatMap((value) => value.history ?? []);
  const messages = chunks.flatMap((chunk) => (chunk.threads ?? []).flatMap((thread) => thread.messages));
  const media = values.flatMap((value) => [...(value.messages ?? []), ...(value.message_echoes ?? [])]);
  return { ...shop, values, chunks, messages, media };
}

test('contacts come in batches, each with its own name, number and time', async () => {
  const { client, fake, number, values } = openShop();
  const phone = fake.phone(number);
  phone.seedHistory({ contacts: 45, threads: 0, messages: 0 });
  await requestAppDataSync(client, { syncType: 'smb_app_state_sync' });
  await fake.settled();
  const deliveries = values('smb_app_state_sync');
  expect(deliveries.length).toBeGreaterThan(1);
  const items = deliveries.flatMap(({ state_sync }) => state_sync ?? []);
  expect(items).toHaveLength(45);
  expect(new Set(items.map(({ contact }) => contact.phone_number))).toEqual(new Set(phone.contacts.map(({ waId }) => waId)));
  for (const item of items) {
    expect(item).toMatchObject({
      type: 'contact',
      action: 'add',
      contact: { full_name: aText, first_name: aText },
    });
    expect(item.metadata.timestamp).toMatch(/^\d+$/);
  }
});

test('history: every message once, in the phase of its age, progress up to 100', async () => {
  const { messages, chunks, clock, number } = await syncHistory(({ fake, number: { phoneNumberId } }) => {
    fake.phone(phoneNumberId).seedHistory({ messages: 3_000 });
  });
  expect(messages).toHaveLength(3_000);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(3_000);
  const bands = [
    [0, 1],
    [1, 90],
    [90, 180],
  ] as const;
  for (const { metadata, threads = [] } of chunks) {
    const [from, to] = bands[metadata.phase as 0 | 1 | 2];
    for (const thread of threads) {
      expect(thread.id).toBe(thread.context.wa_id);
      for (const message of thread.messages) {
        const ageDays = (clock.now() - Number(message.timestamp) * 1_000) / dayMs;
        expect(ageDays).toBeGreaterThanOrEqual(from - 0.001);
        expect(ageDays).toBeLessThanOrEqual(to + 0.001);
        expect([number.waId, thread.id]).toContain(message.from);
        expect(message.history_context?.status).toMatch(/^(DELIVERED|ERROR|PENDING|PLAYED|READ|SENT)$/);
      }
    }
  }
  const progress = chunks.map(({ metadata }) => metadata.progress);
  expect(progress).toEqual([...progress].sort((one, other) => one - other));
  expect(progress.filter((percent) => percent === 100)).toHaveLength(1);
  expect(progress.at(-1)).toBe(100);
  for (const phase of [0, 1, 2]) {
    const orders = chunks.filter(({ metadata }) => metadata.phase === phase).map(({ metadata }) => metadata.chunk_order);
    expect(orders).toEqual(orders.map((_, index) => index + 1));
  }
});

test('media: placeholders of any age, files of the last 14 days alone, from both sides', async () => {
  const { messages, media, values, clock, number } = await syncHistory(({ fake, number: { phoneNumberId } }) => {
    fake.phone(phoneNumberId).seedHistory({ messages: 4_000, mediaShare: 0.3 });
  });
  const placeholders = messages.filter(({ type }) => type === 'media_placeholder');
  const recent = placeholders.filter(({ timestamp }) => clock.now() - Number(timestamp) * 1_000 <= 14 * dayMs);
  expect(placeholders.length).toBeGreaterThan(recent.length);
  expect(media.map(({ id }) => id).sort()).toEqual(recent.map(({ id }) => id).sort());
  for (const file of media) expect(file[file.type]).toMatchObject({ id: aText, mime_type: aText });
  expect(values.flatMap(({ messages: own }) => own ?? []).every(({ from }) => from !== number.waId)).toBe(true);
  expect(values.flatMap(({ message_echoes }) => message_echoes ?? []).every(({ from }) => from === number.waId)).toBe(true);
  expect(values.some(({ message_echoes }) => message_echoes)).toBe(true);
});

test('media may come first, and a sync may stall', async () => {
  const early = await syncHistory(({ fake, number }) => {
    fake.phone(number).seedHistory({ messages: 500 });
    fake.phone(number).configureHistorySync({ mediaFirst: true });
  });
  expect(early.values[0]?.history).toBeUndefined();
  expect(early.values.at(-1)?.history).toBeDefined();
  const stalled = await syncHistory(({ fake, number }) => {
    fake.phone(number).seedHistory({ messages: 500 });
    fake.phone(number).configureHistorySync({ chunkMessages: 50, stopAfterChunks: 2 });
  });
  expect(stalled.values).toHaveLength(2);
  expect(stalled.chunks.every(({ metadata }) => metadata.progress < 100)).toBe(true);
});

test('a business that does not share its chats: error 2593109 and nothing else', async () => {
  const { values } = await syncHistory(({ fake, number }) => {
    fake.phone(number).seedHistory({ messages: 100 });
    fake.phone(number).declineHistory();
  });
  expect(values).toHaveLength(1);
  expect(values[0]?.history).toEqual([{ errors: [expect.objectContaining({ code: 2593109 })] }]);
});

test('history ends where the signup began, and holds what was written up to then', async () => {
  const { client, clock, fake, number, values } = openShop({ messageIds: 'one-spelling' });
  const phone = fake.phone(number);
  const mara = fake.customer('15550100987');
  phone.disconnect();
  const before = mara.send(number.phoneNumberId, 'Are you open?');
  const answer = phone.send(mara.waId, 'Until six');
  const deleted = phone.send(mara.waId, 'Until sven');
  phone.delete(deleted);
  await clock.advance(1_000);
  fake.signup(number);
  const token = fake.issueToken();
  await client.request({ method: 'POST', path: [number.wabaId, 'subscribed_apps'], auth: { token } });
  const live = mara.send(number.phoneNumberId, 'Thanks');
  await client.request({
    method: 'POST',
    path: [number.phoneNumberId, 'smb_app_data'],
    body: { messaging_product: 'whatsapp', sync_type: 'history' },
    auth: { token },
  });
  await fake.settled();
  const shared = values('history').flatMap(({ history = [] }) =>
    history.flatMap((chunk) => (chunk.threads ?? []).flatMap((thread) => thread.messages)),
  );
  expect(shared.map(({ id }) => id)).toEqual([before, answer]);
  expect(values('messages').flatMap(({ messages = [] }) => messages.map(({ id }) => id))).toEqual([live]);
});

test('the same seed makes the same history, another seed another', () => {
  const made = (seed: number) => {
    const { fake, number } = openShop({ seed });
    const phone = fake.phone(number);
    return [phone.seedHistory({ messages: 300 }), phone.contacts];
  };
  fc.assert(
    fc.property(fc.nat(1_000), (seed) => {
      expect(made(seed)).toEqual(made(seed));
      expect(made(seed)).not.toEqual(made(seed + 1));
    }),
    { numRuns: 10 },
  );
});

test('a field that the app did not subscribe to burns the only attempt', async () => {
  const { client, fake, number, values } = openShop();
  fake.phone(number).seedHistory({ messages: 100 });
  fake.app.subscribedFields.delete('history');
  await requestAppDataSync(client, { syncType: 'history' });
  await fake.settled();
  fake.app.subscribedFields.add('history');
  await expect(requestAppDataSync(client, { syncType: 'history' })).rejects.toMatchObject({ code: 2593107 });
  expect(values('history')).toEqual([]);
  expect(new Set(fake.deliveries.map(({ state, reason }) => `${state} ${String(reason)}`))).toEqual(
    new Set(['dropped field-not-subscribed']),
  );
});
