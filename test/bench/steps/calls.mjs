import { Authsignal } from '@authsignal/node';
import { createStepUpGate, HttpAuthsignal, MemoryReplayStore } from 'authsignal-guard';
import { ACTION, SECRET } from '../apps/account.mjs';
import { poster } from '../apps/limit.mjs';
import { median, ratio } from '../statistics.mjs';
import { POLICY, requestOf } from './requests.mjs';
import { keepBusy } from './timing.mjs';

/**
 * One way to ask Authsignal, over HTTP.
 * @typedef {object} Calls
 * @property {string} name
 * @property {number} perSecond
 * @property {number} cpuUs per call
 * @property {number} timesSdk calls per second, compared with the SDK's of the same round
 * @property {number} overBareUs processor time over a bare undici call of the same round
 */

const CONCURRENCY = 50;

/**
 * Interleaved rounds of every way to ask.
 *
 * @param {{ apiUrl: string, rounds: number, count: number }} effort
 * @returns {Promise<Calls[]>}
 */
export async function timeCalls({ apiUrl, rounds, count }) {
  const ways = Object.entries(waysOf(apiUrl));
  const series = ways.map(() => /** @type {{ perSecond: number, cpuUs: number }[]} */ ([]));
  // Round 0 warms up, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, [, call]] of ways.entries()) {
      const measured = await keepBusy(call, { count, concurrency: CONCURRENCY });
      if (round > 0) {
        series[index]?.push(measured);
      }
    }
  }
  const rates = series.map((list) => list.map(({ perSecond }) => perSecond));
  const costs = series.map((list) => list.map(({ cpuUs }) => cpuUs));
  const [bare = []] = costs;
  const [, sdk = []] = rates;
  return ways.map(([name], index) => ({
    name,
    perSecond: median(rates[index] ?? []),
    cpuUs: median(costs[index] ?? []),
    timesSdk: ratio(rates[index] ?? [], sdk).median,
    overBareUs: median((costs[index] ?? []).map((cost, round) => cost - (bare[round] ?? 0))),
  }));
}

/**
 * The first is what others are compared with in processor time, the second in calls per second.
 *
 * @param {string} apiUrl
 * @returns {Record<string, () => Promise<unknown>>}
 */
function waysOf(apiUrl) {
  const post = poster(apiUrl);
  const sdk = new Authsignal({ apiSecretKey: SECRET, apiUrl });
  const client = new HttpAuthsignal({ apiSecretKey: SECRET, apiUrl });
  /** @type {import('authsignal-guard').StepUpGate<any>} */
  const gate = createStepUpGate({
    apiSecretKey: SECRET,
    apiUrl,
    subject: ({ raw }) => raw.user?.id,
    replayStore: new MemoryReplayStore({ maxKeys: 5_000_000 }),
  });
  const attributes = { ipAddress: '127.0.0.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) bench' };
  let issued = 0;
  const key = () => {
    issued += 1;
    return `key-${issued}`.padEnd(58, 'x');
  };
  /** @type {string[]} */
  const proofs = [];
  /** @param {string} user @param {string} kind @param {string} [proof] */
  const evaluate = async (user, kind, proof) => {
    const verdict = await gate.evaluate(requestOf(user, proof), POLICY);
    if (verdict.kind !== kind) {
      throw new Error(`A request ended as ${verdict.kind} instead of ${kind}.`);
    }
    return verdict;
  };
  return {
    'bare undici, track': () =>
      post(`/users/allow-1/actions/${ACTION}`, { idempotencyKey: key(), ...attributes }),
    '@authsignal/node, track': () =>
      sdk.track({
        userId: 'allow-1',
        action: ACTION,
        attributes: { idempotencyKey: key(), ...attributes },
      }),
    'HttpAuthsignal, track': () =>
      client.track({ userId: 'allow-1', action: ACTION, idempotencyKey: key(), attributes }),
    'gate.evaluate, first request': () => evaluate('allow-1', 'approved'),
    'gate.evaluate, refusal': async () => {
      const verdict = await evaluate('challenge-1', 'challenge');
      proofs.push(verdict.kind === 'challenge' ? verdict.challenge.token : '');
    },
    'gate.evaluate, retry': () => evaluate('challenge-1', 'approved', proofs.pop()),
    '@authsignal/node, validateChallenge': () =>
      sdk.validateChallenge({ token: 'head.key.tail', userId: 'challenge-1', action: ACTION }),
  };
}
