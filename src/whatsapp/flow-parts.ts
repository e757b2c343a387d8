import type { ResolvedOptions } from '../core/resolve-options.js';
import { type GateInternals, internalsOf, type StepUpGate } from '../core/step-up-gate.js';
import { CodeAttempts } from './code-attempts.js';
import { counterFactory } from './counters.js';
import type { WhatsAppOptions } from './options.js';
import type { PhoneRules } from './phone-number.js';
import { resolveWhatsAppOptions } from './resolve-options.js';
import { HandleSeal } from './sealed-handle.js';
import { SendLimits } from './send-limits.js';

/** What all flows of one application share, put together once at start. */
export interface FlowParts {
  readonly gate: StepUpGate<unknown>;
  readonly options: ResolvedOptions;
  readonly log: GateInternals['log'];
  readonly given: WhatsAppOptions<unknown>;
  readonly phones: PhoneRules;
  readonly seal: HandleSeal;
  readonly sends: SendLimits;
  readonly attempts: CodeAttempts;
}

/** @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix. */
export function flowParts(gate: StepUpGate<unknown>, given: WhatsAppOptions<unknown>): FlowParts {
  const { phones, limits } = resolveWhatsAppOptions(given);
  const { options, log } = internalsOf(gate);
  const counters = counterFactory(given.limitStore, options.keyring.audience);
  return {
    gate,
    options,
    log,
    given,
    phones,
    seal: new HandleSeal(options.keyring, options.clock),
    sends: new SendLimits(limits, counters),
    attempts: new CodeAttempts(limits, counters),
  };
}
