import { orAbort } from './abort.js';
import type { StepUpChallenge } from './challenge.js';
import { StepUpCancelledError } from './errors.js';
import { promptsOfThePage } from './waiting-line.js';

/** The part of an `Authsignal` of `@authsignal/browser` that is called. */
export interface RedirectSdk {
  launch(url: string, options: { mode: 'redirect' }): unknown;
}

// What a page has and Node has not. Declared for this file alone, see repeatable-request.ts.
declare const location: { readonly href: string };
declare const history: {
  readonly state: unknown;
  replaceState(state: unknown, unused: string, url: string): void;
};
declare function addEventListener(
  type: 'pageshow',
  listener: (event: { readonly persisted: boolean }) => void,
): void;

/**
 * A challenge in Authsignal's pre-built UI in place of the page, which is lost with everything in it:
 * the request is not sent again by itself, and nothing of it is remembered. On return take the proof
 * with {@link proofFromReturn} and send the same request with it. The policy's `attributes` must give the `redirectUrl`.
 *
 * One at a time on the page. Never settles while the page goes. Rejects with {@link StepUpCancelledError} if the user comes back with the back button
 * to the page as the browser had kept it.
 */
export function challengeByRedirect(authsignal: RedirectSdk): StepUpChallenge {
  return ({ challenge, signal }) =>
    promptsOfThePage(signal, () =>
      orAbort(
        signal,
        new Promise((_resolve, reject) => {
          addEventListener('pageshow', ({ persisted }) => {
            if (persisted) {
              reject(new StepUpCancelledError());
            }
          });
          authsignal.launch(challenge.url, { mode: 'redirect' });
        }),
      ),
    );
}

/**
 * The proof that a redirect brought back, once: `token` is taken off the address bar, so that a reload, a bookmark or
 * the referrer does not carry it. Call it before anything else reads the address.
 *
 * @param url default: where the page is. Of the page's own origin.
 * @returns `undefined` if the page was not returned to.
 */
export function proofFromReturn(url: string = location.href): string | undefined {
  const address = new URL(url);
  const proof = address.searchParams.get('token');
  if (proof === null) {
    return undefined;
  }
  // All else stays as it was written: `searchParams.delete` would spell it anew.
  const others = address.search
    .slice(1)
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has('token'));
  address.search = others.join('&');
  // Whole: a path that begins with `//` would be taken for another origin.
  history.replaceState(history.state, '', address.href);
  return proof === '' ? undefined : proof;
}
