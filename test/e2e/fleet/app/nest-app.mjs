import 'reflect-metadata';
import { Body, Controller, Get, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Approved, AuthsignalModule, RequireAction, WhatsAppModule } from 'authsignal-guard/nest';
import { ACTION, flowOptions, gateOptions } from './options.mjs';

const PAYMENTS = Symbol('payments');

class BankController {
  constructor(payments) {
    this.payments = payments;
  }

  rates() {
    return { nzd: 1 };
  }

  create(approval, body) {
    return this.payments.create(approval, body);
  }
}

// What `@Post('payments') @RequireAction(ACTION) create(@Approved() approval, @Body() body)` is compiled to.
decorate('rates', Get('rates'));
decorate('create', Post('payments'), RequireAction(ACTION));
Approved()(BankController.prototype, 'create', 0);
Body()(BankController.prototype, 'create', 1);
Inject(PAYMENTS)(BankController, undefined, 0);
Controller()(BankController);

function decorate(method, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(BankController.prototype, method);
  for (const decorator of decorators) {
    decorator(BankController.prototype, method, descriptor);
  }
}

/** What the application itself has opened, and closes. */
class Resources {
  constructor({ payments, connection }) {
    this.payments = payments;
    this.connection = connection;
  }

  async onApplicationShutdown() {
    await this.connection.close();
    this.payments.close();
  }
}

class AppModule {}

/** @returns the port. */
export async function startNest(settings, parts) {
  const { redis } = parts.connection;
  Module({
    imports: [
      AuthsignalModule.forRoot(gateOptions(settings, redis)),
      WhatsAppModule.register({ path: 'whatsapp', ...flowOptions(settings, redis) }),
    ],
    controllers: [BankController],
    providers: [
      { provide: PAYMENTS, useValue: parts.payments },
      { provide: Resources, useFactory: () => new Resources(parts) },
    ],
  })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.enableShutdownHooks(['SIGTERM']);
  // Nest raises the signal again after its hooks. The process is to end because nothing keeps it any more.
  process.on('SIGTERM', () => undefined);
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer().address().port;
}
