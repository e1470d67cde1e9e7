import { expect, onTestFinished, test } from 'vitest';
import { createClient, createSender } from 'wa-coexist';
import { listenReady } from '../meta/ready-fake.js';

test('the limit is respected with real sockets and the system clock', async () => {
  const cap = 50;
  const meta = await listenReady({ throughput: cap });
  onTestFinished(() => meta.close());
  const client = createClient({ accessToken: meta.accessToken, phoneNumberId: '106540352242922', baseUrl: meta.url });
  const sender = createSender({ client, throughput: cap });
  const campaign = Array.from({ length: 120 }, (_, index) => ({ to: `1555010${String(1_000 + index)}`, text: { body: 'hello' } }));
  const result = await sender.sendAll(campaign);
  await sender.close();
  expect(result).toMatchObject({ accepted: 120, rejected: 0, unknown: 0 });
  expect(meta.accepted).toHaveLength(120);
  // A busy machine can delay requests more than the sender has observed. The benchmark measures the actual figures.
  expect(meta.rejected.length).toBeLessThanOrEqual(24);
});
