import { type DynamicModule, Module } from '@nestjs/common';
import { MemoryReplayStore } from 'authsignal-guard';
import { AuthsignalModule } from 'authsignal-guard/nest';
import type { Bank } from '../bank/bank.js';
import { Devices } from '../bank/devices.js';
import { Payments } from '../bank/payments.js';
import { Sessions } from '../bank/sessions.js';
import { Users } from '../bank/users.js';
import type { TenantSettings } from '../server/configuration.js';
import { AccountController } from './account.controller.js';
import { LoginController } from './login.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({ controllers: [AccountController, LoginController, PaymentsController] })
class AppModule {}

export function appModule(bank: Bank, { apiSecretKey, apiUrl }: TenantSettings): DynamicModule {
  return {
    module: AppModule,
    imports: [
      AuthsignalModule.forRoot({
        apiSecretKey,
        apiUrl,
        subject: ({ raw }) => raw.user?.id,
        // Nobody has a session while signing in; that challenge is bound to the device.
        session: ({ raw }) => (raw.user === undefined ? 'signing in' : raw.sessionId),
        actions: ['signIn', 'createPayment'],
        // Enough for one process. More of them need a store that they share.
        replayStore: new MemoryReplayStore(),
      }),
    ],
    providers: [
      { provide: Users, useValue: bank.users },
      { provide: Devices, useValue: bank.devices },
      { provide: Sessions, useValue: bank.sessions },
      { provide: Payments, useValue: bank.payments },
    ],
  };
}
