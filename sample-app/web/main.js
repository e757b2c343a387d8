import { App } from './app.js';
import { Bank } from './bank.js';
import { CodeDialog } from './code-dialog.js';
import { ConfirmChoice } from './confirm-choice.js';
import { element } from './element.js';
import { HistoryView } from './history-view.js';
import { NumberFlows } from './number-flows.js';
import { NumberView } from './number-view.js';
import { PayView } from './pay-view.js';
import { Sections } from './sections.js';
import { sentenceFor } from './sentences.js';
import { SignInView } from './sign-in-view.js';
import { StepUp } from './step-up.js';

/**
 * @typedef {object} Config what the bank's `GET /config` answers
 * @property {{ tenantId: string, baseUrl: string }} authsignal
 * @property {string} [emulatorUrl]
 * @property {readonly import('./sign-in-view.js').DemoUser[]} demoUsers
 */

/** @param {Config} config */
function build({ authsignal, demoUsers }) {
  const dialog = new CodeDialog();
  const stepUp = new StepUp(authsignal, dialog, new ConfirmChoice());
  const bank = new Bank(stepUp.fetch());
  const app = new App({ bank, stepUp, dialog, flows: new NumberFlows(bank, dialog) });
  const signIn = new SignInView(app, demoUsers);
  const views = {
    pay: new PayView(app),
    history: new HistoryView(app),
    number: new NumberView(app),
  };
  const sections = new Sections(views, () => app.account !== undefined);
  app.addEventListener('change', () => {
    for (const view of [signIn, ...Object.values(views)]) {
      view.clear();
    }
    element('who', HTMLElement).hidden = app.account === undefined;
    element('who-name', HTMLElement).textContent = app.account?.username ?? '';
    sections.show();
    signIn.show();
  });
  return { app, signIn, number: views.number };
}

/** @param {App} app */
function watch(app) {
  element('sign-out', HTMLButtonElement).addEventListener('click', () => {
    app.leave().catch((error) => app.endsSession(error) || app.tell(sentenceFor(error)));
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      void app.look();
    }
  });
  // Of two windows side by side none is ever hidden.
  addEventListener('focus', () => void app.look());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      void app.look();
    }
  });
}

/** @param {Config} config */
function showDemoNotes({ emulatorUrl }) {
  if (emulatorUrl !== undefined) {
    for (const note of document.querySelectorAll('[data-demo]')) {
      note.toggleAttribute('hidden', false);
      note.querySelector('a')?.setAttribute('href', emulatorUrl);
    }
  }
}

async function start() {
  const answer = await fetch('/config');
  /** @type {Config} */
  const config = await answer.json();
  showDemoNotes(config);
  const { app, signIn, number } = build(config);
  watch(app);
  await app.enter();
  element('content', HTMLElement).hidden = false;
  if (app.account === undefined) {
    signIn.takeUpBegun();
  } else {
    number.takeUpBegun();
  }
}

start().then(
  () => element('loading', HTMLElement).remove(),
  () => {
    element('loading', HTMLElement).textContent =
      'The bank cannot be reached. Please load this page again.';
  },
);
