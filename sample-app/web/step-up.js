import { Authsignal } from '@authsignal/browser';
import {
  challengeInPopup,
  challengeWithWhatsApp,
  createStepUpFetch,
} from 'authsignal-guard/browser';
import { closedByBackButton } from './popup.js';
import { Refusal } from './refusal.js';
import { sentenceOf } from './sentences.js';

/**
 * @typedef {import('authsignal-guard/browser').StepUpPrompt} StepUpPrompt
 * @typedef {import('./code-dialog.js').CodeDialog} CodeDialog
 * @typedef {import('./confirm-choice.js').ConfirmChoice} ConfirmChoice
 */

/** Authsignal allows more; a message takes a while to arrive. */
const RESEND_AFTER_MS = 30_000;

/** @type {Readonly<Record<string, string>>} */
const TITLES = {
  signIn: 'Confirm that it is you',
  createPayment: 'Confirm your payment',
  enrollWhatsApp: 'Confirm with your number',
  updatePhoneNumber: 'Confirm with your old number',
  enrollVerifiedNumber: 'Confirm with your number',
};

/** Answers the bank's challenges, in this page or in Authsignal's popup. */
export class StepUp {
  #authsignal;
  #dialog;
  #choice;
  /** What is being confirmed, as shown to the user. */
  purpose = '';
  /** The masked number that Authsignal sends to, where it is known. */
  sentTo = '';

  /**
   * @param {{ tenantId: string, baseUrl: string }} settings
   * @param {CodeDialog} dialog
   * @param {ConfirmChoice} choice
   */
  constructor(settings, dialog, choice) {
    this.#authsignal = new Authsignal(settings);
    this.#dialog = dialog;
    this.#choice = choice;
  }

  /** The one `fetch` of the page. */
  fetch() {
    const inPopup = closedByBackButton(challengeInPopup(this.#authsignal));
    return createStepUpFetch({
      fetch: (input, init) =>
        fetch(input, init).catch(() => {
          throw new Refusal('connection_lost');
        }),
      challenge: (prompt) =>
        this.#choice.value === 'popup' ? inPopup(prompt) : this.#inPage(prompt),
    });
  }

  /**
   * @param {StepUpPrompt} prompt
   * @returns {Promise<string | undefined>}
   */
  #inPage(prompt) {
    return new Promise((resolve, reject) => {
      /** @type {import('./code-dialog.js').CodeEntry | undefined} */
      let entry;
      // Who dismisses the dialog while a code is checked has not confirmed, whatever comes of it.
      const onDismiss = () => resolve(undefined);
      const challenge = challengeWithWhatsApp({
        authsignal: this.#authsignal,
        ask: ({ error, resend }) => {
          entry ??= this.#open(prompt.action, resend, onDismiss);
          return entry.code(error && sentenceOf(error));
        },
      });
      Promise.resolve(challenge(prompt))
        .finally(() => entry?.close())
        .then(resolve, reject);
    });
  }

  /**
   * @param {string} action
   * @param {() => Promise<void>} resend
   * @param {() => void} onDismiss
   */
  #open(action, resend, onDismiss) {
    return this.#dialog.open({
      title: TITLES[action] ?? 'Confirm that it is you',
      purpose: this.purpose,
      ...(this.sentTo === '' ? {} : { to: this.sentTo }),
      resendAt: Date.now() + RESEND_AFTER_MS,
      resend: async () => {
        await resend();
        return Date.now() + RESEND_AFTER_MS;
      },
      onDismiss,
    });
  }
}
