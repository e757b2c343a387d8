import { begunFlow } from './begun-flow.js';
import { element, make } from './element.js';
import { GuardedForm } from './guarded-form.js';
import { codeOf, sentenceFor, sentenceOf } from './sentences.js';
import { showUnfinished } from './unfinished.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{ username: string, password: string, story: string }} DemoUser
 */

const FLOW = 'sign-in';

/** By phone number, or by username and password. */
export class SignInView {
  #app;
  #phone = element('sign-in-phone', HTMLInputElement);
  #username = element('username', HTMLInputElement);
  #password = element('password', HTMLInputElement);
  #phoneForm;
  #passwordForm;

  /**
   * @param {App} app
   * @param {readonly DemoUser[]} demoUsers
   */
  constructor(app, demoUsers) {
    this.#app = app;
    this.#phoneForm = new GuardedForm(element('phone-form', HTMLFormElement), {
      send: async () => {
        await this.#finish(await app.flows.begin(FLOW, this.#phone.value));
      },
      failed: (error) => this.#phoneFailed(error),
    });
    this.#passwordForm = new GuardedForm(element('password-form', HTMLFormElement), {
      send: () => this.#byPassword(),
      failed: (error) => this.#passwordFailed(error),
    });
    element('demo-users', HTMLElement).append(...demoUsers.map((user) => this.#choiceOf(user)));
  }

  show() {
    showUnfinished(element('phone-form', HTMLFormElement), [FLOW], (flow) => this.#takeUp(flow));
  }

  /** After a reload in the middle: back to the code. */
  takeUpBegun() {
    const flow = begunFlow.find();
    if (flow?.isOpen === true && flow.name === FLOW) {
      this.#takeUp(flow);
    }
  }

  /** Nobody finds here what somebody else has entered. */
  clear() {
    element('phone-form', HTMLFormElement).reset();
    element('password-form', HTMLFormElement).reset();
  }

  /** @param {import('./begun-flow.js').BegunFlow} flow */
  #takeUp(flow) {
    if (!this.#phoneForm.isBusy) {
      void this.#phoneForm.run(
        async () => this.#finish(await this.#app.flows.takeUp(flow)),
        (error) => this.#phoneFailed(error),
      );
    }
  }

  async #byPassword() {
    const { bank, stepUp } = this.#app;
    stepUp.purpose = `Signing in as ${this.#username.value}`;
    await bank.post('/login', { username: this.#username.value, password: this.#password.value });
    await this.#app.enter();
  }

  /** @param {import('./number-flows.js').Ending} ending */
  async #finish(ending) {
    if (ending === 'left') {
      this.show();
    } else {
      await this.#app.enter();
    }
  }

  /** @param {unknown} error */
  #phoneFailed(error) {
    if (['phone_invalid', 'phone_not_allowed', 'request_invalid'].includes(codeOf(error))) {
      this.#phoneForm.blame(this.#phone, sentenceFor(error));
    } else {
      this.#phoneForm.tell(sentenceFor(error));
    }
    this.show();
  }

  /** @param {unknown} error */
  #passwordFailed(error) {
    const code = codeOf(error);
    if (code === 'signed_out') {
      this.#passwordForm.tell(sentenceOf('wrong_password'));
      this.#password.focus();
      this.#password.select();
    } else if (code === 'step_up_enrollment_required') {
      this.#passwordForm.tell(
        'A password is not enough for you: we have verified your number. Sign in with your phone.',
      );
    } else {
      this.#passwordForm.tell(sentenceFor(error));
    }
  }

  /** @param {DemoUser} user */
  #choiceOf({ username, password, story }) {
    const button = make('button', { class: 'demo-user' }, make('b', { text: username }), ' ');
    button.type = 'button';
    button.append(make('small', { text: story }));
    button.addEventListener('click', () => {
      this.#username.value = username;
      this.#password.value = password;
      element('password-form', HTMLFormElement).querySelector('button')?.focus();
    });
    return make('li', {}, button);
  }
}
