export type * from '../whatsapp/options.js';
export { actionRequestOf } from './action-request.js';
export { approvalOf } from './approvals.js';
export { requireAction } from './require-action.js';
export { whatsAppRouter } from './whatsapp-router.js';
export { stepUpErrorHandler } from './write-refusal.js';
