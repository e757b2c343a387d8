import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import { POLICY, requestOf } from './requests.mjs';
import { timeOfAsync } from './timing.mjs';

/** The fake remembers each call, so it is made anew after so many. */
const BATCH = 500;

/**
 * Whole evaluations without a network, one after the other.
 *
 * @returns {Promise<import('./pure.mjs').Step[]>}
 */
export async function timeGate() {
  const first = await timeOfAsync(
    onFreshGates((gate) => gate.evaluate(requestOf('u'), POLICY)),
    BATCH,
  );
  const refusal = await timeOfAsync(
    onFreshGates((gate) => gate.evaluate(requestOf('u'), POLICY), 'CHALLENGE_REQUIRED'),
    BATCH,
  );
  const retry = await timeRetries();
  const open = await timeOpenCircuit();
  return [
    { name: 'Evaluate a first request (FakeAuthsignal)', us: first },
    { name: 'Evaluate to a refusal (FakeAuthsignal)', us: refusal },
    { name: 'Evaluate a retry (FakeAuthsignal)', us: retry },
    { name: 'Evaluate while the circuit is open', us: open },
  ];
}

/**
 * @param {'ALLOW' | 'CHALLENGE_REQUIRED'} outcome
 * @param {Partial<import('authsignal-guard').StepUpGateOptions>} [more]
 */
function freshGate(outcome, more) {
  const fake = new FakeAuthsignal();
  fake.outcome('createPayment', outcome);
  /** @type {import('authsignal-guard').StepUpGate<any>} */
  const gate = createStepUpGate({
    authsignal: fake,
    secret: 'bench-secret-0123456789abcdef',
    subject: ({ raw }) => raw.user?.id,
    replayStore: new MemoryReplayStore(),
    ...more,
  });
  gate.prepare(POLICY);
  return { fake, gate };
}

/**
 * @param {(gate: import('authsignal-guard').StepUpGate<any>) => Promise<unknown>} evaluate
 * @param {'ALLOW' | 'CHALLENGE_REQUIRED'} [outcome]
 */
function onFreshGates(evaluate, outcome = 'ALLOW') {
  let { gate } = freshGate(outcome);
  return (/** @type {number} */ index) => {
    if (index % BATCH === 0) {
      gate = freshGate(outcome).gate;
    }
    return evaluate(gate);
  };
}

/** Only the retries are timed, not how their proofs came about. */
async function timeRetries() {
  const { fake, gate } = freshGate('CHALLENGE_REQUIRED');
  /** @type {string[]} */
  const proofs = [];
  for (let count = 0; count < BATCH * 20; count += 1) {
    const verdict = await gate.evaluate(requestOf('u'), POLICY);
    if (verdict.kind !== 'challenge') {
      throw new Error(`A first request ended as ${verdict.kind}.`);
    }
    proofs.push(fake.complete(verdict.challenge.token));
  }
  return timeOfAsync(async (index) => {
    const verdict = await gate.evaluate(requestOf('u', proofs[index]), POLICY);
    if (verdict.kind !== 'approved') {
      throw new Error(`A retry ended as ${verdict.kind}.`);
    }
  }, BATCH);
}

/** What a guarded route costs while Authsignal is known to be out of reach: nothing is asked or waited for. */
async function timeOpenCircuit() {
  const { fake, gate } = freshGate('ALLOW', { circuitBreaker: { openForMs: 600_000 } });
  fake.fail('track', 'timed_out');
  while (gate.health().status === 'up') {
    await gate.evaluate(requestOf('u'), POLICY);
  }
  return timeOfAsync(async () => {
    const verdict = await gate.evaluate(requestOf('u'), POLICY);
    if (verdict.kind !== 'unavailable') {
      throw new Error(`A request ended as ${verdict.kind} while the circuit was open.`);
    }
  }, BATCH);
}
