import 'reflect-metadata';
import { Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthsignalModule, RequireAction } from 'authsignal-guard/nest';

class BankController {
  pay() {
    return 'paid';
  }
}

// What `@Post('pay') @RequireAction('pay', { whenUnavailable: 'allow' }) pay()` is compiled to.
const descriptor = Object.getOwnPropertyDescriptor(BankController.prototype, 'pay');
Post('pay')(BankController.prototype, 'pay', descriptor);
RequireAction('pay', { whenUnavailable: 'allow' })(BankController.prototype, 'pay', descriptor);
Controller('bank')(BankController);

class AppModule {}

/** Prints as applications do, and opens a connection that nothing closes. */
export async function createApp() {
  Module({
    imports: [
      AuthsignalModule.forRoot({
        apiSecretKey: 'a secret for tests alone',
        apiUrl: 'http://127.0.0.1:9/v1',
        subject: () => 'ann',
        actions: ['pay'],
      }),
    ],
    controllers: [BankController],
  })(AppModule);
  console.log('The bank is being built.');
  setInterval(() => undefined, 60_000);
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix('api');
  return app;
}

class PlainModule {}
Module({})(PlainModule);

/** Somebody has taken the module out, or has yet to put it in. */
export const createWithoutModule = () => NestFactory.create(PlainModule);

class ForgottenModule {}

/** With the module, but without a route that is guarded. */
export function createForgotten() {
  Module({
    imports: [AuthsignalModule.forRoot({ apiSecretKey: 'a secret for tests alone' })],
  })(ForgottenModule);
  return NestFactory.create(ForgottenModule);
}

export const createNever = () => new Promise(() => undefined);

export async function createBroken() {
  throw new Error('no database');
}
