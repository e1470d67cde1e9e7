import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { createClient, createCoexistence, createSender, silentLogger } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { busyShop, createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { pass } from '../sender/virtual-meta.js';

const dayMs = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'bounded-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('24 hours after the last expiry, an idle installation has no expired rows of any module', { timeout: 120_000 }, async () => {
  const file = join(folder, 'store.db');
  const clock = fakeClock();
  await using store = sqliteStore({ file, clock });
  const fake = createFakeCloudApi({ clock, delivery: { shuffle: true, duplicateShare: 0.3, batch: 3 } });
  const tokens = new Map<string, string>();
  const client = createClient({
    appId: fake.app.id,
    appSecret: fake.app.secret,
    accessToken: ({ wabaId }) => tokens.get(wabaId ?? '') ?? '',
    clock,
    fetch: fake.fetch,
    logger: silentLogger,
  });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, store, mode: 'inbox' });
  const coexistence = createCoexistence({
    client,
    webhooks,
    store,
    saveToken: ({ wabaId, token }) => void tokens.set(wabaId ?? '', token),
    sweepIntervalMs: false,
    costs: { keepMs: 35 * 86_400_000 },
  });
  fake.deliverTo(webhooks.fetch);
  await fake.verifyCallback();

  const number = fake.businessAppNumber();
  fake.phone(number).seedHistory({ contacts: 5, threads: 5, messages: 100 });
  const { code, sessionEvent } = fake.signup(number);
  const { id } = await coexistence.onboarding.start({ code, sessionEvent: JSON.stringify(sessionEvent) });
  await coexistence.onboarding.resume(id);
  await fake.settled();
  const { phoneNumberId, wabaId } = number;
  const shop = client.for({ wabaId, phoneNumberId, coexistence: true });
  const sender = createSender({ client: shop, webhooks, store, throughput: 20 });
  const { messages } = await busyShop(fake, number, { customers: 10, minutes: 5 });
  await clock.advance(60_000);
  const to = '15550300001';
  fake.customer(to).send(phoneNumberId, 'Are you open?');
  await fake.settled();
  for (const key of ['one', 'two', 'three']) await pass(clock, sender.send({ to, ...text('Hi') }, { key }));
  await fake.settled();
  await clock.advance(60_000);
  expect(messages.length).toBe(60);

  const rows = (columns: string, where = 'true'): readonly Record<string, unknown>[] => {
    using database = new DatabaseSync(file);
    return database.prepare(`SELECT ${columns} FROM wa_coexist_entries WHERE ${where}`).all();
  };
  const count = (where?: string): number => Number(rows('count(*) AS n', where)[0]?.n);
  const kinds = rows('CAST(key AS TEXT) AS key', 'expires_at_ms IS NOT NULL').map(({ key }) =>
    String(key)
      .replace(/^(wa\/number\/[^/]+\/[a-z-]*[a-z]|[^/]+\/[^/]+).*/, '$1')
      .replace(phoneNumberId, 'ID'),
  );
  // Without all of these modules, the test would prove nothing.
  expect([...new Set(kinds)].map((kind) => kind.replace(/-[0-9a-f]*$/, '')).sort()).toEqual([
    'sender/ID',
    'wa/number/ID/cost',
    'wa/number/ID/cost-token',
    'wa/number/ID/echoed',
    'wa/number/ID/echoed-token',
    'wa/number/ID/history',
    'wa/number/ID/history-media',
    'wa/number/ID/own',
    'wa/number/ID/own-token',
    'wa/number/ID/thread',
    'wa/number/ID/window',
    'wa/onboarding-code',
    'webhooks/events',
  ]);
  const before = count();
  const lastExpiryMs = Number(rows('max(expires_at_ms) AS ms')[0]?.ms);
  for (const part of [webhooks, sender, coexistence, fake]) await part.close();
  await clock.advance(lastExpiryMs + dayMs - clock.now());
  expect(count('expires_at_ms IS NOT NULL')).toBe(0);
  expect(count()).toBeLessThan(before / 2);
});
