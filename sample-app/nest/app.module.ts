import { type DynamicModule, Module, UseGuards } from '@nestjs/common';
import { MemoryReplayStore } from 'authsignal-guard';
import { AuthsignalModule, type WhatsAppLimits, WhatsAppModule } from 'authsignal-guard/nest';
import type { Bank } from '../bank/bank.js';
import { ACTIONS } from '../server/actions.js';
import type { AuthsignalConnection } from '../server/authsignal-connection.js';
import { numberFlows } from '../server/number-flows.js';
import { pageConfig } from '../server/page-config.js';
import { AccountController } from './account.controller.js';
import { bankModule } from './bank.module.js';
import { LoginController } from './login.controller.js';
import { OptionalSessionGuard } from './optional-session.guard.js';
import { PAGE_CONFIG, PageController } from './page.controller.js';
import { PaymentsController } from './payments.controller.js';
import { SessionGuard } from './session.guard.js';

@Module({ controllers: [AccountController, LoginController, PageController, PaymentsController] })
class AppModule {}

export function appModule(
  bank: Bank,
  authsignal: AuthsignalConnection,
  limits?: WhatsAppLimits,
): DynamicModule {
  const { apiSecretKey, apiUrl } = authsignal;
  const records = bankModule(bank);
  return {
    module: AppModule,
    providers: [{ provide: PAGE_CONFIG, useValue: pageConfig(authsignal) }],
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
