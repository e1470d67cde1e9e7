import { describe, expect, test } from 'vitest';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';

type Json = Readonly<Record<string, unknown>>;
interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** A number on the API with an open window to `mara`, and plain requests for it. */
function openOffice() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({
    clock,
    subscribedFields: ['messages', 'flows', 'user_preferences', 'message_template_components_update'],
  });
  const number = fake.cloudApiNumber({ verifiedName: 'Harbor Bakery' });
  const mara = fake.customer('15550100987');
  mara.send(number.phoneNumberId, 'Hi');
  const values: Json[] = [];
  fake.deliverTo(async (request) => {
    const { entry } = (await request.json()) as { entry: { changes: { field: string; value: Json }[] }[] };
    values.push(...entry.flatMap(({ changes }) => changes.map(({ field, value }) => ({ field, ...value }))));
    return new Response();
  });
  const send = async (method: string, path: string, body?: BodyInit, headers: Readonly<Record<string, string>> = {}): Promise<Reply> => {
    const response = await fake.fetch(`https://graph.facebook.com/v26.0/${path}`, {
      method,
      headers: { authorization: `Bearer ${number.accessToken}`, ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: (await response.json()) as Json, headers: response.headers };
  };
  return {
    clock,
    fake,
    number,
    mara,
    values,
    get: (path: string) => send('GET', path),
    remove: (path: string) => send('DELETE', path),
    post: (path: string, body: unknown) => send('POST', path, JSON.stringify(body), { 'content-type': 'application/json' }),
    form: (path: string, body: string | FormData) =>
      send('POST', path, body, typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
  };
}

const errorOf = ({ body }: Reply): Json => (body['error'] ?? {}) as Json;
const detailsOf = (reply: Reply): unknown => (errorOf(reply)['error_data'] as Json | undefined)?.['details'];
const textTo = (to: unknown): Json => ({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' } });

describe('parameters', () => {
  test('numbers are texts: the recipient, media, a PIN, a calling code and a blocked user', async () => {
    const { post, number, fake, form } = openOffice();
    const sent = await post(`${number.phoneNumberId}/messages`, textTo(15550100987));
    expect(sent.body).toMatchObject({ contacts: [{ input: '15550100987', wa_id: '15550100987' }] });
    const file = new FormData();
    file.set('messaging_product', 'whatsapp');
    file.set('file', new Blob(['x'], { type: 'image/png' }), 'x.png');
    const { body: media } = await form(`${number.phoneNumberId}/media`, file);
    const image = { messaging_product: 'whatsapp', to: 15550100987, type: 'image', image: { id: Number(media['id']) } };
    expect((await post(`${number.phoneNumberId}/messages`, image)).status).toBe(200);
    expect((await post(`${number.phoneNumberId}/register`, { messaging_product: 'whatsapp', pin: 123456 })).body).toEqual({
      success: true,
    });
    const added = await post(`${number.wabaId}/phone_numbers`, { cc: 1, phone_number: 5550107777, verified_name: 'Second' });
    expect(added.body).toEqual({ id: expect.any(String) as string });
    expect(fake.numbers.at(-1)).toMatchObject({ waId: '15550107777' });
    const blocked = await post(`${number.phoneNumberId}/block_users`, {
      messaging_product: 'whatsapp',
      block_users: [{ user: 15550100987 }],
    });
    expect(blocked.body).toMatchObject({ block_users: { added_users: [{ input: '15550100987', wa_id: '15550100987' }] } });
  });

  test('words are accepted in capitals or not', async () => {
    const { post, number, get, clock } = openOffice();
    expect(
      (await post(`${number.phoneNumberId}/messages`, { ...textTo('15550100987'), type: 'TEXT', messaging_product: 'WhatsApp' })).status,
    ).toBe(200);
    const components = [
      { type: 'header', format: 'text', text: 'Spring' },
      { type: 'body', text: 'All bread for less.' },
    ];
    const created = await post(`${number.wabaId}/message_templates`, { name: 'x', language: 'en_US', category: 'marketing', components });
    expect(created.body).toMatchObject({ status: 'PENDING', category: 'MARKETING' });
    await clock.advance(60_000);
    const code = await post(`${number.phoneNumberId}/message_qrdls?generate_qr_image=png&prefilled_message=Hi`, {});
    expect(code.body['qr_image_url']).toMatch(/\.png$/);
    expect((await get(`${number.phoneNumberId}/message_qrdls?limit=1`)).body).toMatchObject({ data: [{ prefilled_message: 'Hi' }] });
    const wrong = await post(`${number.wabaId}/message_templates`, { name: 'y', language: 'en_US', category: 'news', components });
    expect(errorOf(wrong)).toMatchObject({
      code: 100,
      message: '(#100) Param category must be one of {MARKETING, UTILITY, AUTHENTICATION} - got "news".',
    });
  });

  test('lists come as JSON, with commas, with brackets, or repeated', async () => {
    const { get, number, fake } = openOffice();
    fake.addTemplate(number.wabaId, { name: 'waiting', status: 'PENDING', category: 'MARKETING' });
    fake.addTemplate(number.wabaId, { name: 'gone', status: 'REJECTED' });
    for (const query of [
      'status=["APPROVED","PENDING"]',
      'status=APPROVED,PENDING',
      'status=approved,pending',
      'status[]=APPROVED&status[]=PENDING',
      'status[0]=APPROVED&status[1]=PENDING',
    ]) {
      const { body } = await get(`${number.wabaId}/message_templates?fields=name&${query}`);
      expect(
        (body['data'] as Json[]).map(({ name }) => name),
        query,
      ).toEqual(['hello_world', 'waiting']);
    }
    expect((await get(`${number.wabaId}/message_templates?category=["UTILITY"]&quality_score=unknown`)).body['data']).toHaveLength(2);
  });

  test('forms have brackets and JSON, and texts that look like JSON stay texts', async () => {
    const { form, get, number, fake, post } = openOffice();
    const profile = `${number.phoneNumberId}/whatsapp_business_profile`;
    const fields = 'about=%5Bnew%5D&messaging_product=whatsapp&vertical=EDU&websites%5B%5D=https%3A%2F%2Fwww.example.com';
    expect((await form(profile, fields)).body).toEqual({ success: true });
    expect((await get(`${profile}?fields=websites,about`)).body).toEqual({
      data: [{ websites: ['https://www.example.com/'], about: '[new]', messaging_product: 'whatsapp' }],
    });
    const message = 'messaging_product=whatsapp&to=15550100987&type=text&text%5Bbody%5D=%7B%22a%22%3A1%7D';
    expect((await form(`${number.phoneNumberId}/messages`, message)).status).toBe(200);
    expect(fake.sent.at(-1)?.body).toMatchObject({ text: { body: '{"a":1}' } });
    const contacts = JSON.stringify([{ name: { formatted_name: 'Ann', first_name: 'Ann' } }]);
    const sent = await post(`${number.phoneNumberId}/messages`, {
      messaging_product: 'whatsapp',
      to: '15550100987',
      type: 'contacts',
      contacts,
    });
    expect(sent.status).toBe(200);
  });

  test('an object in the place of a text is an error that names the place', async () => {
    const { post, number } = openOffice();
    const reply = await post(`${number.phoneNumberId}/messages`, {
      messaging_product: 'whatsapp',
      to: '15550100987',
      type: 'template',
      template: {
        name: 'hello_world',
        language: { code: 'en_US' },
        components: [{ type: 'body', parameters: [{ type: 'text', text: { link: 'x' } }] }],
      },
    });
    expect(errorOf(reply)['message']).toBe("(#100) Param template['components'][0]['parameters'][0]['text'] must be a string.");
  });
});

describe('fields', () => {
  test('edges, their parameters and sub-fields can be read along with a node', async () => {
    const { get, number } = openOffice();
    const { body } = await get(
      `${number.wabaId}?fields=id,owner_business_info{id},phone_numbers{id,display_phone_number},message_templates.limit(1){name}`,
    );
    expect(body).toEqual({
      id: number.wabaId,
      owner_business_info: { id: number.businessId },
      phone_numbers: {
        data: [{ id: number.phoneNumberId, display_phone_number: expect.any(String) as string }],
        paging: expect.any(Object) as object,
      },
      message_templates: { data: [{ id: expect.any(String) as string, name: 'hello_world' }], paging: expect.any(Object) as object },
    });
    expect((await get(`${number.wabaId}?fields=subscribed_apps`)).body).toHaveProperty('subscribed_apps.data');
    expect(errorOf(await get(`${number.wabaId}?fields=teapots{id}`))['message']).toContain('nonexisting field (teapots)');
  });

  test('edges of the items of a list, at any depth', async () => {
    const { get, number } = openOffice();
    const path = `${number.businessId}/owned_whatsapp_business_accounts?fields=name,phone_numbers{verified_name,whatsapp_business_profile{about}}`;
    expect((await get(path)).body['data']).toMatchObject([
      {
        id: number.wabaId,
        phone_numbers: { data: [{ id: number.phoneNumberId, verified_name: 'Harbor Bakery', whatsapp_business_profile: { data: [{}] } }] },
      },
    ]);
    const many = await get(`?ids=${number.wabaId},${number.phoneNumberId}&fields=id`);
    expect(many.body).toEqual({ [number.wabaId]: { id: number.wabaId }, [number.phoneNumberId]: { id: number.phoneNumberId } });
    expect((await get('me')).body).toMatchObject({ id: expect.any(String) as string });
  });

  test('every documented field of a template, and the totals that were asked for', async () => {
    const { get, post, number } = openOffice();
    const components = [{ type: 'BODY', text: 'All bread for less.' }];
    const specification = { creative_features_spec: { image_brightness_and_contrast: { enroll_status: 'OPT_IN' } } };
    const template = { name: 'x', language: 'en_US', category: 'MARKETING', components, degrees_of_freedom_spec: specification };
    const { body: created } = await post(`${number.wabaId}/message_templates`, template);
    const fields = 'name,degrees_of_freedom_spec,display_format,is_primary_device_delivery_only,specific_rejection_reason,creative_sources';
    expect((await get(`${String(created['id'])}?fields=${fields}`)).body).toMatchObject({ degrees_of_freedom_spec: specification });
    const summary = 'total_count,message_template_count,message_template_limit,are_translations_complete';
    expect((await get(`${number.wabaId}/message_templates?fields=name&summary=${summary}`)).body['summary']).toEqual({
      total_count: 2,
      message_template_count: 2,
      message_template_limit: 6_000,
      are_translations_complete: true,
    });
    expect((await get(`${number.wabaId}/message_templates?summary=total_count`)).body['summary']).toEqual({ total_count: 2 });
  });

  test('every documented field of a number has a value', async () => {
    const { get, number } = openOffice();
    const fields = 'messaging_limit_tier,eligibility_for_api_business_global_search,new_name_status,country_dial_code,country_code';
    expect((await get(`${number.phoneNumberId}?fields=${fields}`)).body).toEqual({
      id: number.phoneNumberId,
      messaging_limit_tier: 'TIER_250',
      eligibility_for_api_business_global_search: 'NON_ELIGIBLE_VERIFIED_LEVEL',
      new_name_status: 'NONE',
      country_dial_code: '1',
      country_code: 'US',
    });
    expect((await get(`${number.phoneNumberId}/settings?fields=user_identity_change`)).body).toEqual({
      user_identity_change: { enable_identity_key_check: false },
    });
  });
});

describe('endpoints', () => {
  test('a read receipt for an unknown or outgoing message has code 100 with details', async () => {
    const { post, number } = openOffice();
    const read = (id: unknown) =>
      post(`${number.phoneNumberId}/messages`, { messaging_product: 'whatsapp', status: 'read', message_id: id });
    const unknown = await read(12345);
    expect(errorOf(unknown)).toMatchObject({ message: '(#100) Invalid parameter', code: 100 });
    expect(detailsOf(unknown)).toBe('Please check the message ID you have provided.');
    const { body } = await post(`${number.phoneNumberId}/messages`, textTo('15550100987'));
    const [message] = body['messages'] as { id: string }[];
    expect(detailsOf(await read(message?.id))).toContain(`${String(message?.id)} is outgoing. Please use an incoming message ID.`);
  });

  test('template analytics have a point for each day and template, with the metrics that were asked for', async () => {
    const { get, post, number } = openOffice();
    const query = 'start=1767225600&end=1767311999&granularity=DAILY&template_ids=[1,2]';
    expect(errorOf(await get(`${number.wabaId}/template_analytics?${query}`))['code']).toBe(200005);
    await post(number.wabaId, { is_enabled_for_insights: 'true' });
    const chosen = await get(`${number.wabaId}/template_analytics?${query}&metric_types=SENT,DELIVERED`);
    expect(chosen.body['data']).toEqual([
      {
        granularity: 'DAILY',
        product_type: 'cloud_api',
        data_points: ['1', '2'].map((id) => ({ template_id: id, start: 1767225600, end: 1767312000, sent: 0, delivered: 0 })),
      },
    ]);
    const all = await get(`${number.wabaId}/template_analytics?${query}`);
    const [{ data_points: points }] = all.body['data'] as [{ data_points: Json[] }];
    const [point] = points;
    expect(point).toMatchObject({ sent: 0, delivered: 0, read: 0, replied: 0, cost: [{ type: 'amount_spent' }, {}, {}] });
    const { body } = await get(`${number.wabaId}?fields=analytics.start(1767225600).end(1767311999).granularity(HALF_HOUR)`);
    expect(body['analytics']).toEqual({ granularity: 'HALF_HOUR' });
    expect(errorOf(await get('123456/template_analytics?start=1&end=2'))['message']).toContain('nonexisting field (template_analytics)');
  });

  test('QR codes have their fields, formats and order, and the path may name one', async () => {
    const { get, post, number } = openOffice();
    const codes = `${number.phoneNumberId}/message_qrdls`;
    const first = await post(codes, { prefilled_message: 'one' });
    await post(codes, { prefilled_message: 'two' });
    const code = String(first.body['code']);
    expect((await get(codes)).body['data']).toEqual([
      { code: expect.any(String) as string, prefilled_message: 'two', deep_link_url: expect.any(String) as string },
      { code, prefilled_message: 'one', deep_link_url: expect.any(String) as string },
    ]);
    expect((await get(`${codes}?code=${code}`)).body['data']).toHaveLength(1);
    expect((await get(`${codes}/${code}?fields=qr_image_url.format(SVG)`)).body).toMatchObject({
      data: [{ qr_image_url: expect.stringMatching(/\.svg$/) as string }],
    });
    expect((await post(`${codes}/${code}?prefilled_message=three`, {})).body).toMatchObject({ code, prefilled_message: 'three' });
  });

  test('metrics and addresses of flows', async () => {
    const { get, post, number, fake } = openOffice();
    const json = JSON.stringify({ version: '7.0', screens: [] });
    const { body } = await post(`${number.wabaId}/flows`, { name: 'Orders', categories: ['OTHER'], flow_json: json });
    const id = String(body['id']);
    expect((await get(`${id}?fields=metric.name(ENDPOINT_REQUEST_COUNT).granularity(DAY)`)).body).toEqual({
      id,
      metric: { name: 'ENDPOINT_REQUEST_COUNT', granularity: 'DAY', data_points: [] },
    });
    // A separate server serves the files.
    const authorization = `Bearer ${number.accessToken}`;
    const answer = await fake.answer({ method: 'GET', url: `http://localhost:4004/v26.0/${id}/assets`, authorization });
    const [asset] = (JSON.parse(String('body' in answer ? answer.body : '')) as { data: { download_url: string }[] }).data;
    const file = await fake.answer({ method: 'GET', url: String(asset?.download_url) });
    expect(file).toMatchObject({ status: 200, body: json });
  });

  test('users are blocked by user ID, and their number stays unknown', async () => {
    const { post, number, mara } = openOffice();
    for (const name of ['user', 'user_id']) {
      const { body } = await post(`${number.phoneNumberId}/block_users`, {
        messaging_product: 'whatsapp',
        block_users: [{ [name]: mara.userId }],
      });
      expect(body).toMatchObject({ block_users: { added_users: [{ input: mara.userId, wa_id: '', user_id: mara.userId }] } });
    }
  });

  test('in-app signup and catalogs', async () => {
    const { post, get, number } = openOffice();
    const signup = { signup_message: 'Join', confirmation_message: 'Welcome', privacy_policy_url: 'https://shop.example/privacy' };
    const { body } = await post(`${number.wabaId}/signups`, signup);
    const id = String(body['id']);
    expect((await get(`signups/${id}`)).body).toMatchObject({ id, ...signup, status: 'ACTIVE' });
    expect((await post(`signups/${id}`, { status: 'disabled' })).body).toEqual({ success: true });
    expect((await get(`${number.wabaId}/signups`)).body).toMatchObject({ data: [{ id, status: 'DISABLED' }] });
    expect(errorOf(await post(`${number.wabaId}/signups`, { ...signup, signup_message: 'x'.repeat(301) }))['code']).toBe(100);
    await post(`${number.wabaId}/product_catalogs`, { catalog_id: 77 });
    expect((await get(`${number.wabaId}/product_catalogs`)).body).toMatchObject({ data: [{ id: '77' }] });
  });

  test('accounts are owned or of a client, and each list has one kind', async () => {
    const fake = createFakeCloudApi({ clock: fakeClock() });
    const own = fake.cloudApiNumber();
    const client = fake.coexistenceNumber({ businessId: own.businessId });
    const token = fake.issueToken({ wabaIds: [own.wabaId, client.wabaId] });
    const list = async (kind: string): Promise<unknown> => {
      const url = `https://graph.facebook.com/${own.businessId}/${kind}_whatsapp_business_accounts?fields=id,ownership_type&access_token=${token}`;
      return ((await (await fake.fetch(url)).json()) as Json)['data'];
    };
    expect(await list('owned')).toEqual([{ id: own.wabaId, ownership_type: 'SELF' }]);
    expect(await list('client')).toEqual([{ id: client.wabaId, ownership_type: 'CLIENT_OWNED' }]);
  });

  test('browsers may read responses, and messages have a header with the usage', async () => {
    const { fake, post, number } = openOffice();
    const preflight = await fake.fetch(`https://graph.facebook.com/v26.0/${number.phoneNumberId}`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const sent = await post(`${number.phoneNumberId}/messages`, textTo('15550100987'));
    expect(sent.headers.get('access-control-allow-origin')).toBe('*');
    expect(JSON.parse(sent.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({ [number.wabaId]: [{ type: 'whatsapp' }] });
    const refused = await post(`${number.phoneNumberId}/messages`, { messaging_product: 'whatsapp' });
    expect(refused.headers.get('www-authenticate')).toContain('invalid_request');
  });

  test('small things: hello_world, username, media, versions, unknown objects', async () => {
    const { get, remove, number, form, fake } = openOffice();
    const { body } = await get(`${number.wabaId}/message_templates?name=hello_world&fields=components`);
    expect(body['data']).toMatchObject([{ components: [{ type: 'HEADER', text: 'Hello World' }, { type: 'BODY' }, { type: 'FOOTER' }] }]);
    expect((await get(`${number.phoneNumberId}/username`)).body).toEqual({ username: '' });
    const upload = new FormData();
    upload.set('messaging_product', 'whatsapp');
    upload.set('file', new Blob([new Uint8Array(2_100_000)], { type: 'image/webp' }), 'big.webp');
    expect((await form(`${number.phoneNumberId}/media`, upload)).status).toBe(200);
    upload.set('file', new Blob(['x'], { type: 'application/zip' }), 'a.zip');
    expect(errorOf(await form(`${number.phoneNumberId}/media`, upload))).toMatchObject({
      code: 100,
      message: expect.stringContaining("Received file of type 'application/zip'") as string,
    });
    const future = await fake.fetch('https://graph.facebook.com/v99.0/me', { headers: { authorization: `Bearer ${number.accessToken}` } });
    expect(future.status).toBe(400);
    expect(errorOf(await remove('123456'))['message']).toBe('(#100) Invalid post_id parameter');
    expect(errorOf(await get('123456/phone_numbers'))).toMatchObject({ code: 100, error_subcode: 33 });
  });
});

describe('webhooks', () => {
  test('a file that does not suit the message is accepted and fails', async () => {
    const { form, post, number, fake, values } = openOffice();
    const upload = new FormData();
    upload.set('messaging_product', 'whatsapp');
    upload.set('file', new Blob(['x'], { type: 'application/pdf' }), 'a.pdf');
    const { body } = await form(`${number.phoneNumberId}/media`, upload);
    const image = { messaging_product: 'whatsapp', to: '15550100987', type: 'image', image: { id: body['id'] } };
    expect((await post(`${number.phoneNumberId}/messages`, image)).status).toBe(200);
    await fake.settled();
    expect(values.at(-1)).toMatchObject({ statuses: [{ status: 'failed', errors: [{ code: 131053 }] }] });
  });

  test('emitted events have the members that Meta always sends', async () => {
    const { fake, number, values } = openOffice();
    fake.emit(number, 'user_preferences');
    fake.emit(number, 'flows');
    await fake.settled();
    expect(values.find(({ field }) => field === 'user_preferences')).toMatchObject({
      user_preferences: [{ detail: expect.any(String) as string }],
    });
    expect(values.find(({ field }) => field === 'flows')).toHaveProperty('message');
  });

  test('an edited template is reported with header, footer and buttons', async () => {
    const { fake, number, values, post, clock } = openOffice();
    const id = fake.addTemplate(number.wabaId, { name: 'menu' });
    const components = [
      { type: 'HEADER', format: 'TEXT', text: 'Menu' },
      { type: 'BODY', text: 'Fresh bread.' },
      { type: 'FOOTER', text: 'Harbor Bakery' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'More' }] },
    ];
    expect((await post(id, { components: JSON.stringify(components) })).body).toEqual({ success: true });
    await clock.advance(1_000);
    await fake.settled();
    expect(values.find(({ field }) => field === 'message_template_components_update')).toMatchObject({
      message_template_title: 'Menu',
      message_template_element: 'Fresh bread.',
      message_template_footer: 'Harbor Bakery',
      message_template_buttons: [{ message_template_button_type: 'QUICK_REPLY', message_template_button_text: 'More' }],
    });
  });
});
