import type { RefusalCode, StepUpProblem } from './wire.js';

/** Mistakes in the application's code or options, told at start wherever they can be seen then. */
export const CONFIGURATION_CODES = [
  'ERR_STEP_UP_OPTION',
  'ERR_STEP_UP_POLICY',
  'ERR_STEP_UP_ACTION',
  'ERR_STEP_UP_NO_APPROVAL',
  'ERR_STEP_UP_NO_WEBHOOK',
  'ERR_STEP_UP_REPLAY_STORE_FULL',
] as const;

export type ConfigurationCode = (typeof CONFIGURATION_CODES)[number];

export type StepUpErrorCode = RefusalCode | ConfigurationCode;

const BRAND = Symbol.for('authsignal-guard.error');

interface Rendering {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StepUpProblem;
}

/**
 * The one error class of the package. With a refusal's `code` it carries what the client is
 * answered: `status`, `headers` and, through `toJSON()`, the problem body. With a configuration
 * code its message names the option and the fix.
 *
 * Test with {@link isStepUpError}: it holds across copies of the package.
 */
export class StepUpError extends Error {
  readonly code: StepUpErrorCode;
  readonly status: number;
  /** The same as `status`; Express and others read this name. */
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem?: StepUpProblem;

  constructor(code: StepUpErrorCode, message: string, rendering?: Rendering) {
    super(message);
    this.name = 'StepUpError';
    this.code = code;
    this.status = rendering?.status ?? 500;
    this.statusCode = this.status;
    this.headers = rendering?.headers ?? {};
    if (rendering !== undefined) {
      this.problem = rendering.body;
    }
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** For a refusal the problem body, as the client gets it. */
  toJSON(): StepUpProblem | { code: StepUpErrorCode; message: string } {
    return this.problem ?? { code: this.code, message: this.message };
  }
}

/** Whether `error` is a {@link StepUpError}, of this copy of the package or another. */
export function isStepUpError(error: unknown): error is StepUpError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
