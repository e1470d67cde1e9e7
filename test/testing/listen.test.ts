import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createClient, listAppSubscriptions, sendMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, listen } from 'wa-coexist/testing';
import { changesOf, type SeenChange } from './shop.js';

/** A receiver on a real socket that completes the handshake and accepts signed deliveries. */
async function openReceiver(appSecret: string, verifyToken: string) {
  const received: SeenChange[] = [];
  let refuseNext = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      if (request.method === 'GET') {
        response.writeHead(query.get('hub.verify_token') === verifyToken ? 200 : 403).end(query.get('hub.challenge'));
        return;
      }
      const body = Buffer.concat(chunks);
      const isGenuine = request.headers['x-hub-signature-256'] === `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
      const isWanted = isGenuine && !refuseNext;
      refuseNext = false;
      if (isWanted) received.push(...changesOf(body.toString('utf8')));
      response.writeHead(isWanted ? 200 : 500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    refuseOne: () => {
      refuseNext = true;
    },
  };
}

test('over TCP: sends, cut connections, signed webhooks, a retry', async () => {
  await using fake = createFakeCloudApi();
  await using server = await listen(fake);
  const receiver = await openReceiver(fake.app.secret, fake.app.verifyToken);
  fake.deliverTo(receiver.url);
  expect(await fake.verifyCallback()).toBe(true);

  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, baseUrl: server.url, maxRetries: 0 });
  const mara = fake.customer('15550100987', { name: 'Mara Ø' });
  receiver.refuseOne();
  mara.send(phoneNumberId, 'Grüße 🙏');
  await expect(sendMessage(client, { to: mara.waId, ...text('Hello') })).resolves.toMatchObject({ contacts: [{ wa_id: mara.waId }] });
  await fake.settled();
  expect(receiver.received.flatMap(({ value }) => value.messages ?? [])).toMatchObject([{ text: { body: 'Grüße 🙏' } }]);
  expect(
    receiver.received
      .flatMap(({ value }) => value.statuses ?? [])
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['delivered', 'sent']);
  expect(fake.deliveries[0]?.attempts.map(({ status }) => status)).toEqual([500, 200]);

  fake.faults.add({ kind: 'lose-response', times: 1 });
  await expect(sendMessage(client, { to: '15550100988', ...template('hello_world', 'en_US') })).rejects.toMatchObject({
    name: 'NetworkError',
    delivery: 'unknown',
  });
  expect(fake.sent).toHaveLength(2);
});

test('many sends at once over kept-alive connections keep to the throughput', async () => {
  await using fake = createFakeCloudApi();
  await using server = await listen(fake, { port: 0, host: '127.0.0.1' });
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, baseUrl: server.url, maxRetries: 0 });
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) => sendMessage(client, { to: String(15550300000 + index), ...template('hello_world', 'en_US') })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  expect(fake.maxInOneSecond(phoneNumberId)).toBe(20);
});

test('the app sets callback and fields by API, after a handshake', async () => {
  await using fake = createFakeCloudApi();
  await using server = await listen(fake);
  const receiver = await openReceiver(fake.app.secret, 'my token');
  const platform = createClient({ appId: fake.app.id, appSecret: fake.app.secret, baseUrl: server.url, maxRetries: 0 });
  const subscribe = (verifyToken: string) =>
    platform.request({
      method: 'POST',
      path: [fake.app.id, 'subscriptions'],
      auth: 'app',
      body: { object: 'whatsapp_business_account', callback_url: receiver.url, verify_token: verifyToken, fields: 'messages,history' },
    });
  await expect(subscribe('wrong')).rejects.toMatchObject({ code: 2200 });
  await expect(subscribe('my token')).resolves.toEqual({ success: true });
  const { data } = await listAppSubscriptions(platform, { appId: fake.app.id }).page();
  expect(data[0]).toMatchObject({ callback_url: receiver.url, fields: [{ name: 'messages' }, { name: 'history' }] });
});

test('a port that is taken rejects, and close() frees it', async () => {
  await using fake = createFakeCloudApi();
  const first = await listen(fake);
  const port = Number(new URL(first.url).port);
  await expect(listen(fake, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
  const second = await listen(fake, { port });
  await second.close();
});

test('idle connections stay open for a minute, for programs that a debugger stops', async () => {
  const fake = createFakeCloudApi();
  await using server = await listen(fake);
  const response = await fetch(`${server.url}/v25.0/me`);
  await response.text();
  expect(response.headers.get('keep-alive')).toBe('timeout=60');
});
