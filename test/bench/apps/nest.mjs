import 'reflect-metadata';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BODY_LIMIT, paid, pathOf, signedIn } from './account.mjs';
import { guardingOf } from './nest-guards.mjs';

/** @typedef {import('./main.mjs').AppSettings} AppSettings */

/** Routes of one controller: many applications have fewer. */
const ROUTES_PER_CONTROLLER = 10;

/**
 * Nest with every default of its platform, and without its log.
 *
 * @param {AppSettings} app
 * @returns {Promise<number>} the port
 */
export async function startApp(app) {
  const { imports, decorator } = await guardingOf(app);
  class AppModule {}
  Module({ imports: [...imports], controllers: controllersOf(app, decorator) })(AppModule);
  const nest =
    app.platform === 'nest-fastify' ? await onFastify(AppModule) : await onExpress(AppModule);
  await nest.listen(0, '127.0.0.1');
  return nest.getHttpServer().address().port;
}

/** @param {new () => object} module @returns {Promise<import('@nestjs/common').INestApplication>} */
async function onExpress(module) {
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  /** @type {import('@nestjs/platform-express').NestExpressApplication} */
  const nest = await NestFactory.create(module, new ExpressAdapter(), { logger: false });
  nest.useBodyParser('json', { limit: BODY_LIMIT });
  nest.use(
    (/** @type {any} */ req, /** @type {unknown} */ _res, /** @type {() => void} */ next) => {
      req.user = signedIn(req.headers);
      next();
    },
  );
  return nest;
}

/** @param {new () => object} module @returns {Promise<import('@nestjs/common').INestApplication>} */
async function onFastify(module) {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT });
  const fastify = adapter.getInstance();
  fastify.decorateRequest('user', null);
  fastify.addHook('onRequest', (/** @type {any} */ request, _reply, done) => {
    request.user = signedIn(request.headers);
    done();
  });
  return NestFactory.create(module, adapter, { logger: false });
}

/**
 * @param {AppSettings} app
 * @param {() => MethodDecorator} decorator what guards a handler
 */
function controllersOf({ routes = 1 }, decorator) {
  const controllers = [];
  for (let first = 0; first < routes; first += ROUTES_PER_CONTROLLER) {
    class Payments {}
    const last = Math.min(first + ROUTES_PER_CONTROLLER, routes);
    for (let index = first; index < last; index += 1) {
      addHandler(Payments, `create${index}`, paid, [Post(pathOf(index)), decorator()]);
      Body()(Payments.prototype, `create${index}`, 0);
    }
    if (first === 0) {
      addHandler(Payments, 'beside', () => ({ open: true }), [Get('beside')]);
    }
    Controller()(Payments);
    controllers.push(Payments);
  }
  class Open {}
  addHandler(Open, 'open', () => ({ open: true }), [Get('open')]);
  Controller()(Open);
  return [...controllers, Open];
}

/**
 * What a compiler makes of a decorated method.
 *
 * @param {new () => object} controller
 * @param {string} name
 * @param {(body: any) => unknown} answer
 * @param {MethodDecorator[]} decorators
 */
function addHandler(controller, name, answer, decorators) {
  const { prototype } = controller;
  // A function of its own for each handler: metadata stands on it.
  const value = { [name]: (/** @type {any} */ body) => answer(body) }[name];
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  Reflect.decorate(decorators, prototype, name, descriptor);
}
