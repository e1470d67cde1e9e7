import { expect, test } from 'vitest';
import { createClient, getTemplate } from 'wa-coexist';
import { createWebhooks, type MessageTemplateStatusUpdate, type WebhookDelivery } from 'wa-coexist/webhooks';
import { signWebhook } from 'wa-coexist/testing';
import { recordMeta } from '../meta/recorder.js';

const longId = '122097329108006499';
const template = (id: string): string =>
  `{"object":"whatsapp_business_account","entry":[{"id":102290129340398,"time":1795300000,"changes":[{"field":"message_template_status_update","value":{"event":"APPROVED","message_template_id":${id},"message_template_name":"order_ready","message_template_language":"en_US","reason":"NONE"}}]}]}`;

for (const mode of ['handle', 'inbox', 'enqueue'] as const) {
  test(`in mode ${mode}, the ID of a template is a string with all digits, in value and raw`, async () => {
    const queued: WebhookDelivery[] = [];
    const options = { appSecret: 'secret', verifyToken: 'token' };
    const webhooks =
      mode === 'enqueue'
        ? createWebhooks({
            ...options,
            mode,
            enqueue: (delivery) => void queued.push(JSON.parse(JSON.stringify(delivery)) as WebhookDelivery),
          })
        : createWebhooks({ ...options, mode });
    const seen = new Promise<{ value: MessageTemplateStatusUpdate; raw: unknown }>((resolve) => {
      webhooks.on('message_template_status_update', (event) => {
        resolve(event);
      });
    });
    const body = template(longId);
    const response = await webhooks.fetch(
      new Request('https://example.com/', { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, 'secret') } }),
    );
    expect(response.status).toBe(200);
    for (const delivery of queued) await webhooks.process(delivery);
    const event = await seen;
    expect(event.value.message_template_id).toBe(longId);
    expect(event.raw).toMatchObject({ message_template_id: longId });
    await webhooks.close();
  });
}

test('a short ID that is sent as a number is a string in the event, and can be passed to getTemplate', async () => {
  const { fetch, requests } = recordMeta({ id: '1' });
  const client = createClient({ accessToken: 'token', fetch });
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token' });
  webhooks.on('message_template_status_update', async ({ value }) => {
    await getTemplate(client, { templateId: value.message_template_id });
  });
  await webhooks.process({ body: JSON.parse(template('1234567890')) as unknown });
  expect(requests[0]?.href).toContain('/1234567890');
  await webhooks.close();
});

test('long integers in a Graph response and in an error are exact, and IDs in it are strings', async () => {
  const respond = (text: string, status = 200): ReturnType<typeof createClient> =>
    createClient({ accessToken: 'token', maxRetries: 0, fetch: recordMeta(() => new Response(text, { status })).fetch });
  const {
    id,
    waba_id: wabaId,
    count,
  } = await respond(`{"id":${longId},"waba_id":12345,"count":7}`).request<Record<string, unknown>>({
    method: 'GET',
    path: ['1'],
  });
  expect([id, wabaId, count]).toEqual([longId, '12345', 7]);
  const { data } = await respond(`{"data":[{"id":12345,"list":[{"template_ids":[1,${longId}]}]}]}`).request<{ data: unknown }>({
    method: 'GET',
    path: ['1'],
  });
  expect(data).toEqual([{ id: '12345', list: [{ template_ids: ['1', longId] }] }]);
  const other = { valid: 1, paid: 2, bids: [3], fluids: 4, text: '"id":5', idea: 6 };
  expect(await respond(JSON.stringify(other)).request({ method: 'GET', path: ['1'] })).toEqual(other);
  await expect(
    respond(`{"error":{"message":"Unknown template","code":100,"error_data":{"details":"x","template_id":${longId}}}}`, 400).request({
      method: 'GET',
      path: ['1'],
    }),
  ).rejects.toMatchObject({ code: 100 });
});
