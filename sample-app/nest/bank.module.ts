import { type DynamicModule, Module } from '@nestjs/common';
import type { Bank } from '../bank/bank.js';
import { Devices } from '../bank/devices.js';
import { Notices } from '../bank/notices.js';
import { Payments } from '../bank/payments.js';
import { Sessions } from '../bank/sessions.js';
import { Users } from '../bank/users.js';

@Module({})
class BankModule {}

/** What controllers and guards ask for. */
export function bankModule(bank: Bank): DynamicModule {
  return {
    module: BankModule,
    providers: [
      { provide: Users, useValue: bank.users },
      { provide: Devices, useValue: bank.devices },
      { provide: Sessions, useValue: bank.sessions },
      { provide: Payments, useValue: bank.payments },
      { provide: Notices, useValue: bank.notices },
    ],
    exports: [Users, Devices, Sessions, Payments, Notices],
  };
}
