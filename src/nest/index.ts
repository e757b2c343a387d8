export { ActionGuard } from './action-guard.js';
export { actionRequestOf } from './action-request.js';
export { Approved } from './approved.js';
export { AuthsignalModule } from './authsignal.module.js';
export { RequireAction } from './require-action.js';
export { StepUpExceptionFilter } from './step-up-exception.filter.js';
export { StepUpException } from './step-up-exception.js';
