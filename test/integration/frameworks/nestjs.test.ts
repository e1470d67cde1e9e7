import 'reflect-metadata';
import { Controller, Inject, Module, Post, Body, type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryStore, silentLogger } from 'wa-coexist';
import { WhatsAppModule, webhooksToken, type WhatsAppModuleOptions } from 'wa-coexist/nestjs';
import { fakeClock, signWebhook, webhookPayload } from 'wa-coexist/testing';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';
import { appSecret, expectFaithful, verifyToken } from './deliveries.js';

const texts: string[] = [];
let app: INestApplication | undefined;
afterEach(async () => {
  await app?.close();
  texts.length = 0;
});

/** A provider of an application that handles events of the receiver. */
class Replies {
  constructor(webhooks: Webhooks) {
    webhooks.on('message', ({ message }) => {
      if (message.type === 'text') texts.push(message.text.body);
    });
  }
}
Inject(webhooksToken)(Replies, undefined, 0);

/** A controller that needs the body parser of the application. */
class Orders {
  create(order: { readonly item?: string }): string {
    return `ordered ${String(order.item)}`;
  }
}
Post()(Orders.prototype, 'create', Object.getOwnPropertyDescriptor(Orders.prototype, 'create')!);
Body()(Orders.prototype, 'create', 0);
Controller('orders')(Orders);

class Settings {
  readonly appSecret = appSecret;
  readonly verifyToken = verifyToken;
}
class SettingsModule {}
Module({ providers: [Settings], exports: [Settings] })(SettingsModule);

function rootModule(whatsApp: DynamicModule): DynamicModule {
  class Root {}
  return { module: Root, imports: [whatsApp], providers: [Replies], controllers: [Orders] };
}

async function start(whatsApp: DynamicModule, adapter: 'express' | 'fastify'): Promise<string> {
  const root = rootModule(whatsApp);
  app =
    adapter === 'fastify'
      ? await NestFactory.create(root, new FastifyAdapter(), { logger: false })
      : await NestFactory.create(root, { logger: false });
  app.setGlobalPrefix('api');
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

const options: WhatsAppModuleOptions = { appSecret, verifyToken };
const modules: Readonly<Record<string, readonly [DynamicModule, string]>> = {
  forRoot: [WhatsAppModule.forRoot(options), '/webhook'],
  'forRoot with a path below': [WhatsAppModule.forRoot({ ...options, path: '/whatsapp' }), '/whatsapp/shop-7'],
  forRootAsync: [
    WhatsAppModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: async (settings: Settings) =>
        Promise.resolve({ appSecret: settings.appSecret, verifyToken: settings.verifyToken, path: '/from-settings' }),
    }),
    '/from-settings',
  ],
};

describe.each(['express', 'fastify'] as const)('WhatsAppModule on %s', (adapter) => {
  test.each(Object.entries(modules))('%s receives the exact bytes, and other routes still parse JSON', async (_name, [module, path]) => {
    const url = await start(module, adapter);
    await expectFaithful(`${url}${path}`, texts);
    const order = await fetch(`${url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"item":"bread"}',
    });
    expect(await order.text()).toBe('ordered bread');
  });

  test('closes the receiver with the application', async () => {
    await start(WhatsAppModule.forRoot(options), adapter);
    const webhooks = app!.get<Webhooks>(webhooksToken);
    await app!.close();
    app = undefined;
    expect((await webhooks.fetch(new Request('https://shop.example/'))).status).toBe(503);
  });
});

test('an application without a server gets the receiver by injection', async () => {
  const context = await NestFactory.createApplicationContext(rootModule(WhatsAppModule.forRoot(options)), { logger: false });
  expect(context.get<Webhooks>(webhooksToken).stats().deliveries).toBe(0);
  await context.close();
});

test('stored deliveries of an earlier process wait for handlers that are registered in onModuleInit', async () => {
  const clock = fakeClock();
  const inbox = { ...options, mode: 'inbox', store: memoryStore({ clock }), clock, logger: silentLogger } as const;
  const earlier = createWebhooks(inbox);
  earlier.on('message', () => {
    throw new Error('The process ends before this event is handled.');
  });
  const body = JSON.stringify(webhookPayload('message', { message: { type: 'text', text: { body: 'Are you open?' } } }));
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signWebhook(body, appSecret) };
  await earlier.fetch(new Request('https://shop.example/', { method: 'POST', body, headers }));
  await vi.waitUntil(() => earlier.stats().failed > 0, 20_000);
  await earlier.close();
  await clock.advance(3_600_000);

  /** A provider that registers its handler late, for example after it has connected to a database. */
  class LateReplies {
    readonly webhooks: Webhooks;
    constructor(webhooks: Webhooks) {
      this.webhooks = webhooks;
    }
    async onModuleInit(): Promise<void> {
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      this.webhooks.on('message', ({ message }) => {
        if (message.type === 'text') texts.push(message.text.body);
      });
    }
  }
  Inject(webhooksToken)(LateReplies, undefined, 0);
  class Root {}
  const root = { module: Root, imports: [WhatsAppModule.forRoot(inbox)], providers: [LateReplies] };
  app = await NestFactory.create(root, { logger: false });
  await app.init();
  await vi.waitFor(() => {
    expect(texts).toEqual(['Are you open?']);
  }, 20_000);
});

test('wrong options stop the start with an error that names them', async () => {
  for (const [wrong, text] of [
    [{ appSecret: '', verifyToken }, /appSecret/],
    [{ ...options, path: 'webhook' }, /path/],
  ] as const) {
    await expect(NestFactory.create(rootModule(WhatsAppModule.forRoot(wrong)), { logger: false, abortOnError: false })).rejects.toThrow(
      text,
    );
  }
  expect(() => WhatsAppModule.forRootAsync({} as never)).toThrow(/useFactory/);
});
