import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { expectFaithful, expectRawBodyMissed, recordingWebhooks } from './deliveries.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(server: Server): Promise<string> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
}

test('node:http passes the exact bytes', async () => {
  const { webhooks, texts } = recordingWebhooks();
  await expectFaithful(await open(createServer(toNodeHandler(webhooks))), texts);
});

describe('Express', () => {
  test('passes the exact bytes with the receiver before the body parser', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const app = express();
    app.all('/webhook', toNodeHandler(webhooks));
    app.use(express.json());
    await expectFaithful(await open(createServer(app)), texts);
  });

  test('passes the exact bytes with a parser that stores them', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const app = express();
    app.all('/webhook', express.raw({ type: '*/*' }), toNodeHandler(webhooks));
    await expectFaithful(await open(createServer(app)), texts);
  });

  test('with express.json() before the receiver responds with 500 and explains how to keep the raw body', async () => {
    const { webhooks, errors } = recordingWebhooks();
    const app = express();
    app.use(express.json());
    app.all('/webhook', toNodeHandler(webhooks));
    await expectRawBodyMissed(await open(createServer(app)));
    expect(errors.join('\n')).toMatch(/Express/);
    expect(errors.join('\n')).toMatch(/express\.json/);
  });
});

describe('Fastify', () => {
  test('passes the exact bytes if the receiver reads the body', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const app = fastify();
    await app.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, parsed) => {
        parsed(null);
      });
      scope.all('/webhook', (request, reply) => {
        reply.hijack();
        void toNodeHandler(webhooks)(request.raw, reply.raw);
      });
      done();
    });
    await app.ready();
    await expectFaithful(await open(app.server), texts);
  });

  test('with its own JSON parser responds with 500 and explains how to keep the raw body', async () => {
    const { webhooks, errors } = recordingWebhooks();
    const app = fastify();
    app.all('/webhook', (request, reply) => {
      reply.hijack();
      void toNodeHandler(webhooks)(request.raw, reply.raw);
    });
    await app.ready();
    await expectRawBodyMissed(await open(app.server));
    expect(errors.join('\n')).toMatch(/Fastify/);
  });
});

describe('Hono', () => {
  test('passes the exact bytes on Node', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const app = new Hono();
    app.all('/webhook', (context) => webhooks.fetch(context.req.raw));
    const server = await new Promise<Server>((resolve) => {
      const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
        // Without options, it creates a node:http server.
        resolve(started as Server);
      });
    });
    await expectFaithful(await open(server), texts);
  });

  test('after c.req.json() responds with 500 and explains how to keep the raw body', async () => {
    const { webhooks, errors } = recordingWebhooks();
    const app = new Hono();
    app.all('/webhook', async (context) => {
      await context.req.json();
      return webhooks.fetch(context.req.raw);
    });
    const server = await new Promise<Server>((resolve) => {
      const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
        // Without options, it creates a node:http server.
        resolve(started as Server);
      });
    });
    await expectRawBodyMissed(await open(server));
    expect(errors.join('\n')).toMatch(/Hono|Request/);
  });
});
