import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createClient,
  createFlow,
  downloadMedia,
  publishFlow,
  sendMessage,
  setEncryptionKey,
  updateFlow,
  uploadFlowJson,
  type Client,
} from 'wa-coexist';
import {
  completeFlow,
  createFlowEndpoint,
  defineFlow,
  downloadFlowMedia,
  parseFlowReply,
  readFlowMedia,
  type FlowEndpointOptions,
  type FlowJson,
  type FlowRequest,
} from 'wa-coexist/flows';
import { createFakeCloudApi, fakeClock, type FakeCloudApi, type FakeReadyNumber } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

let fake: FakeCloudApi;
let shop: FakeReadyNumber;
let client: Client;
beforeEach(async () => {
  fake = createFakeCloudApi({ clock: fakeClock() });
  shop = fake.coexistenceNumber();
  client = createClient({ ...shop, clock: fake.clock, fetch: fake.fetch });
  await setEncryptionKey(client, { publicKey: publicPem });
});
afterEach(() => fake.close());

const footer = (action: object) => ({ type: 'Footer', label: 'Next', 'on-click-action': action }) as never;
const column = (...children: readonly object[]) => ({ type: 'SingleColumnLayout', children }) as never;

const local: FlowJson = defineFlow({
  version: '7.3',
  screens: [
    {
      id: 'DETAILS',
      title: 'Table',
      layout: column(
        { type: 'TextInput', name: 'guest', label: 'Name', required: true },
        footer({ name: 'navigate', next: { type: 'screen', name: 'CONFIRM' }, payload: { guest: '${form.guest}' } }),
      ),
    },
    {
      id: 'CONFIRM',
      terminal: true,
      data: { guest: { type: 'string', __example__: 'Ana' } },
      layout: column(
        { type: 'OptIn', name: 'news', label: 'News' },
        {
          type: 'If',
          condition: '${form.news} == true',
          then: [footer({ name: 'complete', payload: { guest: '${data.guest}', news: true } })],
          else: [footer({ name: 'complete', payload: { guest: '${screen.DETAILS.form.guest}' } })],
        },
      ),
    },
  ],
});

const served: FlowJson = defineFlow({
  version: '7.3',
  data_api_version: '4.0',
  routing_model: { DETAILS: ['TIME'], TIME: [] },
  screens: [
    {
      id: 'DETAILS',
      title: 'Table',
      data: { seats: { type: 'number', __example__: 4 } },
      layout: column(
        { type: 'TextInput', name: 'guests', label: 'Guests', required: true },
        { type: 'PhotoPicker', name: 'photos', label: 'Photos', 'max-uploaded-photos': 2 },
        footer({ name: 'data_exchange', payload: { guests: '${form.guests}', photos: '${form.photos}' } }),
      ),
    },
    {
      id: 'TIME',
      terminal: true,
      refresh_on_back: true,
      data: { times: { type: 'array', items: { type: 'object' }, __example__: [] } },
      layout: column(
        { type: 'Dropdown', name: 'time', label: 'Time', 'data-source': '${data.times}' },
        footer({ name: 'data_exchange', payload: { time: '${form.time}' } }),
      ),
    },
  ],
});

/** Creates a Flow and sends it to Mara. */
async function send(json: FlowJson, options: { readonly action?: 'navigate' | 'data_exchange'; readonly token?: string } = {}) {
  const { id } = await createFlow(client, { name: `flow ${Math.random()}`, categories: ['OTHER'], flowJson: json });
  await publishFlow(client, { flowId: id });
  const mara = fake.customer('15550100987');
  mara.send(shop.phoneNumberId, 'Hello');
  const { messages } = await sendMessage(client, {
    to: mara.waId,
    type: 'interactive',
    interactive: {
      type: 'flow',
      body: { text: 'Book a table' },
      action: {
        name: 'flow',
        parameters: {
          flow_message_version: '3',
          flow_id: id,
          flow_cta: 'Book',
          flow_token: options.token ?? 'token-1',
          flow_action: options.action ?? 'navigate',
          ...((options.action ?? 'navigate') === 'navigate' && { flow_action_payload: { screen: 'DETAILS' } }),
        },
      },
    },
  } as never);
  await fake.settled();
  return { flowId: id, mara, messageId: messages[0].id };
}

function endpoint(options: Partial<FlowEndpointOptions>) {
  const requests: FlowRequest[] = [];
  const keep = (): void => undefined;
  const { fetch } = createFlowEndpoint({
    privateKey,
    appSecret: fake.app.secret,
    clock: fake.clock,
    logger: { debug: keep, info: keep, warn: keep, error: keep },
    ...options,
    handle: async (request) => {
      requests.push(request);
      return (await options.handle?.(request)) ?? { screen: 'DETAILS', data: { seats: 4 } };
    },
  });
  return { fetch, requests };
}

/** Serves an endpoint over HTTP. */
async function serve(fetch: (request: Request) => Promise<Response>) {
  const server = createServer(async (request, response) => {
    const headers = { 'x-hub-signature-256': String(request.headers['x-hub-signature-256']) };
    const answer = await fetch(new Request('http://localhost/', { method: 'POST', headers, body: await buffer(request) }));
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/flow`, close };
}

describe('a Flow without an endpoint', () => {
  test('leads from screen to screen to a reply', async () => {
    const replies: unknown[] = [];
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock: fake.clock });
    webhooks.on('message', { flow: 'any' }, (event, { data, flowToken }) => {
      replies.push({ data, flowToken, context: event.message.context?.id });
    });
    fake.deliverTo(webhooks.fetch);
    const { mara, messageId } = await send(local);
    const flow = await mara.openFlow(messageId);
    expect(flow).toMatchObject({ state: 'open', screen: 'DETAILS' });
    await flow.submit({ guest: 'Mara' });
    expect(flow).toMatchObject({ state: 'open', screen: 'CONFIRM', data: { guest: 'Mara' } });
    await flow.back();
    expect(flow.screen).toBe('DETAILS');
    await flow.submit({ guest: 'Mara P' });
    await flow.submit({ news: true });
    expect(flow).toMatchObject({ state: 'completed', failure: undefined });
    await fake.settled();
    expect(replies).toEqual([
      {
        data: { flow_token: 'token-1', guest: 'Mara P', news: true },
        flowToken: 'token-1',
        context: expect.stringMatching(/^wamid/) as string,
      },
    ]);
    expect(flow.replyId).toMatch(/^wamid/);
  });

  test('shows the branch that applies', async () => {
    const { mara, messageId } = await send(local);
    const flow = await mara.openFlow(messageId);
    await flow.submit({ guest: 'Mara' });
    await flow.submit();
    expect(flow.state).toBe('completed');
  });

  test('rejects what the customer could not do', async () => {
    const { mara, messageId } = await send(local);
    const flow = await mara.openFlow(messageId);
    await expect(flow.submit({})).rejects.toThrow(/guest is missing/);
    await expect(flow.submit({ guest: 'Mara', other: 1 })).rejects.toThrow(/other is no input/);
    await expect(flow.back()).rejects.toThrow(/first screen/);
    await expect(flow.tap('Terms')).rejects.toThrow(/no link/);
    await flow.submit({ guest: 'Mara' });
    await flow.submit();
    await expect(flow.submit()).rejects.toThrow(/completed/);
    await expect(mara.openFlow('wamid.x')).rejects.toThrow(/no message with a Flow/);
    await expect(mara.openFlow(mara.send(shop.phoneNumberId, 'Hello'))).rejects.toThrow(/no message with a Flow/);
  });
});

describe('a Flow with an endpoint', () => {
  test('exchanges data, files and the way back, and ends with the values of the endpoint', async () => {
    const { mara, messageId } = await send(served, { action: 'data_exchange' });
    const { fetch, requests } = endpoint({
      tokenSignature: 'required',
      handle: async (request) => {
        if (request.action !== 'data_exchange') return { screen: 'DETAILS', data: { seats: 4 } };
        if (request.screen === 'TIME') return completeFlow(request, { time: request.data?.time });
        const files = await Promise.all(readFlowMedia(request.data?.photos).map((media) => downloadFlowMedia(client, { media })));
        return {
          screen: 'TIME',
          data: { times: files.map(({ fileName, bytes }) => ({ id: fileName, title: new TextDecoder().decode(bytes) })) },
        };
      },
    });
    const flow = await mara.openFlow(messageId, { endpoint: fetch });
    expect(flow).toMatchObject({ state: 'open', screen: 'DETAILS', data: { seats: 4 } });
    const photo = { bytes: new TextEncoder().encode('a photo'), fileName: 'photo.jpg', mimeType: 'image/jpeg' };
    await flow.submit({ guests: '4', photos: [photo] });
    expect(flow).toMatchObject({ screen: 'TIME', data: { times: [{ id: 'photo.jpg', title: 'a photo' }] } });
    await flow.back();
    expect(flow).toMatchObject({ screen: 'DETAILS', data: { seats: 4 } });
    await flow.submit({ guests: '4' });
    await flow.submit({ time: '19:00' });
    expect(flow).toMatchObject({ state: 'completed' });
    expect(requests.map(({ action, screen, flow_token: token, version }) => [action, screen, token, version])).toEqual([
      ['INIT', undefined, 'token-1', '4.0'],
      ['data_exchange', 'DETAILS', 'token-1', '4.0'],
      ['BACK', 'TIME', 'token-1', '4.0'],
      ['data_exchange', 'DETAILS', 'token-1', '4.0'],
      ['data_exchange', 'TIME', 'token-1', '4.0'],
    ]);
  });

  test('shows error messages, and expired tokens', async () => {
    const { mara, messageId } = await send(served, { action: 'data_exchange' });
    let step = 0;
    const { fetch } = endpoint({
      handle: () => {
        step += 1;
        if (step === 1) return { screen: 'DETAILS', data: { seats: 4 } };
        return step === 2 ? { screen: 'DETAILS', data: { error_message: 'We have 12 seats.' } } : { tokenExpired: 'Ask for a new form.' };
      },
    });
    const flow = await mara.openFlow(messageId, { endpoint: fetch });
    await flow.submit({ guests: '40' });
    expect(flow).toMatchObject({ state: 'open', screen: 'DETAILS', errorMessage: 'We have 12 seats.', data: { seats: 4 } });
    await flow.submit({ guests: '12' });
    expect(flow).toMatchObject({ state: 'expired', errorMessage: 'Ask for a new form.' });
  });

  test.each([
    ['invalid-screen-transition', { screen: 'OTHER', data: {} }],
    ['payload-schema-error', { screen: 'TIME', data: { times: 'noon' } }],
  ])('reports %s to the endpoint', async (failure, response) => {
    const { mara, messageId } = await send(served, { action: 'data_exchange' });
    const reports: unknown[] = [];
    const { fetch } = endpoint({
      logger: {
        debug: () => undefined,
        info: () => undefined,
        error: () => undefined,
        warn: (name, facts) => void reports.push([name, facts]),
      },
      handle: ({ action }) => (action === 'INIT' ? { screen: 'DETAILS', data: { seats: 4 } } : response),
    });
    const flow = await mara.openFlow(messageId, { endpoint: fetch });
    await flow.submit({ guests: '4' });
    expect(flow).toMatchObject({ state: 'failed', failure });
    expect(reports).toEqual([['flow.error_reported', expect.objectContaining({ error: failure, screen: 'DETAILS' })]]);
  });

  test.each<[string, () => (request: Request) => Promise<Response>]>([
    ['unexpected_http_status_code', () => async () => new Response(null, { status: 500 })],
    ['unexpected_http_status_code', () => endpoint({ appSecret: 'other' }).fetch],
    ['response-decryption-error', () => async () => new Response('bm90IGVuY3J5cHRlZA==')],
    ['response-decryption-error', () => async () => new Response('no base64!')],
    ['business-decryption-error', () => async () => new Response(null, { status: 421 })],
    ['no_http_response_error', () => () => Promise.reject(new Error('closed'))],
    ['timeout_error', () => () => new Promise(() => void (fake.clock as ReturnType<typeof fakeClock>).advance(10_000))],
  ])('fails with %s', async (failure, make) => {
    const { mara, messageId } = await send(served, { action: 'data_exchange' });
    expect(await mara.openFlow(messageId, { endpoint: make() })).toMatchObject({ state: 'failed', failure });
  });

  test('needs a public key and an endpoint', async () => {
    const { mara, messageId, flowId } = await send(served, { action: 'data_exchange' });
    await expect(mara.openFlow(messageId)).rejects.toThrow(/endpoint is missing/);
    const other = await serve(endpoint({}).fetch);
    await updateFlow(client, { flowId, endpoint_uri: other.url });
    expect(await mara.openFlow(messageId)).toMatchObject({ state: 'open', screen: 'DETAILS' });
    await other.close();
    expect(await mara.openFlow(messageId)).toMatchObject({ state: 'failed', failure: 'no_http_response_error' });
    const second = fake.cloudApiNumber();
    expect(await fake.checkFlowEndpoint(second, endpoint({}).fetch)).toBe(false);
  });

  test('health checks', async () => {
    expect(await fake.checkFlowEndpoint(shop, endpoint({}).fetch)).toBe(true);
    const wrong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await fake.checkFlowEndpoint(shop, endpoint({ privateKey: wrong }).fetch)).toBe(false);
  });
});

test('files of the reply are downloaded by their ID', async () => {
  const json = defineFlow({
    version: '7.3',
    screens: [
      {
        id: 'DETAILS',
        terminal: true,
        layout: column(
          { type: 'DocumentPicker', name: 'contract', label: 'Contract', description: 'Signed', 'max-uploaded-documents': 1 },
          footer({ name: 'complete', payload: { contract: '${form.contract}' } }),
        ),
      },
    ],
  });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock: fake.clock });
  const files: string[] = [];
  webhooks.on('message', async ({ message }) => {
    const reply = await parseFlowReply(message);
    if (reply.type !== 'valid') return;
    const [file] = reply.data.contract as { id: string; sha256: string }[];
    files.push(new TextDecoder().decode(await (await downloadMedia(client, { mediaId: file!.id, sha256: file!.sha256 })).bytes()));
  });
  fake.deliverTo(webhooks.fetch);
  const { mara, messageId } = await send(json);
  const flow = await mara.openFlow(messageId);
  await flow.submit({ contract: [{ bytes: new TextEncoder().encode('signed'), fileName: 'contract.pdf', mimeType: 'application/pdf' }] });
  await fake.settled();
  expect(files).toEqual(['signed']);
  const wrong = await mara.openFlow(messageId);
  await expect(wrong.submit({ contract: ['x'] })).rejects.toThrow(/bytes, fileName and mimeType/);
});

test('links and lists lead to screens', async () => {
  const json = defineFlow({
    version: '7.3',
    screens: [
      {
        id: 'DETAILS',
        layout: column({
          type: 'NavigationList',
          name: 'list',
          'list-items': [
            {
              id: 'more',
              'main-content': { title: 'More' },
              'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'MORE' }, payload: {} },
            },
          ],
        }),
      },
      {
        id: 'MORE',
        layout: column({
          type: 'EmbeddedLink',
          text: 'Go on',
          'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'END' }, payload: {} },
        }),
      },
      { id: 'END', terminal: true, layout: column(footer({ name: 'complete', payload: {} })) },
    ],
  });
  const { mara, messageId } = await send(json);
  const flow = await mara.openFlow(messageId);
  await flow.tap('more');
  await flow.tap('Go on');
  expect(flow.screen).toBe('END');
});

test('validation errors have the position in the file', async () => {
  const { id } = await createFlow(client, { name: 'broken', categories: ['OTHER'] });
  const json = JSON.stringify({ version: '7.3', screens: [{ id: 'success', layout: {} }] }, null, 2);
  const { validation_errors: errors } = await uploadFlowJson(client, { flowId: id, flowJson: json });
  expect(errors).toMatchObject([{ error: 'SCREEN_ID_IS_RESERVED_KEYWORD', line_start: 5, column_start: 13 }]);
  await expect(publishFlow(client, { flowId: id })).rejects.toMatchObject({ code: 139_002 });
});
