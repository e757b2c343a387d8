import type { ActionRequest } from './action-request.js';
import type { Approval } from './approval.js';
import { conclude, letThrough, refusalError } from './conclude.js';
import { StepUpError } from './errors.js';
import { Evaluation } from './evaluation.js';
import { type GateHealth, gateHealth } from './gate-health.js';
import { observeEvaluation } from './observe-evaluation.js';
import type { SignedInRequest } from './options.js';
import type { ActionPolicy } from './policy.js';
import { prepareRequest } from './prepare-request.js';
import { readProof, sentProof } from './proof-header.js';
import { readBody } from './read-body.js';
import type { GateParts, ResolvedOptions } from './resolve-options.js';
import { type ResolvedPolicy, resolvePolicy } from './resolve-policy.js';
import { trackAction } from './track-action.js';
import { type ProofOutcome, validateProof } from './validate-proof.js';
import type { Verdict } from './verdict.js';
import { type LogLevel, WarningLog } from './warning-log.js';

/** What the flows beside the gate share with it. Not for applications: it holds key material. */
export interface GateInternals {
  readonly options: ResolvedOptions;
  readonly log: (line: string, level?: LogLevel) => void;
}

/** The way in for the package's own modules; no property of the gate leads there. */
export let internalsOf: <Raw>(gate: StepUpGate<Raw>) => GateInternals;

/**
 * Decides whether a request may run. Made by `createStepUpGate`; one for an application.
 *
 * @typeParam Raw the framework's request that the callbacks see.
 */
export class StepUpGate<Raw = SignedInRequest> {
  readonly #options: ResolvedOptions;
  readonly #parts: GateParts;
  readonly #policies = new WeakMap<object, ResolvedPolicy>();
  readonly #warnings: WarningLog;

  static {
    internalsOf = (gate) => ({
      options: gate.#options,
      log: (line, level) => gate.#warnings.warn(line, level),
    });
  }

  constructor(options: ResolvedOptions, parts: GateParts) {
    this.#options = options;
    this.#parts = parts;
    this.#warnings = new WarningLog(parts.log, options.clock);
  }

  /**
   * Checks a policy now rather than at its first request, and remembers the result for this very
   * object.
   *
   * @returns the policy with every default in place.
   * @throws StepUpError `ERR_STEP_UP_POLICY` or `ERR_STEP_UP_ACTION`, with the field and the fix.
   */
  prepare<Body>(policy: ActionPolicy<Body, Raw>): ResolvedPolicy {
    return this.#resolve(policy);
  }

  /**
   * One evaluation of one request. It asks Authsignal at most what one `track` or one
   * `validateChallenge` and a `track` cost (and one `updateAction` under `requireChallenge`), sends
   * no message, and uses a proof up before it approves. Never rejects for what a request, Authsignal
   * or the replay store did.
   */
  async evaluate<Body>(
    request: ActionRequest<unknown, Raw>,
    policy: ActionPolicy<Body, Raw>,
  ): Promise<Verdict> {
    const resolved = this.#resolve(policy);
    const evaluation = new Evaluation(request, resolved, this.#options, (line, level) =>
      this.#warnings.warn(line, level),
    );
    const { telemetry } = this.#options;
    return telemetry === undefined
      ? conclude(evaluation, await this.#run(evaluation))
      : observeEvaluation(telemetry, evaluation, async () =>
          conclude(evaluation, await this.#run(evaluation)),
        );
  }

  /**
   * The imperative form, for places where the subject or the amount is known only inside the
   * handler.
   *
   * @returns the approval.
   * @throws StepUpError with the refusal; the Nest filter and `stepUpErrorHandler` of Express
   *   answer it.
   */
  async require<Body>(
    request: ActionRequest<unknown, Raw>,
    policy: ActionPolicy<Body, Raw>,
  ): Promise<Approval<Body>> {
    const verdict = await this.evaluate(request, policy);
    if (verdict.kind !== 'approved') {
      throw refusalError(verdict);
    }
    // What the policy's `body` returned for this very evaluation.
    return verdict.approval as Approval<Body>;
  }

  /** What is known to fail right now. Asks nobody and costs nothing, so it may be called as often as one likes. */
  health(): GateHealth {
    const { port, storeHealth, clock } = this.#options;
    return gateHealth(port, storeHealth.state(clock.now()));
  }

  /** Ends the gate's connections to Authsignal. Calls under way may finish. */
  async close(): Promise<void> {
    await this.#options.port.close?.();
  }

  async #run(evaluation: Evaluation): Promise<Verdict> {
    const { skip } = evaluation.policy;
    if (skip !== undefined) {
      const skipped = await evaluation.call('skip', () => skip(evaluation.request));
      if (!skipped.ok) {
        return skipped.verdict;
      }
      if (skipped.value === true) {
        return letSkip(evaluation);
      }
    }
    const prepared = await prepareRequest(evaluation);
    if (!prepared.ok) {
      return prepared.verdict;
    }
    const proof = readProof(sentProof(evaluation.request, this.#options.header));
    if (proof.sent === 'none') {
      return trackAction(evaluation, prepared.value, undefined);
    }
    const outcome: ProofOutcome =
      proof.sent === 'malformed'
        ? { settled: false, reason: 'proof_invalid' }
        : await validateProof(evaluation, prepared.value, proof.token);
    if (outcome.settled) {
      return outcome.verdict;
    }
    evaluation.report({ type: 'proof_refused', reason: outcome.reason });
    return trackAction(evaluation, prepared.value, outcome.reason);
  }

  #resolve<Body>(policy: ActionPolicy<Body, Raw>): ResolvedPolicy {
    const known = this.#policies.get(policy);
    if (known !== undefined) {
      return known;
    }
    const { defaults, actions, lifetime } = this.#options;
    // From here on types are erased: whoever called has tied `Body` and `Raw` to the request.
    const layers = [defaults, policy as ActionPolicy];
    const resolved = resolvePolicy(layers, actions, this.#parts.readerFor);
    if (resolved.subject === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `Nobody says who acts in ${resolved.codes.join('|')}: give \`subject: ({ raw }) => ...\` ` +
          'to the gate or to the policy.',
      );
    }
    lifetime.admit(resolved.maxProofAgeMs);
    this.#policies.set(policy, resolved);
    return resolved;
  }
}

/** Whoever reads `approval.body` relies on what the policy's `body` has validated, here too. */
async function letSkip(evaluation: Evaluation): Promise<Verdict> {
  if (evaluation.policy.readBody !== undefined) {
    const body = await readBody(evaluation);
    if (!body.ok) {
      return body.verdict;
    }
    evaluation.body = body.value;
  }
  return letThrough(evaluation, 'skipped');
}
