import { Stuck } from './endings.mjs';
import { typed } from './messages.mjs';
import { seen } from './seen.mjs';

/** @typedef {import('./run.mjs').Run} Run */

// One challenge without a user, from its message to its verification. The order of the questions is
// the order of its life, so that two messages do for all of them.

/** @param {Run} run */
export function first(run) {
  return run.once('first message', () => run.messages.sendServerChallenge({}, 'a first message'));
}

/** @param {Run} run */
export function resent(run) {
  return run.once('second message', async () => {
    const { challengeId } = await first(run);
    return run.messages.sendServerChallenge({ challengeId }, 'a second one for the same challenge');
  });
}

/**
 * The first code, handed in after the second message; undefined if it is the second one as well.
 * @param {Run} run
 */
export function earlierCodeTried(run) {
  return run.once('earlier code', async () => {
    const [earlier, later] = [await first(run), await resent(run)];
    const code = typed(earlier.code);
    if (code === typed(later.code)) return undefined;
    return run.messages.verify(earlier.challengeId, code);
  });
}

/**
 * The challenge, verified, with the code that did it.
 * @param {Run} run
 */
export function verified(run) {
  return run.once('verified', async () => {
    const earlier = await first(run);
    const tried = await earlierCodeTried(run);
    if (tried?.body.isVerified === true) {
      return { challengeId: earlier.challengeId, code: typed(earlier.code) };
    }
    const { challengeId, ...later } = await resent(run);
    const code = typed(later.code);
    const answer = await run.messages.verify(challengeId, code);
    if (answer.body.isVerified !== true) {
      throw new Stuck(`the code did not verify: ${seen(answer)}`);
    }
    return { challengeId, code };
  });
}
