// Compiled only: what of `/nest` the program does not use.
import { Controller, type INestApplicationContext, Module, Post } from '@nestjs/common';
import type { AuthsignalEvent } from 'authsignal-guard';
import {
  AuthsignalHealthIndicator,
  AuthsignalModule,
  AuthsignalWebhook,
  listActions,
  StepUpException,
  WebhookEvent,
  WhatsAppModule,
} from 'authsignal-guard/nest';

@Controller('webhooks')
class WebhooksController {
  @Post('authsignal')
  @AuthsignalWebhook()
  receive(@WebhookEvent() event: AuthsignalEvent): string {
    return event.type;
  }
}

@Module({
  imports: [
    AuthsignalModule.forRootAsync({
      inject: ['CONFIG'],
      useFactory: (config: { readonly secret: string }) => ({ apiSecretKey: config.secret }),
    }),
    WhatsAppModule.register({ path: 'whatsapp', countries: ['NZ'], enrollment: {} }),
  ],
  controllers: [WebhooksController],
})
export class SurfaceModule {
  constructor(readonly health: AuthsignalHealthIndicator) {}
}

export const listed = (app: INestApplicationContext): string[] =>
  listActions(app).actions.map(({ handler }) => handler);
export const isRefusal = (error: unknown): boolean => error instanceof StepUpException;
