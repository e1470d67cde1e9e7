import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createClient, getPhoneNumber, listPhoneNumbers, listTemplates } from 'wa-coexist';
import { collect, openShop } from './shop.js';

const graph = 'https://graph.facebook.com/v26.0';

test('errors have the form of Graph, with the trace id in body and header', async () => {
  const { fake, number } = openShop();
  const response = await fake.fetch(`${graph}/${number.phoneNumberId}`, { headers: { authorization: 'Bearer wrong' } });
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(response.headers.get('www-authenticate')).toContain('invalid_token');
  const { error } = (await response.json()) as { error: { fbtrace_id: string } };
  expect(error).toMatchObject({ message: expect.any(String) as string, type: 'OAuthException', code: 190 });
  expect(error.fbtrace_id).toBe(response.headers.get('x-fb-trace-id'));
  expect(error.fbtrace_id).toMatch(/^A\w{22}$/);
});

test('a path that the fake lacks is named', async () => {
  const { client, number } = openShop();
  for (const [method, ...path] of [
    ['POST', number.phoneNumberId, 'teapot'],
    ['GET', number.wabaId, 'tea', 'pot'],
    ['GET', 'teapots', 'brown'],
  ] as const) {
    const words = `Unsupported ${method.toLowerCase()} request.*${method} /${path.join('/')} `;
    await expect(client.request({ method, path })).rejects.toMatchObject({
      code: 100,
      message: expect.stringMatching(new RegExp(words)) as string,
    });
  }
  for (const id of [number.phoneNumberId, number.wabaId]) {
    await expect(client.request({ method: 'GET', path: [id, 'teapot'] })).rejects.toMatchObject({
      code: 100,
      message: expect.stringContaining('nonexisting field (teapot)') as string,
    });
  }
  await expect(client.request({ method: 'GET', path: ['123456'] })).rejects.toMatchObject({ code: 100, subcode: 33 });
});

test('lists come in pages, forwards and backwards', async () => {
  const { client, fake, number } = openShop();
  for (let index = 0; index < 6; index += 1) fake.coexistenceNumber({ wabaId: number.wabaId });
  const pages = await collect(listPhoneNumbers(client, { limit: 3 }).pages());
  expect(pages.map(({ data }) => data.length)).toEqual([3, 3, 1]);
  const all = pages.flatMap(({ data }) => data.map(({ id }) => id));
  expect(new Set(all).size).toBe(7);
  expect(pages[1]?.paging?.next).toMatch(/\/v26\.0\/\d+\/phone_numbers\?.*after=/);
  expect(pages[2]?.paging).not.toHaveProperty('next');
  const last = pages[2]?.paging?.cursors?.before;
  const back = await client.request<{ data: { id: string }[] }>({
    method: 'GET',
    path: [number.wabaId, 'phone_numbers'],
    query: { limit: 3, before: last, fields: 'id' },
  });
  expect(back.data).toEqual(all.slice(3, 6).map((id) => ({ id })));
  await expect(collect(listPhoneNumbers(client, { after: 'made-up' }))).rejects.toMatchObject({ code: 131059 });
});

test('fields: what is asked for and nothing else, unknown ones are refused', async () => {
  const { client, number, fake, clock } = openShop();
  expect(await getPhoneNumber(client, { fields: ['is_on_biz_app'] })).toEqual({ id: number.phoneNumberId, is_on_biz_app: true });
  const usual = await client.request<object>({ method: 'GET', path: [number.phoneNumberId] });
  expect(usual).not.toHaveProperty('is_on_biz_app');
  expect(usual).toHaveProperty('verified_name', 'Harbor Bakery');
  await expect(getPhoneNumber(client, { fields: ['favourite_colour'] })).rejects.toMatchObject({ code: 100 });
  const template = await collect(listTemplates(client, { name: 'hello', fields: ['name', 'status'] }));
  expect(template).toEqual([{ name: 'hello_world', status: 'APPROVED', id: expect.any(String) as string }]);
  const other = createClient({
    accessToken: number.accessToken,
    wabaId: fake.coexistenceNumber().wabaId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  await expect(collect(listTemplates(other))).rejects.toMatchObject({ code: 100, subcode: 33 });
});

test('takes fields from query, form and JSON, a token from header and parameter, a path without version', async () => {
  const { fake, number } = openShop();
  fake.customer('15550100987').send(number.phoneNumberId, 'Hi');
  const fields = { messaging_product: 'whatsapp', to: '15550100987', type: 'text', text: '{"body":"Hello"}' };
  const url = `https://graph.facebook.com/${number.phoneNumberId}/messages`;
  const headers = { authorization: `Bearer ${number.accessToken}` };
  const asForm = await fake.fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) });
  expect(asForm.status).toBe(200);
  const query = new URLSearchParams({ access_token: number.accessToken, fields: 'id' });
  const read = await fake.fetch(new URL(`https://graph.facebook.com/${number.phoneNumberId}?${query.toString()}`));
  expect(await read.json()).toEqual({ id: number.phoneNumberId });
  const broken = await fake.fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{' });
  expect(broken.status).toBe(400);
  expect(JSON.stringify(fake.requests)).not.toContain(number.accessToken);
  expect(JSON.stringify(fake.sent)).not.toContain(number.accessToken);
});

/** The response to a GET request of the number, with parameters as a foreign client writes them. */
async function readNumber(parameters: string, method = 'GET'): Promise<unknown> {
  const { fake, number } = openShop();
  const token = encodeURIComponent(number.accessToken);
  const response = await fake.fetch(`${graph}/${number.phoneNumberId}?access_token=${token}&${parameters}`, { method });
  return response.json();
}

test.each([
  ['a comma list', 'fields=id,verified_name'],
  ['a JSON array', `fields=${encodeURIComponent('["id","verified_name"]')}`],
  ['brackets', 'fields[]=id&fields[]=verified_name'],
  ['brackets with positions', 'fields%5B0%5D=id&fields%5B1%5D=verified_name'],
])('reads fields from %s', async (_what, parameters) => {
  expect(await readNumber(parameters)).toEqual({ id: expect.any(String) as string, verified_name: 'Harbor Bakery' });
});

test('renames fields, also inside of edges', async () => {
  expect(await readNumber('fields=verified_name.as(title)')).toMatchObject({ title: 'Harbor Bakery' });
  const { client, number } = openShop();
  const fields = 'phone_numbers.as(numbers){verified_name.as(title)}';
  expect(await client.request({ method: 'GET', path: [number.wabaId], query: { fields } })).toMatchObject({
    numbers: { data: [{ title: 'Harbor Bakery' }] },
  });
});

test.each(['phone_numbers{id', 'id}', 'phone_numbers.limit(1'])('rejects the fields %s', async (fields) => {
  expect(await readNumber(`fields=${encodeURIComponent(fields)}`)).toMatchObject({ error: { code: 2500 } });
});

test('the parameter method replaces the method of HTTP', async () => {
  expect(await readNumber('fields=id&method=get', 'POST')).toEqual({ id: expect.any(String) as string });
});

test('verifies appsecret_proof', async () => {
  const { fake, number } = openShop();
  const read = async (proof: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${number.accessToken}` };
    return (await fake.fetch(`${graph}/${number.phoneNumberId}?fields=id&appsecret_proof=${proof}`, { headers })).json();
  };
  const proof = createHmac('sha256', fake.app.secret).update(number.accessToken).digest('hex');
  expect(await read(proof)).toEqual({ id: number.phoneNumberId });
  expect(await read('abc')).toMatchObject({ error: { code: 100, message: expect.stringContaining('appsecret_proof') as string } });
});
