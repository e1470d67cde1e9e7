import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createClient, createSender, silentLogger, type SendGuard } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { recordMeta } from '../meta/recorder.js';

const messages = process.env.WA_COEXIST_LONG === '1' ? 100_000 : 2_000;
const numbers = 100;
const folder = mkdtempSync(join(tmpdir(), 'outbox-urgent-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Delays all messages except the urgent one. */
const delayAll: SendGuard = ({ to }) =>
  to === '15550100987' ? { verdict: 'pass' } : { verdict: 'hold', reason: 'tomorrow', until: new Date(Date.now() + 86_400_000) };

function open() {
  const sent: { readonly to: string; readonly atMs: number }[] = [];
  const client = createClient({
    accessToken: 'token',
    logger: silentLogger,
    fetch: recordMeta(({ body }) => {
      const { to } = body as { readonly to: string };
      sent.push({ to, atMs: performance.now() });
      return { messaging_product: 'whatsapp', messages: [{ id: `wamid.${to}` }] };
    }).fetch,
  });
  const store = sqliteStore(join(folder, 'outbox.db'));
  return { sent, sender: createSender({ client, store, throughput: 80, guards: [delayAll] }) };
}
const numberOf = (index: number): string => String(339_900_112_230_000 + (index % numbers));

test(`an urgent message leaves within a second behind ${String(messages)} delayed messages of other numbers, after a restart`, async () => {
  const before = open();
  for (let start = 0; start < messages; start += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, offset) => {
        const index = start + offset;
        const message = { to: String(15_551_000_000 + index), ...text('Tomorrow') };
        return before.sender.enqueue(message, { from: numberOf(index) });
      }),
    );
  }
  await before.sender.close();
  expect(before.sent).toEqual([]);

  const { sender, sent } = open();
  const startMs = performance.now();
  const result = await sender.send({ to: '15550100987', ...text('Your code is 123456.') }, { from: '106540352242922', priority: 'high' });
  expect(result.outcome).toBe('accepted');
  const [urgent] = sent;
  console.log(`${String(messages)} delayed messages: ${((urgent?.atMs ?? Infinity) - startMs).toFixed(0)} ms`);
  expect(sent).toHaveLength(1);
  expect((urgent?.atMs ?? Infinity) - startMs).toBeLessThan(1_000);
  await sender.close();
}, 1_800_000);
