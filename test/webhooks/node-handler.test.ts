import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { signWebhook } from 'wa-coexist/testing';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { messages, textMessage } from './fixtures/delivery.js';
import { receiver, secret } from './fixtures/receive.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** Serves a listener on a free port of this machine. */
async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As Meta writes it, with escapes for non-ASCII characters and for the slash. */
const escaped = JSON.stringify(messages(textMessage('wamid.EXAMPLE1', 'PLACE'))).replace('PLACE', 'caf\\u00e9 \\/ \\ud83d\\ude00');
/** A spelling that Meta doesn't use, but may use. */
const unescaped = JSON.stringify(messages(textMessage('wamid.EXAMPLE2', 'café / 😀')));

async function post(url: string, body: string, key = secret): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signWebhook(body, key) };
  const answer = await fetch(url, { method: 'POST', body, headers });
  await answer.arrayBuffer();
  return answer.status;
}

/** Tests a server with the handshake, signed deliveries, invalid signatures and other methods. */
async function expectServed(url: string, texts: readonly string[]): Promise<void> {
  const handshake = await fetch(`${url}?hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1158201444`);
  expect([handshake.status, await handshake.text()]).toEqual([200, '1158201444']);
  expect(handshake.headers.get('content-type')).toMatch(/^text\/plain/);
  expect((await fetch(`${url}?hub.mode=subscribe&hub.verify_token=other&hub.challenge=1`)).status).toBe(403);
  expect(await post(url, escaped)).toBe(200);
  expect(await post(url, unescaped)).toBe(200);
  expect(await post(url, unescaped, 'someone-else')).toBe(401);
  expect(texts).toEqual(['café / 😀', 'café / 😀']);
}

function listening() {
  const webhooks = receiver();
  const texts: string[] = [];
  webhooks.on('message', ({ message }) => {
    if (message.type === 'text') texts.push(message.text.body);
  });
  return { webhooks, texts, handle: toNodeHandler(webhooks) };
}

test('node:http passes the exact bytes', async () => {
  const { texts, handle } = listening();
  const url = await serve((request, response) => void handle(request, response));
  await expectServed(`${url}/webhooks`, texts);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
});

test("node:http works with a fetch that wraps the receiver's, which gets each request", async () => {
  const { webhooks, texts } = listening();
  const methods: string[] = [];
  const handle = toNodeHandler({
    ...webhooks,
    fetch: (request) => {
      methods.push(request.method);
      return webhooks.fetch(request);
    },
  });
  const url = await serve((request, response) => void handle(request, response));
  await expectServed(`${url}/webhooks`, texts);
  expect(methods).toEqual(['GET', 'GET', 'POST', 'POST', 'POST']);
  expect(webhooks.stats()).toMatchObject({ deliveries: 2, rejected: { invalidSignature: 1, handshake: 1 } });
});

describe('Express', () => {
  test('passes the exact bytes with the route before any parser', async () => {
    const { texts, handle } = listening();
    const app = express();
    app.all('/webhooks', handle);
    app.use(express.json());
    await expectServed(`${await serve(app)}/webhooks`, texts);
  });

  test('passes the exact bytes with express.raw() on the route', async () => {
    const { texts, handle } = listening();
    const app = express();
    app.all('/webhooks', express.raw({ type: () => true, limit: '3mb' }), handle);
    await expectServed(`${await serve(app)}/webhooks`, texts);
  });

  test('passes the exact bytes with express.json() that stores rawBody', async () => {
    const { texts, handle } = listening();
    const app = express();
    app.use(
      express.json({
        verify: (request, _response, bytes) => {
          Object.assign(request, { rawBody: bytes });
        },
      }),
    );
    app.all('/webhooks', handle);
    await expectServed(`${await serve(app)}/webhooks`, texts);
  });

  test('responds with 500 and the fix with express.json() before it', async () => {
    const { webhooks, handle } = listening();
    const app = express();
    app.use(express.json());
    app.all('/webhooks', handle);
    const url = `${await serve(app)}/webhooks`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signWebhook(escaped, secret) };
    const answer = await fetch(url, { method: 'POST', body: escaped, headers });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/before express\.json\(\)/);
    expect(webhooks.stats().rejected.rawBodyMissing).toBe(1);
  });
});

describe('Fastify', () => {
  test('passes the exact bytes with a parser that stores them', async () => {
    const { texts, handle } = listening();
    const app = fastify();
    app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: 3 * 1024 * 1024 }, (_request, body, done) => {
      done(null, body);
    });
    app.all('/webhooks', (request, reply) => {
      reply.hijack();
      return handle(Object.assign(request.raw, { rawBody: request.body }), reply.raw);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    open.push(() => app.close());
    await expectServed(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/webhooks`, texts);
  });
});

test('Hono passes the exact bytes through fetch', async () => {
  const { webhooks, texts } = listening();
  const app = new Hono();
  app.all('/webhooks', (context) => webhooks.fetch(context.req.raw));
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const body = request.method === 'POST' ? Buffer.concat(chunks) : null;
      void (async () => {
        const answer = await app.fetch(
          new Request(`http://localhost${request.url ?? ''}`, { method: request.method ?? 'GET', headers, body }),
        );
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
      })();
    });
  });
  await expectServed(`${url}/webhooks`, texts);
});

describe('requests of strangers', () => {
  /** Sends bytes and returns the status, or that the connection was closed. */
  function push(url: string, bytes: number, headers: Record<string, string>): Promise<number | 'cut'> {
    return new Promise((resolve) => {
      const request = httpRequest(url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      request.on('error', () => {
        resolve('cut');
      });
      const chunk = Buffer.alloc(64 * 1024, 'x');
      let sent = 0;
      const more = (): void => {
        while (sent < bytes && !request.destroyed) {
          sent += chunk.length;
          if (!request.write(chunk)) {
            request.once('drain', more);
            return;
          }
        }
        request.end();
      };
      more();
    });
  }

  test.each([
    ['announced', { 'content-length': String(50 * 1024 * 1024) }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('of 50 MB %s are not read to the end', async (_name, headers) => {
    const { webhooks, handle } = listening();
    let read = 0;
    const url = await serve((request, response) => {
      void handle(request, response).finally(() => {
        read = request.socket.bytesRead;
      });
    });
    expect([413, 'cut']).toContain(await push(url, 50 * 1024 * 1024, headers));
    expect(webhooks.stats().rejected.tooLarge).toBe(1);
    expect(read).toBeLessThan(webhooks.maxBytes + 512 * 1024);
  });

  test('that break off in the middle have no effect on others', async () => {
    const { texts, handle } = listening();
    const url = await serve((request, response) => void handle(request, response));
    const request = httpRequest(url, { method: 'POST', headers: { 'content-length': '1000' } });
    request.on('error', () => undefined);
    request.write('half');
    await new Promise((resolve) => setImmediate(resolve));
    request.destroy();
    expect(await post(url, escaped)).toBe(200);
    expect(texts).toHaveLength(1);
  });

  test.each(['//', '/?', '/%', '/\\', '/?hub.mode=subscribe&hub.challenge=%', '*'])('to the address %s get a response', async (path) => {
    const { handle } = listening();
    const url = new URL(await serve((request, response) => void handle(request, response)));
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest({ host: url.hostname, port: url.port, path, method: path === '*' ? 'OPTIONS' : 'GET' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end();
    });
    expect([403, 405]).toContain(status);
  });

  test("with TRACE, which a Request can't represent, are rejected like any other", async () => {
    const { handle } = listening();
    const url = await serve((request, response) => void handle(request, response));
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(url, { method: 'TRACE' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end();
    });
    expect(status).toBe(405);
  });

  test('with two signatures count as unsigned', async () => {
    const { handle } = listening();
    const url = await serve((request, response) => void handle(request, response));
    const signature = signWebhook(escaped, secret);
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers: { 'x-hub-signature-256': [signature, signature] } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end(escaped);
    });
    expect(status).toBe(401);
  });
});
