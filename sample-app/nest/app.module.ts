import { type DynamicModule, Module, UseGuards } from '@nestjs/common';
import { MemoryReplayStore } from 'authsignal-guard';
import { AuthsignalModule, type WhatsAppLimits, WhatsAppModule } from 'authsignal-guard/nest';
import type { Bank } from '../bank/bank.js';
import { ACTIONS } from '../server/actions.js';
import type { TenantSettings } from '../server/configuration.js';
import { numberFlows } from '../server/number-flows.js';
import { AccountController } from './account.controller.js';
import { bankModule } from './bank.module.js';
import { LoginController } from './login.controller.js';
import { OptionalSessionGuard } from './optional-session.guard.js';
import { PaymentsController } from './payments.controller.js';
import { SessionGuard } from './session.guard.js';

@Module({ controllers: [AccountController, LoginController, PaymentsController] })
class AppModule {}

export function appModule(
  bank: Bank,
  { apiSecretKey, apiUrl }: TenantSettings,
  limits?: WhatsAppLimits,
): DynamicModule {
  const records = bankModule(bank);
  return {
    module: AppModule,
    imports: [
      records,
      AuthsignalModule.forRoot({
        apiSecretKey,
        apiUrl,
        subject: ({ raw }) => raw.user?.id,
        // Nobody has a session while signing in; that challenge is bound to the device.
        session: ({ raw }) => (raw.user === undefined ? 'signing in' : raw.sessionId),
        actions: ACTIONS,
        // Enough for one process. More of them need a store that they share.
        replayStore: new MemoryReplayStore(),
      }),
      WhatsAppModule.register({
        path: 'whatsapp',
        ...numberFlows(bank, limits),
        decorators: {
          signedIn: [UseGuards(SessionGuard)],
          resend: [UseGuards(OptionalSessionGuard)],
        },
        imports: [records],
      }),
    ],
  };
}
