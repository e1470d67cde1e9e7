import { afterEach, expect, test, vi } from 'vitest';
import { createClient, createCoexistence, memoryStore } from 'wa-coexist';
import { type HistoryItem } from 'wa-coexist/coexistence';
import { sqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock, signWebhook, webhookPayload } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { collect } from './collect.js';
import { randomFrom, shuffled } from './history-source.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const phoneNumberId = '339900112233445';

/** A typical receiver with coexistence and a mirror. It receives signed deliveries and calls handlers. */
function receiver() {
  const clock = fakeClock({ now: new Date('2026-11-02T16:00:00Z') });
  const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', clock, store: memoryStore({ clock }) });
  const coexistence = createCoexistence({
    client: createClient({ clock }),
    webhooks,
    store: memoryStore({ clock }),
    saveToken: () => undefined,
    sweepIntervalMs: false,
  });
  const mirror = sqliteMirror(':memory:');
  webhooks.on('*', mirror.handle);
  const live = vi.fn();
  for (const name of ['message', 'message.edit', 'message.revoke', 'echo', 'echo.edit', 'echo.revoke', 'status'] as const)
    webhooks.on(name, live);
  closing.push(
    () => webhooks.close(),
    () => coexistence.close(),
    () => mirror.close(),
  );
  const deliver = async (payload: unknown): Promise<number> => {
    const body = JSON.stringify(payload);
    const headers = { 'x-hub-signature-256': signWebhook(body, 'app-secret') };
    return (await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body, headers }))).status;
  };
  return { clock, coexistence, mirror, live, deliver };
}

test('signed deliveries of a history, shuffled and repeated, reach the mirror completely, and no live handler', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const random = randomFrom(seed);
    const { clock, coexistence, mirror, live, deliver } = receiver();
    const items: HistoryItem[] = [];
    coexistence.on('history.messages', ({ messages }) => void items.push(...messages));
    const expected: string[] = [];
    const payloads: unknown[] = [];
    for (let chunk = 0; chunk < 20; chunk += 1) {
      const customer = { waId: `1555010${String(1000 + (chunk % 4))}` };
      const messages = Array.from({ length: 6 }, (_, index) => {
        const id = `wamid.EXAMPLE-${String(chunk)}-${String(index)}`;
        const occurredAt = new Date(Date.UTC(2026, 9, 25, chunk % 24, index));
        const direction = random() < 0.5 ? ('inbound' as const) : ('outbound' as const);
        const hasFile = random() < 0.3;
        expected.push(`${id} ${direction} ${hasFile ? `file-${id}` : 'text'}`);
        if (!hasFile) return { direction, occurredAt, message: { id, type: 'text', text: { body: 'Hello' } } as const };
        const message = { id, type: 'image', image: { id: `file-${id}` } } as const;
        payloads.push(webhookPayload('history.media', { phoneNumberId, customer, direction, occurredAt, message }));
        return { direction, occurredAt, message: { id, type: 'media_placeholder' } as const };
      });
      const progress = (chunk + 1) * 5;
      payloads.push(webhookPayload('history.chunk', { phoneNumberId, chunkOrder: chunk + 1, progress, threads: [{ customer, messages }] }));
    }
    for (const payload of shuffled([...payloads, ...payloads.filter(() => random() < 0.3)], random))
      expect(await deliver(payload)).toBe(200);
    const found = await collect(mirror.stream(phoneNumberId));
    expect(found.map(({ messageId, direction, media }) => `${messageId} ${direction ?? ''} ${media?.id ?? 'text'}`).sort()).toEqual(
      expected.sort(),
    );
    expect(live).not.toHaveBeenCalled();
    expect(new Set(items.map(({ message }) => message.id)).size).toBe(expected.length);
    await clock.advance(300_000);
    await coexistence.sweep();
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ status: 'complete', gaps: [], media: { expected: 0 } });
  }
});

test('a declined history is emitted for both shapes that Meta documents', async () => {
  const envelope = webhookPayload('history.declined', { phoneNumberId });
  const errors = [
    { code: 2593109, title: 'History sync is turned off', error_data: { details: 'History sharing is turned off by the business' } },
  ];
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550100123', phone_number_id: phoneNumberId },
    errors,
  };
  const onValue = { object: 'whatsapp_business_account', entry: [{ id: '211987650043210', changes: [{ field: 'history', value }] }] };
  for (const payload of [envelope, onValue]) {
    const { coexistence, deliver } = receiver();
    const declined = vi.fn();
    coexistence.on('history.declined', declined);
    expect(await deliver(payload)).toBe(200);
    expect(declined).toHaveBeenCalledOnce();
    expect(await coexistence.history.get(phoneNumberId)).toMatchObject({ status: 'declined', failure: { code: 2593109 } });
  }
});
