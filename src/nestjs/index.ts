/**
 * A NestJS module that receives webhooks.
 *
 * @module wa-coexist/nestjs
 */
export {
  WhatsAppModule,
  webhooksToken,
  type NestToken,
  type WhatsAppDynamicModule,
  type WhatsAppModuleAsyncOptions,
  type WhatsAppModuleOptions,
  type WhatsAppProvider,
} from './whatsapp-module.js';
