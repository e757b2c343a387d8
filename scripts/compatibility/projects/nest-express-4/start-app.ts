import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express4 from 'express';
import { appModule } from './app.js';
import type { Settings, Started } from './story.js';

export async function startApp(_platform: string, settings: Settings): Promise<Started> {
  const app = await NestFactory.create<NestExpressApplication>(
    appModule(settings),
    new ExpressAdapter(express4()),
    // Nest looks for its own parsers at `app.router`, which Express 4 throws at.
    { bodyParser: false, logger: ['error', 'fatal'] },
  );
  app.use(express4.json());
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => app.close() };
}
