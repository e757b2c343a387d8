import {
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import type { SignedInRequest, StepUpGateOptions } from '../core/options.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { assembleGate } from '../create-step-up-gate.js';
import { APPLICATION_INVENTORY } from '../inventory/application-inventory.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './authsignal.module-definition.js';
import { AuthsignalHealthIndicator } from './authsignal-health.indicator.js';
import { GuardedHandlers } from './guarded-handlers.js';
import { NestInventory } from './inventory/nest-inventory.js';
import { StepUpExceptionFilter } from './step-up-exception.filter.js';

const logger = new Logger('AuthsignalGuard');

/**
 * Makes the one {@link StepUpGate} of the application and guards every `@RequireAction`. Import it
 * once with `forRoot(options)` or `forRootAsync({ inject, useFactory })`; it is global.
 *
 * @throws StepUpError at start for a bad option or policy.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: StepUpGate,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: StepUpGateOptions) =>
        assembleGate(options, (line, level) => logger[level](line)),
    },
    AuthsignalHealthIndicator,
    GuardedHandlers,
    { provide: APPLICATION_INVENTORY, useClass: NestInventory },
    { provide: APP_FILTER, useClass: StepUpExceptionFilter },
  ],
  exports: [StepUpGate, AuthsignalHealthIndicator],
})
export class AuthsignalModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  /** @typeParam Raw the platform's request that the callbacks see, where it is another. */
  static override forRoot<Raw = SignedInRequest>(options: StepUpGateOptions<Raw>): DynamicModule {
    // The module hands the gate requests of its own platform, which the application has named.
    return ConfigurableModuleClass.forRoot.call(AuthsignalModule, options as StepUpGateOptions);
  }

  /** @typeParam Raw the platform's request that the callbacks see, where it is another. */
  static override forRootAsync<Raw = SignedInRequest>(
    options: ConfigurableModuleAsyncOptions<StepUpGateOptions<Raw>, 'createStepUpGateOptions'>,
  ): DynamicModule {
    return ConfigurableModuleClass.forRootAsync.call(
      AuthsignalModule,
      options as ConfigurableModuleAsyncOptions<StepUpGateOptions, 'createStepUpGateOptions'>,
    );
  }

  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {
    super();
  }

  /** Ends the connections once the application has stopped taking requests. */
  async onApplicationShutdown(): Promise<void> {
    await this.gate.close();
  }
}
