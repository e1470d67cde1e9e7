import { expect, test } from 'vitest';
import { createClient, subscribeApp } from 'wa-coexist';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks, parseAwsEnvelope, type WebhooksBaseOptions } from 'wa-coexist/webhooks';
import { recordMeta } from '../meta/recorder.js';

type Entry = readonly [event: string, fields?: Readonly<Record<string, unknown>>];
function recordLogs(): { logs: Entry[]; logger: NonNullable<WebhooksBaseOptions['logger']> } {
  const logs: Entry[] = [];
  const write = (...entry: [string, Readonly<Record<string, unknown>>?]): void => void logs.push(entry);
  return { logs, logger: { debug: () => undefined, info: write, warn: write, error: write } };
}
const handshake = (token: string, path = '/'): Request =>
  new Request(`https://example.com${path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);
const post = (body: string, secret: string, path = '/'): Request =>
  new Request(`https://example.com${path}`, { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } });

test('each verify token of a list passes, and others are logged with the reason', async () => {
  const { logs, logger } = recordLogs();
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: ['token-1', 'token-2'], logger });
  expect((await webhooks.fetch(handshake('token-1'))).status).toBe(200);
  expect(await (await webhooks.fetch(handshake('token-2'))).text()).toBe('1158201444');
  expect((await webhooks.fetch(handshake('token-3'))).status).toBe(403);
  expect(logs).toMatchObject([['webhook.handshake_rejected', { reason: 'wrong-verify-token' }]]);
});

test('functions find token and secret by the path of the request', async () => {
  const { logs, logger } = recordLogs();
  const shops: Readonly<Record<string, { token: string; secret: string } | undefined>> = {
    '/shop-7': { token: 'token-7', secret: 'secret-7' },
  };
  const webhooks = createWebhooks({
    logger,
    appSecret: ({ url }) => Promise.resolve(shops[new URL(url).pathname]?.secret),
    verifyToken: ({ url }) => shops[new URL(url).pathname]?.token,
  });
  expect((await webhooks.fetch(handshake('token-7', '/shop-7'))).status).toBe(200);
  expect((await webhooks.fetch(handshake('token-7', '/shop-8'))).status).toBe(403);
  expect((await webhooks.fetch(post('{"entry":[]}', 'secret-7', '/shop-7'))).status).toBe(200);
  expect((await webhooks.fetch(post('{"entry":[]}', 'secret-7', '/shop-8'))).status).toBe(401);
  expect((await webhooks.fetch(post('{"entry":[]}', '', '/shop-8'))).status).toBe(401);
  expect(logs.map(([event, fields]) => [event, fields?.reason])).toEqual([
    ['webhook.handshake_rejected', 'no-verify-token'],
    ['webhook.delivery_without_events', undefined],
    ['webhook.signature_invalid', 'the appSecret function found no secret for the request'],
  ]);
});

test('a function that throws, returns a wrong type or is late causes the status 500 and a log entry', async () => {
  const clock = fakeClock();
  const hostile: readonly (() => unknown)[] = [
    () => {
      throw new Error('database is down');
    },
    () => 42,
    () => [null],
    () => new Promise(() => undefined),
  ];
  for (const find of hostile) {
    const { logs, logger } = recordLogs();
    const lookup = find as () => string;
    const webhooks = createWebhooks({ appSecret: lookup, verifyToken: lookup, logger, clock, storeTimeoutMs: 1_000 });
    for (const request of [handshake('token'), post('{}', 'secret')]) {
      const response = webhooks.fetch(request);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1_001);
      expect((await response).status).toBe(500);
    }
    expect(logs.map(([event]) => event)).toEqual(['webhook.handshake_failed', 'webhook.app_secret_failed']);
  }
});

test('wrong types of verifyToken and appSecret fail at creation with the name of the option', () => {
  for (const wrong of [undefined, null, '', ' ', 42, {}, [], [''], ['a', undefined], ['a', 3]]) {
    const value = wrong as string;
    expect(() => createWebhooks({ appSecret: 'secret', verifyToken: value })).toThrow(
      expect.objectContaining({ name: 'InvalidArgumentError', field: 'verifyToken' }),
    );
    expect(() => createWebhooks({ appSecret: value, verifyToken: 'token' })).toThrow(
      expect.objectContaining({ name: 'InvalidArgumentError', field: 'appSecret' }),
    );
  }
});

test('the verify token of an override that subscribeApp sets in this process passes, already during the call', async () => {
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token-of-the-app' });
  let statusDuringCall = 0;
  const client = createClient({
    accessToken: 'token',
    wabaId: '1',
    fetch: recordMeta(async () => {
      statusDuringCall = (await webhooks.fetch(handshake('token-of-shop-70'))).status;
      return { success: true };
    }).fetch,
  });
  expect((await webhooks.fetch(handshake('token-of-shop-70'))).status).toBe(403);
  await subscribeApp(client, { override: { callbackUrl: 'https://example.com/shop-70', verifyToken: 'token-of-shop-70' } });
  expect(statusDuringCall).toBe(200);
});

test("the second press of the dashboard's Test button is logged", async () => {
  const body =
    '{"object":"whatsapp_business_account","entry":[{"id":"0","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"16505551111","phone_number_id":"123456123"},"messages":[{"from":"16315551181","id":"ABGGFlA5Fpa","timestamp":"1504902988","type":"text","text":{"body":"test"}}]}}]}]}';
  for (const mode of ['handle', 'inbox'] as const) {
    const { logs, logger } = recordLogs();
    const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token', logger, mode });
    webhooks.on('message', () => undefined);
    for (let press = 0; press < 2; press += 1) expect((await webhooks.fetch(post(body, 'secret'))).status).toBe(200);
    expect(logs.map(([event]) => event)).toEqual(['webhook.dashboard_test_repeated']);
    await webhooks.close();
  }
});

test('parseAwsEnvelope unwraps messages of AWS End User Messaging Social from SNS, SQS and Lambda, with exact digits', async () => {
  const entry =
    '{"id":"1","changes":[{"field":"message_template_status_update","value":{"event":"APPROVED","message_template_id":122097329108006499}}]}';
  const message = JSON.stringify({ context: {}, whatsAppWebhookEntry: entry, aws_account_id: '1' });
  const envelopes: unknown[] = [
    message,
    { Type: 'Notification', Message: message },
    { Records: [{ EventSource: 'aws:sns', Sns: { Message: message } }] },
    { Records: [{ body: JSON.stringify({ Type: 'Notification', Message: message }) }] },
  ];
  for (const envelope of envelopes) {
    const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token' });
    const ids: string[] = [];
    webhooks.on('message_template_status_update', ({ value }) => void ids.push(value.message_template_id));
    await webhooks.process({ body: parseAwsEnvelope(envelope) });
    expect(ids).toEqual(['122097329108006499']);
  }
  for (const hostile of [undefined, null, 1, '', '{', [], {}, { whatsAppWebhookEntry: 5 }])
    expect(parseAwsEnvelope(hostile).entry).toEqual([]);
});
