import 'reflect-metadata';
import {
  All,
  Body,
  type CanActivate,
  Controller,
  Delete,
  Get,
  type INestApplication,
  Injectable,
  Module,
  Post,
  UseGuards,
  VERSION_NEUTRAL,
  Version,
} from '@nestjs/common';
import { NestFactory, RouterModule } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiExcludeController,
  ApiExcludeEndpoint,
  ApiHeader,
  ApiOperation,
  ApiProperty,
  ApiResponse,
} from '@nestjs/swagger';
import type { StepUpGateOptions } from 'authsignal-guard';
import {
  AuthsignalModule,
  AuthsignalWebhook,
  RequireAction,
  WhatsAppModule,
} from 'authsignal-guard/nest';
import { IsInt } from 'class-validator';

export class PaymentDto {
  @ApiProperty()
  @IsInt()
  amount!: number;
}

@Injectable()
export class LoginGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller({ path: 'payments', version: ['1', '2'] })
@UseGuards(LoginGuard)
export class PaymentsController {
  @Post()
  @RequireAction('createPayment', { body: PaymentDto, methods: ['WHATSAPP'] })
  @ApiBody({ type: PaymentDto })
  create(@Body() _body: PaymentDto): string {
    return 'done';
  }

  @Get(':id')
  @ApiResponse({ status: 403, description: 'Not your payment.' })
  read(): string {
    return 'done';
  }

  @Delete([':id', ':id/now'])
  @RequireAction('cancelPayment')
  @ApiOperation({ description: 'Cancels it.' })
  @ApiResponse({ status: 403, description: 'Not your payment.', type: PaymentDto })
  @ApiHeader({ name: 'step-up-proof', description: 'Said by hand.' })
  cancel(): string {
    return 'done';
  }

  @Post('hidden')
  @ApiExcludeEndpoint()
  @RequireAction('createPayment')
  hidden(): string {
    return 'done';
  }

  @Get('watched/all')
  @RequireAction('createPayment', { mode: 'observe' })
  watched(): string {
    return 'done';
  }
}

@Controller({ path: 'account', version: VERSION_NEUTRAL, host: 'admin.bank.test' })
@RequireAction({ oneOf: ['closeAccount', 'readAccount'], select: () => 'readAccount' })
export class AccountController {
  @All('close')
  close(): string {
    return 'done';
  }

  @Version('3')
  @Get('files/*')
  files(): string {
    return 'done';
  }
}

@Controller('secret')
@ApiExcludeController()
@RequireAction('closeAccount')
export class SecretController {
  @Get()
  read(): string {
    return 'done';
  }
}

/** Open, on the same path as a hidden guarded one would have without the prefix. */
@Controller('webhooks')
export class WebhookController {
  @Post('authsignal')
  @AuthsignalWebhook()
  receive(): string {
    return 'done';
  }

  @Get('health')
  health(): string {
    return 'done';
  }
}

@Module({ controllers: [AccountController] })
class AccountModule {}

export type NestPlatform = 'nest-express' | 'nest-fastify';

/** A shop in which every kind of route is guarded in some way. It calls nobody, and is not initialised yet. */
export async function openShop(
  platform: NestPlatform,
  options: Partial<StepUpGateOptions> = {},
  prepare: (app: INestApplication) => void = () => undefined,
): Promise<INestApplication> {
  class ShopModule {}
  Module({
    imports: [
      AuthsignalModule.forRoot({
        apiSecretKey: 'a secret for tests alone',
        apiUrl: 'http://127.0.0.1:9/v1',
        subject: () => 'ann',
        ...options,
      }),
      WhatsAppModule.register({
        path: 'whatsapp',
        countries: ['NZ'],
        enrollment: {},
        phoneNumber: {},
        verifiedNumber: { resolve: () => ({ phoneNumber: '+6421000000' }) },
        signIn: { findOrCreateUser: () => 'ann', signedIn: () => ({}) },
      }),
      AccountModule,
      RouterModule.register([{ path: 'my', module: AccountModule }]),
    ],
    controllers: [PaymentsController, SecretController, WebhookController],
  })(ShopModule);
  const adapter = platform === 'nest-fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(ShopModule, adapter, {
    logger: false,
    abortOnError: false,
    rawBody: true,
  });
  prepare(app);
  return app;
}
