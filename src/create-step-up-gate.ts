import { HttpAuthsignal } from './authsignal/http-authsignal.js';
import { ResilientAuthsignal } from './authsignal/resilient-authsignal.js';
import type { AuthsignalPort } from './core/authsignal-port.js';
import type { Clock } from './core/clock.js';
import type { SignedInRequest, StepUpGateOptions } from './core/options.js';
import { resolveOptions } from './core/resolve-options.js';
import type { Resilience } from './core/resolve-port.js';
import { StepUpGate } from './core/step-up-gate.js';
import type { LogSink } from './core/warning-log.js';
import { MemoryReplayStore } from './replay/memory-replay-store.js';
import { dtoReader } from './validation/dto-reader.js';

/**
 * Makes the gate of an application: resolves and freezes the options and opens no connection yet.
 *
 * @throws StepUpError `ERR_STEP_UP_OPTION`; its message names the option and the fix.
 */
export function createStepUpGate<Raw = SignedInRequest>(
  options: StepUpGateOptions<Raw>,
): StepUpGate<Raw> {
  return assembleGate(options, (line) => console.error(`[authsignal-guard] ${line}`));
}

/** The same with another place for the few lines that somebody must read. */
export function assembleGate<Raw>(options: StepUpGateOptions<Raw>, log: LogSink): StepUpGate<Raw> {
  const parts = {
    connect: (settings: ConstructorParameters<typeof HttpAuthsignal>[0]) =>
      new HttpAuthsignal(settings),
    resilient: (port: AuthsignalPort, { deadlines, ...resilience }: Resilience) =>
      new ResilientAuthsignal(port, {
        ...resilience,
        // It keeps deadlines of its own, which whoever made it has chosen.
        deadlines: port instanceof HttpAuthsignal ? undefined : deadlines,
      }),
    memoryStore: (clock: Clock) => {
      log(MEMORY_STORE_LINE, 'warn');
      return new MemoryReplayStore({ clock });
    },
    readerFor: dtoReader,
    log,
  };
  return new StepUpGate<Raw>(resolveOptions(options, parts), parts);
}

const MEMORY_STORE_LINE =
  'Used proofs are remembered in the memory of this one process. With more than one process pass ' +
  'a shared `replayStore`; with one, `replayStore: new MemoryReplayStore()` says that you know.';
