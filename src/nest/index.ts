export type { ActionWarning, WarningCode, WarningLevel } from '../inventory/action-warning.js';
export type * from '../inventory/listed-action.js';
export type * from '../webhook/authsignal-event.js';
export type { WebhookOptions } from '../webhook/options.js';
export type * from '../whatsapp/options.js';
export type { FlowName } from '../whatsapp/whatsapp-flows.js';
export { ActionGuard } from './action-guard.js';
export { actionRequestOf } from './action-request.js';
export { Approved } from './approved.js';
export { AuthsignalModule } from './authsignal.module.js';
export { AUTHSIGNAL_OPTIONS } from './authsignal.module-definition.js';
export {
  AuthsignalHealthIndicator,
  type AuthsignalHealthResult,
} from './authsignal-health.indicator.js';
export { listActions } from './inventory/list-actions.js';
export { RequireAction } from './require-action.js';
export { StepUpExceptionFilter } from './step-up-exception.filter.js';
export { StepUpException } from './step-up-exception.js';
export { AuthsignalWebhook } from './webhook/authsignal-webhook.js';
export { WebhookGuard } from './webhook/webhook.guard.js';
export { WebhookEvent } from './webhook/webhook-event.js';
export type { FlowAudience } from './whatsapp/flow-controllers.js';
export {
  WhatsAppModule,
  type WhatsAppModuleAsyncOptions,
  type WhatsAppPlacement,
} from './whatsapp/whatsapp.module.js';
