import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  type LoggerService,
  Module,
  Post,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type ActionInventory,
  AuthsignalModule,
  listActions,
  RequireAction,
} from 'authsignal-guard/nest';
import {
  type Branch,
  GATE,
  LoginGuard,
  type NestPlatform,
  openBranch,
  PaymentDto,
  PaymentsController,
} from './branch.js';

const PLATFORMS: readonly NestPlatform[] = ['nest-express', 'nest-fastify'];
const GUARDS = '__guards__';

let close: () => Promise<void> = async () => undefined;

afterEach(() => close());

async function inventory(branch: Branch, production = false): Promise<ActionInventory> {
  const app = await openBranch(branch);
  close = () => app.close();
  return listActions(app, { production });
}

const codes = ({ warnings }: ActionInventory, level?: string): readonly string[] =>
  warnings
    .filter((warning) => level === undefined || warning.level === level)
    .map(({ code }) => code);

const placesOf = ({ warnings }: ActionInventory, code: string): readonly string[] | undefined =>
  warnings.find((warning) => warning.code === code)?.places;

describe.each(PLATFORMS)('the inventory of %s', (platform) => {
  it('has every guarded route, with its policy and the order of its guards', async () => {
    const { actions } = await inventory({
      platform,
      prepare: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({
          type: VersioningType.HEADER,
          header: 'X-Version',
          defaultVersion: '4',
        });
      },
    });
    expect(actions.map(({ method, path, actions: names }) => `${method} ${path} ${names}`)).toEqual(
      [
        'POST /api/payments createPayment',
        'GET /api/payments readPayments',
        'POST /api/payments/quick quickPayment',
        'GET /api/notes/watched readNotes',
        'GET /api/notes/some readNotes,readAll',
        'POST /api/notes/hook ',
      ],
    );
    expect(actions[0]).toEqual({
      kind: 'action',
      transport: 'http',
      method: 'POST',
      path: '/api/payments',
      host: null,
      version: '4',
      handler: 'PaymentsController.create',
      actions: ['createPayment'],
      policy: {
        mode: 'enforce',
        requireChallenge: true,
        whenUnenrolled: 'deny',
        whenUnavailable: 'deny',
        methods: ['PASSKEY'],
        maxProofAgeMs: 60_000,
        returnProofOnFailure: false,
        skip: false,
        bind: 'custom',
        body: 'PaymentDto',
      },
      order: ['EverywhereGuard', 'LoginGuard', 'ActionGuard'],
    });
    expect(actions[5]).toMatchObject({
      kind: 'webhook',
      host: 'notes.bank.test',
      policy: null,
      order: ['EverywhereGuard', 'WebhookGuard'],
    });
  });

  it('tells what looks wrong, mistakes first', async () => {
    const actions = [
      'readPayments',
      'createPayment',
      'quickPayment',
      'readNotes',
      'readAll',
      'never',
    ];
    const found = await inventory({ platform, options: { actions } });
    expect(codes(found, 'warning')).toEqual(['fail_open', 'class_policy_loosened']);
    expect(codes(found, 'note')).toEqual([
      'memory_store',
      'trust_proxy_unset',
      'class_policy_shadowed',
      'observed',
      'skippable',
      'unenrolled_allowed',
      'action_unguarded',
    ]);
    expect(placesOf(found, 'class_policy_loosened')).toEqual([
      'PaymentsController.quick (requireChallenge, methods)',
    ]);
    expect(placesOf(found, 'fail_open')).toEqual(['PaymentsController.quick']);
    expect(placesOf(found, 'observed')).toEqual(['NotesController.watched']);
    expect(placesOf(found, 'action_unguarded')).toEqual(['never']);
    expect(found.warnings[0]?.page).toBe('authsignal-guard/docs/inventory.md#fail_open');
  });

  it('takes what only one process knows for a mistake in production', async () => {
    const found = await inventory({ platform, whatsApp: 'enrollment' }, true);
    expect(codes(found, 'warning')).toEqual([
      'fail_open',
      'class_policy_loosened',
      'memory_store',
      'memory_limits',
      'trust_proxy_unset',
    ]);
    expect(codes(found, 'note')).toContain('no_action_list');
  });

  it('says nothing of what is in place', async () => {
    class Clean {
      pay(): string {
        return 'paid';
      }
    }
    Controller('clean')(Clean);
    Post()(Clean.prototype, 'pay', Object(Object.getOwnPropertyDescriptor(Clean.prototype, 'pay')));
    RequireAction('pay', { body: PaymentDto })(
      Clean.prototype,
      'pay',
      Object(Object.getOwnPropertyDescriptor(Clean.prototype, 'pay')),
    );
    const store = { burn: () => true, restore: () => undefined };
    const { warnings } = await inventory(
      {
        platform,
        controllers: [Clean],
        options: { actions: ['pay'], replayStore: store },
        ...(platform === 'nest-fastify'
          ? { adapter: new FastifyAdapter({ trustProxy: '127.0.0.1' }) }
          : {}),
        prepare: (app) => {
          if (platform === 'nest-express') {
            app.getHttpAdapter().getInstance().set('trust proxy', 1);
          }
        },
      },
      true,
    );
    expect(warnings).toEqual([]);
  });

  it('sees a guard that came behind the gate, and a gate that was taken away', async () => {
    @Controller('late')
    class LateController {
      @Post('login')
      @RequireAction('pay')
      login(): string {
        return 'paid';
      }

      @Post('bare')
      @RequireAction('pay')
      bare(): string {
        return 'paid';
      }
    }
    const found = await inventory({
      platform,
      controllers: [LateController],
      prepare: () => {
        const { login, bare } = LateController.prototype;
        const before: readonly unknown[] = Reflect.getMetadata(GUARDS, login);
        Reflect.defineMetadata(GUARDS, [...before, LoginGuard], login);
        Reflect.defineMetadata(GUARDS, [], bare);
      },
    });
    expect(placesOf(found, 'auth_guard_after_gate')).toEqual(['LateController.login (LoginGuard)']);
    expect(placesOf(found, 'gate_missing')).toEqual(['LateController.bare']);
    expect(found.actions[0]?.order).toEqual(['EverywhereGuard', 'ActionGuard', 'LoginGuard']);
  });

  it('sees that the gate runs for everything, before the guards of classes and handlers', async () => {
    @Controller('early')
    @UseGuards(LoginGuard)
    class EarlyController {
      @Post()
      @RequireAction('pay')
      pay(): string {
        return 'paid';
      }
    }
    const found = await inventory({
      platform,
      controllers: [EarlyController],
      gateEverywhere: true,
    });
    expect(placesOf(found, 'auth_guard_after_gate')).toEqual(['EarlyController.pay (LoginGuard)']);
  });

  it('lists the WhatsApp routes with the action that stands before them', async () => {
    const { actions } = await inventory({ platform, whatsApp: 'enrollment', controllers: [] });
    expect(actions.map(({ kind, path, actions: names }) => `${kind} ${path} ${names}`)).toEqual([
      'whatsapp /whatsapp ',
      'whatsapp /whatsapp/enrollment enrollWhatsApp',
      'whatsapp /whatsapp/enrollment/verify ',
      'whatsapp /whatsapp/resend ',
    ]);
    expect(actions[1]?.policy).toMatchObject({ requireChallenge: true, skip: false });
  });
});

describe('an application without HTTP', () => {
  it('starts, and has its routes all the same', async () => {
    class JobModule {}
    Module({
      imports: [AuthsignalModule.forRoot(GATE)],
      controllers: [PaymentsController],
    })(JobModule);
    const context = await NestFactory.createApplicationContext(JobModule, {
      logger: false,
      abortOnError: false,
    });
    close = () => context.close();
    const found = listActions(context, { production: true });
    expect(found.actions.map(({ handler }) => handler)).toContain('PaymentsController.create');
    expect(codes(found)).not.toContain('trust_proxy_unset');
    expect(codes(found)).not.toContain('body_not_parsed');
  });
});

describe('at start', () => {
  async function linesOf(branch: Omit<Branch, 'settings'>): Promise<readonly string[]> {
    const lines: string[] = [];
    const quiet = (): void => undefined;
    const logger: LoggerService = {
      log: quiet,
      error: quiet,
      warn: (line: unknown) => lines.push(String(line)),
    };
    await inventory({ ...branch, settings: { logger } });
    return lines;
  }

  it('mistakes are told once, a line each, and notes are not', async () => {
    const replayStore = { burn: () => true, restore: () => undefined };
    const lines = await linesOf({ platform: 'nest-express', options: { replayStore } });
    expect(lines).toEqual([
      expect.stringMatching(
        /^fail_open: .*PaymentsController\.quick\. See \S+inventory\.md#fail_open$/,
      ),
      expect.stringMatching(/^class_policy_loosened: /),
    ]);
  });

  it('the guarded routes are told in one line, of which logs that leave details out have nothing', async () => {
    const details: string[] = [];
    const quiet = (): void => undefined;
    const debug = (line: unknown) => details.push(String(line));
    const settings = { logger: { log: quiet, error: quiet, warn: quiet, debug } };
    await inventory({ platform: 'nest-express', settings });
    expect(details).toEqual([
      '6 guarded routes: createPayment (POST /payments), readPayments (GET /payments), ' +
        'quickPayment (POST /payments/quick), readNotes (GET /notes/watched), ' +
        'readNotes or readAll (GET /notes/some) and 1 more. listActions(app) lists them',
    ]);
  });

  it('a body of a class is missed where nothing parses it', async () => {
    const branch = { platform: 'nest-express', settings: { bodyParser: false } } as const;
    expect(placesOf(await inventory(branch), 'body_not_parsed')).toEqual([
      'PaymentsController.create',
    ]);
  });

  it('a gate without a subject is missed where only its WhatsApp routes need one', async () => {
    const branch = { platform: 'nest-express', whatsApp: 'signIn', controllers: [] } as const;
    const options = { subject: undefined } as object;
    expect(codes(await inventory({ ...branch, options }))).toContain('no_subject');
    await close();
    expect(codes(await inventory(branch))).not.toContain('no_subject');
  });
});
