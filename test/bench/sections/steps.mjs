import { Child } from '../processes/child.mjs';
import { MEASURED, OTHERS } from '../processes/placement.mjs';
import { startRedis } from '../processes/redis.mjs';

/**
 * @typedef {object} Steps
 * @property {import('../steps/pure.mjs').Step[]} steps
 * @property {import('../steps/calls.mjs').Calls[]} calls
 * @property {{ aloneUs: number, perSecond: number, cpuUs: number }} redis
 * @property {import('../steps/memory.mjs').Memory} memory
 */

/**
 * The parts of the gate in one process of its own, each part in a fresh one, so that what one leaves
 * behind does not slow the next.
 *
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<Steps>}
 */
export async function measureSteps({ rounds, quick }, tell) {
  const stub = await Child.start('stub/main.mjs', {}, { core: OTHERS });
  const redis = await startRedis(OTHERS);
  try {
    const apiUrl = await stub.ask('apiUrl');
    const told = { apiUrl, redisUrl: redis.url, rounds, count: quick ? 500 : 5_000 };
    /** @param {string} part */
    const measured = async (part) => {
      tell(`steps: ${part}`);
      const child = await Child.start('steps/main.mjs', told, {
        core: MEASURED,
        flags: ['--expose-gc'],
      });
      const answer = await child.ask(part);
      await child.stop();
      return answer;
    };
    return {
      steps: [...(await measured('pure')), ...(await measured('gate'))],
      calls: await measured('calls'),
      redis: await measured('redis'),
      memory: await measured('memory'),
    };
  } finally {
    await redis.stop();
    await stub.stop();
  }
}
