import { APP_GUARD } from '@nestjs/core';
import { createStepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import { type WhatsAppOptions, whatsAppRouter } from 'authsignal-guard/express';
import { WhatsAppModule } from 'authsignal-guard/nest';
import { signIn, startExpress } from './express-host.js';
import { gateOptions } from './host.js';
import type { Building } from './hosts.js';
import { SignInGuard, startNest } from './nest-host.js';

export interface FlowSetting {
  readonly flows: WhatsAppOptions;
  readonly options?: (emulator: Emulator) => Partial<StepUpGateOptions>;
}

/** Whoever does not name a session has this one. */
const ONE_SESSION = 'the-only-session';

/** The WhatsApp flows of one application below `/whatsapp`, on every platform. */
export function flowHost({ flows, options }: FlowSetting): Building {
  return {
    start: (platform, town) => {
      const given = {
        clock: { now: () => Date.now() },
        session: ({ raw }) => raw.sessionId ?? ONE_SESSION,
        ...options?.(town.emulator),
      } satisfies Partial<StepUpGateOptions>;
      if (platform.startsWith('nest')) {
        const imports = [WhatsAppModule.register({ path: 'whatsapp', ...flows })];
        const providers = [{ provide: APP_GUARD, useClass: SignInGuard }];
        return startNest(platform, town, { options: given, module: { imports, providers } });
      }
      const gate = createStepUpGate(gateOptions(town, given));
      return startExpress(platform, town, gate, (app) => {
        app.use(signIn);
        app.use('/whatsapp', whatsAppRouter(gate, flows));
      });
    },
  };
}
