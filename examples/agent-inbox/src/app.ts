import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app-module.ts';
import type { Settings } from './settings.ts';
import { access } from './web/access.ts';
import { ErrorFilter } from './web/error-filter.ts';

/** Starts the application. */
export async function startApp(settings: Settings): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings), {
    logger: ['warn', 'error', 'fatal'],
    // Live streams never end on their own.
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use(access(settings));
  app.useBodyParser('json', { limit: '3mb' });
  app.useGlobalFilters(new ErrorFilter());
  app.enableShutdownHooks();
  // Without an address and a login, the pages are for this machine only.
  if (settings.publicUrl === undefined) await app.listen(settings.port, '127.0.0.1');
  else await app.listen(settings.port);
  return app;
}
