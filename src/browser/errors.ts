import type { ProofRefusal } from '../core/wire.js';

/** What a step-up in the browser can end with, beside what `fetch` itself rejects with. */
export type StepUpFetchErrorCode =
  | 'ERR_STEP_UP_BODY'
  | 'ERR_STEP_UP_CANCELLED'
  | 'ERR_STEP_UP_CHALLENGE'
  | 'ERR_STEP_UP_LOOP'
  | 'ERR_STEP_UP_OPTION';

/** The base of all errors of this subpath. Across copies of the package compare `code`. */
export class StepUpFetchError extends Error {
  // `declare` where a field is written: class fields are newer than what the Web SDK asks for.
  declare readonly code: StepUpFetchErrorCode;

  constructor(code: StepUpFetchErrorCode, message: string) {
    super(message);
    this.name = 'StepUpFetchError';
    this.code = code;
  }
}

/** The user gave up. The request was refused and did not run. Code `ERR_STEP_UP_CANCELLED`. */
export class StepUpCancelledError extends StepUpFetchError {
  constructor(message = 'The user cancelled the challenge.') {
    super('ERR_STEP_UP_CANCELLED', message);
    this.name = 'StepUpCancelledError';
  }
}

/**
 * The server asked for a challenge again though a proof was sent, and asking the user once more would
 * not help. The request did not run. Code `ERR_STEP_UP_LOOP`.
 */
export class StepUpLoopError extends StepUpFetchError {
  declare readonly action: string;
  /** Why the last proof did not count, where the server told. */
  declare readonly reason?: ProofRefusal;

  constructor(action: string, reason?: ProofRefusal) {
    super(
      'ERR_STEP_UP_LOOP',
      `"${action}" is still challenged after a proof: ${reason ?? 'no reason'}.`,
    );
    this.name = 'StepUpLoopError';
    this.action = action;
    if (reason !== undefined) {
      this.reason = reason;
    }
  }
}

/** The challenge itself failed: no message could be sent, or it expired. Code `ERR_STEP_UP_CHALLENGE`. */
export class StepUpChallengeError extends StepUpFetchError {
  /**
   * The Web SDK's own code, such as `too_many_requests` or `expired_token`; or `network_error`,
   * `method_not_allowed` or `unexpected_answer`.
   */
  declare readonly reason: string;

  constructor(reason: string, message = `The challenge failed: ${reason}.`) {
    super('ERR_STEP_UP_CHALLENGE', message);
    this.name = 'StepUpChallengeError';
    this.reason = reason;
  }
}
