import { showCode } from './code-view.js';
import { showMethods } from './method-view.js';
import { showNotice, showProblem, showWaiting } from './notice-view.js';
import { BAD_LINK, CONFIRMED, EXPIRED, GIVEN_UP, noticeFor } from './notices.js';
import { showNumber } from './number-view.js';
import { sessionOf, wantsCode } from './session.js';

/**
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {import('./session.js').Destination} Destination
 * @typedef {import('./session.js').Method} Method
 * @typedef {import('./session.js').Session} Session
 */

/** Leads from one state of the page to the next. */
export class Flow {
  #app;
  #authsignal;
  #isConfirmed = false;

  /** @param {import('./app.js').App} app @param {import('./authsignal.js').Authsignal} authsignal */
  constructor(app, authsignal) {
    this.#app = app;
    this.#authsignal = authsignal;
  }

  get authsignal() {
    return this.#authsignal;
  }

  /** Asks how things stand, and shows what follows from it. */
  async start() {
    showWaiting('One moment…');
    const answer = await this.#authsignal.session();
    const session = answer.kind === 'answered' ? sessionOf(answer.body) : undefined;
    if (session === undefined) {
      /** @type {Answer} */
      const trouble = answer.kind === 'answered' ? { kind: 'unreachable' } : answer;
      if (!this.end(trouble)) showProblem(this, trouble, () => void this.start());
    } else {
      this.#app.returnsTo(session.redirectUrl);
      document.getElementById('window-link')?.toggleAttribute('hidden', session.hasWindow !== true);
      await this.#lead(session);
    }
    this.#app.ready();
  }

  /** @param {Session} session */
  async #lead(session) {
    const { sent, methods, enrolment } = session;
    const [only] = methods;
    if (!wantsCode(session)) this.#explain(session.state);
    else if (sent !== undefined) this.askCode(session, sent, sent.resendInMs);
    else if (only !== undefined && methods.length === 1) await this.#sendTo(session, only);
    else if (only !== undefined) this.askMethod(session);
    else if (enrolment !== undefined) this.askNumber(session);
    else this.#explain('');
  }

  /** @param {Session} session @param {Destination} destination */
  async #sendTo(session, destination) {
    showWaiting('Sending you a code…');
    const answer = await this.#authsignal.send(destination.method);
    if (answer.kind === 'answered') {
      this.askCode(session, destination);
    } else if (!this.end(answer)) {
      showProblem(this, answer, () => void this.#sendTo(session, destination));
    }
  }

  /** @param {Session} session @param {Destination} destination @param {number} [resendInMs] */
  askCode(session, destination, resendInMs = session.resendAfterMs) {
    showCode(this, session, destination, resendInMs);
  }

  /** @param {Session} session */
  askMethod(session) {
    showMethods(this, session);
  }

  /** @param {Session} session */
  askNumber(session) {
    showNumber(this, session);
  }

  /**
   * Shows the end of what cannot be tried again.
   * @param {Answer} answer
   * @returns {boolean} false: it can be
   */
  end(answer) {
    if (answer.kind !== 'refused') return false;
    const isExpired = answer.code === 'expired_token';
    if (!isExpired && answer.code !== 'unauthorized') return false;
    showNotice(this.#wayOut(isExpired ? EXPIRED : BAD_LINK, () => this.#app.giveUp(), 'Go back'));
    return true;
  }

  /** @param {string} accessToken */
  succeed(accessToken) {
    this.#isConfirmed = true;
    showNotice(this.#wayOut(CONFIRMED, () => this.#app.goOn(accessToken), 'Continue'));
    this.#app.goOn(accessToken);
  }

  /** Does nothing once it is confirmed: the proof is on its way. */
  giveUp() {
    if (this.#isConfirmed) return;
    showNotice(this.#wayOut(GIVEN_UP, () => this.#app.giveUp(), 'Go back'));
    this.#app.giveUp();
  }

  /** @param {string} state */
  #explain(state) {
    const notice = noticeFor(state);
    showNotice(
      notice.isPassed === true
        ? this.#wayOut(notice, () => this.#app.pass(), 'Continue')
        : this.#wayOut(notice, () => this.#app.giveUp(), 'Go back'),
    );
  }

  /**
   * @param {import('./notices.js').Notice} notice
   * @param {() => void} leave
   * @param {string} label
   * @returns {import('./notice-view.js').Ending}
   */
  #wayOut(notice, leave, label) {
    if (!this.#app.isWaiting) {
      return { ...notice, text: `${notice.text} You can close this page.` };
    }
    return { ...notice, leave, label: this.#app.isPopup && label === 'Go back' ? 'Close' : label };
  }
}
