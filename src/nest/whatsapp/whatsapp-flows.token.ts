import type { FlowHandler, FlowRouteName } from '../../whatsapp/whatsapp-flows.js';

export type WhatsAppFlowHandlers = ReadonlyMap<FlowRouteName, FlowHandler>;

export const WHATSAPP_FLOWS = Symbol.for('authsignal-guard.nest.whatsapp-flows');
