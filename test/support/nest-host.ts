import 'reflect-metadata';
import {
  All,
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  type INestApplication,
  Module,
  type ModuleMetadata,
  type NestInterceptor,
  Options,
  Patch,
  Post,
  Put,
  Req,
  ServiceUnavailableException,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Approval, StepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import { Approved, AuthsignalModule, actionRequestOf, RequireAction } from 'authsignal-guard/nest';
import { throwError, timeout, VirtualTimeScheduler } from 'rxjs';
import type { Bank, Route, Verb } from './bank.js';
import { gateOptions, type Host, type Platform, Runs, signedIn, type Town } from './host.js';

/** Authentication as an application has it: a guard that puts the user on the request. */
export class SignInGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    Object.assign(request, signedIn(request.headers));
    return true;
  }
}

export interface NestSetting {
  readonly options?: Partial<StepUpGateOptions>;
  readonly module: ModuleMetadata;
  /** Whether the platform's parsers keep the bytes. */
  readonly rawBody?: boolean;
  /** Before the application listens. */
  readonly prepare?: (app: INestApplication) => void;
}

/** A Nest application of one module, on a free port. */
export async function startNest(
  platform: Platform,
  town: Town,
  setting: NestSetting,
  runs = new Runs(),
): Promise<Host> {
  class BankModule {}
  const { imports = [], ...rest } = setting.module;
  Module({
    ...rest,
    imports: [AuthsignalModule.forRoot(gateOptions(town, setting.options)), ...imports],
  })(BankModule);
  const settings = {
    logger: town.ledger.logger,
    abortOnError: false,
    rawBody: setting.rawBody === true,
  };
  const app =
    platform === 'nest-fastify'
      ? await onFastify(BankModule, settings)
      : await onExpress(BankModule, settings);
  setting.prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const close = async (): Promise<void> => {
    const server: { closeAllConnections(): void } = app.getHttpServer();
    server.closeAllConnections();
    await app.close();
  };
  return { platform, url, gate: app.get(StepUpGate), runs, close };
}

interface Settings {
  readonly logger: Town['ledger']['logger'];
  readonly abortOnError: boolean;
  readonly rawBody: boolean;
}

async function onExpress(module: Type, settings: Settings): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    module,
    new ExpressAdapter(),
    settings,
  );
  app.useBodyParser('text');
  app.useBodyParser('raw', { type: 'application/octet-stream' });
  return app;
}

async function onFastify(module: Type, settings: Settings): Promise<INestApplication> {
  const adapter = new FastifyAdapter();
  // As the multipart plugins do it: they take note of the body and leave it to the handler.
  adapter.getInstance().addContentTypeParser(UNREAD, (_request, _payload, done) => done(null));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, settings);
  app.useBodyParser('application/octet-stream');
  return app;
}

const UNREAD = ['multipart/form-data', 'application/x-unread'];

export function nestBank(platform: Platform, town: Town, bank: Bank): Promise<Host> {
  const runs = new Runs();
  const options = bank.options?.(town.emulator);
  return startNest(
    platform,
    town,
    {
      ...(options === undefined ? {} : { options }),
      module: {
        controllers: [controllerOf(bank, runs)],
        providers: [{ provide: APP_GUARD, useClass: SignInGuard }],
      },
      prepare: (app) => {
        if (bank.giveUp !== undefined) {
          app.useGlobalInterceptors(impatience(bank.giveUp));
        }
      },
    },
    runs,
  );
}

/** A timeout as applications have it, above everything that the gate binds; in virtual time. */
function impatience(giveUp: () => Promise<void>): NestInterceptor {
  return {
    intercept: (_context, next) => {
      const scheduler = new VirtualTimeScheduler();
      void giveUp().then(() => scheduler.flush());
      const tooLate = () => throwError(() => new ServiceUnavailableException());
      return next.handle().pipe(timeout({ each: 30_000, scheduler, with: tooLate }));
    },
  };
}

const VERBS: Readonly<Record<Verb, (path: string) => MethodDecorator>> = {
  get: Get,
  post: Post,
  put: Put,
  patch: Patch,
  delete: Delete,
  options: Options,
  all: All,
};

/** A controller as if its methods had been decorated in its source. */
function controllerOf(bank: Bank, runs: Runs): Type {
  class BankController {
    constructor(readonly gate: StepUpGate) {}
  }
  Reflect.defineMetadata('design:paramtypes', [StepUpGate], BankController);
  bank.routes.forEach((route, index) => {
    addHandler(BankController, `route${index}`, route, runs);
  });
  Controller()(BankController);
  return BankController;
}

type RawRequest = Parameters<typeof actionRequestOf>[0];

function addHandler(
  controller: Type<{ readonly gate: StepUpGate }>,
  name: string,
  route: Route,
  runs: Runs,
): void {
  const target = controller.prototype;
  const { verb, path, action, policy, handle } = route;
  Object.defineProperty(target, name, {
    configurable: true,
    writable: true,
    value: async function (
      this: { readonly gate: StepUpGate },
      raw: RawRequest,
      approval?: Approval,
      approvedBody?: unknown,
    ) {
      runs.add(path);
      return handle({ approval, approvedBody, request: actionRequestOf(raw), gate: this.gate });
    },
  });
  const descriptor = Object.getOwnPropertyDescriptor(target, name) ?? {};
  Req()(target, name, 0);
  if (action !== undefined) {
    Approved()(target, name, 1);
    Approved('body')(target, name, 2);
    RequireAction(action, policy)(target, name, descriptor);
  }
  VERBS[verb](path)(target, name, descriptor);
}
