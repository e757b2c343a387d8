import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { StepUpGateOptions } from '../core/options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<StepUpGateOptions>({ moduleName: 'AuthsignalGuard' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createStepUpGateOptions')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();

/** The provider of the module's {@link StepUpGateOptions}, for tests that run the application with others. */
export const AUTHSIGNAL_OPTIONS: string | symbol = MODULE_OPTIONS_TOKEN;
