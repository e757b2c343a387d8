import { problemOf } from './commands.js';

/** @import { WindowView } from './view.js' */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** The emulator holds a question for 25 s; who answers later than this has gone without a word. */
const GIVEN_UP_MS = 40_000;
/** What changes in quick succession is shown together. */
const BREATH_MS = 60;

/**
 * @typedef {object} Listeners
 * @property {(view: WindowView) => void} changed
 * @property {(problem: string) => void} lost called once for each loss
 */

/**
 * Asks for what changed, for ever. When nobody answers it asks again, less and less often.
 *
 * @param {Listeners} listeners
 * @returns {() => void} asks again at once, if it is waiting to
 */
export function follow({ changed, lost }) {
  let revision = '';
  let waitMs = FIRST_WAIT_MS;
  let isLost = false;
  /** @type {(() => void) | undefined} */
  let hurry;
  const step = async () => {
    try {
      const view = await ask(revision);
      revision = view.revision;
      waitMs = FIRST_WAIT_MS;
      isLost = false;
      changed(view);
      setTimeout(step, BREATH_MS);
    } catch (error) {
      revision = '';
      if (!isLost) lost(error instanceof Refused ? error.message : '');
      isLost = true;
      const timer = setTimeout(step, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      hurry = () => {
        clearTimeout(timer);
        hurry = undefined;
        step();
      };
    }
  };
  step();
  return () => hurry?.();
}

class Refused extends Error {}

/**
 * @param {string} revision
 * @returns {Promise<WindowView>}
 */
async function ask(revision) {
  const query = revision === '' ? '' : `?after=${encodeURIComponent(revision)}`;
  const answer = await fetch(`/window/state${query}`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(GIVEN_UP_MS),
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return answer.json();
}
