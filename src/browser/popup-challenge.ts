import type { StepUpChallenge } from './challenge.js';
import { StepUpChallengeError } from './errors.js';
import { promptsOfThePage } from './waiting-line.js';

interface PopupLook {
  width?: string;
  height?: string;
  isClosable?: boolean;
}

/** The part of an `Authsignal` of `@authsignal/browser` that is called. */
export interface PopupSdk {
  launch(
    url: string,
    options: {
      mode: 'popup';
      popupOptions?: PopupLook;
      onError?: (error: { errorCode?: string; statusCode?: number }) => void;
    },
  ): Promise<{ token?: string | undefined }>;
}

/** What the user may still mend, such as a mistyped number: closing the popup then is giving up. */
const MENDABLE = /^4(?!01)/;

/**
 * A challenge in Authsignal's pre-built UI, over the page. Closing it is giving up. One at a time on the page.
 * The Web SDK cannot be told to close it: after an abort it stays until the user closes it.
 *
 * Rejects with {@link StepUpChallengeError} if the pre-built UI brought no token and had reported an error that ends the
 * challenge: that it has expired, or that Authsignal failed.
 */
export function challengeInPopup(authsignal: PopupSdk, look?: PopupLook): StepUpChallenge {
  return ({ challenge, signal }) =>
    promptsOfThePage(signal, async () => {
      let failure: string | undefined;
      const { token } = await authsignal.launch(challenge.url, {
        mode: 'popup',
        ...(look === undefined ? {} : { popupOptions: look }),
        onError: ({ errorCode = 'unexpected_answer', statusCode }) => {
          if (errorCode === 'expired_token' || !MENDABLE.test(String(statusCode))) {
            failure = errorCode;
          }
        },
      });
      if (token === undefined && failure !== undefined) {
        throw new StepUpChallengeError(failure);
      }
      return token;
    });
}
