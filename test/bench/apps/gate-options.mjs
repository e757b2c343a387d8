import { MemoryReplayStore } from 'authsignal-guard';
import { SECRET } from './account.mjs';

/** @typedef {import('./main.mjs').AppSettings} AppSettings */
/** @typedef {import('./account.mjs').Payment} Payment */

/**
 * Ours as its documentation has it: every default, circuit breaker included.
 *
 * @param {AppSettings} app
 * @returns {Promise<import('authsignal-guard').StepUpGateOptions>}
 */
export async function gateOptions({ apiUrl, redisUrl }) {
  return {
    apiSecretKey: SECRET,
    apiUrl,
    subject: ({ raw }) => raw.user?.id,
    replayStore:
      redisUrl === undefined
        ? new MemoryReplayStore({ maxKeys: 5_000_000 })
        : await redisStore(redisUrl),
  };
}

/** @param {string} url */
async function redisStore(url) {
  const { RedisReplayStore } = await import('authsignal-guard/redis');
  const { Redis } = await import('ioredis');
  return new RedisReplayStore(new Redis(url));
}

/**
 * @param {AppSettings} app
 * @returns {import('authsignal-guard').ActionPolicy}
 */
export function policyOf({ bindsAll = false }) {
  return bindsAll ? {} : { bind: ({ body }) => fieldsOf(/** @type {Payment} */ (body)) };
}

/** @param {Payment} payment */
const fieldsOf = ({ amount, currency, payee }) => ({ amount, currency, payee });
