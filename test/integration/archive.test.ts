import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { archiveTo } from 'wa-coexist/webhooks/node';
import { replay } from '../../src/cli/replay.js';

const folder = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const body = (id: string): string =>
  `{"object":"whatsapp_business_account","entry":[{"id":"211987650043210","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"339900112233445"},"messages":[{"from":"15550100987","id":"${id}","timestamp":"1790000000","type":"text","text":{"body":"Cr\\u00e8me \\/ 🥐"}}]}}]}]}\n`;

test('an archive is replayed byte by byte, in the order of arrival', async () => {
  const clock = fakeClock();
  const secret = 'app-secret';
  const archiving = createWebhooks({
    appSecret: secret,
    verifyToken: 'verify-token',
    clock,
    archive: archiveTo(join(folder, 'deliveries')),
  });
  const sent = ['wamid.EXAMPLE1', 'wamid.EXAMPLE2', 'wamid.EXAMPLE3'].map(body);
  for (const text of sent) {
    const headers = { 'x-hub-signature-256': signWebhook(text, secret) };
    expect((await archiving.fetch(new Request('https://shop.example/', { method: 'POST', body: text, headers }))).status).toBe(200);
    await clock.advance(1000);
  }
  const files = readdirSync(join(folder, 'deliveries')).sort();
  expect(files.map((file) => readFileSync(join(folder, 'deliveries', file), 'utf8'))).toEqual(sent);

  const ids: string[] = [];
  const replayed = createWebhooks({ appSecret: 'another-secret', verifyToken: 'verify-token' });
  replayed.on('message', (event) => {
    ids.push(event.message.id);
  });
  const result = await replay({
    files: [join(folder, 'deliveries')],
    to: 'https://shop.example/webhook',
    secret: 'another-secret',
    write: () => undefined,
    fetch: (input, init) => replayed.fetch(new Request(input, init)),
  });
  expect(result).toMatchObject({ accepted: 3, rejected: 0, unanswered: 0, unreadable: 0 });
  expect(ids).toEqual(['wamid.EXAMPLE1', 'wamid.EXAMPLE2', 'wamid.EXAMPLE3']);
});
