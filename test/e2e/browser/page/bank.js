import { Authsignal } from '/authsignal.js';
import {
  challengeByRedirect,
  challengeInPopup,
  challengeWithWhatsApp,
  createStepUpFetch,
  proofFromReturn,
} from '/guard.js';
import { bodies } from './bodies.js';
import { askForCode, shown } from './code-prompt.js';

/** @type {{ tenantId: string, baseUrl: string }} */
const settings = await (await fetch('/settings.json')).json();
const authsignal = new Authsignal(settings);

const byRedirect = challengeByRedirect(authsignal);

/** @type {Record<string, import('/guard.js').StepUpChallenge>} */
const challenges = {
  own: challengeWithWhatsApp({ authsignal, ask: askForCode }),
  popup: challengeInPopup(authsignal),
  redirect: byRedirect,
  // As docs/browser.md has it for a user who gave up over there.
  redirectOnce: (prompt) => (prompt.reason === undefined ? byRedirect(prompt) : undefined),
};

/** @type {(RequestInit | undefined)[]} What was handed to the page's `fetch`. */
const handed = [];
const challenge = challenges[new URLSearchParams(location.search).get('challenge') ?? 'own'];
const stepUpFetch = createStepUpFetch({
  challenge: challenge ?? (() => undefined),
  fetch: (input, init) => {
    handed.push(init);
    return fetch(input, init);
  },
});

/** @type {Map<string, AbortController>} */
const controllers = new Map();

/**
 * @typedef {Omit<RequestInit, 'body'> & { kind?: string, asRequest?: boolean, abort?: string }} Asked
 */

/** @param {Asked} asked @returns {RequestInit} */
function initOf({ kind, abort, asRequest: _asRequest, ...init }) {
  const make = kind === undefined ? undefined : bodies[kind];
  const controller = new AbortController();
  if (abort !== undefined) {
    controllers.set(abort, controller);
  }
  return {
    ...init,
    ...(make === undefined ? {} : { body: make() }),
    ...(kind === 'stream' ? { duplex: 'half' } : {}),
    ...(abort === undefined ? {} : { signal: controller.signal }),
  };
}

let answered = 0;

/** What the test calls. */
const bank = {
  /** @param {string} url @param {Asked} [asked] */
  async send(url, asked = {}) {
    const init = initOf(asked);
    const request = asked.asRequest ? new Request(url, init) : undefined;
    try {
      const answer = await (request === undefined ? stepUpFetch(url, init) : stepUpFetch(request));
      const left = request === undefined ? {} : { requestUsed: request.bodyUsed };
      return { status: answer.status, body: await answer.json(), ...left };
    } catch (error) {
      const { name, code, reason, message } = Object(error);
      return { error: { name, code, reason, message } };
    } finally {
      answered += 1;
    }
  },
  /** @param {string} name */
  abort(name) {
    controllers.get(name)?.abort(new Error('The user went elsewhere.'));
  },
  shown: () => shown,
  answered: () => answered,
  keepalives: () => handed.map((init) => init?.keepalive),
  proof: proofFromReturn(),
};

Object.assign(globalThis, { bank });
