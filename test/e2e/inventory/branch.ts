import 'reflect-metadata';
import {
  Body,
  type CanActivate,
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Module,
  type NestApplicationOptions,
  Post,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { StepUpGateOptions } from 'authsignal-guard';
import {
  ActionGuard,
  AuthsignalModule,
  AuthsignalWebhook,
  RequireAction,
  WhatsAppModule,
} from 'authsignal-guard/nest';
import { IsInt } from 'class-validator';

export class PaymentDto {
  @IsInt()
  amount!: number;
}

@Injectable()
export class LoginGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Injectable()
export class EverywhereGuard extends LoginGuard {}

@Controller('payments')
@UseGuards(LoginGuard)
@RequireAction('readPayments', { requireChallenge: true, methods: ['PASSKEY'] })
export class PaymentsController {
  @Post()
  @RequireAction('createPayment', {
    body: PaymentDto,
    bind: ({ body }) => ({ amount: body.amount }),
    maxProofAgeMs: 60_000,
  })
  create(@Body() _body: PaymentDto): string {
    return 'paid';
  }

  @Get()
  list(): string {
    return 'payments';
  }

  @Post('quick')
  @RequireAction('quickPayment', {
    requireChallenge: false,
    methods: ['PASSKEY', 'SMS'],
    whenUnavailable: 'allow',
  })
  quick(): string {
    return 'paid';
  }
}

@Controller({ path: 'notes', host: 'notes.bank.test' })
export class NotesController {
  @Get('watched')
  @RequireAction('readNotes', { mode: 'observe', whenUnenrolled: 'allow' })
  watched(): string {
    return 'notes';
  }

  @Get('some')
  @RequireAction({ oneOf: ['readNotes', 'readAll'], select: () => 'readAll' }, { skip: () => true })
  some(): string {
    return 'notes';
  }

  @Get('open')
  open(): string {
    return 'open';
  }

  @Post('hook')
  @AuthsignalWebhook()
  hook(): string {
    return 'taken';
  }
}

export type NestPlatform = 'nest-express' | 'nest-fastify';

export interface Branch {
  readonly platform: NestPlatform;
  readonly options?: Partial<StepUpGateOptions>;
  readonly settings?: NestApplicationOptions;
  readonly adapter?: ExpressAdapter | FastifyAdapter;
  readonly whatsApp?: 'enrollment' | 'signIn';
  readonly gateEverywhere?: boolean;
  readonly controllers?: readonly Type[];
  /** After the module was built, before the application is initialised. */
  readonly prepare?: (app: INestApplication) => void;
}

/** A gate that calls nobody. */
export const GATE = {
  apiSecretKey: 'a secret for tests alone',
  apiUrl: 'http://127.0.0.1:9/v1',
  subject: () => 'ann',
};

const FLOWS = {
  enrollment: { enrollment: {} },
  signIn: { signIn: { findOrCreateUser: () => 'ann', signedIn: () => ({}) } },
};

/** A bank's branch with every kind of policy, right and wrong. It calls nobody. */
export async function openBranch(branch: Branch): Promise<INestApplication> {
  const { platform, options, settings, whatsApp, prepare } = branch;
  class BranchModule {}
  Module({
    imports: [
      AuthsignalModule.forRoot({ ...GATE, ...options }),
      ...(whatsApp === undefined
        ? []
        : [WhatsAppModule.register({ path: 'whatsapp', countries: ['NZ'], ...FLOWS[whatsApp] })]),
    ],
    controllers: [...(branch.controllers ?? [PaymentsController, NotesController])],
    providers: [
      { provide: APP_GUARD, useClass: EverywhereGuard },
      ...(branch.gateEverywhere === true ? [{ provide: APP_GUARD, useClass: ActionGuard }] : []),
    ],
  })(BranchModule);
  const made = platform === 'nest-fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(BranchModule, branch.adapter ?? made, {
    logger: false,
    abortOnError: false,
    ...settings,
  });
  prepare?.(app);
  await app.init();
  return app;
}
