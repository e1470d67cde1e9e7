import { expect, test } from 'vitest';
import { createFakeCloudApi } from 'wa-coexist/testing';

interface Batched {
  readonly code: number;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

function openShop() {
  const fake = createFakeCloudApi();
  const number = fake.cloudApiNumber({ verifiedName: 'Harbor Bakery' });
  fake.customer('15550100987').send(number.phoneNumberId, 'Hi');
  const post = (body: Readonly<Record<string, unknown>>, token = number.accessToken): Promise<Response> =>
    fake.fetch('https://graph.facebook.com/v26.0/', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const run = async (batch: unknown, more: object = {}, token?: string): Promise<(Batched | null)[]> =>
    (await (await post({ batch, ...more }, token)).json()) as (Batched | null)[];
  return { fake, number, post, run };
}

const message = 'messaging_product=whatsapp&to=15550100987&type=text&text=%7B%22body%22%3A%22Fresh%20since%20seven%22%7D';

test('a batch returns a status, headers and a body for each of its requests, in their order', async () => {
  const { fake, number, run } = openShop();
  const [read, sent, failed] = await run([
    { method: 'GET', relative_url: `${number.phoneNumberId}?fields=verified_name` },
    { method: 'POST', relative_url: `v26.0/${number.phoneNumberId}/messages`, body: message },
    { method: 'POST', relative_url: `/${number.phoneNumberId}/messages`, body: message.replace('987', '988') },
  ]);
  expect(read?.code).toBe(200);
  expect(JSON.parse(read?.body ?? '')).toEqual({ id: number.phoneNumberId, verified_name: 'Harbor Bakery' });
  expect(read?.headers).toContainEqual({ name: 'facebook-api-version', value: 'v26.0' });
  expect(JSON.parse(sent?.body ?? '')).toMatchObject({ messages: [{ id: fake.sent[0]?.id }] });
  expect(fake.sent).toMatchObject([{ body: { text: { body: 'Fresh since seven' } } }]);
  expect(failed?.code).toBe(400);
  expect(JSON.parse(failed?.body ?? '')).toMatchObject({ error: { code: 131047 } });
});

test('a batch as a form, with a separate token for one request, and without headers', async () => {
  const { fake, number } = openShop();
  const batch = [
    { method: 'get', relative_url: number.wabaId },
    { method: 'GET', relative_url: `${number.wabaId}?access_token=${number.accessToken}` },
  ];
  const form = new URLSearchParams({ access_token: 'wrong', batch: JSON.stringify(batch), include_headers: 'false' });
  const response = await fake.fetch('https://graph.facebook.com/', { method: 'POST', body: form });
  const [wrong, right] = (await response.json()) as Batched[];
  expect(response.status).toBe(200);
  expect(Object.keys(wrong ?? {})).toEqual(['code', 'body']);
  expect(JSON.parse(wrong?.body ?? '')).toMatchObject({ error: { code: 190 } });
  expect(right).toMatchObject({ code: 200 });
});

test('each request of a batch is recorded, and meets faults. A lost response is null', async () => {
  const { fake, number, run } = openShop();
  fake.faults.add({ kind: 'lose-response', endpoint: 'messages', times: 1 });
  const path = `${number.phoneNumberId}/messages`;
  const [lost, sent] = await run([
    { method: 'POST', relative_url: path, body: message },
    { method: 'POST', relative_url: path, body: message },
  ]);
  expect([lost, sent?.code]).toEqual([null, 200]);
  expect(fake.sent).toHaveLength(2);
  expect(fake.requests).toMatchObject([
    { path, fault: 'lose-response' },
    { path, status: 200 },
    { path: '', status: 200 },
  ]);
});

test('records of a batch contain no token and no code', async () => {
  const { fake, run } = openShop();
  const code = 'client_id=1&client_secret=hush&code=x';
  await run([{ method: 'GET', relative_url: `oauth/access_token?${code}&access_token=hush` }]);
  expect(JSON.stringify(fake.requests)).not.toContain('hush');
});

test.each<[string, unknown, RegExp]>([
  ['no list', 'x', /batch must be an array/],
  ['an empty list', [], /batch must be an array/],
  ['51 requests', Array.from({ length: 51 }, () => ({ method: 'GET', relative_url: 'me' })), /Maximum batch size is 50/],
  ['no method', [{ relative_url: 'me' }], /batch\[0\]\[method\]/],
  ['no path', [{ method: 'GET' }], /batch\[0\]\[relative_url\] is required/],
  ['a body that is no text', [{ method: 'POST', relative_url: 'me', body: {} }], /batch\[0\]\[body\] must be a string/],
  ['a dependency', [{ method: 'GET', relative_url: 'me', depends_on: 'first' }], /doesn't support batch\[0\]\[depends_on\]/],
])('a batch with %s is rejected with 100, and none of its requests runs', async (_name, batch, text) => {
  const { fake, post } = openShop();
  const response = await post({ batch });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 100, message: expect.stringMatching(text) as string } });
  expect(fake.requests).toHaveLength(1);
});
