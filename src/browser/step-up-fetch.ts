import { abortReason } from './abort.js';
import type { StepUpChallenge } from './challenge.js';
import { type ChallengeRefusal, isHeaderName, readChallengeRefusal } from './challenge-refusal.js';
import { StepUpCancelledError, StepUpFetchError, StepUpLoopError } from './errors.js';
import {
  type Fetch,
  type RepeatableRequest,
  repeatableRequest,
  whole,
} from './repeatable-request.js';
import { waitingLines } from './waiting-line.js';

export interface StepUpFetchOptions {
  /** Has the user answer: a ready challenge of this subpath or a function of your own. */
  readonly challenge: StepUpChallenge;
  /** What sends. Default: the page's `fetch`, looked up at each call, with a relative address resolved at the call. */
  readonly fetch?: Fetch;
  /** Default: the header that the server names. */
  readonly header?: string;
}

/** What the requests of one page share. */
interface Desk {
  readonly challenge: StepUpChallenge;
  readonly lineOf: ReturnType<typeof waitingLines>;
  /** How the user gave up last, by action. */
  readonly cancels: Map<string, unknown>;
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
 * wait is sent again first, for a challenge of its own, because a proof is good for one request. Who gives up
 * gives up all that wait for that prompt.
 *
 * Rejects, beside what `fetch` rejects with: {@link StepUpCancelledError}; {@link StepUpLoopError} when a
 * proof did not count, after one more round for `proof_expired` and `binding_mismatch`;
 * {@link StepUpFetchError} `ERR_STEP_UP_BODY` for a stream as body, before anything is sent, and `ERR_STEP_UP_OPTION` where the page's
 * `fetch` is this one; the reason of
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
  const fetchOfPage: Fetch = (input, init) => {
    if (globalThis.fetch === stepUpFetch) {
      throw new StepUpFetchError(
        'ERR_STEP_UP_OPTION',
        'createStepUpFetch must be given the fetch that it replaces: { fetch: window.fetch.bind(window) }.',
      );
    }
    return globalThis.fetch(input, init);
  };
  const fetch = options.fetch ?? fetchOfPage;
  const desk: Desk = { challenge, lineOf: waitingLines(), cancels: new Map() };

  const stepUpFetch: Fetch = async (input, init) => {
    const target = options.fetch === undefined ? whole(input) : input;
    const request = repeatableRequest(fetch, target, init);
    let answer = await request.send();
    let refusal = await refusalOf(request, answer);
    let rounds = 0;
    while (refusal !== undefined) {
      const turn = await takeTurn(desk, request, refusal);
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
  return stepUpFetch;
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
  desk: Desk,
  request: RepeatableRequest,
  refused: ChallengeRefusal,
): Promise<Turn> {
  const { signal } = request;
  const { action } = refused;
  const before = desk.cancels.get(action);
  return desk.lineOf(action)(signal, async (waited): Promise<Turn> => {
    if (desk.cancels.get(action) !== before) {
      throw new StepUpCancelledError();
    }
    let refusal = refused;
    if (waited) {
      const answer = await request.send();
      const fresh = await refusalOf(request, answer);
      if (fresh === undefined) {
        return { answer };
      }
      if (fresh.action !== action) {
        return { refusal: fresh };
      }
      refusal = fresh;
    }
    return { refusal, proof: await prove(desk, refusal, signal) };
  });
}

async function prove(
  { challenge, cancels }: Desk,
  { action, challenge: offer, reason }: ChallengeRefusal,
  signal: AbortSignal,
): Promise<string> {
  const why = reason === undefined ? {} : { reason };
  try {
    const proof = await challenge({ action, challenge: offer, signal, ...why });
    if (typeof proof === 'string' && proof !== '') {
      return proof;
    }
    throw new StepUpCancelledError();
  } catch (error) {
    // A prompt that closes because its request was aborted says nothing about the others.
    if (error instanceof StepUpCancelledError && !signal.aborted) {
      cancels.set(action, error);
    }
    throw error;
  }
}
