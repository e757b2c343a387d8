import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  Module,
  type ModuleMetadata,
  type NestInterceptor,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost, Reflector } from '@nestjs/core';
import { type FlowName, WhatsAppModule, type WhatsAppOptions } from 'authsignal-guard/nest';
import { map, type Observable } from 'rxjs';
import { Application } from '../../support/application.js';
import { Customer, expectRefusal } from '../../support/customer.js';
import { NEST, signedIn } from '../../support/host.js';
import { SignInGuard, startNest } from '../../support/nest-host.js';
import { NumberOwner } from '../../support/number-owner.js';
import { foundTown, playScenarios, type Scenario, storiesOf } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { TENANT, UNENROLLED } from './scenarios/desk.js';

stopTime();
const town = foundTown(TENANT);
const app = new Application();

type Prepare = NonNullable<Parameters<typeof startNest>[2]['prepare']>;

/** Stories at a Nest host that is written out. */
function host(module: () => ModuleMetadata, prepare?: Prepare) {
  return storiesOf({
    start: (platform, where) =>
      startNest(platform, where, { module: module(), ...(prepare && { prepare }) }),
  });
}

const withUsers = { providers: [{ provide: APP_GUARD, useClass: SignInGuard }] };

const SETTINGS = Symbol('settings');

@Module({
  providers: [{ provide: SETTINGS, useFactory: async () => ({ countries: ['NZ'] }) }],
  exports: [SETTINGS],
})
class SettingsModule {}

const asynchronous = host(() => ({
  ...withUsers,
  imports: [
    WhatsAppModule.registerAsync({
      path: 'my/phone',
      flows: ['enrollment', 'signIn'],
      imports: [SettingsModule],
      inject: [SETTINGS],
      useFactory: async ({ countries }: { readonly countries: string[] }) => {
        const { enrollment = {}, signIn, limits = {} } = app.flows();
        return { countries, enrollment, limits, ...(signIn && { signIn }) };
      },
    }),
  ],
}));

const registered: readonly Scenario[] = [
  asynchronous(
    'options of a factory, below a path of its own',
    async (customer) => {
      app.reset();
      const owner = new NumberOwner(customer, app);
      const phone = owner.newPhone();
      for (const flow of ['enrollment', 'sign-in']) {
        const path = `/my/phone/${flow}`;
        const started = await customer.send({ path, body: { phoneNumber: phone } });
        const handle = owner.handleIn(started);
        const code = await owner.code(phone);
        const answer = await customer.send({ path: `${path}/verify`, body: { handle, code } });
        expect(answer.status).toBe(200);
      }
      expect(owner.enrolled).toEqual([phone]);
      const status = await customer.send({ method: 'get', path: '/my/phone' });
      expect(status.json).toMatchObject({ enrolled: true });
      const abroad = { path: '/my/phone/sign-in', body: { phoneNumber: '+61412345678' } };
      expectRefusal(await customer.send(abroad), 422, 'phone_not_allowed');
      for (const path of ['phone-number', 'verified-number']) {
        const { status: absent } = await customer.send({ path: `/my/phone/${path}`, body: {} });
        expect(absent).toBe(404);
      }
    },
    UNENROLLED,
  ),
];

/** Two kinds of users of one application, each with flows of its own. */
const customersApp = new Application();
const staffApp = new Application();
const twice = host(
  () => ({
    ...withUsers,
    imports: [
      WhatsAppModule.register({ path: 'customers', ...customersApp.flows() }),
      WhatsAppModule.register({
        path: 'staff',
        ...staffApp.flows({ countries: ['AU'], defaultCountry: 'AU' }),
      }),
    ],
  }),
  (nest) => {
    nest.setGlobalPrefix('api/v1');
  },
);

const doubled: readonly Scenario[] = [
  twice(
    'registered twice, below a global prefix',
    async (customer) => {
      customersApp.reset();
      staffApp.reset();
      const owner = new NumberOwner(customer, customersApp);
      const phone = owner.newPhone();
      const sending = { body: { phoneNumber: phone }, as: null };
      const staff = await customer.send({ path: '/api/v1/staff/sign-in', ...sending });
      expectRefusal(staff, 422, 'phone_not_allowed');
      const started = await customer.send({ path: '/api/v1/customers/sign-in', ...sending });
      const body = { handle: owner.handleIn(started), code: await owner.code(phone) };
      const answer = await customer.send({ path: '/api/v1/customers/sign-in/verify', body });
      expect(answer.status).toBe(200);
      expect(customersApp.sessions).toHaveLength(1);
      expect(staffApp.sessions).toEqual([]);
    },
    UNENROLLED,
  ),
];

@Injectable()
class Sessions {
  userOf(headers: Readonly<Record<string, unknown>>) {
    return signedIn(headers);
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

/** Refuses whoever is not signed in. */
@Injectable()
class SessionGuard implements CanActivate {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    Object.assign(request, this.sessions.userOf(request.headers));
    if (!('user' in request)) {
      throw new UnauthorizedException('Who are you?');
    }
    return true;
  }
}

/** Finds a user where there is one. */
@Injectable()
class OptionalSessionGuard implements CanActivate {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    Object.assign(request, this.sessions.userOf(request.headers));
    return true;
  }
}

const IS_PUBLIC = 'bank.is-public';

/** On everything, unless it is public. */
@Injectable()
class GlobalGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    Object.assign(request, signedIn(request.headers));
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets) || 'user' in request;
  }
}

const decorated = host(() => ({
  imports: [
    WhatsAppModule.register({
      path: 'whatsapp',
      ...app.flows(),
      imports: [SessionsModule],
      decorators: {
        signedIn: [UseGuards(SessionGuard)],
        resend: [UseGuards(OptionalSessionGuard)],
      },
    }),
  ],
}));

const globallyGuarded = host(() => ({
  providers: [{ provide: APP_GUARD, useClass: GlobalGuard }],
  imports: [
    WhatsAppModule.register({
      path: 'whatsapp',
      ...app.flows(),
      decorators: {
        signIn: [SetMetadata(IS_PUBLIC, true)],
        resend: [SetMetadata(IS_PUBLIC, true)],
      },
    }),
  ],
}));

const guards = (
  [
    ["guards of the module's own", decorated, 401],
    ['a global guard and public routes', globallyGuarded, 403],
  ] as const
).map(([name, at, refusal]) =>
  at(
    `${name}: each route has its audience`,
    async (customer) => {
      app.reset();
      const owner = new NumberOwner(customer, app);
      const nobody = { as: null };
      app.records.set(customer.id, owner.newPhone());
      for (const path of ['enrollment', 'phone-number', 'verified-number']) {
        const { status } = await owner.post(`/${path}`, { phoneNumber: owner.newPhone() }, nobody);
        expect({ path, status }).toEqual({ path, status: refusal });
      }
      expect((await owner.status(nobody)).status).toBe(refusal);
      expect(customer.events).toEqual([]);

      const signIn = await owner.begin('sign-in', undefined, nobody);
      owner.handleIn(await owner.resend(signIn.handle, nobody));
      expect((await owner.finish(signIn, nobody)).status).toBe(200);

      const enrollment = await owner.begin('enrollment');
      owner.handleIn(await owner.resend(enrollment.handle));
      const unknown = await owner.resend(enrollment.handle, nobody);
      expectRefusal(unknown, 401, 'step_up_unauthenticated');
      expect((await owner.finish(enrollment)).status).toBe(200);
      expect(owner.enrolled).toEqual([enrollment.phone]);
    },
    UNENROLLED,
  ),
);

/** Answers everything its own way, as many hosts have it. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly adapters: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const reply = context.switchToHttp().getResponse<unknown>();
    this.adapters.httpAdapter.reply(reply, { failed: true, status }, status);
  }
}

/** Wraps whatever a handler returns. */
class WrappingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

const strict = host(
  () => ({
    ...withUsers,
    imports: [WhatsAppModule.register({ path: 'whatsapp', ...app.flows() })],
  }),
  (nest) => {
    nest.useGlobalPipes(
      new ValidationPipe({
        transform: true,
        whitelist: true,
        forbidNonWhitelisted: true,
        forbidUnknownValues: true,
        transformOptions: { enableImplicitConversion: true },
      }),
    );
    nest.useGlobalFilters(new CatchAllFilter(nest.get(HttpAdapterHost)));
    nest.useGlobalInterceptors(new WrappingInterceptor());
  },
);

const neighbours: readonly Scenario[] = [
  strict(
    "a host's pipes, filters and interceptors change no answer",
    async (customer) => {
      app.reset();
      const owner = new NumberOwner(customer, app);
      const phone = owner.newPhone();
      const body = { phoneNumber: phone, utm_source: 'mail', remember: true };
      const started = await owner.post('/enrollment', body);
      const handle = owner.handleIn(started);
      expect(Object.keys(started.json)).toEqual([
        'handle',
        'phoneNumber',
        'expiresAt',
        'resendAfterMs',
      ]);
      const code = await owner.code(phone);
      const wrongCode = { handle, code: '000', note: 'x' };
      expectRefusal(await owner.post('/enrollment/verify', wrongCode), 400, 'otp_invalid');
      expectRefusal(await owner.post('/enrollment/verify', { handle: 5 }), 400, 'request_invalid', {
        errors: [
          { pointer: '#/handle', detail: 'must be a handle' },
          { pointer: '#/code', detail: 'must be a code of 2 to 10 digits' },
        ],
      });
      const nobody = await owner.start('enrollment', phone, { as: null });
      expectRefusal(nobody, 401, 'step_up_unauthenticated');
      const answer = await owner.verify('enrollment', handle, code);
      expect(answer.json).toEqual({ enrolled: true, phoneNumber: expect.any(String) });
      expectRefusal(await owner.start('enrollment', phone), 403, 'step_up_required');
    },
    UNENROLLED,
  ),
];

playScenarios('the module', registered, { town, platforms: NEST });
playScenarios('the module twice', doubled, { town, platforms: NEST });
playScenarios('audiences', guards, { town, platforms: NEST });
playScenarios('neighbours', neighbours, { town, platforms: NEST });

describe('the module refuses to start', () => {
  const factory = (flows: readonly FlowName[], options: Partial<WhatsAppOptions>) =>
    WhatsAppModule.registerAsync({
      path: 'whatsapp',
      flows,
      useFactory: () => ({ countries: ['NZ'], ...options }),
    });
  const start = (imports: ModuleMetadata['imports']) =>
    startNest('nest-express', town(), { module: { ...withUsers, ...(imports && { imports }) } });
  const { signIn, verifiedNumber } = app.flows();
  const all = { enrollment: {}, phoneNumber: {}, signIn, verifiedNumber } as const;
  const NAMES = ['enrollment', 'phoneNumber', 'verifiedNumber', 'signIn'] as const;

  it.each(NAMES)('where %s is listed and has no options', async (name) => {
    const { [name]: _missing, ...options } = all;
    await expect(
      start([factory(NAMES, options as Partial<WhatsAppOptions>)]),
    ).rejects.toMatchObject({
      code: 'ERR_STEP_UP_OPTION',
      message: expect.stringContaining(`\`${name}\` is listed but has no options`),
    });
  });

  it.each(NAMES)('where %s has options and is not listed', async (name) => {
    const flows = NAMES.filter((other) => other !== name);
    await expect(start([factory(flows, all as Partial<WhatsAppOptions>)])).rejects.toMatchObject({
      code: 'ERR_STEP_UP_OPTION',
      message: expect.stringContaining(`\`${name}\` has options but is not listed`),
    });
  });

  it.each([
    ['no countries', { countries: undefined }, 'countries'],
    ['a country that is none', { countries: ['Atlantis'] }, 'countries'],
    ['no country at all', { countries: [] }, 'countries'],
    ['a default country that is none', { defaultCountry: 'XX' }, 'defaultCountry'],
    ['a sign-in without its callbacks', { signIn: {} }, 'signIn'],
    ['a verified number without resolve', { verifiedNumber: {} }, 'verifiedNumber'],
    ['a limit that is none', { limits: { number: [{ max: 0, windowMs: 1 }] } }, 'number'],
    ['an option that does not exist', { enrolment: {} }, 'enrolment'],
  ])('with %s', async (_name, more, names) => {
    const options = { path: 'whatsapp', ...app.flows(), ...JSON.parse(JSON.stringify(more)) };
    if ('countries' in more && more.countries === undefined) {
      Reflect.deleteProperty(options, 'countries');
    }
    await expect(start([WhatsAppModule.register(options)])).rejects.toMatchObject({
      code: 'ERR_STEP_UP_OPTION',
      message: expect.stringContaining(names),
    });
  });

  it('where the factory of the options fails, with its own error', async () => {
    const failing = WhatsAppModule.registerAsync({
      path: 'whatsapp',
      flows: ['enrollment'],
      useFactory: () => Promise.reject(new Error('no settings')),
    });
    await expect(start([failing])).rejects.toThrow('no settings');
  });
});

describe('what the scenarios left behind', () => {
  let customer: Customer;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const nest = await startNest('nest-fastify', town(), { module: withUsers });
    customer = new Customer(nest, town());
    close = nest.close;
  });
  afterAll(() => close());

  it('has no routes where the module is not imported', async () => {
    const owner = new NumberOwner(customer, app);
    expect((await owner.start('sign-in', owner.newPhone())).status).toBe(404);
  });

  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
