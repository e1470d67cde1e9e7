import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { WebhookDelivery } from 'wa-coexist/webhooks';
import { d1Schema } from 'wa-coexist/d1';
import { signWebhook } from 'wa-coexist/testing';
import { d1Shim } from '../stores/d1/shim.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that its own name resolves to its own entries.
const folder = mkdtempSync(join(root, '.conformance-frameworks-'));
const secret = 'an-app-secret';
const verifyToken = 'a token + more & an é';
vi.stubEnv('WHATSAPP_APP_SECRET', secret);
vi.stubEnv('WHATSAPP_VERIFY_TOKEN', verifyToken);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends a request to the receiver, like the platform of the section. */
type Ask = (request: Request) => Promise<Response>;
/** The exports of a block. */
type Exports = Readonly<Record<string, never>>;

const page = readFileSync(join(root, 'docs/guide/frameworks.md'), 'utf8');
/** The TypeScript blocks of the page, by section and label. */
const blocks = page.split(/^## /m).flatMap((section) => {
  const [title = ''] = section.split('\n');
  return [...section.matchAll(/^```ts \[(.+)\]\n([\s\S]*?)^```/gm)].map(
    ([, label = '', code = '']) => [`${title}: ${label}`, code] as const,
  );
});

async function serve(listener: RequestListener): Promise<Ask> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return askServer(server);
}

/** Returns a function that sends requests to the path /webhook of a server. */
function askServer(server: Server | undefined): Ask {
  const { port } = server?.address() as AddressInfo;
  return async (request) => {
    const { search } = new URL(request.url);
    const body = request.method === 'POST' ? await request.bytes() : undefined;
    return fetch(`http://127.0.0.1:${String(port)}/webhook${search}`, {
      method: request.method,
      headers: request.headers,
      ...(body && { body }),
    });
  };
}

/** Programs that listen on port 3000 themselves get a free port. */
async function askProgram(load: () => Promise<Exports>): Promise<Ask> {
  const original = Server.prototype.listen;
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
    servers.push(this);
    const onListening = args.find((arg) => typeof arg === 'function');
    return Reflect.apply(original, this, [0, '127.0.0.1', onListening]) as Server;
  });
  try {
    await load();
    await vi.waitFor(() => {
      expect(servers[0]?.listening).toBe(true);
    });
  } finally {
    listen.mockRestore();
  }
  return askServer(servers[0]);
}

const program = askProgram;
const exported =
  (find: (exports: Exports, method: 'GET' | 'POST') => (...args: never[]) => Promise<Response>, ...rest: unknown[]) =>
  async (load: () => Promise<Exports>): Promise<Ask> => {
    const exports = await load();
    return (request) => (find(exports, request.method as 'GET' | 'POST') as (...args: unknown[]) => Promise<Response>)(request, ...rest);
  };

interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Calls a Lambda function. Each second body is encoded in base64. */
const lambda =
  (toEvent: (request: Request, body: { readonly body: string | null; readonly isBase64Encoded: boolean }) => object) =>
  async (load: () => Promise<Exports>): Promise<Ask> => {
    const { handler } = await load();
    let calls = 0;
    return async (request) => {
      const bytes = Buffer.from(await request.bytes());
      const isBase64Encoded = (calls += 1) % 2 === 0;
      const body = request.method === 'GET' ? null : bytes.toString(isBase64Encoded ? 'base64' : 'utf8');
      const event = toEvent(request, { body, isBase64Encoded });
      const result = await (handler as unknown as (event: object) => Promise<LambdaResult>)(event);
      return new Response(result.body, { status: result.statusCode, headers: result.headers });
    };
  };

const platforms: Readonly<Record<string, (load: () => Promise<Exports>) => Promise<Ask>>> = {
  'node:http: server.ts': program,
  'Express: server.ts': program,
  'Express: after express.json()': program,
  'Fastify: server.ts': program,
  'NestJS: whatsapp.ts': async (load) => {
    const { whatsApp } = await load();
    class AppModule {}
    const app = await NestFactory.create({ module: AppModule, imports: [whatsApp as unknown as DynamicModule] }, { logger: false });
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server;
    servers.push(server);
    return askServer(server);
  },
  'Koa: webhooks.ts': async (load) => {
    const { receiveWebhooks } = await load();
    const receive = receiveWebhooks as unknown as (context: object, next: () => Promise<void>) => Promise<void>;
    return serve((req, res) => {
      const [path] = (req.url ?? '').split('?');
      void receive({ path, req, res }, () => Promise.reject(new Error('another path')));
    });
  },
  'Hono: server.ts': exported(({ default: app }) => (app as unknown as { fetch: Ask }).fetch),
  'Next.js: app/webhook/route.ts': exported((exports, method) => exports[method] as unknown as Ask),
  'SvelteKit: src/routes/webhook/+server.ts': async (load) => {
    const exports = await load();
    return (request) => (exports[request.method] as unknown as (event: object) => Promise<Response>)({ request });
  },
  'Elysia: webhooks.ts': async (load) => {
    const { receiveWebhook } = await load();
    return (request) => (receiveWebhook as unknown as (context: object) => Promise<Response>)({ request });
  },
  'Cloudflare Workers: with a queue': async (load) => {
    const worker = (await load())['default'] as unknown as {
      fetch(request: Request, env: object): Promise<Response>;
      queue(batch: object, env: object): Promise<void>;
    };
    const sent: WebhookDelivery[] = [];
    const env = {
      WHATSAPP_APP_SECRET: secret,
      WHATSAPP_VERIFY_TOKEN: verifyToken,
      DB: d1Shim(d1Schema),
      WEBHOOKS: { send: (body: WebhookDelivery) => Promise.resolve(sent.push(body)) },
    };
    return async (request) => {
      const response = await worker.fetch(request, env);
      const done: string[] = [];
      const messages = sent.splice(0).map((body) => ({ body, ack: () => done.push('ack'), retry: () => done.push('retry') }));
      await worker.queue({ messages }, env);
      expect(done).toEqual(messages.map(() => 'ack'));
      if (request.method === 'POST' && response.status === 200) expect(done).toHaveLength(1);
      return response;
    };
  },
  'Cloudflare Workers: without a queue': async (load) => {
    const worker = (await load())['default'] as unknown as { fetch(...args: unknown[]): Promise<Response> };
    return async (request) => {
      const waiting: Promise<unknown>[] = [];
      const env = { WHATSAPP_APP_SECRET: secret, WHATSAPP_VERIFY_TOKEN: verifyToken, DB: d1Shim(d1Schema) };
      const response = await worker.fetch(request, env, { waitUntil: (promise: Promise<unknown>) => waiting.push(promise) });
      await Promise.all(waiting);
      return response;
    };
  },
  // Other events are in lambda.test.ts.
  'AWS Lambda: handler.ts': lambda((request, body) => ({
    ...body,
    requestContext: { http: { method: request.method } },
    rawQueryString: new URL(request.url).search.slice(1),
    headers: Object.fromEntries(request.headers),
  })),
  'Azure Functions: src/webhooks.ts': async (load) => {
    const { receiveWebhook } = await load();
    return async (request) => {
      const result = await (receiveWebhook as unknown as (request: Request) => Promise<ResponseInit & { body: string }>)(request);
      return new Response(result.body, result);
    };
  },
  'Google Cloud Functions: webhooks.ts': async (load) => {
    const { receiveWebhook } = await load();
    // The Functions Framework reads and parses the body before the function runs.
    return serve((request: IncomingMessage & { rawBody?: Buffer; body?: unknown }, response) => {
      void buffer(request).then((bytes) => {
        if (bytes.length > 0) Object.assign(request, { rawBody: bytes, body: JSON.parse(bytes.toString()) as unknown });
        (receiveWebhook as unknown as RequestListener)(request, response);
      });
    });
  },
};

test('the page has a program for each platform of this test, and no other', () => {
  expect(blocks.map(([name]) => name).sort()).toEqual(Object.keys(platforms).sort());
});

describe.each(blocks)('%s', (name, code) => {
  test('passes the handshake, accepts a signed delivery byte for byte, and rejects a wrong signature', async () => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-').toLowerCase()}.ts`);
    writeFileSync(file, code);
    const open = platforms[name] ?? (() => Promise.reject(new Error('This test lacks the platform.')));
    const ask = await open(async () => (await import(/* @vite-ignore */ file)) as Exports);

    const address = new URL('https://shop.example/webhook');
    for (const [parameter, value] of Object.entries({ mode: 'subscribe', verify_token: verifyToken, challenge: '1158201444' })) {
      address.searchParams.set(`hub.${parameter}`, value);
    }
    const handshake = await ask(new Request(address));
    expect([handshake.status, await handshake.text()]).toEqual([200, '1158201444']);

    const post = (body: string, signature: string): Promise<Response> =>
      ask(
        new Request('https://shop.example/webhook', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
          body,
        }),
      );
    // The spaces and the letters outside ASCII don't survive a body parser.
    const body = '{ "object" : "whatsapp_business_account" , "entry" : [ { "id" : "é 漢" , "changes" : [ ] } ] }';
    for (let round = 0; round < 2; round += 1) expect((await post(body, signWebhook(body, secret))).status).toBe(200);
    for (let round = 0; round < 2; round += 1) expect((await post(body, signWebhook(body, 'another secret'))).status).toBe(401);
  });
});
