import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { bankStarter } from '../server/running-bank.js';
import { webPage } from '../server/web-page.js';
import { appModule } from './app.module.js';

export const startNestBank = bankStarter(async (bank, authsignal, limits) => {
  const module = appModule(bank, authsignal, limits);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    abortOnError: false,
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  app.use(webPage(authsignal));
  // Nothing but JSON: a form of another site can send everything else.
  app.useBodyParser('json');
  app.disable('x-powered-by');
  await app.init();
  return { server: app.getHttpServer(), close: () => app.close() };
});
