import { BackButton } from './back-button.js';

/** @typedef {import('authsignal-guard/browser').StepUpChallenge} StepUpChallenge */

/** The Web SDK has no call that closes its popup, so it is closed as users do: by a click beside it. */
const BESIDE_POPUP = '[aria-modal="true"] [data-a11y-dialog-hide]';

/**
 * Lets the back button close Authsignal's popup and stay in the section, as it does with the page's own dialog.
 *
 * @param {StepUpChallenge} inPopup
 * @returns {StepUpChallenge}
 */
export function closedByBackButton(inPopup) {
  const back = new BackButton();
  return async (prompt) => {
    back.hold(() => {
      const beside = document.querySelector(BESIDE_POPUP);
      if (beside instanceof HTMLElement) {
        beside.click();
      }
    });
    try {
      return await inPopup(prompt);
    } finally {
      await back.release();
    }
  };
}
