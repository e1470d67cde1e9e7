import { HttpAdapterHost } from '@nestjs/core';
import { checkedCopy, checkFunction } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { createWebhooks } from '../webhooks/create-webhooks.js';
import { toNodeHandler } from '../webhooks/node/to-node-handler.js';
import type { Webhooks, WebhooksOptions } from '../webhooks/webhooks-options.js';
import { mountReceiver } from './mount-receiver.js';

/** Token of the receiver: `@Inject(webhooksToken) webhooks: Webhooks`. */
export const webhooksToken: unique symbol = Symbol.for('wa-coexist.webhooks');
const optionsToken = Symbol.for('wa-coexist.options');
const mountToken = Symbol.for('wa-coexist.mount');

/** A token of NestJS: a text, a symbol or a class. */
export type NestToken = string | symbol | (abstract new (...parameters: never[]) => unknown);

/** Options of {@link WhatsAppModule.forRoot}: those of `createWebhooks`, and where the receiver is mounted. */
export type WhatsAppModuleOptions<Tenant = never> = WebhooksOptions<Tenant> & {
  /**
   * Path of the receiver. Paths below it also belong to it. The global prefix of the application isn't added.
   * @defaultValue `'/webhook'`
   */
  readonly path?: string | undefined;
};

/** Options of {@link WhatsAppModule.forRootAsync}. */
export interface WhatsAppModuleAsyncOptions<Tenant = never, Import = never> {
  /** Modules whose providers `useFactory` needs. */
  readonly imports?: Import[] | undefined;
  /** Providers that `useFactory` receives, in this order. */
  readonly inject?: NestToken[] | undefined;
  /** Returns the options. */
  readonly useFactory: (...providers: never[]) => WhatsAppModuleOptions<Tenant> | Promise<WhatsAppModuleOptions<Tenant>>;
}

/** A provider with a factory, as NestJS defines it. */
export interface WhatsAppProvider {
  provide: symbol;
  /** Creates the provider. */
  useFactory: (...providers: never[]) => unknown;
  inject: NestToken[];
}

/** A dynamic module of NestJS. */
export interface WhatsAppDynamicModule<Import = never> {
  module: typeof WhatsAppModule;
  global: true;
  imports: Import[];
  providers: WhatsAppProvider[];
  exports: symbol[];
}

/**
 * A NestJS module that receives webhooks. It mounts the receiver before the body parsers, so you need neither `rawBody: true` nor a
 * controller. It works with Express and Fastify, and closes the receiver when the application shuts down. Inject the receiver with
 * {@link webhooksToken}.
 *
 * In an application without an HTTP server, for example a queue worker, the module doesn't mount the receiver. You can still inject it.
 *
 * @example
 * ```ts
 * import type { Webhooks } from 'wa-coexist/webhooks';
 * import { WhatsAppModule } from 'wa-coexist/nestjs';
 *
 * // In the imports of @Module():
 * export const imports = [WhatsAppModule.forRoot({ appSecret: 'app-secret', verifyToken: 'verify-token' })];
 *
 * // A provider with constructor(@Inject(webhooksToken) webhooks: Webhooks):
 * export class Replies {
 *   constructor(webhooks: Webhooks) {
 *     webhooks.on('message', (event) => {
 *       console.log(event.message.id);
 *     });
 *   }
 * }
 * ```
 */
export class WhatsAppModule {
  /**
   * Creates the module with fixed options.
   *
   * @param options - The options of the receiver, and its path. See {@link WhatsAppModuleOptions}.
   * @returns the module, for the `imports` of your root module.
   * @throws `InvalidArgumentError` when the application starts, if an option is wrong.
   */
  static forRoot<Tenant = never>(options: WhatsAppModuleOptions<Tenant>): WhatsAppDynamicModule {
    return this.forRootAsync({ useFactory: () => options });
  }

  /**
   * Creates the module with options from other providers, for example from `ConfigService`.
   *
   * @param options - The factory of the options. See {@link WhatsAppModuleAsyncOptions}.
   * @returns the module, for the `imports` of your root module.
   * @throws `InvalidArgumentError` if `useFactory` is missing.
   *
   * @example
   * ```ts
   * import { WhatsAppModule } from 'wa-coexist/nestjs';
   *
   * class Settings {
   *   readonly appSecret = 'app-secret';
   *   readonly verifyToken = 'verify-token';
   * }
   *
   * export const module = WhatsAppModule.forRootAsync({
   *   inject: [Settings],
   *   useFactory: ({ appSecret, verifyToken }: Settings) => ({ appSecret, verifyToken, path: '/whatsapp' }),
   * });
   * ```
   */
  static forRootAsync<Tenant = never, Import = never>(options: WhatsAppModuleAsyncOptions<Tenant, Import>): WhatsAppDynamicModule<Import> {
    const owner = 'WhatsAppModule.forRootAsync';
    const {
      imports = [],
      inject = [],
      useFactory,
    } = checkedCopy(owner, options, (copy) => {
      checkFunction(owner, 'useFactory', copy.useFactory, 'required');
    });
    return {
      module: WhatsAppModule,
      global: true,
      imports,
      providers: [
        { provide: optionsToken, useFactory, inject },
        {
          provide: webhooksToken,
          useFactory: ({ path: _, ...receiver }: WhatsAppModuleOptions<Tenant>) => createWebhooks<Tenant>(receiver),
          inject: [optionsToken],
        },
        {
          provide: mountToken,
          useFactory: (
            { httpAdapter }: HttpAdapterHost,
            webhooks: Webhooks<Tenant>,
            { path = '/webhook' }: WhatsAppModuleOptions<Tenant>,
          ) => {
            if (typeof path !== 'string' || !path.startsWith('/'))
              throw new InvalidArgumentError('WhatsAppModule', 'path', "must begin with '/'");
            // An application without a server has no adapter. NestJS types it as always there.
            if (httpAdapter as unknown) mountReceiver(httpAdapter, path, toNodeHandler(webhooks));
            return { onModuleDestroy: () => webhooks.close() };
          },
          inject: [HttpAdapterHost, webhooksToken, optionsToken],
        },
      ],
      exports: [webhooksToken],
    };
  }
}
