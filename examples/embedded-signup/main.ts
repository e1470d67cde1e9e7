import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createClient, createCoexistence, isWhatsAppError } from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { standInSdk } from './stand-in-sdk.ts';

const { env } = process;
const here = new URL('./', import.meta.url);
const library = new URL('../../dist/', import.meta.url);

/** Whom the page and the back end talk to: Meta (or an emulator), or a fake in this process. */
const meta = env['WHATSAPP_APP_ID'] === undefined ? await playMeta() : metaItself();

const tokens = new Map<string, string>(); // in a real back end: your vault
const client = createClient({
  appId: meta.appId,
  appSecret: meta.appSecret,
  accessToken: ({ wabaId }) => tokens.get(wabaId ?? ''),
  ...(meta.baseUrl !== undefined && { baseUrl: meta.baseUrl }),
  ...(meta.fetch && { fetch: meta.fetch }),
});
const webhooks = createWebhooks({ appSecret: meta.appSecret, verifyToken: meta.verifyToken });
const coexistence = createCoexistence({
  client,
  webhooks,
  saveToken: ({ wabaId, token }) => {
    if (wabaId !== undefined) tokens.set(wabaId, token);
  },
});
coexistence.on('onboarding.done', ({ displayPhoneNumber }) => {
  console.log(`${displayPhoneNumber ?? 'a number'} is connected`);
});
meta.deliverTo(webhooks.fetch);

const receive = toNodeHandler(webhooks);
const page = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    // Messages of the library hold no secret; others may.
    send(response, 400, 'application/json', JSON.stringify({ message: isWhatsAppError(error) ? error.message : 'It failed.' }));
  });
});
console.log(`Open ${await listen(page, Number(env['PORT'] ?? 3000))}`);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://page');
  if (pathname === '/webhooks') {
    await receive(request, response);
    return;
  }
  if (request.method === 'POST' && pathname === '/onboardings') {
    const { code, sessionEvent } = JSON.parse(await textOf(request)) as { code: string; sessionEvent?: unknown };
    const { id } = await coexistence.onboarding.start({ code, sessionEvent });
    send(response, 200, 'application/json', JSON.stringify(await coexistence.onboarding.resume(id)));
    return;
  }
  if (pathname === '/settings') {
    const { appId, sdkUrl, extraOrigins } = meta;
    const settings = { appId, sdkUrl, extraOrigins, configId: env['WHATSAPP_CONFIG_ID'] ?? '1', version: client.version };
    send(response, 200, 'application/json', JSON.stringify(settings));
    return;
  }
  // The library's files as they are built; a bundler does the same in a page of yours.
  const file = pathname === '/' ? new URL('page.html', here) : pathname === '/page.js' ? new URL('page.js', here) : undefined;
  const built = /^\/library\/((?:[a-z-]+\/)*[a-z-]+\.js)$/.exec(pathname)?.[1];
  const found = file ?? (built === undefined ? undefined : new URL(built, library));
  if (!found) {
    send(response, 404, 'text/plain', 'Not here.');
    return;
  }
  send(response, 200, found.pathname.endsWith('.html') ? 'text/html' : 'text/javascript', await readFile(found, 'utf8'));
}

interface Meta {
  readonly appId: string;
  readonly appSecret: string | undefined;
  readonly verifyToken: string | undefined;
  readonly baseUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly sdkUrl: string;
  /** Origins of the popup that are believed beside Meta's. */
  readonly extraOrigins: readonly string[];
  deliverTo(receiver: (request: Request) => Promise<Response>): void;
}

function metaItself(): Meta {
  const origin = env['WHATSAPP_SDK_ORIGIN'];
  const baseUrl = env['WHATSAPP_BASE_URL'];
  return {
    appId: env['WHATSAPP_APP_ID'] ?? '',
    appSecret: env['WHATSAPP_APP_SECRET'],
    verifyToken: env['WHATSAPP_VERIFY_TOKEN'],
    ...(baseUrl !== undefined && { baseUrl }),
    sdkUrl: env['WHATSAPP_SDK_URL'] ?? 'https://connect.facebook.net/en_US/sdk.js',
    extraOrigins: origin === undefined ? [] : [origin],
    // Meta, or the emulator, is told where to deliver on its own side.
    deliverTo: () => undefined,
  };
}

/** A fake Cloud API with a bakery that has a phone and some chats, and a stand-in for Meta's popup on a port of its own. */
async function playMeta(): Promise<Meta> {
  const fake = createFakeCloudApi({ verifyToken: 'verify-me' });
  const bakery = fake.businessAppNumber({ displayPhoneNumber: '+1 555-010-0123', verifiedName: 'Harbor Bakery' });
  fake.phone(bakery).seedHistory({ contacts: 5, threads: 5, messages: 50 });
  const standIn = standInSdk(fake, bakery);
  const server = createServer((request, response) => {
    const found = standIn.answer(new URL(request.url ?? '/', 'http://popup').pathname);
    send(response, found ? 200 : 404, found?.type ?? 'text/plain', found?.body ?? 'Not here.');
  });
  const origin = await listen(server, 0);
  return {
    appId: fake.app.id,
    appSecret: fake.app.secret,
    verifyToken: fake.app.verifyToken,
    fetch: fake.fetch,
    sdkUrl: `${origin}/sdk.js`,
    extraOrigins: [origin],
    deliverTo: (receiver) => {
      fake.deliverTo(receiver);
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
