import { begunFlow } from './begun-flow.js';
import { codeOf, sentenceFor } from './sentences.js';

/**
 * @typedef {import('./begun-flow.js').BegunFlow} BegunFlow
 * @typedef {import('./begun-flow.js').FlowName} FlowName
 * @typedef {import('./bank.js').Bank} Bank
 * @typedef {import('./bank.js').CodeSent} CodeSent
 * @typedef {import('./code-dialog.js').CodeDialog} CodeDialog
 * @typedef {import('./code-dialog.js').CodeEntry} CodeEntry
 */

/** @type {Readonly<Record<FlowName, string>>} */
const TITLES = {
  'sign-in': 'Enter your code',
  enrollment: 'Confirm your number',
  'phone-number': 'Confirm your new number',
};

/** After these no code is taken any more. */
const ENDS = ['handle_invalid', 'otp_attempts_exceeded'];

/**
 * How a flow ended. `left`: it may be taken up again. `late`: it is done although the user has dismissed it, because the
 * code was with the bank already.
 *
 * @typedef {'done' | 'late' | 'left'} Ending
 */

/** Flows with two halves: a code goes to a number, and comes back from the user. */
export class NumberFlows {
  #bank;
  #dialog;

  /**
   * @param {Bank} bank
   * @param {CodeDialog} dialog
   */
  constructor(bank, dialog) {
    this.#bank = bank;
    this.#dialog = dialog;
  }

  /**
   * @param {FlowName} name
   * @param {string} phoneNumber
   * @returns {Promise<Ending>}
   */
  async begin(name, phoneNumber) {
    const sent = await this.#bank.post(`/whatsapp/${name}`, { phoneNumber });
    return this.takeUp(flowOf(name, this.#here(sent)));
  }

  /**
   * @param {BegunFlow} begun
   * @returns {Promise<Ending>}
   */
  async takeUp(begun) {
    let flow = { ...begun, isOpen: true };
    begunFlow.keep(flow);
    const entry = this.#dialog.open({
      title: TITLES[flow.name],
      to: flow.phoneNumber,
      resendAt: flow.resendAt,
      expiresAt: flow.expiresAt,
      resend: async () => {
        const sent = await this.#bank.post('/whatsapp/resend', { handle: flow.handle });
        flow = flowOf(flow.name, this.#here(sent));
        begunFlow.keep(flow);
        return flow.resendAt;
      },
    });
    try {
      return await this.#enter(entry, () => flow);
    } finally {
      await entry.close();
      begunFlow.putAside();
    }
  }

  /**
   * The clock of this device may be wrong.
   *
   * @param {CodeSent} sent
   */
  #here(sent) {
    return { ...sent, expiresAt: this.#bank.here(sent.expiresAt) };
  }

  /**
   * @param {CodeEntry} entry
   * @param {() => BegunFlow} current
   * @returns {Promise<Ending>}
   */
  async #enter(entry, current) {
    let flow = current();
    let error = flow.isCodeTaken ? sentenceFor({ code: 'sign_in_incomplete' }) : '';
    for (;;) {
      const answer = await ask(entry, flow, error);
      if (answer === undefined) {
        return 'left';
      }
      flow = flow.isCodeTaken ? flow : current();
      const failure = await this.#verify({ handle: flow.handle, ...answer }, flow.name);
      if (failure === undefined) {
        begunFlow.forget();
        return entry.isOpen() ? 'done' : this.#late(flow.name);
      }
      error = sentenceFor(failure);
      if (ENDS.includes(codeOf(failure))) {
        begunFlow.forget();
        await entry.end(error);
        return 'left';
      }
      if (codeOf(failure) === 'sign_in_incomplete') {
        flow = { ...flow, handle: failure.handle ?? flow.handle, isCodeTaken: true };
        begunFlow.keep(flow);
      }
    }
  }

  /**
   * A sign-in can be undone, and whoever cancels expects that.
   *
   * @param {FlowName} name
   * @returns {Promise<Ending>}
   */
  async #late(name) {
    if (name !== 'sign-in') {
      return 'late';
    }
    // Still signed in if the bank does not hear it; then the page must not say otherwise.
    return this.#bank.post('/logout').then(
      () => 'left',
      () => 'late',
    );
  }

  /**
   * @param {{ handle: string, code?: string }} body
   * @param {FlowName} name
   * @returns {Promise<import('./refusal.js').Refusal | undefined>} what a user can do something about
   */
  async #verify(body, name) {
    try {
      await this.#bank.post(`/whatsapp/${name}/verify`, body);
      return undefined;
    } catch (error) {
      if (Object(error).name !== 'Refusal' || Object(error).status === 401) {
        throw error;
      }
      return /** @type {import('./refusal.js').Refusal} */ (error);
    }
  }
}

/**
 * @param {FlowName} name
 * @param {Omit<CodeSent, 'expiresAt'> & { expiresAt: number }} sent
 * @returns {BegunFlow}
 */
function flowOf(name, { handle, phoneNumber, expiresAt, resendAfterMs }) {
  return {
    name,
    handle,
    phoneNumber,
    expiresAt,
    resendAt: Date.now() + resendAfterMs,
    isOpen: true,
    isCodeTaken: false,
  };
}

/**
 * @param {CodeEntry} entry
 * @param {BegunFlow} flow
 * @param {string} error
 * @returns {Promise<{ code?: string } | undefined>} `undefined` once dismissed
 */
async function ask(entry, flow, error) {
  if (flow.isCodeTaken) {
    return (await entry.again(error)) ? {} : undefined;
  }
  const code = await entry.code(error);
  return code === undefined ? undefined : { code };
}
