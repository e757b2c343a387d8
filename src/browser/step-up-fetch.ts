import { abortReason } from './abort.js';
import type { StepUpChallenge } from './challenge.js';
import { type ChallengeRefusal, isHeaderName, readChallengeRefusal } from './challenge-refusal.js';
import { StepUpCancelledError, StepUpFetchError, StepUpLoopError } from './errors.js';
import { type Fetch, type RepeatableRequest, repeatableRequest } from './repeatable-request.js';
import { type WaitingLine, waitingLines } from './waiting-line.js';

export interface StepUpFetchOptions {
  /** Has the user answer: a ready challenge of this subpath or a function of your own. */
  readonly challenge: StepUpChallenge;
  /** What sends. Default: the page's `fetch`, looked up at each call. */
  readonly fetch?: Fetch;
  /** Default: the header that the server names. */
  readonly header?: string;
}

/** What the turn in line brought. */
type Turn =
  | { readonly answer: Response }
  | { readonly refusal: ChallengeRefusal; readonly proof?: string };

/**
 * A `fetch` that answers challenges. When the server refuses with `step_up_required`, it asks
 * `challenge` for a proof and sends the same request again with it. Every other answer is handed on untouched.
 *
 * Make one for the page. Refusals of one action prompt one after another; a request that had to
 * wait is sent again first, for a challenge of its own, because a proof is good for one request.
 *
 * Rejects, beside what `fetch` rejects with: {@link StepUpCancelledError}; {@link StepUpLoopError} when a
 * proof did not count, after one more round for `proof_expired` and `binding_mismatch`;
 * {@link StepUpFetchError} `ERR_STEP_UP_BODY` for a stream as body, before anything is sent; the reason of
 * the signal; what `challenge` throws.
 *
 * @throws StepUpFetchError `ERR_STEP_UP_OPTION`
 */
export function createStepUpFetch(options: StepUpFetchOptions): Fetch {
  const { challenge, header } = options;
  if (typeof challenge !== 'function' || (header !== undefined && !isHeaderName(header))) {
    throw new StepUpFetchError(
      'ERR_STEP_UP_OPTION',
      'createStepUpFetch takes { challenge: a function, header?: the name of a header }.',
    );
  }
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const lineOf = waitingLines();

  return async (input, init) => {
    const request = repeatableRequest(fetch, input, init);
    let answer = await request.send();
    let refusal = await refusalOf(request, answer);
    let rounds = 0;
    while (refusal !== undefined) {
      const turn = await takeTurn(lineOf(refusal.action), request, refusal, challenge);
      if ('answer' in turn) {
        return turn.answer;
      }
      refusal = turn.refusal;
      if (turn.proof !== undefined) {
        rounds += 1;
        const proof = { header: header ?? refusal.header, value: turn.proof };
        answer = await request.send(proof);
        refusal = await refusalOf(request, answer);
        throwIfLooping(refusal, rounds);
      }
    }
    return answer;
  };
}

function throwIfLooping(refusal: ChallengeRefusal | undefined, rounds: number): void {
  if (refusal === undefined) {
    return;
  }
  const { action, reason } = refusal;
  if (rounds > 1 || (reason !== 'proof_expired' && reason !== 'binding_mismatch')) {
    throw new StepUpLoopError(action, reason);
  }
}

async function refusalOf(
  { signal }: RepeatableRequest,
  answer: Response,
): Promise<ChallengeRefusal | undefined> {
  const refusal = await readChallengeRefusal(answer);
  if (refusal !== undefined && signal.aborted) {
    throw abortReason(signal);
  }
  return refusal;
}

/** Without a proof the request now belongs in the line of another action. */
function takeTurn(
  line: WaitingLine,
  request: RepeatableRequest,
  refused: ChallengeRefusal,
  challenge: StepUpChallenge,
): Promise<Turn> {
  const { signal } = request;
  return line(signal, async (waited): Promise<Turn> => {
    let refusal = refused;
    if (waited) {
      const answer = await request.send();
      const fresh = await refusalOf(request, answer);
      if (fresh === undefined) {
        return { answer };
      }
      if (fresh.action !== refused.action) {
        return { refusal: fresh };
      }
      refusal = fresh;
    }
    const { action, challenge: offer, reason } = refusal;
    const why = reason === undefined ? {} : { reason };
    const proof = await challenge({ action, challenge: offer, signal, ...why });
    if (typeof proof !== 'string' || proof === '') {
      throw new StepUpCancelledError();
    }
    return { refusal, proof };
  });
}
