export type * from '../webhook/authsignal-event.js';
export type { WebhookOptions } from '../webhook/options.js';
export type * from '../whatsapp/options.js';
export { actionRequestOf } from './action-request.js';
export { approvalOf } from './approvals.js';
export { authsignalWebhook, webhookEventOf } from './authsignal-webhook.js';
export { requireAction } from './require-action.js';
export { whatsAppRouter } from './whatsapp-router.js';
export { stepUpErrorHandler } from './write-refusal.js';
