import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import { bodyOf } from '../growth/body.mjs';
import { requestOf } from './requests.mjs';
import { timeOf, timeOfAsync } from './timing.mjs';

/**
 * @typedef {object} BodyCost
 * @property {number} bytes
 * @property {number} evaluateUs of a first request whose whole body is bound, without a network
 * @property {number} parseUs `JSON.parse` of the same body, which every application pays
 */

/**
 * @param {readonly number[]} sizes in bytes
 * @returns {Promise<BodyCost[]>}
 */
export async function timeBodies(sizes) {
  const costs = [];
  for (const bytes of sizes) {
    const text = bodyOf(bytes);
    const body = JSON.parse(text);
    const fake = new FakeAuthsignal();
    /** @type {import('authsignal-guard').StepUpGate<any>} */
    const gate = createStepUpGate({
      authsignal: fake,
      secret: 'bench-secret-0123456789abcdef',
      subject: ({ raw }) => raw.user?.id,
      replayStore: new MemoryReplayStore(),
    });
    const policy = { action: 'createPayment' };
    costs.push({
      bytes,
      evaluateUs: await timeOfAsync(() => {
        fake.calls.length = 0;
        return gate.evaluate(requestOf('u', undefined, body), policy);
      }),
      parseUs: timeOf(() => JSON.parse(text)),
    });
  }
  return costs;
}
