import 'reflect-metadata';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Elysia } from 'elysia';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { afterEach, describe, expect, test } from 'vitest';
import { RawBodyMissingError } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { expectFaithful, recordingWebhooks } from './deliveries.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhook`;
}

/** Posts JSON, and returns the text of the response. */
async function postJson(url: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"object":"x"}' });
  expect(response.status).toBe(500);
  return response.text();
}

async function readAll(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

type Webhooks = ReturnType<typeof recordingWebhooks>['webhooks'];

/** Programs that parse the body too early, each with the framework that the error must name. */
const mistakes: Readonly<Record<string, (webhooks: Webhooks) => Promise<string>>> = {
  Express: async (webhooks) => {
    const app = express();
    app.use(express.json());
    app.all('/webhook', toNodeHandler(webhooks));
    return postJson(await listen(app as RequestListener));
  },
  NestJS: async (webhooks) => {
    const handle = toNodeHandler(webhooks);
    class WhatsAppController {
      receive(request: IncomingMessage, response: ServerResponse) {
        return handle(request, response);
      }
    }
    All()(WhatsAppController.prototype, 'receive', Object.getOwnPropertyDescriptor(WhatsAppController.prototype, 'receive')!);
    Req()(WhatsAppController.prototype, 'receive', 0);
    Res()(WhatsAppController.prototype, 'receive', 1);
    Controller('webhook')(WhatsAppController);
    class Root {}
    Module({ controllers: [WhatsAppController] })(Root);
    const app = await NestFactory.create(Root, { logger: false });
    await app.listen(0, '127.0.0.1');
    const text = await postJson(`${await app.getUrl()}/webhook`);
    await app.close();
    return text;
  },
  Fastify: async (webhooks) => {
    const app = fastify();
    app.all('/webhook', (request, reply) => {
      reply.hijack();
      void toNodeHandler(webhooks)(request.raw, reply.raw);
    });
    await app.ready();
    servers.push(app.server);
    await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
    return postJson(`http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}/webhook`);
  },
  Koa: async (webhooks) => {
    const app = new Koa();
    app.use(async (context, next) => {
      await readAll(context.req);
      await next();
    });
    app.use(async (context) => {
      context.respond = false;
      await toNodeHandler(webhooks)(context.req, context.res);
    });
    return postJson(await listen(app.callback()));
  },
  'Hono, Elysia and other frameworks with fetch': async (webhooks) => {
    const app = new Hono();
    app.post('/webhook', async (context) => {
      await context.req.json();
      return webhooks.fetch(context.req.raw);
    });
    return (await app.request('/webhook', { method: 'POST', body: '{}' })).text();
  },
  'Next.js': async (webhooks) => {
    const url = await listen((request, response) => {
      void readAll(request).then(() => {
        // Next.js marks its requests with this symbol.
        Object.assign(request, { [Symbol.for('NextInternalRequestMeta')]: {}, body: {} });
        return toNodeHandler(webhooks)(request, response);
      });
    });
    return postJson(url);
  },
  'AWS Lambda': async (webhooks) =>
    (
      await webhooks.fetch({ requestContext: { http: { method: 'POST' } }, headers: {}, body: '{}', isBase64Encoded: false } as never)
    ).text(),
};

describe('without the raw body, the error names the framework and its one fix', () => {
  test.each(Object.entries(mistakes))('%s', async (framework, run) => {
    const { webhooks, errors } = recordingWebhooks();
    const lines = (await run(webhooks)).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(new RegExp(`^${framework}: `));
    expect(errors.join('\n')).toContain(lines[1]);
    expect(webhooks.stats().rejected.rawBodyMissing).toBe(1);
  });

  test.each([
    ['Express', (request: object) => request],
    ['AWS Lambda', () => ({ httpMethod: 'POST', body: '{}', headers: {} })],
  ] as const)('webhooks.fetch with a request object of %s instead of a Request', async (framework, toRequest) => {
    const { webhooks } = recordingWebhooks();
    const app = express();
    app.post('/webhook', (request, response) => {
      void webhooks.fetch(toRequest(request) as never).then(async (answer) => response.status(answer.status).send(await answer.text()));
    });
    expect(await postJson(await listen(app as RequestListener))).toContain(`\n${framework}: `);
  });

  test('node:http gets its fix, and an unknown object gets the fixes of all frameworks', async () => {
    const { webhooks } = recordingWebhooks();
    const url = await listen((request, response) => {
      void readAll(request).then(() => toNodeHandler(webhooks)(request, response));
    });
    expect(await postJson(url)).toMatch(/\nnode:http: .*$/);
    expect((await (await webhooks.fetch({} as never)).text()).split('\n').length).toBeGreaterThan(6);
    expect(new RawBodyMissingError('koa').framework).toBe('koa');
  });

  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('thrown by a getter');
      },
      has: () => {
        throw new Error('thrown by in');
      },
      getPrototypeOf: () => {
        throw new Error('thrown by instanceof');
      },
    },
  );
  test.each([
    [null],
    [undefined],
    [7],
    ['text'],
    [[]],
    [{}],
    [Object.create(null)],
    [hostile],
    [{ headers: hostile, url: 'x' }],
    [{ raw: hostile, log: 1 }],
  ])('hostile value %# gets a 500 and throws nothing', async (value) => {
    const { webhooks } = recordingWebhooks();
    expect((await webhooks.fetch(value as never)).status).toBe(500);
  });
});

describe('frameworks of the guide', () => {
  test('Koa', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const handle = toNodeHandler(webhooks);
    const app = new Koa();
    app.use(async (context, next) => {
      if (context.path !== '/webhook') {
        await next();
        return;
      }
      context.respond = false;
      await handle(context.req, context.res);
    });
    await expectFaithful(await listen(app.callback()), texts);
  });

  test('Elysia', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const app = new Elysia().all('/webhook', ({ request }) => webhooks.fetch(request), { parse: 'none' });
    const url = await listen((request, response) => {
      void toNodeHandler({ ...webhooks, fetch: (asked) => Promise.resolve(app.handle(asked)) })(request, response);
    });
    await expectFaithful(url, texts);
  });
});
